import { formatUnits, parseEnergy } from '../format/energy.ts';

/** The character that stands before the decimals. */
export type DecimalMark = '.' | ',';

/** What a cell of energy says when it is read with one decimal mark. */
export type WrittenEnergy =
	/** `text`: the same energy as the dialect writes it. */
	| { readonly kind: 'read'; readonly text: string }
	/** A number with an exponent, of which the spreadsheet shows too few digits. */
	| { readonly kind: 'digits-lost' }
	| { readonly kind: 'unreadable' };

const UNREADABLE: WrittenEnergy = { kind: 'unreadable' };
/** Powers of ten to kWh. */
const UNITS: ReadonlyMap<string, number> = new Map([
	['', 0],
	['wh', -3],
	['kwh', 0],
	['mwh', 3],
]);
const NUMBER = {
	'.': numberWith('\\.', ','),
	',': numberWith(',', '\\.'),
} as const;

/** Digits in one piece or in groups of three, decimals, exponent, unit. */
function numberWith(mark: string, other: string): RegExp {
	const spaces = ' \\u00a0\\u202f';
	const grouped = `[1-9][0-9]{0,2}(?:(?<by>[${other}${spaces}'\\u2019])[0-9]{3})(?:\\k<by>[0-9]{3})*`;
	return new RegExp(
		`^(?<whole>${grouped}|0|[1-9][0-9]*)(?:${mark}(?<part>[0-9]+))?(?:e(?<power>[+-]?[0-9]{1,2}))?` +
			`[${spaces}]?(?<unit>[kKmM]?[wW][hH])?$`,
		'i',
	);
}

/** A cell as a spreadsheet writes it, read with a decimal mark; nothing is ever rounded. */
export function readWritten(cell: string, mark: DecimalMark): WrittenEnergy {
	const text = cell.trim();
	if (text.length > 40) return UNREADABLE;
	const found = NUMBER[mark].exec(text)?.groups;
	if (found === undefined) return UNREADABLE;
	const { whole = '', part = '', power, unit = '' } = found;
	const exponent = Number(power ?? 0) + (UNITS.get(unit.toLowerCase()) ?? 0);
	let scale = part.length - exponent;
	// What a spreadsheet shows with an exponent is rounded, unless it shows every watt-hour.
	if (power !== undefined && scale < 3) return { kind: 'digits-lost' };
	let digits = BigInt(whole.replaceAll(/[^0-9]/g, '') + part);
	while (scale > 3 && digits % 10n === 0n) {
		digits /= 10n;
		scale--;
	}
	if (scale < 0) {
		digits *= 10n ** BigInt(-scale);
		scale = 0;
	}
	const written = formatUnits(digits, scale);
	return 'wh' in parseEnergy(written) ? { kind: 'read', text: written } : UNREADABLE;
}

/** The marks with which a cell can be read; two where it means a number with each. */
export function marksOf(cell: string): readonly DecimalMark[] {
	return (['.', ','] as const).filter((mark) => readWritten(cell, mark).kind === 'read');
}

/** Whether a cell means the same with either mark. */
export function isPlain(cell: string): boolean {
	const [point, comma] = [readWritten(cell, '.'), readWritten(cell, ',')];
	if (point.kind !== 'read' || comma.kind !== 'read') return false;
	return point.text === comma.text;
}
