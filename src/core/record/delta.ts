import { formatTable, readTable } from '../format/csv.ts';
import { formatSigned, parseUnits } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import { compareText } from '../problem.ts';
import {
	ENERGY_COLUMNS,
	MONEY_COLUMNS,
	type Money,
	parseMoney,
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from './statement.ts';

const KEY_COLUMNS = ['period', 'run', 'supersedes', 'entity'];

/** What a run changes for one entity against the run it supersedes. */
export interface Change {
	readonly entity: string;
	readonly energy_wh: Readonly<Record<Quantity, bigint>>;
	/** Null where neither run has a price. */
	readonly money: Money | null;
}

/** The differences of two statements, `after` less `before`, for the entities of either, by id. */
export function changesBetween(
	before: readonly StatementRow[],
	after: readonly StatementRow[],
): readonly Change[] {
	const old = new Map(before.map((row) => [row.entity, row]));
	const now = new Map(after.map((row) => [row.entity, row]));
	const entities = [...new Set([...old.keys(), ...now.keys()])].toSorted(compareText);
	return entities.map((entity) => {
		const from = old.get(entity);
		const to = now.get(entity);
		const difference = (quantity: Quantity) =>
			(to ? quantityOf(to, quantity) : 0n) - (from ? quantityOf(from, quantity) : 0n);
		const energy_wh = Object.fromEntries(
			QUANTITIES.map((quantity) => [quantity, difference(quantity)]),
		) as Record<Quantity, bigint>;
		return { entity, energy_wh, money: moneyChange(from?.money, to?.money) };
	});
}

function moneyChange(from: Money | null | undefined, to: Money | null | undefined): Money | null {
	const either = to ?? from;
	if (!either) return null;
	const { currency, minor_digits } = either;
	return {
		currency,
		minor_digits,
		debit: (to?.debit ?? 0n) - (from?.debit ?? 0n),
		credit: (to?.credit ?? 0n) - (from?.credit ?? 0n),
	};
}

/** `delta.csv` (docs/spec/layout.md) of a run that supersedes `supersedes`. */
export function formatDelta(
	period: Period,
	run: number,
	supersedes: number,
	changes: readonly Change[],
): string {
	const money = changes.find((change) => change.money !== null)?.money ?? null;
	const header = [...KEY_COLUMNS, ...ENERGY_COLUMNS];
	return formatTable(
		money === null ? header : [...header, ...MONEY_COLUMNS],
		changes.map((change) => [
			period,
			String(run),
			String(supersedes),
			change.entity,
			...QUANTITIES.map((quantity) => formatSigned(change.energy_wh[quantity], 3)),
			...(money === null
				? []
				: [
						money.currency,
						formatSigned(change.money?.debit ?? 0n, money.minor_digits),
						formatSigned(change.money?.credit ?? 0n, money.minor_digits),
					]),
		]),
	);
}

/** The changes of a `delta.csv` as `formatDelta` writes it; null for anything else. */
export function parseDelta(bytes: Uint8Array): readonly Change[] | null {
	const columns = { required: [...KEY_COLUMNS, ...ENERGY_COLUMNS], optional: MONEY_COLUMNS };
	const table = readTable('delta.csv', bytes, columns);
	if (table.problems.length > 0) return null;
	const priced = table.header.includes('currency');
	const changes: Change[] = [];
	for (const row of table.rows) {
		const entries = QUANTITIES.map(
			(quantity) => [quantity, parseUnits(row.cell(`${quantity}_kwh`), 3)] as const,
		);
		const money = priced
			? parseMoney(row.cell('currency'), row.cell('debit'), row.cell('credit'))
			: null;
		if (entries.some(([, wh]) => wh === null) || (priced && money === null)) return null;
		const energy_wh = Object.fromEntries(entries) as Record<Quantity, bigint>;
		changes.push({ entity: row.cell('entity'), energy_wh, money });
	}
	return changes;
}
