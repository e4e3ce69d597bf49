import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	intervalIndex,
	intervalStart,
	localDays,
	type PeriodTime,
	periodTimeFlaw,
} from '../../../src/core/readings/period-time.ts';

/** October 2025 in Berlin, as a manifest records it: no zone data takes part in these tests. */
const OCTOBER: PeriodTime = {
	time_zone: 'Europe/Berlin',
	interval_minutes: 15,
	utc_start: '2025-09-30T22:00:00Z',
	utc_end: '2025-10-31T23:00:00Z',
	intervals: 2980,
	offsets: [
		{ from: '2025-09-30T22:00:00Z', minutes: 120 },
		{ from: '2025-10-26T01:00:00Z', minutes: 60 },
	],
};

test('the hour that comes twice is told apart by its offset', () => {
	expect(intervalIndex(OCTOBER, '2025-10-26T02:45:00+02:00')).toBe(2411);
	expect(intervalIndex(OCTOBER, '2025-10-26T02:00:00+01:00')).toBe(2412);
	expect(intervalStart(OCTOBER, 2411)).toBe('2025-10-26T02:45:00+02:00');
	expect(intervalStart(OCTOBER, 2412)).toBe('2025-10-26T02:00:00+01:00');
});

test('a local day has the intervals that start in it', () => {
	const days = localDays(OCTOBER);
	expect(days).toHaveLength(31);
	expect(days[0]).toEqual({ date: '2025-10-01', first: 0, intervals: 96 });
	expect(days[25]).toEqual({ date: '2025-10-26', first: 2400, intervals: 100 });
	expect(days[30]).toEqual({ date: '2025-10-31', first: 2884, intervals: 96 });
});

test('every offset says the same instant', () => {
	const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
	fc.assert(
		fc.property(fc.nat({ max: OCTOBER.intervals - 1 }), offset, (index, minutes) => {
			expect(intervalIndex(OCTOBER, textAt(index, minutes))).toBe(index);
			expect(intervalIndex(OCTOBER, textAt(index, 0).replace('+00:00', 'Z'))).toBe(index);
		}),
	);
});

