import { createHash, webcrypto } from 'node:crypto';
import * as fs from 'node:fs';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as isomorphic from 'isomorphic-git';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { decodeText, sameBytes } from '../../../src/core/format/bytes.ts';
import { parseCommit } from '../../../src/core/git/commit.ts';
import { type Hash, pureHash } from '../../../src/core/git/object.ts';
import { type GitEvidence, openBundle } from '../../../src/core/git/repository.ts';
import { parseTree } from '../../../src/core/git/tree.ts';
import { folderEvidence } from '../../../src/node/git-evidence.ts';
import { chance } from '../../support/communities.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { differences, git, gitText, type NativeObject, objectsOf, reachable } from './native.ts';
import { makeRepository } from './random-repository.ts';

/** Every object of real repositories, as native Git and isomorphic-git have it. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const next = chance(seed);
const COMMITS = full ? 250 : 20;
let compared = 0;
afterAll(() => console.info(`git: WATTPROOF_SEED=${seed}, ${compared} objects compared`));

const HASHES: Readonly<Record<string, Hash>> = {
	core: pureHash,
	node: (format, bytes) => createHash(format).update(bytes).digest(),
	web: async (format, bytes) => {
		const name = format === 'sha1' ? 'SHA-1' : 'SHA-256';
		const copy = bytes as Uint8Array<ArrayBuffer>;
		return new Uint8Array(await webcrypto.subtle.digest(name, copy));
	},
};

async function expectSame(
	opened: Awaited<ReturnType<typeof folderEvidence>>,
	objects: ReadonlyMap<string, NativeObject>,
): Promise<GitEvidence> {
	if (!opened?.ok) throw new Error(JSON.stringify(opened));
	compared += objects.size;
	expect(await differences(opened.value, objects), `WATTPROOF_SEED=${seed}`).toEqual([]);
	return opened.value;
}

async function openFile(path: string, hash: Hash = pureHash) {
	return openBundle(new Uint8Array(readFileSync(path)), { hash });
}

/** How native Git can be made to store the objects of a repository. */
const STORAGE: Readonly<Record<string, (dir: string) => void>> = {
	loose: () => {},
	'one pack': (dir) => git(dir, ['repack', '-adfq', '--depth=50', '--window=50']),
	'deep chains': (dir) => git(dir, ['repack', '-adfq', '--depth=95', '--window=95']),
	'an aggressive pack': (dir) => git(dir, ['gc', '-q', '--aggressive', '--prune=now']),
	'bases by id': (dir) =>
		git(dir, ['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq', '--depth=50']),
	'no deltas': (dir) => git(dir, ['-c', 'pack.depth=0', '-c', 'pack.window=0', 'repack', '-adfq']),
	'stored, not compressed': (dir) =>
		git(dir, ['-c', 'core.compression=0', '-c', 'pack.compression=0', 'repack', '-adF', '-q']),
	'best compression': (dir) => git(dir, ['-c', 'pack.compression=9', 'repack', '-adF', '-q']),
	'several packs, some loose': (dir) => {
		const ids = reachable(dir, ['main']);
		const prefix = join(dir, '.git/objects/pack/pack');
		for (let part = 0; part < 3; part++) {
			const some = ids.filter((_, index) => index % 4 === part);
			git(dir, ['pack-objects', '-q', prefix], `${some.join('\n')}\n`);
		}
		git(dir, ['prune-packed', '-q']);
	},
	'refs packed': (dir) => git(dir, ['pack-refs', '--all', '--prune']),
	'a detached head': (dir) => git(dir, ['update-ref', '--no-deref', 'HEAD', 'main~1']),
};

/** All in mode full, else so many of them by the seed. */
function sampled<Item>(items: readonly Item[], count: number): Item[] {
	const left = [...items];
	while (!full && left.length > count) left.splice(next(left.length), 1);
	return left;
}

