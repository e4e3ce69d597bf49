import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeText } from '../src/core/format/bytes.ts';
import { computeNextRun } from '../src/core/record/next-run.ts';
import { validate } from '../src/core/record/validate.ts';
import { readTree } from '../src/node/files.ts';
import { presentAt } from '../src/node/present.ts';

/** docs/spec/layout.md, form by form: what spreadsheets, exports and people write, and what it is called. */
const base = readTree(join(import.meta.dirname, 'problems/base')).files;
const NOW = '2026-06-15T00:00:00Z';

const REGISTER = 'data/entities.csv';
const SOUTH = 'data/2026-05/south.csv';
const ABSENT = 'data/2026-05/absent.csv';
const HEADER = 'entity,period,generated_kwh,consumed_kwh';
const ABSENT_HEADER = 'entity,reason,approved_by\n';
const registerText = new TextDecoder().decode(base.get(REGISTER));

type Bytes = string | Uint8Array;
type Case = readonly [name: string, path: string, bytes: Bytes, ...problems: readonly string[]];

/** The figure of one cell; quoted, so that a comma stays inside it. It begins at 2:16. */
function cell(text: string, code: string | null = null): Case {
	const bytes = `${HEADER}\noffice,2026-05,"${text}",42\n`;
	const name = `energy ${JSON.stringify(text)}`;
	return [name, SOUTH, bytes, ...(code === null ? [] : [`2:16 ${code}`])];
}

/** A further row of the register, of an entity that takes no part in the month. */
function registered(name: string, row: string, ...problems: readonly string[]): Case {
	return [name, REGISTER, `${registerText}${row}\n`, ...problems];
}

function entity(id: string, code: string | null = null): Case {
	const problems = code === null ? [] : [`5:1 ${code}`];
	return registered(`entity ${JSON.stringify(id)}`, `${id},Annex,,2026-06,`, ...problems);
}

function named(name: string, text: string, code: string | null = null): Case {
	return registered(name, `annex,${text},,2026-06,`, ...(code === null ? [] : [`5:7 ${code}`]));
}

function totals(name: string, text: string, ...problems: readonly string[]): Case {
	return [name, SOUTH, text, ...problems];
}

function period(text: string, code: string): Case {
	const bytes = `${HEADER}\noffice,${text},5,42\n`;
	return totals(`period ${JSON.stringify(text)}`, bytes, `2:8 ${code}`);
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
	const bytes = new Uint8Array(text.length * 2);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
	return bytes;
}

const good = `${HEADER}\noffice,2026-05,5,42\n`;
const withNote = (row: string) => `${HEADER},quality,note\noffice,2026-05,5,42,${row}\n`;

const energies: readonly Case[] = [
	cell('0'),
	cell('0.001'),
	cell('5.000'),
	cell('999999999.999'),
	cell('12,5', 'energy-decimal-comma'),
	cell('0,5', 'energy-decimal-comma'),
	cell('1.234,5', 'energy-decimal-comma'),
	cell('1,234', 'energy-thousands'),
	cell('1,234.5', 'energy-thousands'),
	cell('1 234', 'energy-thousands'),
	cell("1'234.5", 'energy-thousands'),
	cell('1.234.567', 'energy-thousands'),
	cell('1\u00a0234', 'energy-digits'),
	cell('1e3', 'energy-exponent'),
	cell('1.2E+3', 'energy-exponent'),
	cell('-5', 'energy-sign'),
	cell('+5', 'energy-sign'),
	cell('-0', 'energy-sign'),
	cell('\u22125', 'energy-digits'),
	cell('5 kWh', 'energy-unit'),
	cell('5MWh', 'energy-unit'),
	cell('5.1234', 'energy-decimals'),
	cell('007', 'energy-leading-zero'),
	cell('00.5', 'energy-leading-zero'),
	cell('', 'energy-empty'),
	cell(' ', 'energy-space'),
	cell('5 ', 'energy-space'),
	cell('NaN', 'energy-not-a-number'),
	cell('n/a', 'energy-not-a-number'),
	cell('-', 'energy-not-a-number'),
	cell('?', 'energy-not-a-number'),
	cell('#DIV/0!', 'energy-not-a-number'),
	cell('\u0665', 'energy-digits'),
	cell('\uff11\uff12', 'energy-digits'),
	cell('\u00bd', 'energy-digits'),
	cell('1000000000', 'energy-too-large'),
	cell('.5', 'energy-malformed'),
	cell('5.', 'energy-malformed'),
	cell('0x1F', 'energy-malformed'),
	cell('=1+1', 'energy-malformed'),
	cell('TRUE', 'energy-malformed'),
];

