import { describe, expect, inject, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { NO_TREE, parseTree, parseTreeLike } from '../../../src/core/git/tree.ts';
import { chance } from '../../support/communities.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { git, gitText } from './native.ts';

const ID = Uint8Array.from({ length: 20 }, (_, index) => index + 1);
const HEX = Buffer.from(ID).toString('hex');
type Row = readonly [mode: string, name: string | Uint8Array, id?: Uint8Array];

function treeOf(rows: readonly Row[]): Uint8Array {
	const parts = rows.flatMap(([mode, name, id = ID]) => [
		Buffer.from(`${mode} `),
		typeof name === 'string' ? encodeText(name) : name,
		Uint8Array.of(0),
		id,
	]);
	return new Uint8Array(Buffer.concat(parts));
}

const file = (name: string | Uint8Array): Row => ['100644', name];
const folder = (name: string): Row => ['40000', name];

describe('canonical trees are read as they stand', () => {
	test.each<[string, readonly Row[]]>([
		['empty', []],
		['all modes', [file('a'), ['100755', 'b'], ['120000', 'c'], ['160000', 'd'], folder('e')]],
		['folders order as if a slash followed', [file('a-b'), file('a.b'), folder('a'), file('a0')]],
		['a file before a folder of a longer name', [file('a'), folder('ab')]],
		['names by bytes, not by letters', [file('B'), file('a'), file('é'), file('\u{10000}')]],
		['names with spaces and controls', [file('\x01'), file(' a b '), file('a\nb')]],
		[
			'names that only look like .git',
			[file('.gita'), file('.gitignore'), file('git'), file('git~10')],
		],
	])('%s', (_, rows) => {
		expect(parseTree(treeOf(rows), 'sha1')).toEqual(
			rows.map(([mode, name]) => ({ mode, name, id: HEX })),
		);
	});

	test('a name that is not UTF-8 has a character for each byte', () => {
		expect(parseTree(treeOf([file(Uint8Array.of(0xe9, 0x61))]), 'sha1')).toMatchObject([
			{ name: 'éa' },
		]);
	});

	test('ids of SHA-256', () => {
		const id = new Uint8Array(32).fill(171);
		expect(parseTree(treeOf([['100644', 'a', id]]), 'sha256')).toEqual([
			{ mode: '100644', name: 'a', id: 'ab'.repeat(32) },
		]);
		expect(parseTree(treeOf([file('a')]), 'sha256')).toBeNull();
	});

	test('100,000 entries, and not one more', () => {
		const entry = treeOf([file('000000')]);
		const many = (count: number) => {
			const tree = Buffer.alloc(count * entry.length);
			for (let index = 0; index < count; index++) {
				tree.set(entry, index * entry.length);
				tree.write(String(index).padStart(6, '0'), index * entry.length + '100644 '.length);
			}
			return new Uint8Array(tree);
		};
		expect(parseTree(many(100_000), 'sha1')).toHaveLength(100_000);
		expect(parseTree(many(100_001), 'sha1')).toBeNull();
		const like = parseTreeLike(many(99_999).subarray(entry.length), 'sha1', NO_TREE) ?? NO_TREE;
		for (const count of [100_000, 100_001]) {
			const read = parseTreeLike(many(count), 'sha1', like);
			expect(read?.entries.length, String(count)).toBe(count === 100_000 ? count : undefined);
		}
	});
});

const IN_GIT = ['.git', '.GIT', '.Git', '.git ', '.git.', '.git. .', 'git~1', 'GIT~1', 'git~1.'];
const ON_WINDOWS = ['.git::$INDEX_ALLOCATION', '.git:x', '.git\\config', 'git~1\\x'];
const ON_MACOS = ['.g\u200cit', '\ufeff.git', '.git\u200f', '.\u206aGIT'];

describe('trees that programs may show in different ways are refused', () => {
	test.each<[string, readonly Row[]]>([
		['the same file twice', [file('a'), file('a')]],
		['the same folder twice', [folder('a'), folder('a')]],
		['a file and a folder of one name', [file('a'), folder('a')]],
		['a folder and a file of one name', [folder('a'), file('a')]],
		['both with others between them', [file('a'), file('a-'), file('a.csv'), folder('a')]],
		['both with folders between them', [['120000', 'a'], folder('a!'), folder('a-'), folder('a')]],
		['names out of order', [file('b'), file('a')]],
		['a folder ordered as a file', [folder('a'), file('a.b')]],
		['a file ordered as a folder', [file('a0'), file('a.b')]],
		['bytes that become the name beside them', [file('é'), file(Uint8Array.of(0xe9))]],
		['no name', [file('')]],
		['this folder', [folder('.')]],
		['the folder above', [folder('..')]],
		['a slash', [file('a/b')]],
		...[...IN_GIT, ...ON_WINDOWS, ...ON_MACOS].map((name): [string, readonly Row[]] => [
			JSON.stringify(name),
			[folder(name)],
		]),
		...['040000', '100664', '0100644', '100600', '644', '', '0', '1006440', '10064a'].map(
			(mode): [string, readonly Row[]] => [`mode "${mode}"`, [[mode, 'a']]],
		),
	])('%s', (_, rows) => {
		expect(parseTree(treeOf(rows), 'sha1')).toBeNull();
	});

	test('cut off anywhere inside an entry', () => {
		const tree = treeOf([file('a'), folder('long name of a folder')]);
		const first = treeOf([file('a')]).length;
		for (let length = 1; length < tree.length; length++) {
			const parsed = parseTree(tree.subarray(0, length), 'sha1');
			expect(parsed?.length, String(length)).toBe(length === first ? 1 : undefined);
		}
	});

	test('what native Git makes of the same rows is in its order', () => {
		const dir = scratchFolder();
		git('.', ['init', '-q', dir]);
		const blob = gitText(dir, ['hash-object', '-w', '--stdin'], 'x');
		const empty = gitText(dir, ['mktree'], '');
		const names = ['a', 'a.b', 'a-b', 'a0', 'B', 'é', 'a b'];
		const rows = names.flatMap((name) => [
			`100644 blob ${blob}\t${name}`,
			`040000 tree ${empty}\t${name}x`,
		]);
		const tree = gitText(dir, ['mktree'], `${rows.join('\n')}\n`);
		const content = new Uint8Array(git(dir, ['cat-file', 'tree', tree]));
		expect(parseTree(content, 'sha1')).toHaveLength(rows.length);
	});
});

describe('a tree read beside another is read as if alone', () => {
	const full = inject('full');
	const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
	const next = chance(seed);
	const NAMES = ['a', 'a-', 'a.b', 'a0', 'ab', 'b', 'é', 'z', '.git', 'a/b', ''];
	const LATIN1 = Uint8Array.of(0xe9);
	const rows = (): Row[] =>
		Array.from({ length: next(7) }, (): Row => {
			const name = next(12) === 0 ? LATIN1 : (NAMES[next(next(4) === 0 ? 11 : 8)] ?? '');
			const mode = ['100644', '40000', '100755', '100664'][next(next(9) === 0 ? 4 : 3)] ?? '';
			return [mode, name, new Uint8Array(20).fill(next(2))];
		});
	const keyOf = ([mode, name]: Row) =>
		Buffer.concat([Buffer.from(name), Buffer.from(mode === '40000' ? '/' : '')]);
	/** Mostly in order; a few rows changed against the tree before. */
	const changed = (before: readonly Row[]): Row[] => {
		const kept = before.filter(() => next(5) > 0);
		const all = next(3) === 0 ? rows() : [...kept, ...rows().slice(0, next(3))];
		return next(8) === 0 ? all : all.toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
	};

	test('random pairs', () => {
		let before: Row[] = [];
		let accepted = 0;
		for (let trial = 0; trial < (full ? 200_000 : 800); trial++) {
			const after = changed(before);
			const [first, second] = [treeOf(before), treeOf(after)];
			const label = `WATTPROOF_SEED=${seed}, trial ${trial}`;
			const alone = parseTree(second, 'sha1');
			const like = parseTreeLike(first, 'sha1', NO_TREE) ?? NO_TREE;
			expect(parseTreeLike(second, 'sha1', like)?.entries ?? null, label).toEqual(alone);
			const names = after.map(([, name]) => (typeof name === 'string' ? name : 'é'));
			if (new Set(names).size < names.length) expect(alone, label).toBeNull();
			if (alone !== null) accepted++;
			before = after;
		}
		expect(accepted).toBeGreaterThan(100);
	});
});
