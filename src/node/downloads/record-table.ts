import type { Files } from '../../core/format/bytes.ts';
import { readTable } from '../../core/format/csv.ts';
import { runFolder } from '../../core/paths.ts';
import {
	COLUMN_KINDS,
	type ColumnName,
	isColumn,
	isOfKind,
	type RecordName,
} from '../../core/record/columns.ts';
import { type PublishedRun, unreadable } from '../published.ts';

/** A record file as its cells say it. */
export interface RecordTable {
	readonly columns: readonly ColumnName[];
	readonly rows: readonly (readonly string[])[];
}

const KNOWN = { required: [], optional: Object.keys(COLUMN_KINDS) };

/** A record file of a run, null where it has none; throws where a cell is not of its column's kind. */
export function readRecord(
	files: Files,
	{ period, run }: Pick<PublishedRun, 'period' | 'run'>,
	record: RecordName,
): RecordTable | null {
	const folder = runFolder(period, run);
	const bytes = files.get(`${folder}/${record}.csv`);
	if (bytes === undefined) return null;
	const table = readTable(`${record}.csv`, bytes, KNOWN);
	const columns = table.header.filter(isColumn);
	const rows = table.rows.map((row) => columns.map((name) => row.cell(name)));
	const sound = table.rows.every((row) =>
		columns.every((name) => isOfKind(row.cell(name), COLUMN_KINDS[name])),
	);
	if (table.problems.length > 0 || !sound) unreadable(folder, `${record}.csv`);
	return { columns, rows };
}
