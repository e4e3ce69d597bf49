import type { Files } from '../../../src/core/format/bytes.ts';
import { computeNextRun } from '../../../src/core/record/next-run.ts';
import { periodTimeOf } from '../../../src/zones/period-time.ts';
import { PERIOD } from './month.ts';

export interface Recomputed {
	/** From the bytes in memory to the records and the digests of all inputs. */
	readonly milliseconds: number;
	/** SHA-256 over statement and allocations. */
	readonly records: string;
}

/** The month computed again from its files: the same code in a browser and in Node. */
export async function recompute(files: Files): Promise<Recomputed> {
	const started = performance.now();
	// The system's own hash is computed beside this thread.
	const digests = Promise.all([...files.values()].map(digestOf));
	const present = { instant: '2025-11-06T08:00:00Z', timeOf: periodTimeOf };
	const next = computeNextRun(files, PERIOD, present);
	if (next.state !== 'computed') throw new Error(JSON.stringify(next).slice(0, 2000));
	await digests;
	const milliseconds = performance.now() - started;
	const { records } = next.run;
	const written = ['statement.csv', 'allocations.csv'].map((name) => records.get(name));
	return { milliseconds, records: await digestOf(joined(written)) };
}

async function digestOf(bytes: Uint8Array): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
	return [...new Uint8Array(digest)].map((it) => it.toString(16).padStart(2, '0')).join('');
}

function joined(parts: readonly (Uint8Array | undefined)[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part ?? [], at);
		at += part?.length ?? 0;
	}
	return whole;
}
