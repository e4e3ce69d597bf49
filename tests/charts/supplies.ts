import type { Supply } from '../../src/node/published.ts';

export function supply(from: string, to: string, energy_wh: bigint, name = to): Supply {
	return { from: { entity: from, name: from }, to: { entity: to, name }, energy_wh, amount: null };
}

/** Names that a page or a file must show as text. */
export const HOSTILE = [
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	"' onload='alert(1)",
	'</title></svg><b>&amp;',
	']]><!--<style>*{display:none}</style>',
	'=cmd|calc!A0',
	'abc \u202e\u2066txt.exe',
	'zero\u0000and\u0007bell',
	'lone \ud800 half',
	'not a \uffff character',
	'W'.repeat(5000),
	'',
] as const;
