import { formatCheckpoint } from '../core/evidence/checkpoint.ts';
import { decodeText } from '../core/format/bytes.ts';
import { formatSigned } from '../core/format/energy.ts';
import { visible } from '../core/format/name.ts';
import { QUANTITIES } from '../core/record/statement.ts';
import {
	type Finding,
	keptCheckpoint,
	type Report,
	type Worth,
} from '../core/verification/report.ts';
import {
	caveats,
	checks,
	findingSentence,
	quantities,
	reportWords,
	statuses,
	verdicts,
	verifier,
} from '../texts/chosen.ts';
import type { CheckView, FindingView, ReportView, TableView } from './messages.ts';

/** A watt-hour is the third decimal of a kWh. */
const KWH_DECIMALS = 3;

/** How many findings are laid out; the report as JSON has them all. */
const SHOWN = 60;

/** A report in words, from which the page is laid out. `version` is the program's. */
export function viewOf(report: Report, version: string): ReportView {
	const { verdict, findings } = report;
	// Evidence that cannot be read explains all that is missing after it.
	const rank = ({ code, effect }: Finding) =>
		effect === 'notice' ? 2 : code === 'history-broken' ? 0 : 1;
	const shown = findings.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
	return {
		verdict,
		...verdicts[verdict],
		...(verdict === 'UNCONFIRMED' && { next: verifier.confirm }),
		axes: axesOf(report),
		facts: factsOf(report, version),
		findings: shown.map(findingView),
		worth: report.worth.map(worthView),
		checks: report.checks.map(checkView),
		runs: runsView(report),
		caveats: [
			caveats.valid,
			caveats.tampered,
			report.scope === 'files' ? caveats.files : caveats.history,
		],
		commands: commandsOf(report),
		checkpoint: checkpointText(report),
		root: report.trust_roots.at(-1)?.sha256 ?? '',
		log: report.log,
	};
}

function checkpointText(report: Report): string | null {
	const kept = keptCheckpoint(report);
	return kept && decodeText(formatCheckpoint(kept));
}

/** What was signed, and who signed: two questions with answers of their own. */
function axesOf(report: Report): ReportView['axes'] {
	const { axes } = verifier;
	const has = (ids: readonly string[], effect: Finding['effect']) =>
		report.findings.some((it) => ids.includes(it.check) && it.effect === effect);
	const signing = ['trust-root', 'pin', 'signatures', 'approvals'];
	const all = report.checks.map(({ id }) => id);
	const rest = all.filter((id) => !signing.includes(id));
	const files = Number(report.checks.find(({ id }) => id === 'contents')?.evidence['files'] ?? 0);
	const contents = has(rest, 'tampered')
		? axes.altered
		: has(rest, 'unavailable') || report.runs.length === 0
			? axes.unknown
			: axes.unchanged(files, report.runs.length);
	const signer = has(signing, 'tampered')
		? axes.forged
		: has(all, 'untrusted')
			? axes.others
			: has(signing, 'unavailable')
				? axes.unknown
				: report.pin === null
					? axes.unconfirmed
					: axes.yours;
	return [
		{ name: axes.contents, text: contents },
		{ name: axes.signer, text: signer },
	];
}

function factsOf(report: Report, version: string): ReportView['facts'] {
	const { facts } = verifier;
	const last = report.runs.at(-1);
	const root = report.trust_roots.at(-1);
	const { history } = report;
	return [
		[facts.log, report.log || '–'],
		...(last
			? [[facts.extent, reportWords.sequence(last.sequence, last.manifest_sha256)] as const]
			: []),
		...(history ? [[facts.history, facts.commits(history.commits, history.head)] as const] : []),
		[facts.scope, report.scope],
		...(root ? [[`${facts.root} ${root.version}`, root.sha256] as const] : []),
		[facts.program, `wattproof ${version}`],
	];
}

