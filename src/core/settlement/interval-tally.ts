import type { WattHours } from '../format/energy.ts';
import { sumUnits } from './apportion.ts';

/** Units in a watt-hour: no interval is rounded to less (docs/spec/intervals.md). */
export const MICRO = 1_000_000;

/**
 * Amounts by row, added up over the intervals: watt-hours and millionths apart, so that both stay whole
 * numbers below 2^53. The millionths are not carried over.
 */
export interface Tally {
	readonly wh: Float64Array;
	readonly micro: Float64Array;
}

export function openTally(rows: number): Tally {
	return { wh: new Float64Array(rows), micro: new Float64Array(rows) };
}

export function addUnits({ wh, micro }: Tally, row: number, units: bigint): void {
	wh[row] = (wh[row] ?? 0) + Number(units / BigInt(MICRO));
	micro[row] = (micro[row] ?? 0) + Number(units % BigInt(MICRO));
}

/**
 * Whole watt-hours that add up to the floor of the exact sum: floors, and what they leave to the largest
 * fractions, ties to the lowest row. Each is the floor or the ceiling of its exact amount.
 */
export function roundTally({ wh, micro }: Tally): WattHours[] {
	const rounded = [...wh].map((whole, row) => whole + Math.floor((micro[row] ?? 0) / MICRO));
	const fractions = [...micro].map((it) => it % MICRO);
	const missing = Math.floor(fractions.reduce((sum, it) => sum + it, 0) / MICRO);
	const ranked = fractions
		.map((fraction, row) => ({ fraction, row }))
		.toSorted((a, b) => b.fraction - a.fraction);
	for (const { row } of ranked.slice(0, missing)) rounded[row] = (rounded[row] ?? 0) + 1;
	return rounded.map(BigInt);
}

/** The exact sum over all rows, in millionths. */
export function sumTally({ wh, micro }: Tally): bigint {
	return sumUnits([...wh].map(BigInt)) * BigInt(MICRO) + sumUnits([...micro].map(BigInt));
}
