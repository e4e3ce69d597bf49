import { unzipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeText, digest, encodeText, type Files } from '../../../src/core/format/bytes.ts';
import { formatJson } from '../../../src/core/format/json.ts';
import { runFolder } from '../../../src/core/paths.ts';
import { COLUMN_KINDS } from '../../../src/core/record/columns.ts';
import { formatEvidencePack } from '../../../src/node/downloads/evidence-pack.ts';
import { formatLedger } from '../../../src/node/downloads/ledger.ts';
import { readRecord } from '../../../src/node/downloads/record-table.ts';
import { formatStatementJson } from '../../../src/node/downloads/statement-json.ts';
import { formatStatementWorkbook } from '../../../src/node/downloads/statement-workbook.ts';
import { exactNumber } from '../../../src/node/downloads/workbook.ts';
import { readTree } from '../../../src/node/files.ts';
import { type PublishedRun, readPublished } from '../../../src/node/published.ts';
import { HOSTILE_NAMES, makeHostile } from '../../support/hostile-run.ts';
import { readWorkbook, workbookParts } from '../../support/workbook-cells.ts';

/** What is made from the runs of the sample, and from one with hostile names. */
const { files } = readTree('.');
const published = readPublished(files);
const extras = { organization: 'Example Campus', script: encodeText('exit 0\n') };
const zone = process.env['TZ'];

afterEach(() => {
	if (zone === undefined) delete process.env['TZ'];
	else process.env['TZ'] = zone;
});

function newest(tree: Files): PublishedRun {
	const run = readPublished(tree).runs.at(-1);
	if (run === undefined) throw new Error('the sample has no run');
	return run;
}

/** Copies, so that nothing kept for a file of the tree is found again. */
function copies(tree: Files): Files {
	return new Map([...tree].map(([path, bytes]) => [path, bytes.slice()]));
}

async function makeAll(tree: Files, run: PublishedRun) {
	return [
		await formatStatementWorkbook(tree, run, 'Example Campus'),
		formatStatementJson(tree, run),
		formatLedger(tree, run) ?? new Uint8Array(),
		formatEvidencePack(tree, readPublished(tree), run, extras),
	].map(digest);
}

