import { expect, test } from 'vitest';
import { settleIntervals } from '../../../src/core/settlement/intervals.ts';
import { profileOf } from '../../../src/core/settlement/profile.ts';
import { periodTimeOf } from '../../../src/zones/period-time.ts';
import { chance } from '../../support/communities.ts';

test('the profile has the campus by local day and interval, long days and short ones', () => {
	for (const [period, odd] of [
		['2025-10', ['2025-10-26', 100]],
		['2025-03', ['2025-03-30', 92]],
	] as const) {
		const time = periodTimeOf(period, 'Europe/Berlin', 15);
		if ('fault' in time) throw new Error(time.fault);
		const next = chance(7);
		const entities = ['clinic', 'roof', 'shop'];
		const fill = (range: number) =>
			Uint32Array.from({ length: 3 * time.intervals }, () => next(range));
		const series = {
			intervals: time.intervals,
			entities,
			generated: fill(900),
			consumed: fill(900),
		};
		const settlement = settleIntervals(series, { allocation: [{ rule: 'proportional' }] });
		const { slots, days } = profileOf(series, settlement, time);
		expect(slots).toBe(96);
		expect(days).toHaveLength(31);
		const lengths = days.map(({ date, consumed_wh }) => [date, consumed_wh.length]);
		expect(lengths.filter(([, length]) => length !== 96)).toEqual([odd]);

		const sum = (field: 'generated_wh' | 'consumed_wh' | 'shared_wh') =>
			days.flatMap((day) => day[field]).reduce((total, wh) => total + wh, 0n);
		const total = (field: 'generated_wh' | 'consumed_wh') =>
			settlement.positions.reduce((all, it) => all + it[field], 0n);
		expect(sum('generated_wh')).toBe(total('generated_wh'));
		expect(sum('consumed_wh')).toBe(total('consumed_wh'));
		// A single proportional stage moves whole watt-hours in each interval.
		expect(sum('shared_wh')).toBe(settlement.shared_wh);

		// Noon of the last day, found from its end: after the clocks changed.
		const noon = time.intervals - 48;
		const rows = [...entities.keys()].map(
			(row) => series.generated[row * time.intervals + noon] ?? 0,
		);
		expect(days.at(-1)?.generated_wh[48]).toBe(BigInt(rows.reduce((all, it) => all + it, 0)));
	}
});
