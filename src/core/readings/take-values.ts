import type { IntervalFile } from './interval-file.ts';
import type { LocalDay } from './period-time.ts';
import type { Pass } from './rows.ts';
import { countQuality, isClaimed, SUM_LIMIT, type Tally } from './tally.ts';

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
	const { sums, rows } = tally;
	const row = (rows[point] ?? 0) + first;
	let taken = 0;
	for (let index = 0; index < intervals; index++) {
		const wh = values[index] ?? -1;
		if (wh < 0) continue;
		const sum = (sums[row + index] ?? 0) + wh;
		if (sum > SUM_LIMIT) {
			takeBack(sums, row, values, index);
			return false;
		}
		sums[row + index] = sum;
		taken++;
	}
	const whole = taken === intervals;
	const claimed = whole
		? claimStretch(tally, point, first, first + intervals)
		: claimValues(tally, point, first, intervals, values);
	if (!claimed) {
		takeBack(sums, row, values, intervals);
		return false;
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

/** Claims all intervals of a stretch, a word of them at a time; false, and none, where one is taken. */
function claimStretch({ claimed, words }: Tally, point: number, first: number, end: number) {
	const bitsOf = (word: number) => {
		const from = Math.max(first - word * 32, 0);
		const to = Math.min(end - word * 32, 32);
		return (to === 32 ? -1 : (1 << to) - 1) & (-1 << from);
	};
	const row = point * words;
	const last = (end - 1) >>> 5;
	for (let word = first >>> 5; word <= last; word++) {
		if (((claimed[row + word] ?? 0) & bitsOf(word)) !== 0) return false;
	}
	for (let word = first >>> 5; word <= last; word++) {
		claimed[row + word] = (claimed[row + word] ?? 0) | bitsOf(word);
	}
	return true;
}

/** The same for those intervals of a day that have values. */
function claimValues(
	tally: Tally,
	point: number,
	first: number,
	intervals: number,
	values: Int32Array,
): boolean {
	const { claimed, words } = tally;
	for (let index = 0; index < intervals; index++) {
		if ((values[index] ?? -1) >= 0 && isClaimed(tally, point, first + index)) return false;
	}
	for (let index = 0; index < intervals; index++) {
		if ((values[index] ?? -1) < 0) continue;
		const at = point * words + ((first + index) >>> 5);
		claimed[at] = (claimed[at] ?? 0) | (1 << ((first + index) & 31));
	}
	return true;
}

function takeBack(sums: Uint32Array, row: number, values: Int32Array, count: number): void {
	for (let index = 0; index < count; index++) {
		const wh = values[index] ?? -1;
		if (wh >= 0) sums[row + index] = (sums[row + index] ?? 0) - wh;
	}
}
