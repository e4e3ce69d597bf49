import { describe, expect, inject, test } from 'vitest';
import type { Series } from '../../../src/core/readings/series.ts';
import {
	poolByIntervals,
	sharesByIntervals,
} from '../../../src/core/settlement/interval-shares.ts';
import { settleIntervals } from '../../../src/core/settlement/intervals.ts';
import { unitsOf } from '../../../src/core/settlement/micro.ts';
import { type Allocation, settle } from '../../../src/core/settlement/settle.ts';
import { chance, community, RULES, type RuleName } from '../../support/communities.ts';
import { settleByHand } from '../../support/oracle.ts';

const rounds = inject('full') ? 500 : 15;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;
const MICRO = 1_000_000n;
const proportional: Allocation = { allocation: [{ rule: 'proportional' }] };

/** Wh by entity, generated then consumed, one figure for each interval. */
function series(rows: Readonly<Record<string, readonly [number[], number[]]>>): Series {
	const entities = Object.keys(rows).sort();
	const intervals = rows[entities[0] ?? '']?.[0].length ?? 0;
	const flat = (side: 0 | 1) => Uint32Array.from(entities.flatMap((it) => rows[it]?.[side] ?? []));
	return { intervals, entities, generated: flat(0), consumed: flat(1) };
}

/** A community whose figures change from interval to interval, and rules of the named kind. */
function moving(
	rule: RuleName,
	from: number,
): { readonly series: Series; readonly rules: Allocation } {
	const next = chance(from);
	const { balances, rules } = community(rule, from);
	const intervals = 1 + next(70);
	const figure = () => {
		const kind = next(8);
		if (kind < 3) return 0;
		if (kind === 3) return next(5);
		return kind === 4 ? 0xffff_ffff - next(3) : next(4000);
	};
	const rows = balances.map(({ entity }) => {
		const many = () => Array.from({ length: intervals }, figure);
		return [entity, [many(), many()]] as const;
	});
	return { series: series(Object.fromEntries(rows)), rules };
}

function at({ entities, intervals, generated, consumed }: Series, interval: number, unit: bigint) {
	return entities.map((entity, index) => ({
		entity,
		generated_wh: BigInt(generated[index * intervals + interval] ?? 0) * unit,
		consumed_wh: BigInt(consumed[index * intervals + interval] ?? 0) * unit,
	}));
}

function summed(one: Series) {
	const zero = one.entities.map((entity) => ({ entity, generated_wh: 0n, consumed_wh: 0n }));
	return Array.from({ length: one.intervals }, (_, interval) => at(one, interval, 1n)).reduce(
		(sum, now) =>
			sum.map(({ entity, generated_wh, consumed_wh }, index) => ({
				entity,
				generated_wh: generated_wh + (now[index]?.generated_wh ?? 0n),
				consumed_wh: consumed_wh + (now[index]?.consumed_wh ?? 0n),
			})),
		zero,
	);
}

test('three equal consumers share a month that no interval could share out in Wh', () => {
	const many = (wh: number) => Array.from({ length: 2972 }, () => wh);
	const consumers = ['a', 'b', 'c'].map((it) => [it, [many(0), many(1)]] as const);
	const rows = { roof: [many(1), many(0)], ...Object.fromEntries(consumers) } as const;
	const { positions, shared_wh } = settleIntervals(series(rows), proportional);
	expect(shared_wh).toBe(2972n);
	expect(positions.map(({ received_wh }) => received_wh)).toEqual([991n, 991n, 990n, 0n]);
});

test('what is used at another time is not shared', () => {
	const day = series({
		home: [
			[0, 0],
			[0, 800],
		],
		roof: [
			[1000, 0],
			[200, 0],
		],
	});
	const { positions, shared_wh } = settleIntervals(day, proportional);
	expect(shared_wh).toBe(0n);
	expect(positions[1]).toMatchObject({ self_consumed_wh: 200n, exported_wh: 800n });
	expect(settle(summed(day), proportional).shared_wh).toBe(800n);
});

test('the cap of an agreement is one of the month, used up in order of time', () => {
	const agreements = [{ id: 'c', from: 'roof', to: 'shop', cap_kwh: '0.015' }];
	const rules: Allocation = { allocation: [{ rule: 'contract', agreements }] };
	const three = series({
		roof: [
			[10, 10, 10],
			[0, 0, 0],
		],
		shop: [
			[0, 0, 0],
			[10, 10, 10],
		],
	});
	expect(settleIntervals(three, rules).flows).toEqual([{ from: 'roof', to: 'shop', units: 15n }]);
});

