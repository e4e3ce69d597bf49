import { describe, expect, test } from 'vitest';
import type { SubmitData } from '../../src/browser/submit/data.ts';
import { isOfOtherBasis, judge, placeOf, subjectOf } from '../../src/browser/submit/judge.ts';
import { readBasis } from '../../src/core/data/basis.ts';
import { readPeriodInput } from '../../src/core/data/period-input.ts';
import { readRegister } from '../../src/core/data/register.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import type { Problem } from '../../src/core/problem.ts';
import { withoutReadings } from '../../src/layouts/told.ts';
import { problemText } from '../../src/texts/chosen.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';
import {
	asDays,
	asLong,
	asWide,
	intervalMonth,
	monthFiles,
	onlyPoints,
	POINTS_TEXT,
} from '../support/interval-months.ts';
import { REGISTER_TEXT, totalsText } from '../support/scratch.ts';
import { scratchData } from '../support/submission-data.ts';

const PERIOD = '2026-10';
const [NORTH, SOUTH] = [`data/${PERIOD}/north.csv`, `data/${PERIOD}/south.csv`];
const MONTH = intervalMonth(PERIOD);
const HALL = onlyPoints(MONTH, ['h1', 'h2', 'o1']);
const FILES = monthFiles(PERIOD);
const south = FILES[SOUTH] ?? '';
const DATA = scratchData({ [SOUTH]: south });

/** What the readers of the commands find in the whole month. */
function commands(north: string) {
	const register = readRegister('data/entities.csv', encodeText(REGISTER_TEXT));
	const { basis } = readBasis({
		period: PERIOD,
		rules: { basis: 'interval', interval_minutes: 60, time_zone: 'Europe/Berlin' },
		path: 'data/rules/2026-10.json',
		register,
		points: encodeText(POINTS_TEXT),
		timeOf: periodTimeOf,
	});
	const files = new Map(
		[NORTH, SOUTH].map((path) => [path, encodeText(path === NORTH ? north : south)]),
	);
	return readPeriodInput(files, PERIOD, 1, register, basis);
}

const said = (problems: readonly Problem[]) =>
	problems
		.map(
			(it) =>
				`${it.location.path}:${it.location.line}:${it.location.column} ${it.code} ${problemText(it)}`,
		)
		.toSorted();

const judged = (text: string, data: SubmitData = DATA) =>
	judge(data, PERIOD, NORTH, encodeText(text));

describe('a file of readings by interval', () => {
	test.each([
		['day rows', asDays(HALL)],
		['long', asLong(HALL)],
		['wide', asWide(HALL)],
		['with a mark and CRLF', `\ufeff${asDays(HALL).replaceAll('\n', '\r\n')}`],
	])('%s: its figures are those of the commands', (_form, text) => {
		const { ok, readings, problems } = judged(text);
		const { input } = commands(text);
		const own = input.settled.filter(({ reading }) => reading.sources.includes(NORTH));
		expect(ok).toBe(true);
		expect(readings).toEqual(own.map(({ reading }) => reading));
		expect(readings.map(({ entity }) => entity)).toEqual(['hall', 'office']);
		const [hall] = readings;
		expect(hall?.self_consumed_wh).toBeGreaterThan(0n);
		expect(hall?.self_consumed_wh).toBeLessThan(hall?.consumed_wh ?? 0n);
		expect(said(problems)).toEqual(said(input.notices));
	});

	const days = asDays(HALL);
	const line = (text: string, at: number) => text.split('\n')[at] ?? '';
	test.each([
		['a value is missing', days.replace(/^(h1,2026-10-03,.*?,)[^,]+(,)/m, '$1$2')],
		['a day is missing', days.replace(`${line(days, 5)}\n`, '')],
		['a metering point is missing', asDays(onlyPoints(MONTH, ['h1', 'o1']))],
		['a day is there twice', `${days}${line(days, 40)}\n`],
		['a reading of another file', `${asLong(HALL)}l1,2026-10-05T08:00:00+02:00,1\n`],
		['a decimal comma', days.replace(/^(h2,2026-10-04,)[^,]+/m, '$1"1,5"')],
		['a stranger', days.replaceAll('o1,', 'o9,')],
		['semicolons', days.replaceAll(',', ';')],
		['another number of columns', days.replaceAll(/,[^,]*$/gm, '')],
		['a day of another month', days.replace('h1,2026-10-31', 'h1,2026-11-01')],
		['a long file without offsets', asLong(HALL).replaceAll(/\+0[12]:00/g, '')],
		['a file of totals', totalsText(PERIOD)],
	])('%s: told as by the commands', (_fault, text) => {
		const { ok, problems } = judged(text);
		const { problems: all, input } = commands(text);
		const told = said([...all, ...input.notices]).filter(
			// South is whole, so that what is missing is missing here; of nobody else anything is said.
			(it) =>
				(!it.includes('entity-silent') && !it.startsWith(`${SOUTH}:`)) || it.includes(`${NORTH}:`),
		);
		expect(told.length).toBeGreaterThan(0);
		expect(said(problems)).toEqual(told);
		expect(ok).toBe(false);
	});
});

