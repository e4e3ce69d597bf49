import { join, resolve } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { PROGRAMS } from '../peers/programs.ts';
import type { Community, Layout } from './community.ts';
import { type Measured, measureNode, measureOther } from './measure.ts';
import { PERIOD } from './month.ts';

export type ContenderId =
	| 'ours'
	| 'duckdb-typed'
	| 'duckdb-strict'
	| 'csv-parse'
	| 'polars'
	| 'node'
	| 'openssl';

export interface Contender {
	readonly id: ContenderId;
	readonly name: string;
	/** Whether it does the whole job, so that what it writes has to be the same. */
	readonly settles: boolean;
	readonly run: (community: Community, out: string) => Measured;
}

const SQL = resolve('tests/bench/peers/duckdb');

function duckdb(form: 'typed' | 'strict'): Contender {
	return {
		id: `duckdb-${form}`,
		name: `DuckDB, ${form}`,
		settles: true,
		run: ({ dir, layout }, out) =>
			measureNode([join(PROGRAMS, 'duckdb.mjs'), dir, `${layout}-${form}`, SQL, out]),
	};
}

function peer(id: 'csv-parse' | 'polars', name: string): Contender {
	return {
		id,
		name,
		settles: true,
		run: ({ dir, layout }, out) => measureNode([join(PROGRAMS, `${id}.mjs`), dir, layout, out]),
	};
}

/** The words after `node` by which `npm run settle` starts. */
const SETTLE = manifest.scripts.settle.split(' ').slice(1);

export const OURS: Contender = {
	id: 'ours',
	name: 'Wattproof',
	settles: true,
	run: ({ dir }, out) =>
		measureNode([...SETTLE, ...['--repo', dir, '--period', PERIOD, '--out', out]]),
};
export const DUCKDB_TYPED = duckdb('typed');
export const DUCKDB_STRICT = duckdb('strict');
export const CSV_PARSE = peer('csv-parse', 'csv-parse and our settlement');
export const POLARS = peer('polars', 'Polars');
export const NODE: Contender = {
	id: 'node',
	name: 'node -e 0',
	settles: false,
	run: () => measureNode(['-e', '0']),
};
export const OPENSSL: Contender = {
	id: 'openssl',
	name: 'openssl sha256',
	settles: false,
	run: ({ dir, paths }) =>
		measureOther('openssl', ['sha256', ...paths.map((path) => join(dir, path))]),
};

/** One table: a size, a layout, and who runs in turns how often. */
export interface Bout {
	readonly metering_points: number;
	readonly layout: Layout;
	readonly rounds: number;
	readonly contenders: readonly Contender[];
	/** Run once, after the others: too slow for turns. */
	readonly once: readonly Contender[];
}

const DUCKDB = [DUCKDB_TYPED, DUCKDB_STRICT];
const ANYTHING = [NODE, OPENSSL];

export const BOUTS: readonly Bout[] = [
	{
		metering_points: 50,
		layout: 'long',
		rounds: 9,
		contenders: [OURS, ...DUCKDB, CSV_PARSE, ...ANYTHING],
		once: [],
	},
	{
		metering_points: 50,
		layout: 'day-rows',
		rounds: 9,
		contenders: [OURS, ...DUCKDB, CSV_PARSE, ...ANYTHING],
		once: [],
	},
	{
		metering_points: 1000,
		layout: 'long',
		rounds: 7,
		contenders: [OURS, ...DUCKDB, ...ANYTHING],
		once: [CSV_PARSE],
	},
	{
		metering_points: 1000,
		layout: 'day-rows',
		rounds: 7,
		contenders: [OURS, ...DUCKDB, ...ANYTHING],
		once: [CSV_PARSE],
	},
];

export const EXTENDED: readonly Bout[] = [
	...BOUTS.map((bout): Bout => ({ ...bout, contenders: [...bout.contenders, POLARS] })),
	// In long form a month of this size is 1.25 GB: more than is read.
	{
		metering_points: 10_000,
		layout: 'day-rows',
		rounds: 3,
		contenders: [OURS, ...DUCKDB, POLARS, ...ANYTHING],
		once: [CSV_PARSE],
	},
];
