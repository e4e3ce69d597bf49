import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Files } from '../../src/core/format/bytes.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { mutate } from '../core/mutate.ts';
import { chance } from '../support/communities.ts';
import { relist, resign, signFolder } from './forge.ts';
import { type Keys, LOG_KINDS, type LogKind, makeKeys, makeLog, NEWEST } from './log.ts';
import { guarded, survivor, trials } from './survivor.ts';

const full = inject('full');
const FLIPS = 75;
/** Of each file that the operator signs. */
const MUTANTS = full ? 500 : 6;
/** Of all logs this one has the most kinds of files; the others are for mode full. */
const WIDEST: LogKind = 'successor';
/** Where a run differs from another; the keys of the log are new each time. */
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
/** Guarded files of that log. */
const FILES = 66;

let keys: Keys;
const logs = new Map<LogKind, Files>();

beforeAll(async () => {
	keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});
afterAll(() => {
	console.info(`fuzz: WATTPROOF_SEED=${seed}, ${trials()} trials`);
});

function flip(files: Map<string, Uint8Array>, path: string, at: number, bit: number): void {
	const bytes = Uint8Array.from(files.get(path) ?? []);
	bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
	files.set(path, bytes);
}

describe('a bit flipped anywhere', () => {
	test.each(['successor', 'approved'] as const)('in a sample of the log %s', async (kind) => {
		const files = logs.get(kind) ?? new Map<string, Uint8Array>();
		const next = chance(seed);
		const paths = guarded(files);
		const failures: string[] = [];
		for (let trial = 0; trial < FLIPS; trial++) {
			const path = paths[next(paths.length)] ?? '';
			const [at, bit] = [next(files.get(path)?.length ?? 1), next(8)];
			const verdict = await survivor(files, (changed) => flip(changed, path, at, bit));
			if (verdict !== null) failures.push(`${verdict}: ${path} byte ${at} bit ${bit}`);
		}
		expect(failures, `WATTPROOF_SEED=${seed}`).toEqual([]);
	});
});

// One file a test, so that each ends in time.
if (full) {
	describe('a bit flipped in every byte', () => {
		test.each(Array.from({ length: FILES }, (_, index) => index))('of file %i', async (index) => {
			const files = logs.get(WIDEST) ?? new Map<string, Uint8Array>();
			const paths = guarded(files);
			expect(paths).toHaveLength(FILES);
			const path = paths[index] ?? '';
			const next = chance(seed + index);
			const failures: string[] = [];
			for (let at = 0; at < (files.get(path)?.length ?? 0); at++) {
				const bit = next(8);
				const verdict = await survivor(files, (changed) => flip(changed, path, at, bit));
				if (verdict !== null) failures.push(`${verdict}: ${path} byte ${at} bit ${bit}`);
			}
			expect(failures, `WATTPROOF_SEED=${seed}`).toEqual([]);
		});
	});
}

const WAYS: Readonly<Record<string, (files: Map<string, Uint8Array>, path: string) => void>> = {
	deleted: (files, path) => void files.delete(path),
	emptied: (files, path) => void files.set(path, new Uint8Array()),
	truncated: (files, path) =>
		void files.set(path, (files.get(path) ?? []).slice(0, -1) as Uint8Array),
	appended: (files, path) =>
		void files.set(path, Uint8Array.from([...(files.get(path) ?? []), 10])),
	doubled: (files, path) => {
		const bytes = [...(files.get(path) ?? [])];
		files.set(path, Uint8Array.from([...bytes, ...bytes]));
	},
};

describe.each(full ? LOG_KINDS : [WIDEST])('every file of the log %s', (kind) => {
	const ways = Object.keys(WAYS).filter((way) => full || way !== 'doubled');
	test.each(ways)('%s', async (way) => {
		const files = logs.get(kind) ?? new Map<string, Uint8Array>();
		const failures: string[] = [];
		for (const path of guarded(files)) {
			const verdict = await survivor(files, (changed) => WAYS[way]?.(changed, path));
			const waiting = path.startsWith('settlements/2026-04/r1/approvals/') && way === 'deleted';
			if (verdict !== (waiting ? 'PENDING' : null)) failures.push(`${verdict}: ${path}`);
		}
		expect(failures).toEqual([]);
	});
});

/** Files of the newest run and its month, which only who holds the finalizer's key can change unseen. */
const SIGNED = [
	'data/2026-04/north.csv',
	...['entities.csv', 'rules.json', 'statement.csv', 'SHA256SUMS', 'manifest.json'].map(
		(name) => `${NEWEST}/${name}`,
	),
];

describe('whatever the operator signs', () => {
	test.each(SIGNED)('%s, no check stumbles over it', async (path) => {
		const original = logs.get('plain') ?? new Map<string, Uint8Array>();
		const seeds = [...original]
			.filter(([it]) => it.endsWith(path.slice(path.lastIndexOf('/'))) || it.endsWith('north.csv'))
			.map(([, bytes]) => bytes);
		const next = chance(seed);
		for (let trial = 0; trial < MUTANTS; trial++) {
			const files = new Map(original).set(path, mutate(next, seeds));
			if (path.endsWith('manifest.json')) await signFolder(files, NEWEST, keys.finalizer);
			else {
				if (!path.endsWith('SHA256SUMS')) relist(files, NEWEST);
				await resign(files, keys.finalizer, 5);
			}
			const report = await verify({ tree: { files, irregular: [], unavailable: [] }, pin: null });
			const crash = report.findings.find(({ code }) => code === 'check-crashed');
			expect(crash, `WATTPROOF_SEED=${seed} trial ${trial}`).toBe(undefined);
		}
		if (full) console.info(`signed ${path}: ${MUTANTS} trials`);
	});
});
