import type { Price } from '../data/rules.ts';
import { formatTable } from '../format/csv.ts';
import { formatUnits } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import { compareText, impossible } from '../problem.ts';
import type { StatementRow } from './statement.ts';

const COLUMNS = [
	'period',
	'run',
	'line',
	'account',
	'cost_center',
	'entity',
	'currency',
	'debit',
	'credit',
	'text',
];

/** Whose account an entity's amounts were or are posted to. */
export interface Posted {
	readonly rows: readonly StatementRow[];
	/** Null where nothing was posted. */
	readonly accounts: Price['accounts'] | null;
}

interface Posting {
	readonly account: string;
	readonly cost_center: string;
	readonly entity: string;
	/** Debit if positive, credit if negative. */
	readonly units: bigint;
	readonly side: 'received' | 'delivered';
}

/**
 * `journal.csv` (docs/spec/layout.md): the postings of a run, which are the changes against the run
 * before (against nothing for run 1). Where account or cost center changed, the old amount is taken
 * back there and the new one posted here. A negative amount is posted on the other side, so that
 * debits and credits balance.
 */
export function formatJournal(
	period: Period,
	run: number,
	before: Posted,
	rows: readonly StatementRow[],
	price: Price,
): string {
	const old = postingsOf(before.rows, before.accounts);
	const now = postingsOf(rows, price.accounts);
	const keys = [...new Set([...old.keys(), ...now.keys()])].toSorted(compareText);
	const postings = keys
		.map((key) => {
			const [from, to] = [old.get(key), now.get(key)];
			const either = to ?? from ?? impossible('a posting of nobody');
			return { ...either, units: (to?.units ?? 0n) - (from?.units ?? 0n) };
		})
		.filter(({ units }) => units !== 0n);
	const amount = (units: bigint) => formatUnits(units > 0n ? units : 0n, price.minor_digits);
	return formatTable(
		COLUMNS,
		postings.map(({ account, cost_center, entity, units, side }, index) => [
			period,
			String(run),
			String(index + 1),
			account,
			cost_center,
			entity,
			price.currency,
			amount(units),
			amount(-units),
			`Energy ${side} ${period} r${run}`,
		]),
	);
}

/** Every amount of a statement by entity, side, account and cost center. */
function postingsOf(
	rows: readonly StatementRow[],
	accounts: Price['accounts'] | null,
): ReadonlyMap<string, Posting> {
	const postings = new Map<string, Posting>();
	for (const { entity, cost_center, money } of rows) {
		if (money === null || accounts === null) continue;
		const sides = [
			{ side: 'received', account: accounts.debit, units: money.debit },
			{ side: 'delivered', account: accounts.credit, units: -money.credit },
		] as const;
		for (const { side, account, units } of sides) {
			const key = [entity, side === 'received' ? 0 : 1, account, cost_center].join('\n');
			postings.set(key, { account, cost_center, entity, units, side });
		}
	}
	return postings;
}
