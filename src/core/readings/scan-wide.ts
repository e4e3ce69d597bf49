import type { WideForm } from './header.ts';
import type { IntervalFile } from './interval-file.ts';
import { matchNumber } from './match-number.ts';
import { findTime, isTime, type TimeTable } from './match-time.ts';
import type { Pass } from './rows.ts';
import type { Scan, Scanners } from './scanners.ts';
import { countQuality, SUM_LIMIT } from './tally.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;

interface WideScan {
	readonly pass: Pass;
	readonly file: IntervalFile;
	readonly times: TimeTable;
	/** The metering point of each column of values. */
	readonly points: Int32Array;
	/** Values of a row in Wh; -1 where there is none. */
	readonly values: Int32Array;
	readonly substituted: boolean;
	/** Columns without a reading so far. */
	silent: number;
	interval: number;
}

export function startWide(
	scanners: Scanners,
	pass: Pass,
	file: IntervalFile,
	{ columns }: WideForm,
): Scan {
	const points = Int32Array.from(columns, ({ point }) => point);
	const scan = {
		pass,
		file,
		times: scanners.times(),
		points,
		values: new Int32Array(points.length),
		substituted: points.some((point) => pass.tally.substituted[point] !== 0),
		silent: points.length,
		interval: pass.ground.time.intervals - 1,
	};
	return (bytes, view, from, to) => scanWide(scan, bytes, view, from, to);
}

function scanWide(scan: WideScan, bytes: Uint8Array, view: DataView, from: number, to: number) {
	const { times, values, file } = scan;
	let at = from;
	while (at < to) {
		let interval = scan.interval + 1 === times.time.intervals ? 0 : scan.interval + 1;
		if (!isTime(times.style, view, at, interval)) {
			interval = findTime(times, bytes, view, at);
			if (interval < 0) break;
		}
		let cell = at + times.style.length;
		for (let column = 0; column < values.length; column++) {
			if (column > 0 && bytes[cell++] !== COMMA) return at;
			const number = matchNumber(bytes, cell);
			values[column] = number >> 4;
			// Only an empty cell is followed at once by what has to follow.
			if (number >= 0) cell += number & 15;
		}
		if (file.crlf && bytes[cell] === CARRIAGE_RETURN) cell++;
		if (bytes[cell] !== LINE_FEED || !takeRow(scan, interval)) break;
		scan.interval = interval;
		at = cell + 1;
	}
	return at;
}

/** Takes the values of one interval; false, and nothing taken, as `takeValues` does. */
function takeRow(scan: WideScan, interval: number): boolean {
	const { points, values, file, pass } = scan;
	const { sums, rows, claimed, words } = pass.tally;
	const word = interval >>> 5;
	const bit = 1 << (interval & 31);
	for (let column = 0; column < points.length; column++) {
		const wh = values[column] ?? -1;
		if (wh < 0) continue;
		const point = points[column] ?? 0;
		const place = (rows[point] ?? 0) + interval;
		const sum = (sums[place] ?? 0) + wh;
		const at = point * words + word;
		const bits = claimed[at] ?? 0;
		if ((bits & bit) !== 0 || sum > SUM_LIMIT) {
			takeBack(scan, interval, column);
			return false;
		}
		sums[place] = sum;
		claimed[at] = bits | bit;
	}
	file.line++;
	file.rows++;
	if (scan.silent > 0) noteFirst(scan);
	if (scan.substituted) countQualities(scan, interval);
	return true;
}

function takeBack({ points, values, pass }: WideScan, interval: number, columns: number): void {
	const { sums, rows, claimed, words } = pass.tally;
	for (let column = 0; column < columns; column++) {
		const wh = values[column] ?? -1;
		if (wh < 0) continue;
		const point = points[column] ?? 0;
		const place = (rows[point] ?? 0) + interval;
		const at = point * words + (interval >>> 5);
		sums[place] = (sums[place] ?? 0) - wh;
		claimed[at] = (claimed[at] ?? 0) & ~(1 << (interval & 31));
	}
}

function noteFirst(scan: WideScan): void {
	const { firstFile, firstLine } = scan.pass.tally;
	scan.silent = 0;
	for (const [column, point] of scan.points.entries()) {
		if (firstLine[point] !== 0) continue;
		if ((scan.values[column] ?? -1) < 0) {
			scan.silent++;
			continue;
		}
		firstFile[point] = scan.file.number;
		firstLine[point] = scan.file.line;
	}
}

function countQualities({ points, values, file, pass }: WideScan, interval: number): void {
	const place = { path: file.path, line: file.line, column: 1 };
	for (const [column, point] of points.entries()) {
		const wh = values[column] ?? -1;
		if (wh < 0 || pass.tally.substituted[point] === 0) continue;
		countQuality(pass.tally, pass.ground, point, interval, wh, -1, place);
	}
}
