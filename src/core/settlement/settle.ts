import type { Delivery, PoolStage, RuleSet, Stage } from '../data/rules.ts';
import { parseEnergy, type WattHours } from '../format/energy.ts';
import { compareText, impossible } from '../problem.ts';
import { apportion, fill, largestRemainder, sumUnits } from './apportion.ts';
import { assertInvariants } from './invariants.ts';
import { CELL_LIMIT, cellsOf, type Flow, matrix } from './matrix.ts';

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

interface Pool {
	readonly surplus: Map<string, WattHours>;
	readonly deficit: Map<string, WattHours>;
}

/**
 * The settlement of one period from its balances, at most one per entity, in any order
 * (docs/spec/rules.md). Throws only where an invariant is broken, which is a bug.
 */
export function settle(balances: readonly Balance[], rules: Allocation): Settlement {
	const sorted = balances.toSorted((a, b) => compareText(a.entity, b.entity));
	const excluded = new Set(rules.excluded);
	const delivery = rules.delivery ?? { rule: 'proportional' };
	const pool = openPool(sorted, excluded, delivery);
	const contracts = rules.allocation.flatMap((stage) => settleContracts(stage, pool));

	const offered = sumUnits(pool.surplus.values());
	const received = new Map<string, WattHours>();
	let left = offered;
	for (const stage of rules.allocation) {
		if (stage.rule === 'contract') continue;
		const offer = stage.limit ? smaller(left, limitOf(stage.limit, offered)) : left;
		for (const [entity, wh] of allocate(stage, offer, pool.deficit)) {
			add(received, entity, wh);
			add(pool.deficit, entity, -wh);
			left -= wh;
		}
	}
	const delivered = deliver(offered - left, pool.surplus, delivery);
	const cells = cellsOf(delivered, received, contracts);
	// Above the limit the rule set has to name the chain: the caller refuses, without the long wait.
	const method = cells > CELL_LIMIT ? 'chain' : (rules.matrix ?? 'exact');
	const flows = mergeFlows([...contracts, ...matrix(method, delivered, received)]);
	const given = sumBy(flows, 'from');
	const taken = sumBy(flows, 'to');
	const positions = sorted.map((it) =>
		position(it, given.get(it.entity) ?? 0n, taken.get(it.entity) ?? 0n),
	);
	const settlement = { positions, flows, shared_wh: sumUnits(flows.map((it) => it.units)), cells };
	assertInvariants(settlement, { ...rules, matrix: method });
	return settlement;
}

/** Surpluses and deficits of those that take part. */
function openPool(
	balances: readonly Balance[],
	excluded: ReadonlySet<string>,
	delivery: Delivery,
): Pool {
	const pool: Pool = { surplus: new Map(), deficit: new Map() };
	for (const { entity, generated_wh, consumed_wh } of balances) {
		if (excluded.has(entity)) continue;
		const net = generated_wh - consumed_wh;
		const delivers = delivery.rule === 'proportional' || Object.hasOwn(delivery.ranks, entity);
		pool.surplus.set(entity, net > 0n && delivers ? net : 0n);
		pool.deficit.set(entity, net < 0n ? -net : 0n);
	}
	return pool;
}

/** Agreements in order: fixed cells of the matrix, taken out of the pool. */
function settleContracts(stage: Stage, pool: Pool): Flow[] {
	if (stage.rule !== 'contract') return [];
	const initial = new Map(pool.surplus);
	return stage.agreements.flatMap(({ from, to, cap_kwh, share }) => {
		const bounds = [pool.surplus.get(from) ?? 0n, pool.deficit.get(to) ?? 0n];
		if (cap_kwh !== undefined) bounds.push(wattHours(cap_kwh));
		if (share !== undefined) bounds.push(limitOf(share, initial.get(from) ?? 0n));
		const units = bounds.reduce(smaller);
		if (units === 0n) return [];
		add(pool.surplus, from, -units);
		add(pool.deficit, to, -units);
		return [{ from, to, units }];
	});
}

