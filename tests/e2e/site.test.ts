import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { runBuild } from '../support/build-site.ts';
import { launchChromium } from '../support/chromium.ts';
import { beginLog, copyPortal } from '../support/portal-copy.ts';
import { type StaticServer, serve } from '../support/serve.ts';
import { brokenLinks, htmlFaults } from '../support/site-faults.ts';
import { pageTypes, readPages, type SitePage } from '../support/site-pages.ts';

/** For pages without scripts. */
const POLICY =
	"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"base-uri 'none'; form-action 'none'";
const WORKER = 'worker-src blob:';
const CONNECT = "connect-src 'self' https:";
/** At which the tests' own servers are. */
const LOOPBACK = ' http://127.0.0.1:*';

/** The policy that a page of a type has to carry, from the scripts and styles that it holds. */
function policyOf(name: string, html: string, loopback = LOOPBACK): string {
	const script = `script-src ${hashes(html, /<script>(.*?)<\/script>/gs)}`;
	if (name === 'submission') return [POLICY, script, "connect-src 'self'"].join('; ');
	if (name === 'verifier') return [POLICY, script, WORKER, CONNECT + loopback].join('; ');
	if (name !== 'saved verifier') return POLICY;
	const style = `style-src ${hashes(html, /<style>(.*?)<\/style>/gs)}`;
	return `default-src 'none'; ${script}; ${style}; ${WORKER}; base-uri 'none'; form-action 'none'`;
}

function hashes(html: string, pattern: RegExp): string {
	const texts = [...html.matchAll(pattern)].map(([, text = '']) => text);
	const sources = texts.map((it) => createHash('sha256').update(it).digest('base64'));
	return sources.map((it) => `'sha256-${it}'`).join(' ');
}

function policiesIn(html: string) {
	const policies = [...html.matchAll(/<meta http-equiv="[^"]*" content="([^"]*)"/g)];
	return policies.map(([, policy]) => policy?.replaceAll('&#39;', "'"));
}

/** Pages that say what the words of a verdict mean. */
const EXPLAINING = new Set([
	'how it is calculated',
	'meaning of the verdicts',
	'threats',
	'glossary',
]);

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const site = inject('site');
const base = inject('base');
const full = inject('full');
const pages = readPages(site);
const types = pageTypes(pages);

let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
	[browser, server] = [await launchChromium(), await serve(site, base)];
});

afterAll(async () => {
	await browser?.close();
	await server?.close();
});

async function visit<Result>(
	{ path }: SitePage,
	options: BrowserContextOptions,
	look: (page: Page, complaints: readonly string[]) => Promise<Result>,
): Promise<Result> {
	const context = await browser.newContext(options);
	try {
		const page = await context.newPage();
		const complaints: string[] = [];
		page.on('console', (message) => complaints.push(message.text()));
		page.on('pageerror', (error) => complaints.push(error.message));
		page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
		await page.goto(server.url + path);
		return await look(page, complaints);
	} finally {
		await context.close();
	}
}

const LOOKS = [
	['light', 1280],
	['dark', 320],
	['light', 320],
	['dark', 1280],
] as const;

/** All in mode full, else one: types that follow one another take turns. */
const looksOf = (index: number) => (full ? LOOKS : LOOKS.slice(index % 2, (index % 2) + 1));

