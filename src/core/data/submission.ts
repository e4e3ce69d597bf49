import type { Files } from '../format/bytes.ts';
import { type Columns, type Row, readTable } from '../format/csv.ts';
import type { WattHours } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import { ABSENT, CORRECTION, inputFolder, SUBSTITUTES, WAIVERS } from '../paths.ts';
import { append, isInfo, type Location, type Problem } from '../problem.ts';
import { readEnergy, readEntity, readPeriod, readText } from './cells.ts';
import { type Correction, readCorrection } from './correction.ts';
import { WARNING_CODES, type WarningCode } from './warning-codes.ts';

export { type Correction, REASON_CODES, readCorrection } from './correction.ts';

/** A actual, C calculated, S substitute, E estimate. */
export type Quality = 'A' | 'C' | 'S' | 'E';

/** What an entity reports for a period: one row of a totals file, or the sums of its readings. */
export interface Reading {
	readonly entity: string;
	readonly generated_wh: WattHours;
	readonly consumed_wh: WattHours;
	/** Generated and consumed at once: over the month, or in each interval. */
	readonly self_consumed_wh: WattHours;
	/** What of both is of quality S or E. */
	readonly estimated_wh: WattHours;
	/** The worst quality in it: E, else S, else that of a row. */
	readonly quality: Quality;
	/** The row, or the entity's first metering point in the register. */
	readonly place: Location;
	/** The files it comes from. */
	readonly sources: readonly string[];
}

/** A line of `absent.csv`: an entity that has nothing to report, and who says so. */
export interface Absence {
	readonly entity: string;
	readonly reason: string;
	readonly approved_by: string;
	readonly row: Row;
}

/** A line of `waivers.csv`: a warning that somebody has looked at and accepts. */
export interface Waiver {
	readonly code: WarningCode;
	readonly entity: string;
	readonly reason: string;
	readonly approved_by: string;
	readonly row: Row;
}

/** What the effective files of one run of a period say, each row in order of file and line. */
export interface Submissions {
	readonly readings: readonly Reading[];
	readonly absences: readonly Absence[];
	readonly waivers: readonly Waiver[];
	/** Null for run 1. */
	readonly correction: Correction | null;
	/** Oddities of form that were accepted: the info-level problems. */
	readonly notices: readonly Problem[];
}

const TOTALS: Columns = {
	required: ['entity', 'period', 'generated_kwh', 'consumed_kwh'],
	optional: ['quality', 'note'],
};
const ABSENCES: Columns = { required: ['entity', 'reason', 'approved_by'], optional: [] };
const WAIVED: Columns = { required: ['code', 'entity', 'reason', 'approved_by'], optional: [] };

export interface SubmissionsRead {
	readonly submissions: Submissions;
	/** Whom readings and absences name, by what row if by one, whether or not the rest of it is good. */
	readonly mentioned: ReadonlyMap<string, Row | null>;
	/** False where lines of these could not be taken apart, so that silence proves nothing. */
	readonly legible: boolean;
	readonly problems: readonly Problem[];
}

/** The rows of the given effective files (name to path), and every problem in them. */
export function readSubmissions(
	files: Files,
	effective: ReadonlyMap<string, string>,
	period: Period,
	run: number,
): SubmissionsRead {
	const problems: Problem[] = [];
	const rows = readingFiles(effective).flatMap((path) => {
		const table = readTable(path, files.get(path) ?? new Uint8Array(), TOTALS);
		append(problems, table.problems);
		const empty = table.rows.length === 0 && table.problems.length === 0;
		if (empty && !mayBeEmpty(path, period)) {
			problems.push({ code: 'csv-no-rows', location: { path, line: 1, column: 1 } });
		}
		return table.rows;
	});
	const illegible = problems.some((it) => !isInfo(it));
	const readings = rows.map((row) => readReading(row, period, problems));
	const declared = readDeclarations(files, effective, period, run);
	append(problems, declared.problems);
	const submissions = {
		...declared.declarations,
		readings: readings.filter((reading) => reading !== null),
		notices: [],
	};
	const named = rows.map((row) => [row.cell('entity'), row] as const);
	const mentioned = new Map([...named, ...declared.mentioned]);
	return { submissions, mentioned, legible: !illegible && declared.legible, problems };
}

/** The effective files that hold readings, in the order of the folder. */
export function readingFiles(effective: ReadonlyMap<string, string>): readonly string[] {
	const others: readonly string[] = [ABSENT, WAIVERS, SUBSTITUTES];
	return [...effective].flatMap(([name, path]) => (others.includes(name) ? [] : [path]));
}

