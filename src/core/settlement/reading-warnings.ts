import type { Plausibility } from '../data/rules.ts';
import type { WarningCode } from '../data/warning-codes.ts';
import { intervalStart, localDays, type PeriodTime, startClocks } from '../readings/period-time.ts';
import type { Series } from '../readings/series.ts';
import { findTwins, type Twin } from './twin-series.ts';
import type { Warning } from './warnings.ts';

/** Default thresholds of docs/spec/warnings.md; a rule set's `plausibility` replaces them one by one. */
const DEFAULTS = {
	night_generation_percent: 1,
	stuck_meter_hours: 24,
	common_zero_run_hours: 24,
	common_zero_run_entities: 2,
	twin_series_percent: 50,
	lump_after_gap_intervals: 4,
	lump_after_gap_percent: 50,
} as const;

/** Nowhere between the polar circles is it light at these local hours (seconds of the day). */
const NIGHT_END = 3 * 3600;
/** Equal days needed to call two series twins: one or two may be chance. */
const TWIN_LEAST = 3;

/** A short gap counts as so many intervals: twice the usual after an hour without is no lump. */
const GAP_LEAST = 8;

type Thresholds = Readonly<Record<keyof typeof DEFAULTS, number>>;
type Field = 'generated_wh' | 'consumed_wh';

/** Intervals [from, to) of one value. */
interface Run {
	readonly from: number;
	readonly to: number;
}

/** The first interval after a run of zeros, and its value. */
interface Lump extends Run {
	readonly value: number;
}

/** Lengths in intervals from which runs count. */
interface Least {
	readonly zeros: number;
	readonly gap: number;
	readonly stuck: number;
}

/** What one look at a series tells. */
interface Scan {
	readonly longest: Run | null;
	readonly zeros: readonly Run[];
	readonly lump: Lump | null;
}

/** A warning of one field, and its weight: of the two fields the heavier one is told. */
interface Candidate {
	readonly weight: number;
	readonly detail: string;
}

/**
 * The warnings of readings, at most one of each code for an entity, by code and entity (formulas:
 * `docs/spec/warnings.md`). Series without any energy raise none: most entities do not generate.
 */
export function findReadingWarnings(
	series: Series,
	time: PeriodTime,
	plausibility: Plausibility = {},
): readonly Warning[] {
	const thresholds: Thresholds = { ...DEFAULTS, ...plausibility };
	const { entities, generated } = series;
	const found = new Map<WarningCode, Map<number, Candidate>>();
	const raise = (code: WarningCode, entity: number, candidate: Candidate) => {
		const known = found.get(code) ?? new Map<number, Candidate>();
		found.set(code, known);
		if ((known.get(entity)?.weight ?? -1) < candidate.weight) known.set(entity, candidate);
	};
	for (const field of ['generated_wh', 'consumed_wh'] as const) {
		judgeField({ series, time, thresholds, field, raise });
	}
	const night = startClocks(time).flatMap((clock, index) => (clock < NIGHT_END ? [index] : []));
	for (const [entity] of entities.entries()) {
		const row = rowOf(generated, entity, series.intervals);
		const candidate = judgeNight(row, night, time, thresholds.night_generation_percent);
		if (candidate !== null) raise('night-generation', entity, candidate);
	}
	return [...found.keys()].toSorted().flatMap((code) => {
		const raised = [...(found.get(code) ?? [])].toSorted(([a], [b]) => a - b);
		return raised.map(([entity, { detail }]) => ({ code, entity: entities[entity] ?? '', detail }));
	});
}

interface Judgement {
	readonly series: Series;
	readonly time: PeriodTime;
	readonly thresholds: Thresholds;
	readonly field: Field;
	readonly raise: (code: WarningCode, entity: number, candidate: Candidate) => void;
}

function judgeField({ series, time, thresholds, field, raise }: Judgement): void {
	const { entities, intervals } = series;
	const values = field === 'generated_wh' ? series.generated : series.consumed;
	const perHour = 60 / time.interval_minutes;
	const least = {
		zeros: thresholds.common_zero_run_hours * perHour,
		gap: thresholds.lump_after_gap_intervals,
		stuck: thresholds.stuck_meter_hours * perHour,
	};
	const place = ({ from, to }: Run) =>
		`field=${field};from=${intervalStart(time, from)};to=${intervalStart(time, to - 1)}`;
	/** Entities by the bounds of a run of zeros that they have. */
	const common = new Map<number, { readonly run: Run; readonly entities: number[] }>();
	/** Rows with energy: the others are nobody's twins. */
	const alive: number[] = [];
	for (let entity = 0; entity < entities.length; entity++) {
		const row = rowOf(values, entity, intervals);
		const scan = scanRow(row, least);
		if (scan === null) continue;
		alive.push(entity);
		const { longest, zeros, lump } = scan;
		if (longest !== null) {
			const detail = `${place(longest)};actual=${row[longest.from]}`;
			raise('stuck-meter', entity, { weight: longest.to - longest.from, detail });
		}
		const usual = lump === null ? null : usualBelow(row, lump, thresholds.lump_after_gap_percent);
		if (lump !== null && usual !== null) {
			const detail = `${place(lump)};expected=${usual};actual=${lump.value}`;
			raise('lump-after-gap', entity, { weight: lump.to - lump.from, detail });
		}
		for (const run of zeros) {
			const key = run.from * (intervals + 1) + run.to;
			const group = common.get(key) ?? { run, entities: [] };
			group.entities.push(entity);
			common.set(key, group);
		}
	}
	// The keys are in order of time; rows find their runs in any.
	for (const [, { run, entities: group }] of [...common].toSorted(([a], [b]) => a - b)) {
		if (group.length < thresholds.common_zero_run_entities) continue;
		for (const entity of group) {
			const other = entities[group[0] === entity ? (group[1] ?? 0) : (group[0] ?? 0)];
			const detail = `${place(run)};with=${other};entities=${group.length}`;
			raise('common-zero-run', entity, { weight: run.to - run.from, detail });
		}
	}
	const days = localDays(time);
	for (const [entity, twin] of findTwins(values, alive, intervals, days)) {
		if (!isTwin(twin, thresholds.twin_series_percent)) continue;
		const day = days[twin.first] ?? { first: 0, intervals: 1 };
		const run = { from: day.first, to: day.first + day.intervals };
		const detail = `${place(run)};twin=${entities[twin.other]};days=${twin.equal}`;
		raise('twin-series', entity, { weight: twin.equal, detail });
	}
}

