import { describe, expect, inject, test } from 'vitest';
import type { Series } from '../../../src/core/readings/series.ts';
import { settleIntervals } from '../../../src/core/settlement/intervals.ts';
import { intervalBreaches } from '../../../src/core/settlement/invariants.ts';
import { type Allocation, type Position, settle } from '../../../src/core/settlement/settle.ts';
import { RULES } from '../../support/communities.ts';
import { intervalCommunity, settleIntervalsByHand } from '../../support/interval-oracle.ts';

const rounds = inject('full') ? 3000 : 60;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;
const proportional: Allocation = { allocation: [{ rule: 'proportional' }] };

/** Rows of readings by entity: generated, then consumed. */
function seriesOf(rows: Record<string, readonly [readonly number[], readonly number[]]>): Series {
	const entities = Object.keys(rows).toSorted();
	const flat = (side: 0 | 1) => Uint32Array.from(entities.flatMap((it) => rows[it]?.[side] ?? []));
	const intervals = rows[entities[0] ?? '']?.[0].length ?? 0;
	return { intervals, entities, generated: flat(0), consumed: flat(1) };
}

const fieldOf = (positions: readonly Position[], field: 'delivered_wh' | 'received_wh') =>
	Object.fromEntries(positions.map((it) => [it.entity, it[field]]));

test('three equal consumers share the month, not the interval', () => {
	const intervals = 2972;
	const one = Array.from({ length: intervals }, () => 1);
	const none = one.map(() => 0);
	const series = seriesOf({ a: [none, one], b: [none, one], c: [none, one], roof: [one, none] });
	const { positions } = settleIntervals(series, proportional);
	expect(fieldOf(positions, 'received_wh')).toEqual({ a: 991n, b: 991n, c: 990n, roof: 0n });
});

test('the worked example of docs/spec/intervals.md', () => {
	const none = [0, 0];
	const uses = { a: [none, [7, 0]], b: [none, [7, 0]], c: [none, [7, 4]] } as const;
	const series = seriesOf({ roof: [[10, 10], none], ...uses });
	const { positions, shared_wh, monthly } = settleIntervals(series, proportional);
	expect(fieldOf(positions, 'received_wh')).toEqual({ a: 4n, b: 3n, c: 7n, roof: 0n });
	expect(fieldOf(positions, 'delivered_wh')).toEqual({ a: 0n, b: 0n, c: 0n, roof: 14n });
	expect(shared_wh).toBe(14n);
	expect(monthly).toEqual({ self_wh: 0n, shared_wh: 20n });
});

