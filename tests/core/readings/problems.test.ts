import { describe, expect, test } from 'vitest';
import type { Substitute } from '../../../src/core/data/substitutes.ts';
import { wholeFile } from '../../../src/core/problem.ts';
import { intervalStart } from '../../../src/core/readings/period-time.ts';
import { readReadings } from '../../../src/core/readings/read.ts';
import {
	dayHeader,
	dayRows,
	fileOf,
	LONG_HEADER,
	longRows,
	requestOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';
import { changed, good, month, places, said, time } from '../../support/readings-said.ts';

const decoder = new TextDecoder();

test('a good month has no problem', () => {
	expect(said({ 'a.csv': good })).toEqual([]);
});

describe('a row', () => {
	const start = intervalStart(time, 3);
	const row = `A1,${start},1.500`;
	test.each([
		[`A7,${start},1.500`, '1 metering-point-unknown'],
		[`Z9,${start},1.500`, '1 metering-point-not-valid'],
		[`,${start},1.500`, '1 metering-point-malformed'],
		['A1,2026-03-01T03:00:00,1.500', '4 interval-no-offset'],
		['A1,01.03.2026 03:00,1.500', '4 interval-malformed'],
		['A1,2026-03-01T03:30:00+01:00,1.500', '4 interval-off-grid'],
		['A1,2026-04-01T00:00:00+02:00,1.500', '4 interval-outside'],
		[`A1,${start},`, '30 energy-empty'],
		[`A1,${start},"1,5"`, '30 energy-decimal-comma'],
		[`A1,${start},-1.5`, '30 energy-sign'],
		[`A1,${start},1.5e3`, '30 energy-exponent'],
		[`A1,${start},1.5 kWh`, '30 energy-unit'],
		[`A1,${start},1.5001`, '30 energy-decimals'],
		[`A1,${start},01.5`, '30 energy-leading-zero'],
		[`A1,${start},.5`, '30 energy-malformed'],
		[`A1,${start}, 1.5`, '30 energy-space'],
		[`A1,${start},1234567890`, '30 energy-too-large'],
	])('%s', (now, expected) => {
		const strangers = new Map([['Z9', 'not-valid' as const]]);
		const lines = places({ 'a.csv': changed(row, now) }, { strangers });
		const [first, ...others] = lines;
		expect(first ?? '').toMatch(/^data\/2026-03( readings-missing|\/a.csv:5:)/);
		expect(lines).toContain(`data/2026-03/a.csv:5:${expected}`);
		// Where the point is not read its own interval is missing; else the row says what is wrong.
		expect(others.length).toBe(expected.startsWith('1 ') ? 1 : 0);
	});

	test('of a stranger in doubt says nothing more', () => {
		const text = `${decoder.decode(good)}Q1,${start},1\n`;
		expect(said({ 'a.csv': text }, { strangers: new Map([['Q1', null]]) })).toEqual([]);
	});
	test('with an unknown quality', () => {
		const rows = longRows(month).map((it, index) => `${it},${index === 3 ? 'X' : 'A'}`);
		expect(said({ 'a.csv': fileOf(`${LONG_HEADER},quality`, rows) })).toEqual([
			'data/2026-03/a.csv:5:36 quality-unknown quality is "X". Write A (actual), C (calculated), S (sub',
		]);
	});
	test('of an absent entity is told once a file', () => {
		expect(said({ 'a.csv': good }, { absent: new Set(['lab']) })).toEqual([
			'data/2026-03/a.csv:1488:1 metering-point-absent "B1" has data, but "lab" is declared absent. Rem',
		]);
	});
});

describe('day rows', () => {
	const rows = dayRows(month);
	const withRow = (index: number, change: (row: string) => string) =>
		fileOf(
			dayHeader(time),
			rows.map((row, it) => (it === index ? change(row) : row)),
		);

	test('with values beyond a short day', () => {
		expect(said({ 'a.csv': withRow(28, (row) => `${row}7`) })).toEqual([
			'data/2026-03/a.csv:30:153 reading-beyond-day Column 24 is "7", but 2026-03-29 has 23 intervals o',
		]);
	});
	test('of no date of the month', () => {
		const dated = (date: string) =>
			said({ 'a.csv': withRow(3, (row) => row.replace(/2026-03-04/, date)) });
		expect(dated('4.3.2026')).toEqual([
			'data/2026-03/a.csv:5:4 date-malformed date is "4.3.2026". Write year, month and day as 2026-03-0',
		]);
		expect(dated('2026-04-01')).toEqual([
			'data/2026-03/a.csv:5:4 date-outside date is "2026-04-01", outside the period, whose days are 202',
		]);
	});
	test('that stand twice are told once, with the first place', () => {
		const bytes = fileOf(dayHeader(time), [...rows, ...rows.slice(40, 42)]);
		expect(said({ 'a.csv': bytes })).toEqual([
			'data/2026-03/a.csv:95:15 reading-duplicate "A2" already has a reading for 2026-03-10T00:00:00+01',
			'data/2026-03/a.csv:96:15 reading-duplicate "A2" already has a reading for 2026-03-11T00:00:00+01',
		]);
	});
	test('with a bad cell and empty ones', () => {
		const bytes = withRow(0, (row) => row.replace('1.500,1.500,1.500', '1.500,,1.5.0'));
		expect(said({ 'a.csv': bytes })).toEqual([
			'data/2026-03 readings-missing "A1" lacks 1 of 743 readings: 2026-03-01T01:00:00+01:00. Add them;',
			'data/2026-03/a.csv:2:22 energy-malformed 3 is "1.5.0": write kWh as digits with a decimal point,',
		]);
	});
});

describe('wide files', () => {
	test('with strangers among the columns', () => {
		const header = `${wideHeader(month)},Z9,A7`;
		const bytes = fileOf(
			header,
			wideRows(month).map((row) => `${row},1,2`),
		);
		expect(places({ 'a.csv': bytes }, { strangers: new Map([['Z9', 'not-valid']]) })).toEqual([
			'data/2026-03/a.csv:1:25 metering-point-not-valid',
			'data/2026-03/a.csv:1:28 metering-point-unknown',
		]);
	});
	test('with a row twice, and a start that is none', () => {
		const rows = wideRows(month);
		const bytes = fileOf(wideHeader(month), [...rows.slice(0, 9), rows[4] ?? '', ...rows.slice(9)]);
		expect(places({ 'a.csv': bytes })).toEqual(['data/2026-03/a.csv:11:27 reading-duplicate']);
		const off = rows.map((row) => row.replace('2026-03-01T05:00', '2026-03-01T05:01'));
		expect(places({ 'a.csv': fileOf(wideHeader(month), off) })).toEqual([
			'data/2026-03/a.csv:7:1 interval-off-grid',
		]);
	});
});

describe('what is missing', () => {
	test('is listed by ranges, some of them', () => {
		const rows = longRows(month).filter((_, index) => index >= 800 || index % 10 > 2);
		const request = requestOf(month, { 'a.csv': fileOf(LONG_HEADER, rows) });
		const [first, second, ...others] = readReadings(request).problems;
		const ranges = [0, 10, 20, 30, 40].map((from) => {
			return `${intervalStart(time, from)} to ${intervalStart(time, from + 2)}`;
		});
		const missing = { code: 'readings-missing', location: wholeFile('data/2026-03') };
		const found = { ...missing, intervals: '743', metering_point: 'A1', missing: '225' };
		expect(first).toEqual({ ...found, ranges: ranges.join(', '), more: '70' });
		expect(second).toMatchObject({ ...missing, metering_point: 'A2', missing: '15', more: '0' });
		expect(others).toEqual([]);
	});
	test('of a whole entity is its silence', () => {
		const rows = longRows(month).slice(0, 2 * time.intervals);
		expect(places({ 'a.csv': fileOf(LONG_HEADER, rows) })).toEqual(['data/2026-03 entity-silent']);
		expect(places({ 'a.csv': fileOf(LONG_HEADER, rows) }, { absent: new Set(['lab']) })).toEqual(
			[],
		);
		expect(places({})).toEqual(['data/2026-03 entity-silent', 'data/2026-03 entity-silent']);
	});
	test('is not asked for where a file cannot be taken apart', () => {
		expect(places({ 'a.csv': 'metering_point,kwh\n' })).toEqual([
			'data/2026-03/a.csv:1:1 csv-header-missing',
		]);
	});
});

describe('duplicates', () => {
	test('have the first place by path, then line, whatever the order of paths', () => {
		const rows = longRows(month);
		const files = {
			'b.csv': fileOf(LONG_HEADER, rows.slice(0, 800)),
			'a.csv': fileOf(LONG_HEADER, rows.slice(790)),
		};
		const lines = said(files);
		expect(lines.length).toBe(10);
		expect(lines[0]).toBe(
			'data/2026-03/b.csv:792:1 reading-duplicate "A2" already has a reading for 2026-03-02T23:00:00+01',
		);
	});
	test('of bad rows are duplicates too', () => {
		const row = `A1,${intervalStart(time, 3)},`;
		const lines = places({ 'a.csv': `${changed(`${row}1.500`, `${row}x`)}${row}1\n` });
		expect(lines).toEqual([
			'data/2026-03/a.csv:5:30 energy-malformed',
			'data/2026-03/a.csv:2231:1 reading-duplicate',
		]);
	});
});

test('of one file 100 problems are listed, and how many there are', () => {
	const rows = longRows(month).map((row, index) => (index % 7 === 0 ? `${row}0` : row));
	const lines = said({ 'a.csv': fileOf(LONG_HEADER, rows), 'b.csv': `${LONG_HEADER}\nA1\n` });
	expect(lines.length).toBe(102);
	expect(lines[0]).toBe(
		'data/2026-03/a.csv problems-more There are 319 problems here, of which the first 100 are listed.',
	);
	expect(lines[100]).toMatch(/^data\/2026-03\/a.csv:695:30 energy-decimals /);
});

describe('substitutes', () => {
	const substitute = (point: string, first: number, last: number, line: number): Substitute => {
		const at = () => ({ path: 'data/2026-03/substitutes.csv', line, column: 1 });
		return { point, first, last, quality: 'S', note: 'n', row: { line, cell: () => '', at } };
	};
	test('without readings are unused', () => {
		const rows = longRows(month).filter((row) => !/^A1,2026-03-0[12]/.test(row));
		const substitutes = [substitute('A1', 3, 10, 2), substitute('A1', 40, 48, 3)];
		expect(places({ 'a.csv': fileOf(LONG_HEADER, rows) }, { substitutes })).toEqual([
			'data/2026-03 readings-missing',
			'data/2026-03/substitutes.csv:2:1 substitute-unused',
		]);
	});
	test('for readings that have a quality of their own are refused', () => {
		const bytes = fileOf(`${LONG_HEADER},quality`, longRows(month, ',E'));
		expect(said({ 'a.csv': bytes }, { substitutes: [substitute('A2', 3, 10, 2)] })).toEqual([
			'data/2026-03/substitutes.csv:2:1 substitute-with-quality These intervals of "A2" are read from a',
		]);
	});
});
