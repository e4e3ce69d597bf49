import { compareText, impossible } from '../problem.ts';
import { compareUnits, sumUnits } from './apportion.ts';

/** Units that one entity gave to another. */
export interface Flow {
	readonly from: string;
	readonly to: string;
	readonly units: bigint;
}

/** Exact cells above this number must be replaced by a chain (docs/spec/rules.md). */
export const CELL_LIMIT = 100_000;

type Margin = ReadonlyMap<string, bigint>;

function nonZero(margin: Margin): [string, bigint][] {
	return [...margin].filter(([, units]) => units > 0n).toSorted(([a], [b]) => compareText(a, b));
}

/** The number of sources times the number of sinks, those of `flows` included. */
export function cellsOf(given: Margin, taken: Margin, flows: readonly Flow[]): number {
	const sources = new Set([...nonZero(given).map(([it]) => it), ...flows.map(({ from }) => from)]);
	const sinks = new Set([...nonZero(taken).map(([it]) => it), ...flows.map(({ to }) => to)]);
	return sources.size * sinks.size;
}

/** Who gave how much to whom: rows add up to `given`, columns to `taken`; both must have one sum. */
export function matrix(method: 'exact' | 'chain', given: Margin, taken: Margin): readonly Flow[] {
	const sources = nonZero(given);
	const sinks = nonZero(taken);
	if (sumUnits(given.values()) !== sumUnits(taken.values())) impossible('margins differ');
	return method === 'exact' ? quotaMatrix(sources, sinks) : chainMatrix(sources, sinks);
}

interface Sink {
	readonly entity: string;
	readonly quota: bigint;
	/** Units of the earlier sources. */
	taken: bigint;
}

/** Cumulative quota rounding, earliest deadline first (docs/spec/rules.md). */
function quotaMatrix(
	sources: readonly (readonly [string, bigint])[],
	sinks: readonly (readonly [string, bigint])[],
): Flow[] {
	const total = sumUnits(sinks.map(([, units]) => units));
	const columns: Sink[] = sinks.map(([entity, quota]) => ({ entity, quota, taken: 0n }));
	const prefix: bigint[] = [];
	for (const [, units] of sources) prefix.push((prefix.at(-1) ?? 0n) + units);

	return sources.flatMap(([from], index) => {
		const given = prefix[index] ?? 0n;
		const rows = columns.map((sink) => {
			const ideal = (given * sink.quota) / total;
			return { sink, lower: ideal > sink.taken ? ideal : sink.taken };
		});
		const need = given - sumUnits(rows.map(({ lower }) => lower));
		const eligible = rows
			.filter(({ sink, lower }) => given * sink.quota > lower * total)
			.map((row) => ({
				row,
				deadline: deadline(prefix, row.sink.quota, (row.lower + 1n) * total),
				lag: given * row.sink.quota - row.lower * total,
			}))
			.toSorted(
				(a, b) =>
					a.deadline - b.deadline ||
					compareUnits(b.lag, a.lag) ||
					compareText(a.row.sink.entity, b.row.sink.entity),
			);
		if (need < 0n || need > BigInt(eligible.length)) impossible('matrix infeasible');
		const raised = new Set(eligible.slice(0, Number(need)).map(({ row }) => row.sink));
		return rows.flatMap(({ sink, lower }) => {
			const taken = raised.has(sink) ? lower + 1n : lower;
			const units = taken - sink.taken;
			sink.taken = taken;
			return units === 0n ? [] : [{ from, to: sink.entity, units }];
		});
	});
}

/** The first source k with X_k * quota >= target, by bisection of the rising prefix sums. */
function deadline(prefix: readonly bigint[], quota: bigint, target: bigint): number {
	let low = 0;
	let high = prefix.length - 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((prefix[middle] ?? 0n) * quota >= target) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** Cumulative matching in id order: exact margins with about as many cells as entities. */
function chainMatrix(
	sources: readonly (readonly [string, bigint])[],
	sinks: readonly (readonly [string, bigint])[],
): Flow[] {
	const flows: Flow[] = [];
	const open = sinks.map(([entity, units]) => ({ entity, units }));
	let next = 0;
	for (const [from, units] of sources) {
		let left = units;
		while (left > 0n) {
			const sink = open[next];
			if (sink === undefined) return impossible('chain ran out of sinks');
			const part = left < sink.units ? left : sink.units;
			flows.push({ from, to: sink.entity, units: part });
			left -= part;
			sink.units -= part;
			if (sink.units === 0n) next++;
		}
	}
	return flows;
}
