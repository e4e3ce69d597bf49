import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleSet } from '../../src/core/data/rules.ts';
import { settle } from '../../src/core/settlement/settle.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { workExample } from '../../src/node/worked-example.ts';

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
	expect(pool).toEqual({ surplus_wh: 7n, deficit_wh: 30n, supplied_wh: 3n });
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

test('every published month of the sample is worked out', () => {
	for (const run of readPublished(readTree('.').files).runs) {
		const { giver, receiver } = workExample(run);
		expect(receiver?.share?.given_wh, run.id).toBe(receiver?.row.received_wh);
		expect(giver?.share?.given_wh, run.id).toBe(giver?.row.delivered_wh);
	}
});
