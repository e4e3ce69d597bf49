import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { runMeasured } from '../support/measured.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { scratchLog } from '../support/scratch.ts';
import { serve } from '../support/serve.ts';
import { campusData, sharedIsHere } from '../support/shared.ts';
import { brokenLinks, htmlFaults } from '../support/site-faults.ts';
import { readPages } from '../support/site-pages.ts';

/** So many months of each campus: a year, and the one before it to compare with. */
const MONTHS = 13;
const CAMPUSES = ['cambridge-campus', 'sierra-crest-homes', 'monash-campus'];

/** The site of a real campus, everything final. */
async function buildPortal(name: string): Promise<string> {
	const { periods, files } = campusData(name);
	const log = await scratchLog([], { 'data/rules/2026-01.json': '', ...files });
	await log.commit({ 'data/rules/2026-01.json': null });
	for (const period of periods.slice(-MONTHS)) {
		const result = await log.finalize(period);
		if (!result.ok) throw new Error(JSON.stringify(result.problems));
	}
	copyPortal(log.dir);
	const astro = resolve('node_modules/astro/bin/astro.mjs');
	const built = runMeasured([astro, 'build'], log.dir);
	expect(built.status, built.out + built.err).toBe(0);
	return join(log.dir, 'dist');
}

describe.skipIf(!sharedIsHere)('portals of real campuses (need ../shared)', () => {
	let browser: Browser;

	beforeAll(async () => {
		browser = await launchChromium();
	});

	afterAll(() => browser?.close());

	test.each(CAMPUSES)(
		'%s: valid pages, no broken link, nothing wider than a phone',
		async (name) => {
			const site = await buildPortal(name);
			const pages = readPages(site);
			expect(pages.length).toBeGreaterThan(2 * MONTHS);
			expect(await htmlFaults(pages)).toEqual([]);
			expect(brokenLinks(site, '/')).toEqual([]);
			const server = await serve(site);
			const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
			try {
				const page = await context.newPage();
				const wide: string[] = [];
				for (const { path } of pages) {
					await page.goto(server.url + path);
					const width = await page.evaluate(() => document.documentElement.scrollWidth);
					if (width > 320) wide.push(`${path}: ${width} px`);
				}
				expect(wide).toEqual([]);
			} finally {
				await context.close();
				await server.close();
			}
		},
	);
});