/** The start of an interval as a clock at another offset shows it. */
function textAt(index: number, minutes: number): string {
	const instant = Date.parse(OCTOBER.utc_start) + index * 900_000 + minutes * 60_000;
	const clock = new Date(instant).toISOString().slice(0, 19);
	const two = (number: number) => String(number).padStart(2, '0');
	const size = Math.abs(minutes);
	return `${clock}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

describe('what is no start of an interval', () => {
	test.each([
		['2025-10-01T00:00:00', 'interval-no-offset'],
		['2025-10-01 00:00:00', 'interval-no-offset'],
		['2025-10-01T00:00', 'interval-no-offset'],
		['2025-10-01T00:00:00.000', 'interval-no-offset'],
		['2025-10-01T00:00+02:00', 'interval-malformed'],
		['2025-10-01T00:00:00.000+02:00', 'interval-malformed'],
		['2025-10-01 00:00:00+02:00', 'interval-malformed'],
		['2025-10-01t00:00:00+02:00', 'interval-malformed'],
		['2025-10-01T00:00:00z', 'interval-malformed'],
		['2025-10-01T00:00:00+0200', 'interval-malformed'],
		['2025-10-01T00:00:00+02', 'interval-malformed'],
		['2025-10-01T00:00:00+24:00', 'interval-malformed'],
		['2025-10-01T00:00:00+02:60', 'interval-malformed'],
		['2025-10-01T00:00:00-00:00', 'interval-malformed'],
		['2025-10-01T00:00:00\u221202:00', 'interval-malformed'],
		['2025-10-01T00:00:00 +02:00', 'interval-malformed'],
		['2025-10-01T00:00:00Z\n', 'interval-malformed'],
		['2025-10-01T24:00:00+02:00', 'interval-malformed'],
		['2025-10-01T00:60:00+02:00', 'interval-malformed'],
		['2025-10-01T00:00:60+02:00', 'interval-malformed'],
		['2025-10-32T00:00:00+02:00', 'interval-malformed'],
		['2025-09-31T00:00:00+02:00', 'interval-malformed'],
		['1.10.2025 00:00', 'interval-malformed'],
		['1759269600', 'interval-malformed'],
		['', 'interval-malformed'],
		['2025-10-01T00:01:00+02:00', 'interval-off-grid'],
		['2025-10-01T00:00:01+02:00', 'interval-off-grid'],
		['2025-10-31T23:59:59+01:00', 'interval-off-grid'],
		['2025-10-01T00:00:00+02:15', 'interval-outside'],
		['2025-10-01T00:00:00+02:01', 'interval-outside'],
		['2025-09-30T23:45:00+02:00', 'interval-outside'],
		['2025-09-30T23:59:59+02:00', 'interval-outside'],
		['2025-11-01T00:00:00+01:00', 'interval-outside'],
		['2025-11-01T00:07:00+01:00', 'interval-outside'],
		['2025-10-31T23:00:00Z', 'interval-outside'],
		['0000-01-01T00:00:00Z', 'interval-outside'],
		['9999-12-31T23:45:00Z', 'interval-outside'],
	])('%j', (text, fault) => {
		expect(intervalIndex(OCTOBER, text)).toBe(fault);
	});
});

test('an interval that is none has no start', () => {
	for (const index of [-1, 2980, 0.5, Number.NaN]) {
		expect(() => intervalStart(OCTOBER, index)).toThrow();
	}
});

describe('a recorded period', () => {
	const [summer, winter] = OCTOBER.offsets;
	if (summer === undefined || winter === undefined) throw new Error('two offsets');
	const flaw = (change: Partial<PeriodTime>, period = '2025-10') =>
		periodTimeFlaw({ ...OCTOBER, ...change }, period);

	test('that is as the rule has it is accepted', () => {
		expect(flaw({})).toBeNull();
	});

	test.each<[string, Partial<PeriodTime>, string]>([
		['without a zone', { time_zone: '' }, 'zone'],
		['of a zone that is a path', { time_zone: '../etc/passwd' }, 'zone'],
		['of fewer intervals', { intervals: 2979 }, 'count'],
		['of more intervals', { intervals: 2981 }, 'count'],
		['of no intervals', { intervals: 0, utc_end: OCTOBER.utc_start }, 'count'],
		['of half an interval more', { intervals: 2980.5 }, 'count'],
		['of other minutes', { interval_minutes: 30 }, 'count'],
		['that begins a day late', { utc_start: '2025-10-01T22:00:00Z', intervals: 2884 }, 'offsets'],
		['that ends early', { utc_end: '2025-10-31T22:00:00Z', intervals: 2976 }, 'end'],
		['that ends late', { utc_end: '2025-11-01T00:00:00Z', intervals: 2984 }, 'end'],
		['that ends before it begins', { utc_end: '2025-08-31T22:00:00Z' }, 'count'],
		['with a bound that is no instant', { utc_end: '2025-10-31T24:00:00Z' }, 'instant'],
		['with a bound of another form', { utc_start: '2025-10-01T00:00:00+02:00' }, 'instant'],
		['without offsets', { offsets: [] }, 'offsets'],
		['without its first offset', { offsets: [winter] }, 'offsets'],
		['without its change', { offsets: [summer] }, 'end'],
		['with offsets swapped', { offsets: [winter, summer] }, 'offsets'],
		['with a change that is none', { offsets: [summer, { ...winter, minutes: 120 }] }, 'offsets'],
		[
			'with a change at its end',
			{ offsets: [summer, { ...winter, from: OCTOBER.utc_end }] },
			'offsets',
		],
		[
			'with a change after it',
			{ offsets: [summer, { ...winter, from: '2025-11-02T01:00:00Z' }] },
			'offsets',
		],
		['with a change twice', { offsets: [summer, winter, winter] }, 'offsets'],
		[
			'with two changes at once',
			{ offsets: [summer, winter, { ...winter, minutes: 0 }] },
			'offsets',
		],
		[
			'with an offset of odd seconds',
			{ offsets: [summer, { ...winter, minutes: 60.5 }] },
			'offsets',
		],
		['with an offset of no zone', { offsets: [{ ...summer, minutes: 6000 }, winter] }, 'offsets'],
		[
			'with an offset that is no number',
			{ offsets: [summer, { ...winter, minutes: Number.NaN }] },
			'offsets',
		],
		[
			'with clocks that show the day before',
			{ offsets: [{ ...summer, minutes: 0 }, winter] },
			'start',
		],
		['with clocks hours ahead', { offsets: [{ ...summer, minutes: 300 }, winter] }, 'start'],
		['with clocks ahead at the end', { offsets: [summer, { ...winter, minutes: 90 }] }, 'end'],
		['with clocks behind at the end', { offsets: [summer, { ...winter, minutes: 0 }] }, 'end'],
	])('%s is refused', (_, change, expected) => {
		expect(flaw(change)).toBe(expected);
	});

	test('of another month is refused', () => {
		expect(flaw({}, '2025-09')).toBe('start');
		expect(flaw({}, '2025-11')).toBe('start');
		expect(flaw({}, '2025-13')).toBe('instant');
	});

	test('moved by whole intervals is refused, whichever way its clocks are made to agree', () => {
		const moved = (instant: string, by: number) =>
			`${new Date(Date.parse(instant) + by * 900_000).toISOString().slice(0, 19)}Z`;
		const by = fc.integer({ min: -96, max: 96 }).filter((it) => it !== 0);
		fc.assert(
			fc.property(by, (count) => {
				const utc_start = moved(OCTOBER.utc_start, count);
				const utc_end = moved(OCTOBER.utc_end, count);
				const offsets = [{ ...summer, from: utc_start }, winter];
				expect(flaw({ utc_start, utc_end, offsets })).not.toBeNull();
			}),
		);
	});
});