test('the page holds of other files which readings there are, not what they are', () => {
	const text =
		'x_note,metering_point,interval_start,kwh\r\n"a, b","l1",2026-10-01T00:00:00+02:00,12.5\r\n';
	expect(withoutReadings(encodeText(`\ufeff${text}l1,short\n`), new Set(['l1']))).toBe(
		'metering_point,interval_start,kwh\nl1,2026-10-01T00:00:00+02:00,0\n\n',
	);
	expect(DATA.open[SOUTH]).toMatch(/^interval_start,l1\n(2026-[^,]+,0\n){745}$/);
});

test('an entity that is measured in two files has the figures of both', () => {
	const roof = asWide(onlyPoints(MONTH, ['h1', 'l1']));
	const data = scratchData({ [SOUTH]: roof });
	const { ok, readings } = judged(asDays(onlyPoints(MONTH, ['h2', 'o1'])), data);
	expect(ok).toBe(true);
	const whole = judged(asDays(HALL)).readings;
	const figures = (it: (typeof whole)[number]) => [it.entity, it.generated_wh, it.self_consumed_wh];
	expect(readings.map(figures)).toEqual(whole.map(figures));
	expect(data.open[SOUTH]).toMatch(/^interval_start,h1,l1\n(2026-[^,]+,[0-9.]+,0\n){745}$/);
});

test('readings of another entity are not missed in this file', () => {
	const alone = scratchData();
	const { ok, readings } = judge(alone, PERIOD, NORTH, encodeText(asDays(HALL)));
	expect([ok, readings.length]).toEqual([true, 2]);
	expect(commands(asDays(HALL)).problems).toEqual([]);
});

test('what an untold file may hold is not missed, what this one lacks is', () => {
	const untold = { ...DATA, open: { [SOUTH]: '' } };
	const part = asDays(onlyPoints(MONTH, ['h1', 'o1']));
	const { ok, readings } = judged(part, untold);
	expect(ok).toBe(true);
	expect(readings.map(({ entity }) => entity)).toEqual(['office']);
	const { problems } = judged(part.replace(/^o1,2026-10-09.*\n/m, ''), untold);
	expect(problems.map((it) => it.code)).toEqual(['readings-missing']);
});

test('a file that replaces one may not leave an entity out', () => {
	const data = scratchData(FILES);
	const { problems } = judged(asDays(onlyPoints(MONTH, ['h1', 'h2'])), data);
	expect(problems).toEqual([
		{
			code: 'entity-silent',
			location: { path: `data/${PERIOD}`, line: 0, column: 0 },
			entity: 'office',
			period: PERIOD,
		},
	]);
});

test('a time zone that the browser does not know is a problem of its own', () => {
	const rules = { basis: 'interval', interval_minutes: 60, time_zone: 'Europe/Nowhere' } as const;
	const { ok, problems } = judged(asDays(HALL), { ...DATA, bases: [['2026-01', rules]] });
	expect(ok).toBe(false);
	expect(problems.map(({ code }) => code)).toEqual(['period-time-zone']);
});

test('a file says its month and, where it is of one, its entity', () => {
	const utc = asLong(onlyPoints(MONTH, ['h1', 'h2'])).replaceAll(
		/2026-[0-9T:-]+\+0[12]:00/g,
		(it) => `${new Date(it).toISOString().slice(0, 19)}Z`,
	);
	expect(utc).toContain('2026-09-30T22:00:00Z');
	const subject = (text: string) => subjectOf(DATA, encodeText(text), '2026-09');
	expect(subject(utc)).toEqual({ entity: 'hall', period: PERIOD });
	expect(subject(`\ufeff${south.replaceAll('\n', '\r\n')}`)).toEqual({
		entity: 'library',
		period: PERIOD,
	});
	expect(subject(asDays(HALL))).toEqual({ entity: null, period: PERIOD });
	expect(placeOf(PERIOD, '', 'Substitutes.csv')).toBe(`data/${PERIOD}/readings.csv`);
});

test('a file for the other basis is known', () => {
	const interval = encodeText(asWide(HALL));
	const totals = encodeText(totalsText('2026-09'));
	expect(isOfOtherBasis(interval, 'monthly')).toBe(true);
	expect(isOfOtherBasis(interval, 'interval')).toBe(false);
	expect(isOfOtherBasis(totals, 'interval')).toBe(true);
	expect(isOfOtherBasis(totals, 'monthly')).toBe(false);
	const { ok, problems } = judge(DATA, '2026-08', 'data/2026-08/a.csv', interval);
	expect(ok).toBe(false);
	expect(problems.map(({ code }) => code)).toContain('csv-header-unknown');
});
