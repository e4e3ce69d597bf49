import { unzipSync } from 'fflate';
import { decodeText } from '../../src/core/format/bytes.ts';

/** A cell as a spreadsheet program reads it. */
export interface ReadCell {
	readonly value: string | number | null;
	/** The number format; empty where the cell has none. */
	readonly format: string;
}

/** The parts of a workbook as text, by their names. */
export function workbookParts(bytes: Uint8Array): ReadonlyMap<string, string> {
	const parts = Object.entries(unzipSync(bytes));
	return new Map(parts.map(([name, part]) => [name, decodeText(part) ?? '']));
}

/** The cells of every sheet of a workbook, by the name of the sheet; gaps are null. */
export function readWorkbook(bytes: Uint8Array): ReadonlyMap<string, readonly ReadCell[][]> {
	const parts = workbookParts(bytes);
	const part = (name: string) => parts.get(name) ?? '';
	const texts = all(part('xl/sharedStrings.xml'), /<si><t[^>]*>(.*?)<\/t><\/si>/gs).map(([text]) =>
		unescapeText(text ?? ''),
	);
	const styles = part('xl/styles.xml');
	const formats = new Map(
		all(styles, /<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g).map(([id, code]) => [id, code]),
	);
	const cellStyles = all(styles.split('<cellXfs')[1] ?? '', /<xf ([^>]*)>/g).map(([attributes]) => {
		const id = /numFmtId="(\d+)"/.exec(attributes ?? '')?.[1] ?? '';
		return formats.get(id) ?? (id === '1' ? '0' : '');
	});
	const sheets = all(part('xl/workbook.xml'), /<sheet [^>]*sheetId="(\d+)" name="([^"]*)"/g);
	return new Map(
		sheets.map(([id, name]) => {
			const xml = part(`xl/worksheets/sheet${id}.xml`);
			const rows = all(xml, /<row [^>]*>(.*?)<\/row>/gs).map(([row]) => {
				const cells: ReadCell[] = [];
				for (const [at, attributes, value] of all(
					row ?? '',
					/<c r="([A-Z]+)\d+"([^>]*)><v>(.*?)<\/v><\/c>/g,
				)) {
					while (cells.length < columnOf(at ?? '')) cells.push({ value: null, format: '' });
					const shared = attributes?.includes('t="s"');
					const style = /s="(\d+)"/.exec(attributes?.replace('t="s"', '') ?? '')?.[1];
					cells.push({
						value: shared ? (texts[Number(value)] ?? null) : Number(value),
						format: style === undefined ? '' : (cellStyles[Number(style)] ?? ''),
					});
				}
				return cells;
			});
			return [name ?? '', rows] as const;
		}),
	);
}

function all(text: string, pattern: RegExp): readonly (readonly (string | undefined)[])[] {
	return [...text.matchAll(pattern)].map(([, ...groups]) => groups);
}

function columnOf(letters: string): number {
	return [...letters].reduce((sum, it) => sum * 26 + it.charCodeAt(0) - 64, 0) - 1;
}

/** Entities of XML, then the escapes of the format itself. */
function unescapeText(text: string): string {
	return text
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&amp;', '&')
		.replaceAll(/_x([0-9A-F]{4})_/g, (_, code: string) =>
			String.fromCharCode(Number.parseInt(code, 16)),
		);
}
