import type { Delivery, PoolStage, RuleSet } from '../data/rules.ts';
import { parseEnergy } from '../format/energy.ts';
import { impossible } from '../problem.ts';
import { apportion, fill, fillByNeed, smaller, sumUnits } from './apportion.ts';

/** The part of a rule set that decides who gets whose energy. */
export type Allocation = Pick<RuleSet, 'allocation' | 'delivery' | 'excluded' | 'matrix'>;

type Fraction = readonly [number, number];

/** An agreement between two rows. */
export interface Agreement {
	readonly from: number;
	readonly to: number;
	/** In the unit of the pool; null without. */
	readonly cap: bigint | null;
	readonly share: Fraction | undefined;
}

/** A stage with the weights of its rows. */
export type RowStage = { readonly limit: Fraction | undefined } & (
	| { readonly rule: 'proportional' | 'equal' }
	| { readonly rule: 'fixed'; readonly keys: readonly bigint[]; readonly slack: bigint }
	| { readonly rule: 'fixed-redistribute'; readonly keys: readonly bigint[] }
	| { readonly rule: 'priority'; readonly levels: readonly (readonly number[])[] }
);

/** A rule set applied to entities in the order of their ids: row e is the entity e. */
export interface Terms {
	readonly rows: number;
	/** Whether the surplus, or the deficit, of a row takes part. */
	readonly offers: readonly boolean[];
	readonly takes: readonly boolean[];
	readonly agreements: readonly Agreement[];
	readonly stages: readonly RowStage[];
	/** Rows in the order in which they deliver; null where all do in proportion. */
	readonly order: readonly number[] | null;
}

/** What is offered and needed: by row, zero for those that do not take part. */
export interface Pool {
	readonly surplus: bigint[];
	readonly deficit: bigint[];
}

/** Who got and gave how much: the agreements' flows apart from what the stages moved, by row. */
export interface Shares {
	readonly contracts: readonly bigint[];
	readonly delivered: readonly bigint[];
	readonly received: readonly bigint[];
}

/** The rules for entities in the order of their ids; `unit` is how many units a watt-hour has. */
export function termsOf(rules: Allocation, entities: readonly string[], unit: bigint): Terms {
	const excluded = new Set(rules.excluded);
	const delivery = rules.delivery ?? { rule: 'proportional' };
	const takes = entities.map((entity) => !excluded.has(entity));
	const delivers = (entity: string) =>
		delivery.rule === 'proportional' || Object.hasOwn(delivery.ranks, entity);
	const rows = new Map(entities.map((entity, row) => [entity, row]));
	return {
		rows: entities.length,
		takes,
		offers: entities.map((entity, row) => takes[row] === true && delivers(entity)),
		agreements: rules.allocation.flatMap((stage) => {
			if (stage.rule !== 'contract') return [];
			return stage.agreements.map(({ from, to, cap_kwh, share }) => ({
				// Whoever is not settled in the period neither gives nor takes.
				from: rows.get(from) ?? -1,
				to: rows.get(to) ?? -1,
				cap: cap_kwh === undefined ? null : wattHours(cap_kwh) * unit,
				share,
			}));
		}),
		stages: rules.allocation.flatMap((stage) =>
			stage.rule === 'contract' ? [] : rowStage(stage, entities, takes),
		),
		order: deliveryOrder(delivery, entities),
	};
}

function rowStage(
	stage: PoolStage,
	entities: readonly string[],
	takes: readonly boolean[],
): RowStage {
	const { limit } = stage;
	const keysOf = (keys: Readonly<Record<string, number>>) =>
		entities.map((entity, row) =>
			takes[row] && Object.hasOwn(keys, entity) ? BigInt(keys[entity] ?? 0) : 0n,
		);
	switch (stage.rule) {
		case 'proportional':
		case 'equal':
			return { rule: stage.rule, limit };
		case 'fixed-redistribute':
			return { rule: stage.rule, limit, keys: keysOf(stage.keys) };
		case 'fixed': {
			const keys = keysOf(stage.keys);
			const slack = BigInt(stage.denominator) - sumUnits(keys);
			return { rule: stage.rule, limit, keys, slack };
		}
		case 'priority': {
			const levels = new Map<number, number[]>();
			for (const [row, entity] of entities.entries()) {
				if (!takes[row] || !Object.hasOwn(stage.ranks, entity)) continue;
				const rank = stage.ranks[entity] ?? 0;
				const level = levels.get(rank);
				if (level === undefined) levels.set(rank, [row]);
				else level.push(row);
			}
			const ranked = [...levels].toSorted(([a], [b]) => a - b);
			return { rule: stage.rule, limit, levels: ranked.map(([, level]) => level) };
		}
	}
}

