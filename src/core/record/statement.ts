import { formatTable, readTable } from '../format/csv.ts';
import { formatEnergy, formatUnits, parseUnits } from '../format/energy.ts';
import type { Period } from '../format/period.ts';
import type { Position } from '../settlement/settle.ts';

/** Money of an entity in minor units. */
export interface Money {
	readonly currency: string;
	readonly minor_digits: number;
	readonly debit: bigint;
	readonly credit: bigint;
}

/** A row of `statement.csv`: what one entity's period came to. */
export interface StatementRow extends Position {
	readonly name: string;
	readonly cost_center: string;
	readonly estimated_wh: bigint;
	/** Null without a price. */
	readonly money: Money | null;
}

/** Energy quantities in the order of the record's columns, each column named `..._kwh`. */
export const QUANTITIES = [
	'generated',
	'consumed',
	'self_consumed',
	'surplus',
	'deficit',
	'delivered',
	'received',
	'exported',
	'imported',
	'estimated',
] as const;
export type Quantity = (typeof QUANTITIES)[number];
export const ENERGY_COLUMNS = QUANTITIES.map((quantity) => `${quantity}_kwh`);
export const MONEY_COLUMNS = ['currency', 'debit', 'credit'];
const KEY_COLUMNS = ['period', 'run', 'entity', 'name', 'cost_center'];

export function quantityOf(row: StatementRow, quantity: Quantity): bigint {
	return row[`${quantity}_wh`];
}

/** `statement.csv` (docs/spec/layout.md); rows in entity order, money in all of them or in none. */
export function formatStatement(
	period: Period,
	run: number,
	rows: readonly StatementRow[],
	priced: boolean,
): string {
	const header = [...KEY_COLUMNS, ...ENERGY_COLUMNS, ...(priced ? MONEY_COLUMNS : [])];
	return formatTable(
		header,
		rows.map((row) => [
			period,
			String(run),
			row.entity,
			row.name,
			row.cost_center,
			...QUANTITIES.map((quantity) => formatEnergy(quantityOf(row, quantity))),
			...(row.money === null ? [] : formatMoney(row.money)),
		]),
	);
}

function formatMoney({ currency, minor_digits, debit, credit }: Money): string[] {
	return [currency, formatUnits(debit, minor_digits), formatUnits(credit, minor_digits)];
}

/** The rows of a `statement.csv` as `formatStatement` writes it; null for anything else. */
export function parseStatement(bytes: Uint8Array): readonly StatementRow[] | null {
	const columns = { required: [...KEY_COLUMNS, ...ENERGY_COLUMNS], optional: MONEY_COLUMNS };
	const table = readTable('statement.csv', bytes, columns);
	if (table.problems.length > 0) return null;
	const priced = table.header.includes('currency');
	const rows = table.rows.map((row): StatementRow | null => {
		const energy = Object.fromEntries(
			QUANTITIES.map((quantity) => [`${quantity}_wh`, parseUnits(row.cell(`${quantity}_kwh`), 3)]),
		);
		const money = priced
			? parseMoney(row.cell('currency'), row.cell('debit'), row.cell('credit'))
			: null;
		if (!isComplete(energy) || (priced && money === null)) return null;
		const [entity, name, cost_center] = [
			row.cell('entity'),
			row.cell('name'),
			row.cell('cost_center'),
		];
		return { entity, name, cost_center, ...energy, money };
	});
	const whole = rows.filter((row) => row !== null);
	return whole.length === rows.length ? whole : null;
}

function isComplete(
	energy: Readonly<Record<string, bigint | null>>,
): energy is Record<`${Quantity}_wh`, bigint> {
	return QUANTITIES.every((quantity) => energy[`${quantity}_wh`] != null);
}

/** Money of three cells, `debit` telling how many decimals there are; null where they disagree. */
export function parseMoney(currency: string, debit: string, credit: string): Money | null {
	const minor_digits = debit.split('.')[1]?.length ?? 0;
	const debits = parseUnits(debit, minor_digits);
	const credits = parseUnits(credit, minor_digits);
	if (debits === null || credits === null) return null;
	return { currency, minor_digits, debit: debits, credit: credits };
}
