import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { drawingAsFile } from '../../src/charts/file.ts';
import { drawSupplies, MOST_ENTITIES } from '../../src/charts/sankey.ts';
import { readTree } from '../../src/node/files.ts';
import { NETTED, netByMonth } from '../../src/node/interval-month.ts';
import { readPublished } from '../../src/node/published.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { HOSTILE, supply } from '../charts/supplies.ts';
import { launchChromium } from '../support/chromium.ts';
import { readPages } from '../support/site-pages.ts';

const site = inject('site');
const { runs } = readPublished(readTree(resolve('.')).files);
const statements = readPages(site).filter(({ path }) => path.startsWith('settlements/2'));

let browser: Browser;

beforeAll(async () => {
	browser = await launchChromium();
});

afterAll(() => browser?.close());

/** What Chromium's own XML parser says of a file: its root and its first two texts. */
async function parse(texts: readonly string[]) {
	const page = await browser.newPage();
	try {
		return await page.evaluate((all) => {
			return all.map((text) => {
				const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
				const fault = root.querySelector('parsererror')?.textContent;
				const names = [...root.querySelectorAll('*')].map(({ localName }) => localName);
				const told = ['title', 'desc'].map((name) => root.querySelector(name)?.textContent);
				return { root: root.localName, fault, names: [...new Set(names)], told };
			});
		}, texts);
	} finally {
		await page.close();
	}
}

test('every statement with few enough entities has its figure and the figure as a file', async () => {
	const files = runs.map(({ period, run, supplies }) => {
		const entities = new Set(supplies.flatMap(({ from, to }) => [from.entity, to.entity]));
		const drawn = entities.size > 0 && entities.size <= MOST_ENTITIES;
		const folder = `settlements/${period}/r${run}/`;
		const html = statements.find(({ path }) => path === folder)?.html ?? '';
		expect(html.includes(`${folder}supplies.svg"`), folder).toBe(drawn);
		expect(html.includes('aria-labelledby="supply-figure-title"'), folder).toBe(drawn);
		expect(readdirSync(join(site, folder)).includes('supplies.svg'), folder).toBe(drawn);
		return drawn ? readFileSync(join(site, folder, 'supplies.svg'), 'utf8') : null;
	});
	const made = files.filter((it) => it !== null);
	expect(made.length).toBeGreaterThan(0);
	for (const [index, { root, fault }] of (await parse(made)).entries()) {
		expect([root, fault], made[index]).toEqual(['svg', undefined]);
	}
	for (const [index, file] of files.entries()) {
		if (file !== null) expect(file).toContain(runs[index]?.manifest_sha256);
	}
});

test('a statement of readings has its load profile as figure, table and files', async () => {
	const format = formatsFor('en-GB');
	const hourly = runs.filter(({ manifest }) => manifest.basis.kind === 'interval');
	expect(hourly.length).toBeGreaterThan(0);
	for (const run of hourly) {
		const folder = `settlements/${run.period}/r${run.run}/`;
		const html = statements.find(({ path }) => path === folder)?.html ?? '';
		const lines = readFileSync(join(site, folder, `${run.id}.profile.csv`), 'utf8').split('\n');
		const rows = lines.slice(1, -1).map((line) => line.split(','));
		const { basis, totals } = run.manifest;
		expect(rows.length).toBe(basis.kind === 'interval' ? basis.intervals : 0);
		const sum = (column: number, day = '') =>
			rows
				.filter(([start]) => start?.startsWith(day))
				.reduce((all, cells) => all + BigInt((cells[column] ?? '').replace('.', '')), 0n);
		expect(lines[0]).toBe('interval_start,consumed_kwh,generated_kwh,shared_kwh');
		expect([1, 2, 3].map((column) => Number(sum(column)))).toEqual([
			totals.consumed_wh,
			totals.generated_wh,
			totals.shared_wh,
		]);
		const days = [...new Set(rows.map(([start]) => start?.slice(0, 10) ?? ''))];
		for (const day of days) {
			const cells = [1, 2, 3].map((it) => `<td>${format.energy(sum(it, day))}</td>`);
			expect(html.replaceAll(/>\s+</g, '><')).toContain(cells.join(''));
		}
		const files = ['consumed', 'generated', 'shared'].map((it) => `profile/${it}.svg`);
		for (const name of files) expect(html).toContain(`${folder}${name}"`);
		const texts = files.map((name) => readFileSync(join(site, folder, name), 'utf8'));
		for (const { root, fault, told } of await parse(texts)) {
			expect([root, fault]).toEqual(['svg', undefined]);
			expect(told[1]).toContain(run.manifest_sha256);
		}
	}
});

test('a statement of readings names its basis and says what the month would have given', () => {
	const format = formatsFor('en-GB');
	const run = runs.findLast(({ manifest }) => manifest.basis.kind === 'interval');
	if (run === undefined) throw new Error('no month of readings');
	const html = statements.find(({ path }) => path === `settlements/${run.period}/`)?.html ?? '';
	expect(html).toContain('<dd>Netted in each hour, Europe/Berlin, 745 intervals</dd>');
	const month = netByMonth(run);
	for (const it of NETTED) {
		const [own, other] = [run.totals[`${it}_wh`], month[it]].map((wh) => format.energy(wh));
		expect(html).toMatch(new RegExp(`${own}</strong>\\s*</td>\\s*<td>${other}</td>`));
	}
	expect(html).toContain('Only the first column is signed.');
});

test('every account has its figure and the figure as a file that names its statements', async () => {
	const accounts = readPages(site).filter(({ path }) => /^entities\/./.test(path));
	const made = accounts.map(({ path, html }) => {
		expect(html, path).toContain(`${path}months.svg"`);
		return readFileSync(join(site, path, 'months.svg'), 'utf8');
	});
	expect(made.length).toBeGreaterThan(0);
	for (const [index, { root, fault, told }] of (await parse(made)).entries()) {
		expect([root, fault], accounts[index]?.path).toEqual(['svg', undefined]);
		const newest = runs.at(-1);
		expect(told[1]).toContain(newest?.id);
		expect(told[1]).toContain(newest?.manifest_sha256);
	}
});

test('a browser reads hostile names in a file as text', async () => {
	const texts = HOSTILE.map((name) => {
		const drawing = drawSupplies([supply('a', 'b', 1n, name)], formatsFor('en-GB'), name);
		return drawing === null ? '' : drawingAsFile(drawing, [name]);
	});
	const own = ['title', 'desc', 'style', 'rect', 'g', 'text', 'path'];
	for (const [index, { root, fault, names, told }] of (await parse(texts)).entries()) {
		expect([root, fault]).toEqual(['svg', undefined]);
		expect(names.filter((name) => !own.includes(name))).toEqual([]);
		const name = HOSTILE[index] ?? '';
		if (!/[\p{Cc}\p{Cf}\p{Cs}\uffff]/u.test(name)) expect(told[0]).toBe(name);
	}
});

test('a statement has at most 12 KB as it is sent, and so have all styles together', () => {
	for (const { path, html } of statements) {
		expect(gzipSync(html).length, path).toBeLessThanOrEqual(12 * 1024);
	}
	const sheets = readdirSync(join(site, '_astro')).filter((name) => name.endsWith('.css'));
	const sizes = sheets.map((name) => gzipSync(readFileSync(join(site, '_astro', name))).length);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(12 * 1024);
});
