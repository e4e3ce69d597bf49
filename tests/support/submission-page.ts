import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import type { SubmitData } from '../../src/browser/submit/data.ts';
import { shiftPeriod } from '../../src/core/format/period.ts';
import { compareText } from '../../src/core/problem.ts';
import { launchChromium } from './chromium.ts';
import { type StaticServer, serve } from './serve.ts';

/** The page to submit readings, as a clerk has it before them on 3 November 2026. */
export interface SubmissionPage {
	readonly page: Page;
	readonly context: BrowserContext;
	readonly complaints: string[];
	/** Every address that was asked for since the page had loaded. */
	readonly requests: string[];
	/** Does something and counts it: one choice, one figure typed, one press. */
	act(what: () => Promise<unknown>): Promise<void>;
	actions(): number;
	give(name: string, content: string | Uint8Array): Promise<void>;
	drop(name: string, content: string): Promise<void>;
	/** Codes and sentences of the list of problems. */
	problems(): Promise<readonly (readonly [string, string])[]>;
	/** Where the button leads; null where there is none. */
	target(): Promise<URL | null>;
	/** Presses the button; where the forge was then asked for. */
	open(): Promise<URL>;
}

/**
 * A repository on a forge whose months are settled by totals, October 2026 not yet: what is built from
 * the sample may be settled by interval, and final, at any time.
 */
const PAPERS: Partial<SubmitData> = {
	forge: 'github',
	repository: 'https://forge.test/campus/energy',
	first: '2025-08',
	finals: { '2026-08': 1, '2026-09': 1 },
	earlier: [{ period: '2026-09', final: true, figures: { library: ['6120.250', '24310.500'] } }],
	open: {},
	bases: [['2025-08', { basis: 'monthly', time_zone: 'Europe/Berlin' }]],
	points: '',
};
const NOW = new Date('2026-11-03T08:00:00Z');
const DATA = /(id="submit-data">)(.*?)(<\/script>)/s;

/** The data that the built page carries. */
export function publishedData(): SubmitData {
	const html = readFileSync(join(inject('site'), 'submit/index.html'), 'utf8');
	return JSON.parse(DATA.exec(html)?.[2] ?? '');
}

/**
 * The data that the built page carries, with its newest month still open, after one with the same
 * figures, and all months on the basis of totals: for others no figure can be typed.
 */
export function builtData(): SubmitData {
	const data = publishedData();
	const finals = Object.entries(data.finals).toSorted(([a], [b]) => compareText(a, b));
	const [newest = ''] = finals.at(-1) ?? [];
	const before = data.earlier.filter(({ period }) => period === newest);
	return {
		...data,
		finals: Object.fromEntries(finals.slice(0, -1)),
		earlier: before.map((it) => ({ ...it, period: shiftPeriod(newest, -1) })),
		bases: data.bases.filter(([, basis]) => basis.basis === 'monthly'),
	};
}

/** A browser and the built site; each page with the data of a repository on a forge. */
export function useSubmission() {
	let browser: Browser;
	let server: StaticServer;
	const instead = new Map<string, Uint8Array>();
	beforeAll(async () => {
		browser = await launchChromium();
		server = await serve(inject('site'), inject('base'), instead);
	});
	afterAll(async () => {
		await browser?.close();
		await server?.close();
	});
	return async (
		changes: Partial<SubmitData> = {},
		options: BrowserContextOptions = {},
		query = '',
	): Promise<SubmissionPage> => {
		const html = readFileSync(join(inject('site'), 'submit/index.html'), 'utf8');
		const data = JSON.stringify({ ...builtData(), ...PAPERS, ...changes }).replaceAll(
			'<',
			'\\u003c',
		);
		const changed = html.replace(DATA, (_all, before, _old, after) => before + data + after);
		instead.set('submit/index.html', new TextEncoder().encode(changed));
		const context = await browser.newContext(options);
		onTestFinished(() => context.close());
		return openPage(context, `${server.url}submit/index.html${query}`);
	};
}

async function openPage(context: BrowserContext, address: string): Promise<SubmissionPage> {
	await context.route('https://forge.test/**', (route) => route.fulfill({ body: 'the forge' }));
	const page = await context.newPage();
	const complaints: string[] = [];
	const requests: string[] = [];
	page.on('console', (message) => complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('dialog', (dialog) => {
		complaints.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	await page.clock.setFixedTime(NOW);
	await page.goto(address);
	context.on('request', (request) => requests.push(request.url()));
	let actions = 0;
	/** Until a file has been read: its name is shown then. */
	const taken = (name: string) => page.locator('#file-name', { hasText: name }).waitFor();
	const link = page.locator('#send-link a');
	return {
		page,
		context,
		complaints,
		requests,
		act: async (what) => {
			actions++;
			await what();
		},
		actions: () => actions,
		give: async (name, content) => {
			const buffer = Buffer.from(content as Uint8Array);
			await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer });
			await taken(name);
		},
		drop: async (name, content) => {
			const dataTransfer = await page.evaluateHandle(
				([file = '', text = '']) => {
					const transfer = new DataTransfer();
					transfer.items.add(new File([text], file));
					return transfer;
				},
				[name, content],
			);
			await page.dispatchEvent('#file-drop', 'drop', { dataTransfer });
			await taken(name);
		},
		problems: () =>
			page.locator('#problem-list li').evaluateAll((items) =>
				items.map((it) => {
					const text = (selector: string) => it.querySelector(selector)?.textContent ?? '';
					return [text('code'), text('.sentence')] as const;
				}),
			),
		target: async () => {
			const address = (await link.count()) === 0 ? null : await link.getAttribute('href');
			return address === null ? null : new URL(address);
		},
		open: async () => {
			const [popup] = await Promise.all([context.waitForEvent('page'), link.click()]);
			await popup.waitForURL('https://forge.test/**');
			return new URL(popup.url());
		},
	};
}
