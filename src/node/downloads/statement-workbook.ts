import type { Files } from '../../core/format/bytes.ts';
import { formatEnergy } from '../../core/format/energy.ts';
import { runFolder } from '../../core/paths.ts';
import { type CellKind, COLUMN_KINDS, type RecordName } from '../../core/record/columns.ts';
import { downloads } from '../../texts/chosen.ts';
import type { PublishedRun } from '../published.ts';
import { readRecord } from './record-table.ts';
import { formatWorkbook, type Sheet, type SheetCell } from './workbook.ts';

const words = downloads.workbook;

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
	const snapshots = [`${folder}/entities.csv`, `${folder}/rules.json`];
	const inputs = run.files.filter(
		({ path }) => path.startsWith('data/') || snapshots.includes(path),
	);
	const { path, rows, bytes, sha256 } = words.inputs;
	return {
		name: words.sheets.inputs,
		header: [cell(path), cell(rows, 'integer'), cell(bytes, 'integer'), cell(sha256)],
		rows: inputs.map((input) => {
			const content = files.get(input.path) ?? new Uint8Array();
			return [
				cell(input.path),
				input.path.endsWith('.csv') ? cell(String(dataRows(content)), 'integer') : cell(''),
				cell(String(content.length), 'integer'),
				cell(input.sha256),
			];
		}),
		widths: [44, 8, 10, 68],
	};
}

/** Lines after the header: the dialect has no line breaks inside cells, and no blank lines. */
function dataRows(bytes: Uint8Array): number {
	const lines = new TextDecoder().decode(bytes).split('\n');
	return lines.filter((it) => it.trim() !== '').length - 1;
}

function aboutSheet(run: PublishedRun, organization: string): Sheet {
	const { about } = words;
	const facts: readonly (readonly [string, SheetCell])[] = [
		[about.record, cell(about.notTheRecord)],
		[about.statement, cell(run.id)],
		[about.organization, cell(organization)],
		[about.period, cell(run.period)],
		[about.run, cell(String(run.run), 'integer')],
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
