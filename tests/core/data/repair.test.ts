import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proposeRepair } from '../../../src/core/data/repair.ts';
import { readWritten } from '../../../src/core/data/written-energy.ts';
import { decodeText, encodeText } from '../../../src/core/format/bytes.ts';
import { formatTable } from '../../../src/core/format/csv.ts';
import { formatUnits } from '../../../src/core/format/energy.ts';
import { campusData, sharedIsHere } from '../../support/shared.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HEADER = 'entity,period,generated_kwh,consumed_kwh';
const ROW = 'hall,2026-05,120.5,20.25';
const SEMICOLONS = HEADER.replaceAll(',', ';');

const propose = (text: string, mark: '.' | ',' | null = null) =>
	proposeRepair(encodeText(text), mark);
const repaired = (text: string, mark: '.' | ',' | null = null) =>
	decodeText(propose(text, mark)?.bytes ?? encodeText('nothing to repair'));

/** A file of one row with a cell under `generated_kwh`. */
const withCell = (cell: string) => formatTable(HEADER.split(','), [['hall', '2026-05', cell, '0']]);

test('a file of the dialect needs none', () => {
	expect(propose(`${HEADER}\n${ROW}\n`)).toBeNull();
	expect(propose(withCell('1.234'))).toBeNull();
});

test('a file that has other columns, or none, is not touched', () => {
	expect(propose('')).toBeNull();
	expect(propose('a;b\r\n1,5;2\r\n')).toBeNull();
	expect(propose(`${SEMICOLONS}\nhall;2026-05;"1;2\n`)).toBeNull();
});

describe('the form of a file', () => {
	test.each([
		['byte-order-mark', `\ufeff${HEADER}\n${ROW}\n`],
		['line-ends', `${HEADER}\r\n${ROW}\r\n`],
		['line-ends', `${HEADER}\r${ROW}\r`],
		['separator', `${HEADER}\n${ROW}\n`.replaceAll(',', ';')],
		['separator', `${HEADER}\n${ROW}\n`.replaceAll(',', '\t')],
		['separator-line', `sep=,\n${HEADER}\n${ROW}\n`],
		['header', `Entity, period ,generated_kwh,CONSUMED_KWH\n${ROW}\n`],
		['blank-lines', `${HEADER}\n\n${ROW}\n,,,\n`],
		['empty-cells', `${HEADER},,\n${ROW},,\n`],
	])('%s', (damage, text) => {
		const repair = propose(text);
		expect(repair).toMatchObject({ form: [damage], cells: [], question: null, mixed: null });
		expect(repaired(text)).toBe(`${HEADER}\n${ROW}\n`);
	});

	test.each([
		['little', [0xff, 0xfe], 0],
		['big', [0xfe, 0xff], 1],
	])('utf-16, %s-endian', (_name, mark, low) => {
		const text = `${HEADER}\n${ROW}\n`;
		const bytes = new Uint8Array([...mark, ...new Uint8Array(text.length * 2)]);
		for (const [at, byte] of encodeText(text).entries()) bytes[2 + at * 2 + low] = byte;
		const repair = proposeRepair(bytes, null);
		expect(repair?.form).toEqual(['utf-16']);
		expect(decodeText(repair?.bytes ?? bytes)).toBe(text);
	});
});

