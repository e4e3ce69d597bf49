/** Warnings of docs/spec/warnings.md that period totals can raise. */
export const WARNING_CODES = [
	'above-capacity',
	'estimates',
	'generation-without-generator',
	'same-as-last-month',
	'spike',
	'unit-slip',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];