describe.each(published.runs)('$id', (run) => {
	test('has the figures of its CSV records in the workbook, as numbers', async () => {
		const bytes = await formatStatementWorkbook(files, run, 'Example Campus');
		const sheets = readWorkbook(bytes);
		expect([...sheets.keys()]).toEqual(['Statement', 'Allocation', 'Inputs', 'About']);
		for (const [sheet, record] of [
			['Statement', 'statement'],
			['Allocation', 'allocations'],
		] as const) {
			const table = readRecord(files, run, record);
			const [header, ...rows] = sheets.get(sheet) ?? [];
			expect(header?.map(({ value }) => value)).toEqual(table?.columns);
			const written = rows.map((cells) =>
				table?.columns.map((name, at) => {
					const { value = null, format = '' } = cells[at] ?? {};
					if (COLUMN_KINDS[name] === 'integer') return String(value);
					if (typeof value !== 'number') return value ?? '';
					expect(format).toMatch(/^#,##0\.0+$/);
					return value.toFixed(format.split('.')[1]?.length);
				}),
			);
			expect(written).toEqual(table?.rows);
		}
		const about = (sheets.get('About') ?? []).map((cells) => cells.map(({ value }) => value));
		expect(JSON.stringify(about)).toContain('The CSV is the record');
		expect(about).toContainEqual(['SHA-256 of the manifest', run.manifest_sha256]);
		const inputs = sheets.get('Inputs') ?? [];
		const signed = new Map(run.files.map((it) => [it.path, it.sha256]));
		for (const [path, , , sha256] of inputs.slice(1)) {
			expect(sha256?.value).toBe(signed.get(String(path?.value)));
		}
	});

	test('has the same rows in canonical JSON', () => {
		const bytes = formatStatementJson(files, run);
		const document = JSON.parse(decodeText(bytes) ?? '');
		expect(formatJson(document)).toEqual(bytes);
		expect(document.totals).toEqual(run.manifest.totals);
		for (const record of ['statement', 'allocations', 'exceptions', 'delta', 'journal'] as const) {
			const table = readRecord(files, run, record);
			const rows = table?.rows.map((cells) =>
				Object.fromEntries(table.columns.map((name, at) => [name, cells[at]])),
			);
			const back = document[record]?.map((row: Record<string, unknown>) => {
				const texts = Object.entries(row).map(([name, value]) => [name, String(value)]);
				const ours = table?.columns.includes('run')
					? { period: run.period, run: `${run.run}` }
					: {};
				const from = record === 'delta' ? { supersedes: `${run.manifest.supersedes?.run}` } : {};
				return { ...ours, ...from, ...Object.fromEntries(texts) };
			});
			expect(back ?? null).toEqual(rows ?? null);
		}
	});

	test('packs the log up to itself, every file as it is', () => {
		const pack = unzipSync(formatEvidencePack(files, published, run, extras));
		const packed = Object.keys(pack);
		expect(packed).toEqual(packed.toSorted());
		for (const path of packed) {
			const [top, ...rest] = path.split('/');
			expect(top).toBe(run.id);
			const bytes = files.get(rest.join('/'));
			if (bytes !== undefined) expect(digest(pack[path] ?? new Uint8Array())).toBe(digest(bytes));
			else expect(['README.txt', 'scripts/verify.sh']).toContain(rest.join('/'));
		}
		const later = published.runs.filter((it) => it.manifest.sequence > run.manifest.sequence);
		for (const it of later) {
			expect(packed).not.toContain(`${run.id}/${runFolder(it.period, it.run)}/manifest.json`);
		}
		for (const { path } of run.files) expect(packed).toContain(`${run.id}/${path}`);
		const readme = decodeText(pack[`${run.id}/README.txt`] ?? new Uint8Array());
		expect(readme).toContain(run.manifest_sha256);
	});
});

test('the bytes are the same in every time zone', async () => {
	const [first, last] = [published.runs[0], newest(files)];
	const makes: string[][] = [];
	for (const it of ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC']) {
		process.env['TZ'] = it;
		const hours = { 'Pacific/Kiritimati': -14, UTC: 0 }[it];
		if (hours !== undefined) expect(new Date('2026-01-01').getTimezoneOffset()).toBe(hours * 60);
		const tree = copies(files);
		makes.push([...(first ? await makeAll(tree, first) : []), ...(await makeAll(tree, last))]);
	}
	expect(makes[1]).toEqual(makes[0]);
	expect(makes[2]).toEqual(makes[0]);
});

test.each([
	['0.000', 0],
	['12.500', 12.5],
	['+12.500', 12.5],
	['-0.001', -0.001],
	['999999999999.999', 999999999999.999],
	['1000000000000.000', null],
	['9007199254740.993', null],
	['0000000000000000.001', 0.001],
])('%s is %s as a number of a spreadsheet', (text, number) => {
	expect(exactNumber(text)).toBe(number);
});

describe('names that somebody would obey', () => {
	const { period, run: number } = newest(files);
	const tree = makeHostile(files, period, number);
	const run = newest(tree);
	const names = run.lines.map(({ name }) => name);

	test('stand in the run', () => {
		expect(names.toSorted()).toEqual([...HOSTILE_NAMES].toSorted());
	});

	test('are text in the workbook, which holds no formula', async () => {
		const bytes = await formatStatementWorkbook(tree, run, '=HYPERLINK("x")');
		const parts = [...workbookParts(bytes)];
		for (const [name, xml] of parts) {
			expect(xml, name).not.toMatch(/<f[ >/]|<script|hyperlink/);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
			expect(xml, name).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
		}
		const [header, ...rows] = readWorkbook(bytes).get('Statement') ?? [];
		const column = header?.findIndex(({ value }) => value === 'name') ?? -1;
		expect(rows.map((cells) => cells[column]?.value)).toEqual(names);
	});

	test('are text in JSON', () => {
		const document = JSON.parse(decodeText(formatStatementJson(tree, run)) ?? '');
		expect(document.statement.map((row: { name: string }) => row.name)).toEqual(names);
	});

	test('are comments of the ledger, and accounts stay one word to it', () => {
		const text = decodeText(formatLedger(tree, run) ?? new Uint8Array()) ?? '';
		const [head = '', body = ''] = text.split('\ndecimal-mark .\n');
		for (const line of head.split('\n')) expect(line).toMatch(/^(; .*)?$/);
		expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028]/);
		expect(head).toContain('date:2020-02-30, [1999-01-01] x:y ; z');
		expect(body).toContain('account 6050%20%20EUR 99%20:%20:x\n');
		expect(body).toContain('account 4050%3A:%20\n');
		for (const name of HOSTILE_NAMES) expect(body).not.toContain(name);
	});

	test.each([
		['an account', ',6050,', ',6050;x,'],
		['a line of its own', ',6050,', ',"6050\n2026-01-01 x",'],
		['an entity', ',library,', ',library  EUR 5,'],
		['a cost center', ',1200,', ',"1200, date:2020-01-01",'],
		['a currency', ',EUR,', ',EU R,'],
		['an amount', ',0.00,', ',(5),'],
	])('that break out of %s stop the build', (_, from, to) => {
		const path = `${runFolder(period, number)}/journal.csv`;
		const journal = decodeText(files.get(path) ?? new Uint8Array()) ?? '';
		const forged = new Map(files).set(path, encodeText(journal.replace(from, to)));
		expect(() => formatLedger(forged, newest(files))).toThrow(/journal\.csv cannot be read/);
	});
});

test('a pending run says so in every file that could be filed', async () => {
	const run: PublishedRun = {
		...newest(files),
		status: 'pending',
		approvals: [{ role: 'finance', given: false }],
	};
	const missing = 'NOT FINAL YET: approval missing (finance)';
	const ledger = decodeText(formatLedger(files, run) ?? new Uint8Array()) ?? '';
	expect(ledger).toContain(`; ${missing}`);
	expect(ledger).toMatch(/^2[-0-9]+ ! \(S-/m);
	const book = readWorkbook(await formatStatementWorkbook(files, run, 'Example Campus'));
	expect(JSON.stringify(book.get('About'))).toContain(missing);
	const pack = unzipSync(formatEvidencePack(files, published, run, extras));
	expect(decodeText(pack[`${run.id}/README.txt`] ?? new Uint8Array())).toContain(missing);
});

test('a run without a price has no ledger', () => {
	const run = newest(files);
	const { price: _, ...rules } = run.rules;
	expect(formatLedger(files, { ...run, rules })).toBe(null);
});
