import type { RuleSet } from '../core/data/rules.ts';
import { compareText } from '../core/problem.ts';
import type { StatementRow } from '../core/record/statement.ts';
import { compareUnits, sumUnits } from '../core/settlement/apportion.ts';
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
	/** Null where nothing was shared. */
	readonly giver: Party | null;
	readonly receiver: Party | null;
	/** What the one supplied to the other, as the record has it. */
	readonly supplied_wh: bigint;
}

/** How the figures of a giver and a receiver of a run come about; computed from its rows alone. */
export function workExample(
	run: Pick<PublishedRun, 'rules' | 'lines' | 'totals' | 'supplies'>,
): WorkedExample {
	const excluded = new Set(run.rules.excluded);
	const rows = run.lines.flatMap(({ row }) => (row && !excluded.has(row.entity) ? [row] : []));
	const shared = run.totals.shared_wh;
	const party = (row: StatementRow, side: Side, known: boolean): Party => {
		const share = known ? shareOf(rows, row, side, shared) : null;
		return { entity: row.entity, name: row.name, row, share };
	};
	const [receiver = null] = rows
		.filter(({ received_wh }) => received_wh > 0n)
		.map((row) => party(row, 'deficit', sharesByDeficit(run.rules)))
		.toSorted((a, b) => tells(b) - tells(a) || compareUnits(b.row.received_wh, a.row.received_wh));
	const [giver = null] = rows
		.filter(({ delivered_wh }) => delivered_wh > 0n)
		.map((row) => party(row, 'surplus', sharesBySurplus(run.rules)))
		.toSorted((a, b) => compareUnits(b.row.delivered_wh, a.row.delivered_wh));
	const pair = run.supplies.find(
		({ from, to }) => from.entity === giver?.entity && to.entity === receiver?.entity,
	);
	return {
		surplus_wh: sumUnits(rows.map((row) => row.surplus_wh)),
		deficit_wh: sumUnits(rows.map((row) => row.deficit_wh)),
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

function shareOf(
	rows: readonly StatementRow[],
	row: StatementRow,
	side: Side,
	amount_wh: bigint,
): Share | null {
	const weightOf = (it: StatementRow) => it[`${side}_wh`];
	const weights_wh = sumUnits(rows.map(weightOf));
	if (weights_wh === 0n) return null;
	const parts = rows
		.map((it) => ({
			entity: it.entity,
			floor: (amount_wh * weightOf(it)) / weights_wh,
			remainder: (amount_wh * weightOf(it)) % weights_wh,
		}))
		.toSorted((a, b) => compareUnits(b.remainder, a.remainder) || compareText(a.entity, b.entity));
	const left_wh = amount_wh - sumUnits(parts.map(({ floor }) => floor));
	const place = parts.findIndex(({ entity }) => entity === row.entity);
	const part = parts[place];
	if (part === undefined) return null;
	const given_wh = part.floor + (BigInt(place) < left_wh ? 1n : 0n);
	const stands = side === 'deficit' ? row.received_wh : row.delivered_wh;
	// A record that says otherwise is for verification to judge: nothing is explained into it here.
	if (given_wh !== stands) return null;
	return {
		amount_wh,
		weight_wh: weightOf(row),
		weights_wh,
		floor_wh: part.floor,
		remainder: part.remainder,
		left_wh,
		parts: parts.filter(({ remainder }) => remainder > 0n).length,
		place: place + 1,
		given_wh,
	};
}

/** Whoever got one of the watt-hours left over shows the most. */
function tells({ share }: Party): number {
	return share !== null && share.given_wh > share.floor_wh ? 1 : 0;
}
