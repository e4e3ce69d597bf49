import type { PeriodInput } from '../data/period-input.ts';
import type { Plausibility } from '../data/rules.ts';
import type { WarningCode } from '../data/warning-codes.ts';
import type { WattHours } from '../format/energy.ts';
import { hoursOf, type Period, shiftPeriod } from '../format/period.ts';
import type { Balance } from './settle.ts';

/** What the log says about earlier periods: one map by entity each, by period. */
export type History = ReadonlyMap<Period, ReadonlyMap<string, Balance>>;

/** A figure that may be wrong. `detail` is data: `key=value` pairs joined by `;`. */
export interface Warning {
	readonly code: WarningCode;
	readonly entity: string;
	readonly detail: string;
}

/** Default thresholds of docs/spec/warnings.md; a rule set's `plausibility` replaces them one by one. */
const DEFAULTS = {
	spike_factor: 3,
	unit_slip_from: 300,
	unit_slip_to: 3000,
	above_capacity_percent: 100,
	estimates_wh: 0,
} as const;

/** Periods looked back upon, and how many of them an entity must have for a comparison. */
export const HISTORY_PERIODS = 12;
const HISTORY_LEAST = 3;

/** The warnings of one period, by code and entity (formulas: `docs/spec/warnings.md`). */
export function findWarnings(
	input: PeriodInput,
	history: History,
	plausibility: Plausibility = {},
): readonly Warning[] {
	const thresholds = { ...DEFAULTS, ...plausibility };
	const periods = [...history.keys()].filter((period) => period < input.period).toSorted();
	const recent = periods.slice(-HISTORY_PERIODS).map((period) => history.get(period));
	const last = history.get(shiftPeriod(input.period, -1));

	const found = input.settled.flatMap(({ entry, reading }): Warning[] => {
		const { entity, generated_wh, consumed_wh } = reading;
		const warnings: Warning[] = [];
		const warn = (code: WarningCode, detail: string) => {
			warnings.push({ code, entity, detail });
		};
		const earlier = recent.flatMap((balances) => balances?.get(entity) ?? []);
		for (const field of ['generated_wh', 'consumed_wh'] as const) {
			const past = earlier.map((balance) => balance[field]);
			const jump = findJump(reading[field], past, thresholds);
			if (jump !== null) warn(jump.code, `field=${field};${jump.detail}`);
		}
		const before = last?.get(entity);
		const same = before?.generated_wh === generated_wh && before.consumed_wh === consumed_wh;
		if (same && generated_wh + consumed_wh > 0n) {
			warn('same-as-last-month', `generated_wh=${generated_wh};consumed_wh=${consumed_wh}`);
		}
		if (entry.capacity_w === 0n && generated_wh > 0n) {
			warn('generation-without-generator', `generated_wh=${generated_wh}`);
		} else if (entry.capacity_w !== null) {
			const percent = BigInt(thresholds.above_capacity_percent);
			const bound = (entry.capacity_w * hoursOf(input.period) * percent) / 100n;
			if (generated_wh > bound) warn('above-capacity', `expected=${bound};actual=${generated_wh}`);
		}
		const { estimated_wh, quality } = reading;
		const estimated = quality === 'S' || quality === 'E';
		if (estimated && estimated_wh > BigInt(thresholds.estimates_wh)) {
			warn('estimates', `quality=${quality};estimated_wh=${estimated_wh}`);
		}
		return warnings;
	});
	return found.toSorted((a, b) => (a.code === b.code ? 0 : a.code < b.code ? -1 : 1));
}

/** A slip of the unit (about 1000 times the median, or a thousandth), else a spike above the maximum. */
function findJump(
	actual: WattHours,
	past: readonly WattHours[],
	thresholds: { spike_factor: number; unit_slip_from: number; unit_slip_to: number },
): { readonly code: 'spike' | 'unit-slip'; readonly detail: string } | null {
	if (past.length < HISTORY_LEAST || actual === 0n) return null;
	const sorted = past.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	const median = sorted[(sorted.length - 1) >> 1] ?? 0n;
	const highest = sorted.at(-1) ?? 0n;
	const from = BigInt(thresholds.unit_slip_from);
	const to = BigInt(thresholds.unit_slip_to);
	const slipped = (large: WattHours, small: WattHours) =>
		small > 0n && large >= small * from && large <= small * to;
	if (slipped(actual, median) || slipped(median, actual)) {
		return { code: 'unit-slip', detail: `expected=${median};actual=${actual}` };
	}
	if (highest > 0n && actual > highest * BigInt(thresholds.spike_factor)) {
		return { code: 'spike', detail: `expected=${highest};actual=${actual}` };
	}
	return null;
}
