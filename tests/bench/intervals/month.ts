import type { PeriodTime } from '../../../src/core/readings/period-time.ts';

/** October 2025 in Berlin: 31 days, one of 25 hours, in intervals of 15 minutes. */
export const PERIOD = '2025-10';
export const ZONE = 'Europe/Berlin';
export const MINUTES = 15;
/** Cells of a day row: as many as the longest day has intervals. */
export const CELLS = 100;

export interface Day {
	readonly date: string;
	/** Place of its first interval in the month. */
	readonly first: number;
	readonly intervals: number;
}

const CLOCK_CHANGE = 26;
const DAYS = 31;

export const DAYS_OF_MONTH: readonly Day[] = Array.from({ length: DAYS }, (_, index) => ({
	date: `${PERIOD}-${String(index + 1).padStart(2, '0')}`,
	first: index * 96 + (index >= CLOCK_CHANGE ? 4 : 0),
	intervals: index + 1 === CLOCK_CHANGE ? 100 : 96,
}));

/** The same as a manifest records it. */
export const TIME: PeriodTime = {
	time_zone: ZONE,
	interval_minutes: MINUTES,
	utc_start: '2025-09-30T22:00:00Z',
	utc_end: '2025-10-31T23:00:00Z',
	intervals: 2980,
	offsets: [
		{ from: '2025-09-30T22:00:00Z', minutes: 120 },
		{ from: '2025-10-26T01:00:00Z', minutes: 60 },
	],
};

/** Quarter-hour of the local day by interval: that of the repeated hour comes twice. */
export const QUARTERS: readonly number[] = DAYS_OF_MONTH.flatMap(({ intervals }) =>
	Array.from({ length: intervals }, (_, cell) => (intervals > 96 && cell >= 12 ? cell - 4 : cell)),
);

/** Local start of each interval with its offset, as a long file writes it. */
export const STARTS: readonly string[] = DAYS_OF_MONTH.flatMap(({ date, first, intervals }) =>
	Array.from({ length: intervals }, (_, cell) => {
		const quarter = QUARTERS[first + cell] ?? 0;
		const [hour, minute] = [Math.floor(quarter / 4), (quarter % 4) * MINUTES];
		const summer = first + cell < (CLOCK_CHANGE - 1) * 96 + 12;
		return `${date}T${two(hour)}:${two(minute)}:00+0${summer ? 2 : 1}:00`;
	}),
);

function two(value: number): string {
	return String(value).padStart(2, '0');
}
