import { describe, expect, test } from 'vitest';
import { parseEnergy } from '../../src/core/format/energy.ts';
import { settleIntervals } from '../../src/core/settlement/intervals.ts';
import type { Allocation } from '../../src/core/settlement/settle.ts';
import { campusSeries } from '../support/campus-series.ts';
import { settleIntervalsByHand } from '../support/interval-oracle.ts';
import { sharedIsHere, sharedRows } from '../support/shared.ts';

const MONTHS = [
	['cambridge-campus', '2017-03', 743],
	['cambridge-campus', '2017-10', 745],
	['sierra-crest-homes', '2016-11', 720],
	['sierra-crest-homes', '2017-03', 744],
	['monash-campus', '2020-04', 2884],
	['monash-campus', '2020-10', 2972],
] as const;
const rules: Allocation = { allocation: [{ rule: 'proportional' }] };
const wh = (kwh = '') => {
	const energy = parseEnergy(kwh);
	return 'wh' in energy ? energy.wh : null;
};

describe.skipIf(!sharedIsHere)(
	'months of real campuses (need ../shared beside the checkout)',
	() => {
		test.each(MONTHS)(
			'%s %s has the surpluses and deficits of its intervals',
			(name, period, count) => {
				const series = campusSeries(name, period);
				expect(series.intervals).toBe(count);
				const { positions } = settleIntervals(series, rules);
				const expected = sharedRows(`data/${name}/expected/interval-net.csv`)
					.filter((it) => it['period'] === period)
					.map((it) => ({
						entity: it['entity'],
						surplus_wh: wh(it['interval_surplus_kwh']),
						deficit_wh: wh(it['interval_deficit_kwh']),
					}))
					.toSorted((a, b) => ((a.entity ?? '') < (b.entity ?? '') ? -1 : 1));
				const found = positions.map(({ entity, surplus_wh, deficit_wh }) => {
					return { entity, surplus_wh, deficit_wh };
				});
				expect(found).toEqual(expected);
			},
		);

		test('a month of homes is shared as the definitions say', () => {
			const series = campusSeries('sierra-crest-homes', '2016-11');
			const { positions, monthly } = settleIntervals(series, rules);
			const byHand = settleIntervalsByHand(series, rules);
			const by = (field: 'delivered_wh' | 'received_wh') =>
				Object.fromEntries(positions.map((it) => [it.entity, it[field]]));
			expect(by('delivered_wh')).toEqual(byHand.delivered);
			expect(by('received_wh')).toEqual(byHand.received);
			// Netting by month leaves 18.574 kWh of surplus where the hours have 3,095 kWh.
			expect(monthly.shared_wh).toBe(18_574n);
			const surplus = positions.reduce((sum, it) => sum + it.surplus_wh, 0n);
			expect((surplus + 500n) / 1000n).toBe(3095n);
		});
	},
);
