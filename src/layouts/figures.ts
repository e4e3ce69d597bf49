import { drawSupplies } from '../charts/sankey.ts';
import type { Drawing } from '../charts/svg.ts';
import type { PublishedRun } from '../node/published.ts';
import { type SupplyMatrix, supplyMatrix } from '../node/supply-matrix.ts';
import { charts } from '../texts/chosen.ts';
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

/** What a figure's file says of where its figures are from: the operator and every statement. */
export function sourcesOf(runs: readonly PublishedRun[]): readonly string[] {
	const ids = format.list(runs.map(({ id }) => id));
	return [
		charts.source(settings.organization, ids),
		...runs.map(({ id, manifest_sha256 }) => charts.manifest(id, manifest_sha256)),
	];
}
