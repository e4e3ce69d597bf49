import { digest, type Files } from '../../core/format/bytes.ts';
import { formatJson } from '../../core/format/json.ts';
import { runFolder } from '../../core/paths.ts';
import {
	type CellKind,
	COLUMN_KINDS,
	type ColumnName,
	RECORD_KEYS,
	RECORDS,
	type RecordName,
} from '../../core/record/columns.ts';
import { downloads } from '../../texts/chosen.ts';
import type { Published, PublishedRun } from '../published.ts';
import { readRecord } from './record-table.ts';

const PROFILE = 'https://datapackage.org/profiles/2.0';

const TYPES: Readonly<Record<CellKind, string>> = {
	period: 'yearmonth',
	integer: 'integer',
	decimal: 'number',
	text: 'string',
};

/** A Data Package (version 2) over the record files of all runs; null while there is none. */
export function formatDataPackage(
	files: Files,
	{ runs }: Pick<Published, 'runs'>,
	organization: string,
): Uint8Array | null {
	const newest = runs.at(-1)?.manifest;
	if (newest === undefined) return null;
	return formatJson({
		$schema: `${PROFILE}/datapackage.json`,
		name: newest.log.replaceAll('/', '-'),
		title: downloads.dataPackage.title(organization),
		description: downloads.dataPackage.description,
		created: newest.finalized_at,
		resources: runs.flatMap((run) => RECORDS.flatMap((record) => describe(files, run, record))),
	});
}

function describe(files: Files, run: PublishedRun, record: RecordName) {
	const table = readRecord(files, run, record);
	const path = `${runFolder(run.period, run.run)}/${record}.csv`;
	const bytes = files.get(path);
	if (table === null || bytes === undefined) return [];
	const keys = RECORD_KEYS[record];
	const resource = {
		name: `${record}-${run.period}-r${run.run}`,
		title: downloads.records[record],
		description: downloads.basis(run.manifest.basis),
		type: 'table',
		path,
		format: 'csv',
		mediatype: 'text/csv',
		encoding: 'utf-8',
		bytes: bytes.length,
		hash: `sha256:${digest(bytes)}`,
		schema: {
			$schema: `${PROFILE}/tableschema.json`,
			fields: table.columns.map(field),
			...(keys.length === 0 ? {} : { primaryKey: keys }),
		},
	};
	return [resource];
}

function field(name: ColumnName) {
	return { name, type: TYPES[COLUMN_KINDS[name]], description: downloads.columns[name] };
}
