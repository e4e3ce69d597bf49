import type { WattHours } from '../format/energy.ts';
import { compareText } from '../problem.ts';
import { smaller, sumUnits } from './apportion.ts';
import { assertInvariants } from './invariants.ts';
import { CELL_LIMIT, cellsOf, type Flow, matrix } from './matrix.ts';
import { type Allocation, type Pool, type Shares, sharePool, type Terms, termsOf } from './pool.ts';

export type { Allocation } from './pool.ts';

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

/** A balance and the part of it that never left the entity. */
export interface OwnUse extends Balance {
	readonly self_consumed_wh: WattHours;
}

/**
 * The settlement of one period from its balances, at most one per entity, in any order
 * (docs/spec/rules.md). Throws only where an invariant is broken, which is a bug.
 */
export function settle(balances: readonly Balance[], rules: Allocation): Settlement {
	const sorted = balances.toSorted((a, b) => compareText(a.entity, b.entity)).map(ownUse);
	const entities = sorted.map(({ entity }) => entity);
	const terms = termsOf(rules, entities, 1n);
	const shares = shareMonth(sorted, terms);
	const settlement = assemble(sorted, terms, shares, rules.matrix);
	assertInvariants(settlement, rules);
	return settlement;
}

/** Netting over the whole month. */
export function ownUse(balance: Balance): OwnUse {
	const self_consumed_wh = smaller(balance.generated_wh, balance.consumed_wh);
	return { ...balance, self_consumed_wh };
}

/** What monthly netting shares out; own uses by entity id. */
export function shareMonth(owns: readonly OwnUse[], terms: Terms): Shares {
	const pool: Pool = {
		surplus: owns.map((it, row) =>
			terms.offers[row] ? it.generated_wh - it.self_consumed_wh : 0n,
		),
		deficit: owns.map((it, row) => (terms.takes[row] ? it.consumed_wh - it.self_consumed_wh : 0n)),
	};
	const caps = terms.agreements.map(({ cap }) => cap);
	return sharePool(terms, pool, caps);
}

/** Statement and matrix from what was shared out, in Wh, by row; own uses by entity id. */
export function assemble(
	owns: readonly OwnUse[],
	{ agreements }: Terms,
	{ contracts, delivered, received }: Shares,
	wanted: Allocation['matrix'],
): Settlement {
	const name = (row: number) => owns[row]?.entity ?? '';
	const fixed = agreements.flatMap(({ from, to }, index) => {
		const units = contracts[index] ?? 0n;
		return units === 0n ? [] : [{ from: name(from), to: name(to), units }];
	});
	const margin = (units: readonly bigint[]) => new Map(units.map((it, row) => [name(row), it]));
	const [given, taken] = [margin(delivered), margin(received)];
	const cells = cellsOf(given, taken, fixed);
	// Above the limit the rule set has to name the chain: the caller refuses, without the long wait.
	const method = cells > CELL_LIMIT ? 'chain' : (wanted ?? 'exact');
	const flows = mergeFlows([...fixed, ...matrix(method, given, taken)]);
	for (const { from, to, units } of fixed) {
		given.set(from, (given.get(from) ?? 0n) + units);
		taken.set(to, (taken.get(to) ?? 0n) + units);
	}
	const positions = owns.map((it) =>
		position(it, given.get(it.entity) ?? 0n, taken.get(it.entity) ?? 0n),
	);
	return { positions, flows, shared_wh: sumUnits(flows.map((it) => it.units)), cells };
}

function position(own: OwnUse, delivered_wh: WattHours, received_wh: WattHours): Position {
	const { entity, generated_wh, consumed_wh, self_consumed_wh } = own;
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
