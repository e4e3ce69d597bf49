import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** One fresh process, from its start to its end. */
export interface Measured {
	readonly wall_ms: number;
	/** Of all processors, user and system; null for a program that cannot be asked. */
	readonly cpu_ms: number | null;
	readonly peak_mib: number | null;
}

const USAGE = resolve('tests/bench/intervals/usage.cjs');

/** Runs Node with these words; throws where it fails. */
export function measureNode(words: readonly string[]): Measured {
	const { wall_ms, told } = measure(process.execPath, ['--require', USAGE, ...words]);
	const { cpu_ms, peak_kib } = JSON.parse(told);
	return { wall_ms, cpu_ms, peak_mib: peak_kib / 1024 };
}

export function measureOther(program: string, words: readonly string[]): Measured {
	return { wall_ms: measure(program, words).wall_ms, cpu_ms: null, peak_mib: null };
}

function measure(program: string, words: readonly string[]) {
	const started = performance.now();
	const run = spawnSync(program, words, {
		encoding: 'utf8',
		stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
		maxBuffer: 2 ** 26,
	});
	const wall_ms = performance.now() - started;
	if (run.error) throw run.error;
	if (run.status !== 0) throw new Error(`${program} ${words.slice(0, 9).join(' ')}: ${run.stderr}`);
	return { wall_ms, told: run.output[3] ?? '' };
}
