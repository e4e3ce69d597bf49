import { readMeteringPoints } from '../core/data/metering-points.ts';
import { readPeriodInput } from '../core/data/period-input.ts';
import { readRegister } from '../core/data/register.ts';
import type { Files } from '../core/format/bytes.ts';
import { runFolder } from '../core/paths.ts';
import type { PeriodTime } from '../core/readings/period-time.ts';
import type { Series } from '../core/readings/series.ts';
import { sumUnits } from '../core/settlement/apportion.ts';
import { settleIntervals } from '../core/settlement/intervals.ts';
import { type CampusProfile, profileOf } from '../core/settlement/profile.ts';
import { type Balance, type Settlement, settle } from '../core/settlement/settle.ts';
import { recordedTime } from '../core/verification/basis.ts';
import type { PublishedRun } from './published.ts';

/** The totals in which a month differs by its basis. */
export const NETTED = ['self_consumed', 'shared', 'imported', 'exported'] as const;
export type Netted = Readonly<Record<(typeof NETTED)[number], bigint>>;

/** What the readings of a month show beside its statement; part of no record. */
export interface IntervalMonth {
	readonly time: PeriodTime;
	readonly profile: CampusProfile;
	/** The interval in which most was shared and all of it needed; null where there is none. */
	readonly example: { readonly index: number; readonly balances: readonly Balance[] } | null;
}

/** What a run would say had its month been netted as a whole, under the same rules; in Wh. */
export function netByMonth({ lines, rules }: Pick<PublishedRun, 'lines' | 'rules'>): Netted {
	const balances = lines.flatMap(({ row }) => row ?? []);
	// The totals are the same by either method, and the chain is quick with any number of entities.
	return totalsOf(settle(balances, { ...rules, matrix: 'chain' }));
}

function totalsOf({ positions, shared_wh }: Settlement) {
	return {
		generated: sumUnits(positions.map((it) => it.generated_wh)),
		consumed: sumUnits(positions.map((it) => it.consumed_wh)),
		self_consumed: sumUnits(positions.map((it) => it.self_consumed_wh)),
		shared: shared_wh,
		imported: sumUnits(positions.map((it) => it.imported_wh)),
		exported: sumUnits(positions.map((it) => it.exported_wh)),
	};
}

/**
 * The intervals of a run from the readings that it was computed from. Null on monthly basis, and where
 * the readings do not come to the totals that were signed: that is for verification to judge.
 */
export function readIntervalMonth(files: Files, run: PublishedRun): IntervalMonth | null {
	const time = recordedTime(run.manifest);
	if (time === null) return null;
	const { period, rules } = run;
	const snapshot = (name: string) =>
		files.get(`${runFolder(period, run.run)}/${name}`) ?? new Uint8Array();
	const register = readRegister('entities.csv', snapshot('entities.csv'));
	const points = readMeteringPoints('metering-points.csv', snapshot('metering-points.csv'), null);
	const basis = { kind: 'interval', time, points } as const;
	const { input, problems } = readPeriodInput(files, period, run.run, register, basis);
	if (input.intervals === null || problems.length > 0) return null;
	const { series } = input.intervals;
	const settlement = settleIntervals(series, { ...rules, matrix: 'chain' });
	const totals = Object.entries(totalsOf(settlement));
	const signed = new Map<string, bigint>(Object.entries(run.totals));
	if (totals.some(([key, wh]) => signed.get(`${key}_wh`) !== wh)) return null;
	const profile = profileOf(series, settlement, time);
	const index = tellingInterval(series, settlement.shared_by_interval, rules.excluded ?? []);
	return { time, profile, example: index < 0 ? null : { index, balances: within(series, index) } };
}

/** Where all surplus was taken, no part of it has to be rounded: the fewest figures tell the most. */
function tellingInterval(
	series: Series,
	shared: Float64Array,
	excluded: readonly string[],
): number {
	let index = -1;
	for (const [at, wh] of shared.entries()) {
		if (wh <= (shared[index] ?? 0)) continue;
		const nets = within(series, at)
			.filter(({ entity }) => !excluded.includes(entity))
			.map(({ generated_wh, consumed_wh }) => generated_wh - consumed_wh);
		if (sumUnits(nets) <= 0n) index = at;
	}
	return index;
}

/** What each entity generated and consumed in one interval. */
function within(series: Series, index: number): readonly Balance[] {
	return series.entities.map((entity, row) => {
		const at = row * series.intervals + index;
		return {
			entity,
			generated_wh: BigInt(series.generated[at] ?? 0),
			consumed_wh: BigInt(series.consumed[at] ?? 0),
		};
	});
}
