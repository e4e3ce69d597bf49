import type { IntervalFile } from './interval-file.ts';
import { expectId, type IdTable } from './match-id.ts';
import { matchNumber } from './match-number.ts';
import { findTime, isTime, type TimeTable } from './match-time.ts';
import type { Pass } from './rows.ts';
import type { Scan, Scanners } from './scanners.ts';
import { countQuality, SUM_LIMIT } from './tally.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
/** The letters of QUALITIES. */
const LETTERS = [65, 67, 83, 69];

interface LongScan {
	readonly pass: Pass;
	readonly file: IntervalFile;
	readonly ids: IdTable;
	readonly times: TimeTable;
	readonly quality: boolean;
	/** What the row before named: the next one mostly has the interval after it. */
	point: number;
	interval: number;
}

export function startLong(
	scanners: Scanners,
	pass: Pass,
	file: IntervalFile,
	quality: boolean,
): Scan {
	const [point = 0] = pass.ground.pointOf.values();
	const interval = pass.ground.time.intervals - 1;
	const { ids } = scanners;
	const scan = { pass, file, ids, times: scanners.times(), quality, point, interval };
	return (bytes, view, from, to) => scanLong(scan, bytes, view, from, to);
}

function scanLong(scan: LongScan, bytes: Uint8Array, view: DataView, from: number, to: number) {
	const { pass, file, ids, times, quality } = scan;
	const { sums, rows, claimed, words, substituted, firstFile, firstLine } = pass.tally;
	const { lengths } = ids;
	const { intervals } = times.time;
	let { point: before, interval: last } = scan;
	let { style } = times;
	let { line } = file;
	let at = from;
	while (at < to) {
		const point = expectId(ids, bytes, view, at, before);
		if (point < 0) break;
		const start = at + (lengths[point] ?? 0);
		let interval = last + 1 === intervals ? 0 : last + 1;
		if (!isTime(style, view, start, interval)) {
			interval = last;
			if (!isTime(style, view, start, interval)) {
				interval = findTime(times, bytes, view, start);
				if (interval < 0) break;
				style = times.style;
			}
		}
		const cell = start + style.length;
		const number = matchNumber(bytes, cell);
		if (number < 0) break;
		let end = cell + (number & 15);
		let own = -1;
		if (quality) {
			if (bytes[end++] !== COMMA) break;
			own = LETTERS.indexOf(bytes[end] ?? 0);
			if (own >= 0) end++;
			else own = 0;
		}
		if (bytes[end] !== LINE_FEED) {
			if (!file.crlf || bytes[end++] !== CARRIAGE_RETURN || bytes[end] !== LINE_FEED) break;
		}
		const word = point * words + (interval >>> 5);
		const bit = 1 << (interval & 31);
		const bits = claimed[word] ?? 0;
		const place = (rows[point] ?? 0) + interval;
		const wh = number >>> 4;
		const sum = (sums[place] ?? 0) + wh;
		if ((bits & bit) !== 0 || sum > SUM_LIMIT) break;
		claimed[word] = bits | bit;
		sums[place] = sum;
		line++;
		if (firstLine[point] === 0) {
			firstFile[point] = file.number;
			firstLine[point] = line;
		}
		if (substituted[point] !== 0 || own > 1) {
			const where = { path: file.path, line, column: 1 };
			countQuality(pass.tally, pass.ground, point, interval, wh, own, where);
		}
		before = point;
		last = interval;
		at = end + 1;
	}
	scan.point = before;
	scan.interval = last;
	file.rows += line - file.line;
	file.line = line;
	return at;
}
