import type { Series } from '../../src/core/readings/series.ts';
import type { Allocation } from '../../src/core/settlement/settle.ts';
import { chance, community, type RuleName } from './communities.ts';
import { type Amounts, capsByHand, matrixByHand, settleByHand } from './oracle.ts';

const K = 1_000_000n;
const total = (amounts: Amounts) => Object.values(amounts).reduce((sum, it) => sum + it, 0n);

/** What a month of intervals gives by the definitions of docs/spec/intervals.md, in the oracle's style. */
export function settleIntervalsByHand(series: Series, rules: Allocation) {
	const { entities, intervals, generated, consumed } = series;
	const caps = Object.fromEntries(
		Object.entries(capsByHand(rules)).map(([id, wh]) => [id, wh * K]),
	);
	const delivered = zero(entities);
	const received = zero(entities);
	const pairs: Amounts = {};
	const own = zero(entities);
	let shareable = 0n;
	for (let t = 0; t < intervals; t++) {
		const balances = entities.map((entity, e) => {
			const [g, c] = [generated, consumed].map((it) => BigInt(it[e * intervals + t] ?? 0));
			return { entity, generated_wh: (g ?? 0n) * K, consumed_wh: (c ?? 0n) * K };
		});
		for (const { entity, generated_wh, consumed_wh } of balances) {
			own[entity] =
				(own[entity] ?? 0n) + (generated_wh < consumed_wh ? generated_wh : consumed_wh) / K;
		}
		shareable += smallerSide(balances, rules) / K;
		const shares = settleByHand(balances, rules, caps);
		for (const [pair, units] of Object.entries(shares.flows)) {
			const [from = '', to = ''] = pair.split('>');
			pairs[pair] = (pairs[pair] ?? 0n) + units;
			delivered[from] = (delivered[from] ?? 0n) + units;
			received[to] = (received[to] ?? 0n) + units;
		}
		for (const [id, units] of Object.entries(shares.delivered)) {
			delivered[id] = (delivered[id] ?? 0n) + units;
		}
		for (const [id, units] of Object.entries(shares.received)) {
			received[id] = (received[id] ?? 0n) + units;
		}
	}
	const given = roundByHand(delivered);
	const taken = roundByHand(received);
	const flows = Object.fromEntries(
		Object.entries(pairs).map(([pair, units]) => [pair, units / K] as const),
	);
	const pool = { given: { ...given }, taken: { ...taken } };
	for (const [pair, wh] of Object.entries(flows)) {
		const [from = '', to = ''] = pair.split('>');
		pool.given[from] = (pool.given[from] ?? 0n) - wh;
		pool.taken[to] = (pool.taken[to] ?? 0n) - wh;
	}
	for (const [from, row] of Object.entries(matrixByHand(pool.given, pool.taken))) {
		for (const [to, wh] of Object.entries(row)) {
			flows[`${from}>${to}`] = (flows[`${from}>${to}`] ?? 0n) + wh;
		}
	}
	return {
		own,
		delivered: given,
		received: taken,
		exact: { delivered, received },
		flows,
		shareable,
	};
}

const zero = (entities: readonly string[]): Amounts =>
	Object.fromEntries(entities.map((it) => [it, 0n]));

function smallerSide(
	balances: readonly { entity: string; generated_wh: bigint; consumed_wh: bigint }[],
	{ excluded, delivery }: Allocation,
): bigint {
	let [surplus, deficit] = [0n, 0n];
	for (const { entity, generated_wh, consumed_wh } of balances) {
		if (excluded?.includes(entity)) continue;
		const net = generated_wh - consumed_wh;
		if (net < 0n) deficit -= net;
		else if (delivery?.rule !== 'priority' || Object.hasOwn(delivery.ranks, entity)) surplus += net;
	}
	return surplus < deficit ? surplus : deficit;
}

/** Floors, then one each to the largest fraction not raised yet, the lowest id among equals. */
function roundByHand(units: Amounts): Amounts {
	const parts = Object.fromEntries(Object.entries(units).map(([id, it]) => [id, it / K]));
	const open = Object.keys(units).sort();
	for (let missing = total(units) / K - total(parts); missing > 0n; missing--) {
		const best = open.reduce((a, b) => ((units[b] ?? 0n) % K > (units[a] ?? 0n) % K ? b : a));
		parts[best] = (parts[best] ?? 0n) + 1n;
		open.splice(open.indexOf(best), 1);
	}
	return parts;
}

/** Small and huge readings, zeros and equal ones, up to the most that a series holds. */
function reading(next: (range: number) => number): number {
	switch (next(7)) {
		case 0:
			return 0;
		case 1:
			return next(10);
		case 2:
			return next(4) * 1000;
		case 4:
			return next(2_000_000_000);
		case 3:
			return 4_294_967_295 - next(3);
		default:
			return next(100_000);
	}
}

/** A community with some intervals, readings of one order of size, and a rule set of the named kind. */
export function intervalCommunity(rule: RuleName, seed: number, intervals: number) {
	const { balances, rules } = community(rule, seed);
	const next = chance(seed ^ 0x1a7e);
	const entities = balances.map(({ entity }) => entity).toSorted();
	const size = entities.length * intervals;
	// Around 2^53 over 10^6 the sums of an interval begin to be too large for numbers.
	const range = [50, 100_000, 100_000_000, 2_000_000_000, 4_294_967_296][next(5)] ?? 1;
	const fill = () => Uint32Array.from({ length: size }, () => reading(next) % range);
	const series: Series = { intervals, entities, generated: fill(), consumed: fill() };
	return { series, rules };
}
