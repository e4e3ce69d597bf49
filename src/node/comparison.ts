import { tenthsOf } from '../core/format/energy.ts';
import { shiftPeriod } from '../core/format/period.ts';
import { compareText } from '../core/problem.ts';
import {
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from '../core/record/statement.ts';
import { grouped } from './grouped.ts';
import type { Named, Published, PublishedRun } from './published.ts';

export type Compared = Quantity | 'debit' | 'credit';

/** One figure of two statements, in Wh or minor units; null where a statement has none. */
export interface Difference {
	readonly quantity: Compared;
	readonly before: bigint | null;
	readonly after: bigint | null;
	readonly change: bigint;
	/** The change in tenths of a percent, halves away from zero; null where it began at nothing. */
	readonly tenths: bigint | null;
	/** Beyond a quarter of what it was. */
	readonly large: boolean;
}

/** An entity of either statement. `joined`, `left`: the other one does not know it at all. */
export interface ComparedEntity extends Named {
	readonly state: 'both' | 'joined' | 'left';
	/** Every quantity, whether or not it changed. */
	readonly differences: readonly Difference[];
}

/** What a comparison looks at: of a final statement, or of what one would say. */
type Stated = Pick<PublishedRun, 'lines' | 'sums' | 'money'>;

export interface Comparison {
	/** The entities of either, by id. */
	readonly entities: readonly ComparedEntity[];
	readonly totals: readonly Difference[];
	/** Null where the two are not valued in one currency. */
	readonly money: { readonly currency: string; readonly minor_digits: number } | null;
}

/** `after` against `before`, for every entity of either. */
export function compareRuns(before: Stated, after: Stated): Comparison {
	const old = new Map(before.lines.map((line) => [line.entity, line]));
	const now = new Map(after.lines.map((line) => [line.entity, line]));
	const [from, to] = [before.money, after.money];
	const same = from?.currency === to?.currency && from?.minor_digits === to?.minor_digits;
	const money = same && from !== null && to !== null ? from : null;
	const names = new Map([...before.lines, ...after.lines].map((it) => [it.entity, it.name]));
	const entities = [...names]
		.toSorted(([a], [b]) => compareText(a, b))
		.map(([entity, name]): ComparedEntity => {
			const state = !old.has(entity) ? 'joined' : !now.has(entity) ? 'left' : 'both';
			const [earlier, later] = [old.get(entity)?.row ?? null, now.get(entity)?.row ?? null];
			return { entity, name, state, differences: differencesOf(earlier, later, money !== null) };
		});
	const totals = [
		...QUANTITIES.map((it) => differ(it, before.sums[it], after.sums[it])),
		...(money === null || from === null || to === null
			? []
			: [differ('debit', from.debit, to.debit), differ('credit', from.credit, to.credit)]),
	];
	return { entities, totals, money };
}

function differencesOf(
	before: StatementRow | null,
	after: StatementRow | null,
	priced: boolean,
): readonly Difference[] {
	const energy = QUANTITIES.map((it) =>
		differ(it, before && quantityOf(before, it), after && quantityOf(after, it)),
	);
	if (!priced) return energy;
	const sides = ['debit', 'credit'] as const;
	const value = sides.map((it) =>
		differ(it, before?.money?.[it] ?? null, after?.money?.[it] ?? null),
	);
	return [...energy, ...value];
}

function differ(quantity: Compared, before: bigint | null, after: bigint | null): Difference {
	const from = before ?? 0n;
	const change = (after ?? 0n) - from;
	const tenths = from === 0n ? null : tenthsOf(change, from);
	const size = change < 0n ? -change : change;
	const large = before !== null && after !== null && size * 4n > from;
	return { quantity, before, after, change, tenths, large };
}

/** The differences of an entity that are any: nothing against zero is none. */
export function changedOf({ differences }: ComparedEntity): readonly Difference[] {
	return differences.filter(({ change }) => change !== 0n);
}

/** Two statements that lie side by side. */
export interface Pair {
	readonly before: PublishedRun;
	readonly after: PublishedRun;
	/** Below `compare/`, what names each of them: periods, or the runs of one. */
	readonly names: readonly [string, string];
}

/** Each final month with the one before it, and each run of a month with the one it replaced. */
export function pairsOf({ runs, current }: Published): readonly Pair[] {
	const months = current.toReversed();
	return [
		...months.slice(1).flatMap((after, at): Pair[] => {
			const before = months[at];
			return before ? [{ before, after, names: [before.period, after.period] }] : [];
		}),
		...runs.slice(1).flatMap((after, at): Pair[] => {
			const before = runs[at];
			if (before?.period !== after.period) return [];
			return [{ before, after, names: [runName(before), runName(after)] }];
		}),
	];
}

/** `2026-03-r2` */
function runName({ period, run }: PublishedRun): string {
	return `${period}-r${run}`;
}

/**
 * By statement id, the statement of the month before that was in force when it was signed: what was
 * corrected later changes nothing here.
 */
export function runsBefore({ runs }: Published): ReadonlyMap<string, PublishedRun> {
	const byPeriod = grouped(runs, ({ period }) => period);
	return new Map(
		runs.flatMap((run) => {
			const earlier = byPeriod.get(shiftPeriod(run.period, -1)) ?? [];
			const { sequence } = run.manifest;
			const before = earlier.findLast(({ manifest }) => manifest.sequence < sequence);
			return before ? [[run.id, before] as const] : [];
		}),
	);
}
