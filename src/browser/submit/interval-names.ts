import { decodeText } from '../../core/format/bytes.ts';
import { cellsOf } from '../../core/format/csv.ts';
import { isPeriod, type Period } from '../../core/format/period.ts';
import { PRIVATE_COLUMN } from '../../core/format/private-columns.ts';

/** What an interval file is of, good or not: where it goes and whom it concerns depend on it. */
export interface IntervalNames {
	readonly points: ReadonlySet<string>;
	/** The month that most of its rows name; null where none names any. */
	readonly period: Period | null;
}

// Looked at again whenever something is chosen; a large file takes time.
const known = new WeakMap<Uint8Array, { readonly names: IntervalNames | null }>();

/** The metering points and the month of an interval file; null for every other file. */
export function intervalNames(bytes: Uint8Array): IntervalNames | null {
	const names = known.has(bytes) ? (known.get(bytes)?.names ?? null) : readNames(bytes);
	known.set(bytes, { names });
	return names;
}

function readNames(bytes: Uint8Array): IntervalNames | null {
	const lines = linesOf((decodeText(bytes) ?? '').replace(/^\ufeff/, ''));
	const header = cellsIn(lines.next().value ?? '');
	const point = header.indexOf('metering_point');
	const start = header.indexOf('interval_start');
	const time = start < 0 ? header.indexOf('date') : start;
	if (time < 0 || (point < 0 && start < 0)) return null;
	const wide = header.filter((it, index) => index !== start && !PRIVATE_COLUMN.test(it));
	const points = new Set(point < 0 ? wide : []);
	const rows = new Map<string, number>();
	for (const line of lines) {
		const cells = cellsIn(line, Math.max(point, time) + 1);
		const month = cells[time]?.slice(0, 7) ?? '';
		rows.set(month, (rows.get(month) ?? 0) + 1);
		if (point >= 0 && cells.length > point) points.add(cells[point] ?? '');
	}
	const months = [...rows].filter(([month]) => isPeriod(month));
	// In another offset than the local one some of the first or the last rows are of another month.
	return { points, period: months.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null };
}

function* linesOf(text: string): Generator<string, undefined> {
	for (let from = 0; from < text.length; ) {
		const found = text.indexOf('\n', from);
		const end = found < 0 ? text.length : found;
		const line = text.slice(from, end).replace(/\r$/, '');
		if (line !== '') yield line;
		from = end + 1;
	}
}

function cellsIn(line: string, first = Number.POSITIVE_INFINITY): readonly string[] {
	if (!line.includes('"')) return line.split(',', Math.min(first, line.length + 1));
	const read = cellsOf(line);
	return 'cells' in read ? read.cells : [];
}
