import { describe, expect, inject, test } from 'vitest';
import { readRegister } from '../../src/core/data/register.ts';
import { readRules, rulesGaps } from '../../src/core/data/rules.ts';
import { readSubmissions } from '../../src/core/data/submission.ts';
import { LIST_BYTES, parseDigestList } from '../../src/core/evidence/digest-list.ts';
import { parseManifest } from '../../src/core/evidence/manifest.ts';
import { readSignature } from '../../src/core/evidence/signature.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { CSV_BYTES, CSV_LINES } from '../../src/core/format/csv.ts';
import { readReadings } from '../../src/core/readings/read.ts';
import { parseStatement } from '../../src/core/record/statement.ts';
import { pointOf, requestOf, timeOf } from '../support/readings.ts';

/** Bytes that somebody has made to stop a reader: its work and its answer stay in proportion. */
const full = inject('full');
const HEADER = 'entity,period,generated_kwh,consumed_kwh';
const REGISTER = 'entity,name,cost_center,valid_from,valid_to\n';

const repeat = (count: number, text: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => text(index)).join('');
const month = (index: number) =>
	`${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
const keysOf = (count: number, entry: (index: number) => string) =>
	`{"format":"wattproof/rules/v1","basis":"monthly","time_zone":"UTC","allocation":[{"rule":` +
	`"fixed","denominator":1000000,"keys":{${repeat(count, entry).slice(0, -1)}}}]}`;

function submitted(text: string): number {
	const path = 'data/2026-01/a.csv';
	const files = new Map([[path, encodeText(text)]]);
	return readSubmissions(files, new Map([['a.csv', path]]), '2026-01', 1).problems.length;
}

function rules(text: string): number {
	const read = readRules('rules.json', encodeText(text));
	return read.ok ? 0 : read.problems.length;
}
/** The metering points are those of a wide header that begin with M. */
function intervals(text: string): number {
	const ids = (text.split('\n', 1)[0] ?? '').split(',').filter((it) => it.startsWith('M'));
	const points = ids.map((id, index) => pointOf(id, 'hall', 'consumption', index + 2));
	const time = timeOf('2026-02', 'UTC', 60);
	return readReadings(requestOf({ time, points }, { 'a.csv': encodeText(text) })).problems.length;
}
const wide = (count: number) => `interval_start${repeat(count, (it) => `,M${it}`)}\n`;
const registered = (text: string) => readRegister('entities.csv', encodeText(text)).problems.length;

/** How many problems each has, and how large a form of it is by its parts. */
const FORMS: Readonly<
	Record<string, readonly [(count: number) => string, (text: string) => number]>
> = {
	'unknown headers': [(count) => `${repeat(count, (it) => `y${it},`)}y\n1\n`, submitted],
	'equal headers': [(count) => `${'entity,'.repeat(count)}entity\n1\n`, submitted],
	'private headers': [(count) => `${HEADER},${repeat(count, (it) => `x_${it},`)}x\n1\n`, submitted],
	'blank lines': [(count) => `${HEADER}\n${'\n'.repeat(count)}`, submitted],
	'empty cells': [(count) => `${HEADER}\n${',,,\n'.repeat(count)}`, submitted],
	'open quotes': [(count) => `${HEADER}\n${'"\n'.repeat(count)}`, submitted],
	'stray quotes': [(count) => `${HEADER}\n${'a"\n'.repeat(count)}`, submitted],
	'a break in a cell': [(count) => `${HEADER}\n"${'\n'.repeat(count)}",,,\n`, submitted],
	'a long line': [(count) => `${HEADER}\n${'a'.repeat(count * 20)}\n`, submitted],
	'a long row': [(count) => `${HEADER}\n${','.repeat(count * 20)}\n`, submitted],
	'a long name': [
		(count) => `${REGISTER}hall,${'\u6c34'.repeat(count * 9)},,2026-01,\n`,
		registered,
	],
	'rows of one entity': [(count) => REGISTER + 'hall,N,1,2026-01,\n'.repeat(count), registered],
	'months of one entity': [
		(count) => REGISTER + repeat(count, (it) => `hall,N,1,${month(it)},${month(it)}\n`),
		registered,
	],
	'bad cells in a row': [
		(count) => `${wide(count)}2026-02-01T00:00:00Z${',x'.repeat(count)}\n`,
		intervals,
	],
	'the same row': [
		(count) => wide(count) + `2026-02-01T00:00:00Z${',1'.repeat(count)}\n`.repeat(2),
		intervals,
	],
	'unknown columns': [
		(count) => `${wide(1).trimEnd()}${repeat(count, (it) => `,S${it}`)}\n`,
		intervals,
	],
	'unknown metering points': [
		(count) => `metering_point,interval_start,kwh\n${repeat(count, (it) => `S${it},,\n`)}`,
		intervals,
	],
	'unknown keys': [(count) => `{${repeat(count, (it) => `"k${it}":1,`).slice(0, -1)}}`, rules],
	'equal keys': [(count) => `{${'"k":1,'.repeat(count)}"k":1}`, rules],
	'malformed ids': [(count) => keysOf(count, (it) => `"K${it}":1,`), rules],
	'malformed values': [(count) => keysOf(count, (it) => `"k${it}":"x",`), rules],
	'unknown ids': [
		(count) => keysOf(count, (it) => `"k${it}":1,`),
		(text) => rulesGaps('rules.json', encodeText(text), new Set(), []).length,
	],
	'long figures': [
		(count) => statementOf('9'.repeat(count * 20)),
		(text) => Number(parseStatement(encodeText(text)) === null),
	],
};

function statementOf(figure: string): string {
	const energy = ['generated', 'consumed', 'self_consumed', 'surplus', 'deficit'].concat(
		...['delivered', 'received', 'exported', 'imported', 'estimated'],
	);
	const columns = ['period', 'run', 'entity', 'name', 'cost_center'];
	const header = [...columns, ...energy.map((it) => `${it}_kwh`)].join(',');
	return `${header}\n2026-01,1,hall,Hall,,${energy.map(() => `${figure}.000`).join(',')}\n`;
}

describe('sixteen times the bytes take about sixteen times as long:', () => {
	const [small, large] = full ? [2500, 40_000] : [60, 960];
	/** The square of sixteen is 256; what else a machine does blurs the rest. */
	const BOUND = 90;
	test.each(Object.entries(FORMS))('%s', (_, [form, read]) => {
		const fastest = (text: string, times: number) => {
			const taken = Array.from({ length: times }, () => {
				const start = performance.now();
				expect(read(text)).toBeLessThanOrEqual(5 * text.length);
				return performance.now() - start;
			});
			return Math.min(...taken);
		};
		const [few, many] = [form(small), form(large)];
		const ratio = fastest(many, 3) / fastest(few, 8);
		if (full) expect(ratio).toBeLessThan(BOUND);
	});
});

describe('at the limit of reading, one problem:', () => {
	const size = (full ? 64 : 17) * 1024 * 1024;
	test.each([
		['blank lines', '\n'],
		['empty cells', ',,,\n'],
		['one line', 'a'],
		['one row', ','],
		['quotes', '"'],
		['quoted lines', '"\n'],
	])('a table of %s', (_, part) => {
		const text = `${HEADER}\n${part.repeat((size - 60) / part.length)}`;
		expect(text.length).toBeGreaterThan(CSV_BYTES);
		expect(submitted(text)).toBe(1);
		expect(registered(text)).toBe(1);
	});

	test('a table of one line too many', () => {
		const rows = (count: number) => `${HEADER}\n${'hall,2026-01,1,1\n'.repeat(count - 1)}`;
		expect(submitted(rows(CSV_LINES + 1))).toBe(1);
		expect(submitted(`${rows(CSV_LINES + 1)}\n`)).toBe(1);
		if (!full) return;
		expect(submitted(rows(CSV_LINES))).toBe(0);
		expect(submitted(`${rows(CSV_LINES)}\n`)).toBe(0);
	});

	test.each([
		['lists in lists', '['],
		['objects in objects', '{"a":'],
		['equal keys', '"a":1,'],
		['NUL', '\0'],
	])('a rule set of %s', (_, part) => {
		expect(rules(`{${part.repeat(size / part.length)}`)).toBe(1);
		expect(rules(`{${part.repeat(900_000 / part.length)}`)).toBe(1);
	});

	test.each(['[', '{"format":', ' ', '\0'])('documents and signatures of %j', (part) => {
		const bytes = encodeText(part.repeat(size / part.length));
		expect(parseManifest(bytes)).toEqual({ ok: false, fault: 'too-large' });
		expect(parseManifest(bytes.subarray(0, 65_535))).toEqual({ ok: false, fault: 'malformed' });
		expect(readSignature(bytes)).toEqual({ ok: false, fault: 'armor' });
		expect(parseDigestList(bytes)).toMatchObject({ ok: false, line: 1 });
	});

	test('a list of good lines is read, and one of blank lines is not', () => {
		const line = (index: number) => `${'0'.repeat(64)}  data/${String(index).padStart(7, '0')}\n`;
		const count = Math.floor(LIST_BYTES / line(0).length);
		const parsed = parseDigestList(encodeText(repeat(count, line)));
		expect(parsed.ok && parsed.list.size).toBe(count);
		const longer = parseDigestList(encodeText(repeat(count + 1, line)));
		expect(longer).toEqual({ ok: false, line: 1 });
		expect(parseDigestList(encodeText('\n'.repeat(size)))).toEqual({ ok: false, line: 1 });
	});
});
