/** The warnings of docs/spec/warnings.md. */
export const WARNING_CODES = [
	'above-capacity',
	'common-zero-run',
	'estimates',
	'generation-without-generator',
	'lump-after-gap',
	'night-generation',
	'same-as-last-month',
	'spike',
	'stuck-meter',
	'twin-series',
	'unit-slip',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];
