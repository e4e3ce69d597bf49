import { expect, test } from 'vitest';
import type { Files } from '../../src/core/format/bytes.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { readBoard, readCalendar } from '../../src/node/board.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { REGISTER_TEXT, RULES_TEXT, scratchLog, totalsText } from '../support/scratch.ts';

function repository(texts: Readonly<Record<string, string>>): Files {
	const all = { 'data/entities.csv': REGISTER_TEXT, 'data/rules/2026-01.json': RULES_TEXT };
	return new Map(
		Object.entries({ ...all, ...texts }).map(([path, text]) => [path, encodeText(text)]),
	);
}

const HALL = 'entity,period,generated_kwh,consumed_kwh\nhall,2026-01,100,40\n';
const ABSENT = 'entity,reason,approved_by\noffice,Closed,B. Okafor\n';
const LIBRARY = 'entity,period,generated_kwh,consumed_kwh\nlibrary,2026-01,0,70.125\n';

const states = ({ open }: ReturnType<typeof readBoard>) =>
	open.map(({ period, state }) => `${period} ${state}`);

test.each([
	['nothing at all', {}, []],
	['one of three', { 'data/2026-01/a.csv': HALL }, ['2026-01 collecting']],
	[
		'two and an absence',
		{
			'data/2026-01/a.csv': HALL,
			'data/2026-01/b.csv': LIBRARY,
			'data/2026-01/absent.csv': ABSENT,
		},
		['2026-01 complete', '2026-02 collecting'],
	],
	[
		'a figure that cannot be read',
		{ 'data/2026-01/a.csv': HALL.replace('100,', '"1,5",') },
		['2026-01 faulty'],
	],
	[
		'a month left out',
		{
			'data/2026-01/all.csv': totalsText('2026-01'),
			'data/2026-03/all.csv': totalsText('2026-03'),
		},
		['2026-01 complete', '2026-02 collecting', '2026-03 complete'],
	],
	[
		'a mistyped year',
		{
			'data/2026-01/all.csv': totalsText('2026-01'),
			'data/2206-03/all.csv': totalsText('2206-03'),
		},
		['2026-01 complete', '2206-03 complete', '2206-04 collecting'],
	],
	['the last month that can be written', { 'data/9999-12/all.csv': totalsText('9999-12') }, []],
])('%s', (_name, texts, expected) => {
	expect(states(readBoard(repository(texts), 5))).toEqual(expected);
});

test('a month that is waited for shows what each has reported, and no shares', () => {
	const texts = { 'data/2026-01/a.csv': HALL, 'data/2026-01/absent.csv': ABSENT };
	const { current } = readBoard(repository(texts), 5);
	expect(current?.due).toBe('2026-02-05');
	expect(current?.preliminary).toBeNull();
	expect(
		current?.submitters.map((it) => [it.name, it.state, it.own?.surplus_wh, it.reason]),
	).toEqual([
		['Sports Hall', 'submitted', 60_000n, ''],
		['Library', 'missing', undefined, ''],
		['Office', 'absent', undefined, 'Closed'],
	]);
});

test('a complete month has the figures that its statement will have', async () => {
	const scratch = await scratchLog(['2026-01']);
	const [open] = readBoard(readTree(scratch.dir).files, 5).open;
	await scratch.finalize('2026-01');
	const { files } = readTree(scratch.dir);
	const published = readPublished(files);
	const [final] = published.current;
	const { lines, sums, money, totals, supplies, notices } = final ?? {};
	expect(open?.preliminary).toEqual({ lines, sums, money, totals, supplies, notices });
	const board = readBoard(files, 5);
	expect(states(board)).toEqual(['2026-02 collecting']);
	expect(board.current?.submitters.map(({ state }) => state)).toEqual(Array(3).fill('missing'));
	const { ahead, years } = readCalendar(files, published, board, 28);
	expect(ahead).toHaveLength(12);
	expect(ahead[0]).toMatchObject({ period: '2026-02', due: '2026-03-28', status: 'collecting' });
	expect(ahead[11]).toMatchObject({ period: '2027-01', status: 'upcoming' });
	expect(years.map(({ year, months }) => [year, months[0]?.status])).toEqual([['2026', 'final']]);
});

test('the sentences of a faulty month are there, silence left out', () => {
	const texts = { 'data/2026-01/a.csv': HALL.replace('100,', '"1,5",') };
	const { current } = readBoard(repository(texts), 5);
	expect(current?.problems.map(({ code }) => code)).toEqual(['energy-decimal-comma']);
	const [hall] = current?.submitters ?? [];
	expect(hall?.state).toBe('faulty');
});

test('a correction that is being prepared opens no month', async () => {
	const scratch = await scratchLog(['2026-01']);
	await scratch.finalize('2026-01');
	const reason = { reason_code: 'other', reason: 'Read again', requested_by: 'A', evidence: '' };
	await scratch.commit({
		'data/2026-01/r2/all.csv': totalsText('2026-01', '99'),
		'data/2026-01/r2/correction.json': JSON.stringify(reason),
	});
	const board = readBoard(readTree(scratch.dir).files, 5);
	expect(states(board)).toEqual(['2026-02 collecting']);
	expect(board.corrections).toMatchObject([{ period: '2026-01', run: 2, state: 'complete' }]);
});

const POINTS =
	'metering_point,entity,direction,valid_from,valid_to\n' +
	'H1,hall,consumption,2026-01,\nH2,hall,generation,2026-01,\n' +
	'L1,library,consumption,2026-01,\nO1,office,consumption,2026-01,\n';
const HOURLY = RULES_TEXT.replace('"monthly"', '"interval", "interval_minutes": 60');
const DAYS = Array.from({ length: 31 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}`);
const readings = (...points: readonly string[]) =>
	[
		`metering_point,date,${Array.from({ length: 24 }, (_, hour) => hour + 1)}`,
		...points.flatMap((id) => DAYS.map((day) => `${id},${day}${',1'.repeat(24)}`)),
		'',
	].join('\n');

test.each([
	['one meter of two silent', readings('H1', 'L1', 'O1'), 'collecting', 'missing', 0],
	[
		'a day missing',
		readings('H1', 'H2', 'L1', 'O1').replace(/^H2,2026-01-09.*\n/m, ''),
		'faulty',
		'faulty',
		1,
	],
	['everything', readings('H1', 'H2', 'L1', 'O1'), 'complete', 'submitted', 0],
] as const)('of a month of readings: %s', (_name, text, state, hall, problems) => {
	const [month] = readBoard(
		repository({
			'data/rules/2026-01.json': HOURLY,
			'data/metering-points.csv': POINTS,
			'data/2026-01/all.csv': text,
		}),
		5,
	).open;
	expect(month?.state).toBe(state);
	expect(month?.submitters.find(({ entity }) => entity === 'hall')?.state).toBe(hall);
	expect(month?.problems.length).toBe(problems);
	expect(month?.basis).toMatchObject({ kind: 'interval', intervals: 744 });
	const own = month?.submitters.find(({ entity }) => entity === 'hall')?.own;
	if (state === 'complete')
		expect(own).toMatchObject({ self_consumed_wh: 744_000n, surplus_wh: 0n });
});
