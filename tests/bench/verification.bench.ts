import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type BrowserMeasurement, verifyInBrowser } from './browser.ts';
import { type Measurement, verifyByHand } from './native.ts';
import { MANY_BYTES, MANY_COMMITS, type Repository, repositoryOf } from './repositories.ts';

/**
 * The whole verification in a browser against Git, GnuPG and sha256sum by hand, of the same bundle, in
 * turns, each time in fresh processes. What counts is the ratio of the fastest: whatever else the
 * machine does only makes a round slower.
 */
const ROUNDS = 5;
/** Of the time by hand, without recomputation, which no other tool does. */
const MOST_ADDED = 0.25;
const MIB = 2 ** 20;
const MOST_MIB = 350;

interface Rounds {
	readonly native: readonly Measurement[];
	readonly browser: readonly BrowserMeasurement[];
}

async function measure({ bundle, keyring, pin }: Repository): Promise<Rounds> {
	const native: Measurement[] = [];
	const browser: BrowserMeasurement[] = [];
	// Into the cache of the system.
	readFileSync(bundle);
	for (let round = 0; round < ROUNDS; round++) {
		if (round % 2 === 0) native.push(verifyByHand(bundle, keyring));
		browser.push(await verifyInBrowser(bundle, pin));
		if (round % 2 === 1) native.push(verifyByHand(bundle, keyring));
	}
	return { native, browser };
}

const recomputation = ({ parts_ms }: Measurement) => parts_ms['recomputation'] ?? 0;
const verification = (it: Measurement) => it.wall_ms - recomputation(it);
const byTime = (times: readonly number[]) => times.toSorted((a, b) => a - b);
const least = (times: readonly number[]) => byTime(times)[0] ?? 0;
const median = (times: readonly number[]) => byTime(times)[Math.floor(times.length / 2)] ?? 0;
const seconds = (ms: number) => (ms / 1000).toFixed(2).padStart(6);

function line(name: string, times: readonly number[]): string {
	return `  ${name.padEnd(34)} ${seconds(least(times))} ${seconds(median(times))}`;
}

/** Where the time of the fastest round went. */
function parts(name: string, rounds: readonly Measurement[]): string {
	const [fastest] = rounds.toSorted((a, b) => a.wall_ms - b.wall_ms);
	const list = Object.entries(fastest?.parts_ms ?? {})
		.filter(([, ms]) => ms >= 10)
		.map(([part, ms]) => `${part} ${Math.round(ms)}`);
	return `  ${name}: ${list.join(', ')}`;
}

function report(name: string, { commits, objects, bundle }: Repository, rounds: Rounds) {
	const { native, browser } = rounds;
	const native_ms = native.map((it) => it.wall_ms);
	const ratio = least(browser.map(verification)) / least(native_ms);
	const added = least(browser.map(recomputation)) / least(browser.map(verification));
	const peak = Math.max(...browser.map((it) => it.peak_bytes ?? 0));
	const size = (readFileSync(bundle).length / 1e6).toFixed(1);
	const load = loadavg().map((it) => it.toFixed(1));
	const noise = median(native_ms) / least(native_ms);
	const lines = [
		`${name}: ${commits} commits, ${objects} objects, a bundle of ${size} MB`,
		`  ${'seconds'.padEnd(34)} ${'least'.padStart(6)} median`,
		line('by hand', native_ms),
		line(
			'by hand, processors',
			native.map((it) => it.cpu_ms),
		),
		line('browser without recomputation', browser.map(verification)),
		line('browser, recomputation', browser.map(recomputation)),
		line(
			'browser, processors',
			browser.map((it) => it.cpu_ms),
		),
		parts('by hand, ms', native),
		parts('browser, ms', browser),
		`  ratio ${ratio.toFixed(2)}, recomputation adds ${(added * 100).toFixed(0)} %`,
		`  most memory of the page's process ${(peak / MIB).toFixed(0)} MiB`,
		`  noise: by hand median/least ${noise.toFixed(2)}, load ${load.join(' ')}`,
	];
	console.log(lines.join('\n'));
	return { ratio, added, peak };
}

describe('a browser against the tools by hand', () => {
	test.each([
		[MANY_BYTES, 0.8],
		[MANY_COMMITS, 1.7],
	])('$name', async (shape, most) => {
		const made = await repositoryOf(shape);
		const rounds = await measure(made);
		const version = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
		const { ratio, added, peak } = report(`${shape.name} (${version})`, made, rounds);
		for (const { verdict, passed } of rounds.browser) {
			expect(verdict).toBe('VALID');
			for (const check of ['contents', 'recomputation', 'history', 'source-commits']) {
				expect(passed).toContain(check);
			}
		}
		expect(ratio).toBeLessThanOrEqual(most);
		expect(added).toBeLessThanOrEqual(MOST_ADDED);
		expect(peak).toBeLessThanOrEqual(MOST_MIB * MIB);
	});
});
