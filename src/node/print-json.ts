import { formatEnergy, formatUnits } from '../core/format/energy.ts';
import { visible } from '../core/format/name.ts';
import { isInfo, type Problem } from '../core/problem.ts';
import type { Exception } from '../core/record/exceptions.ts';
import type { Run } from '../core/record/run.ts';
import { QUANTITIES, quantityOf, type StatementRow } from '../core/record/statement.ts';
import { problemText } from '../texts/chosen.ts';
import type { Approved } from './approve.ts';
import type { Finalized } from './finalize.ts';
import { exceptionText } from './print.ts';
import type { Unsigned } from './run-draft.ts';

/** Machine-readable forms of what the commands report; documented in `docs/spec/json.md`. */

export function text(value: unknown): string {
	return JSON.stringify(value, null, 2);
}

export function validationJson(it: {
	readonly periods: readonly string[];
	readonly problems: readonly Problem[];
	readonly exceptions?: readonly Exception[];
}): string {
	const problems = problemValues(it.problems);
	const ok = it.problems.every(isInfo);
	const exceptions = exceptionValues(it.exceptions ?? []);
	return text({ format: 'wattproof/validation/v1', ok, periods: it.periods, problems, exceptions });
}

export function problemValues(problems: readonly Problem[]) {
	return problems.map((problem) => {
		const { code, location, ...details } = problem;
		const severity = isInfo(problem) ? 'info' : 'error';
		return { code, severity, ...location, message: problemText(problem), details };
	});
}

export function exceptionValues(exceptions: readonly Exception[]) {
	return exceptions.map((one) => ({ ...one, message: exceptionText(one) }));
}

/** A run with energy in kWh and money as decimal text, exactly as the records have them. */
export function runJson(run: Run): string {
	return text({ format: 'wattproof/run/v1', ...runValue(run) });
}

function runValue({ period, run, rows, settlement, exceptions, totals }: Run) {
	return {
		period,
		run,
		totals,
		statement: rows.map(rowValue),
		allocations: settlement.flows.map(({ from, to, units }) => ({
			from,
			to,
			energy_kwh: formatEnergy(units),
		})),
		exceptions,
	};
}

export function rowValue(row: StatementRow) {
	return {
		entity: row.entity,
		name: row.name,
		cost_center: row.cost_center,
		...Object.fromEntries(QUANTITIES.map((it) => [`${it}_kwh`, formatEnergy(quantityOf(row, it))])),
		...(row.money && {
			currency: row.money.currency,
			debit: formatUnits(row.money.debit, row.money.minor_digits),
			credit: formatUnits(row.money.credit, row.money.minor_digits),
		}),
	};
}

export function finalizedJson({ run, manifest, manifest_sha256, commit }: Finalized): string {
	const { sequence, finalized_at } = manifest;
	const head = {
		format: 'wattproof/finalized/v1',
		sequence,
		finalized_at,
		manifest_sha256,
		commit,
	};
	return text({ ...head, ...runValue(run) });
}

export function draftedJson({ run, manifest, manifest_sha256, signable }: Unsigned): string {
	const { sequence, finalized_at } = manifest;
	const head = { format: 'wattproof/draft/v1', sequence, finalized_at, manifest_sha256, signable };
	return text({ ...head, ...runValue(run) });
}

export function approvedJson({
	manifest,
	manifest_sha256,
	role,
	missing,
	commit,
}: Approved): string {
	const { sequence, period, run, totals } = manifest;
	const head = { format: 'wattproof/approved/v1', sequence, period, run, role, missing };
	return text({ ...head, manifest_sha256, commit, totals });
}

/** A workflow command that GitHub shows on the line of the file. */
export function problemAnnotation(problem: Problem): string {
	const { path, line, column } = problem.location;
	const place = [`file=${property(visible(path))}`];
	if (line > 0) place.push(`line=${line}`, `col=${column}`);
	place.push(`title=${problem.code}`);
	const level = isInfo(problem) ? 'notice' : 'error';
	return `::${level} ${place.join(',')}::${escapeData(problemText(problem))}`;
}

/** The same for a warning or an absence of a run. */
export function exceptionAnnotation(it: Exception): string {
	const place = [`file=${property(visible(it.path))}`, ...(it.line > 0 ? [`line=${it.line}`] : [])];
	const level = it.severity === 'warning' ? 'warning' : 'notice';
	const data = escapeData(exceptionText(it));
	return `::${level} ${[...place, `title=${property(visible(it.code))}`].join(',')}::${data}`;
}

function escapeData(value: string): string {
	return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
	return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