/** What each entity receives of an offer under one stage: never more than its deficit. */
function allocate(
	stage: PoolStage,
	offer: WattHours,
	deficit: ReadonlyMap<string, WattHours>,
): ReadonlyMap<string, WattHours> {
	const open = [...deficit].map(([entity, wh]) => ({ entity, cap: wh }));
	switch (stage.rule) {
		case 'proportional':
			return fill(
				offer,
				open.map((it) => ({ ...it, weight: it.cap })),
			);
		case 'equal':
			return fill(
				offer,
				open.map((it) => ({ ...it, weight: 1n })),
			);
		case 'fixed-redistribute':
			return fill(
				offer,
				open.map((it) => ({ ...it, weight: keyOf(stage.keys, it.entity) })),
			);
		case 'fixed': {
			const claims = open.map(({ entity }) => ({ entity, weight: keyOf(stage.keys, entity) }));
			const slack = BigInt(stage.denominator) - sumUnits(claims.map(({ weight }) => weight));
			const parts = apportion(offer, claims, slack);
			return new Map(
				open.map(({ entity, cap }) => [entity, smaller(parts.get(entity) ?? 0n, cap)]),
			);
		}
		case 'priority':
			return allocateByRank(stage.ranks, offer, open);
	}
}

function allocateByRank(
	ranks: Readonly<Record<string, number>>,
	offer: WattHours,
	open: readonly { readonly entity: string; readonly cap: WattHours }[],
): ReadonlyMap<string, WattHours> {
	const received = new Map<string, WattHours>();
	let left = offer;
	const ranked = open.filter(({ entity }) => Object.hasOwn(ranks, entity));
	for (const rank of new Set(
		ranked.map(({ entity }) => ranks[entity] ?? 0).toSorted((a, b) => a - b),
	)) {
		const level = ranked.filter(({ entity }) => ranks[entity] === rank);
		for (const [entity, wh] of fill(
			left,
			level.map((it) => ({ ...it, weight: it.cap })),
		)) {
			received.set(entity, wh);
		}
		left = offer - sumUnits(received.values());
	}
	return received;
}

/** Who delivered the total: by largest remainder over the surpluses, or by rank, then id. */
function deliver(
	total: WattHours,
	surplus: ReadonlyMap<string, WattHours>,
	delivery: Delivery,
): ReadonlyMap<string, WattHours> {
	if (delivery.rule === 'proportional') {
		return largestRemainder(
			total,
			[...surplus].map(([entity, weight]) => ({ entity, weight })),
		);
	}
	const { ranks } = delivery;
	const order = [...surplus].toSorted(
		([a], [b]) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || compareText(a, b),
	);
	let left = total;
	return new Map(
		order.map(([entity, wh]) => {
			const part = smaller(left, wh);
			left -= part;
			return [entity, part];
		}),
	);
}

function sumBy(flows: readonly Flow[], side: 'from' | 'to'): ReadonlyMap<string, WattHours> {
	const sums = new Map<string, WattHours>();
	for (const flow of flows) add(sums, flow[side], flow.units);
	return sums;
}

function position(balance: Balance, delivered_wh: WattHours, received_wh: WattHours): Position {
	const { entity, generated_wh, consumed_wh } = balance;
	const self_consumed_wh = smaller(generated_wh, consumed_wh);
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

function keyOf(keys: Readonly<Record<string, number>>, entity: string): bigint {
	return Object.hasOwn(keys, entity) ? BigInt(keys[entity] ?? 0) : 0n;
}

function limitOf([part, whole]: readonly [number, number], amount: WattHours): WattHours {
	return (amount * BigInt(part)) / BigInt(whole);
}

function wattHours(kwh: string): WattHours {
	const energy = parseEnergy(kwh);
	return 'wh' in energy ? energy.wh : impossible(`unread energy ${kwh}`);
}

function add(to: Map<string, bigint>, entity: string, units: bigint): void {
	to.set(entity, (to.get(entity) ?? 0n) + units);
}

function smaller(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}
