import type { Series } from '../readings/series.ts';
import { poolByIntervals, sharesByIntervals } from './interval-shares.ts';
import { assertInvariants } from './invariants.ts';
import type { Flow } from './matrix.ts';
import { roundToWattHours, unitsOf } from './micro.ts';
import { type Allocation, arrange, type NettedBalance, type Settlement } from './settle.ts';
import type { Shares } from './share-out.ts';

/**
 * The settlement of a period whose intervals are settled one by one, in micro-Wh, and added up
 * (docs/spec/intervals.md). Throws only where an invariant is broken, which is a bug.
 */
export function settleIntervals(series: Series, rules: Allocation): Settlement {
	const sums = isPlain(rules) ? poolByIntervals(series, rules) : sharesByIntervals(series, rules);
	const { entities } = series;
	const balances = entities.map((entity, index): NettedBalance => {
		return {
			entity,
			generated_wh: BigInt(sums.generated[index] ?? 0),
			consumed_wh: BigInt(sums.consumed[index] ?? 0),
			self_consumed_wh: BigInt(sums.self[index] ?? 0),
		};
	});
	// An agreement's cell is its sum rounded down; so no margin is smaller than its cells.
	const contracts = [...sums.contracts].flatMap(([key, units]): Flow[] => {
		const [from = '', to = ''] = key.split(' ');
		return units < MICRO_UNITS ? [] : [{ from, to, units: units / MICRO_UNITS }];
	});
	const margin = (units: readonly bigint[], side: 'from' | 'to') => {
		const left = roundToWattHours(units).map((wh, index) => [entities[index] ?? '', wh] as const);
		const margins = new Map(left);
		for (const flow of contracts) {
			margins.set(flow[side], (margins.get(flow[side]) ?? 0n) - flow.units);
		}
		return margins;
	};
	const shares: Shares = {
		contracts,
		delivered: margin(unitsOf(sums.delivered), 'from'),
		received: margin(unitsOf(sums.received), 'to'),
	};
	const settlement = arrange(balances, shares, rules);
	assertInvariants(settlement, rules, { bound_wh: BigInt(sums.bound) });
	return settlement;
}

const MICRO_UNITS = 1_000_000n;

/** Whether all that can be shared is, in proportion on both sides: what most campuses do. */
function isPlain({ allocation, delivery }: Allocation): boolean {
	const [stage, ...more] = allocation;
	const proportional = stage?.rule === 'proportional' && stage.limit === undefined;
	return proportional && more.length === 0 && (delivery?.rule ?? 'proportional') === 'proportional';
}
