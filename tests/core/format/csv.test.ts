import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { formatTable, readTable } from '../../../src/core/format/csv.ts';

const columns = { required: ['entity', 'note'], optional: ['more'] };

function read(text: string) {
	const { rows, problems } = readTable('a.csv', encodeText(text), columns);
	return {
		rows: rows.map((row) => [row.cell('entity'), row.cell('note')]),
		problems: problems.map(({ code, location: { line, column } }) => [code, line, column]),
	};
}

test('columns are found by name, in any order, private ones are passed over', () => {
	expect(read('x_meter,note,entity\n7,"a, b",hall\n')).toEqual({
		rows: [['hall', 'a, b']],
		problems: [],
	});
});

test('all problems come at once, each with its place', () => {
	const text = 'entity,note\nhall,"a"b\n\nlib,x,y\noffice,"open\nlab,ok\n';
	expect(read(text)).toEqual({
		rows: [['lab', 'ok']],
		problems: [
			['csv-lone-quote', 2, 6],
			['csv-line-break-in-field', 5, 8],
			['csv-blank-line', 3, 1],
			['csv-cells', 4, 1],
		],
	});
});

test('a cell is located behind quoted commas', () => {
	const { rows } = readTable('a.csv', encodeText('note,entity\n"a, ""b""",hall\n'), columns);
	expect(rows[0]?.at('entity')).toEqual({ path: 'a.csv', line: 2, column: 12 });
});

test('a last line needs no line feed, a byte order mark and CR LF are told and accepted', () => {
	expect(read('\ufeffentity,note\r\nhall,x')).toEqual({
		rows: [['hall', 'x']],
		problems: [
			['csv-bom', 1, 1],
			['csv-crlf', 1, 12],
		],
	});
});

test('what is written in canonical form is read back', () => {
	const cell = fc.string({ unit: 'grapheme' }).filter((it) => !/[\r\n\0\ufeff]/.test(it));
	const rows = fc.array(fc.tuple(cell, cell), { minLength: 1 });
	fc.assert(
		fc.property(rows, (cells) => {
			expect(read(formatTable(['entity', 'note'], cells))).toEqual({ rows: cells, problems: [] });
		}),
	);
});

test('no bytes at all make the reader throw', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			const { rows, problems } = readTable('a.csv', bytes, columns);
			expect(rows.length === 0 || problems.length >= 0).toBe(true);
		}),
	);
});

test('without quotes a table says the same as beside a quoted cell', () => {
	const cell = fc.stringMatching(/^[a-z0-9 .]{0,4}$/);
	const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
	const header = fc.constantFrom('entity,note', 'note,x_a,entity', 'entity', '', 'entity;note');
	fc.assert(
		fc.property(header, rows, (first, lines) => {
			const text = [first, ...lines.map((cells) => cells.join(',')), ''].join('\n');
			expect(read(`${text}last,n`)).toEqual(read(`${text}last,"n"`));
		}),
	);
});
