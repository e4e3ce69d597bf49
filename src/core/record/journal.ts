import type { Price } from '../data/rules.ts';
import { formatTable } from '../format/csv.ts';
import { formatUnits } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import type { Change } from './delta.ts';

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

/**
 * `journal.csv` (SPEC section 1.1): the postings of a run, which are the changes against the run
 * before (against nothing for run 1). A negative change is posted on the other side, so that debits
 * and credits balance and no amount is negative.
 */
export function formatJournal(
	period: Period,
	run: number,
	changes: readonly Change[],
	costCenters: ReadonlyMap<string, string>,
	price: Price,
): string {
	const postings = changes.flatMap(({ entity, money }) =>
		money === null
			? []
			: [
					{ entity, account: price.accounts.debit, units: money.debit, text: 'received' },
					{ entity, account: price.accounts.credit, units: -money.credit, text: 'delivered' },
				],
	);
	const amount = (units: bigint) => formatUnits(units > 0n ? units : 0n, price.minor_digits);
	return formatTable(
		COLUMNS,
		postings
			.filter(({ units }) => units !== 0n)
			.map(({ entity, account, units, text }, index) => [
				period,
				String(run),
				String(index + 1),
				account,
				costCenters.get(entity) ?? '',
				entity,
				price.currency,
				amount(units),
				amount(-units),
				`Energy ${text} ${period} r${run}`,
			]),
	);
}
