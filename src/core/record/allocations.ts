import { formatTable, readTable } from '../format/csv.ts';
import { formatEnergy, formatUnits } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import { compareText } from '../problem.ts';
import type { Flow } from '../settlement/matrix.ts';
import type { Value } from '../settlement/value.ts';

/** A row of `allocations.csv` as its cells say it: who gave whom how much. */
export interface AllocationRow {
	readonly from: string;
	readonly to: string;
	readonly energy_kwh: string;
	/** Empty without a price. */
	readonly amount: string;
}

const COLUMNS = ['period', 'run', 'from', 'to', 'energy_kwh'];

/** `allocations.csv` (docs/spec/layout.md): the pairs between which energy or value went. */
export function formatAllocations(
	period: Period,
	run: number,
	flows: readonly Flow[],
	value: Value | null,
): string {
	const pairs = new Map<string, { from: string; to: string; wh: bigint; amount: bigint }>();
	const pair = ({ from, to }: Flow) => {
		const key = `${from} ${to}`;
		const known = pairs.get(key) ?? { from, to, wh: 0n, amount: 0n };
		pairs.set(key, known);
		return known;
	};
	for (const flow of flows) pair(flow).wh += flow.units;
	for (const flow of value?.amounts ?? []) pair(flow).amount += flow.units;
	const rows = [...pairs.values()]
		.toSorted((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to))
		.map(({ from, to, wh, amount }) => [
			period,
			String(run),
			from,
			to,
			formatEnergy(wh),
			...(value === null ? [] : [formatUnits(amount, value.minor_digits)]),
		]);
	return formatTable(value === null ? COLUMNS : [...COLUMNS, 'amount'], rows);
}

/** The rows of an `allocations.csv`; null where it is not one. */
export function parseAllocations(bytes: Uint8Array): readonly AllocationRow[] | null {
	const table = readTable('allocations.csv', bytes, { required: COLUMNS, optional: ['amount'] });
	if (table.problems.length > 0) return null;
	return table.rows.map((row) => ({
		from: row.cell('from'),
		to: row.cell('to'),
		energy_kwh: row.cell('energy_kwh'),
		amount: row.cell('amount'),
	}));
}
