import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { decodeText } from '../../src/core/format/bytes.ts';
import { computeRun } from '../../src/core/record/run.ts';
import { presentAt } from '../../src/node/present.ts';
import {
	bytesOf,
	type IntervalRepository,
	intervalRepository,
	MONTH_COUNT,
} from '../support/interval-repository.ts';
import { scratchFolder } from '../support/scratch.ts';

/** `docs/spec/recompute.sql` as it stands against the program: two readings of one specification. */

const SEED = Date.now() % 1_000_000;
const SQL = readFileSync('docs/spec/recompute.sql', 'utf8');
const GIVEN = "'settlements/2026-10/r1'";

/** The files of a repository with a run folder, as DuckDB finds them. */
function writeRepository({ time, period, run, files }: IntervalRepository): string {
	const folder = scratchFolder();
	const settlement = `settlements/${period}/r${run}`;
	const text = (path: string) => files.get(path) ?? '';
	const all = new Map([
		...files,
		[`${settlement}/entities.csv`, text('data/entities.csv')],
		[`${settlement}/metering-points.csv`, text('data/metering-points.csv')],
		[`${settlement}/rules.json`, text(`data/rules/${period}.json`)],
		[`${settlement}/manifest.json`, manifestText({ time, period, run, files })],
		['recompute.sql', SQL.replace(GIVEN, `'${settlement}'`)],
	]);
	// Only the snapshot counts.
	all.set('data/entities.csv', 'changed since\n').set('data/metering-points.csv', 'changed since\n');
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
function recordsOf({ period, run, files }: IntervalRepository): readonly string[] {
	const bytes = bytesOf(files);
	const path = `data/rules/${period}.json`;
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
		expect(read('allocations.csv'), `seed ${seed}`).toBe(allocations);
	}
});
