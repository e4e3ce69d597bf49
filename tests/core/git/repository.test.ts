import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { LIMITS } from '../../../src/core/git/object.ts';
import { openFolder, openTransferred } from '../../../src/core/git/repository.ts';
import { folderEvidence } from '../../../src/node/git-evidence.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { git, gitText, type NativeObject, objectsOf } from './native.ts';
import { deltaOf, idOf, looseOf, packOf } from './pack-writer.ts';
import { makeRepository } from './random-repository.ts';

const x = encodeText('x');
const X = idOf('blob', x);
const OTHER = 'a1'.repeat(20);
const HEAD = 'ref: refs/heads/main\n';
type Folder = Readonly<Record<string, string | Uint8Array | null>>;

const looseAt = (id: string) => `objects/${id.slice(0, 2)}/${id.slice(2)}`;
const packAt = (name: string) => `objects/pack/pack-${name.padStart(40, '0')}.pack`;
const PLAIN: Folder = { HEAD, 'refs/heads/main': `${X}\n` };

/** Opens a folder given as its files; null is one that cannot be read. */
function open(files: Folder, limits = LIMITS) {
	const read = async (path: string) => {
		const bytes = files[path];
		if (bytes === null || bytes === undefined) throw new Error('EACCES');
		return typeof bytes === 'string' ? encodeText(bytes) : bytes;
	};
	return openFolder({ paths: Object.keys(files), read }, { limits });
}

async function readFrom(files: Folder, id: string, limits = LIMITS) {
	const opened = await open({ ...PLAIN, ...files }, limits);
	if (!opened.ok) return opened.fault.code;
	const read = await opened.value.read(id);
	return read.state === 'broken' ? read.fault.code : read.state;
}

describe('the tip of the branch', () => {
	const packed = (lines: string): Folder => ({ HEAD, 'packed-refs': lines });
	const PACKED = `# pack-refs with: peeled fully-peeled sorted \n${OTHER} refs/heads/a\n`;

	test.each<[string, Folder]>([
		['loose', PLAIN],
		[
			'loose, although packed with another id',
			{ ...PLAIN, ...packed(`${OTHER} refs/heads/main\n`) },
		],
		['packed', packed(`${PACKED}${X} refs/heads/main\n^${OTHER}\n`)],
		[
			'packed, beside garbage',
			packed(`garbage\n\n\0\n${X} refs/heads/main\n ${OTHER} refs/heads/main\n`),
		],
		['without a line end', { HEAD: HEAD.trim(), 'refs/heads/main': X }],
	])('%s', async (_, files) => {
		expect(await open(files)).toMatchObject({ value: { branch: 'refs/heads/main', head: X } });
	});

	test('detached', async () => {
		expect(await open({ HEAD: `${X}\n` })).toMatchObject({ value: { branch: 'HEAD', head: X } });
	});

	test('of another branch, of SHA-256', async () => {
		const head = 'ab'.repeat(32);
		expect(await open({ HEAD: 'ref: refs/heads/x/y\n', 'refs/heads/x/y': head })).toMatchObject({
			value: { branch: 'refs/heads/x/y', head, format: 'sha256' },
		});
	});

	test.each<[string, Folder, string]>([
		['no HEAD', {}, 'ref-malformed'],
		['an empty HEAD', { HEAD: '' }, 'ref-malformed'],
		['a HEAD that cannot be read', { HEAD: null }, 'unreadable'],
		['a HEAD that is not UTF-8', { HEAD: Uint8Array.of(0xff) }, 'ref-malformed'],
		['a HEAD outside of the branches', { HEAD: 'ref: refs/tags/v1\n' }, 'ref-malformed'],
		['a HEAD outside of the refs', { HEAD: 'ref: config\n', config: X }, 'ref-malformed'],
		[
			'a HEAD that climbs out',
			{ HEAD: 'ref: refs/heads/../../x\n', 'refs/heads/../../x': X },
			'ref-malformed',
		],
		['a HEAD of two lines', { HEAD: `${HEAD}${HEAD}` }, 'ref-malformed'],
		['controls in a name', { HEAD: 'ref: refs/heads/a\x1b[2J\n' }, 'ref-malformed'],
		['a HEAD in capitals', { HEAD: X.toUpperCase() }, 'ref-malformed'],
		['no such branch', { HEAD }, 'branch-unknown'],
		['no such branch among those packed', packed(PACKED), 'branch-unknown'],
		['an empty branch', { HEAD, 'refs/heads/main': '' }, 'ref-malformed'],
		['a branch cut off', { HEAD, 'refs/heads/main': X.slice(0, 39) }, 'ref-malformed'],
		['a branch that names itself', { HEAD, 'refs/heads/main': HEAD }, 'ref-malformed'],
		[
			'branches that name each other',
			{ HEAD, 'refs/heads/main': 'ref: refs/heads/a', 'refs/heads/a': HEAD },
			'ref-malformed',
		],
		[
			'a branch that cannot be read, and an older packed one',
			{ ...packed(`${X} refs/heads/main\n`), 'refs/heads/main': null },
			'unreadable',
		],
		['packed refs that cannot be read', { HEAD, 'packed-refs': null }, 'unreadable'],
		['packed twice', packed(`${X} refs/heads/main\n`.repeat(2)), 'ref-malformed'],
		[
			'packed twice, with two ids',
			packed(`${X} refs/heads/main\n${OTHER} refs/heads/main\n`),
			'ref-malformed',
		],
		['packed without id', packed('abc refs/heads/main\n'), 'ref-malformed'],
		['packed with something between', packed(`${X} a refs/heads/main\n`), 'branch-unknown'],
		['packed behind a tab', packed(`${X}\trefs/heads/main\n`), 'branch-unknown'],
		['reftable', { ...PLAIN, 'reftable/tables.list': '' }, 'repository-unsupported'],
	])('%s', async (_, files, code) => {
		const opened = await open(files);
		expect(opened.ok ? null : opened.fault.code).toBe(code);
	});
});