const periods: readonly Case[] = [
	period('Oct-26', 'period-spreadsheet'),
	period('26-May', 'period-spreadsheet'),
	period('2026-13', 'period-malformed'),
	period('2026-00', 'period-malformed'),
	period('2026-5', 'period-malformed'),
	period('05/2026', 'period-malformed'),
	period('2026-05-01', 'period-malformed'),
	period('', 'period-malformed'),
	period('2026-04', 'period-folder'),
	period('2026-06', 'period-folder'),
	[
		'a month that has not ended',
		'data/2026-06/all.csv',
		`${HEADER}\nhall,2026-06,1,1\nlibrary,2026-06,0,1\noffice,2026-06,0,1\n`,
		'0:0 period-future',
	],
];

const files: readonly Case[] = [
	totals('no bytes', '', '0:0 csv-empty'),
	[`UTF-16 LE`, SOUTH, utf16(`\ufeff${good}`, true), '0:0 csv-utf16'],
	[`UTF-16 BE`, SOUTH, utf16(`\ufeff${good}`, false), '0:0 csv-utf16'],
	['UTF-16 LE without byte order mark', SOUTH, utf16(good, true), '0:0 csv-utf16'],
	['UTF-16 BE without byte order mark', SOUTH, utf16(good, false), '0:0 csv-utf16'],
	['Latin-1', SOUTH, Uint8Array.of(...encodeText(good), 0xe4, 0x0a), '0:0 csv-not-utf8'],
	totals('NUL', `${HEADER}\noffice,2026-05,5\0,42\n`, '0:0 csv-nul'),
	['a workbook', SOUTH, Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), '0:0 csv-spreadsheet-file'],
	totals('lone carriage returns', good.replaceAll('\n', '\r'), '1:41 csv-carriage-return'),
	totals('semicolons', good.replaceAll(',', ';'), '1:1 csv-separator'),
	totals('tabs', good.replaceAll(',', '\t'), '1:1 csv-separator'),
	totals('bars', good.replaceAll(',', '|'), '1:1 csv-separator'),
	totals('a header alone', `${HEADER}\n`, '1:1 csv-no-rows'),
	totals('no final newline', good.trimEnd()),
	totals('a blank line', `${HEADER}\n\noffice,2026-05,5,42\n`, '2:1 csv-blank-line'),
	totals('two blank lines at the end', `${good}\n\n`, '3:1 csv-blank-line'),
	totals('one blank line at the end', `${good}\n`),
	totals('a line of spaces', `${good}  \n`, '3:1 csv-cells'),
	totals('a trailing comma', `${HEADER}\noffice,2026-05,5,42,\n`, '2:1 csv-cells'),
	totals('a missing cell', `${HEADER}\noffice,2026-05,5\n`, '2:1 csv-cells'),
	totals('a decimal comma without quotes', `${HEADER}\noffice,2026-05,5,5,42\n`, '2:1 csv-cells'),
	totals(
		'a comma after the header',
		`${HEADER},\noffice,2026-05,5,42,\n`,
		'1:42 csv-header-unknown',
	),
	totals('a header twice', `${HEADER},entity\nx,x,x,x,x\n`, '1:42 csv-header-duplicate'),
	totals('an unknown header', `${HEADER},remark\nx,x,x,x,x\n`, '1:42 csv-header-unknown'),
	totals(
		'a header in capitals',
		good.replace('entity', 'Entity'),
		'1:1 csv-header-missing',
		'1:1 csv-header-unknown',
	),
	totals(
		'a space in the header',
		good.replace(',period', ', period'),
		'1:1 csv-header-missing',
		'1:8 csv-header-unknown',
	),
	totals('a missing column', 'entity,period,generated_kwh\n', '1:1 csv-header-missing'),
	totals(
		'columns in another order',
		'consumed_kwh,period,generated_kwh,entity\n42,2026-05,5,office\n',
	),
	totals('a private column', `${HEADER},x_ticket\noffice,2026-05,5,42,"7, open"\n`),
	totals('quoted cells', `${HEADER}\n"office","2026-05","5","42"\n`),
	totals('a lone quote', withNote('E,the 9" pipe'), '2:23 csv-lone-quote'),
	totals('text after a closing quote', withNote('E,"pipe" 9'), '2:23 csv-lone-quote'),
	totals('a quote left open', withNote('E,"pipe'), '2:23 csv-line-break-in-field'),
	totals('a line break in a cell', withNote('E,"one\ntwo"'), '2:23 csv-line-break-in-field'),
	totals('an unknown quality', withNote('X,'), '2:21 quality-unknown'),
	totals('an estimate without a note', withNote('E,'), '2:21 note-missing'),
	totals('a note that is a formula', withNote('E,=HYPERLINK(A1)'), '2:23 text-malformed'),
	totals('a note that begins with @', withNote('E,@office'), '2:23 text-malformed'),
	totals('a note that begins with a tab', withNote('E,\tmeter'), '2:23 text-malformed'),
];

