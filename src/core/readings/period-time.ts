import {
	DAY_SECONDS,
	dateText,
	dayOf,
	firstDay,
	instantAt,
	localText,
	secondsOf,
	twoDigits,
} from '../format/civil.ts';
import { TIME_ZONE } from '../format/name.ts';
import { isInstant, isPeriod, type Period, shiftPeriod } from '../format/period.ts';
import { impossible, type Location, type Problem } from '../problem.ts';

/** The intervals of one period, as a manifest records them: who has these needs no zone data. */
export interface PeriodTime {
	readonly time_zone: string;
	readonly interval_minutes: 5 | 15 | 30 | 60;
	/** Instants; the period is [utc_start, utc_end). */
	readonly utc_start: string;
	readonly utc_end: string;
	readonly intervals: number;
	/** UTC offsets in force in the period, in minutes (east positive), by time; the first from utc_start. */
	readonly offsets: readonly { readonly from: string; readonly minutes: number }[];
}

/** A date of the period and its intervals: those that start in it. */
export interface LocalDay {
	readonly date: string;
	readonly first: number;
	readonly intervals: number;
}

/** Why a text is no start of an interval of the period; each is the code of a problem. */
export type PeriodTimeFault =
	| 'interval-malformed'
	| 'interval-no-offset'
	| 'interval-off-grid'
	| 'interval-outside';

/** What contradicts itself in a recorded period, where something does. */
export type PeriodTimeFlaw = 'zone' | 'minutes' | 'instant' | 'count' | 'offsets' | 'start' | 'end';

/** A stretch of time with one offset, all in seconds. */
interface Span {
	readonly from: number;
	readonly to: number;
	readonly offset: number;
}

/** No zone was ever further from UTC. */
const OFFSET_LIMIT = 16 * 60;
/** Where clocks skip midnight on the first, the month begins at most so much later. */
const SKIPPED_LIMIT = 2 * 3600;
const DATE_TIME = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(.*)$/s;
const NO_OFFSET = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?$/;

function spansOf(time: PeriodTime): readonly Span[] {
	const bounds = [...time.offsets.map(({ from }) => from), time.utc_end].map(secondsOf);
	return time.offsets.map(({ minutes }, index) => ({
		from: bounds[index] ?? 0,
		to: bounds[index + 1] ?? 0,
		offset: minutes * 60,
	}));
}

/** The first instant at which the calendar shows a day or a later one; null where none does. */
export function firstInstant(spans: readonly Span[], day: number): number | null {
	for (const { from, to, offset } of spans) {
		const instant = Math.max(from, day * DAY_SECONDS - offset);
		if (instant < to) return instant;
	}
	return null;
}

/**
 * The dates of the period that have intervals, by date. A day lasts until the calendar first shows a
 * later one: clocks set back across midnight do not return to the day before.
 */
export function localDays(time: PeriodTime): readonly LocalDay[] {
	const spans = spansOf(time);
	const start = secondsOf(time.utc_start);
	const length = time.interval_minutes * 60;
	const indexOf = (instant: number) => Math.ceil((instant - start) / length);
	const days: LocalDay[] = [];
	let day = Math.floor((start + (spans[0]?.offset ?? 0)) / DAY_SECONDS);
	for (let first = 0; first < time.intervals; day++) {
		const end = firstInstant(spans, day + 1);
		const next = end === null ? time.intervals : indexOf(end);
		// A day that the clocks skipped has none.
		if (next > first) days.push({ date: dateText(day), first, intervals: next - first });
		first = next;
	}
	return days;
}

/** The local time of day, in seconds, at which each interval starts. */
export function startClocks(time: PeriodTime): readonly number[] {
	const start = secondsOf(time.utc_start);
	const length = time.interval_minutes * 60;
	const spans = spansOf(time);
	let span = 0;
	return Array.from({ length: time.intervals }, (_, index) => {
		const instant = start + index * length;
		while (instant >= (spans[span]?.to ?? Number.POSITIVE_INFINITY)) span++;
		const local = instant + (spans[span]?.offset ?? 0);
		return local - Math.floor(local / DAY_SECONDS) * DAY_SECONDS;
	});
}

