import type { RuleSet } from '../data/rules.ts';
import type { WattHours } from '../format/energy.ts';
import { compareText } from '../problem.ts';
import { sumUnits } from './apportion.ts';
import { assertInvariants } from './invariants.ts';
import { CELL_LIMIT, cellsOf, type Flow, matrix } from './matrix.ts';
import { capsOf, type Shares, shareOut } from './share-out.ts';

/** What an entity generated and consumed in the period, in Wh. */
export interface Balance {
	readonly entity: string;
	readonly generated_wh: WattHours;
	readonly consumed_wh: WattHours;
}

/** A settled entity; all quantities in Wh, none negative. */
export interface Position extends Balance {
	readonly self_consumed_wh: WattHours;
	readonly surplus_wh: WattHours;
	readonly deficit_wh: WattHours;
	readonly delivered_wh: WattHours;
	readonly received_wh: WattHours;
	readonly exported_wh: WattHours;
	readonly imported_wh: WattHours;
}

export interface Settlement {
	/** By entity id. */
	readonly positions: readonly Position[];
	/** Who supplied whom, in Wh, by source and sink id; the pool's part and the contracts added up. */
	readonly flows: readonly Flow[];
	/** T: all energy that changed hands. */
	readonly shared_wh: WattHours;
	/** Sources times sinks: the cells that an exact matrix may have. */
	readonly cells: number;
}

/** The part of a rule set that decides who gets whose energy. */
export type Allocation = Pick<RuleSet, 'allocation' | 'delivery' | 'excluded' | 'matrix'>;

/**
 * The settlement of one period from its balances, at most one per entity, in any order
 * (docs/spec/rules.md). Throws only where an invariant is broken, which is a bug.
 */
export function settle(balances: readonly Balance[], rules: Allocation): Settlement {
	const sorted = balances.toSorted((a, b) => compareText(a.entity, b.entity));
	const nets = sorted.map((it) => [it.entity, it.generated_wh - it.consumed_wh] as const);
	const netted = sorted.map((it) => {
		return { ...it, self_consumed_wh: smaller(it.generated_wh, it.consumed_wh) };
	});
	const settlement = arrange(netted, shareOut(nets, rules, capsOf(rules, 1n)), rules);
	assertInvariants(settlement, rules, null);
	return settlement;
}

/** What an entity generated and consumed, and how much of both at once. */
export interface NettedBalance extends Balance {
	readonly self_consumed_wh: WattHours;
}

/** The positions, and who supplied whom, of entities by id that gave and took so much in Wh. */
export function arrange(
	balances: readonly NettedBalance[],
	{ contracts, delivered, received }: Shares,
	rules: Allocation,
): Settlement {
	const cells = cellsOf(delivered, received, contracts);
	// Above the limit the rule set has to name the chain: the caller refuses, without the long wait.
	const method = cells > CELL_LIMIT ? 'chain' : (rules.matrix ?? 'exact');
	const flows = mergeFlows([...contracts, ...matrix(method, delivered, received)]);
	const given = sumBy(flows, 'from');
	const taken = sumBy(flows, 'to');
	const positions = balances.map((it) =>
		position(it, given.get(it.entity) ?? 0n, taken.get(it.entity) ?? 0n),
	);
	return { positions, flows, shared_wh: sumUnits(flows.map((it) => it.units)), cells };
}

function sumBy(flows: readonly Flow[], side: 'from' | 'to'): ReadonlyMap<string, WattHours> {
	const sums = new Map<string, WattHours>();
	for (const flow of flows) sums.set(flow[side], (sums.get(flow[side]) ?? 0n) + flow.units);
	return sums;
}

function position(
	balance: NettedBalance,
	delivered_wh: WattHours,
	received_wh: WattHours,
): Position {
	const { entity, generated_wh, consumed_wh, self_consumed_wh } = balance;
	const surplus_wh = generated_wh - self_consumed_wh;
	const deficit_wh = consumed_wh - self_consumed_wh;
	return {
		entity,
		generated_wh,
		consumed_wh,
		self_consumed_wh,
		surplus_wh,
		deficit_wh,
		delivered_wh,
		received_wh,
		exported_wh: surplus_wh - delivered_wh,
		imported_wh: deficit_wh - received_wh,
	};
}

/** One flow for each pair, by source and sink id. */
function mergeFlows(flows: readonly Flow[]): Flow[] {
	const merged = new Map<string, Flow>();
	for (const { from, to, units } of flows) {
		const key = `${from} ${to}`;
		merged.set(key, { from, to, units: (merged.get(key)?.units ?? 0n) + units });
	}
	return [...merged.values()].toSorted(
		(a, b) => compareText(a.from, b.from) || compareText(a.to, b.to),
	);
}

function smaller(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}
