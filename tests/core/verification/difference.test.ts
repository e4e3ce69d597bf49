import { describe, expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { firstDifference } from '../../../src/core/verification/difference.ts';

const TABLE = 'entity,generated_kwh,note\nhall,120.500,"a, b"\noffice,5.000,\n';

const inTable = (actual: string, expected = TABLE) =>
	firstDifference('a.csv', encodeText(expected), encodeText(actual));
const inText = (expected: string, actual: string) =>
	firstDifference('a.json', encodeText(expected), encodeText(actual));

describe('the first difference of two tables', () => {
	test('is none where there is none', () => {
		expect(inTable(TABLE)).toBeNull();
	});

	test.each([
		['a figure', ['120.500', '120.501'], 2, 'generated_kwh', '120.500', '120.501'],
		['a quoted cell', ['a, b', 'a, c'], 2, 'note', 'a, b', 'a, c'],
		['a cell that was empty', ['5.000,', '5.000,x'], 3, 'note', '', 'x'],
		['the first of two', ['hall,120.500', 'hell,120.501'], 2, 'entity', 'hall', 'hell'],
		['a header', ['generated', 'consumed'], 1, 'generated_kwh', 'generated_kwh', 'consumed_kwh'],
		['a byte order mark', ['entity', '\ufeffentity'], 1, 'entity', 'entity', '\\ufeffentity'],
	])('is %s', (_, [from = '', to = ''], line, column, expected, actual) => {
		expect(inTable(TABLE.replace(from, to))).toEqual({ line, column, expected, actual });
	});

	test.each([
		['a line added', `${TABLE}lab,1.000,\n`, 4, '', 'lab,1.000,'],
		['a line removed', TABLE.replace('office,5.000,\n', ''), 3, 'office,5.000,', ''],
		['a cell added', TABLE.replace('5.000,', '5.000,,'), 3, 'office,5.000,', 'office,5.000,,'],
		[
			'an open quote',
			TABLE.replace('b"', 'b'),
			2,
			'hall,120.500,\\"a, b\\"',
			'hall,120.500,\\"a, b',
		],
		[
			'quotes only',
			TABLE.replace('hall', '"hall"'),
			2,
			'hall,120.500,\\"a, b\\"',
			'\\"hall\\",120.500,\\"a, b\\"',
		],
		[
			'the end of a line',
			TABLE.replace('5.000,\n', '5.000,\r\n'),
			3,
			'office,5.000,',
			'office,5.000,\\r',
		],
		['all that there was', '', 1, 'entity,generated_kwh,note', ''],
	])('is the line where it is %s', (_, actual, line, before, after) => {
		expect(inTable(actual)).toEqual({ line, column: '', expected: before, actual: after });
	});

	test('is the last line where only the final newline is missing', () => {
		expect(inTable(TABLE.trimEnd())).toEqual({ line: 4, column: '', expected: '', actual: '' });
	});

	test('is the first of several', () => {
		expect(inTable(TABLE.replace('120.500', '1').replace('5.000', '2'))?.line).toBe(2);
	});
});

describe('the first difference of two texts', () => {
	test('is a line', () => {
		expect(inText('{\n  "a": 1\n}\n', '{\n  "a": 2\n}\n')).toEqual({
			line: 2,
			column: '',
			expected: '  \\"a\\": 1',
			actual: '  \\"a\\": 2',
		});
	});

	test('is none where one of them is no text', () => {
		expect(firstDifference('a.csv', encodeText(TABLE), Uint8Array.of(0xff))).toBeNull();
		expect(firstDifference('a.csv', Uint8Array.of(0xff), encodeText(TABLE))).toBeNull();
	});

	test('is shown short', () => {
		expect(inText('a', 'b'.repeat(1000))?.actual).toHaveLength(120);
	});

	test('shows control characters of a terminal', () => {
		expect(inText('a', '\u001b[2J\u0000')?.actual).toBe('\\u001b[2J\\u0000');
	});

	test.each([
		['C1 control characters', '\u009b2J'],
		['marks of direction', '\u202e0.001'],
		['DEL', '\u007f'],
	])('shows %s', (_, text) => {
		expect(inText('a', text)?.actual).toMatch(/^[\x20-\x7e]+$/);
	});

	test('stays in time for a file without lines', () => {
		const [a, b] = ['a'.repeat(2_000_000), `${'a'.repeat(1_999_999)}b`];
		expect(inText(a, b)?.line).toBe(1);
		expect(inTable(b, a)?.line).toBe(1);
	});
});
