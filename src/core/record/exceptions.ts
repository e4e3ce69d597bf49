import { formatTable, readTable } from '../format/csv.ts';
import { compareText } from '../problem.ts';

/** A row of `exceptions.csv`: something a reader of the statement should know. */
export interface Exception {
	readonly code: string;
	readonly severity: 'info' | 'warning';
	readonly path: string;
	/** 0 where it concerns no single line. */
	readonly line: number;
	readonly entity: string;
	/** Data, never a sentence: `key=value` pairs joined by `;`. */
	readonly detail: string;
	/** Who accepted it; empty where nobody had to. */
	readonly waived_by: string;
}

const COLUMNS = ['code', 'severity', 'path', 'line', 'entity', 'detail', 'waived_by'];

/** `exceptions.csv` (docs/spec/layout.md), sorted by all columns, `line` by number. */
export function formatExceptions(exceptions: readonly Exception[]): string {
	const sorted = exceptions.toSorted(
		(a, b) =>
			compareText(a.code, b.code) ||
			compareText(a.severity, b.severity) ||
			compareText(a.path, b.path) ||
			a.line - b.line ||
			compareText(a.entity, b.entity) ||
			compareText(a.detail, b.detail) ||
			compareText(a.waived_by, b.waived_by),
	);
	return formatTable(
		COLUMNS,
		sorted.map((it) => [
			it.code,
			it.severity,
			it.path,
			String(it.line),
			it.entity,
			it.detail,
			it.waived_by,
		]),
	);
}

/** The rows of an `exceptions.csv`; null where it is not one. */
export function parseExceptions(bytes: Uint8Array): readonly Exception[] | null {
	const table = readTable('exceptions.csv', bytes, { required: COLUMNS, optional: [] });
	if (table.problems.length > 0) return null;
	const exceptions: Exception[] = [];
	for (const row of table.rows) {
		const severity = row.cell('severity');
		const line = row.cell('line');
		if (severity !== 'info' && severity !== 'warning') return null;
		if (!/^(0|[1-9][0-9]{0,8})$/.test(line)) return null;
		exceptions.push({
			code: row.cell('code'),
			severity,
			path: row.cell('path'),
			line: Number(line),
			entity: row.cell('entity'),
			detail: row.cell('detail'),
			waived_by: row.cell('waived_by'),
		});
	}
	return exceptions;
}
