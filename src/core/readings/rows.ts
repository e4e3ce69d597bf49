import { dayOf } from '../format/civil.ts';
import { formatEnergy, parseEnergy } from '../format/energy.ts';
import type { Location } from '../problem.ts';
import type { DayForm, Form, LongForm, WideForm } from './header.ts';
import { cellAt, type IntervalFile, type Line } from './interval-file.ts';
import { intervalIndex, intervalProblem, intervalStart } from './period-time.ts';
import { tell } from './problem-list.ts';
import { pointAt } from './strangers.ts';
import {
	add,
	claim,
	countQuality,
	type Ground,
	isClaimed,
	QUALITIES,
	SUM_LIMIT,
	type Tally,
} from './tally.ts';

/**
 * The specification of the three forms: what one row of each says. The scanners take most rows
 * without it, and must not take any that it refuses, nor take it otherwise.
 */
export interface Pass {
	readonly ground: Ground;
	readonly tally: Tally;
	/** A row names an interval of a point again, in its cell; null if the same row did before. */
	repeated(file: IntervalFile, point: number, interval: number, cell: Location | null): void;
}

/** What a valid start of an interval was written as: scanners learn offsets from it. */
export type Learn = (text: string, interval: number) => void;

export function readRow(
	pass: Pass,
	file: IntervalFile,
	form: Form,
	line: Line,
	learn: Learn,
): void {
	file.rows++;
	if (line.cells.length !== form.width) {
		const [found, expected] = [`${line.cells.length}`, `${form.width}`];
		const location = { path: file.path, line: file.line, column: 1 };
		tell(file.list, { code: 'csv-cells', location, found, expected });
		return;
	}
	switch (form.kind) {
		case 'long':
			readLongRow(pass, file, form, line, learn);
			break;
		case 'days':
			readDayRow(pass, file, form, line);
			break;
		case 'wide':
			readWideRow(pass, file, form, line, learn);
			break;
	}
}

function readLongRow(
	pass: Pass,
	file: IntervalFile,
	form: LongForm,
	line: Line,
	learn: Learn,
): void {
	const { ground, tally } = pass;
	const point = pointAt(file, ground, line, form.point, line.cells[form.point] ?? '');
	const interval = intervalAt(file, ground, line, form.start, learn);
	const wh = whAt(file, line, form.kwh, 'kwh');
	const quality = form.quality < 0 ? -1 : qualityAt(file, line, form.quality);
	if (point < 0) return;
	if (interval < 0) {
		tally.doubtful[point] = 1;
	} else if (isClaimed(tally, point, interval)) {
		pass.repeated(file, point, interval, cellAt(file, line, form.point));
	} else {
		claim(tally, point, interval, file.number, file.line);
		if (wh === null || quality === null) return;
		take(pass, file, line, form.kwh, { point, interval, wh, quality });
	}
}

function readDayRow(pass: Pass, file: IntervalFile, form: DayForm, line: Line): void {
	const { ground, tally } = pass;
	const point = pointAt(file, ground, line, form.point, line.cells[form.point] ?? '');
	const day = dayAt(file, ground, line, form.date);
	if (day === undefined && point >= 0) tally.doubtful[point] = 1;
	let again = false;
	for (const [index, column] of form.values.entries()) {
		const found = line.cells[column] ?? '';
		if (found === '') continue;
		const field = `${index + 1}`;
		if (day !== undefined && index >= day.intervals) {
			const { date, intervals } = day;
			const location = cellAt(file, line, column);
			const code = 'reading-beyond-day';
			tell(file.list, { code, location, field, found, date, intervals: `${intervals}` });
			continue;
		}
		const wh = whAt(file, line, column, field);
		if (point < 0 || day === undefined) continue;
		const interval = day.first + index;
		if (isClaimed(tally, point, interval)) {
			pass.repeated(file, point, interval, again ? null : cellAt(file, line, column));
			again = true;
			continue;
		}
		claim(tally, point, interval, file.number, file.line);
		if (wh !== null) take(pass, file, line, column, { point, interval, wh, quality: -1 });
	}
}

