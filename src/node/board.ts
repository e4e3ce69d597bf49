import { submittedPeriods } from '../core/data/period-files.ts';
import { entriesIn, readRegister } from '../core/data/register.ts';
import { readLog } from '../core/evidence/log.ts';
import type { Files } from '../core/format/bytes.ts';
import { isPeriod, type Period, shiftPeriod } from '../core/format/period.ts';
import { REGISTER } from '../core/paths.ts';
import { firstPeriod, nextRunNumber, openPeriods } from '../core/record/next-run.ts';
import { grouped } from './grouped.ts';
import { dueDate, type OpenPeriod, readOpenPeriod } from './open-period.ts';
import type { Published, PublishedRun } from './published.ts';

/** What is not final yet, as the files tell it: the same at any time of building. */
export interface Board {
	/** Months without a final statement, the oldest first. */
	readonly open: readonly OpenPeriod[];
	/** The oldest of them that still waits for readings or corrections of them; null if none does. */
	readonly current: OpenPeriod | null;
	/** Corrections of final months that are being prepared. */
	readonly corrections: readonly OpenPeriod[];
}

// A mistyped year must not become a page for every month until then.
const GAP_LIMIT = 12;

export function readBoard(files: Files, due_day: number): Board {
	const log = readLog(files);
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const read = (period: Period) => {
		const run = nextRunNumber(log, period);
		return readOpenPeriod(files, period, run, register, due_day);
	};
	// The last month that can be written has no month after it in which readings could be due.
	const dated = openPeriods(files).filter((period) => isPeriod(shiftPeriod(period, 1)));
	const submitted = dated.map(read);
	const first = submitted.filter(({ run }) => run === 1);
	const awaited = (period: Period) =>
		isPeriod(period) && entriesIn(register.entries, period).size > 0;

	const last = log.at(-1)?.period ?? first[0]?.period;
	const newest = first.at(-1)?.period ?? last;
	const known = new Set(first.map(({ period }) => period));
	const gaps = between(last, newest).filter((period) => !known.has(period) && awaited(period));
	const open = [...first, ...gaps.map(read)].toSorted((a, b) => (a.period < b.period ? -1 : 1));
	// Where nothing is waited for, the month after is what comes next.
	const following = newest === undefined ? '' : shiftPeriod(newest, 1);
	const ready = open.every(({ state }) => state === 'complete');
	if (ready && awaited(following)) open.push(read(following));
	return {
		open,
		current: open.find(({ state }) => state !== 'complete') ?? null,
		corrections: submitted.filter(({ run }) => run > 1),
	};
}

/** The months after one and before another; none where there are too many to be meant. */
function between(from: Period | undefined, to: Period | undefined): readonly Period[] {
	if (from === undefined || to === undefined) return [];
	const months: Period[] = [];
	for (let month = shiftPeriod(from, 1); month < to; month = shiftPeriod(month, 1)) {
		months.push(month);
		if (months.length > GAP_LIMIT) return [];
	}
	return months;
}

/** A month of the calendar. */
export interface Due {
	readonly period: Period;
	/** `YYYY-MM-DD` */
	readonly due: string;
	readonly status: PublishedRun['status'] | OpenPeriod['state'] | 'upcoming';
	/** The run in force; null where none is final. */
	readonly run: PublishedRun | null;
}

export interface Calendar {
	/** What is open and the twelve months after the newest of the data, the earliest first. */
	readonly ahead: readonly Due[];
	/** The final months, by year, the newest first. */
	readonly years: readonly { readonly year: string; readonly months: readonly Due[] }[];
}

const MONTHS_AHEAD = 12;

/** When readings of which month are due, from the beginning of the log. */
export function readCalendar(
	files: Files,
	published: Published,
	board: Board,
	due_day: number,
): Calendar {
	const due = (period: Period) => ({ period, due: dueDate(period, due_day) });
	const open = new Map(board.open.map((it) => [it.period, it]));
	const past = published.current.map((run) => ({ ...due(run.period), status: run.status, run }));
	const first = firstPeriod(readLog(files));
	const all = submittedPeriods(files).filter((it) => first === null || it >= first);
	const newest = [...all, ...published.current.map(({ period }) => period)].toSorted().at(-1);
	if (newest === undefined) return { ahead: [], years: [] };
	const coming = Array.from({ length: MONTHS_AHEAD }, (_, at) => shiftPeriod(newest, at + 1));
	const months = [...new Set([...open.keys(), ...coming.filter(isPeriod)])].toSorted();
	const ahead = months.map((period): Due => {
		return { ...due(period), status: open.get(period)?.state ?? 'upcoming', run: null };
	});
	const years = grouped(past, ({ period }) => period.slice(0, 4));
	return { ahead, years: [...years].map(([year, of]) => ({ year, months: of })) };
}
