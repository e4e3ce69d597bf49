import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { decodeText } from '../../src/core/format/bytes.ts';
import { intervalStart } from '../../src/core/readings/period-time.ts';
import { computeRun } from '../../src/core/record/run.ts';
import { presentAt } from '../../src/node/present.ts';
import {
	bytesOf,
	type IntervalRepository,
	intervalRepository,
	MONTH_COUNT,
} from '../support/interval-repository.ts';
import { timeOf } from '../support/readings.ts';
import { scratchFolder } from '../support/scratch.ts';

/** `docs/spec/recompute.sql` as it stands against the program: two readings of one specification. */

const SEED = Date.now() % 1_000_000;
const SQL = readFileSync('docs/spec/recompute.sql', 'utf8');
const GIVEN = "'settlements/2026-10/r1'";

/** The files of a repository with a run folder, as DuckDB finds them. */
function writeRepository(repository: IntervalRepository): string {
	const { period, run, files } = repository;
	const folder = scratchFolder();
	const settlement = `settlements/${period}/r${run}`;
	const text = (path: string) => files.get(path) ?? '';
	const all = new Map([
		...files,
		[`${settlement}/entities.csv`, text('data/entities.csv')],
		[`${settlement}/metering-points.csv`, text('data/metering-points.csv')],
		[`${settlement}/rules.json`, text(rulesPath(repository))],
		[`${settlement}/manifest.json`, manifestText(repository)],
		['recompute.sql', SQL.replace(GIVEN, `'${settlement}'`)],
	]);
	// Only the snapshot counts.
	all
		.set('data/entities.csv', 'changed since\n')
		.set('data/metering-points.csv', 'changed since\n');
	for (const [path, content] of all) {
		mkdirSync(join(folder, dirname(path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	}
	mkdirSync(join(folder, 'recomputed'));
	return folder;
}

function manifestText({ time, period, run }: IntervalRepository): string {
	return JSON.stringify({ period, run, basis: { kind: 'interval', ...time } }, null, 2);
}

function runSql(folder: string) {
	const script = resolve('tests/support/run-sql.mjs');
	return spawnSync(process.execPath, [script, 'recompute.sql'], { cwd: folder, encoding: 'utf8' });
}

/** Its two record files as the program computes them. */
function recordsOf(repository: IntervalRepository): readonly string[] {
	const { period, run, files } = repository;
	const bytes = bytesOf(files);
	const path = rulesPath(repository);
	const result = computeRun({
		files: bytes,
		period,
		run,
		register: bytes.get('data/entities.csv') ?? new Uint8Array(),
		points: bytes.get('data/metering-points.csv'),
		rules: { path, bytes: bytes.get(path) ?? new Uint8Array() },
		history: new Map(),
		superseded: null,
		...presentAt('2026-11-02T00:00:00Z'),
	});
	if (!result.ok) throw new Error(JSON.stringify(result.problems.slice(0, 3)));
	return ['statement.csv', 'allocations.csv'].map(
		(name) => decodeText(result.value.records.get(name) ?? new Uint8Array()) ?? '',
	);
}

/** What allocations add up to for each giver and each taker: the same in every matrix. */
function marginsOf(allocations: string): ReadonlyMap<string, bigint> {
	const margins = new Map<string, bigint>();
	for (const line of allocations.trimEnd().split('\n').slice(1)) {
		const [, , from, to, ...amounts] = line.split(',');
		for (const [column, amount] of amounts.entries()) {
			for (const key of [`${column} from ${from}`, `${column} to ${to}`]) {
				margins.set(key, (margins.get(key) ?? 0n) + BigInt(amount.replace('.', '')));
			}
		}
	}
	for (const [key, sum] of margins) if (sum === 0n) margins.delete(key);
	return margins;
}

const rulesPath = ({ period }: IntervalRepository) => `data/rules/${period}.json`;
const seeds = Array.from({ length: 4 * MONTH_COUNT }, (_, index) => SEED + index);

test(`DuckDB computes the same records, seeds from ${SEED}`, () => {
	expect(SQL.split(GIVEN)).toHaveLength(2);
	for (const seed of seeds) {
		const repository = intervalRepository(seed);
		const folder = writeRepository(repository);
		const { status, stderr } = runSql(folder);
		expect(status, `seed ${seed}: ${stderr}`).toBe(0);
		const [statement, allocations] = recordsOf(repository);
		const read = (name: string) => readFileSync(join(folder, 'recomputed', name), 'utf8');
		expect(read('statement.csv'), `seed ${seed}`).toBe(statement);
		const same = repository.files.get(rulesPath(repository))?.includes('"exact"')
			? marginsOf
			: String;
		expect(same(read('allocations.csv')), `seed ${seed}`).toEqual(same(allocations ?? ''));
	}
});

test('three equal consumers: ties go to the first in each interval, and in the month', () => {
	const time = timeOf('2026-03', 'Europe/Berlin', 60);
	const ids = ['a', 'b', 'c', 'roof'];
	const text = (header: string, rows: string[]) => [header, ...rows, ''].join('\n');
	const starts = Array.from({ length: time.intervals }, (_, index) => intervalStart(time, index));
	const files = new Map([
		[
			'data/entities.csv',
			text(
				'entity,name,cost_center,valid_from,valid_to',
				ids.map((id) => `${id},${id},,2026-01,`),
			),
		],
		[
			'data/metering-points.csv',
			text(
				'metering_point,entity,direction,valid_from,valid_to',
				ids.map((id) => `${id},${id},${id === 'roof' ? 'generation' : 'consumption'},2026-01,`),
			),
		],
		['data/rules/2026-03.json', rulesWith('{"rule":"proportional"}', 'Europe/Berlin')],
		[
			'data/2026-03/all.csv',
			text(
				`interval_start,${ids.join()}`,
				starts.map((start) => `${start},0.001,0.001,0.001,0.001`),
			),
		],
	]);
	const repository = { time, period: '2026-03', run: 1, files };
	const folder = writeRepository(repository);
	expect(runSql(folder)).toMatchObject({ status: 0, stderr: '' });
	const allocations = readFileSync(join(folder, 'recomputed/allocations.csv'), 'utf8');
	expect(allocations).toBe(recordsOf(repository)[1]);
	const received = allocations.trimEnd().split('\n').slice(1);
	expect(received.map((row) => row.split(',').at(-1))).toEqual(['0.248', '0.248', '0.247']);
});

function rulesWith(stage: string, zone = 'UTC'): string {
	const basis = `"basis":"interval","interval_minutes":60,"time_zone":"${zone}"`;
	return `{"format":"wattproof/rules/v1",${basis},"allocation":[${stage}]}`;
}

/** One point in each form, by the hour of a February in UTC; a fourth belongs to an absent entity. */
function plainMonth(): Map<string, string> {
	const starts = Array.from({ length: 28 * 24 }, (_, index) =>
		new Date(Date.UTC(2026, 1, 1, index)).toISOString().replace('.000Z', 'Z'),
	);
	const days = Array.from({ length: 28 }, (_, day) => String(day + 1).padStart(2, '0'));
	const hours = Array.from({ length: 24 }, (_, hour) => hour + 1).join();
	const text = (header: string, rows: string[]) => [header, ...rows, ''].join('\n');
	return new Map([
		[
			'data/entities.csv',
			text('entity,name,cost_center,valid_from,valid_to', ['a,A,,2026-01,', 'b,B,,2026-01,']),
		],
		[
			'data/metering-points.csv',
			text('metering_point,entity,direction,valid_from,valid_to', [
				'long,a,generation,2026-01,',
				'days,a,consumption,2026-01,',
				'wide,a,consumption,2026-01,',
				'gone,a,consumption,2026-01,2026-01',
				'idle,b,consumption,2026-01,',
			]),
		],
		['data/rules/2026-02.json', rulesWith('{"rule":"proportional"}')],
		['data/2026-02/absent.csv', text('entity,reason,approved_by', ['b,Moved,M. Meter'])],
		[
			'data/2026-02/long.csv',
			text(
				'metering_point,interval_start,kwh,quality',
				starts.map((start) => `long,${start},4294967.295,`),
			),
		],
		[
			'data/2026-02/days.csv',
			text(
				`metering_point,date,${hours}`,
				days.map((day) => `days,2026-02-${day}${',1.5'.repeat(24)}`),
			),
		],
		[
			'data/2026-02/wide.csv',
			text(
				'interval_start,wide',
				starts.map((start) => `${start},0.25`),
			),
		],
	]);
}

/** A file of that month, a text in it (the first of its kind), what stands there instead. */
const REFUSED: readonly (readonly [file: string, from: string, to: string])[] = [
	...['', '0.2500', '00.25', '.25', '1.', '-1', '+1', '1e3', ' 1', '1 ', 'NaN', '1000000000'].map(
		(value) => ['wide.csv', 'T05:00:00Z,0.25', `T05:00:00Z,${value}`] as const,
	),
	...['1.5555', '01', '1_0', '\u0661', '-', '1.5"'].map(
		(value) => ['days.csv', ',1.5,', `,${value},`] as const,
	),
	...['', '4294967.296', '0x1', 'Infinity', '1.0000'].map(
		(value) => ['long.csv', 'T05:00:00Z,4294967.295', `T05:00:00Z,${value}`] as const,
	),
	...['T05:00:00', 'T05:00:00-00:00', 'T05:00:00z', 'T05:00Z', 'T05:00:01Z', ' 05:00:00Z'].map(
		(start) => ['long.csv', 'T05:00:00Z', start] as const,
	),
	['long.csv', '2026-02-01T05', '2026-02-30T05'],
	['long.csv', '2026-02-01T05', '2026-01-01T05'],
	['long.csv', '2026-02-28T23:00:00Z', '2026-02-28T24:00:00Z'],
	['long.csv', '2026-02-28T23:00:00Z', '2026-02-28T22:00:00Z'],
	['long.csv', 'long,2026-02-03T04:00:00Z,4294967.295,\n', ''],
	['long.csv', 'long,2026', 'idle,2026'],
	['long.csv', 'long,2026', 'gone,2026'],
	['long.csv', 'long,2026', 'Long,2026'],
	['long.csv', '4294967.295,\n', '4294967.295,X\n'],
	['long.csv', '4294967.295,\n', '4294967.295\n'],
	['long.csv', 'kwh', 'kWh'],
	['long.csv', 'quality', 'kwh'],
	['wide.csv', '2026-02-02T01:00:00Z', '2026-02-02T02:00:00Z'],
	['wide.csv', '2026-02-02T01:00:00Z,0.25\n', ''],
	['wide.csv', 'interval_start,wide', 'interval_start,idle'],
	['wide.csv', 'interval_start,wide', 'interval_start,long'],
	['wide.csv', 'interval_start,wide', 'interval_start;wide'],
	['days.csv', '2026-02-02', '2026-02-03'],
	['days.csv', '2026-02-02', '2026-02-29'],
	['days.csv', '2026-02-02', '2026-2-2'],
	['days.csv', '2026-02-02,1.5', '2026-02-02,'],
	['days.csv', 'date,1,2,', 'date,2,1,2,'],
	['days.csv', ',24\n', ',24,25\n'],
	['days.csv', ',24\n', '\n'],
];

function refusalOf(files: ReadonlyMap<string, string>) {
	const time = intervalRepository(MONTH_COUNT - 1).time;
	const repository = { time, period: '2026-02', run: 1, files };
	const folder = writeRepository(repository);
	const { status, stderr } = runSql(folder);
	const written = existsSync(join(folder, 'recomputed/statement.csv'));
	return { repository, status, stderr, written };
}

test('DuckDB refuses what the program refuses in readings, and writes nothing', () => {
	const good = refusalOf(plainMonth());
	expect(good.stderr).toBe('');
	expect(good.written).toBe(true);
	expect(recordsOf(good.repository)).toHaveLength(2);
	for (const [file, from, to] of REFUSED) {
		const files = plainMonth();
		const text = files.get(`data/2026-02/${file}`) ?? '';
		expect(text).toContain(from);
		files.set(`data/2026-02/${file}`, text.replace(from, to));
		const bad = refusalOf(files);
		const told = `${file}: ${from} -> ${to}: ${bad.stderr}`;
		expect(() => recordsOf(bad.repository), told).toThrow();
		expect(bad.status, told).toBe(1);
		expect(bad.stderr, told).toMatch(/^Invalid Input Error: \S/);
		expect(bad.written, told).toBe(false);
	}
});

test('DuckDB refuses contradictions between files, and rules that it does not know', () => {
	const range = '2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,S,Late';
	const substitutes = 'metering_point,first_interval,last_interval,quality,note\n';
	const cases: readonly (readonly [path: string, text: string])[] = [
		['data/2026-02/substitutes.csv', `${substitutes}long,${range}\n`],
		['data/2026-02/substitutes.csv', `${substitutes}wide,${range}\nwide,${range}\n`],
		['data/2026-02/substitutes.csv', `${substitutes}wide,${range.replace('Z', '')}\n`],
		['data/2026-02/more.csv', 'interval_start,wide\n2026-02-01T02:00:00Z,0.25\n'],
		['data/2026-02/absent.csv', 'entity,reason,approved_by\n'],
		['data/metering-points.csv', 'metering_point,entity,direction,valid_from,valid_to\n'],
	];
	for (const [path, text] of cases) {
		const bad = refusalOf(plainMonth().set(path, text));
		expect(() => recordsOf(bad.repository), path).toThrow();
		expect(bad.status).toBe(1);
		expect(bad.stderr, path).toMatch(/^Invalid Input Error: \S/);
		expect(bad.written, path).toBe(false);
	}
	for (const allocation of ['{"rule":"equal"}', '{"rule":"proportional","limit":[1,2]}']) {
		const rules = ['data/rules/2026-02.json', rulesWith(allocation)] as const;
		const bad = refusalOf(plainMonth().set(...rules));
		expect(bad.stderr, allocation).toContain('does not know the rule set');
		expect(bad.written, allocation).toBe(false);
	}
});
