import { type Row, readTable } from '../format/csv.ts';
import type { Period } from '../format/period.ts';
import { append, compareText, type Problem } from '../problem.ts';
import {
	intervalIndex,
	intervalProblem,
	intervalStart,
	type PeriodTime,
} from '../readings/period-time.ts';
import { readText } from './cells.ts';
import { isMeteringPoint, type MeteringPoints, pointsIn } from './metering-points.ts';

/** Intervals of one metering point, both ends included, whose readings were not measured. */
export interface Substitute {
	readonly point: string;
	readonly first: number;
	readonly last: number;
	/** S substitute, E estimate. */
	readonly quality: 'S' | 'E';
	readonly note: string;
	readonly row: Row;
}

const COLUMNS = {
	required: ['metering_point', 'first_interval', 'last_interval', 'quality', 'note'],
	optional: [],
} as const;

/** The substitutes that one effective `substitutes.csv` declares, and every problem in it. */
export function readSubstitutes(
	path: string,
	bytes: Uint8Array,
	time: PeriodTime,
	points: MeteringPoints,
	period: Period,
): { readonly substitutes: readonly Substitute[]; readonly problems: readonly Problem[] } {
	const table = readTable(path, bytes, COLUMNS);
	const problems = [...table.problems];
	const valid = new Set(pointsIn(points.points, period).map(({ id }) => id));
	const known = new Set(points.points.map(({ id }) => id));
	const substitutes = table.rows.flatMap((row) => {
		const read = readRow(row, time, problems);
		const metering_point = row.cell('metering_point');
		const location = row.at('metering_point');
		if (valid.has(metering_point)) return read ?? [];
		if (points.legible && !points.doubtful.has(metering_point) && isMeteringPoint(metering_point)) {
			problems.push(
				known.has(metering_point)
					? { code: 'metering-point-not-valid', location, metering_point, period }
					: { code: 'metering-point-unknown', location, metering_point },
			);
		}
		return [];
	});
	append(problems, overlapProblems(substitutes));
	return { substitutes, problems };
}

function readRow(row: Row, time: PeriodTime, problems: Problem[]): Substitute | null {
	const point = row.cell('metering_point');
	if (!isMeteringPoint(point)) {
		const location = row.at('metering_point');
		const field = 'metering_point';
		problems.push({ code: 'metering-point-malformed', location, field, found: point });
	}
	const first = readInterval(row, 'first_interval', time, problems);
	const last = readInterval(row, 'last_interval', time, problems);
	const quality = row.cell('quality');
	if (!isUnmeasured(quality)) {
		const location = row.at('quality');
		problems.push({ code: 'substitute-quality', location, found: quality });
	}
	const note = readText(row, 'note', problems);
	if (!isMeteringPoint(point) || first === null || last === null) return null;
	if (!isUnmeasured(quality) || note === null) return null;
	if (last < first) {
		problems.push({
			code: 'substitute-range',
			location: row.at('last_interval'),
			first: intervalStart(time, first),
			last: intervalStart(time, last),
		});
		return null;
	}
	return { point, first, last, quality, note, row };
}

function isUnmeasured(text: string): text is 'S' | 'E' {
	return text === 'S' || text === 'E';
}

function readInterval(
	row: Row,
	field: string,
	time: PeriodTime,
	problems: Problem[],
): number | null {
	const found = row.cell(field);
	const index = intervalIndex(time, found);
	if (typeof index === 'number') return index;
	problems.push(intervalProblem(index, row.at(field), field, found, time));
	return null;
}

/** Every range that overlaps another of its metering point, at the later of the two lines. */
function overlapProblems(substitutes: readonly Substitute[]): Problem[] {
	const sorted = substitutes.toSorted(
		(a, b) => compareText(a.point, b.point) || a.first - b.first || a.row.line - b.row.line,
	);
	const problems: Problem[] = [];
	let longest: Substitute | undefined;
	for (const one of sorted) {
		const same = longest?.point === one.point ? longest : undefined;
		if (same !== undefined && one.first <= same.last) {
			const [first, later] = same.row.line < one.row.line ? [same, one] : [one, same];
			problems.push({
				code: 'substitute-overlap',
				location: later.row.at('metering_point'),
				metering_point: one.point,
				first: String(first.row.line),
			});
		}
		if (same === undefined || one.last > same.last) longest = one;
	}
	return problems;
}
