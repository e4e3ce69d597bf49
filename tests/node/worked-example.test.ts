import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleSet } from '../../src/core/data/rules.ts';
import { settleIntervals } from '../../src/core/settlement/intervals.ts';
import { settle } from '../../src/core/settlement/settle.ts';
import { readTree } from '../../src/node/files.ts';
import { readIntervalMonth } from '../../src/node/interval-month.ts';
import { readPublished } from '../../src/node/published.ts';
import { workExample, workInterval } from '../../src/node/worked-example.ts';

type Figures = readonly (readonly [entity: string, generated: bigint, consumed: bigint])[];
const RULES = { format: 'wattproof/rules/v1', basis: 'monthly', time_zone: 'UTC' } as const;

function example(figures: Figures, rules: Pick<RuleSet, 'allocation' | 'delivery' | 'excluded'>) {
	const balances = figures.map(([entity, generated_wh, consumed_wh]) => {
		return { entity, generated_wh, consumed_wh };
	});
	const { positions, flows, shared_wh } = settle(balances, rules);
	const named = (entity: string) => ({ entity, name: entity });
	const more = { cost_center: '', estimated_wh: 0n, money: null };
	const totals = { shared_wh } as ReturnType<typeof readPublished>['runs'][number]['totals'];
	return workExample({
		rules: { ...RULES, ...rules },
		totals,
		lines: positions.map((it) => ({
			...named(it.entity),
			row: { ...it, ...more, name: it.entity },
		})),
		supplies: flows.map(({ from, to, units }) => {
			return { from: named(from), to: named(to), energy_wh: units, amount: null };
		}),
	});
}

const proportional = { allocation: [{ rule: 'proportional' as const }] };

test('a share is worked out to the last watt-hour', () => {
	const { giver, receiver, ...pool } = example(
		[
			['east', 0n, 10n],
			['north', 0n, 10n],
			['south', 8n, 1n],
			['west', 0n, 10n],
		],
		proportional,
	);
	expect(pool).toEqual({ surplus_wh: 7n, deficit_wh: 30n, shared_wh: 7n, supplied_wh: 3n });
	expect(receiver).toMatchObject({
		entity: 'east',
		share: {
			amount_wh: 7n,
			weight_wh: 10n,
			weights_wh: 30n,
			floor_wh: 2n,
			remainder: 10n,
			left_wh: 1n,
			parts: 3,
			place: 1,
			given_wh: 3n,
		},
	});
	expect(giver).toMatchObject({ entity: 'south', share: { given_wh: 7n, remainder: 0n } });
});

describe('no share is worked out', () => {
	const figures: Figures = [
		['east', 0n, 10n],
		['south', 8n, 1n],
		['west', 0n, 10n],
	];
	test.each([
		['in equal parts', { allocation: [{ rule: 'equal' as const }] }],
		[
			'in two steps',
			{ allocation: [{ rule: 'equal' as const }, { rule: 'proportional' as const }] },
		],
	])('for a receiver %s', (_, rules) => {
		expect(example(figures, rules).receiver).toMatchObject({ entity: 'east', share: null });
	});

	test('for a giver by rank', () => {
		const delivery = { rule: 'priority' as const, ranks: { south: 1, east: 2, west: 2 } };
		expect(example(figures, { ...proportional, delivery }).giver?.share).toBeNull();
	});

	test('where nothing was shared', () => {
		expect(example([['east', 0n, 10n]], proportional)).toEqual({
			surplus_wh: 0n,
			deficit_wh: 10n,
			shared_wh: 0n,
			giver: null,
			receiver: null,
			supplied_wh: 0n,
		});
	});
});

test('in proportion the share is always that of the settlement, whoever is excluded', () => {
	const wh = fc.bigInt({ min: 0n, max: 5_000n });
	const campus = fc.array(fc.tuple(wh, wh), { minLength: 1, maxLength: 9 });
	fc.assert(
		fc.property(campus, fc.boolean(), (rows, without) => {
			const figures = rows.map(([generated, consumed], index) => {
				return [`e${index}`, generated, consumed] as const;
			});
			const excluded = without ? ['e0'] : [];
			const { giver, receiver } = example(figures, { ...proportional, excluded });
			expect(receiver?.share?.given_wh).toBe(receiver?.row.received_wh);
			expect(giver?.share?.given_wh).toBe(giver?.row.delivered_wh);
		}),
	);
});

test('an interval is worked out in millionths of what its settlement rounds', () => {
	const wh = fc.nat(5_000);
	const campus = fc.array(fc.tuple(wh, wh), { minLength: 1, maxLength: 9 });
	fc.assert(
		fc.property(campus, (rows) => {
			const entities = rows.map((_, index) => `e${index}`);
			const generated = Uint32Array.from(rows, ([up]) => up);
			const consumed = Uint32Array.from(rows, ([, down]) => down);
			const settled = settleIntervals(
				{ intervals: 1, entities, generated, consumed },
				proportional,
			);
			const more = { name: '', cost_center: '', estimated_wh: 0n, money: null };
			const lines = settled.positions.map((it) => {
				return { entity: it.entity, name: '', row: { ...it, ...more } };
			});
			const rules = { ...RULES, ...proportional };
			const worked = workInterval({ rules, lines }, settled.positions);
			for (const [party, got] of [
				[worked?.receiver, 'received_wh'],
				[worked?.giver, 'delivered_wh'],
			] as const) {
				if (!party) continue;
				const inMonth = lines.find(({ entity }) => entity === party.entity)?.row[got] ?? -1n;
				expect(party.share?.given_wh).toBe(party.row[got]);
				const difference = party.row[got] - inMonth * 1_000_000n;
				expect(-1_000_000n < difference && difference < 1_000_000n).toBe(true);
			}
		}),
	);
});

test('no single interval shows what agreements of a month did', () => {
	const agreements = [{ id: 'a', from: 'e1', to: 'e2', cap_kwh: '1' }];
	const rules = { ...RULES, allocation: [{ rule: 'contract' as const, agreements }] };
	expect(workInterval({ rules, lines: [] }, [])).toBeNull();
});

test('every published month of the sample is worked out', () => {
	const { files } = readTree('.');
	for (const run of readPublished(files).runs) {
		const example = readIntervalMonth(files, run)?.example;
		const monthly = run.manifest.basis.kind === 'monthly';
		expect(example === undefined, run.id).toBe(monthly);
		const worked = example ? workInterval(run, example.balances) : workExample(run);
		const { giver, receiver } = worked ?? { giver: null, receiver: null };
		if (!monthly) {
			expect(giver?.share?.given_wh).toBe(giver?.row.surplus_wh);
			expect(receiver).not.toBeNull();
		}
		expect(receiver?.share?.given_wh, run.id).toBe(receiver?.row.received_wh);
		expect(giver?.share?.given_wh, run.id).toBe(giver?.row.delivered_wh);
	}
});
