import { isMeteringPoint } from '../data/metering-points.ts';
import { PRIVATE_COLUMN } from '../format/private-columns.ts';
import type { Location } from '../problem.ts';
import { cellAt, type IntervalFile, type Line } from './interval-file.ts';
import { tell } from './problem-list.ts';
import { pointAt } from './strangers.ts';
import type { Ground } from './tally.ts';

interface AnyForm {
	/** Cells of each row. */
	readonly width: number;
	/** Whether the columns stand as docs/spec/layout.md writes them, with no others between. */
	readonly plain: boolean;
}
/** A row for each reading; columns by their place, `quality` -1 where there is none. */
export interface LongForm extends AnyForm {
	readonly kind: 'long';
	readonly point: number;
	readonly start: number;
	readonly kwh: number;
	readonly quality: number;
}
/** A row for each metering point and day. */
export interface DayForm extends AnyForm {
	readonly kind: 'days';
	readonly point: number;
	readonly date: number;
	/** The columns of the values, in order of time. */
	readonly values: readonly number[];
}
/** A row for each interval. */
export interface WideForm extends AnyForm {
	readonly kind: 'wide';
	readonly start: number;
	/** The columns of metering points, left to right. */
	readonly columns: readonly { readonly column: number; readonly point: number }[];
}
export type Form = LongForm | DayForm | WideForm;

const NUMBER = /^[1-9][0-9]*$/;
const LONG = ['metering_point', 'interval_start', 'kwh', 'quality'];
const SHOWN = 120;

/** The form that a header stands for; null, and told, where it is none. */
export function formOf(file: IntervalFile, ground: Ground, line: Line): Form | null {
	const { cells, text } = line;
	const { list } = file;
	const first = cellAt(file, line, 0);
	const only = cells.length === 1 ? (cells[0] ?? '') : '';
	const separator = [';', '\t', '|'].find((mark) => only.includes(mark));
	if (separator !== undefined) {
		const found = only.slice(0, SHOWN);
		tell(list, { code: 'csv-separator', location: first, found, separator });
		return null;
	}
	const before = list.count;
	const columnOf = placesOf(file, line);
	const has = (name: string) => columnOf.has(name);
	const longest = Math.max(...ground.days.map(({ intervals }) => intervals));
	const days = ['metering_point', 'date', ...Array.from({ length: longest }, (_, i) => `${i + 1}`)];
	let form: Form | null = null;
	if (has('kwh') || (has('metering_point') && has('interval_start'))) {
		form = longForm(file, line, columnOf);
	} else if (has('date') && has('metering_point')) {
		form = dayForm(file, line, columnOf, days);
	} else if (has('interval_start')) {
		form = wideForm(file, ground, line, columnOf);
	} else {
		const accepted = `metering_point,date,1,2,...,${longest}`;
		const found = text.slice(0, SHOWN);
		tell(list, { code: 'reading-header', location: first, found, accepted });
	}
	// Strangers among the columns of a wide file leave the others as good as they are.
	return list.count === before || (list.legible && form?.kind === 'wide') ? form : null;
}

/** The place of each header that is not private; the first of two equal ones. */
function placesOf(file: IntervalFile, line: Line): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	for (const [index, found] of line.cells.entries()) {
		const first = places.get(found);
		if (first === undefined) {
			places.set(found, index);
		} else {
			const location = cellAt(file, line, index);
			tell(file.list, { code: 'csv-header-duplicate', location, found, first: `${first + 1}` });
		}
	}
	for (const name of [...places.keys()]) if (PRIVATE_COLUMN.test(name)) places.delete(name);
	return places;
}

function tellUnknown(
	file: IntervalFile,
	line: Line,
	columnOf: ReadonlyMap<string, number>,
	known: (name: string) => boolean,
	accepted: string,
): void {
	for (const [found, column] of columnOf) {
		if (known(found)) continue;
		const location: Location = cellAt(file, line, column);
		tell(file.list, { code: 'csv-header-unknown', location, found, accepted });
	}
}

function longForm(file: IntervalFile, line: Line, columnOf: ReadonlyMap<string, number>): LongForm {
	const accepted = LONG.join(',');
	tellUnknown(file, line, columnOf, (name) => LONG.includes(name), accepted);
	for (const field of LONG.slice(0, 3)) {
		if (columnOf.has(field)) continue;
		const location = cellAt(file, line, 0);
		tell(file.list, { code: 'csv-header-missing', location, field, accepted });
	}
	const place = (name: string) => columnOf.get(name) ?? -1;
	return {
		kind: 'long',
		width: line.cells.length,
		plain: line.cells.every((name, index) => name === LONG[index]),
		point: place('metering_point'),
		start: place('interval_start'),
		kwh: place('kwh'),
		quality: place('quality'),
	};
}

function dayForm(
	file: IntervalFile,
	line: Line,
	columnOf: ReadonlyMap<string, number>,
	names: readonly string[],
): DayForm {
	const expected = names.length - 2;
	const numbers = [...columnOf.keys()].filter((name) => NUMBER.test(name));
	const known = (name: string) => NUMBER.test(name) || names.includes(name);
	const accepted = `metering_point,date,1,2,...,${expected}`;
	tellUnknown(file, line, columnOf, known, accepted);
	if (!names.every((name) => columnOf.has(name)) || numbers.length !== expected) {
		const location = cellAt(file, line, columnOf.get(numbers[0] ?? '') ?? 0);
		const [found, wanted] = [`${numbers.length}`, `${expected}`];
		tell(file.list, { code: 'reading-columns', location, found, expected: wanted });
	}
	return {
		kind: 'days',
		width: line.cells.length,
		plain: line.cells.every((name, index) => name === names[index]),
		point: columnOf.get('metering_point') ?? -1,
		date: columnOf.get('date') ?? -1,
		values: names.slice(2).map((name) => columnOf.get(name) ?? -1),
	};
}

function wideForm(
	file: IntervalFile,
	ground: Ground,
	line: Line,
	columnOf: ReadonlyMap<string, number>,
): WideForm {
	const known = (name: string) => name === 'interval_start' || isMeteringPoint(name);
	const accepted = 'interval_start,<metering points>';
	tellUnknown(file, line, columnOf, known, accepted);
	const ids = [...columnOf].filter(([name]) => isMeteringPoint(name));
	if (ids.length === 0) {
		const location = cellAt(file, line, 0);
		tell(file.list, { code: 'csv-header-missing', location, field: '<metering point>', accepted });
	}
	const columns = ids.flatMap(([id, column]) => {
		const point = pointAt(file, ground, line, column, id);
		return point < 0 ? [] : [{ column, point }];
	});
	const start = columnOf.get('interval_start') ?? -1;
	const plain = start === 0 && columns.length === line.cells.length - 1;
	return { kind: 'wide', width: line.cells.length, plain, start, columns };
}
