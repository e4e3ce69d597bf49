import type { IntervalFile } from './interval-file.ts';
import type { LocalDay } from './period-time.ts';
import type { Pass } from './rows.ts';
import { countQuality, SUM_LIMIT, type Tally } from './tally.ts';

/**
 * Takes the values of one metering point and day, -1 where there is none, as the next row of a file;
 * false, and nothing taken, where an interval was named before or a sum becomes too large.
 */
export function takeValues(
	{ ground, tally }: Pass,
	file: IntervalFile,
	point: number,
	{ first, intervals }: LocalDay,
	values: Int32Array,
): boolean {
	if (!isFree(tally, point, first, intervals, values)) return false;
	const { sums, rows, claimed, words } = tally;
	const row = (rows[point] ?? 0) + first;
	for (let index = 0; index < intervals; index++) {
		const wh = values[index] ?? -1;
		if (wh < 0) continue;
		const sum = (sums[row + index] ?? 0) + wh;
		if (sum > SUM_LIMIT) {
			takeBack(sums, row, values, index);
			return false;
		}
		sums[row + index] = sum;
	}
	let taken = 0;
	for (let index = 0; index < intervals; index++) {
		if ((values[index] ?? -1) < 0) continue;
		const interval = first + index;
		const at = point * words + (interval >>> 5);
		claimed[at] = (claimed[at] ?? 0) | (1 << (interval & 31));
		taken++;
	}
	file.line++;
	file.rows++;
	if (tally.firstLine[point] === 0 && taken > 0) {
		tally.firstFile[point] = file.number;
		tally.firstLine[point] = file.line;
	}
	if (tally.substituted[point] === 0) return true;
	const place = { path: file.path, line: file.line, column: 1 };
	for (let index = 0; index < intervals; index++) {
		const wh = values[index] ?? -1;
		if (wh >= 0) countQuality(tally, ground, point, first + index, wh, -1, place);
	}
	return true;
}

function isFree(
	{ claimed, words }: Tally,
	point: number,
	first: number,
	count: number,
	values: Int32Array,
): boolean {
	for (let index = 0; index < count; index++) {
		const interval = first + index;
		const bits = claimed[point * words + (interval >>> 5)] ?? 0;
		const taken = (bits & (1 << (interval & 31))) !== 0;
		if (taken && (values[index] ?? -1) >= 0) return false;
	}
	return true;
}

function takeBack(sums: Uint32Array, row: number, values: Int32Array, count: number): void {
	for (let index = 0; index < count; index++) {
		const wh = values[index] ?? -1;
		if (wh >= 0) sums[row + index] = (sums[row + index] ?? 0) - wh;
	}
}
