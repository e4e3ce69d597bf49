import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runBuild } from '../support/build-site.ts';
import { launchChromium } from '../support/chromium.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { scratchLog } from '../support/scratch.ts';
import { serve } from '../support/serve.ts';
import { campusData, sharedIsHere } from '../support/shared.ts';
import { brokenLinks, htmlFaults } from '../support/site-faults.ts';
import { readPages } from '../support/site-pages.ts';

/** Portals of real campuses: more entities, longer columns and larger figures than the sample's. */

const CAMPUSES = ['cambridge-campus', 'sierra-crest-homes', 'monash-campus'];

/** Of names, the widest that the register takes: one word and many. */
const LONG = ['W'.repeat(120), 'Institute for the History of Science '.repeat(4).slice(0, 119)];

let browser: Browser;

beforeAll(async () => {
	browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Builds the portal of a campus, its last month open; returns the folder of the site. */
async function buildPortal(name: string, site: string): Promise<void> {
	const { periods, files } = campusData(name);
	const register = (files['data/entities.csv'] ?? '').split('\n').map((line, index) => {
		const long = LONG[index - 1];
		return long === undefined ? line : line.replace(/^([^,]+),[^,]+/, `$1,${long.trim()}`);
	});
	const log = await scratchLog([], {
		'data/rules/2026-01.json': '',
		...files,
		'data/entities.csv': register.join('\n'),
	});
	await log.commit({ 'data/rules/2026-01.json': null });
	for (const period of periods.slice(0, -1)) {
		const result = await log.finalize(period);
		if (!result.ok) throw new Error(JSON.stringify(result.problems));
	}
	copyPortal(log.dir);
	runBuild(log.dir, site, '/');
}

/** What is wider than the screen, or cut off in a place that cannot be scrolled. */
async function tooWide(page: Page): Promise<readonly string[]> {
	return page.evaluate(() => {
		const { clientWidth, scrollWidth } = document.documentElement;
		const cut = [...document.querySelectorAll('main *')].filter((it) => {
			if (it.closest('.scroll, .visually-hidden, svg') !== null) return false;
			return it.getBoundingClientRect().right > clientWidth + 0.5;
		});
		return [
			...(scrollWidth > clientWidth ? [`the page: ${scrollWidth}`] : []),
			...cut.map((it) => `${it.tagName} ${it.className}`),
		];
	});
}

describe.skipIf(!sharedIsHere)('portals of real data (need ../shared beside the checkout)', () => {
	test.each(CAMPUSES)(
		'%s: valid pages that lead somewhere and fit screens and paper',
		async (name) => {
			const cache = resolve('node_modules/.cache');
			mkdirSync(cache, { recursive: true });
			const site = mkdtempSync(join(cache, 'real-'));
			const server = await serve(site);
			try {
				await buildPortal(name, site);
				const pages = readPages(site);
				// The longest names make titles of which a search engine would show a part.
				const faults = (await htmlFaults(pages)).filter((it) => !it.includes(' long-title: '));
				expect(faults).toEqual([]);
				expect(brokenLinks(site, '/')).toEqual([]);
				const statements = pages.filter(({ path }) => /^settlements\/[0-9-]+\/$/.test(path));
				expect(statements.length).toBe(campusData(name).periods.length);
				for (const { path, html } of statements) {
					expect(gzipSync(html).length, path).toBeLessThanOrEqual(12 * 1024);
				}
				const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
				for (const { path } of pages.filter((it) => !it.path.endsWith('verifier.html'))) {
					await page.goto(server.url + path);
					expect(await tooWide(page), path).toEqual([]);
				}
				await page.emulateMedia({ media: 'print' });
				for (const { path } of statements) {
					await page.goto(server.url + path);
					const sheet = await page.getAttribute('link[media=print]', 'href');
					const css = readFileSync(join(site, sheet ?? ''), 'utf8');
					// A4 without its side margins of 15 mm, in CSS pixels.
					const width = Math.floor(((css.includes('landscape') ? 297 : 210) - 30) * (96 / 25.4));
					await page.setViewportSize({ width, height: 640 });
					const over = await page.evaluate(() => {
						const right = document.documentElement.clientWidth + 0.5;
						const parts = [...document.querySelectorAll('main table, main svg')];
						const wide = parts.filter((it) => it.getBoundingClientRect().right > right);
						return wide.map((it) => it.className + it.textContent?.trim().slice(0, 40));
					});
					expect(over, `${path} on paper`).toEqual([]);
				}
				await page.close();
			} finally {
				await server.close();
				rmSync(site, { recursive: true, force: true });
			}
		},
		1_800_000,
	);
});
