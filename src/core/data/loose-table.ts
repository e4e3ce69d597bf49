import { parse } from 'csv-parse/sync';
import { decodeText } from '../format/bytes.ts';
import { CSV_BYTES, CSV_LINES } from '../format/csv.ts';

/** What a spreadsheet does to a whole file, in the order in which it is met. */
export type FormDamage =
	| 'utf-16'
	| 'byte-order-mark'
	| 'line-ends'
	| 'separator-line'
	| 'separator'
	| 'header'
	| 'blank-lines'
	| 'empty-cells';

export interface LooseRow {
	/** Of the file as it is, from 1. */
	readonly line: number;
	/** The line without its end. */
	readonly text: string;
	readonly cells: readonly string[];
}

/** A table as people would read it, whatever its dialect. */
export interface LooseTable {
	readonly separator: string;
	/** The header first. Lines without any text are left out. */
	readonly rows: readonly LooseRow[];
	readonly damage: readonly FormDamage[];
}

const SEPARATORS = [';', '\t', '|'] as const;

/**
 * The rows of a file that is nearly one of the dialect; null where nobody could say what they are.
 * It is for showing and for proposing a repair: no reader of data takes a file in this way.
 */
export function readLoosely(bytes: Uint8Array): LooseTable | null {
	if (bytes.length > CSV_BYTES) return null;
	const damage: FormDamage[] = [];
	let text = decodeLoosely(bytes, damage);
	if (text === null || text.includes('\0')) return null;
	if (text.startsWith('\ufeff')) {
		text = text.slice(1);
		if (!damage.includes('utf-16')) damage.push('byte-order-mark');
	}
	if (text.includes('\r')) {
		text = text.replaceAll(/\r\n?/g, '\n');
		damage.push('line-ends');
	}
	const lines = text.split('\n', CSV_LINES + 2);
	if (lines.at(-1) === '') lines.pop();
	if (lines.length > CSV_LINES) return null;
	const named = /^sep=(.)$/.exec(lines[0] ?? '')?.[1];
	if (named !== undefined) damage.push('separator-line');
	const first = named === undefined ? 0 : 1;
	const separator = named ?? separatorOf(lines[0] ?? '');
	if (separator !== ',') damage.push('separator');
	const rows: LooseRow[] = [];
	for (const [index, line] of lines.entries()) {
		if (index < first) continue;
		const cells = cellsOf(line, separator);
		if (cells === null) return null;
		if (cells.every((cell) => cell.trim() === '')) {
			if (!damage.includes('blank-lines')) damage.push('blank-lines');
		} else {
			rows.push({ line: index + 1, text: line, cells });
		}
	}
	return rows.length === 0 ? null : { separator, rows, damage };
}

/** UTF-16 is told by its mark alone: a file without one is too rarely UTF-16 to guess. */
function decodeLoosely(bytes: Uint8Array, damage: FormDamage[]): string | null {
	const little = bytes[0] === 0xff && bytes[1] === 0xfe;
	const big = bytes[0] === 0xfe && bytes[1] === 0xff;
	if (!little && !big) return decodeText(bytes);
	if (bytes.length % 2 !== 0) return null;
	damage.push('utf-16');
	let text = '';
	for (let at = 2; at < bytes.length; at += 2) {
		const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
		text += String.fromCharCode(little ? a + b * 256 : a * 256 + b);
	}
	return text;
}

function separatorOf(header: string): string {
	if (header.includes(',')) return ',';
	return SEPARATORS.find((mark) => header.includes(mark)) ?? ',';
}

function cellsOf(line: string, separator: string): readonly string[] | null {
	if (!line.includes('"')) return line.split(separator);
	try {
		const options = { delimiter: separator, relax_column_count: true };
		return (parse(line, options) as string[][])[0] ?? [];
	} catch {
		// A quote that is not closed, or stands within a cell.
		return null;
	}
}

/** The index of the cell in which a character of a line stands, counted from 1. */
export function cellAt(line: string, separator: string, column: number): number {
	let quoted = false;
	let cell = 0;
	for (const character of line.slice(0, Math.max(0, column - 1))) {
		if (character === '"') quoted = !quoted;
		else if (character === separator && !quoted) cell++;
	}
	return cell;
}