/** By rank, then id. */
function deliveryOrder(delivery: Delivery, entities: readonly string[]): readonly number[] | null {
	if (delivery.rule === 'proportional') return null;
	const { ranks } = delivery;
	const ranked = entities.flatMap((entity, row) =>
		Object.hasOwn(ranks, entity) ? [{ row, rank: ranks[entity] ?? 0 }] : [],
	);
	// The sort is stable: inside a rank the order of ids stays.
	return ranked.toSorted((a, b) => a.rank - b.rank).map(({ row }) => row);
}

/**
 * Shares out a pool, and takes from it what was shared (docs/spec/rules.md). `caps` are what is left of
 * the agreements' caps; what an agreement uses is taken off.
 */
export function sharePool(terms: Terms, pool: Pool, caps: (bigint | null)[]): Shares {
	const { surplus, deficit } = pool;
	const contracts = serveAgreements(terms.agreements, pool, caps);
	const offered = sumUnits(surplus);
	const received: bigint[] = deficit.map(() => 0n);
	let left = offered;
	for (const stage of terms.stages) {
		const offer = stage.limit ? smaller(left, limitOf(stage.limit, offered)) : left;
		for (const [row, units] of allocate(stage, offer, deficit).entries()) {
			if (units === 0n) continue;
			received[row] = (received[row] ?? 0n) + units;
			deficit[row] = (deficit[row] ?? 0n) - units;
			left -= units;
		}
	}
	return { contracts, received, delivered: deliver(offered - left, surplus, terms.order) };
}

/** Agreements in order: fixed cells of the matrix, taken out of the pool. */
function serveAgreements(
	agreements: readonly Agreement[],
	{ surplus, deficit }: Pool,
	caps: (bigint | null)[],
): bigint[] {
	const initial = agreements.map(({ from }) => surplus[from] ?? 0n);
	return agreements.map(({ from, to, share }, index) => {
		const cap = caps[index] ?? null;
		let units = smaller(surplus[from] ?? 0n, deficit[to] ?? 0n);
		if (cap !== null) units = smaller(units, cap);
		if (share !== undefined) units = smaller(units, limitOf(share, initial[index] ?? 0n));
		if (units === 0n) return 0n;
		surplus[from] = (surplus[from] ?? 0n) - units;
		deficit[to] = (deficit[to] ?? 0n) - units;
		if (cap !== null) caps[index] = cap - units;
		return units;
	});
}

/** What each row receives of an offer under one stage: never more than its deficit. */
function allocate(stage: RowStage, offer: bigint, deficit: readonly bigint[]): readonly bigint[] {
	switch (stage.rule) {
		case 'proportional':
			return fillByNeed(offer, deficit);
		case 'equal':
			return fill(
				offer,
				deficit.map(() => 1n),
				deficit,
			);
		case 'fixed-redistribute':
			return fill(offer, stage.keys, deficit);
		case 'fixed':
			return apportion(offer, stage.keys, stage.slack).map((part, row) =>
				smaller(part, deficit[row] ?? 0n),
			);
		case 'priority':
			return allocateByRank(stage.levels, offer, deficit);
	}
}

function allocateByRank(
	levels: readonly (readonly number[])[],
	offer: bigint,
	deficit: readonly bigint[],
): readonly bigint[] {
	const received = deficit.map(() => 0n);
	let left = offer;
	for (const level of levels) {
		if (left === 0n) break;
		const parts = fillByNeed(
			left,
			level.map((row) => deficit[row] ?? 0n),
		);
		for (const [index, row] of level.entries()) received[row] = parts[index] ?? 0n;
		left -= sumUnits(parts);
	}
	return received;
}

/** Who delivered the total: by largest remainder over the surpluses, or in an order. */
function deliver(
	total: bigint,
	surplus: readonly bigint[],
	order: readonly number[] | null,
): readonly bigint[] {
	if (order === null) return apportion(total, surplus);
	const delivered = surplus.map(() => 0n);
	let left = total;
	for (const row of order) {
		const part = smaller(left, surplus[row] ?? 0n);
		delivered[row] = part;
		left -= part;
	}
	return delivered;
}

function limitOf([part, whole]: Fraction, amount: bigint): bigint {
	return (amount * BigInt(part)) / BigInt(whole);
}

function wattHours(kwh: string): bigint {
	const energy = parseEnergy(kwh);
	return 'wh' in energy ? energy.wh : impossible(`unread energy ${kwh}`);
}
