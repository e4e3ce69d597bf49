import type { BrowserTable } from './browsers.ts';
import type { Cliff } from './cliffs.ts';
import { POINTS_OF_ENTITY } from './community.ts';
import type { ContenderId } from './contenders.ts';
import { TIME } from './month.ts';
import type { Standing, Table } from './rounds.ts';

/** A ratio of one run and what it may be at most. */
export interface Verdict {
	readonly what: string;
	readonly value: number;
	readonly most: number;
	readonly holds: boolean;
}

type Figure = 'wall_ms' | 'cpu_ms' | 'peak_mib';

const FIGURES: Readonly<Record<Figure, string>> = {
	wall_ms: 'time',
	cpu_ms: 'processors',
	peak_mib: 'memory',
};
const DUCKDB: readonly ContenderId[] = ['duckdb-typed', 'duckdb-strict'];

interface Limit {
	readonly metering_points: number;
	readonly layout: Table['layout'];
	readonly figure: Figure;
	/** The best of them counts. */
	readonly against: readonly ContenderId[];
	readonly most: number;
}

const LIMITS: readonly Limit[] = [
	limit(50, 'long', 'wall_ms', DUCKDB, 0.33),
	limit(50, 'day-rows', 'wall_ms', DUCKDB, 0.33),
	limit(50, 'long', 'wall_ms', ['node'], 3),
	limit(50, 'day-rows', 'wall_ms', ['node'], 3),
	limit(1000, 'long', 'wall_ms', DUCKDB, 0.22),
	limit(1000, 'long', 'cpu_ms', DUCKDB, 0.18),
	limit(1000, 'day-rows', 'wall_ms', DUCKDB, 0.2),
	limit(1000, 'long', 'wall_ms', ['openssl'], 3),
	limit(10_000, 'long', 'wall_ms', DUCKDB, 0.15),
	limit(10_000, 'day-rows', 'wall_ms', DUCKDB, 0.15),
	limit(10_000, 'long', 'peak_mib', DUCKDB, 0.12),
	limit(10_000, 'day-rows', 'peak_mib', DUCKDB, 0.12),
];

function limit(
	metering_points: number,
	layout: Table['layout'],
	figure: Figure,
	against: readonly ContenderId[],
	most: number,
): Limit {
	return { metering_points, layout, figure, against, most };
}

/** Slower at every size. */
const SLOWER: readonly ContenderId[] = ['csv-parse', 'polars'];
const MOST_MB = 100;

/** Every limit that the tables can be held to. */
export function judge(tables: readonly Table[]): readonly Verdict[] {
	return tables.flatMap((table) => {
		const own = LIMITS.filter(
			(it) => it.metering_points === table.metering_points && it.layout === table.layout,
		);
		const slower = SLOWER.filter((id) => table.standings.some((it) => it.id === id));
		return [
			...own.map((it) => verdictOf(table, it)),
			...slower.map((id) =>
				verdictOf(table, { ...table, figure: 'wall_ms', against: [id], most: 1 }),
			),
			memoryVerdict(table),
		];
	});
}

function verdictOf(table: Table, { figure, against, most }: Limit): Verdict {
	const others = table.standings.filter(({ id }) => against.includes(id));
	const [best] = others.toSorted((a, b) => (a[figure] ?? 0) - (b[figure] ?? 0));
	const value = figureOf(oursOf(table), figure) / figureOf(best, figure);
	const what = `${nameOf(table)}: ${FIGURES[figure]} / ${best?.name}`;
	return { what, value, most, holds: value <= most };
}

/** 100 MB and 8 bytes for each entity and interval. */
function memoryVerdict(table: Table): Verdict {
	const series = (8 * table.metering_points * TIME.intervals) / POINTS_OF_ENTITY;
	const most = Math.floor(MOST_MB + series / 1e6);
	const value = (figureOf(oursOf(table), 'peak_mib') * 2 ** 20) / 1e6;
	return { what: `${nameOf(table)}: memory, MB`, value, most, holds: value <= most };
}

export function judgeCliffs(cliffs: readonly Cliff[]): readonly Verdict[] {
	return cliffs
		.filter(({ name }) => name !== 'sorted')
		.map(({ name, ratio, most }) => {
			return { what: `${name} / sorted`, value: ratio, most, holds: ratio <= most };
		});
}

const MOST_OF_NODE = 1.5;

export function judgeBrowsers(tables: readonly BrowserTable[]): readonly Verdict[] {
	return tables.flatMap((table) => {
		const { Node: native = Number.NaN, ...others } = table.milliseconds;
		return Object.entries(others).map(([browser, milliseconds]) => {
			const value = milliseconds / native;
			const what = `${nameOf(table)}: time in ${browser} / in Node`;
			return { what, value, most: MOST_OF_NODE, holds: value <= MOST_OF_NODE };
		});
	});
}

function oursOf(table: Table): Standing | undefined {
	return table.standings.find(({ id }) => id === 'ours');
}

function figureOf(standing: Standing | undefined, figure: Figure): number {
	return standing?.[figure] ?? Number.NaN;
}

export function nameOf({ metering_points, layout }: Pick<Table, 'metering_points' | 'layout'>) {
	const count = metering_points.toLocaleString('en-US');
	return `${count} metering points, ${layout === 'long' ? 'long' : 'day rows'}`;
}

/** How much slower than its best round a program of no chance was in the middle: 1 is a quiet machine. */
export function noiseOf({ standings }: Table): number {
	const openssl = standings.find(({ id }) => id === 'openssl');
	return openssl === undefined ? Number.NaN : openssl.median_ms / openssl.wall_ms;
}
