import { intervalStart } from '../../src/core/readings/period-time.ts';
import {
	dayHeader,
	dayRows,
	LONG_HEADER,
	longRows,
	type Minutes,
	type Month,
	pointOf,
	timeOf,
	type Values,
	wideHeader,
	wideRows,
} from './readings.ts';

/** Months on interval basis of the three entities of a scratch log, in small files. */

export const POINTS_TEXT = [
	'metering_point,entity,direction,valid_from,valid_to',
	'h1,hall,generation,2026-01,',
	'h2,hall,consumption,2026-01,',
	'l1,library,consumption,2026-01,',
	'o1,office,consumption,2026-01,',
	'',
].join('\n');

export function intervalRules(more: Readonly<Record<string, unknown>> = {}): string {
	return JSON.stringify({
		format: 'wattproof/rules/v1',
		basis: 'interval',
		interval_minutes: 60,
		time_zone: 'Europe/Berlin',
		allocation: [{ rule: 'proportional' }],
		...more,
	});
}

export const INTERVAL_CONFIGURATION = {
	'data/metering-points.csv': POINTS_TEXT,
	'data/rules/2026-01.json': intervalRules(),
};

const POINTS = [
	pointOf('h1', 'hall', 'generation', 2),
	pointOf('h2', 'hall', 'consumption', 3),
	pointOf('l1', 'library', 'consumption', 4),
	pointOf('o1', 'office', 'consumption', 5),
];

/** The sun shines on the hall from 8 to 16 o'clock; the others consume by day and night. */
export function intervalMonth(period: string, minutes: Minutes = 60): Month {
	const time = timeOf(period, 'Europe/Berlin', minutes);
	const starts = Array.from({ length: time.intervals }, (_, index) => intervalStart(time, index));
	const hourOf = (start: string) => Number(start.slice(11, 13));
	const wh: readonly ((hour: number, index: number) => number)[] = [
		(hour, index) => (hour >= 8 && hour < 16 ? 2000 + 37 * (index % 11) : 0),
		(hour, index) => 300 + 5 * hour + (index % 7),
		(hour, index) => (hour >= 9 && hour < 20 ? 900 : 120) + (index % 13),
		(hour, index) => (hour >= 7 && hour < 18 ? 700 : 80) + (index % 17),
	];
	const values: Values = wh.map((of) => starts.map((start, index) => of(hourOf(start), index)));
	return { time, points: POINTS, values };
}

/** Some points of a month, by id. */
export function onlyPoints({ time, points, values }: Month, ids: readonly string[]): Month {
	const kept = points.map(({ id }) => ids.includes(id));
	return {
		time,
		points: points.filter((_, index) => kept[index]),
		values: values.filter((_, index) => kept[index]),
	};
}

const text = (header: string, rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;

export const asDays = (month: Month) => text(dayHeader(month.time), dayRows(month));
export const asLong = (month: Month) => text(LONG_HEADER, longRows(month));
export const asWide = (month: Month) => text(wideHeader(month), wideRows(month));

/** The two files of a month: day rows of the hall and the office, a wide one of the library. */
export function monthFiles(
	period: string,
	minutes: Minutes = 60,
): Readonly<Record<string, string>> {
	const month = intervalMonth(period, minutes);
	return {
		[`data/${period}/north.csv`]: asDays(onlyPoints(month, ['h1', 'h2', 'o1'])),
		[`data/${period}/south.csv`]: asWide(onlyPoints(month, ['l1'])),
	};
}
