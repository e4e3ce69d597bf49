import { relist, replaceText, resign } from '../../tamper/forge.ts';
import {
	asDays,
	asLong,
	asWide,
	intervalMonth,
	intervalRules,
	onlyPoints,
	POINTS_TEXT,
} from '../interval-months.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { type Plan, table } from './logs.ts';

/** October has 745 hours in Berlin: the one from 2 to 3 o'clock of the 25th comes twice. */
const OCTOBER = 'settlements/2026-10/r1';
const month = intervalMonth('2026-10');

const plan = (more: Readonly<Record<string, string>> = {}): Plan => ({
	runs: [OCTOBER],
	instants: { [OCTOBER]: '2026-11-06T08:00:00Z' },
	data: {
		'data/metering-points.csv': POINTS_TEXT,
		'data/rules/2025-12.json': intervalRules(),
		'data/2026-10/hall.csv': asDays(onlyPoints(month, ['h1', 'h2'])),
		'data/2026-10/library.csv': asLong(onlyPoints(month, ['l1'])),
		'data/2026-10/office.csv': asWide(onlyPoints(month, ['o1'])),
		...more,
	},
});

const NOON = `h1,2026-10-10,${'0.000,'.repeat(8)}`;

export const INTERVAL_CASES: readonly ConformanceCase[] = [
	{
		name: 'interval-three-forms',
		title: 'Settled hour by hour: day rows, a long and a wide file of a month with an hour twice.',
		plan: plan(),
		verdict: 'VALID',
	},
	{
		name: 'interval-contract-and-keys',
		title:
			'Hour by hour, a cap of the month comes first, then fixed keys; some values are estimates.',
		plan: plan({
			'data/rules/2025-12.json': intervalRules({
				allocation: [
					{
						rule: 'contract',
						agreements: [
							{ id: 'c1', from: 'hall', to: 'office', cap_kwh: '50.005', share: [1, 3] },
						],
					},
					{ rule: 'fixed', keys: { hall: 0, library: 2, office: 5 }, denominator: 7 },
				],
				matrix: 'chain',
			}),
			'data/2026-10/substitutes.csv': table(
				'metering_point,first_interval,last_interval,quality,note',
				'h2,2026-10-25T02:00:00+02:00,2026-10-25T02:00:00+01:00,E,clock of the meter',
			),
		}),
		verdict: 'VALID',
	},
	{
		name: 'interval-reading-changed',
		title: 'One digit of one hour was changed after the month was final.',
		plan: plan(),
		change: (files) =>
			replaceText(files, 'data/2026-10/hall.csv', NOON, NOON.replace('0.0', '1.0')),
		verdict: 'TAMPERED',
		checks: { contents: 'failed', recomputation: 'failed' },
		findings: ['file-changed', 'record-differs', 'totals-differ'],
	},
	{
		name: 'interval-metering-points-exchanged',
		title: 'Two meters were given to each other’s entity in the copy of the register, and signed.',
		plan: plan(),
		change: async (files, keys) => {
			replaceText(files, `${OCTOBER}/metering-points.csv`, 'o1,office', 'o1,library');
			replaceText(files, `${OCTOBER}/metering-points.csv`, 'l1,library', 'l1,office');
			relist(files, OCTOBER);
			await resign(files, keys.finalizer, 1);
		},
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['record-differs'],
	},
	{
		name: 'interval-run-called-monthly',
		title: 'A signed manifest says that the month was settled as a whole, against its rule set.',
		plan: plan(),
		change: (files, keys) =>
			resign(files, keys.finalizer, 1, (it) => ({ ...it, basis: { kind: 'monthly' } })),
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['basis-differs'],
	},
	{
		name: 'interval-without-the-clock-change',
		title: 'A signed manifest has the right bounds, but clocks that do not go back between them.',
		plan: plan(),
		change: (files, keys) =>
			resign(files, keys.finalizer, 1, (it) => {
				if (it.basis.kind === 'monthly') throw new Error('monthly');
				return { ...it, basis: { ...it.basis, offsets: it.basis.offsets.slice(0, 1) } };
			}),
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['basis-differs'],
	},
];
