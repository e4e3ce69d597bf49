import { spawnSync } from 'node:child_process';

/** How a program ended, and what it took. */
export interface Measured {
	readonly status: number | null;
	readonly out: string;
	readonly err: string;
	readonly seconds: number;
	/** The most memory that it held at once, in MiB. */
	readonly peak_mib: number;
}

// Told on a descriptor of its own, so that what the program prints stays as it is. Linux counts what
// its parent held into the peak of a program that was started; only its own status does not.
const PEAK = `import { readFileSync, writeSync } from 'node:fs';
process.once('exit', () => {
	let peak = process.resourceUsage().maxRSS;
	try {
		peak = Number(/^VmHWM:\\s*([0-9]+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
	} catch {}
	writeSync(3, String(peak));
});`;

/** Runs a Node program and measures it from outside, in an environment without the tests' own. */
export function runMeasured(words: readonly string[], cwd = '.'): Measured {
	const preload = ['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`];
	const { PATH = '', HOME = '' } = process.env;
	const started = performance.now();
	const run = spawnSync(process.execPath, [...preload, ...words], {
		cwd,
		encoding: 'utf8',
		env: { PATH, HOME, WATTPROOF_PASSPHRASE: '', BASE_PATH: '/' },
		maxBuffer: 1024 * 1024 * 1024,
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
	});
	if (run.error) throw run.error;
	return {
		status: run.status,
		out: run.stdout,
		err: run.stderr,
		seconds: (performance.now() - started) / 1000,
		peak_mib: Number(run.output[3]) / 1024,
	};
}