function findingView(finding: Finding): FindingView {
	const { details } = verifier;
	const { difference, expected, actual, altered_in, restored_in } = finding;
	const rows: (readonly [string, string])[] = [];
	if (difference !== null) {
		rows.push([details.place, details.cell(difference.line, difference.column)]);
		rows.push([details.was, difference.expected || reportWords.nothing]);
		rows.push([details.is, difference.actual || reportWords.nothing]);
	}
	if (altered_in !== null) {
		rows.push([details.by, altered_in.author], [details.when, altered_in.date]);
		rows.push([details.commit, altered_in.commit]);
	}
	if (restored_in !== null) {
		rows.push([
			details.restored,
			`${restored_in.commit} (${restored_in.author}, ${restored_in.date})`,
		]);
	}
	const digests = /^[0-9a-f]{64}$/;
	if (digests.test(expected)) rows.push([details.expected, expected]);
	if (digests.test(actual)) rows.push([details.found, actual]);
	return {
		severity: severityOf(finding),
		sentence: findingSentence(finding),
		details: rows.map(([name, value]) => [name, visible(value)] as const),
	};
}

function severityOf({ effect }: Finding): FindingView['severity'] {
	if (effect === 'notice') return effect;
	return effect === 'unavailable' || effect === 'pending' ? 'open' : 'bad';
}

function worthView({ period, run, basis, entities }: Worth): TableView {
	const columns = QUANTITIES.filter((quantity) =>
		entities.some(({ energy_wh }) => (energy_wh[quantity] ?? 0n) !== 0n),
	);
	return {
		caption: `${verifier.worth(period, run, basis === 'settled')} (${verifier.unit})`,
		header: [verifier.entity, ...columns.map((quantity) => quantities[quantity])],
		rows: entities.map(({ entity, energy_wh }) => [
			visible(entity).slice(0, 80),
			...columns.map((quantity) => formatSigned(energy_wh[quantity] ?? 0n, KWH_DECIMALS)),
		]),
	};
}

function checkView({ id, status, evidence }: Report['checks'][number]): CheckView {
	return {
		id,
		status,
		word: statuses[status],
		question: checks[id],
		evidence: Object.entries(evidence)
			.map(([name, value]) => `${name} ${value}`)
			.join(', '),
		...verifier.meanings[id],
	};
}

function runsView({ runs }: Report): TableView {
	return {
		caption: verifier.runsTitle,
		header: verifier.runsHeader,
		rows: runs.map((run) => [
			String(run.sequence),
			run.period,
			String(run.run),
			run.finalized_at.slice(0, 10),
			run.manifest_sha256,
			run.intact ? verifier.intact : verifier.notIntact,
		]),
	};
}

/** The same verification by other programs, with this log's own digests. */
function commandsOf(report: Report): ReportView['commands'] {
	const root = report.pin ?? report.trust_roots.at(-1)?.sha256 ?? 'DIGEST';
	const last = report.runs.at(-1);
	const folder = last ? `settlements/${last.period}/r${last.run}` : 'settlements/2026-01/r1';
	const since = report.history?.beginning ?? 'FIRST_COMMIT';
	return [
		{
			title: verifier.commandTitle,
			lines: `npm run -s verify -- --root ${root} --checkpoint FILE`,
		},
		{
			title: verifier.byHandTitle,
			lines: [
				`sha256sum trust/root-1.json        # ${report.trust_roots[0]?.sha256 ?? ''}`,
				'gpg --dearmor <trust/keys/FINGERPRINT.asc >key.gpg',
				`gpgv --keyring ./key.gpg ${folder}/manifest.json.asc ${folder}/manifest.json`,
				`sha256sum ${folder}/SHA256SUMS     # stands in ${folder}/manifest.json`,
				`sha256sum --strict -c ${folder}/SHA256SUMS`,
				`git log --first-parent --stat ${since}..HEAD -- ${folder} trust`,
			].join('\n'),
		},
	];
}
