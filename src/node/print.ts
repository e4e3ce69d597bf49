import { styleText } from 'node:util';
import { formatEnergy, formatSigned, formatUnits } from '../core/format/energy.ts';
import { visible } from '../core/format/name.ts';
import { isInfo, type Problem } from '../core/problem.ts';
import {
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from '../core/record/statement.ts';
import type { Finding, Report, Verdict } from '../core/verification/report.ts';
import {
	caveats,
	checks,
	findingSentence,
	plain,
	problemText,
	quantities,
	statuses,
	verdicts,
} from '../texts/en.ts';

type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

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

const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
	VALID: 'green',
	TAMPERED: 'red',
	UNTRUSTED: 'red',
	INCOMPLETE: 'yellow',
	PENDING: 'yellow',
	UNCONFIRMED: 'yellow',
};

/** The report of a verification for people; `period` selects which runs' findings are shown. */
export function reportText(report: Report, period: string | null): string {
	const { verdict, trust_roots } = report;
	const shown = report.findings.filter(
		(it) => period === null || it.period === period || !it.period,
	);
	const last = report.runs.at(-1);
	const runs = last ? plain.extent(report.runs.length, last) : plain.noRun;
	const root = trust_roots
		.map(({ version, sha256 }) => `version ${version}  ${sha256}`)
		.join('\n  ');
	const lines = [
		`${paint(VERDICT_STYLES[verdict], verdict)}  ${verdicts[verdict].means}`,
		'',
		`  Log    ${report.log || '-'} (${runs})`,
		`  Scope  files`,
		'',
		...report.checks.map(({ id, status }) => `  ${statuses[status].padEnd(12)} ${checks[id]}`),
	];
	if (shown.length > 0) lines.push('', ...shown.map(findingText));
	for (const worth of report.worth) {
		if (period === null || worth.period === period) lines.push('', worthText(worth));
	}
	lines.push('', `Trust root`, `  ${root || '-'}`);
	lines.push('', caveats.valid, caveats.tampered, caveats.scope);
	lines.push('', `Next: ${verdicts[verdict].next}`);
	return lines.join('\n');
}

export function findingText(finding: Finding): string {
	const { expected, actual, difference } = finding;
	const lines = [`- ${findingSentence(finding)}`];
	const digests = /^[0-9a-f]{64}$/;
	if (digests.test(expected)) lines.push(`    expected  ${expected}`);
	if (digests.test(actual)) lines.push(`    found     ${actual}`);
	if (difference !== null) {
		const where = difference.column === '' ? '' : `, ${difference.column}`;
		lines.push(
			`    line ${difference.line}${where}: ${difference.expected} -> ${difference.actual}`,
		);
	}
	return lines.join('\n');
}

/** What a change is worth, entity by entity, in kWh. */
export function worthText({ period, run, basis, entities }: Report['worth'][number]): string {
	const title =
		basis === 'settled'
			? `Worth of the change in ${period} run ${run}, if it were settled (kWh):`
			: `What the altered statement of ${period} run ${run} says differently (kWh):`;
	const columns = QUANTITIES.filter((quantity) =>
		entities.some(({ energy_wh }) => (energy_wh[quantity] ?? 0n) !== 0n),
	);
	const header = ['  Entity', ...columns.map((quantity) => quantities[quantity])];
	const rows = entities.map(({ entity, energy_wh }) => [
		`  ${entity}`,
		...columns.map((quantity) =>
			energy_wh[quantity] ? formatSigned(energy_wh[quantity], 3) : '-',
		),
	]);
	return `${title}\n${alignTable([header, ...rows], 1)}`;
}