function isTwin({ equal, days }: Twin, percent: number): boolean {
	return equal >= TWIN_LEAST && equal * 100 >= percent * days;
}

function rowOf(values: Uint32Array, entity: number, intervals: number): Uint32Array {
	return values.subarray(entity * intervals, (entity + 1) * intervals);
}

/** What matters of the runs of equal values; null for a series without energy. */
function scanRow(row: Uint32Array, least: Least): Scan | null {
	let start = 0;
	while (start < row.length && row[start] === 0) start++;
	if (start === row.length) return null;
	const zeros: Run[] = [];
	/** Where lumps may stand: right after a gap. */
	const after = new Set<number>();
	let lump: Lump | null = null;
	for (let from = row.indexOf(0); from >= 0; ) {
		let to = from + 1;
		while (to < row.length && row[to] === 0) to++;
		if (to - from >= least.zeros) zeros.push({ from, to });
		if (to - from >= least.gap && to < row.length) {
			after.add(to);
			const value = row[to] ?? 0;
			const known = lump ?? { from: 0, to: 1, value: 0 };
			// Of several the one with most energy for the length of its gap.
			if (value * (known.to - known.from) > known.value * (to - from)) lump = { from, to, value };
		}
		from = row.indexOf(0, to);
	}
	const height = lump?.value ?? 0;
	const above = lump === null || row.some((value, index) => value >= height && !after.has(index));
	return { longest: longestRun(row, least.stuck), zeros, lump: above ? null : lump };
}

/** The first of the longest runs of one value above zero with at least so many intervals, or null. */
function longestRun(row: Uint32Array, least: number): Run | null {
	let longest: Run | null = null;
	const step = Math.max(1, Math.floor(least / 2));
	// Every run of that length covers two neighbors of this raster.
	for (let at = 0; at < row.length; ) {
		const value = row[at] ?? 0;
		let to = at + step;
		if (value === 0 || (step > 1 && row[to] !== value)) {
			at = to;
			continue;
		}
		let from = at;
		while (row[from - 1] === value) from--;
		to = at + 1;
		while (row[to] === value) to++;
		if (to - from >= least && to - from > (longest?.to ?? 0) - (longest?.from ?? 0)) {
			longest = { from, to };
		}
		at += Math.max(step, Math.floor((to - at) / step) * step);
	}
	return longest;
}

/**
 * The lower median of the values above zero, where a lump has at least `percent` of what its gap
 * would have had of it; else null. Counting first spares most series the sorting.
 */
function usualBelow(row: Uint32Array, lump: Lump, percent: number): number | null {
	const gap = Math.max(lump.to - lump.from, GAP_LEAST);
	const bound = (100n * BigInt(lump.value)) / (BigInt(percent) * BigInt(gap));
	const limit = Number(bound);
	let [count, below] = [0, 0];
	for (const value of row) {
		if (value === 0) continue;
		count++;
		if (value <= limit) below++;
	}
	const middle = (count - 1) >> 1;
	if (below <= middle) return null;
	return row.filter((value) => value > 0).toSorted()[middle] ?? null;
}

/** Generation at night above its part of the month's, told by its longest run. */
function judgeNight(
	row: Uint32Array,
	night: readonly number[],
	time: PeriodTime,
	percent: number,
): Candidate | null {
	let dark = 0;
	let best: Run = { from: 0, to: 0 };
	let run = best;
	for (const index of night) {
		const value = row[index] ?? 0;
		if (value === 0) continue;
		dark += value;
		run = { from: run.to === index ? run.from : index, to: index + 1 };
		if (run.to - run.from > best.to - best.from) best = run;
	}
	if (dark === 0) return null;
	const all = row.reduce((sum, value) => sum + value, 0);
	const bound = (BigInt(all) * BigInt(percent)) / 100n;
	if (BigInt(dark) <= bound) return null;
	const [from, to] = [intervalStart(time, best.from), intervalStart(time, best.to - 1)];
	const detail = `field=generated_wh;from=${from};to=${to};expected=${bound};actual=${dark}`;
	return { weight: dark, detail };
}
