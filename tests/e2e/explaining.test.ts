import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { workExample } from '../../src/node/worked-example.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { runBuild } from '../support/build-site.ts';
import { launchChromium } from '../support/chromium.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { type StaticServer, serve } from '../support/serve.ts';
import { brokenLinks, htmlFaults } from '../support/site-faults.ts';
import { readPages, type SitePage } from '../support/site-pages.ts';

const KIB = 1024;
const site = inject('site');
const base = inject('base');
const pages = readPages(site);
const sample = readPublished(readTree('.').files);

const page = (all: readonly SitePage[], wanted: string) =>
	all.find(({ path }) => path === wanted)?.html ?? '';
const sheetsOf = (html: string) =>
	[...html.matchAll(/<link rel="stylesheet" href="([^"]*)"/g)].map(([, address = '']) => address);

describe('the whole site', () => {
	test('has no script but on the page that verifies', () => {
		const withScript = pages.filter(({ html }) => /<script\b/.test(html)).map(({ path }) => path);
		expect(withScript).toEqual(['verify/', 'verify/wattproof-verifier.html']);
	});

	test('has at most 12 KiB of style sheets, and as much HTML in a statement', () => {
		const sheets = [...new Set(pages.flatMap(({ html }) => sheetsOf(html)))];
		const sizes = sheets.map((it) => gzipSync(readFileSync(join(site, it.slice(base.length)))));
		expect(sizes.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(12 * KIB);
		for (const { path, html } of pages.filter(({ path }) => /^settlements\/./.test(path))) {
			expect(gzipSync(html).length, path).toBeLessThanOrEqual(12 * KIB);
		}
	});
});

test('the newest month is worked through with its own figures', () => {
	const [run] = sample.current;
	if (run === undefined) throw new Error('no run');
	const format = formatsFor('en-GB');
	const { giver, receiver } = workExample(run);
	const html = page(pages, 'learn/');
	expect(html).toContain(run.id);
	for (const wh of [giver?.row.surplus_wh, receiver?.row.imported_wh, run.totals.shared_wh]) {
		expect(html).toContain(format.energy(wh ?? -1n));
	}
	const share = receiver?.share;
	for (const units of [share?.amount_wh, share?.weights_wh, share?.remainder, share?.given_wh]) {
		expect(html).toContain(`>${format.amount(units ?? -1n, 0)}<`);
	}
});

test('a statement says in words how it came about, and takes a question', () => {
	const html = page(pages, 'settlements/2026-05/');
	expect(html).toContain('in proportion to what each entity lacks');
	const subject =
		'mailto:energy@example.org?subject=Question%20about%20a%20figure%20in%20S-2026-05-r1';
	expect(html).toContain(`href="${subject}"`);
});

test('the keys stand in groups of four, with who may do what', () => {
	const html = page(pages, 'keys/');
	for (const { signer } of sample.runs) {
		expect(html).toContain(signer.toUpperCase().replaceAll(/(.{4})(?=.)/g, '$1 '));
	}
	expect(html).toContain(sample.root?.sha256.replaceAll(/(.{4})(?=.)/g, '$1 '));
	expect(html).toContain('proves nothing');
});

const HOSTILE = {
	administration: '<script>alert(1)</script>',
	chemistry: '"><img src=x onerror=alert(1)>',
	'dining-hall': '=HYPERLINK(1)',
	'dormitory-east': '\u202Egnp.exe\u202C',
	engineering: 'מרכז המחשבים',
	greenhouse: '{settings.contact} <%= 1 %>',
	library: 'W'.repeat(200),
	'sports-hall': '</title></bdi></table>',
};

/** Replaces the names in a file of a run; quoted as CSV does it. */
function rename(path: string): void {
	const lines = readFileSync(path, 'utf8').split('\n');
	const names = lines[0]?.split(',').indexOf('name') ?? -1;
	const entities = lines[0]?.split(',').indexOf('entity') ?? -1;
	const renamed = lines.map((line) => {
		const cells = line.split(',');
		const name = new Map(Object.entries(HOSTILE)).get(cells[entities] ?? '');
		if (name !== undefined) cells[names] = `"${name.replaceAll('"', '""')}"`;
		return cells.join(',');
	});
	writeFileSync(path, renamed.join('\n'));
}

/** What somebody could write who gets at the files: no register would be accepted with it. */
describe('a site over hostile names, in another language', () => {
	const folder = mkdtempSync(join(tmpdir(), 'wattproof-hostile-'));
	const built = join(folder, 'dist');
	let browser: Browser;
	let server: StaticServer;

	beforeAll(async () => {
		copyPortal(folder);
		for (const part of ['data', 'settlements', 'trust']) {
			cpSync(part, join(folder, part), { recursive: true });
		}
		for (const run of ['2026-09/r1', '2026-03/r1', '2026-03/r2']) {
			for (const name of ['statement.csv', 'entities.csv']) {
				rename(join(folder, 'settlements', run, name));
			}
		}
		const texts = join(folder, 'src/texts');
		const language = [
			"import { site as english } from './en.ts';",
			"export * from './en.ts';",
			"export const site = { ...english, lang: 'de', skip: 'Zum Inhalt', scroll: String };",
		];
		writeFileSync(join(texts, 'de.ts'), `${language.join('\n')}\n`);
		const chosen = readFileSync(join(texts, 'chosen.ts'), 'utf8');
		writeFileSync(join(texts, 'chosen.ts'), chosen.replaceAll('./en.ts', './de.ts'));
		const settings = join(folder, 'src/site.json');
		const german = readFileSync(settings, 'utf8').replace('en-GB', 'de-DE');
		const repository = '"repository_url": "https://github.com/north/energy"';
		const forge = german.replace('"repository_url": ""', repository).replace('"none"', '"github"');
		writeFileSync(settings, forge);
		runBuild(folder, built, base);
		[browser, server] = [await launchChromium(), await serve(built, base)];
	});

	afterAll(async () => {
		await browser?.close();
		await server?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const paths = ['settlements/2026-09/', 'settlements/2026-03/', 'learn/'];

	test('has valid pages without a broken link', async () => {
		const hostile = readPages(built).filter(({ path }) => paths.includes(path));
		expect(hostile.length).toBe(paths.length);
		expect(await htmlFaults(hostile)).toEqual([]);
		expect(brokenLinks(built, base)).toEqual([]);
		for (const { html } of hostile) expect(html).not.toMatch(/<script|<img/);
	});

	test.each(paths)('%s shows them as text, and no name makes it wider', async (path) => {
		for (const width of [1280, 320]) {
			const context = await browser.newContext({ viewport: { width, height: 640 } });
			const view = await context.newPage();
			const asked: string[] = [];
			view.on('dialog', (dialog) => asked.push(dialog.message()));
			await view.goto(server.url + path);
			const text = await view.locator('main').evaluate((it) => it.textContent ?? '');
			if (path !== 'learn/') {
				for (const name of Object.values(HOSTILE)) expect(text).toContain(name);
				const isolated = await view.locator('bdi').allTextContents();
				expect(Object.values(HOSTILE).filter((it) => !isolated.includes(it))).toEqual([]);
			}
			const wide = await view.evaluate(() => document.documentElement.scrollWidth);
			expect(wide).toBeLessThanOrEqual(width);
			expect(asked).toEqual([]);
			await context.close();
		}
	});

	test('speaks that language, and writes its numbers so', () => {
		const html = page(readPages(built), 'settlements/2026-09/');
		expect(html).toContain('<html lang="de">');
		expect(html).toContain('Zum Inhalt');
		const [run] = sample.current;
		expect(html).toContain(formatsFor('de-DE').energy(run?.totals.shared_wh ?? -1n));
		expect(html).toContain('href="https://github.com/north/energy/issues/new?title=Question');
	});
});
