import type { ProblemList } from './problem-list.ts';
import { readFile } from './read-file.ts';
import type { Pass } from './rows.ts';
import type { Scanners } from './scanners.ts';
import { emptyTally, type Ground, type Tally } from './tally.ts';

/** A duplicate that is told, and its place among the problems of its file. */
export interface Repeat {
	readonly point: number;
	readonly interval: number;
	readonly list: ProblemList;
	readonly index: number;
}

/**
 * Says of each duplicate where the first reading stands, by reading the files again: what is looked
 * for counts as claimed from the start, so that its first place is noticed.
 */
export function findFirst(
	repeats: readonly Repeat[],
	ground: Ground,
	paths: readonly string[],
	parts: (path: string) => Iterable<Uint8Array>,
	scanners: Scanners | null,
): void {
	const tally = scratchTally(ground);
	const places = new Map<number, string>();
	const keyOf = (point: number, interval: number) => point * ground.time.intervals + interval;
	const wanted = new Set(repeats.map(({ point, interval }) => keyOf(point, interval)));
	for (const { point, interval } of repeats) {
		const at = point * tally.words + (interval >>> 5);
		tally.claimed[at] = (tally.claimed[at] ?? 0) | (1 << (interval & 31));
	}
	const pass: Pass = {
		ground,
		tally,
		repeated: ({ path, line }, point, interval) => {
			const key = keyOf(point, interval);
			if (wanted.has(key) && !places.has(key)) places.set(key, `${path}:${line}`);
		},
	};
	for (const [number, path] of paths.entries()) {
		if (places.size === wanted.size) break;
		readFile(pass, path, number, parts(path), scanners);
	}
	for (const { point, interval, list, index } of repeats) {
		const problem = list.kept[index];
		if (problem?.code !== 'reading-duplicate') continue;
		list.kept[index] = { ...problem, first: places.get(keyOf(point, interval)) ?? '' };
	}
}

/** A tally in which all points add to one row, because nobody asks for these sums. */
function scratchTally(ground: Ground): Tally {
	const { points, time } = ground;
	const alone = emptyTally({ ...ground, points: [], substitutes: new Map() });
	const size = points.length;
	return {
		...alone,
		entityOf: new Int32Array(size),
		sums: new Uint32Array(time.intervals),
		rows: new Int32Array(size),
		claimed: new Int32Array(size * alone.words),
		substituted: new Uint8Array(size),
		firstFile: new Int32Array(size),
		firstLine: new Int32Array(size),
		doubtful: new Uint8Array(size),
		estimated: new Float64Array(1),
		worst: new Uint8Array(1),
	};
}
