import { formatCheckpoint } from '../core/evidence/checkpoint.ts';
import { decodeText } from '../core/format/bytes.ts';
import {
	type Finding,
	keptCheckpoint,
	type Report,
	type Verdict,
} from '../core/verification/report.ts';
import {
	caveats,
	checks,
	differenceText,
	findingSentence,
	plain,
	reportWords,
	statuses,
	verdicts,
} from '../texts/chosen.ts';
import { alignTable, changeTable, paint, type Style } from './print.ts';
import { VERSION } from './version.ts';

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
