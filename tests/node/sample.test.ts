import { expect, test } from 'vitest';
import { decodeText, type Files } from '../../src/core/format/bytes.ts';
import { shiftPeriod } from '../../src/core/format/period.ts';
import { SAMPLE_MONTHS, sampleData, sampleMonth } from '../../src/node/sample.ts';
import { consumed, DEPARTMENTS, generated, SAMPLE_START } from '../../src/node/sample-campus.ts';
import { meterReadings, SAMPLE_METERS } from '../../src/node/sample-meters.ts';
import { SAMPLE_INTERVALS, SAMPLE_MINUTES, SAMPLE_ZONE } from '../../src/node/sample-readings.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';

const last = shiftPeriod(SAMPLE_START, SAMPLE_MONTHS - 1);
const linesOf = (files: Files, path: string) =>
	(decodeText(files.get(path) ?? new Uint8Array()) ?? '').split('\n').slice(0, -1);

test('the meters of an entity read in all hours what it uses and generates in the month', () => {
	const time = periodTimeOf(last, SAMPLE_ZONE, SAMPLE_MINUTES);
	if ('fault' in time) throw new Error(time.fault);
	for (const department of DEPARTMENTS) {
		for (const [direction, month] of [
			['consumption', consumed],
			['generation', generated],
		] as const) {
			const meters = SAMPLE_METERS.filter(
				(it) => it.entity === department.entity && it.direction === direction,
			);
			const read = meters.flatMap((meter) => meterReadings(meter, last, time));
			const off = month(department, last) - read.reduce((sum, wh) => sum + wh, 0);
			// Every meter counts whole steps.
			expect(off).toBeGreaterThanOrEqual(0);
			expect(off).toBeLessThan(
				Math.max(
					1,
					meters.reduce((sum, it) => sum + it.step_wh, 0),
				),
			);
			expect(read.length).toBe(meters.length * time.intervals);
		}
	}
});

test('roofs give nothing at night', () => {
	const time = periodTimeOf(SAMPLE_INTERVALS, SAMPLE_ZONE, SAMPLE_MINUTES);
	if ('fault' in time) throw new Error(time.fault);
	for (const meter of SAMPLE_METERS.filter(({ direction }) => direction === 'generation')) {
		const read = meterReadings(meter, SAMPLE_INTERVALS, time);
		expect(read.filter((wh, hour) => hour % 24 < 4 && wh > 0)).toEqual([]);
		expect(Math.max(...read)).toBeGreaterThan(0);
	}
});

test('its months of readings have all three forms, and little to carry', () => {
	const data = sampleData();
	const month = sampleMonth(last);
	const heads = ['estates', 'residences', 'sports'].map((name) => {
		const [head, ...rows] = linesOf(month, `data/${last}/${name}.csv`);
		return [head?.split(',').slice(0, 2).join(','), rows.length];
	});
	expect(heads).toEqual([
		['metering_point,date', 11 * 31],
		['interval_start,4100.main', 745],
		['metering_point,interval_start', 745],
	]);
	const large = [...data].filter(([path]) => path.slice(5, 12) >= SAMPLE_INTERVALS);
	expect(large.reduce((sum, [, bytes]) => sum + bytes.length, 0)).toBeLessThan(300_000);
});
