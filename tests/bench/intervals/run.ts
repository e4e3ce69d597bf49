import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makePrograms, PROGRAMS } from '../peers/programs.ts';
import { type BrowserTable, measureBrowsers } from './browsers.ts';
import type { Cliff } from './cliffs.ts';
import { BOUTS, EXTENDED } from './contenders.ts';
import { judge, judgeBrowsers, judgeCliffs, type Verdict } from './judge.ts';
import { measureNode } from './measure.ts';
import { browserText, cliffText, tableText, verdictText } from './print.ts';
import { hold, type Table } from './rounds.ts';

/** The figures of a run, as `docs/performance.md` is made from them. */
export interface Results {
	readonly machine: string;
	readonly node: string;
	/** Of the system, before and after. */
	readonly load: readonly number[];
	readonly tables: readonly Table[];
	readonly cliffs: readonly Cliff[];
	readonly browsers: readonly BrowserTable[];
	readonly verdicts: readonly Verdict[];
}

export const RESULTS = resolve('node_modules/.cache/bench/intervals.json');

const extended = process.argv.includes('--extended');
const PEERS = ['peers/duckdb.ts', 'peers/csv-parse.ts', 'peers/polars.ts'];
const OWN = ['intervals/cliffs-program.ts', 'intervals/recompute-node.ts'];

if (import.meta.main) {
	await makePrograms([...PEERS, ...OWN]);
	// The first start makes the program that all others run.
	measureNode(['scripts/launch.cjs', 'settle', '--help']);
	const before = loadavg()[0] ?? 0;
	const tables = (extended ? EXTENDED : BOUTS).map((bout) => {
		const table = hold(bout);
		console.log(`${tableText(table)}\n`);
		return table;
	});
	const cliffs: readonly Cliff[] = JSON.parse(
		execFileSync(process.execPath, [join(PROGRAMS, 'cliffs-program.mjs')], { encoding: 'utf8' }),
	);
	console.log(`${cliffText(cliffs)}\n`);
	const browsers: BrowserTable[] = [];
	for (const layout of ['long', 'day-rows'] as const) {
		const table = await measureBrowsers(layout, extended);
		const native = tables.find((it) => it.metering_points === table.metering_points);
		if (native?.records !== table.records) throw new Error('Not the same records in a browser');
		console.log(browserText(table));
		browsers.push(table);
	}
	const verdicts = [...judge(tables), ...judgeCliffs(cliffs), ...judgeBrowsers(browsers)];
	console.log(`\n${verdicts.map(verdictText).join('\n')}`);
	const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}`;
	const load = [before, loadavg()[0] ?? 0];
	const results: Results = {
		machine,
		node: process.version,
		load,
		tables,
		cliffs,
		browsers,
		verdicts,
	};
	mkdirSync(dirname(RESULTS), { recursive: true });
	writeFileSync(RESULTS, JSON.stringify(results));
}
