import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { makePeers } from '../peers/programs.ts';
import { BOUTS, EXTENDED } from './contenders.ts';
import { judge, type Verdict } from './judge.ts';
import { tableText, verdictText } from './print.ts';
import { hold, type Table } from './rounds.ts';

/** The figures of a run, as the pages of `docs/` are made from them. */
export interface Results {
	readonly machine: string;
	readonly node: string;
	readonly extended: boolean;
	readonly load: readonly (readonly number[])[];
	readonly tables: readonly Table[];
	readonly verdicts: readonly Verdict[];
}

export const RESULTS = resolve('node_modules/.cache/bench/intervals.json');

const extended = process.argv.includes('--extended');
const say = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`);
await makePeers(['duckdb', 'csv-parse', ...(extended ? ['polars'] : [])]);
const load = [loadavg()];
const tables = (extended ? EXTENDED : BOUTS).map((bout) => {
	const table = hold(bout, say);
	say('');
	console.log(`${tableText(table)}\n`);
	return table;
});
load.push(loadavg());
const verdicts = judge(tables);
for (const verdict of verdicts) console.log(verdictText(verdict));
const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}`;
const results: Results = { machine, node: process.version, extended, load, tables, verdicts };
mkdirSync(dirname(RESULTS), { recursive: true });
writeFileSync(RESULTS, JSON.stringify(results));
