import { readMeteringPoints } from '../core/data/metering-points.ts';
import { readPeriodInput } from '../core/data/period-input.ts';
import { readRegister } from '../core/data/register.ts';
import type { Files } from '../core/format/bytes.ts';
import { runFolder } from '../core/paths.ts';
import type { PeriodTime } from '../core/readings/period-time.ts';
import type { Series } from '../core/readings/series.ts';
import { sumUnits } from '../core/settlement/apportion.ts';
import { type Balance, settle } from '../core/settlement/settle.ts';
import { recordedTime } from '../core/verification/basis.ts';
import type { PublishedRun } from './published.ts';

/** The totals in which a month differs by its basis. */
export const NETTED = ['self_consumed', 'shared', 'imported', 'exported'] as const;
export type Netted = Readonly<Record<(typeof NETTED)[number], bigint>>;

/** What all entities did in each interval of a month, in Wh; part of no record. */
export interface IntervalMonth {
	readonly time: PeriodTime;
	readonly consumed: readonly number[];
	readonly generated: readonly number[];
	readonly self_consumed: readonly number[];
	/** Null where the rule set left something that could have been shared. */
	readonly shared: readonly number[] | null;
	/** The interval in which most was shared of what all needed together; null if none was. */
	readonly example: { readonly index: number; readonly balances: readonly Balance[] } | null;
}

/** What a run would say had its month been netted as a whole, under the same rules; in Wh. */
export function netByMonth({ lines, rules }: Pick<PublishedRun, 'lines' | 'rules'>): Netted {
	const balances = lines.flatMap(({ row }) => row ?? []);
	// The totals are the same by either method, and the chain is quick with any number of entities.
	const { positions, shared_wh } = settle(balances, { ...rules, matrix: 'chain' });
	return {
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
	const snapshot = (name: string) =>
		files.get(`${runFolder(run.period, run.run)}/${name}`) ?? new Uint8Array();
	const register = readRegister('entities.csv', snapshot('entities.csv'));
	const points = readMeteringPoints('metering-points.csv', snapshot('metering-points.csv'), null);
	const basis = { kind: 'interval', time, points } as const;
	const { input, problems } = readPeriodInput(files, run.period, run.run, register, basis);
	if (input.intervals === null || problems.length > 0) return null;
	const month = sumIntervals(input.intervals.series, time, run.rules.excluded ?? []);
	const { totals } = run;
	const agrees = (['consumed', 'generated', 'self_consumed'] as const).every((it) => {
		return sumOf(month[it]) === totals[`${it}_wh`];
	});
	if (!agrees) return null;
	// Of no interval more is shared than the pool could take: where the sums agree, it was that much.
	return sumOf(month.shared) === totals.shared_wh ? month : { ...month, shared: null };
}

function sumOf(values: readonly number[]): bigint {
	return BigInt(values.reduce((sum, wh) => sum + wh, 0));
}

function sumIntervals(series: Series, time: PeriodTime, excluded: readonly string[]) {
	const { intervals, entities, generated, consumed } = series;
	const empty = () => new Array<number>(intervals).fill(0);
	const sums = { consumed: empty(), generated: empty(), self_consumed: empty() };
	const [supply, demand] = [empty(), empty()];
	const add = (to: number[], at: number, wh: number) => {
		to[at] = (to[at] ?? 0) + wh;
	};
	for (const [entity, id] of entities.entries()) {
		const sharing = !excluded.includes(id);
		for (let at = 0; at < intervals; at++) {
			const up = generated[entity * intervals + at] ?? 0;
			const down = consumed[entity * intervals + at] ?? 0;
			add(sums.generated, at, up);
			add(sums.consumed, at, down);
			add(sums.self_consumed, at, Math.min(up, down));
			if (sharing && up > down) add(supply, at, up - down);
			if (sharing && down > up) add(demand, at, down - up);
		}
	}
	const shared = supply.map((wh, at) => Math.min(wh, demand[at] ?? 0));
	let index = -1;
	for (const [at, wh] of shared.entries()) {
		const scarce = (supply[at] ?? 0) <= (demand[at] ?? 0);
		if (scarce && wh > (shared[index] ?? 0)) index = at;
	}
	const balances = entities.map((entity, row): Balance => {
		const at = row * intervals + index;
		return {
			entity,
			generated_wh: BigInt(generated[at] ?? 0),
			consumed_wh: BigInt(consumed[at] ?? 0),
		};
	});
	return { time, ...sums, shared, example: index < 0 ? null : { index, balances } };
}
