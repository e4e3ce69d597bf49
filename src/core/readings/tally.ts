import type { MeteringPoint } from '../data/metering-points.ts';
import type { Substitute } from '../data/substitutes.ts';
import type { Period } from '../format/period.ts';
import { impossible, type Location } from '../problem.ts';
import { intervalStart, type LocalDay, localDays, type PeriodTime } from './period-time.ts';
import type { Series } from './series.ts';

/** The largest sum that an entity's interval of one direction can hold: 4,294,967.295 kWh. */
export const SUM_LIMIT = 0xffff_ffff;

/** What is read against: it stays as it is. */
export interface Ground {
	readonly time: PeriodTime;
	readonly period: Period;
	readonly days: readonly LocalDay[];
	/** Starts of intervals that were judged good before. */
	readonly starts: Map<string, number>;
	/** Those valid in the period, by id; everywhere below a point is its index here. */
	readonly points: readonly MeteringPoint[];
	/** Index of each point whose readings count. */
	readonly pointOf: ReadonlyMap<string, number>;
	/** The entity of each point whose entity is absent. */
	readonly absent: ReadonlyMap<string, string>;
	/** Other ids of the register, and what is wrong with them; null if nothing can be said. */
	readonly strangers: ReadonlyMap<string, 'not-valid' | null>;
	/** Of each point, by first interval. */
	readonly substitutes: ReadonlyMap<number, readonly Substitute[]>;
}

/** What the files have said so far, in flat arrays: a month of 10,000 points is 30 million readings. */
export interface Tally {
	readonly entities: readonly string[];
	readonly entityOf: Int32Array;
	/** Wh, first of generation, then of consumption, entity by entity. */
	readonly sums: Uint32Array;
	/** Of each point, where its first interval is in `sums`. */
	readonly rows: Int32Array;
	/** One bit for each interval of each point that some row has named, `words` of 32 to a point. */
	readonly claimed: Int32Array;
	readonly words: number;
	/** 1 for a point that has substitutes. */
	readonly substituted: Uint8Array;
	/** Where the first reading of each point stands: its file by number, and its line; 0 without one. */
	readonly firstFile: Int32Array;
	readonly firstLine: Int32Array;
	/** 1 for a point that a row names with an interval that nobody can read. */
	readonly doubtful: Uint8Array;
	/** Of each entity, Wh of quality S or E, and the worse of these. */
	readonly estimated: Float64Array;
	readonly worst: Uint8Array;
	/** Of a substitute, the first reading there whose file gives a quality of its own. */
	readonly conflicts: Map<Substitute, Location>;
}

/** A actual, C calculated, S substitute, E estimate. */
export const QUALITIES: readonly string[] = ['A', 'C', 'S', 'E'];

/** A tally without any reading. Points of absent entities have no place in it. */
export function emptyTally(ground: Ground): Tally {
	const { points, pointOf, time, substitutes } = ground;
	const counted = points.filter(({ id }) => pointOf.has(id));
	const entities = [...new Set(counted.map(({ entity }) => entity))].toSorted();
	const placeOf = new Map(entities.map((entity, index) => [entity, index]));
	const half = entities.length * time.intervals;
	const words = Math.ceil(time.intervals / 32);
	const entityOf = Int32Array.from(points, ({ entity }) => placeOf.get(entity) ?? -1);
	return {
		entities,
		entityOf,
		sums: new Uint32Array(2 * half),
		rows: entityOf.map((entity, point) => {
			const generates = points[point]?.direction === 'generation';
			return entity * time.intervals + (generates ? 0 : half);
		}),
		claimed: new Int32Array(points.length * words),
		words,
		substituted: Uint8Array.from(points, (_, point) => (substitutes.has(point) ? 1 : 0)),
		firstFile: new Int32Array(points.length),
		firstLine: new Int32Array(points.length),
		doubtful: new Uint8Array(points.length),
		estimated: new Float64Array(entities.length),
		worst: new Uint8Array(entities.length),
		conflicts: new Map(),
	};
}