describe('a loose object', () => {
	const at = (bytes: Uint8Array | null): Folder => ({ [looseAt(X)]: bytes });
	const sound = looseOf('blob', x);

	test('is read as what it says', async () => {
		const opened = await open({ ...PLAIN, ...at(sound) });
		expect(opened.ok && (await opened.value.read(X))).toEqual({
			state: 'here',
			object: { type: 'blob', content: x },
		});
	});

	test.each<[string, Uint8Array | null, string]>([
		['of another name', looseOf('blob', encodeText('y')), 'object-wrong'],
		['of another type', looseOf('tree', x), 'object-wrong'],
		['of an unknown type', looseOf('blub', x), 'object-malformed'],
		['of a type that runs on', looseOf(`blob${'b'.repeat(60)}`, x), 'object-malformed'],
		['a byte shorter than it says', looseOf('blob', x, 2), 'object-malformed'],
		['a byte longer than it says', looseOf('blob', x, 0), 'object-malformed'],
		['of a size that nothing inflates to', looseOf('blob', x, 1_000_000), 'object-malformed'],
		['larger than the limit', looseOf('blob', x, 64 * 1024 * 1024 + 1), 'limit'],
		['with bytes behind it', new Uint8Array([...sound, 0]), 'object-malformed'],
		['twice', new Uint8Array([...sound, ...sound]), 'object-malformed'],
		['cut off', sound.subarray(0, -1), 'object-malformed'],
		['of no bytes', new Uint8Array(), 'object-malformed'],
		['of zeros', new Uint8Array(100), 'object-malformed'],
		['not compressed', encodeText('blob 1\0x'), 'object-malformed'],
		['that cannot be read', null, 'unreadable'],
	])('%s', async (_, bytes, code) => {
		expect(await readFrom(at(bytes), X)).toBe(code);
	});

	test.each(['1e3', '01', '0x1', '+1', '-1', ' 1', '1 ', '', '1.0', '9'.repeat(40)])(
		'of size "%s"',
		async (size) => {
			const header = encodeText(`blob ${size}\0x`);
			expect(await readFrom(at(new Uint8Array(deflateSync(header))), X)).toBe('object-malformed');
		},
	);

	test('is not asked for where a pack has it', async () => {
		const files = { ...at(null), [packAt('1')]: packOf([{ type: 'blob', content: x }]) };
		expect(await readFrom(files, X)).toBe('here');
	});
});

describe('packs', () => {
	const y = encodeText('y');
	const [one, two] = [x, y].map((content) => packOf([{ type: 'blob', content }]));
	const both = { [packAt('1')]: one ?? x, [packAt('2')]: two ?? x };

	test('are read together, within limits for all of them', async () => {
		expect(await readFrom(both, X)).toBe('here');
		expect(await readFrom(both, idOf('blob', y))).toBe('here');
		expect(await readFrom(both, OTHER)).toBe('absent');
		expect(await readFrom(both, X, { ...LIMITS, objects: 1 })).toBe('limit');
		expect(await readFrom(both, X, { ...LIMITS, total: 1 })).toBe('limit');
		expect(await readFrom(both, X, { ...LIMITS, objects: 2, total: 2 })).toBe('here');
	});

	test('one that is broken or cannot be read breaks the repository', async () => {
		const cut = one?.subarray(0, -1) ?? x;
		expect(await readFrom({ ...both, [packAt('3')]: cut }, X)).toBe('pack-truncated');
		expect(await readFrom({ ...both, [packAt('3')]: null }, X)).toBe('unreadable');
	});

	test('a pack of its own never builds on another', async () => {
		const delta = packOf([{ type: 'id', base: X, content: deltaOf(1, 1, [y]) }]);
		expect(await readFrom({ ...both, [packAt('3')]: delta }, X)).toBe('delta-base-missing');
	});

	test('files of other names are no packs', async () => {
		for (const path of ['objects/pack/tmp_pack_1', 'objects/pack/x.pack', 'pack-00.pack']) {
			expect(await readFrom({ [path]: one ?? x }, X), path).toBe('absent');
		}
	});
});

