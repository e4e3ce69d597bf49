import { beforeAll, describe, expect, inject, test } from 'vitest';
import { digest, type Files } from '../../src/core/format/bytes.ts';
import { rootPath } from '../../src/core/paths.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { chance } from '../support/communities.ts';
import { LOG_KINDS, type LogKind, makeKeys, makeLog } from './log.ts';

/** What cannot be read is no evidence of alteration, in whatever combination it is missing. */

const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 1_000_000);
const logs = new Map<LogKind, Files>();

beforeAll(async () => {
	const keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});

/** A path and the folders that it lies in. */
function ways(path: string): string[] {
	const segments = path.split('/');
	return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Requires INCOMPLETE where the bytes of these files, or of all in these folders, cannot be had. */
async function requireNoVerdict(files: Files, away: ReadonlySet<string>, place: string) {
	const left = new Map([...files].filter(([path]) => !ways(path).some((it) => away.has(it))));
	const unavailable = [...away].map((path) => ({ path, reason: 'EACCES' }));
	const pin = digest(files.get(rootPath(1)) ?? new Uint8Array());
	const { verdict } = await verify({ tree: { files: left, irregular: [], unavailable }, pin });
	// Of the configuration in force each run holds its snapshot.
	const evolves = /^data\/(entities\.csv|metering-points\.csv|rules(\/|$))/;
	const needed = [...away].some((path) => !evolves.test(path));
	expect(verdict, place).toBe(needed ? 'INCOMPLETE' : 'VALID');
}

describe.each(LOG_KINDS)(`the log %s (seed ${seed})`, (kind) => {
	test('accuses nobody over one file that cannot be read', async () => {
		const files = logs.get(kind) ?? new Map();
		const step = full ? 1 : 13;
		const paths = [...files.keys()].filter((_, index) => index % step === seed % step);
		for (const path of paths) {
			await requireNoVerdict(files, new Set([path]), path);
		}
	});

	test('accuses nobody over one folder', async () => {
		const files = logs.get(kind) ?? new Map();
		const folders = new Set([...files.keys()].flatMap((path) => ways(path).slice(0, -1)));
		const step = full ? 1 : 5;
		for (const folder of [...folders].filter((_, index) => index % step === seed % step)) {
			await requireNoVerdict(files, new Set([folder]), folder);
		}
	});

	test('accuses nobody over many of them', async () => {
		const files = logs.get(kind) ?? new Map();
		const next = chance(seed);
		for (let trial = 0; trial < (full ? 300 : 5); trial++) {
			const share = 1 + next(10);
			const folder = ['', 'data/', 'settlements/', 'trust/', 'settlements/2026-02/'][next(5)] ?? '';
			const below = [...files.keys()].filter((path) => path.startsWith(folder));
			const away = new Set(below.filter(() => next(10) < share));
			const place = `WATTPROOF_SEED=${seed} trial ${trial}: ${[...away].join(' ')}`;
			await requireNoVerdict(files, away, place);
		}
	});
});
