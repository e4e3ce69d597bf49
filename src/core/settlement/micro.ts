/** Millionths of a watt-hour that a watt-hour has: what one interval shares out in whole numbers. */
export const MICRO = 1_000_000;
const MICRO_UNITS = BigInt(MICRO);

/**
 * Exact sums in two parts, each far below 2^53: whole Wh, and micro-Wh that may add up to more than
 * one Wh.
 */
export interface MicroSums {
	readonly whole: Float64Array;
	readonly micro: Float64Array;
}

export function emptySums(count: number): MicroSums {
	return { whole: new Float64Array(count), micro: new Float64Array(count) };
}

/** Adds micro-Wh of any size. */
export function addUnits({ whole, micro }: MicroSums, index: number, units: bigint): void {
	whole[index] = (whole[index] ?? 0) + Number(units / MICRO_UNITS);
	micro[index] = (micro[index] ?? 0) + Number(units % MICRO_UNITS);
}

/** The sums in micro-Wh. */
export function unitsOf({ whole, micro }: MicroSums): readonly bigint[] {
	return Array.from(whole, (wh, index) => BigInt(wh) * MICRO_UNITS + BigInt(micro[index] ?? 0));
}

/**
 * The sums of a month in whole Wh: each rounded down, and one Wh more for those with the largest
 * fractions, ties to the first, until they add up to all of them rounded down. None exceeds its own sum
 * rounded up.
 */
export function roundToWattHours(units: readonly bigint[]): readonly bigint[] {
	const floors = units.map((it) => it / MICRO_UNITS);
	const total = units.reduce((sum, it) => sum + it, 0n) / MICRO_UNITS;
	const left = Number(total - floors.reduce((sum, it) => sum + it, 0n));
	const fraction = (index: number) => Number((units[index] ?? 0n) % MICRO_UNITS);
	const order = units.map((_, index) => index);
	order.sort((a, b) => fraction(b) - fraction(a) || a - b);
	const raised = new Set(order.slice(0, left));
	return floors.map((it, index) => (raised.has(index) ? it + 1n : it));
}
