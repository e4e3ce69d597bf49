import { drawProfile } from '../charts/heat-map.ts';
import type { Drawing } from '../charts/svg.ts';
import { encodeText } from '../core/format/bytes.ts';
import { formatTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import { intervalStart, type LocalDay, localDays } from '../core/readings/period-time.ts';
import { type IntervalMonth, readIntervalMonth } from '../node/interval-month.ts';
import type { PublishedRun } from '../node/published.ts';
import { type WorkedExample, workInterval } from '../node/worked-example.ts';
import { explain, site } from '../texts/chosen.ts';
import { files, format, statementPath } from './site.ts';

/** What the readings of a run say on its pages; the readings themselves are let go at once. */
const known = new WeakMap<PublishedRun, IntervalMonth | null>();

export function intervalsOf(run: PublishedRun): IntervalMonth | null {
	const kept = known.get(run);
	if (kept !== undefined) return kept;
	const month = readIntervalMonth(files, run);
	known.set(run, month);
	return month;
}

const PROFILES = ['consumed', 'generated', 'shared'] as const;
export type Profile = (typeof PROFILES)[number];

/** The quantities of which a run has a figure. */
export function profilesOf(run: PublishedRun): readonly Profile[] {
	const month = intervalsOf(run);
	return month === null ? [] : PROFILES.filter((it) => month[it] !== null);
}

/** How much of a quantity which hour of which day had, the same in the page and in its file. */
export function profileDrawing(run: PublishedRun, profile: Profile): Drawing | null {
	const month = intervalsOf(run);
	const values = month?.[profile];
	if (!month || !values) return null;
	const days = localDays(month.time).map(({ date, first, intervals }) => ({
		label: format.day(date),
		values: values.slice(first, first + intervals).map(BigInt),
	}));
	const title = site.statement.profile.figures[profile](format.month(run.period));
	return drawProfile({ slots: slotsOf(month), days }, format, title);
}

export function profileFile({ period, run }: PublishedRun, profile: Profile): string {
	return `${statementPath(period, run)}profile/${profile}.svg`;
}

/** Intervals of a day of 24 hours. */
function slotsOf({ time }: IntervalMonth): number {
	return (24 * 60) / time.interval_minutes;
}

/** The days on which clocks were changed. */
export function oddDays(month: IntervalMonth): readonly LocalDay[] {
	return localDays(month.time).filter(({ intervals }) => intervals !== slotsOf(month));
}

const COLUMNS = ['consumed', 'generated', 'self_consumed', 'shared'] as const;

/** The quantities that a month has a figure of for each interval. */
export function columnsOf(month: IntervalMonth) {
	return COLUMNS.filter((it) => month[it] !== null);
}

/** The sums of each local day in Wh, by the columns of the month. */
export function sumsByDay(month: IntervalMonth) {
	return localDays(month.time).map(({ date, first, intervals }) => ({
		date,
		sums: columnsOf(month).map((column) => {
			const values = month[column]?.slice(first, first + intervals) ?? [];
			return BigInt(values.reduce((sum, wh) => sum + wh, 0));
		}),
	}));
}

/** All entities together in each interval, as a CSV file. */
export function profileCsv(month: IntervalMonth): Uint8Array {
	const columns = columnsOf(month);
	const rows = Array.from({ length: month.time.intervals }, (_, index) => [
		intervalStart(month.time, index),
		...columns.map((column) => formatEnergy(BigInt(month[column]?.[index] ?? 0))),
	]);
	return encodeText(formatTable(['interval_start', ...columns.map((it) => `${it}_kwh`)], rows));
}

/** The interval that stands for all others of a run where its arithmetic is explained. */
export interface ExampleInterval {
	/** When it began. */
	readonly start: string;
	/** In millionths of a watt-hour. */
	readonly worked: WorkedExample;
}

/** Null on monthly basis, and where no single interval shows what happened. */
export function exampleInterval(run: PublishedRun): ExampleInterval | null {
	const month = intervalsOf(run);
	const example = month?.example;
	if (!month || !example) return null;
	const worked = workInterval(run, example.balances);
	const start = intervalStart(month.time, example.index);
	const [day, clock, offset] = [start.slice(0, 10), start.slice(11, 16), start.slice(19)];
	const text = explain.learn.start(format.date(`${day}T00:00:00Z`), clock, offset);
	return worked && { start: text, worked };
}