/** In a correction a header alone withdraws the file; in run 1 it says nothing at all. */
export function mayBeEmpty(path: string, period: Period): boolean {
	return path !== `${inputFolder(period)}/${path.split('/').at(-1)}`;
}

/** What is declared beside the readings, and every problem in it. */
export function readDeclarations(
	files: Files,
	effective: ReadonlyMap<string, string>,
	period: Period,
	run: number,
): Pick<SubmissionsRead, 'legible' | 'problems' | 'mentioned'> & {
	readonly declarations: Pick<Submissions, 'absences' | 'waivers' | 'correction'>;
} {
	const problems: Problem[] = [];
	const rowsOf = (name: string, columns: Columns) => {
		const path = effective.get(name);
		if (path === undefined) return [];
		const table = readTable(path, files.get(path) ?? new Uint8Array(), columns);
		append(problems, table.problems);
		return table.rows;
	};
	const absentRows = rowsOf(ABSENT, ABSENCES);
	const legible = problems.every(isInfo);
	const absences = absentRows.map((row) => readAbsence(row, problems));
	const waivers = rowsOf(WAIVERS, WAIVED).map((row) => readWaiver(row, problems));
	const correction = run === 1 ? null : correctionOf(files, period, run, problems);
	const declarations = {
		absences: absences.filter((absence) => absence !== null),
		waivers: waivers.filter((waiver) => waiver !== null),
		correction,
	};
	const mentioned = new Map(absentRows.map((row) => [row.cell('entity'), row]));
	return { declarations, mentioned, legible, problems };
}

function readReading(row: Row, period: Period, problems: Problem[]): Reading | null {
	const entity = readEntity(row, 'entity', problems);
	const found = readPeriod(row, 'period', problems);
	if (found !== null && found !== period) {
		problems.push({ code: 'period-folder', location: row.at('period'), found, expected: period });
	}
	const generated_wh = readEnergy(row, 'generated_kwh', problems);
	const consumed_wh = readEnergy(row, 'consumed_kwh', problems);
	const quality = row.cell('quality') || 'A';
	const note = row.cell('note') === '' ? '' : readText(row, 'note', problems);
	if (!isQuality(quality)) {
		problems.push({ code: 'quality-unknown', location: row.at('quality'), found: quality });
		return null;
	}
	if ((quality === 'S' || quality === 'E') && note === '') {
		problems.push({ code: 'note-missing', location: row.at('quality'), quality });
		return null;
	}
	if (entity === null || found !== period || generated_wh === null) return null;
	if (consumed_wh === null || note === null) return null;
	const estimated_wh = quality === 'S' || quality === 'E' ? generated_wh + consumed_wh : 0n;
	const self_consumed_wh = generated_wh < consumed_wh ? generated_wh : consumed_wh;
	const place = row.at('entity');
	const amounts = { generated_wh, consumed_wh, self_consumed_wh, estimated_wh };
	return { entity, ...amounts, quality, place, sources: [place.path] };
}

function isQuality(text: string): text is Quality {
	return text === 'A' || text === 'C' || text === 'S' || text === 'E';
}

function readAbsence(row: Row, problems: Problem[]): Absence | null {
	const entity = readEntity(row, 'entity', problems);
	const reason = readText(row, 'reason', problems);
	const approved_by = readText(row, 'approved_by', problems);
	if (entity === null || reason === null || approved_by === null) return null;
	return { entity, reason, approved_by, row };
}

function readWaiver(row: Row, problems: Problem[]): Waiver | null {
	const found = row.cell('code');
	const code = WARNING_CODES.find((known) => known === found);
	if (code === undefined) {
		const accepted = WARNING_CODES.join(', ');
		problems.push({ code: 'waiver-code', location: row.at('code'), found, accepted });
	}
	const entity = readEntity(row, 'entity', problems);
	const reason = readText(row, 'reason', problems);
	const approved_by = readText(row, 'approved_by', problems);
	if (code === undefined || entity === null || reason === null || approved_by === null) return null;
	return { code, entity, reason, approved_by, row };
}

function correctionOf(
	files: Files,
	period: Period,
	run: number,
	problems: Problem[],
): Correction | null {
	const path = `${inputFolder(period, run)}/${CORRECTION}`;
	const bytes = files.get(path);
	if (bytes === undefined) {
		const location = { path, line: 0, column: 0 };
		problems.push({ code: 'correction-missing', location, run: String(run) });
		return null;
	}
	const read = readCorrection(path, bytes);
	if (read.ok) return read.value;
	append(problems, read.problems);
	return null;
}
