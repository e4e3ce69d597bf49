import type { ProblemCode } from '../problem.ts';

/** Energy in whole watt-hours. */
export type WattHours = bigint;

const ENERGY = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,3}))?$/;

/** What a person most probably meant, the most telling fault first. */
const FAULTS: readonly (readonly [RegExp, ProblemCode & `energy-${string}`])[] = [
	[/^$/, 'energy-empty'],
	[/^\s+|\s+$/, 'energy-space'],
	[/^(nan|n\/a|na|null|none|inf(inity)?|[-?–—.]+|#.*)$/i, 'energy-not-a-number'],
	[/[^\x20-\x7e]/, 'energy-digits'],
	[/^[+-]?[0-9.]+e[+-]?[0-9]+$/i, 'energy-exponent'],
	[/^[+-][0-9.,' ]+$/, 'energy-sign'],
	[/^[0-9.,]+ ?[a-z]+$/i, 'energy-unit'],
	[/^[0-9]{1,3}([ ,'][0-9]{3})+(\.[0-9]*)?$|^[0-9]{1,3}(\.[0-9]{3}){2,}$/, 'energy-thousands'],
	[/^[0-9.' ]*,[0-9]*$/, 'energy-decimal-comma'],
	[/^0[0-9]+(\.[0-9]*)?$/, 'energy-leading-zero'],
	[/^[0-9]+\.[0-9]{4,}$/, 'energy-decimals'],
	[/^[0-9]{10,}(\.[0-9]+)?$/, 'energy-too-large'],
];

/** Watt-hours of a kWh cell as docs/spec/layout.md writes it, or the code of what is wrong with it. */
export function parseEnergy(
	text: string,
): { readonly wh: WattHours } | { readonly fault: ProblemCode & `energy-${string}` } {
	const match = ENERGY.exec(text);
	// The patterns below look back and forth: what no number can be is not looked at that closely.
	if (match === null && text.length > 40) return { fault: 'energy-malformed' };
	if (match === null) {
		return { fault: FAULTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'energy-malformed' };
	}
	return { wh: BigInt(match[1] ?? '') * 1000n + BigInt((match[2] ?? '').padEnd(3, '0')) };
}

/** kWh with exactly 3 decimals, as records hold it; negative values with `-`. */
export function formatEnergy(wh: WattHours): string {
	return formatUnits(wh, 3);
}

/** A whole number of smallest units as a decimal with exactly `digits` decimals. */
export function formatUnits(units: bigint, digits: number): string {
	const sign = units < 0n ? '-' : '';
	const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
	if (digits === 0) return sign + text;
	return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A change: `+` or `-` in front, zero without a sign. */
export function formatSigned(units: bigint, digits: number): string {
	return (units > 0n ? '+' : '') + formatUnits(units, digits);
}

/** The units of a decimal that `formatUnits` or `formatSigned` wrote; null for any other text. */
export function parseUnits(text: string, digits: number): bigint | null {
	// Far above any sum; figures of millions of digits would be converted for minutes.
	if (text.length > 1000 || !/^[+-]?[0-9]+(\.[0-9]+)?$/.test(text)) return null;
	const units = BigInt(text.replace('.', '').replace('+', ''));
	const same = formatUnits(units, digits) === text || formatSigned(units, digits) === text;
	return same ? units : null;
}

/** `change` in tenths of a percent of `from`, which is above 0; halves away from zero. */
export function tenthsOf(change: bigint, from: bigint): bigint {
	const size = change < 0n ? -change : change;
	const rounded = (2000n * size + from) / (2n * from);
	return change < 0n ? -rounded : rounded;
}
