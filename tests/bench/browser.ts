import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Job } from '../../src/browser/messages.ts';
import { bundleOf } from '../../src/node/bundle.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Measurement } from './native.ts';

export interface BrowserMeasurement extends Measurement {
	/** The most that the page's process held at once, its program too; null where no one tells. */
	readonly peak_bytes: number | null;
	readonly verdict: string;
	readonly passed: readonly string[];
}

/**
 * The verifier's own program in a fresh browser, given the bundle as a file that a person chose: from
 * starting its worker to its answer.
 */
export async function verifyInBrowser(bundle: string, pin: string): Promise<BrowserMeasurement> {
	const { code } = await bundleOf('verifier.ts');
	const server = createServer((request, response) => {
		const program = request.url === '/verifier.js';
		const type = program ? 'text/javascript' : 'text/html';
		response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
		response.end(program ? code : '<!doctype html><title>Bench</title><input type="file">');
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const browser = await launchChromium();
	try {
		const page = await browser.newPage();
		await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		await page.setInputFiles('input', bundle);
		const before = usageOfRenderers();
		const { answer, wall_ms } = await page.evaluate(runJob, pin);
		const after = usageOfRenderers();
		if (answer.kind !== 'report') throw new Error(JSON.stringify(answer));
		const { view, milliseconds } = answer;
		return {
			wall_ms,
			cpu_ms: after.cpu_ms - before.cpu_ms,
			parts_ms: milliseconds,
			peak_bytes: after.peak_bytes,
			verdict: view.verdict,
			passed: view.checks.filter(({ status }) => status === 'passed').map(({ id }) => id),
		};
	} finally {
		await browser.close();
		await new Promise((done) => server.close(done));
	}
}

/** Runs inside the page. */
async function runJob(pin: string) {
	const file = document.querySelector('input')?.files?.[0];
	if (file === undefined) throw new Error('no file');
	const code = await (await fetch('/verifier.js')).text();
	const started = performance.now();
	const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
	const job: Job = { source: { kind: 'bundle', file }, pin, checkpoint: null, attempt: null };
	const answer = await new Promise<Exclude<Answer, { kind: 'progress' }>>((resolve, reject) => {
		worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
			if (data.kind !== 'progress') resolve(data);
		});
		worker.addEventListener('error', ({ message }) => reject(new Error(message)));
		worker.postMessage(job);
	});
	const wall_ms = performance.now() - started;
	worker.terminate();
	return { answer: answer.kind === 'report' ? { ...answer, json: null } : answer, wall_ms };
}

/** What the page's process has used, by Linux; of several the sum of the times, the most memory. */
function usageOfRenderers(): { readonly cpu_ms: number; readonly peak_bytes: number | null } {
	let cpu_ms = 0;
	let peak_bytes: number | null = null;
	for (const id of descendants()) {
		const read = (name: string) => readFileSync(`/proc/${id}/${name}`, 'utf8');
		if (!read('cmdline').includes('--type=renderer')) continue;
		const { user, system } = statOf(id);
		cpu_ms += (user + system) * TICK_MS;
		const kib = /^VmHWM:\s+([0-9]+) kB$/m.exec(read('status'))?.[1];
		peak_bytes = Math.max(peak_bytes ?? 0, Number(kib) * 1024);
	}
	return { cpu_ms, peak_bytes };
}

const TICK_MS = 10;

/** Parent and times of a process, after its name, which may hold anything. */
function statOf(id: string) {
	const text = readFileSync(`/proc/${id}/stat`, 'utf8');
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	return { parent: fields[1] ?? '', user: Number(fields[11]), system: Number(fields[12]) };
}

/** The processes below this one; none where the system does not tell. */
function descendants(): readonly string[] {
	if (!existsSync('/proc/self/stat')) return [];
	const parents = new Map<string, string>();
	for (const id of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
		// It may have ended in between.
		if (existsSync(`/proc/${id}/stat`)) parents.set(id, statOf(id).parent);
	}
	const own = String(process.pid);
	const isBelow = (id: string): boolean => {
		const parent = parents.get(id);
		return parent !== undefined && (parent === own || isBelow(parent));
	};
	return [...parents.keys()].filter(isBelow);
}
