import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type StaticServer, serve } from './serve.ts';

/** The verifier open in a browser, as an auditor has it before them. */
export interface VerifierPage {
	readonly page: Page;
	readonly context: BrowserContext;
	/** What the console said, what failed, and every violation of the policy, in workers too. */
	readonly complaints: string[];
	/** Every address that the page and its workers asked for. */
	readonly requests: string[];
	/** Presses the button; the verdict that comes, or the page's message in place of one. */
	check(): Promise<string>;
	/** Gives a file of the disk, or the files below a folder, to the field of that id. */
	give(id: 'bundle' | 'folder' | 'kept', path: string): Promise<void>;
	/** Drops a file or folder of the disk onto a place, as a hand does. */
	drop(id: string, path: string): Promise<void>;
	/** What a button saves. */
	saved(button: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
	close(): Promise<void>;
}

/**
 * Reports what the policy forbids to the console, which a page shares with its workers and they with
 * theirs: each program that is started from here begins with this.
 */
function watch(): void {
	self.addEventListener('securitypolicyviolation', (it) =>
		console.error(`violation of ${it.violatedDirective}: ${it.blockedURI}`),
	);
	self.Blob = class extends Blob {
		constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
			super(options.type === 'text/javascript' ? [`(${watch})();`, ...parts] : parts, options);
		}
	};
}

/** Opens a verifier at an address, in a browser that has never been there. */
export async function openVerifier(
	browser: Browser,
	address: string,
	options: BrowserContextOptions = {},
): Promise<VerifierPage> {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const complaints: string[] = [];
	const requests: string[] = [];
	page.on('console', (message) => complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(error.message));
	context.on('request', (request) => requests.push(request.url()));
	await page.addInitScript(watch);
	await page.goto(address);
	return {
		page,
		context,
		complaints,
		requests,
		check: () => check(page),
		give: async (id, path) => page.setInputFiles(`#${id}`, path),
		drop: (id, path) => drop(page, id, path),
		saved: async (button) => {
			const waiting = page.waitForEvent('download');
			await page.getByRole('button', { name: button }).click();
			const download = await waiting;
			const bytes = new Uint8Array(readFileSync(await download.path()));
			return { name: download.suggestedFilename(), bytes };
		},
		close: () => context.close(),
	};
}

async function check(page: Page): Promise<string> {
	await page.getByRole('button', { name: 'Check', exact: true }).click();
	return settled(page, '#outcome');
}

/** Waits for a verdict in a place, or for the page's message. */
export async function settled(page: Page, place: string): Promise<string> {
	const outcome = page.locator(`${place} [data-verdict], #message`).filter({ visible: true });
	await outcome.first().waitFor();
	return (
		(await outcome.first().getAttribute('data-verdict')) ?? (await outcome.first().innerText())
	);
}

async function drop(page: Page, id: string, path: string): Promise<void> {
	const place = page.locator(`#${id}`);
	await place.scrollIntoViewIfNeeded();
	const box = await place.boundingBox();
	if (box === null) throw new Error(`#${id} is not to be seen`);
	const session = await page.context().newCDPSession(page);
	const data = { items: [], files: [resolve(path)], dragOperationsMask: 1 };
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
		await session.send('Input.dispatchDragEvent', { type, x, y, data });
	}
	await session.detach();
}

/** A browser and the built site for the tests of a file; what a test opens is closed with it. */
export function useVerifier(instead: ReadonlyMap<string, Uint8Array> = new Map()) {
	let browser: Browser;
	let server: StaticServer;
	beforeAll(async () => {
		browser = await launchChromium();
		server = await serve(inject('site'), inject('base'), instead);
	});
	afterAll(async () => {
		await browser?.close();
		await server?.close();
	});
	return {
		open: async (options: BrowserContextOptions = {}) => {
			const it = await openVerifier(browser, `${server.url}verify/`, options);
			onTestFinished(() => it.close());
			return it;
		},
		browser: () => browser,
		address: () => `${server.url}verify/`,
		/** Paths below the base path that were asked for since the last look. */
		asked: () => server.requests.splice(0),
	};
}