describe.each(types.map((it, index) => [...it, index] as const))('%s', (name, type, index) => {
	test('carries the policy of the specification and keeps to it', async () => {
		expect(policiesIn(type.html)).toEqual([policyOf(name, type.html)]);
		const own = {
			// The first holds data, which no browser runs.
			submission: ['<script', '<script'],
			verifier: ['<script'],
			'saved verifier': ['<style', '<script', '<script'],
		};
		const expected = new Map(Object.entries(own)).get(name) ?? null;
		expect(type.html.match(/<script\b|<style\b| style="/g)).toEqual(expected);
		await visit(type, {}, async (_page, complaints) => expect(complaints).toEqual([]));
	});

	test.each(looksOf(index))(
		'has no accessibility fault, %s at %i pixels',
		async (scheme, width) => {
			const viewport = { width, height: 800 };
			const looks = { viewport, colorScheme: scheme, bypassCSP: true };
			// Only so that axe itself may run: the pages allow no script.
			await visit(type, looks, async (page) => {
				await page.addScriptTag({ path: resolve('node_modules/axe-core/axe.min.js') });
				const faults = await page.evaluate(async (values) => {
					const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
					const { violations } = await axe.run({ runOnly: { type: 'tag', values } });
					return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
				}, RULES);
				expect(faults).toEqual([]);
			});
		},
	);

	test('needs no sideways scrolling at 320 pixels', async () => {
		const options = { viewport: { width: 320, height: 640 } };
		await visit(type, options, async (page) => {
			const size = await page.evaluate(() => {
				const text = document.createRange();
				text.selectNodeContents(document.querySelector('h1') ?? document.body);
				const { scrollWidth } = document.documentElement;
				return { scrollWidth, text: text.getBoundingClientRect().width };
			});
			expect(size.scrollWidth).toBeLessThanOrEqual(320);
			expect(size.text, 'a browser without fonts measures nothing').toBeGreaterThan(50);
		});
	});

	test('never claims a verdict', () => {
		const claim = EXPLAINING.has(name) ? /\bverified\b/ : /\b(VALID|TAMPERED|verified)\b/;
		const text = type.html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, '');
		expect(text.match(claim)).toBeNull();
	});
});

describe('a statement', () => {
	const published = readPublished(readTree(resolve('.')).files);
	const [latest] = published.current;
	const statement = types.find(([name]) => name === 'statement in force')?.[1];

	test('is readable without JavaScript', async () => {
		if (latest === undefined || statement === undefined) throw new Error('no statement');
		await visit(statement, { javaScriptEnabled: false }, async (page) => {
			const text = await page.locator('main').innerText();
			const energy = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 3 });
			for (const wh of Object.values(latest.manifest.totals)) {
				expect(text).toContain(energy.format(`${wh}e-3` as Intl.StringNumericLiteral));
			}
			for (const it of [...latest.lines.map(({ name }) => name), latest.id]) {
				expect(text).toContain(it);
			}
			for (const it of [...latest.files.map(({ sha256 }) => sha256), latest.manifest_sha256]) {
				expect(text).toContain(it);
			}
			expect(text).toMatch(/Control: supplied ([0-9.,]+) = received \1\s+agrees/);
		});
	});

	test('prints with its manifest in the margin of every page', async () => {
		if (latest === undefined || statement === undefined) throw new Error('no statement');
		await visit(statement, {}, async (page, complaints) => {
			const pdf = (await page.pdf({ preferCSSPageSize: true, tagged: true })).toString('latin1');
			expect(pdf.slice(0, 5)).toBe('%PDF-');
			expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1);
			expect(complaints).toEqual([]);
			const sheet = await page.getAttribute('link[media=print]', 'href');
			const text = readFileSync(join(site, (sheet ?? '').slice(base.length)), 'utf8');
			expect(text).toContain(latest.manifest_sha256);
		});
	});

	test('that was superseded points to the one in force', () => {
		const [, old] = types.find(([name]) => name === 'superseded statement') ?? [];
		const banner = /class="banner">(.*?)<\/p>/s.exec(old?.html ?? '')?.[1] ?? '';
		const run = published.runs.find(({ status }) => status === 'revised');
		expect(banner).toContain(`settlements/${run?.period}/r${run?.run}/"`);
	});
});

describe('the whole site', () => {
	test('has no link that leads nowhere', () => {
		const broken = brokenLinks(site, base);
		expect(broken).toEqual([]);
	});

	test('is valid HTML', async () => {
		expect(await htmlFaults(pages)).toEqual([]);
	});
});

describe('a new installation', () => {
	const repository = mkdtempSync(join(tmpdir(), 'wattproof-empty-'));
	const empty = join(repository, 'dist');

	beforeAll(async () => {
		copyPortal(repository);
		for (const part of ['data', 'settlements', 'trust']) {
			cpSync(part, join(repository, part), { recursive: true });
		}
		await beginLog(repository);
		runBuild(repository, empty, base);
	});

	afterAll(() => rmSync(repository, { recursive: true, force: true }));

	test('has a site that says that nothing is settled yet', async () => {
		const built = readPages(empty);
		const at = (wanted: string) => built.find(({ path }) => path === wanted);
		for (const path of ['', 'settlements/']) {
			expect(at(path)?.html).toContain('No month is settled yet');
		}
		expect(at('learn/')?.html).toContain('No month is final yet');
		const [verifier, saved] = ['verify/', 'verify/wattproof-verifier.html'].map(at);
		expect(verifier?.html).toContain('built without its evidence');
		expect(policiesIn(verifier?.html ?? '')).toEqual([
			policyOf('verifier', verifier?.html ?? '', ''),
		]);
		expect(saved?.html).not.toContain('127.0.0.1');
		expect(brokenLinks(empty, base)).toEqual([]);
		expect(await htmlFaults(built)).toEqual([]);
	});

	test('has no trace of the sample in its site', () => {
		const sample = readPublished(readTree(resolve('.')).files);
		const names = sample.runs.flatMap(({ lines }) => lines.map(({ name }) => name));
		const words = ['Example Campus', 'example-campus', 'energy@example.org', '//example.org'];
		const traces = [...new Set([...names, ...words, sample.root?.sha256 ?? 'no root'])];
		expect(traces.length).toBeGreaterThan(10);
		const entries = readdirSync(empty, { recursive: true, withFileTypes: true });
		for (const { name, parentPath } of entries.filter((it) => it.isFile())) {
			const text = readFileSync(join(parentPath, name), 'utf8');
			expect(
				traces.filter((it) => text.includes(it)),
				name,
			).toEqual([]);
		}
		expect(readPages(empty)[0]?.html).toContain('North Estate');
	});
});
