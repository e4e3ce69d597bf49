import type { Register, RegisterEntry } from '../core/data/register.ts';
import { type Period, shiftPeriod } from '../core/format/period.ts';
import { compareText } from '../core/problem.ts';
import type { Money, Quantity, StatementRow } from '../core/record/statement.ts';
import { grouped } from './grouped.ts';
import {
	type Named,
	type Published,
	type PublishedRun,
	sumMoney,
	sumQuantities,
} from './published.ts';

/** A month of an account: the run in force, and what it says of the entity. */
export interface AccountMonth {
	readonly run: PublishedRun;
	/** Null where the entity was absent, and `settled` false where it did not belong yet or any more. */
	readonly row: StatementRow | null;
	readonly settled: boolean;
}

/** Sums of some months. */
export interface AccountSum {
	readonly sums: Readonly<Record<Quantity, bigint>>;
	/** Null where no month is priced, or not all of them in one currency. */
	readonly money: Money | null;
}

/** What an entity's last twelve months came to. */
export interface Account extends Named {
	readonly cost_center: string;
	/** The last twelve final months of the log, the oldest first. */
	readonly months: readonly AccountMonth[];
	readonly total: AccountSum;
	/** From the month in which the operator's year begins until the newest. */
	readonly yearToDate: AccountSum & { readonly from: Period };
	/** The first month in which it belongs; null where it did before the log began. */
	readonly joined: Period | null;
	/** The last month in which it belongs; null where no end is known. */
	readonly left: Period | null;
}

const MONTHS = 12;

/** The account of every entity of the log and the register, by id. */
export function readAccounts(
	{ current }: Published,
	{ entries }: Register,
	fiscal_year_start: number,
): readonly Account[] {
	const months = current.slice(0, MONTHS).toReversed();
	const newest = months.at(-1)?.period;
	const byMonth = months.map((run) => new Map(run.lines.map((line) => [line.entity, line])));
	const spans = grouped(entries, ({ entity }) => entity);
	const seen = presenceOf(current);
	const first = current.at(-1)?.period ?? '';
	const from = newest === undefined ? '' : yearStart(newest, fiscal_year_start);

	const named = namesOf(current, entries);
	return [...named]
		.toSorted(([a], [b]) => compareText(a, b))
		.map(([entity, it]) => {
			const own = months.map((run, at): AccountMonth => {
				const line = byMonth[at]?.get(entity);
				return { run, row: line?.row ?? null, settled: line !== undefined };
			});
			const year = own.filter(({ run }) => run.period >= from);
			const { joined, left } = spanOf(spans.get(entity) ?? [], seen.get(entity));
			return {
				entity,
				...it,
				months: own,
				total: sumOf(own),
				yearToDate: { ...sumOf(year), from },
				joined: joined !== null && joined > first ? joined : null,
				left,
			};
		});
}

/** The month in which the operator's year that holds a period began. */
export function yearStart(period: Period, fiscal_year_start: number): Period {
	const passed = (Number(period.slice(5)) - fiscal_year_start + 12) % 12;
	return shiftPeriod(period, -passed);
}

function sumOf(months: readonly AccountMonth[]): AccountSum {
	const rows = months.flatMap(({ row }) => row ?? []);
	const kinds = new Set(
		rows.map(({ money }) => money && `${money.currency} ${money.minor_digits}`),
	);
	return { sums: sumQuantities(rows), money: kinds.size === 1 ? sumMoney(rows) : null };
}

interface Presence {
	readonly first: Period;
	readonly last: Period;
}

/** The first and last month in which each entity stands in a statement. */
function presenceOf(current: readonly PublishedRun[]): ReadonlyMap<string, Presence> {
	const presence = new Map<string, Presence>();
	// The newest month comes first.
	for (const { period, lines } of current) {
		for (const { entity } of lines) {
			presence.set(entity, { first: period, last: presence.get(entity)?.last ?? period });
		}
	}
	return presence;
}

/** By the register where it knows the entity, by the statements otherwise. */
function spanOf(
	entries: readonly RegisterEntry[],
	seen: Presence | undefined,
): { readonly joined: Period | null; readonly left: Period | null } {
	const [first] = entries.map(({ valid_from }) => valid_from).toSorted();
	if (first === undefined) return { joined: seen?.first ?? null, left: seen?.last ?? null };
	const ends = entries.map(({ valid_to }) => valid_to);
	const last = ends.includes('') ? null : (ends.toSorted().at(-1) ?? null);
	return { joined: seen !== undefined && seen.first < first ? seen.first : first, left: last };
}

/** Names and cost centers, the register's before those of the newest statement. */
function namesOf(current: readonly PublishedRun[], entries: readonly RegisterEntry[]) {
	const named = new Map<string, { readonly name: string; readonly cost_center: string }>();
	for (const { lines } of current.toReversed()) {
		for (const { entity, name, row } of lines) {
			const cost_center = row?.cost_center ?? named.get(entity)?.cost_center ?? '';
			named.set(entity, { name, cost_center });
		}
	}
	const byTime = entries.toSorted((a, b) => compareText(a.valid_from, b.valid_from));
	for (const { entity, name, cost_center } of byTime) named.set(entity, { name, cost_center });
	return named;
}