describe('a cell', () => {
	test.each([
		['12,5', '12.5'],
		['1234,567', '1234.567'],
		['0,234', '0.234'],
		['1,234.5', '1234.5'],
		['1.234,5', '1234.5'],
		['1,234,567', '1234567'],
		['1.234.567', '1234567'],
		['1 234,5', '1234.5'],
		['1\u202f234', '1234'],
		['1\u00a0234,50', '1234.50'],
		["12'345.678", '12345.678'],
		[' 5 ', '5'],
		['5 kWh', '5'],
		['12,5kWh', '12.5'],
		['12.5 MWh', '12500'],
		['1500 Wh', '1.500'],
		['5.1230000', '5.123'],
		['1.23456789E+05', '123456.789'],
		['5E-03', '0.005'],
	])('"%s" is %s', (cell, after) => {
		expect(propose(withCell(cell))).toMatchObject({
			cells: [{ line: 2, field: 'generated_kwh', found: cell, after }],
			question: null,
			lost: [],
		});
		expect(repaired(withCell(cell))).toBe(withCell(after));
	});

	test.each(['-5', '5.1234', 'NaN', '', '5 kW', '7,8,9', '12,34,567', '007', '0,5 Wh', 'x'])(
		'"%s" stays as it is',
		(cell) => expect(propose(withCell(cell))).toBeNull(),
	);

	test.each(['1.23E+05', '1.2e3', '1E+05', '1,23E+05', '1.5E+01'])(
		'"%s" has lost digits and is never written out',
		(found) => {
			const repair = propose(withCell(found));
			expect(repair).toMatchObject({ cells: [], lost: [{ line: 2, found }], question: null });
			expect(decodeText(repair?.bytes ?? encodeText(''))).toBe(withCell(found));
		},
	);

	test.each([
		['12,5', 'energy-decimal-comma'],
		['1,234.5', 'energy-thousands'],
		['5 kWh', 'energy-unit'],
		[' 5', 'energy-space'],
		['5E-03', 'energy-exponent'],
	])('"%s" is the problem %s of the readers', (cell, code) => {
		expect(propose(withCell(cell))?.cells).toMatchObject([{ code }]);
	});

	test('a month of a spreadsheet is written as a period', () => {
		expect(repaired(`${HEADER}\nhall,May-26,120.5,20.25\n`)).toBe(`${HEADER}\n${ROW}\n`);
		expect(repaired(`${HEADER}\nhall,26-May,120.5,20.25\n`)).toBe(`${HEADER}\n${ROW}\n`);
	});
});

describe('what can be read in two ways', () => {
	const file = (...cells: readonly string[]) =>
		[SEMICOLONS, ...cells.map((cell) => `hall;2026-05;${cell};0`), ''].join('\n');

	test('is asked, and nothing of it is repaired without an answer', () => {
		const repair = propose(withCell('1,234'));
		expect(repair?.question).toMatchObject({
			line: 2,
			found: '1,234',
			readings: { '.': '1234', ',': '1.234' },
		});
		expect(repair?.cells).toEqual([]);
		expect(repaired(withCell('1,234'), '.')).toBe(withCell('1234'));
		expect(repaired(withCell('1,234'), ',')).toBe(withCell('1.234'));
	});

	test('is asked for a point among decimal commas, though the readers accept it', () => {
		expect(propose(file('1.234', '12,5'))?.question).toMatchObject({ found: '1.234' });
		expect(repaired(file('1.234', '12,5'), ',')).toContain('hall,2026-05,1234,0\n');
		expect(propose(file('980.000'))?.question).toMatchObject({ found: '980.000' });
		expect(propose(file('980.000', '4210.000'))?.question).toBeNull();
	});

	test('is refused where the answer contradicts another cell', () => {
		const repair = propose(file('1,234', '12,5'), '.');
		expect(repair?.mixed?.map(({ found }) => found)).toEqual(['1,234', '12,5']);
		expect(repair?.cells).toEqual([]);
	});

	test('is refused where a file has both marks', () => {
		const repair = propose(file('12.5', '7,25'));
		expect(repair).toMatchObject({ mixed: [{ found: '12.5' }, { found: '7,25' }], cells: [] });
	});
});

const energies = fc.bigInt({ min: 0n, max: 999_999_999_999n });
const styles = fc.constantFrom(
	{ mark: '.', group: ',', separator: '\t' },
	{ mark: ',', group: '.', separator: ';' },
	{ mark: ',', group: '\u202f', separator: ';' },
	{ mark: '.', group: '\u2019', separator: ';' },
);

