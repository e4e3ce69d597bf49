import type { Delivery, PoolStage, Stage } from '../data/rules.ts';
import { parseEnergy } from '../format/energy.ts';
import { compareText, impossible } from '../problem.ts';
import { apportion, fill, largestRemainder, sumUnits } from './apportion.ts';
import type { Flow } from './matrix.ts';
import type { Allocation } from './settle.ts';

/** Who gave and took how much, in the units of what was shared out: Wh, or parts of one. */
export interface Shares {
	/** What agreements fixed. */
	readonly contracts: readonly Flow[];
	/** The pool's part. */
	readonly delivered: ReadonlyMap<string, bigint>;
	readonly received: ReadonlyMap<string, bigint>;
}

/** What is left of each agreement's cap, in units; those without a cap are not in it. */
export type Caps = Map<Agreement, bigint>;
type Agreement = Extract<Stage, { rule: 'contract' }>['agreements'][number];

interface Pool {
	readonly surplus: Map<string, bigint>;
	readonly deficit: Map<string, bigint>;
}

/** The caps of a period that has not begun, in units of which so many are a Wh. */
export function capsOf({ allocation }: Allocation, perWh: bigint): Caps {
	const agreements = allocation.flatMap((it) => (it.rule === 'contract' ? it.agreements : []));
	return new Map(
		agreements.flatMap((it) =>
			it.cap_kwh === undefined ? [] : [[it, wattHours(it.cap_kwh) * perWh] as const],
		),
	);
}

/**
 * All stages of a rule set over the net generation of entities, by id, at one time
 * (docs/spec/rules.md). What agreements give is taken from the caps.
 */
export function shareOut(
	nets: readonly (readonly [string, bigint])[],
	rules: Allocation,
	caps: Caps,
): Shares {
	const delivery = rules.delivery ?? { rule: 'proportional' };
	const pool = openPool(nets, new Set(rules.excluded), delivery);
	const contracts = rules.allocation.flatMap((stage) => settleContracts(stage, pool, caps));
	const offered = sumUnits(pool.surplus.values());
	const received = new Map<string, bigint>();
	let left = offered;
	for (const stage of rules.allocation) {
		if (stage.rule === 'contract') continue;
		const offer = stage.limit ? smaller(left, limitOf(stage.limit, offered)) : left;
		for (const [entity, units] of allocate(stage, offer, pool.deficit)) {
			add(received, entity, units);
			add(pool.deficit, entity, -units);
			left -= units;
		}
	}
	return { contracts, received, delivered: deliver(offered - left, pool.surplus, delivery) };
}

/** Surpluses and deficits of those that take part. */
function openPool(
	nets: readonly (readonly [string, bigint])[],
	excluded: ReadonlySet<string>,
	delivery: Delivery,
): Pool {
	const pool: Pool = { surplus: new Map(), deficit: new Map() };
	for (const [entity, net] of nets) {
		if (excluded.has(entity)) continue;
		const delivers = delivery.rule === 'proportional' || Object.hasOwn(delivery.ranks, entity);
		pool.surplus.set(entity, net > 0n && delivers ? net : 0n);
		pool.deficit.set(entity, net < 0n ? -net : 0n);
	}
	return pool;
}

/** Agreements in order: fixed cells of the matrix, taken out of the pool. */
function settleContracts(stage: Stage, pool: Pool, caps: Caps): Flow[] {
	if (stage.rule !== 'contract') return [];
	const initial = new Map(pool.surplus);
	return stage.agreements.flatMap((agreement) => {
		const { from, to, share } = agreement;
		const bounds = [pool.surplus.get(from) ?? 0n, pool.deficit.get(to) ?? 0n];
		const cap = caps.get(agreement);
		if (cap !== undefined) bounds.push(cap);
		if (share !== undefined) bounds.push(limitOf(share, initial.get(from) ?? 0n));
		const units = bounds.reduce(smaller);
		if (units === 0n) return [];
		if (cap !== undefined) caps.set(agreement, cap - units);
		add(pool.surplus, from, -units);
		add(pool.deficit, to, -units);
		return [{ from, to, units }];
	});
}

/** What each entity receives of an offer under one stage: never more than its deficit. */
function allocate(
	stage: PoolStage,
	offer: bigint,
	deficit: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, bigint> {
	const open = [...deficit].map(([entity, units]) => ({ entity, cap: units }));
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
	offer: bigint,
	open: readonly { readonly entity: string; readonly cap: bigint }[],
): ReadonlyMap<string, bigint> {
	const received = new Map<string, bigint>();
	let left = offer;
	const ranked = open.filter(({ entity }) => Object.hasOwn(ranks, entity));
	for (const rank of new Set(
		ranked.map(({ entity }) => ranks[entity] ?? 0).toSorted((a, b) => a - b),
	)) {
		const level = ranked.filter(({ entity }) => ranks[entity] === rank);
		for (const [entity, units] of fill(
			left,
			level.map((it) => ({ ...it, weight: it.cap })),
		)) {
			received.set(entity, units);
		}
		left = offer - sumUnits(received.values());
	}
	return received;
}

/** Who delivered the total: by largest remainder over the surpluses, or by rank, then id. */
function deliver(
	total: bigint,
	surplus: ReadonlyMap<string, bigint>,
	delivery: Delivery,
): ReadonlyMap<string, bigint> {
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
		order.map(([entity, units]) => {
			const part = smaller(left, units);
			left -= part;
			return [entity, part];
		}),
	);
}

function keyOf(keys: Readonly<Record<string, number>>, entity: string): bigint {
	return Object.hasOwn(keys, entity) ? BigInt(keys[entity] ?? 0) : 0n;
}

function limitOf([part, whole]: readonly [number, number], amount: bigint): bigint {
	return (amount * BigInt(part)) / BigInt(whole);
}

function wattHours(kwh: string): bigint {
	const energy = parseEnergy(kwh);
	return 'wh' in energy ? energy.wh : impossible(`unread energy ${kwh}`);
}

function add(to: Map<string, bigint>, entity: string, units: bigint): void {
	to.set(entity, (to.get(entity) ?? 0n) + units);
}

function smaller(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}
