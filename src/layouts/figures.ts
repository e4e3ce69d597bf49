import { drawMonthlyBars } from '../charts/monthly-bars.ts';
import { drawSupplies } from '../charts/sankey.ts';
import type { Drawing } from '../charts/svg.ts';
import { quantityOf } from '../core/record/statement.ts';
import type { Account } from '../node/accounts.ts';
import type { PublishedRun } from '../node/published.ts';
import { type SupplyMatrix, supplyMatrix } from '../node/supply-matrix.ts';
import { charts, site } from '../texts/chosen.ts';
import { accountPath } from './periods.ts';
import { format, settings, statementPath } from './site.ts';

/** The figure of a statement, the same in its page and in its file; null where there is none. */
export function supplyDrawing({ supplies, period }: PublishedRun): Drawing | null {
	return drawSupplies(supplies, format, charts.supplies.title(format.month(period)));
}

/** The table that stands where there are too many for a figure; null where it is a plain list. */
export function matrixOf(run: PublishedRun): SupplyMatrix | null {
	return supplyDrawing(run) === null ? supplyMatrix(run) : null;
}

export function suppliesFile({ period, run }: PublishedRun): string {
	return `${statementPath(period, run)}supplies.svg`;
}

const ABOVE = ['self_consumed', 'received', 'imported'] as const;
const BELOW = ['delivered', 'exported'] as const;

/** The figure of an account, the same in its page and in its file; null before its first month. */
export function accountDrawing({ name, months }: Account): Drawing | null {
	if (!months.some(({ settled }) => settled)) return null;
	const { columns } = site.statement.entities;
	const data = {
		series: [
			...ABOVE.map((it) => ({ name: columns[it], side: 'above' as const })),
			...BELOW.map((it) => ({ name: columns[it], side: 'below' as const })),
		],
		months: months.map(({ run, row }) => ({
			period: run.period,
			values: row && [...ABOVE, ...BELOW].map((it) => quantityOf(row, it)),
		})),
	};
	return drawMonthlyBars(data, format, site.periods.account.figure(name));
}

export function accountFile({ entity }: Account): string {
	return `${accountPath(entity)}months.svg`;
}

/** What a figure's file says of where its figures are from: the operator and every statement. */
export function sourcesOf(runs: readonly PublishedRun[]): readonly string[] {
	const ids = format.list(runs.map(({ id }) => id));
	return [
		charts.source(settings.organization, ids),
		...runs.map(({ id, manifest_sha256 }) => charts.manifest(id, manifest_sha256)),
	];
}
