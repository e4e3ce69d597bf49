import { type Row, readTable } from '../format/csv.ts';
import { isPeriod, type Period } from '../format/period.ts';
import { inputFolder, METERING_POINTS } from '../paths.ts';
import { append, compareText, isInfo, type Problem, wholeFile } from '../problem.ts';
import { readEntity, readPeriod } from './cells.ts';

export type Direction = 'generation' | 'consumption';

/** A metering point: whose energy of which direction is read there, in the periods of its validity. */
export interface MeteringPoint {
	readonly id: string;
	readonly entity: string;
	readonly direction: Direction;
	readonly valid_from: Period;
	/** Empty while no end is known. */
	readonly valid_to: Period | '';
	readonly line: number;
}

/** What `data/metering-points.csv` says, as far as it can be read. */
export interface MeteringPoints {
	/** In file order. */
	readonly points: readonly MeteringPoint[];
	/** Ids of rows with problems: nobody can say whether these are strangers. */
	readonly doubtful: ReadonlySet<string>;
	/** False where the file could not be taken apart at all. */
	readonly legible: boolean;
	readonly problems: readonly Problem[];
}

/** As many as may be valid in one period. */
export const POINT_LIMIT = 20_000;

const COLUMNS = {
	required: ['metering_point', 'entity', 'direction', 'valid_from', 'valid_to'],
	optional: [],
} as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** Words that the headers of interval files give another meaning. */
const TAKEN = new Set(['metering_point', 'interval_start', 'kwh', 'quality', 'date']);

/** Whether an id may name a metering point: as a header it has to differ from all other columns. */
export function isMeteringPoint(text: string): boolean {
	return ID.test(text) && !text.startsWith('x_') && !/^[0-9]+$/.test(text) && !TAKEN.has(text);
}

/**
 * The metering points (docs/spec/layout.md) and every problem in them. `registered` has all ids of
 * the register, readable or not; null where it cannot be read, and nobody is a stranger then.
 */
export function readMeteringPoints(
	path: string,
	bytes: Uint8Array,
	registered: ReadonlySet<string> | null,
): MeteringPoints {
	const table = readTable(path, bytes, COLUMNS);
	const problems = [...table.problems];
	const rows = table.rows.map((row) => ({ row, point: readPoint(row, registered, problems) }));
	const good = rows.flatMap(({ row, point }) => (point ? [{ row, point }] : []));
	append(problems, overlapProblems(good));
	const legible = table.problems.every(isInfo);
	const bad = rows.flatMap(({ row, point }) => (point ? [] : [row.cell('metering_point')]));
	return { points: good.map(({ point }) => point), doubtful: new Set(bad), legible, problems };
}

function readPoint(
	row: Row,
	registered: ReadonlySet<string> | null,
	problems: Problem[],
): MeteringPoint | null {
	const id = row.cell('metering_point');
	if (!isMeteringPoint(id)) {
		const location = row.at('metering_point');
		const field = 'metering_point';
		problems.push({ code: 'metering-point-malformed', location, field, found: id });
	}
	const entity = readEntity(row, 'entity', problems);
	if (entity !== null && registered?.has(entity) === false) {
		problems.push({ code: 'entity-unknown', location: row.at('entity'), entity, suggestion: '' });
	}
	const direction = row.cell('direction');
	if (!isDirection(direction)) {
		const location = row.at('direction');
		problems.push({ code: 'direction-unknown', location, found: direction });
	}
	const valid_from = readPeriod(row, 'valid_from', problems);
	const valid_to = row.cell('valid_to') === '' ? '' : readPeriod(row, 'valid_to', problems);
	if (entity === null || valid_from === null || valid_to === null) return null;
	if (!isMeteringPoint(id) || !isDirection(direction)) return null;
	if (valid_to !== '' && valid_to < valid_from) {
		const location = row.at('valid_to');
		problems.push({ code: 'register-validity', location, from: valid_from, to: valid_to });
		return null;
	}
	return { id, entity, direction, valid_from, valid_to, line: row.line };
}

function isDirection(text: string): text is Direction {
	return text === 'generation' || text === 'consumption';
}

/** Every row that overlaps another of its metering point, at the later of the two lines. */
function overlapProblems(
	rows: readonly { readonly row: Row; readonly point: MeteringPoint }[],
): Problem[] {
	const sorted = rows.toSorted(
		({ point: a }, { point: b }) =>
			compareText(a.id, b.id) || compareText(a.valid_from, b.valid_from),
	);
	const problems: Problem[] = [];
	let longest: (typeof sorted)[number] | undefined;
	for (const one of sorted) {
		const same = longest?.point.id === one.point.id ? longest : undefined;
		if (same !== undefined && one.point.valid_from <= endOf(same.point)) {
			const [first, later] = same.point.line < one.point.line ? [same, one] : [one, same];
			problems.push({
				code: 'metering-point-overlap',
				location: later.row.at('metering_point'),
				metering_point: one.point.id,
				first: String(first.point.line),
			});
		}
		if (same === undefined || endOf(one.point) > endOf(same.point)) longest = one;
	}
	return problems;
}

/** A text that sorts behind every period where no end is known. */
function endOf({ valid_to }: MeteringPoint): string {
	return valid_to === '' ? '~' : valid_to;
}

/** The metering points valid in a period, by id. */
export function pointsIn(
	points: readonly MeteringPoint[],
	period: Period,
): readonly MeteringPoint[] {
	if (!isPeriod(period)) return [];
	return points
		.filter((point) => point.valid_from <= period && period <= endOf(point))
		.toSorted((a, b) => compareText(a.id, b.id) || a.line - b.line);
}

/**
 * What metering points and register do not agree on in a period: the points of entities that are not
 * valid in it, entities that are and have none though they are not absent, and too many points.
 */
export function pointProblems(
	{ points, doubtful, legible }: MeteringPoints,
	period: Period,
	register: { readonly valid: ReadonlySet<string>; readonly doubtful: ReadonlySet<string> },
	absent: ReadonlySet<string>,
): readonly Problem[] {
	if (!legible) return [];
	const problems: Problem[] = [];
	const valid = pointsIn(points, period);
	if (valid.length > POINT_LIMIT) {
		const location = wholeFile(METERING_POINTS);
		const limit = String(POINT_LIMIT);
		problems.push({
			code: 'metering-points-too-many',
			location,
			found: String(valid.length),
			limit,
		});
	}
	for (const { id, entity, line } of valid) {
		if (register.valid.has(entity) || register.doubtful.has(entity)) continue;
		const location = { path: METERING_POINTS, line, column: 1 };
		problems.push({
			code: 'metering-point-entity',
			location,
			metering_point: id,
			entity,
			period,
		});
	}
	// A row that cannot be read may be the one that is missed.
	if (doubtful.size > 0) return problems;
	const measured = new Set(valid.map(({ entity }) => entity));
	for (const entity of [...register.valid].toSorted(compareText)) {
		if (measured.has(entity) || absent.has(entity)) continue;
		const location = wholeFile(inputFolder(period));
		problems.push({ code: 'entity-without-metering-point', location, entity, period });
	}
	return problems;
}
