import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
	intervalIndex,
	intervalStart,
	localDays,
	type PeriodTime,
	periodTimeFlaw,
} from '../../src/core/readings/period-time.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';

type Minutes = PeriodTime['interval_minutes'];

function timeOf(zone: string, period: string, minutes: Minutes = 15): PeriodTime {
	const time = periodTimeOf(period, zone, minutes);
	if ('fault' in time) throw new Error(`${zone} ${period}: ${time.fault}`);
	return time;
}

/** Zone, period, intervals of 15 minutes, local days, and the days that are longer or shorter. */
const MONTHS: [string, string, number, number, Record<string, number>][] = [
	['UTC', '2024-02', 2784, 29, {}],
	['Europe/Berlin', '2025-03', 2972, 31, { '2025-03-30': 92 }],
	['Europe/Berlin', '2025-10', 2980, 31, { '2025-10-26': 100 }],
	['Europe/Berlin', '2025-06', 2880, 30, {}],
	['America/New_York', '2025-03', 2972, 31, { '2025-03-09': 92 }],
	['America/New_York', '2025-11', 2884, 30, { '2025-11-02': 100 }],
	['Australia/Sydney', '2024-10', 2972, 31, { '2024-10-06': 92 }],
	['Australia/Sydney', '2025-04', 2884, 30, { '2025-04-06': 100 }],
	// Half an hour, and midnight half past one in UTC.
	['Australia/Lord_Howe', '2024-10', 2974, 31, { '2024-10-06': 94 }],
	['Australia/Lord_Howe', '2025-04', 2882, 30, { '2025-04-06': 98 }],
	// Winter time for the month of fasting alone.
	['Africa/Casablanca', '2024-03', 2980, 31, { '2024-03-10': 100 }],
	['Africa/Casablanca', '2024-04', 2876, 30, { '2024-04-14': 92 }],
	['Asia/Kathmandu', '2025-05', 2976, 31, {}],
	// Changes at midnight: the day begins at one; and the day before has the hour from eleven twice.
	['America/Sao_Paulo', '2018-11', 2876, 30, { '2018-11-04': 92 }],
	['America/Sao_Paulo', '2018-02', 2692, 28, { '2018-02-17': 100 }],
	// December 30th was skipped.
	['Pacific/Apia', '2011-12', 2880, 30, {}],
	// Clocks skip the midnight in which the month begins, and the last day ends with an hour twice.
	['America/Asuncion', '2017-10', 2972, 31, { '2017-10-01': 92 }],
	['Africa/Cairo', '2024-10', 2980, 31, { '2024-10-31': 100 }],
	['Africa/Cairo', '2024-11', 2880, 30, {}],
	// One minute into the month clocks go back to the month before; it has begun all the same.
	['America/St_Johns', '2009-10', 2976, 31, {}],
	['America/St_Johns', '2009-11', 2884, 30, { '2009-11-01': 100 }],
];

describe.each(MONTHS)('%s %s', (zone, period, intervals, days, odd) => {
	const time = timeOf(zone, period);

	test(`has ${intervals} intervals of 15 minutes`, () => {
		expect(time.intervals).toBe(intervals);
		expect(Date.parse(time.utc_end) - Date.parse(time.utc_start)).toBe(intervals * 900_000);
	});

	test('is as a verifier wants it recorded', () => {
		expect(periodTimeFlaw(time, period)).toBeNull();
	});

	test('its days share its intervals', () => {
		const local = localDays(time);
		expect(local).toHaveLength(days);
		let next = 0;
		for (const { date, first, intervals: count } of local) {
			expect(first).toBe(next);
			expect(count, date).toBe(odd[date] ?? 96);
			expect(date.slice(0, 7)).toBe(period);
			next += count;
		}
		expect(next).toBe(intervals);
	});

	test('every interval comes back from its start, and no two starts are the same', () => {
		const starts = new Set<string>();
		for (let index = 0; index < intervals; index++) {
			const text = intervalStart(time, index);
			expect(intervalIndex(time, text)).toBe(index);
			expect(Date.parse(text)).toBe(Date.parse(time.utc_start) + index * 900_000);
			starts.add(text);
		}
		expect(starts.size).toBe(intervals);
	});

	test('follows the month before and is followed by the next', () => {
		const month = new Date(`${period}-01T00:00:00Z`);
		const shifted = (by: number) =>
			new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + by, 1))
				.toISOString()
				.slice(0, 7);
		expect(timeOf(zone, shifted(-1)).utc_end).toBe(time.utc_start);
		expect(timeOf(zone, shifted(1)).utc_start).toBe(time.utc_end);
	});
});

test('a skipped day has no intervals', () => {
	const dates = localDays(timeOf('Pacific/Apia', '2011-12')).map(({ date }) => date);
	expect(dates.slice(-3)).toEqual(['2011-12-28', '2011-12-29', '2011-12-31']);
});

test.each<[Minutes, number]>([
	[5, 8940],
	[15, 2980],
	[30, 1490],
	[60, 745],
])('intervals of %d minutes: %d in a month with an hour twice', (minutes, intervals) => {
	expect(timeOf('Europe/Berlin', '2025-10', minutes).intervals).toBe(intervals);
});

test.each([
	['Australia/Lord_Howe', '2024-10', 60, 'uneven-period'],
	['Australia/Lord_Howe', '2025-04', 60, 'uneven-period'],
	['Europe/Bern', '2025-04', 15, 'zone-unknown'],
	['europe/berlin', '2025-04', 15, 'zone-unknown'],
	['Utc', '2025-04', 15, 'zone-unknown'],
	['+02:00x', '2025-04', 15, 'zone-unknown'],
	['', '2025-04', 15, 'zone-unknown'],
	// Forty-four and a half minutes behind.
	['Africa/Monrovia', '1971-06', 15, 'offset-odd'],
	// The last day of the month was skipped.
	['Pacific/Kiritimati', '1994-12', 15, 'offset-odd'],
	['UTC', '9999-12', 15, 'offset-odd'],
	['UTC', '2025-13', 15, 'offset-odd'],
] as const)('%s %s by %d minutes: %s', (zone, period, minutes, fault) => {
	expect(periodTimeOf(period, zone, minutes)).toEqual({ fault });
});

test('names of old are names as well', () => {
	expect(timeOf('Asia/Calcutta', '2025-04').offsets[0]?.minutes).toBe(330);
	expect(timeOf('US/Pacific', '2025-04').offsets[0]?.minutes).toBe(-420);
});

const PROGRAM = `
	import { localDays } from './src/core/readings/period-time.ts';
	import { periodTimeOf } from './src/zones/period-time.ts';
	const months = ${JSON.stringify(MONTHS.map(([zone, period]) => [zone, period]))};
	const times = months.map(([zone, period]) => periodTimeOf(period, zone, 15));
	process.stdout.write(JSON.stringify([times, times.map(localDays)]));
`;

test.each([
	['Pacific/Apia', 'tr_TR.UTF-8'],
	['America/St_Johns', 'ar_EG.UTF-8'],
	['Asia/Kathmandu', 'th_TH.UTF-8'],
])('in time zone %s and locale %s months are the same', (TZ, LANG) => {
	const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM], {
		env: { ...process.env, TZ, LANG, LC_ALL: LANG },
		encoding: 'utf8',
	});
	const times = MONTHS.map(([zone, period]) => timeOf(zone, period));
	expect(run.stdout + run.stderr).toBe(JSON.stringify([times, times.map(localDays)]));
});
