import type { Files } from '../../core/format/bytes.ts';
import { formatJson } from '../../core/format/json.ts';
import { COLUMN_KINDS, type RecordName } from '../../core/record/columns.ts';
import type { PublishedRun } from '../published.ts';
import { readRecord } from './record-table.ts';

/** Said once for the whole document. */
const OF_THE_RUN = new Set(['period', 'run', 'supersedes']);

/** A run as one JSON document (docs/spec/json.md): what its record files and its manifest say. */
export function formatStatementJson(files: Files, run: PublishedRun): Uint8Array {
	const { manifest } = run;
	return formatJson({
		format: 'wattproof/statement/v1',
		id: run.id,
		log: manifest.log,
		sequence: manifest.sequence,
		period: run.period,
		run: run.run,
		kind: manifest.kind,
		status: run.status,
		superseded_by: run.supersededBy,
		finalized_at: manifest.finalized_at,
		manifest_sha256: run.manifest_sha256,
		signer: run.signer,
		approvals: run.approvals,
		supersedes: manifest.supersedes,
		correction: run.correction,
		basis: manifest.basis,
		rules: run.rules,
		totals: manifest.totals,
		statement: rowsOf(files, run, 'statement'),
		allocations: rowsOf(files, run, 'allocations'),
		exceptions: rowsOf(files, run, 'exceptions'),
		delta: rowsOf(files, run, 'delta'),
		journal: rowsOf(files, run, 'journal'),
		files: run.files,
	});
}

/** The rows of a record by column: integers as numbers, all else as the text of the record. */
function rowsOf(files: Files, run: PublishedRun, record: RecordName) {
	const table = readRecord(files, run, record);
	if (table === null) return null;
	return table.rows.map((cells) =>
		Object.fromEntries(
			table.columns.flatMap((name, at) => {
				if (OF_THE_RUN.has(name)) return [];
				const text = cells[at] ?? '';
				return [[name, COLUMN_KINDS[name] === 'integer' ? Number(text) : text]];
			}),
		),
	);
}
