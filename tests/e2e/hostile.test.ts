import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { textFault, visible } from '../../src/core/format/name.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { runBuild } from '../support/build-site.ts';
import { launchChromium } from '../support/chromium.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { type StaticServer, serve } from '../support/serve.ts';
import { brokenLinks, htmlFaults } from '../support/site-faults.ts';
import { readPages } from '../support/site-pages.ts';

const base = inject('base');
const full = inject('full');
const sample = readPublished(readTree('.').files);

const HOSTILE: ReadonlyMap<string, string> = new Map([
	['administration', '<script>alert(1)</script>'],
	['chemistry', '"><img src=x onerror=alert(1)>'],
	['dining-hall', '=HYPERLINK(1)'],
	['dormitory-east', '\u202Egnp.exe\u202C'],
	['engineering', 'מרכז המחשבים'],
	['greenhouse', '{settings.contact} <%= 1 %>'],
	['library', 'W'.repeat(200)],
	['sports-hall', '</title></bdi></table>'],
]);
const NAMES = [...HOSTILE.values()];
/** Of the register, which names those of whom readings are awaited, only these are read. */
const ACCEPTED = new Map([...HOSTILE].filter(([, name]) => textFault(name) === null));
const SENTENCE = `</p><img src=x onerror=alert(2)>${'M'.repeat(80)}`;
const LONG_FILE = `e${'x'.repeat(150)}.csv`;

/** Replaces the names in a file of a run; quoted as CSV does it. */
function rename(path: string, byEntity = HOSTILE): void {
	const lines = readFileSync(path, 'utf8').split('\n');
	const names = lines[0]?.split(',').indexOf('name') ?? -1;
	const entities = lines[0]?.split(',').indexOf('entity') ?? -1;
	const renamed = lines.map((line) => {
		const cells = line.split(',');
		const name = byEntity.get(cells[entities] ?? '');
		if (name !== undefined) cells[names] = `"${name.replaceAll('"', '""')}"`;
		return cells.join(',');
	});
	writeFileSync(path, renamed.join('\n'));
}

function replace(path: string, from: string | RegExp, to: string): void {
	const text = readFileSync(path, 'utf8');
	const changed = text.replace(from, () => to);
	expect(changed, path).not.toBe(text);
	writeFileSync(path, changed);
}