test('what a spreadsheet wrote out in full comes back to the watt-hour', () => {
	fc.assert(
		fc.property(
			fc.array(energies, { minLength: 1 }),
			styles,
			(values, { mark, group, separator }) => {
				const write = (wh: bigint) => {
					const [whole = '', part = ''] = formatUnits(wh, 3).split('.');
					return whole.replaceAll(/\B(?=(\d{3})+$)/g, group) + mark + part;
				};
				const rows = values.map((wh) => ['hall', 'May-26', write(wh), '0'].join(separator));
				const text = [HEADER.replaceAll(',', separator), ...rows, ''].join('\r\n');
				const expected = values.map((wh) => ['hall', '2026-05', formatUnits(wh, 3), '0']);
				const answer = mark === ',' ? ',' : '.';
				expect(repaired(text, answer)).toBe(formatTable(HEADER.split(','), expected));
			},
		),
	);
});

test('no cell that can be read in two ways is changed without an answer', () => {
	const digits = fc.stringMatching(/^[0-9]{1,4}$/);
	const mark = fc.constantFrom('.', ',', '', ' ');
	const unit = fc.constantFrom('', ' kWh', 'E+02');
	const cell = fc.tuple(digits, mark, digits, mark, digits, unit).map((parts) => parts.join(''));
	const cells = fc.array(cell, { minLength: 1, maxLength: 4 });
	fc.assert(
		fc.property(cells, fc.constantFrom(';', '\t'), (values, separator) => {
			const rows = values.map((it) => ['hall', '2026-05', it, '0'].join(separator));
			const text = [HEADER.replaceAll(',', separator), ...rows, ''].join('\n');
			const repair = propose(text);
			if (repair?.question === null) return;
			for (const { found } of repair?.cells ?? []) {
				expect(readWritten(found, '.')).toEqual(readWritten(found, ','));
			}
		}),
	);
});

describe.skipIf(!sharedIsHere)('real months (need ../shared beside the checkout)', () => {
	test.each(['cambridge-campus', 'sierra-crest-homes', 'monash-campus'])(
		'%s: what a spreadsheet makes of each comes back byte for byte',
		(campus) => {
			const { periods, files } = campusData(campus);
			expect(periods.length).toBeGreaterThan(0);
			for (const period of periods) {
				const text = files[`data/${period}/all.csv`] ?? '';
				const month = MONTHS[Number(period.slice(5)) - 1];
				const damaged = text
					.replaceAll(period, `${month}-${period.slice(2, 4)}`)
					.replaceAll(',', ';')
					.replaceAll(/(?<=[0-9])\.(?=[0-9])/g, ',')
					.replaceAll('\n', '\r\n');
				expect(repaired(`\ufeff${damaged}`, ',')).toBe(text);
			}
		},
	);
});

test('a repaired file needs no repair of what was repaired', () => {
	const cell = fc.constantFrom('12,5', '1.234,5', '1 234', '5 kWh', '1.23E+05', '-1', 'x', '', '7');
	const cells = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
	fc.assert(
		fc.property(cells, fc.constantFrom('.', ',', null), (rows, mark) => {
			const lines = rows.map(([a, b]) => `hall;Oct-26;${a};${b}`);
			const first = proposeRepair(encodeText([SEMICOLONS, ...lines, ''].join('\r\n')), mark);
			const second = proposeRepair(first?.bytes ?? new Uint8Array(), null);
			expect(second?.form ?? []).toEqual([]);
			expect(second?.cells ?? []).toEqual([]);
		}),
	);
});

test('no text makes it throw, and nothing that it reads is other than the dialect', () => {
	fc.assert(
		fc.property(fc.string(), fc.constantFrom('.' as const, ',' as const), (text, mark) => {
			const read = readWritten(text, mark);
			if (read.kind === 'read') expect(read.text).toMatch(/^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/);
			proposeRepair(encodeText(`${SEMICOLONS}\n${text}`), mark);
		}),
	);
});
