import { drawProfile } from '../charts/heat-map.ts';
import type { Drawing } from '../charts/svg.ts';
import { encodeText } from '../core/format/bytes.ts';
import { formatTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import { intervalStart } from '../core/readings/period-time.ts';
import type { ProfileDay } from '../core/settlement/profile.ts';
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

export const PROFILES = ['consumed', 'generated', 'shared'] as const;
export type Profile = (typeof PROFILES)[number];

/** How much of a quantity which hour of which day had, the same in the page and in its file. */
export function profileDrawing(
	{ period }: PublishedRun,
	{ profile: { slots, days } }: IntervalMonth,
	profile: Profile,
): Drawing {
	const rows = days.map((day) => ({ label: format.day(day.date), values: day[`${profile}_wh`] }));
	const title = site.statement.profile.figures[profile](format.month(period));
	return drawProfile({ slots, days: rows }, format, title);
}

export function profileFile({ period, run }: PublishedRun, profile: Profile): string {
	return `${statementPath(period, run)}profile/${profile}.svg`;
}

/** The days on which clocks were changed. */
export function oddDays({ profile: { slots, days } }: IntervalMonth): readonly ProfileDay[] {
	return days.filter(({ consumed_wh }) => consumed_wh.length !== slots);
}

/** All entities together in each interval, as a CSV file. */
export function profileCsv({ time, profile: { days } }: IntervalMonth): Uint8Array {
	const columns = PROFILES.map((it) => days.flatMap((day) => day[`${it}_wh`]));
	const rows = Array.from({ length: time.intervals }, (_, index) => [
		intervalStart(time, index),
		...columns.map((values) => formatEnergy(values[index] ?? 0n)),
	]);
	return encodeText(formatTable(['interval_start', ...PROFILES.map((it) => `${it}_kwh`)], rows));
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
