import type { MeteringPoint } from '../data/metering-points.ts';
import type { Files } from '../format/bytes.ts';
import { intervalStart, type PeriodTime } from './period-time.ts';
import { takeAll } from './read.ts';
import { isClaimed } from './tally.ts';

/** A reading that is another one than before, or was not there, or is no longer. */
export interface ReadingChange {
	readonly metering_point: string;
	/** Start of the interval in local time, with the offset. */
	readonly interval: string;
	/** Wh; null where there is no reading. */
	readonly before: bigint | null;
	readonly after: bigint | null;
}

/** Some interval files of a period as they are at one time. */
export interface ReadingFiles {
	readonly files: Files;
	readonly paths: readonly string[];
}

/**
 * The readings of metering points that had some before and differ now, by point and time: the first
 * `most` of them, and how many there are. Nothing is said of points that had none.
 */
export function readingChanges(
	before: ReadingFiles,
	after: ReadingFiles,
	time: PeriodTime,
	points: readonly MeteringPoint[],
	most: number,
): { readonly changes: readonly ReadingChange[]; readonly count: number } {
	// Each point is read for itself, so that sums of entities hide nothing.
	const alone = points.map((point) => ({ ...point, entity: point.id }));
	const take = ({ files, paths }: ReadingFiles) => {
		const nothing = { absent: new Set<string>(), substitutes: [], strangers: new Map() };
		return takeAll({ files, paths, withdrawable: () => true, time, points: alone, ...nothing })
			.tally;
	};
	const [old, now] = [take(before), take(after)];
	const changes: ReadingChange[] = [];
	let count = 0;
	const valueIn = (tally: typeof old, point: number, interval: number) => {
		if (!isClaimed(tally, point, interval)) return null;
		return tally.sums[(tally.rows[point] ?? 0) + interval] ?? 0;
	};
	alone.forEach(({ id: metering_point }, point) => {
		if (old.firstLine[point] === 0) return;
		for (let index = 0; index < time.intervals; index++) {
			const [was, is] = [valueIn(old, point, index), valueIn(now, point, index)];
			if (was === is) continue;
			count++;
			if (changes.length >= most) continue;
			const interval = intervalStart(time, index);
			const wh = (value: number | null) => (value === null ? null : BigInt(value));
			changes.push({ metering_point, interval, before: wh(was), after: wh(is) });
		}
	});
	return { changes, count };
}
