import type { WattHours } from '../format/energy.ts';
import { localDays, type PeriodTime } from '../readings/period-time.ts';
import type { Series } from '../readings/series.ts';
import type { IntervalSettlement } from './intervals.ts';

/** A local day of a campus: Wh of all its entities in each interval; a day may have fewer or more. */
export interface ProfileDay {
	readonly date: string;
	readonly generated_wh: readonly WattHours[];
	readonly consumed_wh: readonly WattHours[];
	/** What changed hands, rounded down. */
	readonly shared_wh: readonly WattHours[];
}

export interface CampusProfile {
	/** Intervals of a day of 24 hours. */
	readonly slots: number;
	/** By date. */
	readonly days: readonly ProfileDay[];
}

/** When a campus generated, consumed and shared its energy. */
export function profileOf(
	series: Series,
	settlement: Pick<IntervalSettlement, 'shared_by_interval'>,
	time: PeriodTime,
): CampusProfile {
	const generated = sumByInterval(series.generated, series.intervals);
	const consumed = sumByInterval(series.consumed, series.intervals);
	const days = localDays(time).map(({ date, first, intervals }) => {
		const part = (sums: Float64Array) =>
			Array.from(sums.subarray(first, first + intervals), BigInt);
		const shared_wh = part(settlement.shared_by_interval);
		return { date, generated_wh: part(generated), consumed_wh: part(consumed), shared_wh };
	});
	return { slots: (24 * 60) / time.interval_minutes, days };
}

function sumByInterval(readings: Uint32Array, intervals: number): Float64Array {
	const sums = new Float64Array(intervals);
	for (let start = 0; start < readings.length; start += intervals) {
		for (let at = 0; at < intervals; at++) {
			sums[at] = (sums[at] ?? 0) + (readings[start + at] ?? 0);
		}
	}
	return sums;
}
