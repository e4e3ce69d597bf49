import { encodeText } from '../../src/core/format/bytes.ts';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import { chance } from './communities.ts';
import { kwhText, shuffled, timeOf } from './readings.ts';

/** A random month of readings as an operator's repository: one run of it, and all its peculiarities. */
export interface IntervalRepository {
	readonly time: PeriodTime;
	readonly period: string;
	readonly run: number;
	/** Text by path: inputs, register, metering points, rules. */
	readonly files: ReadonlyMap<string, string>;
}

/** Months with a change of clocks, and what is odd about others. */
const MONTHS = [
	['Europe/Berlin', '2025-10', 15],
	['Europe/Berlin', '2026-03', 60],
	['America/New_York', '2025-11', 30],
	['America/New_York', '2026-03', 15],
	['Australia/Lord_Howe', '2025-10', 30],
	['Australia/Lord_Howe', '2026-04', 15],
	['America/St_Johns', '2009-11', 60],
	['America/Sao_Paulo', '2018-11', 60],
	['Pacific/Apia', '2011-12', 60],
	['UTC', '2026-02', 60],
] as const;
export const MONTH_COUNT = MONTHS.length;

interface Point {
	readonly id: string;
	readonly entity: string;
	readonly direction: string;
	readonly form: 'long' | 'graded' | 'days' | 'wide';
	readonly values: readonly number[];
}
type Chance = ReturnType<typeof chance>;

/** Names that a CSV file has to quote, and some that it must not. */
const NAMES = ['Hall', '"Old" Hall', 'Hall, north', '#1', 'Halle ä', 'NULL', "O'Neil"];
const LIMIT = 0xffff_ffff;

export function intervalRepository(seed: number): IntervalRepository {
	const next = chance(seed);
	const [zone, period, minutes] = MONTHS[seed % MONTHS.length] ?? MONTHS[0];
	const time = timeOf(period, zone, minutes);
	const entities = Array.from({ length: 1 + next(9) }, (_, it) => `e${(it * 7) % 11}-${it}`);
	const absent = entities.filter((_, it) => it > 0 && next(6) === 0);
	// Where all are equal, ties decide in each interval, and add up.
	const equal = next(3) === 0;
	const points = entities.flatMap((entity) => pointsOf(entity, time, equal, next));
	const read = points.filter(({ entity }) => !absent.includes(entity));
	const run = 1 + next(3);
	const files = new Map([
		['data/entities.csv', registerText(entities, next)],
		['data/metering-points.csv', pointsText(points, next)],
		[`data/rules/${period}.json`, rulesText(zone, minutes, entities, next)],
		...inputs(time, read, next).flatMap(([name, text]) => placed(period, name, text, run, next)),
	]);
	if (absent.length > 0 || next(2) === 0) {
		const rows = absent.map((entity) => `"not, yet",${entity},"M. ""Meter"""`);
		files.set(`data/${period}/absent.csv`, table('reason,entity,approved_by', rows));
	}
	const substitutes = substitutesOf(time, read, next);
	if (substitutes.length > 0) {
		const header = 'note,metering_point,first_interval,last_interval,quality';
		files.set(`data/${period}/substitutes.csv`, table(header, substitutes));
	}
	const correction = {
		reason_code: 'other',
		reason: 'Read again',
		requested_by: 'M. Meter',
		evidence: '',
	};
	for (let later = 2; later <= run; later++) {
		files.set(`data/${period}/r${later}/correction.json`, JSON.stringify(correction));
	}
	// What comes later is of no account.
	files.set(`data/${period}/r${run + 1}/correction.json`, JSON.stringify(correction));
	files.set(`data/${period}/r${run + 1}/a.csv`, 'interval_start,nobody\nnever,1\n');
	return { time, period, run, files };
}

const table = (header: string, rows: readonly string[], end = '\n') =>
	[header, ...rows, ''].join(end);

function pointsOf(entity: string, time: PeriodTime, equal: boolean, next: Chance): Point[] {
	const forms = ['long', 'graded', 'days', 'wide'] as const;
	const count = equal ? 1 : 1 + next(3);
	return Array.from({ length: count }, (_, it): Point => {
		const kind = next(6);
		const figure = () => {
			if (equal) return 1;
			if (kind === 0 || next(4) === 0) return 0;
			if (kind === 1) return next(3);
			// Of three points as large as may be.
			return kind === 2 ? Math.floor(LIMIT / 3) - next(3) : next(4000);
		};
		return {
			id: `${next(2) === 0 ? 'M' : 'm'}${entity}.${it}`,
			entity,
			direction: next(2) === 0 ? 'generation' : 'consumption',
			form: forms[next(4)] ?? 'long',
			values: Array.from({ length: time.intervals }, figure),
		};
	});
}

function registerText(entities: readonly string[], next: Chance): string {
	const rows = entities.flatMap((entity) => {
		const name = (NAMES[next(NAMES.length)] ?? '').replaceAll('"', '""');
		const center = next(2) === 0 ? '' : `0${next(100)}`;
		const row = `2009-01,"${name}",${entity},${center},`;
		return next(4) === 0 ? [`${row}2009-10`, row.replace('2009-01', '2009-11')] : [row];
	});
	rows.push('2000-01,Gone,gone,,2008-12', '2030-01,To come,to-come,,');
	return table('valid_from,name,entity,cost_center,valid_to', shuffled(next, rows));
}

