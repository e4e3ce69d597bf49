import { beforeAll, describe, expect, inject, test } from 'vitest';
import { digest, type Files } from '../../src/core/format/bytes.ts';
import type { Verdict } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { LOG_KINDS, type LogKind, makeKeys, makeLog } from './log.ts';

const full = inject('full');
const FLIPS = 75;
/** Of all logs this one has the most kinds of files; the others are for mode full. */
const WIDEST: LogKind = 'successor';
/** Where a run differs from another; the keys of the log are new each time. */
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
/** Guarded files of that log. */
const FILES = 66;
const ACCEPTING: ReadonlySet<Verdict> = new Set<Verdict>(['VALID', 'UNCONFIRMED', 'PENDING']);

const logs = new Map<LogKind, Files>();

beforeAll(async () => {
	console.info(`fuzz: WATTPROOF_SEED=${seed}`);
	const keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});

/** mulberry32: numbers from 0 below `limit`, the same for the same seed. */
function generator(state: number): (limit: number) => number {
	let current = state;
	return (limit) => {
		current = (current + 0x6d2b79f5) | 0;
		let mixed = Math.imul(current ^ (current >>> 15), current | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
	};
}

/** Everything of a log but the register and the rule folder, which may evolve. */
function guarded(files: Files): readonly string[] {
	return [...files.keys()].filter((path) => !/^data\/(entities\.csv|rules\/)/.test(path));
}

/** Null where the verifier refuses the log, else what it wrongly says. */
async function accepted(kind: LogKind, change: (files: Map<string, Uint8Array>) => void) {
	const original = logs.get(kind) ?? new Map<string, Uint8Array>();
	const pin = digest(original.get('trust/root-1.json') ?? new Uint8Array());
	const files = new Map(original);
	change(files);
	const tree = { files, irregular: [], unavailable: [] };
	const report = await verify({ tree, pin });
	const crash = report.findings.find(({ code }) => code === 'check-crashed');
	if (crash !== undefined) return `crash ${crash.actual}`;
	return ACCEPTING.has(report.verdict) ? report.verdict : null;
}

function flip(files: Map<string, Uint8Array>, path: string, at: number, bit: number): void {
	const bytes = Uint8Array.from(files.get(path) ?? []);
	bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
	files.set(path, bytes);
}

describe('a bit flipped anywhere', () => {
	test.each(['successor', 'approved'] as const)('in a sample of the log %s', async (kind) => {
		const files = logs.get(kind) ?? new Map<string, Uint8Array>();
		const next = generator(seed);
		const paths = guarded(files);
		const failures: string[] = [];
		for (let trial = 0; trial < FLIPS; trial++) {
			const path = paths[next(paths.length)] ?? '';
			const [at, bit] = [next(files.get(path)?.length ?? 1), next(8)];
			const verdict = await accepted(kind, (changed) => flip(changed, path, at, bit));
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
			const next = generator(seed + index);
			const failures: string[] = [];
			for (let at = 0; at < (files.get(path)?.length ?? 0); at++) {
				const bit = next(8);
				const verdict = await accepted(WIDEST, (changed) => flip(changed, path, at, bit));
				if (verdict !== null) failures.push(`${verdict}: ${path} byte ${at} bit ${bit}`);
			}
			expect(failures, `WATTPROOF_SEED=${seed}`).toEqual([]);
		});
	});
}

const WAYS: Readonly<
	Record<string, (files: Map<string, Uint8Array>, path: string, other: string) => void>
> = {
	deleted: (files, path) => void files.delete(path),
	emptied: (files, path) => void files.set(path, new Uint8Array()),
	truncated: (files, path) =>
		void files.set(path, (files.get(path) ?? []).slice(0, -1) as Uint8Array),
	appended: (files, path) =>
		void files.set(path, Uint8Array.from([...(files.get(path) ?? []), 10])),
	exchanged: (files, path, other) => {
		const [mine, yours] = [files.get(path), files.get(other)];
		files.set(path, yours ?? new Uint8Array()).set(other, mine ?? new Uint8Array());
	},
};

describe.each(full ? LOG_KINDS : [WIDEST])('every file of the log %s', (kind) => {
	test.each(Object.keys(WAYS))('%s', async (way) => {
		const files = logs.get(kind) ?? new Map<string, Uint8Array>();
		const paths = guarded(files);
		const next = generator(seed);
		const failures: string[] = [];
		for (const path of paths) {
			// Equal files, such as two snapshots of one register, cannot be told apart.
			const others = paths.filter(
				(it) =>
					digest(files.get(it) ?? new Uint8Array()) !== digest(files.get(path) ?? new Uint8Array()),
			);
			const other = others[next(others.length)] ?? '';
			const verdict = await accepted(kind, (changed) => WAYS[way]?.(changed, path, other));
			const waiting = path.startsWith('settlements/2026-04/r1/approvals/') && way === 'deleted';
			if (verdict !== (waiting ? 'PENDING' : null)) failures.push(`${verdict}: ${path} ${other}`);
		}
		expect(failures, `WATTPROOF_SEED=${seed}`).toEqual([]);
	});
});
