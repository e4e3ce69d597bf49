import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import { intervalRules } from './interval-months.ts';
import { dayHeader, LONG_HEADER, type Minutes, timeOf } from './readings.ts';
import { SHARED, sharedRows } from './shared.ts';

/** Interval months of real campuses as an operator would have them in `data/`. */

export interface CampusMonth {
	readonly name: string;
	readonly period: string;
	readonly time: PeriodTime;
	/** Register, metering points and rule set. */
	readonly configuration: Readonly<Record<string, string>>;
	/** The file of readings as it lies there, `meter` renamed. */
	readonly long: string;
	readonly wide: string;
}

export function campusMonth(
	name: string,
	period: string,
	time_zone: string,
	interval_minutes: Minutes,
): CampusMonth {
	const file = (form: string) =>
		readFileSync(join(SHARED, `data/${name}/interval/${period}.${form}.csv`), 'utf8');
	const meters = sharedRows(`data/${name}/meters.csv`);
	const entities = [...new Set(meters.map(({ entity = '' }) => entity))].toSorted();
	const points = meters.map(({ meter, entity, kind }) => `${meter},${entity},${kind},2010-01,`);
	const table = (header: string, rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;
	return {
		name,
		period,
		time: timeOf(period, time_zone, interval_minutes),
		configuration: {
			'data/entities.csv': table(
				'entity,name,cost_center,valid_from,valid_to',
				entities.map((entity) => `${entity},${entity},,2010-01,`),
			),
			'data/metering-points.csv': table(
				'metering_point,entity,direction,valid_from,valid_to',
				points,
			),
			'data/rules/2010-01.json': intervalRules({ time_zone, interval_minutes }),
		},
		long: renamed(file('long')),
		wide: file('wide'),
	};
}

export const renamed = (text: string) => text.replace('meter,interval_start,kwh', LONG_HEADER);

/** Rows and cells of a wide file, its header first. */
const cellsOf = (wide: string) =>
	wide
		.trimEnd()
		.split('\n')
		.map((line) => line.split(','));

const textOf = (rows: readonly (readonly (string | number)[])[]) =>
	`${rows.map((row) => row.join(',')).join('\n')}\n`;

/** A wide file as day rows: one row for each metering point and day. */
export function daysOf(wide: string, time: PeriodTime): string {
	const [[, ...ids] = [], ...rows] = cellsOf(wide);
	const days = localDays(time);
	const longest = Math.max(...days.map(({ intervals }) => intervals));
	const lines = ids.flatMap((id, column) =>
		days.map(({ date, first, intervals }) => {
			const values = Array.from({ length: longest }, (_, index) =>
				index < intervals ? (rows[first + index]?.[column + 1] ?? '') : '',
			);
			return [id, date, ...values];
		}),
	);
	return `${dayHeader(time)}\n${textOf(lines)}`;
}

/** A wide file as a long one. */
export function longOf(wide: string): string {
	const [[, ...ids] = [], ...rows] = cellsOf(wide);
	const lines = ids.flatMap((id, column) =>
		rows.flatMap((row) => {
			const value = row[column + 1] ?? '';
			return value === '' ? [] : [[id, row[0] ?? '', value]];
		}),
	);
	return `${LONG_HEADER}\n${textOf(lines)}`;
}

/** A wide file without the columns of some metering points. */
export function withoutPoints(wide: string, ids: ReadonlySet<string>): string {
	const rows = cellsOf(wide);
	const [header = []] = rows;
	return textOf(rows.map((row) => row.filter((_, column) => !ids.has(header[column] ?? ''))));
}

export interface Gap {
	readonly id: string;
	readonly first: number;
	readonly last: number;
}

/** The stretches of empty cells of a wide file, by metering point and time. */
export function gapsOf(wide: string): readonly Gap[] {
	const [[, ...ids] = [], ...rows] = cellsOf(wide);
	return ids.flatMap((id, column) => {
		const gaps: { id: string; first: number; last: number }[] = [];
		for (const [index, row] of rows.entries()) {
			if (row[column + 1] !== '') continue;
			const open = gaps.at(-1);
			if (open?.last === index - 1) open.last = index;
			else gaps.push({ id, first: index, last: index });
		}
		return gaps;
	});
}

/** The same file with a value in every empty cell, and the declaration of these values. */
export function filled(wide: string, time: PeriodTime, value: string) {
	const [header = [], ...rows] = cellsOf(wide);
	const full = rows.map((row) => row.map((cell) => (cell === '' ? value : cell)));
	const lines = gapsOf(wide).map(({ id, first, last }) => [
		id,
		intervalStart(time, first),
		intervalStart(time, last),
		'E,no reading',
	]);
	const columns = 'metering_point,first_interval,last_interval,quality,note';
	return { wide: textOf([header, ...full]), substitutes: `${columns}\n${textOf(lines)}` };
}
