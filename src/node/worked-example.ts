import type { RuleSet } from '../core/data/rules.ts';
import { compareText } from '../core/problem.ts';
import type { StatementRow } from '../core/record/statement.ts';
import { compareUnits, sumUnits } from '../core/settlement/apportion.ts';
import { MICRO } from '../core/settlement/interval-tally.ts';
import { type Balance, settle } from '../core/settlement/settle.ts';
import type { Named, PublishedRun } from './published.ts';

/** One part of an amount that is shared out by weights, by largest remainder (docs/spec/rules.md). */
export interface Share {
	readonly amount_wh: bigint;
	readonly weight_wh: bigint;
	readonly weights_wh: bigint;
	readonly floor_wh: bigint;
	/** What the division leaves, in parts of `weights_wh`. */
	readonly remainder: bigint;
	/** Watt-hours that all rounded parts together leave over, and how many parts had a remainder. */
	readonly left_wh: bigint;
	readonly parts: number;
	/** Place of this part among the remainders, the largest first: the first `left_wh` get one more. */
	readonly place: number;
	readonly given_wh: bigint;
}

export interface Party extends Named {
	readonly row: StatementRow;
	/** Null where the rule set shares by another rule than in proportion, or in several steps. */
	readonly share: Share | null;
}

/** A month worked through for two of its entities. */
export interface WorkedExample {
	/** Of those that share; what a rule set excludes is left out. */
	readonly surplus_wh: bigint;
	readonly deficit_wh: bigint;
	readonly shared_wh: bigint;
	/** Null where nothing was shared. */
	readonly giver: Party | null;
	readonly receiver: Party | null;
	/** What the one supplied to the other, as the record has it. */
	readonly supplied_wh: bigint;
}

interface Worked extends Pick<PublishedRun, 'rules' | 'lines' | 'supplies'> {
	readonly totals: Pick<PublishedRun['totals'], 'shared_wh'>;
}

/**
 * The same of one interval, all of it in millionths of a watt-hour: these are what an interval is
 * settled in. Null where its outcome also hangs on the intervals before it.
 */
export function workInterval(
	{ rules, lines }: Pick<PublishedRun, 'rules' | 'lines'>,
	balances: readonly Balance[],
): WorkedExample | null {
	if (rules.allocation.some(({ rule }) => rule === 'contract')) return null;
	const unit = BigInt(MICRO);
	const scaled = balances.map(({ entity, generated_wh, consumed_wh }) => {
		return { entity, generated_wh: generated_wh * unit, consumed_wh: consumed_wh * unit };
	});
	const { positions, shared_wh } = settle(scaled, { ...rules, matrix: 'chain' });
	const rows = new Map(positions.map((it) => [it.entity, it]));
	const settled = lines.map(({ entity, name, row }) => {
		const position = rows.get(entity);
		return { entity, name, row: row && position ? { ...row, ...position } : null };
	});
	return workExample({ rules, lines: settled, totals: { shared_wh }, supplies: [] });
}

/** How the figures of a giver and a receiver of a run come about; computed from its rows alone. */
export function workExample(run: Worked): WorkedExample {
	const excluded = new Set(run.rules.excluded);
	const rows = run.lines.flatMap(({ row }) => (row && !excluded.has(row.entity) ? [row] : []));
	const shared = run.totals.shared_wh;
	const parties = (side: Side, known: boolean): readonly Party[] => {
		const shares = known ? sharesOf(rows, side, shared) : new Map<string, Share>();
		return rows
			.filter((row) => exchanged(row, side) > 0n)
			.map((row) => {
				const { entity, name } = row;
				return { entity, name, row, share: shares.get(entity) ?? null };
			})
			.toSorted((a, b) => compareUnits(exchanged(b.row, side), exchanged(a.row, side)));
	};
	const [receiver = null] = parties('deficit', sharesByDeficit(run.rules)).toSorted(
		(a, b) => tells(b) - tells(a),
	);
	const [giver = null] = parties('surplus', sharesBySurplus(run.rules));
	const pair = run.supplies.find(
		({ from, to }) => from.entity === giver?.entity && to.entity === receiver?.entity,
	);
	return {
		surplus_wh: sumUnits(rows.map((row) => row.surplus_wh)),
		deficit_wh: sumUnits(rows.map((row) => row.deficit_wh)),
		shared_wh: shared,
		giver,
		receiver,
		supplied_wh: pair?.energy_wh ?? 0n,
	};
}

/** Whether all that is shared goes out in one step in proportion to the deficits. */
function sharesByDeficit({ allocation: [only, ...more] }: RuleSet): boolean {
	return only?.rule === 'proportional' && more.length === 0;
}

/** Whether all that is shared is taken in proportion to the surpluses. */
function sharesBySurplus({ allocation, delivery }: RuleSet): boolean {
	const proportional = delivery === undefined || delivery.rule === 'proportional';
	return proportional && allocation.every(({ rule }) => rule !== 'contract');
}

type Side = 'deficit' | 'surplus';

/** What an entity gave of its surplus, or got for its deficit. */
function exchanged(row: StatementRow, side: Side): bigint {
	return side === 'surplus' ? row.delivered_wh : row.received_wh;
}

/** By entity, how its part of an amount came about. */
function sharesOf(
	rows: readonly StatementRow[],
	side: Side,
	amount_wh: bigint,
): ReadonlyMap<string, Share> {
	const weightOf = (it: StatementRow) => it[`${side}_wh`];
	const weights_wh = sumUnits(rows.map(weightOf));
	if (weights_wh === 0n) return new Map();
	const parts = rows
		.map((row) => ({
			row,
			floor_wh: (amount_wh * weightOf(row)) / weights_wh,
			remainder: (amount_wh * weightOf(row)) % weights_wh,
		}))
		.toSorted(
			(a, b) => compareUnits(b.remainder, a.remainder) || compareText(a.row.entity, b.row.entity),
		);
	const left_wh = amount_wh - sumUnits(parts.map(({ floor_wh }) => floor_wh));
	const pool = { amount_wh, weights_wh, left_wh };
	const uneven = parts.filter(({ remainder }) => remainder > 0n).length;
	const shares = parts.map(({ row, floor_wh, remainder }, at): [StatementRow, Share] => {
		const given_wh = floor_wh + (BigInt(at) < left_wh ? 1n : 0n);
		const own = { weight_wh: weightOf(row), floor_wh, remainder, place: at + 1, given_wh };
		return [row, { ...pool, ...own, parts: uneven }];
	});
	// A record that says otherwise is for verification to judge: nothing is explained into it here.
	const stand = shares.filter(([row, { given_wh }]) => given_wh === exchanged(row, side));
	return new Map(stand.map(([row, share]) => [row.entity, share]));
}

/** Whoever got one of the watt-hours left over shows the most. */
function tells({ share }: Party): number {
	return share !== null && share.given_wh > share.floor_wh ? 1 : 0;
}
