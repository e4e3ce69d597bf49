import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type StaticServer, serve } from '../support/serve.ts';
import { pageTypes, readPages } from '../support/site-pages.ts';

const site = inject('site');
const base = inject('base');
/** Not its judgement of speed, which is a matter of the machine. */
const CATEGORIES = ['accessibility', 'best-practices', 'seo'];

let browser: Browser;
let server: StaticServer;
let port: number;

/** A port that nobody listens on. */
function freePort(): Promise<number> {
	return new Promise((done, failed) => {
		const probe = createServer();
		probe.once('error', failed);
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

beforeAll(async () => {
	port = await freePort();
	browser = await launchChromium([`--remote-debugging-port=${port}`]);
	server = await serve(site, base);
});

afterAll(async () => {
	await browser?.close();
	await server?.close();
});

// Lighthouse reads this file from inside the page, where the policy forbids every connection.
const AUDITED_HERE = ['robots-txt'];

test('no file keeps search engines out', async () => {
	expect((await fetch(new URL('/robots.txt', server.url))).status).toBe(404);
});

test.each(pageTypes(readPages(site)))('%s: Lighthouse finds nothing', async (_type, { path }) => {
	const result = await lighthouse(server.url + path, {
		port,
		onlyCategories: CATEGORIES,
		skipAudits: AUDITED_HERE,
		logLevel: 'error',
	});
	if (result === undefined) throw new Error('Lighthouse gave no result');
	const { audits, categories, runtimeError } = result.lhr;
	expect(runtimeError).toBe(undefined);
	const faults = Object.values(audits).filter(({ score }) => score !== null && score < 1);
	expect(faults.map(({ id, title }) => `${id}: ${title}`)).toEqual([]);
	const scores = Object.values(categories).map(({ id, score }) => [id, score]);
	expect(scores).toEqual(CATEGORIES.map((it) => [it, 1]));
});
