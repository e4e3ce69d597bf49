import { describe, expect, test } from 'vitest';
import { dayHeader, fileOf, LONG_HEADER, longRows } from '../../support/readings.ts';
import { changed, good, month, places, time } from '../../support/readings-said.ts';

/** What is said of headers, and of bytes that are no lines of this dialect. */
const decoder = new TextDecoder();

describe('a header', () => {
	test.each([
		['meter,time,value', '1:1 reading-header'],
		['metering_point;interval_start;kwh', '1:1 csv-separator'],
		['metering_point,interval_start,kwh,kwh', '1:35 csv-header-duplicate'],
		['metering_point,interval_start,kwh,unit', '1:35 csv-header-unknown'],
		['metering_point,interval_start', '1:1 csv-header-missing'],
		['metering_point,date,1,2,3', '1:21 reading-columns'],
		[`${dayHeader(time)},25`, '1:21 reading-columns'],
		[`${dayHeader(time)},sum`, '1:84 csv-header-unknown'],
		['interval_start,A1,', '1:19 csv-header-unknown'],
		['interval_start,x_note', '1:1 csv-header-missing'],
	])('%s', (header, expected) => {
		expect(places({ 'a.csv': `${header}\n1,2,3\n` })).toEqual([`data/2026-03/a.csv:${expected}`]);
	});

	test('alone is no file, unless it withdraws one', () => {
		const files = { 'a.csv': `${LONG_HEADER}\n`, 'b.csv': good };
		expect(places(files)).toEqual(['data/2026-03/a.csv:1:1 csv-no-rows']);
		expect(places(files, { withdrawable: (path) => path.endsWith('/a.csv') })).toEqual([]);
	});
});

describe('bytes', () => {
	const utf16 = Uint8Array.from(
		[0xff, 0xfe, ...[...good].flatMap((byte) => [byte, 0])].slice(0, 900),
	);
	test.each([
		['an empty file', '', [' csv-empty']],
		['a byte order mark alone', Uint8Array.of(0xef, 0xbb, 0xbf), [' csv-empty', ':1:1 csv-bom']],
		['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 10, 10), [' csv-spreadsheet-file']],
		['UTF-16', utf16, [' csv-utf16']],
		['UTF-16 without its mark', utf16.subarray(2), [' csv-utf16']],
		['a byte order mark', `\ufeff${decoder.decode(good)}`, [':1:1 csv-bom']],
		['CR LF', fileOf(LONG_HEADER, longRows(month), '\r\n'), [':1:34 csv-crlf']],
		['one CR LF', changed('00+01:00,1.500\n', '00+01:00,1.500\r\n'), [':2:35 csv-crlf']],
		[
			'a lone CR',
			changed('T05:00:00+01:00,1.500', 'T05:00:00+01:00,1\r500'),
			[':7:31 csv-carriage-return'],
		],
		['a CR at the end', `${decoder.decode(good)}\r`, [':2231:1 csv-carriage-return']],
		['a NUL', changed('T05:00:00+01:00,1.500', 'T05:00:00+01:00,1.\0'), [':7:32 csv-nul']],
		['no last line feed', good.subarray(0, -1), []],
		['a blank line at the end', `${decoder.decode(good)}\n`, []],
		['two of them', `${decoder.decode(good)}\n\n`, [':2231:1 csv-blank-line']],
		['a blank line', changed('\nA2,', '\n\nA2,'), [':745:1 csv-blank-line']],
		['a lone quote', changed('1.500\nA2', '1"500\nA2'), [':744:30 csv-lone-quote']],
		['an open quote', changed('1.500\nA2', '"1.500\nA2'), [':744:30 csv-line-break-in-field']],
		['a decimal comma', changed('1.500\nA2', '1,500\nA2'), [':744:1 csv-cells']],
		[
			'a long line',
			`${decoder.decode(good)}${'A'.repeat(2 ** 21 + 1)}\n`,
			[':2231:1 csv-line-too-long'],
		],
	])('%s', (_name, bytes, expected) => {
		expect(places({ 'a.csv': bytes })).toEqual(expected.map((it) => `data/2026-03/a.csv${it}`));
	});

	test('that are not UTF-8 are told once', () => {
		const bytes = good.map((byte, index) => (index % 5000 === 4999 ? 0xe4 : byte));
		expect(places({ 'a.csv': bytes })).toEqual(['data/2026-03/a.csv:143:1 csv-not-utf8']);
	});
});