const entities: readonly Case[] = [
	entity('a'),
	entity('mart'),
	entity('dec-wing'),
	entity('e'.repeat(63)),
	entity('e'.repeat(64), 'entity-malformed'),
	entity('Annex', 'entity-malformed'),
	entity('ANNEX', 'entity-malformed'),
	entity('annex-', 'entity-malformed'),
	entity('-annex', 'entity-malformed'),
	entity('1annex', 'entity-malformed'),
	entity('north_wing', 'entity-malformed'),
	entity('north wing', 'entity-malformed'),
	entity('b\u00fcro', 'entity-malformed'),
	entity('', 'entity-malformed'),
	entity('mar-1', 'entity-date-like'),
	entity('dec2', 'entity-date-like'),
	entity('may', 'entity-date-like'),
	entity('sept', 'entity-date-like'),
	entity('june-2026', 'entity-date-like'),
	entity('october', 'entity-date-like'),
	entity('true', 'entity-date-like'),
	entity('false', 'entity-date-like'),
	totals('an unknown entity', `${good}libary,2026-05,0,1\n`, '3:1 entity-unknown'),
	totals('an entity twice', `${good}hall,2026-05,0,1\n`, '3:1 entity-duplicate'),
	[
		'an entity valid later',
		REGISTER,
		registerText.replace('300,2026-01', '300,2026-06'),
		'2:1 entity-not-valid',
	],
	registered('an entity that says nothing', 'annex,Annex,,2026-01,', '0:0 entity-silent'),
	[
		'an absent entity with data',
		ABSENT,
		`${ABSENT_HEADER}hall,x,y\n`,
		'2:1 entity-absent-with-data',
	],
	[
		'an absence without a reason, of nobody',
		ABSENT,
		`${ABSENT_HEADER}annex,,y\n`,
		'2:1 entity-unknown',
		'2:7 text-empty',
	],
	[
		'a wrong id in a row that is wrong otherwise',
		'data/2026-05/south.csv',
		`${HEADER}\noficce,2026-05,5,4x\n`,
		'2:1 entity-unknown',
		'2:18 energy-unit',
	],
	['an absence of nobody', ABSENT, `${ABSENT_HEADER}annex,x,y\n`, '2:1 entity-unknown'],
];

const register: readonly Case[] = [
	named('a name', 'B\u00fcro \u00d8st 2'),
	named('a name of 120 characters', '\u{1f3eb}'.repeat(120)),
	named('a name of 121 characters', 'n'.repeat(121), 'text-malformed'),
	named('an empty name', '', 'text-empty'),
	named('a name in decomposed form', 'Bu\u0308ro', 'text-malformed'),
	named('an override of the text direction in a name', 'An\u202enex', 'text-malformed'),
	named('an isolate in a name', 'An\u2066nex', 'text-malformed'),
	named('an escape character in a name', 'An\u001b[2Jnex', 'text-malformed'),
	named('a name that is a formula', '=1+1', 'text-malformed'),
	named('a name that begins with a hyphen', '-annex', 'text-malformed'),
	registered(
		'a cost center with a space',
		'annex,Annex,4 0,2026-06,',
		'5:13 cost-center-malformed',
	),
	registered('an end before the beginning', 'annex,A,,2026-06,2026-05', '5:18 register-validity'),
	registered('rows that overlap', 'office,Office,,2025-01,2026-01', '5:1 register-overlap'),
	registered('rows that follow each other', 'office,Office,,2025-01,2025-12'),
	registered('a beginning as a spreadsheet has it', 'annex,A,,Jan-26,', '5:10 period-spreadsheet'),
	['a byte order mark', REGISTER, `\ufeff${registerText}`, '1:1 csv-bom'],
	['CR LF', REGISTER, registerText.replaceAll('\n', '\r\n'), '1:44 csv-crlf'],
];

for (const it of [...energies, ...periods, ...files, ...entities, ...register]) {
	const [name, path, bytes, ...expected] = it;
	test(name, () => {
		const changed = typeof bytes === 'string' ? encodeText(bytes) : bytes;
		const { problems } = validate(new Map([...base, [path, changed]]), presentAt(NOW), null);
		const found = problems.map((problem) => {
			const { line, column } = problem.location;
			return `${line}:${column} ${problem.code}`;
		});
		expect(found.toSorted()).toEqual(expected.toSorted());
	});
}

test('a byte order mark and CR LF in a totals file are accepted and recorded', () => {
	const changed = encodeText(`\ufeff${good.replaceAll('\n', '\r\n')}`);
	const next = computeNextRun(new Map([...base, [SOUTH, changed]]), '2026-05', presentAt(NOW));
	if (next.state !== 'computed') throw new Error(next.state);
	const exceptions = next.run.exceptions.map((it) => `${it.severity} ${it.code} ${it.path}`);
	expect(exceptions).toEqual([`info csv-bom ${SOUTH}`, `info csv-crlf ${SOUTH}`]);
});
