import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundleText } from '../../support/bundle-text.ts';
import { launchChromium } from '../../support/chromium.ts';
import { launchFirefox } from '../../support/firefox.ts';
import { PROGRAMS } from '../peers/programs.ts';
import { type Community, communityOf, filesOf, type Layout } from './community.ts';
import type { Recomputed } from './recompute.ts';
import type { Answered, Asked } from './recompute-worker.ts';

export interface BrowserTable {
	readonly layout: Layout;
	readonly metering_points: number;
	/** Least of the rounds, by who ran it. */
	readonly milliseconds: Readonly<Record<string, number>>;
	readonly records: string;
}

const POINTS = 1000;
const ROUNDS = 3;

/** Evaluates an expression of the page on a server's origin. */
interface Page {
	readonly name: string;
	readonly evaluate: (expression: string) => Promise<unknown>;
	readonly close: () => Promise<void>;
}

/** Recomputes a month in a worker of each browser and in Node, in turns; throws where they differ. */
export async function measureBrowsers(layout: Layout, extended: boolean): Promise<BrowserTable> {
	const community = communityOf(POINTS, layout);
	const worker = await bundleText('tests/bench/intervals/recompute-worker.ts');
	const server = serve(community, worker);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const least = new Map<string, number>();
	const records = new Set<string>();
	const take = (name: string, { milliseconds, records: digest }: Recomputed) => {
		least.set(name, Math.min(milliseconds, least.get(name) ?? Number.POSITIVE_INFINITY));
		records.add(digest);
	};
	try {
		for (let round = 0; round < ROUNDS; round++) {
			take('Node', inNode(community));
			for (const open of [openChromium, ...(extended ? [openFirefox] : [])]) {
				const page = await open(origin);
				try {
					const asked: Asked = { base: origin, paths: filesOf(community) };
					const answered = (await page.evaluate(askWorker(asked))) as Answered;
					if ('error' in answered) throw new Error(`${page.name}: ${answered.error}`);
					take(page.name, answered);
				} finally {
					await page.close();
				}
			}
		}
	} finally {
		await new Promise((done) => server.close(done));
	}
	if (records.size !== 1) throw new Error(`${layout}: not the same records in a browser`);
	const milliseconds = Object.fromEntries(least);
	return { layout, metering_points: POINTS, milliseconds, records: [...records].join() };
}

function inNode(community: Community): Recomputed {
	const program = join(PROGRAMS, 'recompute-node.mjs');
	const words = [program, community.dir, ...filesOf(community)];
	return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
}

function serve({ dir }: Community, worker: string) {
	return createServer((request, response) => {
		const path = (request.url ?? '/').slice(1);
		if (path === '') {
			response.writeHead(200, { 'content-type': 'text/html' });
			response.end('<!doctype html><title>Bench</title>');
		} else if (path === 'worker.js') {
			response.writeHead(200, { 'content-type': 'text/javascript' });
			response.end(worker);
		} else if (path.startsWith('data/')) {
			response.writeHead(200, { 'content-type': 'text/csv' });
			response.end(readFileSync(join(dir, path)));
		} else {
			response.writeHead(404);
			response.end();
		}
	});
}

/** An expression for a page: a fresh worker, asked once. */
function askWorker(asked: Asked): string {
	return `new Promise((resolve, reject) => {
		const worker = new Worker('/worker.js');
		worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage(${JSON.stringify(asked)});
	})`;
}

async function openChromium(origin: string): Promise<Page> {
	const browser = await launchChromium();
	const page = await browser.newPage();
	await page.goto(origin);
	const evaluate = (expression: string) => page.evaluate(expression);
	return { name: 'Chromium', evaluate, close: () => browser.close() };
}

async function openFirefox(origin: string): Promise<Page> {
	const { goto, evaluate, close } = await launchFirefox();
	await goto(origin);
	return { name: 'Firefox', evaluate, close };
}
