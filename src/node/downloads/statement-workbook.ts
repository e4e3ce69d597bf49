import type { Files } from '../../core/format/bytes.ts';
import { formatEnergy } from '../../core/format/energy.ts';
import { sizeOf } from '../../core/format/sourced-files.ts';
import { runFolder } from '../../core/paths.ts';
import { type CellKind, COLUMN_KINDS, type RecordName } from '../../core/record/columns.ts';
import { downloads } from '../../texts/chosen.ts';
import { dataRows } from '../provenance.ts';
import type { PublishedRun } from '../published.ts';
import { readRecord } from './record-table.ts';
import { formatWorkbook, type Sheet, type SheetCell } from './workbook.ts';

const words = downloads.workbook;
const SNAPSHOTS = ['entities.csv', 'metering-points.csv', 'rules.json'];

/** A run as an XLSX workbook: a copy to work with, which says itself that it is not the record. */
export function formatStatementWorkbook(
	files: Files,
	run: PublishedRun,
	organization: string,
): Promise<Uint8Array> {
	return formatWorkbook([
		recordSheet(words.sheets.statement, files, run, 'statement'),
		recordSheet(words.sheets.allocation, files, run, 'allocations'),
		inputSheet(files, run),
		aboutSheet(run, organization),
	]);
}

const cell = (text: string, kind: CellKind = 'text'): SheetCell => ({ text, kind });

function recordSheet(name: string, files: Files, run: PublishedRun, record: RecordName): Sheet {
	const table = readRecord(files, run, record) ?? { columns: [], rows: [] };
	const kinds = table.columns.map((it) => COLUMN_KINDS[it]);
	return {
		name,
		header: table.columns.map((it, at) => cell(it, kinds[at])),
		rows: table.rows.map((cells) => cells.map((it, at) => cell(it, kinds[at]))),
		widths: table.columns.map((it) => (it === 'name' ? 30 : Math.max(it.length + 2, 12))),
	};
}

/** The files that the run was computed from; the records are its outcome. */
function inputSheet(files: Files, run: PublishedRun): Sheet {
	const folder = runFolder(run.period, run.run);
	const snapshots = SNAPSHOTS.map((name) => `${folder}/${name}`);
	const inputs = run.files.filter(
		({ path }) => path.startsWith('data/') || snapshots.includes(path),
	);
	const { path, rows, bytes, sha256 } = words.inputs;
	return {
		name: words.sheets.inputs,
		header: [cell(path), cell(rows, 'integer'), cell(bytes, 'integer'), cell(sha256)],
		rows: inputs.map((input) => {
			const rows = dataRows(files, input.path);
			return [
				cell(input.path),
				rows === null ? cell('') : cell(String(rows), 'integer'),
				cell(String(sizeOf(files, input.path) ?? 0), 'integer'),
				cell(input.sha256),
			];
		}),
		widths: [44, 8, 10, 68],
	};
}

function aboutSheet(run: PublishedRun, organization: string): Sheet {
	const { about } = words;
	const facts: readonly (readonly [string, SheetCell])[] = [
		[about.record, cell(about.notTheRecord)],
		[about.statement, cell(run.id)],
		[about.organization, cell(organization)],
		[about.period, cell(run.period)],
		[about.run, cell(String(run.run), 'integer')],
		[about.basis, cell(downloads.basis(run.manifest.basis))],
		[about.status, cell(about.statuses(run))],
		[about.finalized, cell(run.manifest.finalized_at)],
		[about.manifest, cell(run.manifest_sha256)],
		[about.signer, cell(run.signer)],
		...Object.entries(run.totals).map(([key, wh]) => {
			return [about.total(key.replace(/_wh$/, '')), cell(formatEnergy(wh), 'decimal')] as const;
		}),
		[about.exceptions, cell(String(run.notices.length), 'integer')],
		[about.numbers, cell(about.longNumbers)],
		[about.use, cell(about.notAnInvoice)],
	];
	return {
		name: words.sheets.about,
		header: [cell(about.fact), cell(about.value)],
		rows: facts.map(([name, value]) => [cell(name), value]),
		widths: [30, 90],
	};
}