describe('a repository with', () => {
	const template = mkdtempSync(join(tmpdir(), 'wattproof-test-'));
	afterAll(() => rmSync(template, { recursive: true }));
	let objects = new Map<string, NativeObject>();
	beforeAll(() => {
		makeRepository(join(template, 'r'), { seed, commits: COMMITS });
		objects = objectsOf(join(template, 'r'));
	});

	test.each(sampled(Object.entries(STORAGE), 5))('%s', async (name, store) => {
		const dir = join(scratchFolder(), 'r');
		fs.cpSync(join(template, 'r'), dir, { recursive: true });
		store(dir);
		const kept = name === 'an aggressive pack' ? objectsOf(dir) : objects;
		const evidence = await expectSame(await folderEvidence(dir), kept);
		expect(evidence.head).toBe(gitText(dir, ['rev-parse', 'HEAD']));
		expect(evidence.branch).toBe(name === 'a detached head' ? 'HEAD' : 'refs/heads/main');
		const cache = {};
		const ids = [...kept].filter(() => full || next(10) === 0);
		for (const [oid, { type, content }] of ids) {
			const read = await isomorphic.readObject({ fs, dir, oid, format: 'content', cache });
			expect(read.type, oid).toBe(type);
			expect(sameBytes(read.object as Uint8Array, content), oid).toBe(true);
		}
	});

	test('every tree and commit parsed as native Git shows it', async () => {
		const dir = join(template, 'r');
		for (const [id, { type, content }] of objects) {
			if (!full && next(15) > 0) continue;
			if (type === 'tree') {
				const listed = git(dir, ['ls-tree', '-z', id]).toString('utf8').split('\0').slice(0, -1);
				const parsed = parseTree(content, 'sha1')?.map(
					(it) => `${it.mode.padStart(6, '0')} ${typeOf(it.mode)} ${it.id}\t${it.name}`,
				);
				expect(parsed, id).toEqual(listed);
			} else if (type === 'commit') {
				const format = '--format=%T%n%P%n%ct%n%an <%ae>';
				const shown = git(dir, ['show', '-s', '--encoding=UTF-8', format, id]);
				const [tree, parents = '', seconds, author = ''] = textOf(shown).split('\n');
				const parsed = parseCommit(content, 'sha1');
				const date = new Date(Number(seconds) * 1000).toISOString().replace('.000', '');
				expect(parsed, id).toMatchObject({ tree, date });
				expect(parsed?.parents, id).toEqual(parents === '' ? [] : parents.split(' '));
				expect(parsed?.author.trim(), id).toBe(author.trim());
			}
		}
	});

	describe.each(Object.keys(HASHES))('its bundle, hashed by %s', (name) => {
		test.each(sampled(['2', '3'], 1))('version %s', async (version) => {
			const dir = join(template, 'r');
			const file = join(scratchFolder(), 'b');
			git(dir, ['bundle', 'create', '-q', `--version=${version}`, file, 'main']);
			const ids = new Set(reachable(dir, ['main']));
			const there = new Map([...objects].filter(([id]) => ids.has(id)));
			const evidence = await expectSame(await openFile(file, HASHES[name]), there);
			expect(evidence.head).toBe(gitText(dir, ['rev-parse', 'main']));
			expect(await evidence.read('0'.repeat(40))).toEqual({ state: 'absent' });
		});
	});

	test('a bundle without large blobs: these are absent', async () => {
		const dir = join(template, 'r');
		const file = join(scratchFolder(), 'b');
		const filter = '--filter=blob:limit=1k';
		git(dir, ['bundle', 'create', '-q', '--version=3', file, filter, 'main']);
		await expectAbsent(await openFile(file), ({ type, content }) =>
			type === 'blob' ? content.length < 1024 : true,
		);
	});

	test('a bundle that builds on commits of its receiver: what they have is absent', async () => {
		const dir = join(template, 'r');
		const file = join(scratchFolder(), 'b');
		git(dir, ['bundle', 'create', '-q', file, 'main~12..main']);
		const inside = new Set(reachable(dir, ['main', '^main~12']));
		// Trees and blobs may be deltas on those of the receiver; commits are not.
		await expectAbsent(await openFile(file), ({ type }, id) => type === 'commit' && inside.has(id));
	});

	/** What the bundle promises is there; of the rest nothing is wrong, and something is missing. */
	async function expectAbsent(
		opened: Awaited<ReturnType<typeof openFile>>,
		isPromised: (object: NativeObject, id: string) => boolean,
	) {
		const ids = reachable(join(template, 'r'), ['main']);
		const all = new Map([...objects].filter(([id]) => ids.includes(id)));
		const promised = new Map([...all].filter(([id, object]) => isPromised(object, id)));
		const evidence = await expectSame(opened, promised);
		expect(promised.size).toBeGreaterThan(0);
		let absent = 0;
		for (const [id, { content }] of all) {
			const read = await evidence.read(id);
			if (read.state === 'absent') absent++;
			else expect(read.state === 'here' && sameBytes(read.object.content, content)).toBe(true);
		}
		expect(absent).toBeGreaterThan(0);
	}
});

/** Git hands on bytes; what is no UTF-8 the reader shows as Latin-1. */
function textOf(bytes: Buffer): string {
	return decodeText(bytes) ?? bytes.toString('latin1');
}

function typeOf(mode: string): string {
	return { '40000': 'tree', '160000': 'commit' }[mode] ?? 'blob';
}

test('repositories of SHA-256: folder, packs, bundle', async () => {
	const dir = join(scratchFolder(), 'r');
	makeRepository(dir, { seed: seed + 1, commits: Math.ceil(COMMITS / 2), format: 'sha256' });
	const objects = objectsOf(dir);
	await expectSame(await folderEvidence(dir), objects);
	git(dir, ['repack', '-adfq', '--depth=50']);
	await expectSame(await folderEvidence(dir), objects);
	const file = join(dir, 'b');
	git(dir, ['bundle', 'create', '-q', file, '--all']);
	const there = objectsOf(dir, reachable(dir, ['--all']));
	for (const hash of Object.values(HASHES)) await expectSame(await openFile(file, hash), there);
	for (const [id, { type, content }] of objects) {
		if (type === 'tree') expect(parseTree(content, 'sha256'), id).not.toBeNull();
		if (type === 'commit') expect(parseCommit(content, 'sha256'), id).not.toBeNull();
	}
});

if (existsSync('.git')) {
	test('the repository of this checkout', async () => {
		const all = gitText('.', ['cat-file', '--batch-all-objects', '--batch-check']).split('\n');
		const ids = all.map((line) => line.split(' ')[0] ?? '').filter(() => full || next(8) === 0);
		await expectSame(await folderEvidence('.'), objectsOf('.', ids));
	});
}

if (full) {
	test.each(Array.from({ length: 12 }, (_, index) => index))('another seed, %i', async (index) => {
		const dir = join(scratchFolder(), 'r');
		makeRepository(dir, { seed: seed + 100 + index, commits: 60 + index * 20 });
		const objects = objectsOf(dir);
		const depth = `--depth=${1 + next(99)}`;
		const offsets = `repack.useDeltaBaseOffset=${next(2) === 0}`;
		git(dir, ['-c', offsets, 'repack', '-adFq', depth, `--window=${2 + next(60)}`]);
		await expectSame(await folderEvidence(dir), objects);
	});
}