/** The start of an interval in local time, `2026-10-25T02:00:00+01:00`. */
export function intervalStart(time: PeriodTime, index: number): string {
	if (!Number.isInteger(index) || index < 0 || index >= time.intervals) impossible('interval');
	const instant = secondsOf(time.utc_start) + index * time.interval_minutes * 60;
	const span = spansOf(time).findLast(({ from }) => from <= instant);
	const offset = span?.offset ?? 0;
	const minutes = Math.abs(offset) / 60;
	const sign = offset < 0 ? '-' : '+';
	const zone = `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
	return localText(instant + offset) + zone;
}

/**
 * The index of the interval that starts at an ISO 8601 date and time, with seconds and any offset or
 * Z. The specification of what readers take for it; they look up most starts without it.
 */
export function intervalIndex(time: PeriodTime, text: string): number | PeriodTimeFault {
	const instant = readInstant(text);
	if (typeof instant === 'string') return instant;
	const elapsed = instant - secondsOf(time.utc_start);
	const index = Math.floor(elapsed / (time.interval_minutes * 60));
	if (index < 0 || index >= time.intervals) return 'interval-outside';
	return elapsed % (time.interval_minutes * 60) === 0 ? index : 'interval-off-grid';
}

/** Seconds since 1970. */
function readInstant(text: string): number | 'interval-malformed' | 'interval-no-offset' {
	if (NO_OFFSET.test(text)) return 'interval-no-offset';
	const [, date = '', hours = '', minutes = '', seconds = '', zone = ''] =
		DATE_TIME.exec(text) ?? [];
	const day = dayOf(date);
	const offset = readOffset(zone);
	if (day === null || hours > '23' || minutes > '59' || seconds > '59' || offset === null) {
		return 'interval-malformed';
	}
	const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
	return day * DAY_SECONDS + clock - offset;
}

/** Seconds east of UTC. `-00:00` says in RFC 3339 that the offset is not known. */
function readOffset(text: string): number | null {
	if (text === 'Z') return 0;
	const match = /^([+-])([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text);
	if (match === null || text === '-00:00') return null;
	const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60;
	return match[1] === '-' ? -seconds : seconds;
}

/** The problem that a fault of a start of an interval is at its place. */
export function intervalProblem(
	code: PeriodTimeFault,
	location: Location,
	field: string,
	found: string,
	time: PeriodTime,
): Problem {
	switch (code) {
		case 'interval-off-grid':
			return { code, location, field, found, minutes: String(time.interval_minutes) };
		case 'interval-outside': {
			const last = intervalStart(time, time.intervals - 1);
			return { code, location, field, found, first: intervalStart(time, 0), last };
		}
		case 'interval-malformed':
		case 'interval-no-offset':
			return { code, location, field, found };
	}
}

/**
 * What is wrong with the time that somebody has recorded for a period, or null: it has to be what
 * the rule of docs/spec/intervals.md gives for some clocks, so that bounds cannot be moved at will.
 */
export function periodTimeFlaw(time: PeriodTime, period: Period): PeriodTimeFlaw | null {
	const { interval_minutes, utc_start, utc_end, intervals, offsets } = time;
	if (!TIME_ZONE.test(time.time_zone)) return 'zone';
	if (![5, 15, 30, 60].includes(interval_minutes)) return 'minutes';
	const instants = [utc_start, utc_end, ...offsets.map(({ from }) => from)];
	if (!isPeriod(period) || !instants.every(isInstant)) return 'instant';
	const [start, end] = [secondsOf(utc_start), secondsOf(utc_end)];
	if (!Number.isSafeInteger(intervals) || intervals < 1) return 'count';
	if (end - start !== intervals * interval_minutes * 60) return 'count';

	const spans = spansOf(time);
	const [first, last] = [spans[0], spans.at(-1)];
	if (first === undefined || last === undefined || first.from !== start) return 'offsets';
	const changes = offsets.every(({ minutes }, index) => minutes !== offsets[index - 1]?.minutes);
	const bounded = offsets.every(({ minutes }) => {
		return Number.isInteger(minutes) && Math.abs(minutes) <= OFFSET_LIMIT;
	});
	if (!changes || !bounded || spans.some(({ from, to }) => from >= to)) return 'offsets';

	const late = start + first.offset - firstDay(period) * DAY_SECONDS;
	if (late < 0 || late > SKIPPED_LIMIT) return 'start';
	const nextDay = firstDay(shiftPeriod(period, 1));
	if (firstInstant(spans, nextDay) !== null) return 'end';
	return end + last.offset === nextDay * DAY_SECONDS ? null : 'end';
}

/** Offsets as a zone has them over some time, and an instant after it; seconds, by time. */
export interface Clocks {
	readonly offsets: readonly { readonly from: number; readonly offset: number }[];
	readonly until: number;
}

/** The time of a period under clocks that reach beyond it on both sides. */
export function periodTimeUnder(
	clocks: Clocks,
	period: Period,
	time_zone: string,
	interval_minutes: PeriodTime['interval_minutes'],
): PeriodTime | { readonly fault: 'uneven-period' | 'offset-odd' } {
	const spans = clocks.offsets.map(({ from, offset }, index) => ({
		from,
		to: clocks.offsets[index + 1]?.from ?? clocks.until,
		offset,
	}));
	const start = firstInstant(spans, firstDay(period));
	const end = firstInstant(spans, firstDay(shiftPeriod(period, 1)));
	if (start === null || end === null) return { fault: 'offset-odd' };
	const inside = spans.filter(({ from, to }) => from < end && to > start);
	const offsets = inside.map(({ from, offset }) => ({
		from: instantAt(Math.max(from, start)),
		minutes: offset / 60,
	}));
	const bounds = { utc_start: instantAt(start), utc_end: instantAt(end) };
	const intervals = (end - start) / (interval_minutes * 60);
	const time = { time_zone, interval_minutes, ...bounds, intervals, offsets };
	const flaw = periodTimeFlaw(time, period);
	if (flaw === null) return time;
	return { fault: flaw === 'count' ? 'uneven-period' : 'offset-odd' };
}
