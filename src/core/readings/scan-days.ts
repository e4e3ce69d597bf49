import { encodeText } from '../format/bytes.ts';
import type { IntervalFile } from './interval-file.ts';
import { expectId, type IdTable } from './match-id.ts';
import { matchNumber } from './match-number.ts';
import type { LocalDay } from './period-time.ts';
import type { Pass } from './rows.ts';
import type { Scan, Scanners } from './scanners.ts';
import { takeValues } from './take-values.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
/** A date and its comma. */
const DATE_BYTES = 11;

interface DayScan {
	readonly pass: Pass;
	readonly file: IntervalFile;
	readonly ids: IdTable;
	readonly days: readonly LocalDay[];
	/** Two words to a date with its comma: the last 8 bytes, and the first. */
	readonly words: Float64Array;
	/** The index of a date by its day of the month. */
	readonly dayOf: Int8Array;
	/** Values of a row in Wh; -1 where there is none. */
	readonly values: Int32Array;
	/** What the row before was about: the next one is mostly of the day after. */
	point: number;
	day: number;
}

export function startDays({ ids }: Scanners, pass: Pass, file: IntervalFile, width: number): Scan {
	const { days, pointOf } = pass.ground;
	const words = new Float64Array(2 * days.length);
	const dayOf = new Int8Array(100).fill(-1);
	for (const [index, { date }] of days.entries()) {
		const view = new DataView(Uint8Array.from(encodeText(`${date},`)).buffer);
		words[2 * index] = view.getFloat64(DATE_BYTES - 8, true);
		words[2 * index + 1] = view.getFloat64(0, true);
		dayOf[Number(date.slice(8))] = index;
	}
	const [point = 0] = pointOf.values();
	const values = new Int32Array(width);
	const scan = { pass, file, ids, days, words, dayOf, values, point, day: days.length - 1 };
	return (bytes, view, from, to) => scanDays(scan, bytes, view, from, to);
}

function scanDays(scan: DayScan, bytes: Uint8Array, view: DataView, from: number, to: number) {
	const { pass, file, ids, days, values } = scan;
	let { point: before, day: last } = scan;
	let at = from;
	while (at < to) {
		const point = expectId(ids, bytes, view, at, before);
		if (point < 0) break;
		const start = at + (ids.lengths[point] ?? 0);
		let index = last + 1 === days.length ? 0 : last + 1;
		if (!isDate(scan, view, start, index)) {
			index = last;
			if (!isDate(scan, view, start, index)) index = findDate(scan, bytes, view, start);
		}
		const day = days[index];
		if (day === undefined) break;
		const end = matchValues(values, day.intervals, bytes, start + DATE_BYTES, file.crlf);
		if (end < 0 || !takeValues(pass, file, point, day, values)) break;
		before = point;
		last = index;
		at = end;
	}
	scan.point = before;
	scan.day = last;
	return at;
}

function isDate({ words }: DayScan, view: DataView, from: number, index: number): boolean {
	return (
		view.getFloat64(from + DATE_BYTES - 8, true) === words[2 * index] &&
		view.getFloat64(from, true) === words[2 * index + 1]
	);
}

function findDate(scan: DayScan, bytes: Uint8Array, view: DataView, from: number): number {
	const date = (bytes[from + 8] ?? 0) * 10 + (bytes[from + 9] ?? 0) - 528;
	const index = date >= 0 && date < 100 ? (scan.dayOf[date] ?? -1) : -1;
	return index >= 0 && isDate(scan, view, from, index) ? index : -1;
}

/**
 * Reads the cells of a row up to its end, those beyond the day empty; where the next row begins, -1
 * where something else stands there.
 */
function matchValues(
	values: Int32Array,
	count: number,
	bytes: Uint8Array,
	from: number,
	crlf: boolean,
): number {
	let at = from;
	for (let index = 0; index < values.length; index++) {
		if (index > 0 && bytes[at++] !== COMMA) return -1;
		const number = index < count ? matchNumber(bytes, at) : -1;
		values[index] = number >> 4;
		// Only an empty cell is followed at once by what has to follow.
		if (number >= 0) at += number & 15;
	}
	if (bytes[at] === LINE_FEED) return at + 1;
	return crlf && bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : -1;
}
