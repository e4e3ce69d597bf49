import { encodeText } from '../format/bytes.ts';
import { DAY_SECONDS, dateText, localText, secondsOf, twoDigits } from '../format/civil.ts';
import type { PeriodTime } from './period-time.ts';
import type { Ground } from './tally.ts';

/** Ways to write offsets that are kept besides local time. */
const STYLE_LIMIT = 5;
const LETTER_Z = 90;
const MINUS = 45;
const NONE = -0x4000_0000;

/** All starts of intervals in one way to write offsets, each with a comma behind it, in words. */
export interface TimeStyle {
	/** Bytes of a start with its comma. */
	readonly length: number;
	/** Four words to a start: from 8, from 0, from `third`, and the last 8 bytes. */
	readonly words: Float64Array;
	readonly third: number;
}

export interface TimeTable {
	readonly time: PeriodTime;
	readonly styles: TimeStyle[];
	/** How the local style writes the offset, from which interval on. */
	readonly local: readonly { readonly first: number; readonly zone: string }[];
	/** How the other styles do. */
	readonly learned: Set<string>;
	/** The one that was met last. */
	style: TimeStyle;
	/** Minutes from the start of the period to a date, at 32 times its month plus its day. */
	readonly minutes: Int32Array;
}

export function makeTimeTable({ time }: Ground): TimeTable {
	const start = secondsOf(time.utc_start);
	const minutes = new Int32Array(13 * 32).fill(NONE);
	const first = Math.floor(start / DAY_SECONDS) - 1;
	for (let day = first; day * DAY_SECONDS <= secondsOf(time.utc_end) + DAY_SECONDS; day++) {
		const [, month = '', date = ''] = dateText(day).split('-');
		minutes[Number(month) * 32 + Number(date)] = (day * DAY_SECONDS - start) / 60;
	}
	const style = makeStyle(time, '');
	const local = time.offsets.map(({ from, minutes: east }) => ({
		first: Math.ceil((secondsOf(from) - start) / 60 / time.interval_minutes),
		zone: zoneText(east),
	}));
	return { time, styles: [style], local, learned: new Set(), style, minutes };
}

/** Takes up how the offset of a valid start is written, unless a style has it so already. */
export function learnStyle(
	{ time, local, learned, styles }: TimeTable,
	text: string,
	interval: number,
) {
	const zone = text.slice(19);
	if (learned.has(zone) || learned.size >= STYLE_LIMIT) return;
	if (local.findLast(({ first }) => first <= interval)?.zone === zone) return;
	learned.add(zone);
	styles.push(makeStyle(time, zone));
}

/** `zone` stands for the offset: `Z`, `+01:00`; empty for the local one. */
function makeStyle(time: PeriodTime, zone: string): TimeStyle {
	const start = secondsOf(time.utc_start);
	const step = time.interval_minutes * 60;
	const length = (zone === 'Z' ? 20 : 25) + 1;
	const third = Math.min(16, length - 8);
	const words = new Float64Array(4 * time.intervals);
	const buffer = new Uint8Array(length);
	const view = new DataView(buffer.buffer);
	const local = time.offsets.map(({ from, minutes }) => ({ from: secondsOf(from), minutes }));
	for (let interval = 0; interval < time.intervals; interval++) {
		const instant = start + interval * step;
		const own = local.findLast(({ from }) => from <= instant)?.minutes ?? 0;
		const minutes = zone === '' ? own : minutesOf(zone);
		const text = localText(instant + minutes * 60) + (zone === '' ? zoneText(own) : zone);
		buffer.set(encodeText(`${text},`));
		for (const [index, at] of [8, 0, third, length - 8].entries()) {
			words[4 * interval + index] = view.getFloat64(at, true);
		}
	}
	return { length, words, third };
}

function minutesOf(zone: string): number {
	if (zone === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
	return zone.startsWith('-') ? -minutes : minutes;
}

function zoneText(minutes: number): string {
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** Whether the start of an interval and a comma stand at a place. */
export function isTime(style: TimeStyle, view: DataView, from: number, interval: number): boolean {
	const { words } = style;
	const place = 4 * interval;
	return (
		view.getFloat64(from + 8, true) === words[place] &&
		view.getFloat64(from, true) === words[place + 1] &&
		view.getFloat64(from + style.third, true) === words[place + 2] &&
		view.getFloat64(from + style.length - 8, true) === words[place + 3]
	);
}

/**
 * The interval whose start and a comma stand at a place, in any style known; -1 where none does. Its
 * digits only say where to look: what counts is that all bytes are those of the start found there.
 */
export function findTime(
	table: TimeTable,
	bytes: Uint8Array,
	view: DataView,
	from: number,
): number {
	const pair = (at: number) => (bytes[from + at] ?? 0) * 10 + (bytes[from + at + 1] ?? 0) - 528;
	const date = pair(5) * 32 + pair(8);
	if (date < 0 || date >= table.minutes.length) return -1;
	const zone = bytes[from + 19];
	const offset = zone === LETTER_Z ? 0 : pair(20) * 60 + pair(23);
	const local = (table.minutes[date] ?? NONE) + pair(11) * 60 + pair(14);
	const interval = (zone === MINUS ? local + offset : local - offset) / table.time.interval_minutes;
	if (!(interval >= 0 && interval < table.time.intervals) || interval !== Math.floor(interval)) {
		return -1;
	}
	if (isTime(table.style, view, from, interval)) return interval;
	for (const style of table.styles) {
		if (!isTime(style, view, from, interval)) continue;
		table.style = style;
		return interval;
	}
	return -1;
}
