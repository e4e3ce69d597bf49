import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SubmitData } from '../../src/browser/submit/data.ts';
import { decodeText, digest } from '../../src/core/format/bytes.ts';
import { GUARDED_FOLDERS } from '../../src/core/paths.ts';
import { sampleMonth } from '../../src/node/sample.ts';
import { runBuild } from '../support/build-site.ts';
import { launchChromium } from '../support/chromium.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { type StaticServer, serve } from '../support/serve.ts';

const repository = mkdtempSync(join(tmpdir(), 'wattproof-open-'));
const site = join(repository, 'dist');
const base = inject('base');

let browser: Browser;
let server: StaticServer;

/** The submissions of a month of the sample's campus, each as it is edited. */
function submit(period: string, edit: (name: string, text: string) => string | null): void {
	mkdirSync(join(repository, 'data', period));
	for (const [path, bytes] of sampleMonth(period)) {
		const edited = edit(basename(path), decodeText(bytes) ?? '');
		if (edited !== null) writeFileSync(join(repository, path), edited);
	}
}

/** kWh, far beyond what the meter read in any hour. */
const READING = '901.250';

/** A month of totals again, as another month of the sample had them. */
function submitTotals(period: string): void {
	cpSync('data/rules/2025-08.json', join(repository, `data/rules/${period}.json`));
	mkdirSync(join(repository, 'data', period));
	for (const name of ['estates.csv', 'residences.csv', 'sports.csv']) {
		const text = readFileSync(join('data/2026-07', name), 'utf8').replaceAll('2026-07', period);
		const told = name === 'sports.csv' ? withPrivate(text) : text;
		writeFileSync(join(repository, 'data', period, name), told);
	}
}

/** With a column that is its submitter's own. */
function withPrivate(text: string): string {
	const [header, ...rows] = text.trimEnd().split('\n');
	return `${[`x_meter,${header}`, ...rows.map((row) => `M-0042,${row}`)].join('\n')}\n`;
}

const REASON = 'A meter was read twice <b>@finance</b>';

/** Prepares a correction of a final month: one figure of the first file is another. */
function correct(period: string): void {
	const folder = join(repository, 'data', period, 'r2');
	mkdirSync(folder);
	const text = readFileSync(join('data', period, 'estates.csv'), 'utf8');
	const [header = '', first = '', ...rest] = text.split('\n');
	const [point, day, , ...cells] = first.split(',');
	const changed = [point, day, READING, ...cells].join(',');
	writeFileSync(join(folder, 'estates.csv'), [header, changed, ...rest].join('\n'));
	const said = { reason_code: 'meter-reading', reason: REASON, requested_by: 'B', evidence: 'C' };
	writeFileSync(join(folder, 'correction.json'), `${JSON.stringify(said, null, 2)}\n`);
}

beforeAll(async () => {
	copyPortal(repository);
	for (const folder of GUARDED_FOLDERS) {
		cpSync(folder, join(repository, folder), { recursive: true });
	}
	submit('2026-11', (_name, text) => text);
	submit('2026-12', (name, text) => (name === 'sports.csv' ? null : text));
	submit('2027-01', (name, text) => {
		if (name === 'residences.csv') return text.replace(/^2027-01-0[34]T.*\n/gm, '');
		return name === 'sports.csv' ? text.replace(/,[0-9.]+\n/, ',12<b>\n') : text;
	});
	submitTotals('2027-02');
	correct('2026-10');
	runBuild(repository, site, base);
	[browser, server] = [await launchChromium(), await serve(site, base)];
});

afterAll(async () => {
	await browser?.close();
	await server?.close();
	rmSync(repository, { recursive: true, force: true });
});

async function textOf(path: string): Promise<string> {
	const context = await browser.newContext({ javaScriptEnabled: false });
	try {
		const page = await context.newPage();
		await page.goto(server.url + path);
		return await page.locator('main').innerText();
	} finally {
		await context.close();
	}
}

