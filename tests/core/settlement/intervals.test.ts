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
});
