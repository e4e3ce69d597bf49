import { readRegister } from '../core/data/register.ts';
import { REGISTER } from '../core/paths.ts';
import { readAccounts } from '../node/accounts.ts';
import { readBoard, readCalendar } from '../node/board.ts';
import { type Compared, pairsOf, runsBefore } from '../node/comparison.ts';
import type { OpenPeriod } from '../node/open-period.ts';
import { files, format, published, settings, statementPath } from './site.ts';

// Read once for all pages of a build, as in site.ts.
export const board = readBoard(files, settings.due_day);
export const calendar = readCalendar(files, published, board, settings.due_day);
export const accounts = readAccounts(
	published,
	readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array()),
	settings.fiscal_year_start,
);
export const pairs = pairsOf(published);
export const before = runsBefore(published);

export function accountPath(entity: string): string {
	return `entities/${entity}/`;
}

/** Where a month that is not final stands: a correction under the number that its run will have. */
export function openPath({ period, run }: OpenPeriod): string {
	return run === 1 ? statementPath(period) : statementPath(period, run);
}

export function comparePath([before, after]: readonly [string, string]): string {
	return `compare/${before}/${after}/`;
}

interface Money {
	readonly minor_digits: number;
}

function isMoney(quantity: Compared): boolean {
	return quantity === 'debit' || quantity === 'credit';
}

/** A figure of a comparison, in kWh or in money. */
export function figure(quantity: Compared, units: bigint, money: Money | null): string {
	if (!isMoney(quantity)) return format.energy(units);
	return format.amount(units, money?.minor_digits ?? 0);
}

export function figureChange(quantity: Compared, units: bigint, money: Money | null): string {
	if (!isMoney(quantity)) return format.energyChange(units);
	return format.amountChange(units, money?.minor_digits ?? 0);
}