/** Names, reasons and a path in the files of a repository, and a language that is not English. */
function makeHostile(folder: string): void {
	for (const run of ['2026-10/r1', '2026-03/r1', '2026-03/r2']) {
		for (const name of ['statement.csv', 'entities.csv']) {
			rename(join(folder, 'settlements', run, name));
		}
	}
	const register = join(folder, 'data/entities.csv');
	const refused = [...HOSTILE.keys()].filter((entity) => !ACCEPTED.has(entity));
	rename(register, ACCEPTED);
	// Accounts then have their names from the statements.
	for (const entity of refused) replace(register, new RegExp(`^${entity},.*\n`, 'm'), '');
	const january = join(folder, 'settlements/2026-01/r1/exceptions.csv');
	replace(january, 'Closed for the renewal of the glazing', SENTENCE);
	replace(january, 'M. Okafor', SENTENCE);
	const correction = join(folder, 'data/2026-03/r2/correction.json');
	replace(correction, /The library meter[^"]*/, SENTENCE);
	replace(correction, 'A. Lindqvist', SENTENCE);
	replace(join(folder, 'settlements/2026-10/r1/SHA256SUMS'), 'estates.csv', LONG_FILE);
	renameSync(join(folder, 'data/2026-10/estates.csv'), join(folder, 'data/2026-10', LONG_FILE));
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
	replace(settings, 'en-GB', 'de-DE');
	replace(settings, '"repository_url": ""', '"repository_url": "https://github.com/north/energy"');
	replace(settings, '"none"', '"github"');
}

/** Where they stand: on which page, and what of them a reader has to see there as it is. */
const PAGES: readonly (readonly [path: string, texts: readonly string[]])[] = [
	['', [...ACCEPTED.values()]],
	['settlements/', []],
	['settlements/2026-10/', [...NAMES, LONG_FILE]],
	['settlements/2026-03/', [...NAMES, SENTENCE]],
	['settlements/2026-01/', [SENTENCE]],
	['settlements/2026-11/', [...ACCEPTED.values()]],
	['settlements/2026-10/r1/inputs/', [LONG_FILE]],
	['calendar/', []],
	['entities/', NAMES],
	...[...HOSTILE].map(([entity, name]) => [`entities/${entity}/`, [name]] as const),
	['compare/2026-09/2026-10/', NAMES],
	['compare/2026-03-r1/2026-03-r2/', [HOSTILE.get('library') ?? '']],
	['learn/', []],
];

describe('a site over what somebody could write who gets at the files', () => {
	const folder = mkdtempSync(join(tmpdir(), 'wattproof-hostile-'));
	const built = join(folder, 'dist');
	let browser: Browser;
	let server: StaticServer;

	beforeAll(async () => {
		copyPortal(folder);
		for (const part of ['data', 'settlements', 'trust']) {
			cpSync(part, join(folder, part), { recursive: true });
		}
		makeHostile(folder);
		runBuild(folder, built, base);
		[browser, server] = [await launchChromium(), await serve(built, base)];
	});

	afterAll(async () => {
		await browser?.close();
		await server?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('has valid pages without a broken link', async () => {
		const paths = PAGES.map(([path]) => path);
		const hostile = readPages(built).filter(({ path }) => paths.includes(path));
		expect(hostile.length).toBe(paths.length);
		const faults = await htmlFaults(hostile);
		// A name of 120 letters makes a long title, which is no fault of the page.
		expect(faults.filter((it) => !it.includes(' long-title: '))).toEqual([]);
		expect(brokenLinks(built, base)).toEqual([]);
	});

	test.each(PAGES)('%s shows them as text, and none makes it wider', async (path, texts) => {
		for (const width of full ? [1280, 320] : [320]) {
			const context = await browser.newContext({ viewport: { width, height: 640 } });
			const view = await context.newPage();
			const asked: string[] = [];
			view.on('dialog', (dialog) => asked.push(dialog.message()));
			await view.goto(server.url + path);
			const text = await view.locator('main').evaluate((it) => it.textContent ?? '');
			for (const it of texts) expect(text).toContain(it);
			const isolated = new Set(await view.locator('bdi').allTextContents());
			const names = texts.filter((it) => NAMES.includes(it));
			expect(names.filter((it) => !isolated.has(it))).toEqual([]);
			const wide = await view.evaluate(() => document.documentElement.scrollWidth);
			expect(wide).toBeLessThanOrEqual(width);
			expect(await view.locator('script, img').count()).toBe(0);
			expect(asked).toEqual([]);
			await context.close();
		}
	});

	test('has figures as files in which they are text', async () => {
		const files = [...HOSTILE].map(([entity]) => `entities/${entity}/months.svg`);
		const page = await browser.newPage();
		for (const [index, path] of [...files, 'settlements/2026-10/r1/supplies.svg'].entries()) {
			const text = readFileSync(join(built, path), 'utf8');
			const seen = await page.evaluate((markup) => {
				const { documentElement: root } = new DOMParser().parseFromString(markup, 'image/svg+xml');
				const names = [...root.querySelectorAll('*')].map(({ localName }) => localName);
				return { root: root.localName, names, text: root.textContent ?? '' };
			}, text);
			expect(seen.root, path).toBe('svg');
			expect(seen.names, path).not.toContain('parsererror');
			expect(seen.names.filter((it) => /script|img|table/.test(it))).toEqual([]);
			expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
			expect(seen.text).toContain(visible(NAMES[index] ?? ''));
		}
		await page.close();
	});

	test('speaks the language chosen, and writes its numbers so', () => {
		const pages = readPages(built);
		const htmlOf = (wanted: string) => pages.find(({ path }) => path === wanted)?.html ?? '';
		const html = htmlOf('settlements/2026-10/');
		expect(html).toContain('<html lang="de">');
		expect(html).toContain('Zum Inhalt');
		const [run] = sample.current;
		expect(html).toContain(formatsFor('de-DE').energy(run?.totals.shared_wh ?? -1n));
		// The form of the forge opens with what is known of the question.
		const form = 'https://github.com/north/energy/issues/new?template=question.yml';
		expect(html).toContain(`href="${form}&amp;period=2026-10&amp;title=Question`);
		const account = htmlOf('entities/library/');
		expect(account).toContain(`href="${form}&amp;period=2026-10&amp;entity=library&amp;title=`);
	});
});