function readWideRow(
	pass: Pass,
	file: IntervalFile,
	form: WideForm,
	line: Line,
	learn: Learn,
): void {
	const { ground, tally } = pass;
	const interval = intervalAt(file, ground, line, form.start, learn);
	let again = false;
	for (const { column, point } of form.columns) {
		if ((line.cells[column] ?? '') === '') continue;
		const wh = whAt(file, line, column, ground.points[point]?.id ?? '');
		if (interval < 0) {
			tally.doubtful[point] = 1;
		} else if (isClaimed(tally, point, interval)) {
			pass.repeated(file, point, interval, again ? null : cellAt(file, line, column));
			again = true;
		} else {
			claim(tally, point, interval, file.number, file.line);
			if (wh !== null) take(pass, file, line, column, { point, interval, wh, quality: -1 });
		}
	}
}

/** Adds a good reading, unless the sum becomes too large for any entity. */
function take(
	{ ground, tally }: Pass,
	file: IntervalFile,
	line: Line,
	cell: number,
	reading: {
		readonly point: number;
		readonly interval: number;
		readonly wh: number;
		readonly quality: number;
	},
): void {
	const { point, interval, wh, quality } = reading;
	if (add(tally, point, interval, wh)) {
		const place = { path: file.path, line: file.line, column: 1 };
		countQuality(tally, ground, point, interval, wh, quality, place);
		return;
	}
	tell(file.list, {
		code: 'reading-sum-too-large',
		location: cellAt(file, line, cell),
		entity: ground.points[point]?.entity ?? '',
		interval: intervalStart(ground.time, interval),
		limit: formatEnergy(BigInt(SUM_LIMIT)),
	});
}

function intervalAt(
	file: IntervalFile,
	{ time, starts }: Ground,
	line: Line,
	cell: number,
	learn: Learn,
): number {
	const found = line.cells[cell] ?? '';
	const known = starts.get(found);
	if (known !== undefined) return known;
	const index = intervalIndex(time, found);
	if (typeof index !== 'number') {
		const location = cellAt(file, line, cell);
		tell(file.list, intervalProblem(index, location, 'interval_start', found, time));
		return -1;
	}
	// Every offset writes each start in a way of its own: no file makes this grow without end.
	if (starts.size < 4 * time.intervals) starts.set(found, index);
	learn(found, index);
	return index;
}

function dayAt(file: IntervalFile, { days }: Ground, line: Line, cell: number) {
	const found = line.cells[cell] ?? '';
	const day = days.find(({ date }) => date === found);
	if (day !== undefined) return day;
	const location = cellAt(file, line, cell);
	const first = days[0]?.date ?? '';
	if (dayOf(found) === null) {
		tell(file.list, { code: 'date-malformed', location, field: 'date', found, expected: first });
	} else {
		const last = days.at(-1)?.date ?? '';
		tell(file.list, { code: 'date-outside', location, field: 'date', found, first, last });
	}
	return undefined;
}

function whAt(file: IntervalFile, line: Line, cell: number, field: string): number | null {
	const found = line.cells[cell] ?? '';
	const energy = parseEnergy(found);
	if ('wh' in energy) return Number(energy.wh);
	tell(file.list, { code: energy.fault, location: cellAt(file, line, cell), field, found });
	return null;
}

/** An index of QUALITIES; null, and told, where it is none. Empty is A. */
function qualityAt(file: IntervalFile, line: Line, cell: number): number | null {
	const found = line.cells[cell] ?? '';
	const quality = found === '' ? 0 : QUALITIES.indexOf(found);
	if (quality >= 0) return quality;
	tell(file.list, { code: 'quality-unknown', location: cellAt(file, line, cell), found });
	return null;
}
