import { type CsvError, parse } from 'csv-parse/sync';
import { type Location, type Problem, wholeFile } from '../problem.ts';
import { decodeText } from './bytes.ts';
import { PRIVATE_COLUMN, withoutPrivate } from './private-columns.ts';

/** More than any month of 9,000 entities fills, and what a reader can always hold. */
export const CSV_BYTES = 16 * 1024 * 1024;
export const CSV_LINES = 200_000;

/** Header names of a file. Private columns (`x_...`) are accepted everywhere and carry no meaning. */
export interface Columns {
	readonly required: readonly string[];
	readonly optional: readonly string[];
}

/** One data row: `cell` gives the text under a header, empty for a private or an absent column. */
export interface Row {
	readonly line: number;
	cell(name: string): string;
	at(name: string): Location;
}

export interface Table {
	readonly header: readonly string[];
	readonly rows: readonly Row[];
	readonly problems: readonly Problem[];
}

/**
 * The rows of a CSV file in the dialect of docs/spec/layout.md and every problem of its form.
 * A row with a problem of its own is left out of `rows`; a bad header leaves none.
 */
export function readTable(path: string, bytes: Uint8Array, columns: Columns): Table {
	const problems: Problem[] = [];
	const text = readText(path, bytes, problems);
	if (text === null) return { header: [], rows: [], problems };

	const lines = text.split('\n', CSV_LINES + 3);
	if (lines.at(-1) === '') lines.pop();
	// One blank line at the very end says nothing.
	if (lines.length > 1 && lines.at(-1) === '') lines.pop();
	if (lines.length > CSV_LINES) {
		problems.push({ code: 'csv-too-large', location: wholeFile(path) });
		return { header: [], rows: [], problems };
	}
	const records = readRecords(path, lines, problems);
	const header = records[0] ?? [];
	if (lines.length === 0) problems.push({ code: 'csv-empty', location: wholeFile(path) });
	else if (!checkHeader(path, header, columns, problems)) return { header, rows: [], problems };

	const index = new Map<string, number>();
	for (const [column, name] of header.entries()) {
		if (!PRIVATE_COLUMN.test(name)) index.set(name, column);
	}
	const rows: Row[] = [];
	for (let i = 1; i < lines.length; i++) {
		const cells = records[i];
		const location = { path, line: i + 1, column: 1 };
		if (lines[i] === '') {
			problems.push({ code: 'csv-blank-line', location });
			continue;
		}
		if (cells === undefined || cells === null) continue;
		if (cells.length !== header.length) {
			problems.push({
				code: 'csv-cells',
				location,
				found: String(cells.length),
				expected: String(header.length),
			});
		} else {
			rows.push({
				line: i + 1,
				cell: (name) => cells[index.get(name) ?? -1] ?? '',
				at: (name) => ({
					path,
					line: i + 1,
					column: columnOf(lines[i] ?? '', index.get(name) ?? 0),
				}),
			});
		}
	}
	return { header, rows, problems };
}

/** The text without BOM and carriage returns; null where the bytes are no text of this dialect. */
function readText(path: string, bytes: Uint8Array, problems: Problem[]): string | null {
	const refuse = (
		code: 'csv-utf16' | 'csv-not-utf8' | 'csv-spreadsheet-file' | 'csv-nul' | 'csv-too-large',
	) => {
		problems.push({ code, location: wholeFile(path) });
		return null;
	};
	const [first, second, third, fourth] = bytes;
	if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) {
		return refuse('csv-spreadsheet-file');
	}
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
		return refuse('csv-utf16');
	}
	if (bytes.length > CSV_BYTES) return refuse('csv-too-large');
	const decoded = decodeText(withoutPrivate(bytes));
	if (decoded === null ? bytes.includes(0) : decoded.includes('\0')) {
		return refuse(first === 0 || second === 0 ? 'csv-utf16' : 'csv-nul');
	}
	if (decoded === null) return refuse('csv-not-utf8');

	const bom = decoded.startsWith('\ufeff');
	if (bom) problems.push({ code: 'csv-bom', location: { path, line: 1, column: 1 } });
	const text = (bom ? decoded.slice(1) : decoded).replaceAll('\r\n', '\n');
	const crlf = decoded.indexOf('\r\n');
	if (crlf >= 0) {
		const location = locate(path, decoded.slice(bom ? 1 : 0), crlf - (bom ? 1 : 0));
		problems.push({ code: 'csv-crlf', location });
	}
	const lone = text.indexOf('\r');
	if (lone >= 0) {
		problems.push({ code: 'csv-carriage-return', location: locate(path, text, lone) });
		return null;
	}
	return text;
}

