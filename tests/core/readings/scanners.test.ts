import { describe, expect, test } from 'vitest';
import { formOf } from '../../../src/core/readings/header.ts';
import { openFile, takeLine } from '../../../src/core/readings/interval-file.ts';
import { intervalStart } from '../../../src/core/readings/period-time.ts';
import { makeScanners, scanOf } from '../../../src/core/readings/scanners.ts';
import { emptyTally, groundOf } from '../../../src/core/readings/tally.ts';
import { chance } from '../../support/communities.ts';
import {
	dayHeader,
	dayRows,
	fileOf,
	LONG_HEADER,
	longRows,
	type Month,
	pointsOf,
	shuffled,
	timeOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';

/**
 * What the scanners leave to the specification is read dozens of times slower: of data as meters and
 * spreadsheets write it they leave nothing, whatever a clock would say of it.
 */
const time = timeOf('2026-10', 'Europe/Berlin', 15);

function monthOf(lengths: readonly number[], value: (interval: number) => number): Month {
	const points = pointsOf(6, lengths);
	const values = points.map(() => Array.from({ length: time.intervals }, (_, it) => value(it)));
	return { time, points, values };
}

/** How many of the rows of a file its scanner does not take. */
function leftBy({ points }: Month, bytes: Uint8Array): number {
	const ground = groundOf(time, points, new Map(), new Set(), []);
	const repeated = () => expect.unreachable('no row stands twice');
	const pass = { ground, tally: emptyTally(ground), repeated };
	const file = openFile('a.csv', 0);
	const padded = Uint8Array.from([...bytes, ...new Uint8Array(200)]);
	const view = new DataView(padded.buffer);
	const header = padded.indexOf(10);
	const line = takeLine(file, padded.subarray(0, header), true);
	const form = line && formOf(file, ground, line);
	const scanners = makeScanners(ground);
	const scan = form && scanOf(scanners, pass, file, form);
	if (!scan) throw new Error('no scanner for this header');
	let left = 0;
	for (let at = scan(padded, view, header + 1, bytes.length); at < bytes.length; left++) {
		const end = padded.indexOf(10, at);
		const start = new TextDecoder().decode(padded.subarray(at, end)).split(',')[1] ?? '';
		if (left === 0) scanners.learn(start, 0);
		file.line++;
		at = scan(padded, view, end + 1, bytes.length);
	}
	return left;
}

const small = (interval: number) => (interval * 37) % 2000;
const MONTHS: Readonly<Record<string, Month>> = {
	'ids of 9': monthOf([9], small),
	'ids of 1 to 8': monthOf([2, 3, 4, 5, 7, 8], small),
	'ids of 33': monthOf([33], small),
	'ids of 63': monthOf([63], small),
	'1,000 kWh and more': monthOf([9], (interval) => 1_000_000 + interval * 41_000),
	'nothing but zeros': monthOf([9], () => 0),
};

describe.each(Object.entries(MONTHS))('%s', (_name, month) => {
	test.each(['\n', '\r\n'])('in all forms, lines ending in %j', (end) => {
		expect(leftBy(month, fileOf(LONG_HEADER, longRows(month), end))).toBe(0);
		const marked = longRows(month, ',A');
		expect(leftBy(month, fileOf(`${LONG_HEADER},quality`, marked, end))).toBe(0);
		expect(leftBy(month, fileOf(dayHeader(time), dayRows(month), end))).toBe(0);
		expect(leftBy(month, fileOf(wideHeader(month), wideRows(month), end))).toBe(0);
	});
	test('in any order', () => {
		const next = chance(5);
		const long = longRows(month);
		const byTime = long.toSorted((a, b) => a.slice(-35).localeCompare(b.slice(-35)));
		expect(leftBy(month, fileOf(LONG_HEADER, byTime))).toBe(0);
		expect(leftBy(month, fileOf(LONG_HEADER, shuffled(next, long)))).toBe(0);
		const days = shuffled(next, dayRows(month));
		expect(leftBy(month, fileOf(dayHeader(time), days))).toBe(0);
		const wide = shuffled(next, wideRows(month));
		expect(leftBy(month, fileOf(wideHeader(month), wide))).toBe(0);
	});
	test('with gaps in day rows and wide files', () => {
		const gaps = (row: string, index: number) =>
			index % 3 === 0 ? row.replace(/,[0-9.]+,[0-9.]+,/, ',,,') : row;
		expect(leftBy(month, fileOf(dayHeader(time), dayRows(month).map(gaps)))).toBe(0);
		expect(leftBy(month, fileOf(wideHeader(month), wideRows(month).map(gaps)))).toBe(0);
	});
});

test.each(['Z', '+01:00', '-05:30'])('one row teaches them the offset %s', (zone) => {
	const month = monthOf([9], small);
	const [hours = 0, minutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number);
	const offset = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
	const starts = Array.from({ length: time.intervals }, (_, index) => {
		const moved = new Date(Date.parse(intervalStart(time, index)) + offset * 60_000);
		return `${moved.toISOString().slice(0, 19)}${zone}`;
	});
	const rows = month.points.flatMap(({ id }) => starts.map((start) => `${id},${start},1.5`));
	expect(leftBy(month, fileOf(LONG_HEADER, rows))).toBe(1);
});
