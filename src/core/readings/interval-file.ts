import { decodeText } from '../format/bytes.ts';
import { cellsOf, columnOf } from '../format/csv.ts';
import { type Location, wholeFile } from '../problem.ts';
import type { Form } from './header.ts';
import { emptyList, isFull, type ProblemList, tell } from './problem-list.ts';

/** Longer than any line of 20,000 metering points; nothing longer is held in memory. */
export const LINE_BYTES = 2 * 1024 * 1024;

const CARRIAGE_RETURN = 13;

/** Where the reading of one file stands. */
export interface IntervalFile {
	readonly path: string;
	/** Its place among the paths. */
	readonly number: number;
	readonly list: ProblemList;
	/** Null before the header, and in a file that is not read any further. */
	form: Form | null;
	refused: boolean;
	/** Lines taken so far. */
	line: number;
	rows: number;
	/** Whether CRLF has been told. */
	crlf: boolean;
	/** A blank line that may turn out to be the last, which says nothing; 0 without one. */
	blank: number;
	/** What is told once in a file: faults of its bytes by code, ids of strangers by id. */
	readonly told: Set<string>;
}

/** One line taken apart. */
export interface Line {
	readonly text: string;
	readonly cells: readonly string[];
}

export function openFile(path: string, number: number): IntervalFile {
	const list = emptyList(path);
	const told = new Set<string>();
	const start = { form: null, refused: false, line: 0, rows: 0, crlf: false, blank: 0 };
	return { path, number, list, told, ...start };
}

/** Where a cell of the line that is being read begins; without column once nothing more is listed. */
export function cellAt({ path, line, list }: IntervalFile, { text }: Line, cell: number): Location {
	// Each look at a column passes over the line, and a line may have a problem in each of its cells.
	return { path, line, column: isFull(list) ? 0 : columnOf(text, cell) };
}

/**
 * The next line by the grammar of the dialect; null, and told, where it cannot be taken apart. The
 * bytes are without the line feed, and `ended` says whether there was one.
 */
export function takeLine(file: IntervalFile, bytes: Uint8Array, ended: boolean): Line | null {
	const { list, path } = file;
	file.line++;
	const at = (column: number) => ({ path, line: file.line, column });
	if (file.line === 1) {
		const fault = startFault(bytes);
		if (fault !== null) {
			tell(list, { code: fault, location: wholeFile(path) });
			return null;
		}
	}
	if (bytes.length > LINE_BYTES) {
		tell(list, { code: 'csv-line-too-long', location: at(1) });
		file.refused = true;
		return null;
	}
	const bom = file.line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const decoded = decodeText(bom ? bytes.subarray(3) : bytes);
	const crlf = ended && bytes.at(-1) === CARRIAGE_RETURN;
	if (bytes.includes(0)) return once(file, 'csv-nul', bytes.indexOf(0) + 1);
	if (decoded === null) return once(file, 'csv-not-utf8', 1);

	if (bom) tell(list, { code: 'csv-bom', location: at(1) });
	if (bom && decoded === '' && !ended) {
		tell(list, { code: 'csv-empty', location: wholeFile(path) });
		return null;
	}
	const text = crlf ? decoded.slice(0, -1) : decoded;
	if (crlf && !file.crlf) {
		file.crlf = true;
		tell(list, { code: 'csv-crlf', location: at(text.length + 1) });
	}
	if (text.includes('\r')) return once(file, 'csv-carriage-return', text.indexOf('\r') + 1);
	if (text === '' && file.line > 1) {
		file.blank = file.line;
		return null;
	}
	const read = cellsOf(text);
	if ('cells' in read) return { text, cells: read.cells };
	tell(list, { code: read.fault, location: at(read.column) });
	return null;
}

/** A blank line was not the last one. */
export function tellBlank(file: IntervalFile): void {
	if (file.blank === 0) return;
	const location = { path: file.path, line: file.blank, column: 1 };
	file.blank = 0;
	tell(file.list, { code: 'csv-blank-line', location });
}

/** What the first bytes show to be no CSV at all. */
function startFault([first, second, third, fourth]: Uint8Array) {
	const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
	if (utf16 || first === 0 || second === 0) return 'csv-utf16';
	const zip = first === 0x50 && second === 0x4b && third === 3 && fourth === 4;
	return zip ? 'csv-spreadsheet-file' : null;
}

/** Such a fault mostly runs through the whole file: its first place is enough. */
function once(
	file: IntervalFile,
	code: 'csv-nul' | 'csv-not-utf8' | 'csv-carriage-return',
	column: number,
): null {
	if (!file.told.has(code)) {
		tell(file.list, { code, location: { path: file.path, line: file.line, column } });
	}
	file.told.add(code);
	return null;
}