test('a pack from a server: what it builds on is absent, the branch is the one asked for', async () => {
	const y = encodeText('y');
	const delta = { type: 'id', base: OTHER, content: deltaOf(1, 1, [y]) } as const;
	const tip = { format: 'sha1', branch: 'refs/heads/main', head: X } as const;
	const opened = await openTransferred(packOf([{ type: 'blob', content: x }, delta]), tip);
	if (!opened.ok) throw new Error(opened.fault.code);
	expect(opened.value).toMatchObject(tip);
	expect(await opened.value.read(X)).toMatchObject({ state: 'here' });
	expect(await opened.value.read(idOf('blob', y))).toEqual({ state: 'absent' });
	const cut = packOf([{ type: 'blob', content: x }]).subarray(0, -1);
	expect(await openTransferred(cut, tip)).toMatchObject({ fault: { code: 'pack-truncated' } });
});

describe('what would redirect a reader is as if it were not there:', () => {
	const template = mkdtempSync(join(tmpdir(), 'wattproof-test-'));
	let objects = new Map<string, NativeObject>();
	let head = '';
	beforeAll(() => {
		makeRepository(join(template, 'r'), { seed: 7, commits: 6 });
		git(join(template, 'r'), ['repack', '-adq']);
		objects = objectsOf(join(template, 'r'));
		head = gitText(join(template, 'r'), ['rev-parse', 'main']);
	});
	afterAll(() => rmSync(template, { recursive: true }));
	function repository(): string {
		const dir = join(scratchFolder(), 'r');
		cpSync(join(template, 'r'), dir, { recursive: true });
		return dir;
	}
	const plant = (dir: string, path: string, content: string | Uint8Array) => {
		mkdirSync(join(dir, '.git', path, '..'), { recursive: true });
		writeFileSync(join(dir, '.git', path), content);
	};
	const pack = (dir: string) => {
		const folder = join(dir, '.git/objects/pack');
		const name = readdirSync(folder).find((it) => it.endsWith('.pack')) ?? '';
		return join(folder, name).replace(/\.pack$/, '');
	};

	test.each<[string, (dir: string, head: string) => void]>([
		['shallow', (dir, head) => plant(dir, 'shallow', `${head}\n`)],
		['grafts', (dir, head) => plant(dir, 'info/grafts', `${head}\n`)],
		['replacements', (dir, head) => git(dir, ['replace', head, 'main~1'])],
		['alternates', (dir) => plant(dir, 'objects/info/alternates', '/nowhere\n')],
		['a commit graph', (dir) => plant(dir, 'objects/info/commit-graph', 'CGPH')],
		['an index of several packs', (dir) => plant(dir, 'objects/pack/multi-pack-index', 'MIDX')],
		['no index', (dir) => rmSync(`${pack(dir)}.idx`, { force: true })],
		[
			'a forged index',
			(dir) => {
				const path = `${pack(dir)}.idx`;
				const bytes = readFileSync(path);
				rmSync(path, { force: true });
				// The offsets of the first two objects, exchanged.
				const count = bytes.readUInt32BE(8 + 255 * 4);
				const at = 8 + 1024 + count * 24;
				const first = bytes.readUInt32BE(at);
				bytes.writeUInt32BE(bytes.readUInt32BE(at + 4), at);
				bytes.writeUInt32BE(first, at + 4);
				writeFileSync(path, bytes);
			},
		],
	])('%s', async (_, change) => {
		const dir = repository();
		change(dir, head);
		expect(existsSync(join(dir, '.git/HEAD'))).toBe(true);
		const opened = await folderEvidence(dir);
		if (!opened?.ok) throw new Error(JSON.stringify(opened));
		expect(opened.value.head).toBe(head);
		for (const [id, object] of objects) {
			expect(await opened.value.read(id), id).toEqual({ state: 'here', object });
		}
	});

	test('objects of another repository are absent', async () => {
		const dir = repository();
		const other = join(scratchFolder(), 'other');
		git('.', ['clone', '-q', '--shared', dir, other]);
		const opened = await folderEvidence(other);
		if (!opened?.ok) throw new Error(JSON.stringify(opened));
		for (const id of objects.keys())
			expect(await opened.value.read(id)).toEqual({ state: 'absent' });
	});
});
