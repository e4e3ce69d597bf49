import { encodeText } from '../format/bytes.ts';
import { formatTable } from '../format/csv.ts';
import { parseEnergy } from '../format/energy.ts';
import { entityFault } from '../format/name.ts';
import { periodFromSpreadsheet } from '../format/period.ts';
import type { ProblemCode } from '../problem.ts';
import { type FormDamage, type LooseRow, readLoosely } from './loose-table.ts';
import { type DecimalMark, isPlain, marksOf, readWritten } from './written-energy.ts';

/**
 * Repairs of what spreadsheets do to a file of period totals. They are offered to people, who see
 * each change and ask for it: every reader of data refuses what is nearly right.
 */

/** A cell of the file as it is. */
export interface FoundCell {
	readonly line: number;
	readonly field: string;
	readonly found: string;
}

export interface CellChange extends FoundCell {
	readonly after: string;
	/** The problem that the readers have with it; null where they take it, and take it wrong. */
	readonly code: ProblemCode | null;
}

export interface Repair {
	/** The file with every change below, in the form of the dialect. */
	readonly bytes: Uint8Array;
	readonly form: readonly FormDamage[];
	readonly cells: readonly CellChange[];
	/** Cells of which a spreadsheet has thrown digits away: only their source has them. */
	readonly lost: readonly FoundCell[];
	/** One cell with a point and one with a comma before its decimals, where a file has both. */
	readonly mixed: readonly [FoundCell, FoundCell] | null;
	/** Where a cell means one thing with a point and another with a comma: what has to be asked. */
	readonly question:
		| (FoundCell & { readonly readings: Readonly<Record<DecimalMark, string>> })
		| null;
}

const ENERGY = ['generated_kwh', 'consumed_kwh'];
const REQUIRED = ['entity', 'period', ...ENERGY];
const KNOWN = [...REQUIRED, 'quality', 'note'];

/**
 * What can be repaired in a file of period totals, or has to be said about it; null where there is
 * nothing, or where it is no such file. `mark` answers the question that an earlier result asked.
 */
export function proposeRepair(bytes: Uint8Array, mark: DecimalMark | null): Repair | null {
	const table = readLoosely(bytes);
	const [first, ...rows] = table?.rows ?? [];
	if (table === null || first === undefined) return null;
	const form = [...table.damage];
	const width = widthOf(table.rows);
	if (table.rows.some(({ cells }) => cells.length > width)) form.push('empty-cells');
	const found = first.cells.slice(0, width);
	const header = found.map(nameOf);
	if (header.some((name, index) => name !== found[index])) form.push('header');
	if (!REQUIRED.every((name) => header.includes(name))) return null;
	const body = rows.map((row) => ({ ...row, cells: row.cells.slice(0, width) }));

	const energy = body.flatMap((row) => energyCells(row, header));
	const marks = judgeMarks(energy, table.separator);
	const chosen = marks.question === null ? marks.mark : mark;
	const mixed = marks.mixed ?? (chosen === null ? null : contradiction(energy, chosen));
	const used = mixed === null ? chosen : null;
	const cells: CellChange[] = [];
	const repaired = body.map((row) =>
		row.cells.map((cell, index) => {
			const field = header[index] ?? '';
			const after = repairCell(cell, field, used);
			if (after !== cell) {
				cells.push({ line: row.line, field, found: cell, after, code: codeOf(cell, field) });
			}
			return after;
		}),
	);
	const lost = energy.filter(({ found }) =>
		(['.', ','] as const).some((it) => readWritten(found, it).kind === 'digits-lost'),
	);
	const question = mark === null ? marks.question : null;
	const nothing = form.length + cells.length + lost.length === 0;
	if (nothing && mixed === null && question === null) return null;
	const repairedBytes = encodeText(formatTable(header, repaired));
	return { bytes: repairedBytes, form, cells, lost, mixed, question };
}

/** Columns up to the last that says anything: spreadsheets write what was once touched as well. */
function widthOf(rows: readonly LooseRow[]): number {
	const [first, ...others] = rows;
	const last = (cells: readonly string[]) => cells.findLastIndex((cell) => cell.trim() !== '') + 1;
	const width = last(first?.cells ?? []);
	return others.some(({ cells }) => last(cells) > width) ? Number.POSITIVE_INFINITY : width;
}

function nameOf(found: string): string {
	const name = found.trim().toLowerCase();
	return KNOWN.includes(name) ? name : found;
}

function energyCells({ line, cells }: LooseRow, header: readonly string[]): FoundCell[] {
	return ENERGY.map((field) => ({ line, field, found: cells[header.indexOf(field)] ?? '' }));
}

interface Marks {
	/** Null where it has to be asked. */
	readonly mark: DecimalMark | null;
	readonly mixed: Repair['mixed'];
	readonly question: Repair['question'];
}

function judgeMarks(cells: readonly FoundCell[], separator: string): Marks {
	const certain = (mark: DecimalMark) =>
		cells.find(({ found }) => !isPlain(found) && marksOf(found).join() === mark);
	const [point, comma] = [certain('.'), certain(',')];
	if (point !== undefined && comma !== undefined) {
		return { mark: null, mixed: [point, comma], question: null };
	}
	const asked = cells.find(({ found }) => {
		const [a, b] = [readWritten(found, '.'), readWritten(found, ',')];
		if (a.kind !== 'read' || b.kind !== 'read' || a.text === b.text) return false;
		if (!('wh' in parseEnergy(found))) return true;
		// It is accepted as it is; but in a file of a country with a decimal comma it parts thousands.
		return point === undefined && (comma !== undefined || separator !== ',');
	});
	if (asked === undefined)
		return { mark: comma === undefined ? '.' : ',', mixed: null, question: null };
	const reading = (mark: DecimalMark) => {
		const read = readWritten(asked.found, mark);
		return read.kind === 'read' ? read.text : '';
	};
	const question = { ...asked, readings: { '.': reading('.'), ',': reading(',') } };
	return { mark: null, mixed: null, question };
}

/** The first cell that cannot be read with an answer, beside one that the answer is about. */
function contradiction(cells: readonly FoundCell[], mark: DecimalMark): Repair['mixed'] {
	const against = cells.find(({ found }) => {
		const marks = marksOf(found);
		return marks.length === 1 && marks[0] !== mark && !isPlain(found);
	});
	const answered = cells.find(({ found }) => marksOf(found).length === 2 && !isPlain(found));
	if (against === undefined || answered === undefined) return null;
	return mark === '.' ? [answered, against] : [against, answered];
}

function codeOf(cell: string, field: string): ProblemCode | null {
	if (field === 'entity') return entityFault(cell);
	if (field === 'quality') return 'quality-unknown';
	if (field === 'period') {
		return periodFromSpreadsheet(cell) === null ? 'period-malformed' : 'period-spreadsheet';
	}
	const read = parseEnergy(cell);
	return 'fault' in read ? read.fault : null;
}

function repairCell(cell: string, field: string, mark: DecimalMark | null): string {
	if (field === 'period') return periodFromSpreadsheet(cell.trim()) ?? cell.trim();
	if (field === 'entity' || field === 'quality') return cell.trim();
	if (!ENERGY.includes(field)) return cell;
	const certain = isPlain(cell) ? '.' : mark;
	if (certain === null) return cell;
	// Accepted as it is, and read as it is meant: nothing to repair.
	if (certain === '.' && 'wh' in parseEnergy(cell)) return cell;
	const read = readWritten(cell, certain);
	return read.kind === 'read' ? read.text : cell;
}
