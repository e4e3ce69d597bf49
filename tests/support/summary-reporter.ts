import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` as the last line of the process, after whatever other reporters
 * print. Fails closed: a run that ended badly, or not at all, never shows 0 failed.
 */
export default class SummaryReporter implements Reporter {
	private ended = false;
	private passed = 0;
	private failed = 0;
	private skipped = 0;

	onInit(): void {
		process.once('exit', (code) => {
			if (!this.ended && code === 0) process.exitCode = 1;
			if (!this.ended || (code !== 0 && this.failed === 0)) {
				this.failed = Math.max(1, this.failed);
			}
			const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
			writeAll(`${this.passed} passed, ${this.failed} failed${skipped}\n`);
		});
	}

	onTestRunStart(): void {
		this.ended = false;
	}

	onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
		this.ended = true;
		this.passed = 0;
		this.skipped = 0;
		this.failed = errors.length;
		let unfinished = false;
		for (const module of modules) {
			let failedTests = 0;
			for (const test of module.children.allTests()) {
				const { state } = test.result();
				if (state === 'passed') this.passed += 1;
				else if (state === 'failed') failedTests += 1;
				else this.skipped += 1; // or never begun, because its worker died
			}
			// A file that does not load, or whose hook throws, has failed without any failed test.
			if (failedTests === 0 && module.state() === 'failed') failedTests = 1;
			this.failed += failedTests;
			if (module.state() === 'pending' || module.state() === 'queued') unfinished = true;
		}
		if (unfinished && this.failed === 0) this.failed = 1;
	}
}

// At exit only synchronous writes still happen; a full pipe answers EAGAIN, and we try again.
function writeAll(text: string): void {
	for (let rest = Buffer.from(text); rest.length > 0; ) {
		try {
			rest = rest.subarray(writeSync(1, rest));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
		}
	}
}