export function groundOf(
	time: PeriodTime,
	points: readonly MeteringPoint[],
	strangers: ReadonlyMap<string, 'not-valid' | null>,
	absent: ReadonlySet<string>,
	substitutes: readonly Substitute[],
): Ground {
	const indexed = points.map(({ id, entity }, index) => ({ id, entity, index }));
	const counted = indexed.filter(({ entity }) => !absent.has(entity));
	const idle = points.filter(({ entity }) => absent.has(entity));
	const pointOf = new Map(counted.map(({ id, index }) => [id, index]));
	const byPoint = new Map<number, Substitute[]>();
	for (const substitute of substitutes.toSorted((a, b) => a.first - b.first)) {
		const point = pointOf.get(substitute.point);
		if (point === undefined) continue;
		const ranges = byPoint.get(point) ?? [];
		ranges.push(substitute);
		byPoint.set(point, ranges);
	}
	return {
		time,
		period: intervalStart(time, 0).slice(0, 7),
		days: localDays(time),
		starts: new Map(),
		points,
		pointOf,
		absent: new Map(idle.map(({ id, entity }) => [id, entity])),
		strangers,
		substitutes: byPoint,
	};
}

export function seriesOf({ entities, sums }: Tally, intervals: number): Series {
	const half = entities.length * intervals;
	return {
		intervals,
		entities,
		generated: sums.subarray(0, half),
		consumed: sums.subarray(half),
	};
}

export function isClaimed({ claimed, words }: Tally, point: number, interval: number): boolean {
	const word = claimed[point * words + (interval >>> 5)] ?? 0;
	return (word & (1 << (interval & 31))) !== 0;
}

/** Notes that a row of a file names an interval of a point. */
export function claim(
	{ claimed, words, firstFile, firstLine }: Tally,
	point: number,
	interval: number,
	file: number,
	line: number,
): void {
	const at = point * words + (interval >>> 5);
	claimed[at] = (claimed[at] ?? 0) | (1 << (interval & 31));
	if (firstLine[point] !== 0) return;
	firstFile[point] = file;
	firstLine[point] = line;
}

/** Adds to what an entity generated or consumed; false, and nothing added, where the sum is too large. */
export function add({ sums, rows }: Tally, point: number, interval: number, wh: number): boolean {
	const at = (rows[point] ?? 0) + interval;
	const sum = (sums[at] ?? 0) + wh;
	if (sum > SUM_LIMIT) return false;
	sums[at] = sum;
	return true;
}

/**
 * Counts a reading that was added as estimated where it was not measured: by its own quality, or, in
 * forms without one, by a substitute. `own` is an index of QUALITIES, -1 without such a column.
 */
export function countQuality(
	tally: Tally,
	ground: Ground,
	point: number,
	interval: number,
	wh: number,
	own: number,
	place: Location,
): void {
	const ranges = tally.substituted[point] === 0 ? undefined : ground.substitutes.get(point);
	const substitute = ranges === undefined ? undefined : rangeAt(ranges, interval);
	if (substitute !== undefined && own >= 0 && !tally.conflicts.has(substitute)) {
		tally.conflicts.set(substitute, place);
	}
	const quality = own >= 0 ? own : QUALITIES.indexOf(substitute?.quality ?? 'A');
	if (quality < 2) return;
	const entity = tally.entityOf[point] ?? impossible('point');
	tally.estimated[entity] = (tally.estimated[entity] ?? 0) + wh;
	tally.worst[entity] = Math.max(tally.worst[entity] ?? 0, quality);
}

/** The range that an interval lies in, of ranges by their first interval that do not overlap. */
function rangeAt(ranges: readonly Substitute[], interval: number): Substitute | undefined {
	let [from, to] = [0, ranges.length];
	while (from < to) {
		const middle = (from + to) >>> 1;
		if ((ranges[middle]?.first ?? 0) <= interval) from = middle + 1;
		else to = middle;
	}
	const range = ranges[from - 1];
	return range !== undefined && interval <= range.last ? range : undefined;
}
