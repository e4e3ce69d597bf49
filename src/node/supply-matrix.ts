import { formatEnergy } from '../core/format/energy.ts';
import { compareText } from '../core/problem.ts';
import { sumUnits } from '../core/settlement/apportion.ts';
import type { Named, PublishedRun, Supply } from './published.ts';

type Side = 'from' | 'to';

/** An entity and what it supplied or received in all. */
export interface Share extends Named {
	readonly energy_wh: bigint;
}

/** Who supplied whom as a table of two sides, both by id; the shorter side makes the columns. */
export interface SupplyMatrix {
	/** The side of the columns. */
	readonly across: Side;
	readonly columns: readonly Share[];
	/** `level`: 0 for nothing, 4 for the largest cell and all within a quarter of it. */
	readonly rows: readonly (Share & {
		readonly cells: readonly { readonly energy_wh: bigint; readonly level: number }[];
	})[];
	readonly total_wh: bigint;
}

/** As many digits as stand beside one another on a sheet of A4 in landscape, with the names. */
const MOST_DIGITS = 128;

/** The matrix of a run without a price; null where it is too wide for paper, or nothing was shared. */
export function supplyMatrix({ supplies, money }: MatrixRun): SupplyMatrix | null {
	const rows = supplies.filter(({ energy_wh }) => energy_wh > 0n);
	if (rows.length === 0 || money !== null) return null;
	const sides = { from: shares(rows, 'from'), to: shares(rows, 'to') };
	const across: Side = sides.from.length <= sides.to.length ? 'from' : 'to';
	const down: Side = across === 'from' ? 'to' : 'from';
	const columns = sides[across];
	const total_wh = sumUnits(rows.map(({ energy_wh }) => energy_wh));
	const widest = [...columns.map(({ energy_wh }) => energy_wh), total_wh];
	if (widest.map(formatEnergy).join('').length > MOST_DIGITS) return null;
	const cells = new Map(rows.map((it) => [key(it[down], it[across]), it.energy_wh]));
	const highest = [...cells.values()].reduce((most, wh) => (wh > most ? wh : most), 1n);
	const cell = (row: Named, column: Named) => {
		const energy_wh = cells.get(key(row, column)) ?? 0n;
		return { energy_wh, level: Number((energy_wh * 4n + highest - 1n) / highest) };
	};
	return {
		across,
		columns,
		rows: sides[down].map((row) => ({ ...row, cells: columns.map((it) => cell(row, it)) })),
		total_wh,
	};
}

type MatrixRun = Pick<PublishedRun, 'supplies' | 'money'>;

const key = (row: Named, column: Named) => `${row.entity} ${column.entity}`;

/** The entities of one side with their sums, by id. */
function shares(rows: readonly Supply[], side: Side): readonly Share[] {
	const found = new Map<string, Share>();
	for (const row of rows) {
		const { entity, name } = row[side];
		const energy_wh = (found.get(entity)?.energy_wh ?? 0n) + row.energy_wh;
		found.set(entity, { entity, name, energy_wh });
	}
	return [...found.values()].toSorted((a, b) => compareText(a.entity, b.entity));
}

/** Who supplied and who received most, the first by id where equal; null where nothing was shared. */
export function largestOf({
	supplies,
}: Pick<PublishedRun, 'supplies'>): Record<Side, Share> | null {
	const rows = supplies.filter(({ energy_wh }) => energy_wh > 0n);
	const largest = (side: Side) => {
		const [first, ...others] = shares(rows, side);
		return others.reduce((most, it) => {
			return most === undefined || it.energy_wh > most.energy_wh ? it : most;
		}, first);
	};
	const [from, to] = [largest('from'), largest('to')];
	return from === undefined || to === undefined ? null : { from, to };
}
