import { parse } from 'csv-parse/sync';
import { decodeText } from '../format/bytes.ts';
import { visible } from '../format/name.ts';
import type { Difference } from './report.ts';

/** The first line, and for CSV the first cell, in which two versions of a file differ; else null. */
export function firstDifference(
	path: string,
	expected: Uint8Array,
	actual: Uint8Array,
): Difference | null {
	const before = decodeText(expected)?.split('\n');
	const after = decodeText(actual)?.split('\n');
	if (before === undefined || after === undefined) return null;
	const count = Math.max(before.length, after.length);
	for (let index = 0; index < count; index++) {
		const old = before[index];
		const now = after[index];
		if (old === now) continue;
		const line = index + 1;
		const cell = path.endsWith('.csv') ? firstCell(before[0] ?? '', old, now) : null;
		return { line, ...(cell ?? { column: '', expected: show(old), actual: show(now) }) };
	}
	return null;
}

function firstCell(headerLine: string, old: string | undefined, now: string | undefined) {
	const header = cells(headerLine);
	const before = cells(old);
	const after = cells(now);
	if (header === null || before === null || after === null) return null;
	if (before.length !== header.length || after.length !== header.length) return null;
	const index = before.findIndex((cell, column) => cell !== after[column]);
	if (index < 0) return null;
	const [column = ''] = header.slice(index);
	return { column, expected: show(before[index]), actual: show(after[index]) };
}

function cells(line: string | undefined): string[] | null {
	if (line === undefined) return null;
	try {
		return (parse(line, { relax_column_count: true }) as string[][])[0] ?? null;
	} catch {
		return null;
	}
}

/** Short, and with control characters made visible. */
function show(text: string | undefined): string {
	return text === undefined ? '' : visible(JSON.stringify(text.slice(0, 120)).slice(1, -1));
}