describe('a month that is not final', () => {
	test.each(['2026-11', '2026-12', '2027-01', '2027-02'])(
		'%s never looks final',
		async (period) => {
			const html = readFileSync(join(site, 'settlements', period, 'index.html'), 'utf8');
			const main = /<main.*<\/main>/s.exec(html)?.[0] ?? '';
			expect(await textOf(`settlements/${period}/`)).toContain('PRELIMINARY');
			expect(main).not.toMatch(/S-[0-9]{4}|[0-9a-f]{64}| download|manifest|Final\b|Table 3/);
			const sheet = readFileSync(join(site, 'settlements', period, 'print.css'), 'utf8');
			expect(sheet).toContain('PRELIMINARY');
			expect(html).toContain(`settlements/${period}/print.css`);
		},
	);

	test('shows totals and shares as soon as it is complete', async () => {
		const text = await textOf('settlements/2026-11/');
		const basis = 'Netted in each hour, Europe/Berlin, 720 intervals';
		for (const it of [
			'Complete',
			'10 of 10 entities',
			basis,
			'Shared inside',
			'Who supplied whom',
		]) {
			expect(text).toContain(it);
		}
	});

	test('shows what each has reported and who is missing until then', async () => {
		const text = await textOf('settlements/2026-12/');
		expect(text).toContain('Collecting');
		expect(text).toMatch(/Waiting for\s+\u2068Sports Hall\u2069/);
		expect(text).toMatch(/Engineering Hall\s+Submitted\s+[0-9,]+\.[0-9]{3}\s/);
		expect(text).not.toMatch(/Shared inside|Who supplied whom\n/);
	});

	test('is known to the page to submit readings, without what is private', () => {
		const html = readFileSync(join(site, 'submit/index.html'), 'utf8');
		const data = /id="submit-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
		const { open, earlier }: SubmitData = JSON.parse(data);
		const paths = ['2026-11', '2026-12', '2027-01', '2027-02'].map(
			(it) => `data/${it}/estates.csv`,
		);
		expect(Object.keys(open)).toEqual(expect.arrayContaining(paths));
		expect(open[paths[0] ?? '']).toMatch(/^metering_point,date,[0-9,]+\n.*\nLIB-01,2026-11-01,/s);
		expect(open[paths[3] ?? '']).toMatch(/^entity,period,[a-z_,]+\n.*\nlibrary,2027-02,/s);
		const totals = open['data/2027-02/sports.csv'];
		expect(totals).toMatch(/^entity,period,[a-z_,]+\nsports-hall,2027-02,/);
		expect(totals).not.toMatch(/x_|M-0042/);
		const months = (final: boolean) =>
			earlier.filter((it) => it.final === final).map(({ period }) => period);
		expect(months(true)).toEqual(['2026-10']);
		// The figures of open months are there, the readings that nobody else needs are not.
		expect(months(false)[0]).toBe('2026-11');
		expect(open['data/2026-11/residences.csv']).toMatch(
			/^interval_start(,[^,\n]+)+(\n2026-1[^,]+(,0)+)+\n$/,
		);
	});

	test('lists the faults of its data instead of figures', async () => {
		const text = await textOf('settlements/2027-01/');
		expect(text).toContain('What has to be put right');
		expect(text).toContain('data/2027-01/sports.csv, line 2');
		expect(text).toContain('12<b>');
		// Both points of the file lack two days, told as one range each.
		expect(text).toMatch(/4100\.main.*2027-01-03T00:00:00\+01:00.*2027-01-04T23:00:00\+01:00/);
		expect(text).not.toMatch(/Submitted\s+[0-9]|Shared inside/);
	});

	test('stands on the status page, the list and the calendar with its word', async () => {
		const home = await textOf('');
		expect(home).toContain('In progress: December 2026');
		expect(home).toMatch(/Sports Hall\s+Missing/);
		expect(home).toContain('Readings are due on 5 January 2027.');
		for (const page of ['settlements/', 'calendar/']) {
			const text = await textOf(page);
			expect(text).toMatch(/January 2027.*To be corrected/);
			expect(text).toMatch(/November 2026.*Complete/);
		}
	});

	test('prints its word on every sheet', async () => {
		const page = await browser.newPage();
		await page.goto(`${server.url}settlements/2026-11/`);
		await page.emulateMedia({ media: 'print' });
		expect(await page.locator('.watermark').isVisible()).toBe(true);
		expect(await page.locator('.banner').isVisible()).toBe(true);
		await page.close();
	});
});

describe('a correction that is not final', () => {
	test('says why, and what it would change, and never looks final', async () => {
		const text = await textOf('settlements/2026-10/r2/');
		expect(text).toContain('PRELIMINARY');
		expect(text).toMatch(/Would replace\s+S-2026-10-r1/);
		expect(text).toContain(REASON);
		expect(text).toContain('What would change against S-2026-10-r1');
		expect(text).toMatch(/Administration\s+Consumed\s+[0-9,.]+\s+[0-9,.]+\s+\+[0-9]{3}\.[0-9]{3}/);
		const folder = join(site, 'settlements/2026-10/r2');
		expect(readdirSync(folder).toSorted()).toEqual(['index.html', 'print.css']);
		const main = /<main.*<\/main>/s.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[0];
		expect(main).not.toMatch(/[0-9a-f]{64}| download|manifest|Final\b/);
		expect(readFileSync(join(folder, 'print.css'), 'utf8')).toContain('PRELIMINARY');
	});

	test('leaves the statement in force as it is, and is named beside it', async () => {
		const month = await textOf('settlements/2026-10/');
		expect(month).toContain('S-2026-10-r1');
		expect(month).not.toContain('PRELIMINARY');
		expect(month).toContain('A correction is being prepared');
		const html = readFileSync(join(site, 'settlements/2026-10/index.html'), 'utf8');
		expect(html).toContain('settlements/2026-10/r2/"');
		expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('settlements/2026-10/r2/"');
	});
});

if (inject('full')) {
	test('the same files give the same bytes in another folder, time zone and locale', () => {
		const elsewhere = mkdtempSync(join(tmpdir(), 'wattproof-again-'));
		copyPortal(elsewhere);
		for (const folder of GUARDED_FOLDERS) {
			cpSync(join(repository, folder), join(elsewhere, folder), { recursive: true });
		}
		const again = join(elsewhere, 'dist');
		runBuild(elsewhere, again, base, { TZ: 'Pacific/Apia', LC_ALL: 'tr_TR.UTF-8' });
		const digests = (folder: string) =>
			readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
				.filter((it) => it.isFile())
				.map((it) => join(it.parentPath, it.name))
				.map((path) => [relative(folder, path), digest(readFileSync(path))])
				.toSorted();
		expect(digests(again)).toEqual(digests(site));
		rmSync(elsewhere, { recursive: true });
	});
}
