import type { Present } from '../core/record/next-run.ts';
import { periodTimeOf } from '../zones/period-time.ts';

/** UTC seconds, without the fraction that a manifest has no place for. */
export function instantOf(now: Date): string {
	return `${now.toISOString().slice(0, 19)}Z`;
}

/** A moment, with time zones as this machine knows them. */
export function presentAt(instant: string): Present {
	return { instant, timeOf: periodTimeOf };
}