/** Sums over the intervals in micro-Wh, by the definitions. */
function sumsByHand(one: Series, rules: Allocation) {
	const [delivered, received]: Record<string, bigint>[] = [{}, {}];
	const used = new Map<string, bigint>();
	const more = (to: Record<string, bigint> = {}, parts: Readonly<Record<string, bigint>>) => {
		for (const [id, units] of Object.entries(parts)) to[id] = (to[id] ?? 0n) + units;
	};
	for (let interval = 0; interval < one.intervals; interval++) {
		const caps = new Map<string, bigint>();
		const allocation = rules.allocation.map((stage) => {
			if (stage.rule !== 'contract') return stage;
			const agreements = stage.agreements.map((it) => {
				if (it.cap_kwh === undefined) return it;
				const all = BigInt(Math.round(Number(it.cap_kwh) * 1000)) * MICRO;
				const left = all - (used.get(it.id) ?? 0n);
				caps.set(it.id, left);
				return { ...it, cap_kwh: `${left / 1000n}.${String(left % 1000n).padStart(3, '0')}` };
			});
			return { ...stage, agreements };
		});
		const parts = settleByHand(at(one, interval, MICRO), { ...rules, allocation });
		more(delivered, parts.delivered);
		more(received, parts.received);
		for (const [pair, units] of Object.entries(parts.flows)) {
			const [from = '', to = ''] = pair.split('>');
			more(delivered, { [from]: units });
			more(received, { [to]: units });
			const stage = rules.allocation[0];
			const agreements = stage?.rule === 'contract' ? stage.agreements : [];
			const own = agreements.filter((it) => it.from === from && it.to === to);
			for (const { id } of own) used.set(id, (used.get(id) ?? 0n) + units);
		}
	}
	return { delivered, received };
}

describe(`random months, ${rounds} of each rule from seed ${seed}`, () => {
	test.each(RULES)('%s is what the definitions give, interval by interval', (rule) => {
		for (let index = 0; index < rounds; index++) {
			const { series: one, rules } = moving(rule, seed + index);
			const { positions, shared_wh } = settleIntervals(one, rules);
			const byHand = sumsByHand(one, rules);
			const total = Object.values(byHand.received ?? {}).reduce((sum, it) => sum + it, 0n);
			expect(shared_wh, `seed ${seed + index}`).toBe(total / MICRO);
			for (const { entity, delivered_wh, received_wh } of positions) {
				for (const [wh, exact] of [
					[delivered_wh, byHand.delivered?.[entity] ?? 0n],
					[received_wh, byHand.received?.[entity] ?? 0n],
				] as const) {
					const floor = exact / MICRO;
					const allowed = exact % MICRO === 0n ? [floor] : [floor, floor + 1n];
					expect(allowed, `seed ${seed + index} ${entity}`).toContain(wh);
				}
			}
		}
	});

	test('numbers give what whole numbers of any size give', () => {
		for (let index = 0; index < rounds * 6; index++) {
			const { series: one, rules } = moving('proportional', seed + index);
			const plain: Allocation = { ...proportional, excluded: rules.excluded ?? [] };
			const [fast, exact] = [poolByIntervals, sharesByIntervals].map((by) => {
				const sums = by(one, plain);
				return { ...sums, delivered: unitsOf(sums.delivered), received: unitsOf(sums.received) };
			});
			expect(fast, `seed ${seed + index}`).toEqual(exact);
		}
	});

	test('nothing is lost, and a month never shares less than its intervals (I20)', () => {
		for (let index = 0; index < rounds * 6; index++) {
			const { series: one } = moving('proportional', seed + index);
			const intervals = settleIntervals(one, proportional);
			const month = settle(summed(one), proportional);
			const used = (of: typeof month) =>
				of.positions.reduce((sum, it) => sum + it.self_consumed_wh, of.shared_wh);
			expect(used(intervals) <= used(month), `seed ${seed + index}`).toBe(true);
			for (const [at, { entity, generated_wh, consumed_wh }] of intervals.positions.entries()) {
				expect(month.positions[at]).toMatchObject({ entity, generated_wh, consumed_wh });
			}
		}
	});
});