function locate(path: string, text: string, offset: number): Location {
	const before = text.slice(0, offset).split('\n');
	return { path, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

const GRAMMAR = {
	record_delimiter: '\n',
	relax_column_count: true,
	skip_empty_lines: false,
};

/** The cells of each line; null for a line whose quotes are wrong. */
function readRecords(
	path: string,
	lines: readonly string[],
	problems: Problem[],
): readonly (readonly string[] | null)[] {
	// Without quotes the grammar has nothing else to say, and most bytes are in such files.
	const plain = lines.length > 1 && !lines.some((line) => line.includes('"'));
	if (plain) return lines.map((line) => line.split(','));
	try {
		const records: string[][] = parse(lines.join('\n'), GRAMMAR);
		return records.length === lines.length ? records : withoutBreaks(path, records, problems);
	} catch (error) {
		if (!isCsvError(error)) throw error;
	}
	// A quote is wrong somewhere: line by line, to name every place.
	return lines.map((line, index) => {
		const read = cellsOf(line);
		if ('cells' in read) return read.cells;
		problems.push({ code: read.fault, location: { path, line: index + 1, column: read.column } });
		return null;
	});
}

/** The cells of one line by the grammar of the dialect, or which quote is wrong, and where. */
export function cellsOf(
	line: string,
):
	| { readonly cells: readonly string[] }
	| { readonly fault: 'csv-line-break-in-field' | 'csv-lone-quote'; readonly column: number } {
	if (!line.includes('"')) return { cells: line.split(',') };
	try {
		return { cells: (parse(line, GRAMMAR) as string[][])[0] ?? [''] };
	} catch (error) {
		if (!isCsvError(error)) throw error;
		const fault =
			error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'csv-line-break-in-field' : 'csv-lone-quote';
		return { fault, column: columnOf(line, typeof error.column === 'number' ? error.column : 0) };
	}
}

/** Records by line where some fields hold line breaks: those records are problems, each on one line. */
function withoutBreaks(path: string, records: readonly string[][], problems: Problem[]) {
	return records
		.flatMap((cells) => {
			const breaks = cells.join('').split('\n').length - 1;
			return breaks === 0
				? [cells]
				: Array.from({ length: breaks + 1 }, (_, i) => (i ? null : cells));
		})
		.map((cells, index) => {
			const broken = cells?.findIndex((cell) => cell.includes('\n')) ?? -1;
			if (cells === null || broken < 0) return cells;
			const column = cells.slice(0, broken).join(',').length + (broken > 0 ? 2 : 1);
			const location = { path, line: index + 1, column };
			problems.push({ code: 'csv-line-break-in-field', location });
			return null;
		});
}

function isCsvError(error: unknown): error is CsvError {
	// csv-parse names a few of its errors without its usual prefix.
	return error instanceof Error && 'code' in error && /^(CSV|INVALID)_/.test(String(error.code));
}

/** Whether the header can be read by name; csv-parse would keep the last of two equal ones silently. */
function checkHeader(
	path: string,
	header: readonly string[] | null,
	columns: Columns,
	problems: Problem[],
): boolean {
	if (header === null) return false;
	const known = [...columns.required, ...columns.optional];
	const accepted = known.join(',');
	const before = problems.length;
	const at = (column: number) => ({ path, line: 1, column });
	const separator = [';', '\t', '|'].find(
		(mark) => header.length === 1 && header[0]?.includes(mark),
	);
	if (separator !== undefined) {
		const found = header[0] ?? '';
		problems.push({ code: 'csv-separator', location: at(1), found, separator });
		return false;
	}
	const places = new Map<string, number>();
	let column = 1;
	for (const [index, found] of header.entries()) {
		const first = places.get(found);
		if (first !== undefined) {
			const location = at(column);
			problems.push({ code: 'csv-header-duplicate', location, found, first: String(first + 1) });
		} else {
			places.set(found, index);
			if (!known.includes(found) && !PRIVATE_COLUMN.test(found)) {
				problems.push({ code: 'csv-header-unknown', location: at(column), found, accepted });
			}
		}
		column += found.length + 1;
	}
	for (const field of columns.required) {
		if (!places.has(field)) {
			problems.push({ code: 'csv-header-missing', location: at(1), field, accepted });
		}
	}
	return problems.length === before;
}

/** The 1-based character at which a cell of the line begins. */
export function columnOf(line: string, cell: number): number {
	let quoted = false;
	let seen = 0;
	for (let i = 0; i < line.length; i++) {
		if (seen === cell) return i + 1;
		if (line[i] === '"') quoted = !quoted;
		else if (line[i] === ',' && !quoted) seen++;
	}
	return line.length + 1;
}

/** Canonical CSV (docs/spec/layout.md): LF, final newline, quotes only where RFC 4180 needs them. */
export function formatTable(
	header: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	return [header, ...rows].map((cells) => `${cells.map(formatCell).join(',')}\n`).join('');
}

function formatCell(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
