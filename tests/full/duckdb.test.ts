import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import type { Series } from '../../src/core/readings/series.ts';
import { settleIntervals } from '../../src/core/settlement/intervals.ts';
import type { Allocation } from '../../src/core/settlement/settle.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';
import { chance } from '../support/communities.ts';

/** As much of the package as is used: it belongs to the bench and is never one of the product's. */
interface Connection {
	run(sql: string): Promise<unknown>;
	runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
}
interface DuckDB {
	DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
}

const scratch = mkdtempSync(join(tmpdir(), 'duckdb-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Point {
	readonly id: string;
	readonly entity: string;
	readonly direction: 'generation' | 'consumption';
	readonly readings: readonly number[];
}

const kwh = (wh: number) => `${Math.floor(wh / 1000)}.${String(wh % 1000).padStart(3, '0')}`;

/** Some entities with one or two meters of each direction. */
function meters(entities: number, time: PeriodTime, highest: number, seed: number): Point[] {
	const next = chance(seed);
	return Array.from({ length: entities }, (_, at) => at).flatMap((at) => {
		const entity = `e${1000 + at}`;
		const count = 1 + next(2);
		return (['generation', 'consumption'] as const).flatMap((direction) =>
			Array.from({ length: direction === 'generation' && next(2) === 0 ? 0 : count }, (_, one) => ({
				id: `${entity}.${direction.slice(0, 3)}${one}`,
				entity,
				direction,
				readings: Array.from({ length: time.intervals }, () => (next(4) === 0 ? 0 : next(highest))),
			})),
		);
	});
}

function seriesOf(points: readonly Point[], { intervals }: PeriodTime): Series {
	const entities = [...new Set(points.map(({ entity }) => entity))].toSorted();
	const size = entities.length * intervals;
	const series = { generated: new Uint32Array(size), consumed: new Uint32Array(size) };
	for (const { entity, direction, readings } of points) {
		const values = direction === 'generation' ? series.generated : series.consumed;
		const start = entities.indexOf(entity) * intervals;
		for (const [at, wh] of readings.entries()) values[start + at] = (values[start + at] ?? 0) + wh;
	}
	return { intervals, entities, ...series };
}

/** A third of the metering points in each form; a private column and line ends of Windows among them. */
function files(points: readonly Point[], time: PeriodTime): Record<string, string> {
	const third = (rest: number) => points.filter((_, at) => at % 3 === rest);
	const days = localDays(time);
	const columns = Math.max(...days.map(({ intervals }) => intervals));
	const starts = Array.from({ length: time.intervals }, (_, at) => intervalStart(time, at));
	const numbers = Array.from({ length: columns }, (_, at) => at + 1);
	const dayRows = third(0).flatMap(({ id, readings }) =>
		days.map(({ date, first, intervals }) => {
			const cells = numbers.map((it) =>
				it <= intervals ? kwh(readings[first + it - 1] ?? 0) : '',
			);
			return [id, date, ...cells].join(',');
		}),
	);
	const long = third(1).flatMap(({ id, readings }) =>
		starts.map((start, at) => `a,${start},${id},${kwh(readings[at] ?? 0)}`),
	);
	const wide = starts.map((start, at) =>
		[start, ...third(2).map(({ readings }) => kwh(readings[at] ?? 0))].join(','),
	);
	const lines = (rows: string[], end: string) => rows.map((it) => it + end).join('');
	return {
		'days.csv': lines([`metering_point,date,${numbers.join(',')}`, ...dayRows], '\r\n'),
		'long.csv': lines(['x_note,interval_start,metering_point,kwh', ...long], '\n'),
		'wide.csv': lines(
			[['interval_start', ...third(2).map(({ id }) => id)].join(','), ...wide],
			'\n',
		),
	};
}

async function byDuckDB(
	points: readonly Point[],
	time: PeriodTime,
	excluded: readonly string[],
	change: (long: string) => string = (long) => long,
) {
	const root = mkdtempSync(join(scratch, 'repository-'));
	const rows = points.map((it) => `${it.id},${it.entity},${it.direction},2020-01,\n`);
	const header = 'metering_point,entity,direction,valid_from,valid_to\n';
	const all = {
		'data/metering-points.csv': `${header}${rows.join('')}old.1,e1000,generation,2020-01,2025-09\n`,
		'data/2025-10/waivers.csv': 'code,entity,reason,approved_by\n',
		...Object.fromEntries(
			Object.entries(files(points, time)).map(([name, text]) => {
				return [`data/2025-10/${name}`, name === 'long.csv' ? change(text) : text];
			}),
		),
	};
	for (const [path, text] of Object.entries(all)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	const bench = createRequire(resolve('tests/bench/package.json'));
	const entry = pathToFileURL(bench.resolve('@duckdb/node-api')).href;
	const { DuckDBInstance } = (await import(entry)) as DuckDB;
	const connection = await (await DuckDBInstance.create(':memory:')).connect();
	const text = (it: string) => `'${it}'`;
	const offsets = time.offsets.map((it) => `{'from': '${it.from}', 'minutes': ${it.minutes}}`);
	const variables = {
		period: "'2025-10'",
		files: `[${text(`${root}/data/2025-10/*.csv`)}]`,
		utc_start: text(time.utc_start),
		interval_minutes: String(time.interval_minutes),
		intervals: String(time.intervals),
		offsets: `[${offsets.join(', ')}]`,
		absent: '[]::VARCHAR[]',
		excluded: `[${excluded.map(text).join(', ')}]::VARCHAR[]`,
	};
	for (const [name, value] of Object.entries(variables)) {
		await connection.run(`SET VARIABLE ${name} = ${value}`);
	}
	const sql = readFileSync('docs/spec/recompute.sql', 'utf8');
	await connection.run(sql.replaceAll("'data/metering", `'${root}/data/metering`));
	const rowsOf = async (query: string) => (await connection.runAndReadAll(query)).getRows();
	return {
		statement: await rowsOf('FROM statement ORDER BY entity'),
		allocations: await rowsOf('FROM allocations ORDER BY source, sink'),
	};
}

test.each([
	['Europe/Berlin', 15, 7, 5000, []],
	['Australia/Lord_Howe', 30, 12, 40, ['e1003']],
	['America/New_York', 60, 40, 1_000_000, ['e1000', 'e1020']],
	// A single reading may be 999,999 kWh and more; numbers of 64 bits do not hold the products.
	['UTC', 60, 9, 2_000_000_000, []],
] as const)(
	'%s at %i minutes: DuckDB gives %i entities the same watt-hours',
	async (zone, minutes, entities, highest, excluded) => {
		const time = periodTimeOf('2025-10', zone, minutes);
		if ('fault' in time) throw new Error(time.fault);
		const points = meters(entities, time, highest, entities);
		const found = await byDuckDB(points, time, excluded);
		const { positions, flows } = settleIntervals(seriesOf(points, time), {
			allocation: [{ rule: 'proportional' }],
			matrix: 'chain',
			excluded: [...excluded],
		});
		expect(found.statement).toEqual(
			positions.map((it) => [
				it.entity,
				it.generated_wh,
				it.consumed_wh,
				it.self_consumed_wh,
				it.surplus_wh,
				it.deficit_wh,
				it.delivered_wh,
				it.received_wh,
				it.exported_wh,
				it.imported_wh,
			]),
		);
		expect(found.allocations).toEqual(flows.map(({ from, to, units }) => [from, to, units]));
		expect(flows.length).toBeGreaterThan(entities / 3);
	},
);

test('the odd millionths of an interval go to the same entities', async () => {
	const time = periodTimeOf('2025-10', 'UTC', 60);
	if ('fault' in time) throw new Error(time.fault);
	const next = chance(5);
	const needs = Array.from({ length: 66 }, () => 1 + next(30));
	const sum = needs.reduce((total, wh) => total + wh, 0);
	const all = sum + 10 - ((sum + 10) % 11);
	needs.push((needs.pop() ?? 0) + all - sum);
	// All need 42 Wh, of which two intervals cover three in eleven: only odd millionths tell them apart.
	const idle = Array.from({ length: time.intervals - 2 }, () => 0);
	const points = needs.map((wh, at): Point => {
		const readings = [wh, 42 - wh, ...idle];
		return { id: `m${at}`, entity: `e${1000 + at}`, direction: 'consumption', readings };
	});
	const roof = [(all * 3) / 11, ((66 * 42 - all) * 3) / 11, ...idle];
	points.push({ id: 'roof', entity: 'roof', direction: 'generation', readings: roof });
	const found = await byDuckDB(points, time, []);
	const rules: Allocation = { allocation: [{ rule: 'proportional' }], matrix: 'chain' };
	const { positions } = settleIntervals(seriesOf(points, time), rules);
	expect(found.statement.map((it) => it[7])).toEqual(positions.map((it) => it.received_wh));
});

test.each([
	['a missing reading', (it: string) => it.replace(/[^\n]+\n$/, ''), 'missing or twice there'],
	['a reading twice', (it: string) => it + it.split('\n').at(-2), 'missing or twice there'],
	['a fourth decimal', (it: string) => it.replace(/\n$/, '1\n'), 'not accepted'],
	['a start without offset', (it: string) => it.replace(/\+00:00,/, ','), 'not accepted'],
])('%s stops DuckDB', async (_, change, message) => {
	const time = periodTimeOf('2025-10', 'Atlantic/Azores', 60);
	if ('fault' in time) throw new Error(time.fault);
	const points = meters(4, time, 900, 4);
	await expect(byDuckDB(points, time, [], change)).rejects.toThrow(message);
});
