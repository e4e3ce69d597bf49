import { expect, test } from 'vitest';
import {
	isMeteringPoint,
	POINT_LIMIT,
	pointProblems,
	pointsIn,
	readMeteringPoints,
} from '../../../src/core/data/metering-points.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import type { Problem } from '../../../src/core/problem.ts';

const PATH = 'data/metering-points.csv';
const HEADER = 'metering_point,entity,direction,valid_from,valid_to';
const REGISTERED = new Set(['hall', 'library', 'office']);

const read = (lines: readonly string[], header = HEADER) =>
	readMeteringPoints(PATH, encodeText(`${[header, ...lines].join('\n')}\n`), REGISTERED);
const places = (problems: readonly Problem[]) =>
	problems.map(({ code, location: { line, column } }) => `${line}:${column} ${code}`);

test('columns may stand in any order, and private ones beside them', () => {
	const header = 'x_room,valid_to,valid_from,direction,entity,metering_point';
	expect(read(['B 12,,2026-01,generation,hall,AT001.h-1_x'], header)).toEqual({
		points: [
			{
				id: 'AT001.h-1_x',
				entity: 'hall',
				direction: 'generation',
				valid_from: '2026-01',
				valid_to: '',
				line: 2,
			},
		],
		doubtful: new Set(),
		legible: true,
		problems: [],
	});
});

test.each(['h1', '1h', '0.1', 'A', 'X_1', 'Date', 'a'.repeat(63), 'NL.x_1', '1-2'])(
	'%s may name a metering point',
	(id) => {
		expect(isMeteringPoint(id)).toBe(true);
	},
);

test.each([
	['', '-h1', '.h1', '_h1', 'x_h1', 'h 1', 'h,1', 'hé', 'a'.repeat(64), 'h1\n'],
	['1', '4711', '0', '96', 'metering_point', 'interval_start', 'kwh', 'quality', 'date'],
])('%s may not', (...ids) => {
	expect(ids.filter(isMeteringPoint)).toEqual([]);
});

test.each([
	['4711,hall,generation,2026-01,', '2:1 metering-point-malformed'],
	['h1,Hall,generation,2026-01,', '2:4 entity-malformed'],
	['h1,annex,generation,2026-01,', '2:4 entity-unknown'],
	['h1,hall,Generation,2026-01,', '2:9 direction-unknown'],
	['h1,hall,,2026-01,', '2:9 direction-unknown'],
	['h1,hall,generation,2026-1,', '2:20 period-malformed'],
	['h1,hall,generation,,', '2:20 period-malformed'],
	['h1,hall,generation,Jan-26,', '2:20 period-spreadsheet'],
	['h1,hall,generation,2026-01,2026-13', '2:28 period-malformed'],
	['h1,hall,generation,2026-02,2026-01', '2:28 register-validity'],
	['h1,hall,generation,2026-01', '2:1 csv-cells'],
])('%s: %s', (line, problem) => {
	const { problems } = read([line]);
	expect(places(problems)).toEqual([problem]);
});

test('whoever is named by a row that cannot be read is no stranger', () => {
	const { points, doubtful } = read(['h1,hall,in,2026-01,', 'h2,hall,generation,2026-01,']);
	expect(points.map(({ id }) => id)).toEqual(['h2']);
	expect([...doubtful]).toEqual(['h1']);
});

test('under a register that cannot be read nobody is a stranger', () => {
	const bytes = encodeText(`${HEADER}\nh1,annex,generation,2026-01,\n`);
	expect(readMeteringPoints(PATH, bytes, null).problems).toEqual([]);
});

test('a metering point may go from one entity to another, but not belong to two', () => {
	const first = 'm,hall,generation,2026-01,2026-03';
	expect(read([first, 'm,office,generation,2026-04,']).problems).toEqual([]);
	expect(places(read([first, 'm,office,generation,2026-03,']).problems)).toEqual([
		'3:1 metering-point-overlap',
	]);
	expect(
		places(read(['m,hall,consumption,2026-04,', first, 'm,hall,generation,2025-01,']).problems),
	)
		// The row without an end overlaps both others.
		.toEqual(['4:1 metering-point-overlap', '4:1 metering-point-overlap']);
});

test('ids that differ in capitals only are two metering points', () => {
	const { problems } = read(['m,hall,generation,2026-01,', 'M,hall,generation,2026-01,']);
	expect(problems).toEqual([]);
});

test('the points of a period are those valid in it, by the bytes of their ids', () => {
	const { points } = read([
		'b,hall,generation,2026-01,2026-04',
		'a,hall,generation,2026-05,2026-05',
		'c,hall,generation,2026-06,',
		'B,hall,generation,2020-01,',
	]);
	expect(pointsIn(points, '2026-05').map(({ id }) => id)).toEqual(['B', 'a']);
	expect(pointsIn(points, '2026-04').map(({ id }) => id)).toEqual(['B', 'b']);
	expect(pointsIn(points, 'never')).toEqual([]);
});

test('an entity that is settled has a metering point, and a metering point an entity', () => {
	const points = read([
		'h,hall,generation,2026-01,',
		'o,office,generation,2026-01,2026-04',
		'l,library,generation,2026-01,',
	]);
	const register = { valid: new Set(['office', 'hall']), doubtful: new Set<string>() };
	const judged = (change: object, absent: string[] = []) =>
		pointProblems(points, '2026-05', { ...register, ...change }, new Set(absent)).map(
			({ code, location: { path, line } }) => `${path}:${line} ${code}`,
		);
	expect(judged({})).toEqual([
		'data/metering-points.csv:4 metering-point-entity',
		'data/2026-05:0 entity-without-metering-point',
	]);
	expect(judged({}, ['office'])).toEqual(['data/metering-points.csv:4 metering-point-entity']);
	expect(judged({ doubtful: new Set(['library']) }, ['office'])).toEqual([]);
});

test('where rows cannot be read, nobody is said to lack a metering point', () => {
	const register = { valid: new Set(['hall', 'office']), doubtful: new Set<string>() };
	for (const points of [read(['h,hall,in,2026-01,']), read(['"h'])]) {
		expect(pointProblems(points, '2026-05', register, new Set())).toEqual([]);
	}
});

test('more metering points than can be settled together are refused', () => {
	const rows = (count: number) =>
		read(Array.from({ length: count }, (_, index) => `m${index},hall,generation,2026-01,`));
	const register = { valid: new Set(['hall']), doubtful: new Set<string>() };
	const judged = (count: number) => pointProblems(rows(count), '2026-05', register, new Set());
	expect(judged(POINT_LIMIT)).toEqual([]);
	expect(judged(POINT_LIMIT + 1)).toMatchObject([
		{ code: 'metering-points-too-many', found: '20001', limit: '20000' },
	]);
});
