import { styleText } from 'node:util';
import { formatEnergy, formatSigned, formatUnits } from '../core/format/energy.ts';
import { visible } from '../core/format/name.ts';
import { isInfo, type Problem } from '../core/problem.ts';
import type { Change } from '../core/record/delta.ts';
import type { Exception } from '../core/record/exceptions.ts';
import type { Run } from '../core/record/run.ts';
import {
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from '../core/record/statement.ts';
import type { Report } from '../core/verification/report.ts';
import { plain, problemText, quantities, site } from '../texts/chosen.ts';
import type { Finalized } from './finalize.ts';
import { readDetail } from './published.ts';
import type { Unsigned } from './run-draft.ts';

export type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Color where the stream is a terminal and NO_COLOR is not set. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout) {
	return styleText(style, text, { stream, validateStream: true });
}

/** Rows in columns: text to the left, figures (from column `figures` on) to the right. */
export function alignTable(rows: readonly (readonly string[])[], figures: number): string {
	const widths = rows.reduce<number[]>(
		(all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)),
		[],
	);
	const align = (cell: string, column: number) =>
		column < figures ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
	return rows.map((row) => row.map(align).join('  ').trimEnd()).join('\n');
}

/** `path:line:column`, as far as the problem has a place. */
export function placeOf({ location: { path, line, column } }: Problem): string {
	return visible(line === 0 ? path : `${path}:${line}:${column}`);
}

export function countErrors(problems: readonly Problem[]): number {
	return problems.filter((problem) => !isInfo(problem)).length;
}

export function problemLines(problems: readonly Problem[]): string {
	return problems
		.map((problem) => {
			const label = isInfo(problem) ? paint('dim', 'note ') : paint('red', 'error');
			return `${label}  ${placeOf(problem)}  ${problem.code}\n       ${problemText(problem)}`;
		})
		.join('\n');
}

/** The problems for which a period is not settled, and what to do. */
export function refusalText(problems: readonly Problem[]): string {
	return `${problemLines(problems)}\n\n${plain.dataRefused(countErrors(problems))}`;
}

/** How many warnings nobody has accepted. */
export function countUnwaived(exceptions: readonly Exception[]): number {
	return exceptions.filter((it) => it.severity === 'warning' && it.waived_by === '').length;
}

/** What an exception says, with whom it concerns and who has accepted it. */
export function exceptionText(it: Exception): string {
	const { text, waived, file } = site.statement.notices;
	const sentence = text({ ...it, ...readDetail(it) }, { energy: formatEnergy });
	const unwaived = it.severity === 'warning' ? ` ${plain.unwaived}` : '';
	const accepted = it.waived_by === '' ? unwaived : ` ${waived(it.waived_by)}`;
	return visible(`${it.entity || file}: ${sentence}${accepted}`);
}

/** Warnings, absences and notes of a run, the warnings first; empty where there are none. */
export function exceptionLines(exceptions: readonly Exception[]): string {
	const warnings = exceptions.filter(({ severity }) => severity === 'warning');
	const others = exceptions.filter(({ severity }) => severity !== 'warning');
	return [...warnings, ...others]
		.map((it) => {
			const warns = it.severity === 'warning';
			const label = warns ? paint('yellow', 'warning') : paint('dim', 'note   ');
			const place = visible(it.line === 0 ? it.path : `${it.path}:${it.line}`);
			return `${label}  ${place}  ${it.code}\n         ${exceptionText(it)}`;
		})
		.join('\n');
}

type Shown = Pick<Run, 'period' | 'run' | 'rows' | 'changes' | 'exceptions'>;

/** A run for people: its statement, what it changes, and what is to be seen before it is signed. */
export function runText(run: Shown): string {
	const parts = [statementTable(run.rows)];
	if (run.changes !== null) parts.push(changesText(run, run.changes));
	if (run.exceptions.length > 0) parts.push(exceptionLines(run.exceptions));
	return parts.join('\n\n');
}

/** A run that has become final. */
export function finalizedText({ run, manifest, manifest_sha256, commit }: Finalized): string {
	const unwaived = countUnwaived(run.exceptions);
	return `${runText(run)}\n\n${plain.finalized(manifest, manifest_sha256, commit, unwaived)}`;
}

/** A run that is still to be signed, and how. */
export function draftedText({ run, manifest, manifest_sha256, signable }: Unsigned): string {
	return `${runText(run)}\n\n${plain.drafted(manifest, manifest_sha256, signable)}`;
}

function changesText(run: Shown, changes: readonly Change[]): string {
	const changed = changes.filter(({ energy_wh }) =>
		QUANTITIES.some((quantity) => energy_wh[quantity] !== 0n),
	);
	if (changed.length === 0) return plain.noChange(run);
	return `${plain.changes(run)}\n${changeTable(changed)}`;
}

/** What fits on a terminal; the records have them all. */
const SHOWN: readonly Quantity[] = [
	'generated',
	'consumed',
	'self_consumed',
	'delivered',
	'received',
	'exported',
	'imported',
];

/** A statement as an aligned table in kWh, with totals. */
export function statementTable(rows: readonly StatementRow[]): string {
	const priced = rows.some(({ money }) => money !== null);
	const header = ['Entity', ...SHOWN.map((quantity) => quantities[quantity])];
	if (priced) header.push('Debit', 'Credit');
	const body = rows.map((row) => [
		row.entity,
		...SHOWN.map((quantity) => formatEnergy(quantityOf(row, quantity))),
		...(priced ? moneyCells(row) : []),
	]);
	const sum = (quantity: Quantity) =>
		formatEnergy(rows.reduce((total, row) => total + quantityOf(row, quantity), 0n));
	const totals = ['Total', ...SHOWN.map(sum)];
	if (priced) totals.push(...moneyTotals(rows));
	return alignTable([header, ...body, totals], 1);
}

function moneyCells({ money }: StatementRow): string[] {
	if (money === null) return ['', ''];
	return [
		formatUnits(money.debit, money.minor_digits),
		formatUnits(money.credit, money.minor_digits),
	];
}

function moneyTotals(rows: readonly StatementRow[]): string[] {
	const digits = rows.find((row) => row.money !== null)?.money?.minor_digits ?? 2;
	const sum = (side: 'debit' | 'credit') =>
		formatUnits(
			rows.reduce((total, { money }) => total + (money?.[side] ?? 0n), 0n),
			digits,
		);
	return [sum('debit'), sum('credit')];
}

/** Surplus and deficit follow from the others, and the width of a terminal is short. */
const DERIVED: readonly Quantity[] = ['surplus', 'deficit'];

/** Changes by entity in kWh, only columns in which something changed. */
export function changeTable(entities: Report['worth'][number]['entities']): string {
	const changed = (quantity: Quantity, { energy_wh }: (typeof entities)[number]) =>
		(energy_wh[quantity] ?? 0n) !== 0n;
	const all = QUANTITIES.filter((quantity) => entities.some((it) => changed(quantity, it)));
	const brief = all.filter((quantity) => !DERIVED.includes(quantity));
	// A forged statement can say anything: nobody's row may come out empty.
	const telling = entities.every((it) => brief.some((quantity) => changed(quantity, it)));
	const columns = telling ? brief : all;
	const header = ['  Entity', ...columns.map((quantity) => quantities[quantity])];
	const rows = entities.map(({ entity, energy_wh }) => [
		`  ${visible(entity).slice(0, 80)}`,
		...columns.map((quantity) =>
			energy_wh[quantity] ? formatSigned(energy_wh[quantity], 3) : '-',
		),
	]);
	return alignTable([header, ...rows], 1);
}
