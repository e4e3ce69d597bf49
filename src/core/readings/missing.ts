import { inputFolder } from '../paths.ts';
import { type Problem, wholeFile } from '../problem.ts';
import { intervalStart } from './period-time.ts';
import { emptyList, isFull, tell, toldOf } from './problem-list.ts';
import { type Ground, isClaimed, type Tally } from './tally.ts';

const RANGES_SHOWN = 5;

/**
 * What no file says: entities without any reading, metering points with gaps, and substitutes for
 * readings that are not there or that have a quality of their own.
 */
export function missingProblems(tally: Tally, ground: Ground): readonly Problem[] {
	const { points, pointOf, period } = ground;
	const list = emptyList(inputFolder(period));
	const location = wholeFile(list.path);
	const silent = new Set(tally.entities);
	for (const [, point] of pointOf) {
		const heard = tally.firstLine[point] !== 0 || tally.doubtful[point] !== 0;
		if (heard) silent.delete(points[point]?.entity ?? '');
	}
	for (const entity of tally.entities) {
		if (silent.has(entity)) tell(list, { code: 'entity-silent', location, entity, period });
	}
	for (const [metering_point, point] of pointOf) {
		const known = !silent.has(points[point]?.entity ?? '') && tally.doubtful[point] === 0;
		const gaps = known ? gapsOf(tally, ground, point) : [];
		if (gaps.length === 0) continue;
		const missing = gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0);
		const { intervals } = ground.time;
		const shown = gaps.slice(0, isFull(list) ? 0 : RANGES_SHOWN).map(({ first, last }) => {
			const start = intervalStart(ground.time, first);
			return first === last ? start : `${start} to ${intervalStart(ground.time, last)}`;
		});
		tell(list, {
			code: 'readings-missing',
			location,
			metering_point,
			missing: `${missing}`,
			intervals: `${intervals}`,
			ranges: shown.join(', '),
			more: `${gaps.length - shown.length}`,
		});
	}
	return [...toldOf(list), ...substituteProblems(tally, ground)];
}

/** The stretches of intervals that no row has named. */
function gapsOf(tally: Tally, { time }: Ground, point: number) {
	const gaps: { first: number; last: number }[] = [];
	const { claimed, words } = tally;
	for (let interval = 0; interval < time.intervals; interval++) {
		const whole = (interval & 31) === 0 && claimed[point * words + (interval >>> 5)] === -1;
		if (whole) interval += 31;
		if (whole || isClaimed(tally, point, interval)) continue;
		const open = gaps.at(-1);
		if (open?.last === interval - 1) open.last = interval;
		else gaps.push({ first: interval, last: interval });
	}
	return gaps;
}

function substituteProblems(tally: Tally, { substitutes }: Ground): readonly Problem[] {
	const problems: Problem[] = [];
	for (const [point, ranges] of substitutes) {
		for (const substitute of ranges) {
			const location = substitute.row.at('metering_point');
			const metering_point = substitute.point;
			const conflict = tally.conflicts.get(substitute);
			const read = isRead(tally, point, substitute.first, substitute.last);
			if (conflict !== undefined) {
				const place = `${conflict.path}:${conflict.line}`;
				problems.push({ code: 'substitute-with-quality', location, metering_point, first: place });
			} else if (!read && tally.doubtful[point] === 0) {
				problems.push({ code: 'substitute-unused', location, metering_point });
			}
		}
	}
	return problems;
}

/** Whether some row names an interval of a range. */
function isRead(tally: Tally, point: number, first: number, last: number): boolean {
	for (let interval = first; interval <= last; interval++) {
		if (isClaimed(tally, point, interval)) return true;
	}
	return false;
}
