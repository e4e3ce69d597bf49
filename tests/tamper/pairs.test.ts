import { basename, dirname } from 'node:path/posix';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Files, sameBytes } from '../../src/core/format/bytes.ts';
import { chance } from '../support/communities.ts';
import { LOG_KINDS, type LogKind, type MutableFiles, makeKeys, makeLog } from './log.ts';
import { guarded, survivor, trials } from './survivor.ts';

/** Files that are good in themselves, in the place of another. */
const full = inject('full');
/** Of all logs this one has the most kinds of files; the others are for mode full. */
const WIDEST: LogKind = 'successor';
const SAMPLE = 12;
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const next = chance(seed);
const logs = new Map<LogKind, Files>();

beforeAll(async () => {
	const keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});
afterAll(() => {
	console.info(`pairs: WATTPROOF_SEED=${seed}, ${trials()} trials`);
});

const empty = new Uint8Array();
const bytesOf = (files: Files, path: string) => files.get(path) ?? empty;
const equal = (files: Files, a: string, b: string) =>
	sameBytes(bytesOf(files, a), bytesOf(files, b));

/** Two places, and whether anything differs after the change. */
interface Way {
	readonly places: (paths: readonly string[]) => readonly (readonly [string, string])[];
	readonly changes: (files: Files, from: string, to: string) => boolean;
	readonly change: (files: MutableFiles, from: string, to: string) => void;
}

const pairs = (paths: readonly string[]) =>
	paths.flatMap((from) => paths.flatMap((to) => (from === to ? [] : [[from, to] as const])));
const folders = (paths: readonly string[]) =>
	paths.flatMap((from) =>
		[...new Set(paths.map(dirname))].map(
			(folder) => [from, `${folder}/${basename(from)}`] as const,
		),
	);
const put = (files: MutableFiles, from: string, to: string) =>
	void files.set(to, bytesOf(files, from));

const WAYS: Readonly<Record<string, Way>> = {
	exchanged: {
		places: (paths) => pairs(paths).filter(([from, to]) => from < to),
		changes: (files, from, to) => !equal(files, from, to),
		change: (files, from, to) => {
			const [mine, yours] = [bytesOf(files, from), bytesOf(files, to)];
			files.set(from, yours).set(to, mine);
		},
	},
	'put in the place of another': {
		places: pairs,
		changes: (files, from, to) => !equal(files, from, to),
		change: put,
	},
	'moved to the place of another': {
		places: pairs,
		changes: () => true,
		change: (files, from, to) => {
			put(files, from, to);
			files.delete(from);
		},
	},
	'followed by another in one file': {
		places: pairs,
		changes: () => true,
		change: (files, from, to) =>
			void files.set(from, Uint8Array.from([...bytesOf(files, from), ...bytesOf(files, to)])),
	},
	'copied into every folder': {
		places: folders,
		changes: (files, from, to) => !files.has(to) || !equal(files, from, to),
		change: put,
	},
};

/** The other logs differ in approvals: there every exchange is enough. */
const runs = (full ? LOG_KINDS : [WIDEST]).flatMap((kind) =>
	Object.keys(WAYS).flatMap((way) =>
		kind === WIDEST || way === 'exchanged' ? [[kind, way] as const] : [],
	),
);

describe('a file', () => {
	test.each(runs)('of the log %s, %s', async (kind, way) => {
		const files = logs.get(kind) ?? new Map<string, Uint8Array>();
		const { places, changes, change } = WAYS[way] ?? expect.unreachable();
		const all = places(guarded(files)).filter(([from, to]) => changes(files, from, to));
		expect(all.length).toBeGreaterThan(SAMPLE);
		const chosen = full ? all : all.filter(() => next(all.length) < SAMPLE);
		const failures: string[] = [];
		for (const [from, to] of chosen) {
			const verdict = await survivor(files, (changed) => change(changed, from, to));
			if (verdict !== null) failures.push(`${verdict}: ${from} ${to}`);
		}
		expect(failures, `WATTPROOF_SEED=${seed}`).toEqual([]);
		if (full) console.info(`${kind}, ${way}: ${chosen.length} trials`);
	});
});
