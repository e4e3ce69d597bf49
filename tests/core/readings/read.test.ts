import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import {
	type ReadingsRead,
	readBySpecification,
	readReadings,
} from '../../../src/core/readings/read.ts';
import { chance } from '../../support/communities.ts';
import {
	dayHeader,
	dayRows,
	fileOf,
	inParts,
	LONG_HEADER,
	longRows,
	type Month,
	pointsOf,
	requestOf,
	shuffled,
	sumsOf,
	timeOf,
	valuesOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';

function monthOf(period: string, zone: string, minutes: 5 | 15 | 30 | 60, seed = 1): Month {
	const time = timeOf(period, zone, minutes);
	const points = pointsOf(7, [9, 33, 2, 8, 63, 5]);
	return { time, points, values: valuesOf(points.length, time.intervals, seed) };
}

function expectBoth(read: (reader: typeof readReadings) => ReadingsRead, month: Month) {
	for (const reader of [readReadings, readBySpecification]) {
		const { problems, series, estimated } = read(reader);
		expect(problems).toEqual([]);
		expect(series).toEqual(sumsOf(month));
		expect([...estimated]).toEqual([]);
	}
}

describe.each([
	['2026-10', 'Europe/Berlin', 15, 2980],
	['2026-03', 'Europe/Berlin', 15, 2972],
	['2026-11', 'America/New_York', 30, 1442],
	['2026-04', 'Australia/Sydney', 60, 721],
	['2026-10', 'Australia/Lord_Howe', 30, 1487],
	['2026-02', 'Africa/Casablanca', 60, 673],
	['2026-02', 'UTC', 5, 8064],
	['2024-02', 'Asia/Kathmandu', 60, 696],
] as const)('%s %s at %i minutes', (period, zone, minutes, intervals) => {
	const month = monthOf(period, zone, minutes);

	test('has its intervals', () => {
		expect(month.time.intervals).toBe(intervals);
	});
	test('in day rows', () => {
		const bytes = fileOf(dayHeader(month.time), dayRows(month));
		expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);
	});
	test('long', () => {
		const bytes = fileOf(LONG_HEADER, longRows(month));
		expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);
	});
	test('wide', () => {
		const bytes = fileOf(wideHeader(month), wideRows(month));
		expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);
	});
	test('long, in UTC and with one offset throughout', () => {
		for (const zone of ['Z', '+05:30', '-11:00', '+14:00']) {
			const sign = zone.startsWith('-') ? -1 : 1;
			const [, hours = 0, minutes = 0] = zone.split(/[+:-]/).map(Number);
			const offset = zone === 'Z' ? 0 : sign * (hours * 60 + minutes);
			const rows = longRows(month).map((row) => {
				const [id, start = '', kwh] = row.split(',');
				const moved = new Date(Date.parse(start) + offset * 60_000).toISOString();
				return `${id},${moved.slice(0, 19)}${zone},${kwh}`;
			});
			const bytes = fileOf(LONG_HEADER, rows);
			expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);
		}
	});
});

/** A month in files of all forms, each with some of the points, in orders and parts that do not matter. */
function scattered(month: Month, seed: number) {
	const next = chance(seed);
	const files: Record<string, Uint8Array> = {};
	const order = shuffled(next, [...month.points.keys()]);
	for (let from = 0, number = 0; from < order.length; number++) {
		const picked = order.slice(from, from + 1 + next(3));
		from += picked.length;
		const part = {
			time: month.time,
			points: picked
				.map((it) => month.points[it] ?? month.points[0])
				.filter((it) => it !== undefined),
			values: picked.map((it) => month.values[it] ?? []),
		};
		const forms = [
			[LONG_HEADER, longRows(part)],
			[dayHeader(month.time), dayRows(part)],
			[wideHeader(part), wideRows(part)],
		] as const;
		const [header, rows] = forms[next(3)] ?? forms[0];
		const cut = next(rows.length + 1);
		const ordered = next(2) === 0 ? rows : shuffled(next, rows);
		const end = next(3) === 0 ? '\r\n' : '\n';
		for (const [half, some] of [ordered.slice(0, cut), ordered.slice(cut)].entries()) {
			if (some.length > 0) files[`${next(100)}-${number}${half}.csv`] = fileOf(header, some, end);
		}
	}
	return requestOf(month, files);
}

test('forms, files, orders and parts make no difference', () => {
	const months = [
		monthOf('2026-10', 'Europe/Berlin', 60),
		monthOf('2026-10', 'Australia/Lord_Howe', 30),
		monthOf('2026-04', 'America/Santiago', 60),
	];
	const expected = months.map(sumsOf);
	fc.assert(
		fc.property(
			fc.nat(),
			fc.nat(months.length - 1),
			fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 100_000 })),
			(seed, which, size) => {
				const month = months[which];
				if (month === undefined) throw new Error('no month');
				const request = scattered(month, seed);
				const fast = readReadings(request, inParts(request.files, size));
				expect(fast.problems.filter(({ code }) => code !== 'csv-crlf')).toEqual([]);
				expect(fast.series).toEqual(expected[which]);
				expect(fast.seen.size).toBe(month.points.length);
				const turned = { ...request, paths: request.paths.toReversed() };
				expect(readReadings(turned)).toEqual(fast);
			},
		),
		{ numRuns: inject('full') ? 60 : 15 },
	);
});

describe('columns', () => {
	const month = monthOf('2026-10', 'Europe/Berlin', 60);

	test('stand in any order, with private ones between', () => {
		const rows = longRows(month).map((row) => {
			const [id, start, kwh] = row.split(',');
			return `"a, ""b""",${kwh},${start},,${id}`;
		});
		const bytes = fileOf('x_note,kwh,interval_start,quality,metering_point', rows);
		expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);

		const turned = (text: string) => text.split(',').toReversed().join(',');
		const days = fileOf(turned(dayHeader(month.time)), dayRows(month).map(turned));
		expectBoth((read) => read(requestOf(month, { 'a.csv': days })), month);
		const wide = fileOf(turned(wideHeader(month)), wideRows(month).map(turned));
		expectBoth((read) => read(requestOf(month, { 'a.csv': wide })), month);
	});
	test('and rows may be quoted', () => {
		const quoted = (text: string) =>
			text
				.split(',')
				.map((cell) => `"${cell}"`)
				.join(',');
		const bytes = fileOf(quoted(LONG_HEADER), longRows(month).map(quoted));
		expectBoth((read) => read(requestOf(month, { 'a.csv': bytes })), month);
	});
});

test('the first reading of each point is placed by path, then line', () => {
	const month = monthOf('2026-10', 'Europe/Berlin', 60);
	const rows = longRows(month);
	const half = 745 * 3 + 400;
	const request = requestOf(month, {
		'b.csv': fileOf(LONG_HEADER, rows.slice(0, half)),
		'a.csv': fileOf(LONG_HEADER, rows.slice(half)),
	});
	const { seen } = readReadings({ ...request, paths: request.paths.toReversed() });
	const ids = month.points.map(({ id }) => id);
	const at = (name: string, line: number) => ({
		path: `data/2026-10/${name}.csv`,
		line,
		column: 1,
	});
	expect(seen.get(ids[0] ?? '')).toEqual(at('b', 2));
	expect(seen.get(ids[3] ?? '')).toEqual(at('a', 2));
	expect(seen.get(ids[4] ?? '')).toEqual(at('a', 2 + 345));
	expect(readBySpecification(request).seen).toEqual(seen);
});
