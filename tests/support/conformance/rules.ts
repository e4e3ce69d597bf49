import type { ConformanceCase } from './conformance-case.ts';
import { rulesText, table } from './logs.ts';

/** One rule set each, over readings whose shares leave watt-hours over and tie. */
const community = (name: string, title: string, rules: Readonly<Record<string, unknown>>) =>
	({
		name,
		title,
		verdict: 'VALID',
		plan: {
			data: {
				'data/entities.csv': table(
					'entity,name,cost_center,valid_from,valid_to',
					...['barn', 'cafe', 'dairy', 'mill', 'school'].map((it) => `${it},The ${it},,2025-12,`),
				),
				'data/rules/2025-12.json': rulesText(rules),
				'data/2025-12/north.csv': table(
					'entity,period,generated_kwh,consumed_kwh',
					'barn,2025-12,110.006,10',
					'cafe,2025-12,0,30.001',
					'dairy,2025-12,5.001,205',
					'mill,2025-12,80.5,20.25',
					'school,2025-12,0,77.777',
				),
				'data/2025-12/south.csv': null,
			},
		},
	}) as const satisfies ConformanceCase;

const KEYS = { barn: 0, cafe: 50, dairy: 31, mill: 0, school: 7 };
const RANKS = { barn: 3, cafe: 1, dairy: 2, mill: 3, school: 2 };

export const RULE_CASES: readonly ConformanceCase[] = [
	community(
		'rules-proportional',
		'Surplus is shared in proportion to the deficits, the watt-hours left over by largest remainder.',
		{},
	),
	community(
		'rules-equal',
		'Equal shares: one consumer is filled, and the odd watt-hour goes to the lower id.',
		{ allocation: [{ rule: 'equal' }] },
	),
	community(
		'rules-fixed',
		'Fixed keys with slack over half of the surplus; what they refuse is shared in proportion.',
		{
			allocation: [
				{ rule: 'fixed', keys: KEYS, denominator: 100, limit: [1, 2] },
				{ rule: 'proportional' },
			],
		},
	),
	community(
		'rules-fixed-redistribute',
		'Fixed keys, and what a filled consumer does not take goes to the others.',
		{ allocation: [{ rule: 'fixed-redistribute', keys: KEYS }] },
	),
	community('rules-priority', 'Consumers and suppliers by rank, in proportion inside a rank.', {
		allocation: [{ rule: 'priority', ranks: RANKS }],
		delivery: { rule: 'priority', ranks: { ...RANKS, barn: 2, mill: 1 } },
	}),
	community(
		'rules-contract',
		'Two agreements come first, one limited by its cap and one by its share.',
		{
			allocation: [
				{
					rule: 'contract',
					agreements: [
						{ id: 'c1', from: 'mill', to: 'school', cap_kwh: '20.000', share: [1, 2] },
						{ id: 'c2', from: 'barn', to: 'dairy', share: [1, 7] },
					],
				},
				{ rule: 'proportional' },
			],
		},
	),
	community(
		'rules-chain',
		'The matrix by chain: suppliers and consumers matched in the order of their ids; one is excluded.',
		{ matrix: 'chain', excluded: ['cafe'] },
	),
];
