import { unzipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { encodeText } from '../../core/format/bytes.ts';
import type { CellKind } from '../../core/record/columns.ts';
import { zipFiles } from './archive.ts';

/** One cell: the text of a record, and what it is. */
export interface SheetCell {
	readonly text: string;
	readonly kind: CellKind;
}

export interface Sheet {
	readonly name: string;
	readonly header: readonly SheetCell[];
	readonly rows: readonly (readonly SheetCell[])[];
	/** In characters. */
	readonly widths: readonly number[];
}

const STRINGS = 'xl/sharedStrings.xml';

/** An XLSX workbook without formulas: the same bytes for the same sheets. */
export async function formatWorkbook(sheets: readonly Sheet[]): Promise<Uint8Array> {
	// The writer keeps texts by name in an object of the language, where "constructor" is taken, and
	// leaves out characters without a word. So it gets the number of each text, and the texts are ours.
	const numbers = new Map<string, number>();
	const share = (text: string) => {
		const number = numbers.get(text) ?? numbers.size;
		numbers.set(text, number);
		return `text ${number}`;
	};
	const written = await writeXlsxFile(
		sheets.map(({ name, header, rows, widths }) => ({
			sheet: name,
			data: [
				header.map(({ text, kind }) => ({
					value: share(text),
					fontWeight: 'bold' as const,
					...(isNumeric(kind) ? { align: 'right' as const } : {}),
				})),
				...rows.map((cells) => cells.map((cell) => formatCell(cell, share))),
			],
			columns: widths.map((width) => ({ width })),
			stickyRowsCount: 1,
		})),
	).toBuffer();
	const parts = new Map<string, Uint8Array>(Object.entries(unzipSync(new Uint8Array(written))));
	if (numbers.size !== decodeCount(parts.get(STRINGS))) throw new Error('a text was lost');
	parts.set(STRINGS, formatStrings([...numbers.keys()]));
	return zipFiles(parts);
}

function isNumeric(kind: CellKind): boolean {
	return kind === 'integer' || kind === 'decimal';
}

function formatCell({ text, kind }: SheetCell, share: (text: string) => string) {
	if (text === '') return null;
	const value = isNumeric(kind) ? exactNumber(text) : null;
	if (value === null) {
		return { value: share(text), ...(isNumeric(kind) ? { align: 'right' as const } : {}) };
	}
	const digits = text.split('.')[1]?.length ?? 0;
	const decimals = digits === 0 ? '' : `.${'0'.repeat(digits)}`;
	return { value, format: kind === 'integer' ? '0' : `#,##0${decimals}` };
}

/** The number of a decimal text; null where a spreadsheet, which keeps 15 digits, would change it. */
export function exactNumber(text: string): number | null {
	const digits = text.replace(/^[+-]?0*|\./g, '').replace(/^0+/, '');
	return digits.length > 15 ? null : Number(text);
}

function decodeCount(bytes: Uint8Array = new Uint8Array()): number {
	return new TextDecoder().decode(bytes).match(/<si>/g)?.length ?? 0;
}

function formatStrings(texts: readonly string[]): Uint8Array {
	const items = texts
		.map((it) => `<si><t xml:space="preserve">${formatText(it)}</t></si>`)
		.join('');
	return encodeText(
		`<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${items}</sst>`,
	);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text of a string item, where `_x0041_` would be read as "A", and XML lacks a few characters. */
function formatText(text: string): string {
	return (
		text
			.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
			// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
			.replaceAll(/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/gu, (it) => {
				return `_x${it.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
			})
			.replaceAll(/[&<>]/g, (it) => ENTITIES[it] ?? it)
	);
}