function pointsText(points: readonly Point[], next: Chance): string {
	const rows = points.flatMap(({ id, entity, direction }) => {
		const row = `${direction},${id},${entity}`;
		// Somebody else's before, and of the other direction.
		const before = `${direction === 'generation' ? 'consumption' : 'generation'},${id},gone`;
		return next(3) === 0 ? [`${before},2000-01,2008-12`, `${row},2009-01,`] : [`${row},2009-01,`];
	});
	rows.push('generation,old,gone,2000-01,2008-12');
	return table('direction,metering_point,entity,valid_from,valid_to', shuffled(next, rows));
}

function rulesText(
	time_zone: string,
	interval_minutes: number,
	entities: readonly string[],
	next: Chance,
): string {
	const accounts = { debit: '6050', credit: '4050' };
	const per_kwh = ['0', '0.142', '12.3', `${next(100)}.${100000 + next(800000)}`][next(4)];
	const price = { currency: 'EUR', minor_digits: next(5), per_kwh, accounts };
	return JSON.stringify({
		format: 'wattproof/rules/v1',
		basis: 'interval',
		interval_minutes,
		time_zone,
		allocation: [{ rule: 'proportional' }],
		matrix: next(4) === 0 ? 'exact' : 'chain',
		...(next(2) === 0 ? { excluded: [entities[next(entities.length)]] } : {}),
		...(next(2) === 0 ? { delivery: { rule: 'proportional' } } : {}),
		...(next(2) === 0 ? { price } : {}),
	});
}

/** A start in local time, or the same instant as others write it. */
function startText(time: PeriodTime, index: number, next: Chance): string {
	const instant = new Date(intervalStart(time, index));
	const shifted = (minutes: number) =>
		new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, 19);
	switch (next(4)) {
		case 0:
			return `${shifted(0)}Z`;
		case 1:
			return `${shifted(-210)}-03:30`;
		case 2:
			return `${shifted(825)}+13:45`;
		default:
			return intervalStart(time, index);
	}
}

/** The files of all points by name: rows and columns in any order. */
function inputs(time: PeriodTime, points: readonly Point[], next: Chance): [string, string][] {
	const of = (form: Point['form']) => points.filter((it) => it.form === form);
	const end = () => (next(3) === 0 ? '\r\n' : '\n');
	const files: [string, string][] = [];
	const every = Array.from({ length: time.intervals }, (_, index) => index);
	for (const [part, { id, values }] of of('long').entries()) {
		const rows = every.map(
			(at) => `${kwhText(values[at] ?? 0)},,${id},${startText(time, at, next)}`,
		);
		files.push([
			`long-${part}.csv`,
			table('kwh,x_memo,metering_point,interval_start', rows, end()),
		]);
	}
	const graded = of('graded').flatMap(({ id, values }) =>
		every.map((at) => {
			const quality = ['', 'A', 'C', 'S', 'E'][next(5)];
			return `${id},${startText(time, at, next)},${kwhText(values[at] ?? 0)},${quality}`;
		}),
	);
	if (graded.length > 0) {
		const header = 'metering_point,interval_start,kwh,quality';
		files.push(['graded.csv', `\ufeff${table(header, shuffled(next, graded), end())}`]);
	}
	const days = localDays(time);
	const longest = Math.max(...days.map(({ intervals }) => intervals));
	const columns = Array.from({ length: longest }, (_, index) => index);
	const daily = of('days').flatMap(({ id, values }) =>
		days.map(({ date, first, intervals }) => {
			const cells = columns.map((at) => (at < intervals ? kwhText(values[first + at] ?? 0) : ''));
			return `${cells.toReversed().join()},${id},${date},ä`;
		}),
	);
	if (daily.length > 0) {
		const numbers = columns.map((at) => at + 1).toReversed();
		const header = `${numbers.join()},metering_point,date,x_unit`;
		files.push(['daily.csv', table(header, shuffled(next, daily), end())]);
	}
	const wide = of('wide');
	if (wide.length > 0) {
		const rows = every.map((at) => {
			const cells = wide.map(({ values }) => kwhText(values[at] ?? 0));
			return `${cells.join()},${startText(time, at, next)},`;
		});
		const header = `${wide.map(({ id }) => id).join()},interval_start,x_date`;
		files.push(['wide.csv', table(header, shuffled(next, rows), end())]);
	}
	return files;
}

/** A file, perhaps after another of that name, which then does not count. */
function placed(
	period: string,
	name: string,
	text: string,
	run: number,
	next: Chance,
): [string, string][] {
	const at = 1 + next(run);
	if (at === 1) return [[`data/${period}/${name}`, text]];
	return [
		[
			`data/${period}/${name}`,
			text
				.split('\n')
				.slice(0, 2)
				.join('\n')
				.replace(/[1-9]$/, '0'),
		],
		[`data/${period}/r${at}/${name}`, text],
	];
}

function substitutesOf(time: PeriodTime, points: readonly Point[], next: Chance): string[] {
	return points.flatMap(({ id, form }) => {
		if (form === 'graded' || next(3) > 0) return [];
		const ranges = [0, 1].map((half) => {
			const first = Math.floor((half * time.intervals) / 2) + next(100);
			return [first, first + next(200)] as const;
		});
		return ranges.map(([first, last]) => {
			const ends = [first, last].map((at) => startText(time, at, next));
			return `"Read late, ""by hand""",${id},${ends.join()},${next(2) === 0 ? 'S' : 'E'}`;
		});
	});
}

/** The files of a repository as bytes. */
export function bytesOf(files: ReadonlyMap<string, string>): ReadonlyMap<string, Uint8Array> {
	return new Map([...files].map(([path, text]) => [path, encodeText(text)]));
}