describe(`random months, ${rounds} of each rule from seed ${seed}`, () => {
	test.each(RULES)('%s agrees with the definitions and keeps the invariants', (rule) => {
		for (let index = 0; index < rounds; index++) {
			const name = `seed ${seed + index}`;
			const { series, rules } = intervalCommunity(rule, seed + index, 1 + (index % 7));
			const settlement = settleIntervals(series, rules);
			expect(intervalBreaches(settlement, rules), name).toEqual([]);
			const byHand = settleIntervalsByHand(series, rules);
			const { positions } = settlement;
			expect(fieldOf(positions, 'received_wh'), name).toEqual(byHand.received);
			expect(fieldOf(positions, 'delivered_wh'), name).toEqual(byHand.delivered);
			const own = Object.fromEntries(positions.map((it) => [it.entity, it.self_consumed_wh]));
			expect(own, name).toEqual(byHand.own);
			expect(settlement.shareable_wh, name).toBe(byHand.shareable);
			if (rules.matrix === 'chain') continue;
			const flows = settlement.flows.map(({ from, to, units }) => [`${from}>${to}`, units]);
			const nonZero = Object.entries(byHand.flows).filter(([, units]) => units > 0n);
			expect(Object.fromEntries(flows), name).toEqual(Object.fromEntries(nonZero));
		}
	});

	test.each(['proportional', 'equal', 'fixed'] as const)('%s is the same in numbers', (rule) => {
		for (let index = 0; index < rounds; index++) {
			const { series, rules } = intervalCommunity(rule, seed + index, 3);
			// A stage more, which is offered nothing: rules of two stages are never settled in numbers.
			const [stage] = rules.allocation;
			if (stage === undefined) continue;
			const nothing = { rule: 'proportional' as const, limit: [0, 1] as [number, number] };
			const { delivery, ...single } = { ...rules, allocation: [stage] };
			const exact = settleIntervals(series, { ...single, allocation: [stage, nothing] });
			expect(settleIntervals(series, single), `seed ${seed + index}`).toEqual(exact);
		}
	});

	test('one interval is a month of its own', () => {
		for (let index = 0; index < rounds; index++) {
			const rule = RULES[index % RULES.length] ?? 'equal';
			const { series, rules } = intervalCommunity(rule, seed + index, 1);
			const balances = series.entities.map((entity, row) => ({
				entity,
				generated_wh: BigInt(series.generated[row] ?? 0),
				consumed_wh: BigInt(series.consumed[row] ?? 0),
			}));
			const month = settle(balances, rules);
			const settlement = settleIntervals(series, rules);
			expect(settlement.monthly.self_wh).toBe(
				settlement.positions.reduce((sum, it) => sum + it.self_consumed_wh, 0n),
			);
			expect(settlement.monthly.shared_wh).toBe(month.shared_wh);
		}
	});

	test('conserves energy, and never shares more than netting by month could (I20)', () => {
		for (let index = 0; index < rounds; index++) {
			const { series, rules } = intervalCommunity('proportional', seed + index, 9);
			const { allocation, excluded } = { ...rules, allocation: proportional.allocation };
			const { positions, shared_wh } = settleIntervals(series, {
				allocation,
				excluded: excluded ?? [],
			});
			const sum = (value: (it: Position) => bigint) =>
				positions.reduce((total, it) => total + value(it), 0n);
			expect(sum((it) => it.generated_wh + it.imported_wh)).toBe(
				sum((it) => it.consumed_wh + it.exported_wh),
			);
			expect(sum((it) => it.delivered_wh)).toBe(shared_wh);
			expect(sum((it) => it.received_wh)).toBe(shared_wh);
			const least = (a: bigint, b: bigint) => (a < b ? a : b);
			const part = positions.filter(({ entity }) => !excluded?.includes(entity));
			const net = part.map((it) => it.generated_wh - it.consumed_wh);
			const surplus = net.reduce((total, it) => (it > 0n ? total + it : total), 0n);
			const deficit = net.reduce((total, it) => (it < 0n ? total - it : total), 0n);
			const most = sum((it) => least(it.generated_wh, it.consumed_wh)) + least(surplus, deficit);
			expect(sum((it) => it.self_consumed_wh) + shared_wh <= most).toBe(true);
		}
	});

	test('each figure is its exact sum, rounded down or up', () => {
		for (let index = 0; index < rounds; index++) {
			const rule = RULES[index % RULES.length] ?? 'equal';
			const { series, rules } = intervalCommunity(rule, seed + index, 4);
			const { positions } = settleIntervals(series, rules);
			const { exact } = settleIntervalsByHand(series, rules);
			for (const { entity, delivered_wh, received_wh } of positions) {
				const off = [
					delivered_wh * 1_000_000n - (exact.delivered[entity] ?? 0n),
					received_wh * 1_000_000n - (exact.received[entity] ?? 0n),
				];
				for (const it of off) expect(-1_000_000n < it && it < 1_000_000n).toBe(true);
			}
		}
	});

	test.each(['proportional', 'equal'] as const)('%s treats equals alike (I15)', (rule) => {
		for (let index = 0; index < rounds; index++) {
			const { series } = intervalCommunity(rule, seed + index, 5);
			const { intervals, entities } = series;
			const twins = [...entities, ...entities.map((it) => `twin-${it}`)];
			const twice = (it: Uint32Array) => Uint32Array.from([...it, ...it]);
			const [generated, consumed] = [twice(series.generated), twice(series.consumed)];
			const { positions } = settleIntervals(
				{ intervals, entities: twins, generated, consumed },
				{ allocation: [{ rule }] },
			);
			for (const [row, it] of positions.slice(0, entities.length).entries()) {
				const twin = positions[row + entities.length];
				for (const field of ['delivered_wh', 'received_wh'] as const) {
					const off = it[field] - (twin?.[field] ?? 0n);
					expect(-1n <= off && off <= 1n, `seed ${seed + index}`).toBe(true);
				}
			}
		}
	});

	test('without caps, the order of the intervals does not matter', () => {
		for (let index = 0; index < rounds; index++) {
			const rule = RULES[index % 5] ?? 'equal';
			const { series, rules } = intervalCommunity(rule, seed + index, 6);
			const turned = (it: Uint32Array) =>
				Uint32Array.from(it, (_, at) => it[at - (at % 6) + 5 - (at % 6)] ?? 0);
			const generated = turned(series.generated);
			const backwards = { ...series, generated, consumed: turned(series.consumed) };
			const { shared_by_interval, ...rest } = settleIntervals(series, rules);
			const other = settleIntervals(backwards, rules);
			expect(other).toEqual({ ...rest, shared_by_interval: shared_by_interval.toReversed() });
		}
	});

	test('entities without energy and key change nothing for the others (I18)', () => {
		for (let index = 0; index < rounds; index++) {
			const { series, rules } = intervalCommunity('fixed', seed + index, 3);
			const more = (it: Uint32Array) => Uint32Array.from([...it, 0, 0, 0]);
			const [generated, consumed] = [more(series.generated), more(series.consumed)];
			const entities = [...series.entities, 'zz-idle'];
			const without = settleIntervals(series, rules);
			const { positions, flows } = settleIntervals(
				{ intervals: 3, entities, generated, consumed },
				rules,
			);
			expect(flows).toEqual(without.flows);
			expect(positions.slice(0, -1)).toEqual(without.positions);
		}
	});
});

test('a cap is one of the month: what earlier intervals used of it is gone', () => {
	const agreement = { id: 'c1', from: 'roof', to: 'shop', cap_kwh: '0.010' };
	const rules: Allocation = { allocation: [{ rule: 'contract', agreements: [agreement] }] };
	const roof = [
		[8, 8, 8],
		[0, 0, 0],
	] as const;
	const series = seriesOf({
		roof,
		shop: [
			[0, 0, 0],
			[9, 9, 9],
		],
	});
	const { flows, shared_by_interval } = settleIntervals(series, rules);
	expect(flows).toEqual([{ from: 'roof', to: 'shop', units: 10n }]);
	expect([...shared_by_interval]).toEqual([8, 2, 0]);
});

test('above 100,000 cells the matrix is a chain, and the caller is told how many there are', () => {
	const half = 317;
	const names = Array.from({ length: 2 * half }, (_, at) => `e${1000 + at}`);
	const rows = Object.fromEntries(
		names.map((it, at) => [it, at < half ? ([[3], [0]] as const) : ([[0], [2]] as const)]),
	);
	const { cells, flows, shared_wh } = settleIntervals(seriesOf(rows), proportional);
	expect(cells).toBe(half * half);
	expect(shared_wh).toBe(BigInt(2 * half));
	expect(flows.length).toBeLessThan(2 * half);
});
