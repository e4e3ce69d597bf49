import { styleText } from 'node:util';
import { type Checkpoint, formatCheckpoint } from '../core/evidence/checkpoint.ts';
import { decodeText } from '../core/format/bytes.ts';
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
import type { Finding, Report, Verdict } from '../core/verification/report.ts';
import {
	caveats,
	checks,
	differenceText,
	findingSentence,
	plain,
	problemText,
	quantities,
	reportWords,
	site,
	statuses,
	verdicts,
} from '../texts/en.ts';
import { readDetail } from './published.ts';
import { VERSION } from './version.ts';

type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Color where the stream is a terminal and NO_COLOR is not set. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout) {
	return styleText(style, text, { stream, validateStream: true });
}

/** Rows in columns: text to the left, figures (from column `figures` on) to the right. */
function alignTable(rows: readonly (readonly string[])[], figures: number): string {
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

const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
	VALID: 'green',
	TAMPERED: 'red',
	UNTRUSTED: 'red',
	INCOMPLETE: 'yellow',
	PENDING: 'yellow',
	UNCONFIRMED: 'yellow',
};

/** How many findings of one kind are shown. */
const SHOWN_ALIKE = 3;

/** The report of a verification for people; `period` selects which runs' findings are shown. */
export function reportText(report: Report, period: string | null): string {
	const { verdict, trust_roots, findings } = report;
	const elsewhere = findings.filter((it) => period && it.period && it.period !== period);
	const shown = findings.filter((it) => !period || !it.period || it.period === period);
	const root = trust_roots
		.map(({ version, sha256 }) => `version ${version}  ${sha256}`)
		.join('\n  ');
	const lines = [
		`${paint(VERDICT_STYLES[verdict], verdict)}  ${verdicts[verdict].means}`,
		'',
		alignTable(headOf(report), 2),
		'',
		...report.checks.map(({ id, status }) => `  ${statuses[status].padEnd(12)} ${checks[id]}`),
	];
	if (period !== null && report.runs.every((it) => it.period !== period)) {
		lines.push('', reportWords.noRunOf(period));
	}
	if (shown.length > 0) lines.push('', ...foldAlike(shown));
	if (elsewhere.length > 0) {
		const periods = [...new Set(elsewhere.map((it) => it.period))].toSorted();
		lines.push('', reportWords.elsewhere(elsewhere.length, periods));
	}
	for (const worth of report.worth) {
		if (period === null || worth.period === period) lines.push('', worthText(worth));
	}
	lines.push('', reportWords.trustRoot, `  ${root || '-'}`);
	const kept = keptCheckpoint(report);
	if (kept !== null) {
		const four = (decodeText(formatCheckpoint(kept)) ?? '').trimEnd().split('\n');
		lines.push('', reportWords.checkpoint, ...four.map((line) => `  ${line}`));
	}
	const past = report.scope === 'files' ? caveats.files : caveats.history;
	lines.push('', caveats.valid, caveats.tampered, past);
	lines.push('', `Next: ${verdicts[verdict].next}`);
	return lines.join('\n');
}

/** Only what holds is worth keeping. */
export function keptCheckpoint({ verdict, checkpoint }: Report): Checkpoint | null {
	const holds = verdict === 'VALID' || verdict === 'PENDING' || verdict === 'UNCONFIRMED';
	return holds ? checkpoint : null;
}

function scopeText({ scope, history }: Report, files: number): string {
	if (scope === 'files') return reportWords.files(files);
	return reportWords.history(files, history?.commits ?? 0);
}

/** What a reader files with the verdict: program, log, scope, pin, and the end of the log. */
function headOf(report: Report): string[][] {
	const { verdict, log, checks: results, pin, runs } = report;
	const last = runs.at(-1);
	const extent = last ? plain.extent(runs.length, last) : plain.noRun;
	const files = Number(results.find(({ id }) => id === 'contents')?.evidence['files'] ?? 0);
	const rows = [
		[reportWords.program, `wattproof ${VERSION}`],
		[reportWords.log, `${log || '-'} (${extent})`],
		[reportWords.scope, scopeText(report, files)],
		[reportWords.pin, pin ?? reportWords.noPin],
	];
	if (last) {
		const holds = verdict === 'VALID' || verdict === 'PENDING' || verdict === 'UNCONFIRMED';
		const end = reportWords.sequence(last.sequence, last.manifest_sha256);
		rows.push([holds ? reportWords.note : reportWords.last, end]);
	}
	return rows.map(([label = '', value = '']) => [`  ${label}`, value]);
}

/** Findings of one code and check together: the first ones, and how many more there are. */
function foldAlike(findings: readonly Finding[]): string[] {
	const alike = new Map<string, Finding[]>();
	for (const finding of findings) {
		const key = `${finding.code} ${finding.check}`;
		const group = alike.get(key);
		if (group === undefined) alike.set(key, [finding]);
		else group.push(finding);
	}
	return [...alike.values()].flatMap((group) => {
		const first = group.slice(0, SHOWN_ALIKE).map(findingText);
		const more = group.length - first.length;
		return more === 0 ? first : [...first, `  ${reportWords.more(more)}`];
	});
}

export function findingText(finding: Finding): string {
	const { code, check, expected, actual, difference } = finding;
	const lines = [`- ${findingSentence(finding)}`];
	const digests = /^[0-9a-f]{64}$/;
	const { signed, computed, found } = reportWords;
	const labels = check === 'recomputation' ? [signed, computed] : [reportWords.expected, found];
	const width = Math.max(...labels.map((label) => label.length));
	[expected, actual].forEach((value, side) => {
		if (digests.test(value)) lines.push(`    ${labels[side]?.padEnd(width)}  ${value}`);
	});
	if (difference !== null) {
		lines.push(`    ${differenceText(difference)}`);
	} else if (code === 'file-changed') {
		lines.push(`    ${reportWords.noOriginal}`);
	}
	return lines.join('\n');
}

/** What a change is worth, entity by entity, in kWh. */
export function worthText({ period, run, basis, entities }: Report['worth'][number]): string {
	const title =
		basis === 'settled'
			? `Worth of the change in ${period} run ${run}, if it were settled (kWh):`
			: `What the altered statement of ${period} run ${run} says differently (kWh):`;
	return `${title}\n${changeTable(entities)}`;
}

/** Surplus and deficit follow from the others, and the width of a terminal is short. */
const DERIVED: readonly Quantity[] = ['surplus', 'deficit'];

/** Changes by entity in kWh, only columns in which something changed. */
function changeTable(entities: Report['worth'][number]['entities']): string {
	const changed = (quantity: Quantity, { energy_wh }: (typeof entities)[number]) =>
		(energy_wh[quantity] ?? 0n) !== 0n;
	const all = QUANTITIES.filter((quantity) => entities.some((it) => changed(quantity, it)));
	const brief = all.filter((quantity) => !DERIVED.includes(quantity));
	// A forged statement can say anything: nobody's row may come out empty.
	const telling = entities.every((it) => brief.some((quantity) => changed(quantity, it)));
	const columns = telling ? brief : all;
	const header = ['  Entity', ...columns.map((quantity) => quantities[quantity])];
	const rows = entities.map(({ entity, energy_wh }) => [
		`  ${entity}`,
		...columns.map((quantity) =>
			energy_wh[quantity] ? formatSigned(energy_wh[quantity], 3) : '-',
		),
	]);
	return alignTable([header, ...rows], 1);
}
