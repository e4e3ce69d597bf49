import { requiredRoles } from '../evidence/trust-root.ts';
import { digest } from '../format/bytes.ts';
import { sizeOf } from '../format/sourced-files.ts';
import { checkpointOf } from './checkpoint.ts';
import { guardedPaths } from './contents.ts';
import type { Evidence } from './evidence.ts';
import type { History } from './history.ts';
import {
	CHECKS,
	type CheckId,
	type CheckResult,
	type CheckStatus,
	type Finding,
	type HistorySummary,
	type Report,
	type RunSummary,
	verdictOf,
	type Worth,
} from './report.ts';
import type { VerifiedRoot } from './trust.ts';
import type { VerificationRequest } from './verify.ts';

/** What the checks have found, before it is a report. */
export interface Outcome {
	readonly evidence: Evidence;
	readonly roots: readonly VerifiedRoot[];
	readonly findings: readonly Finding[];
	readonly history: History | null;
	readonly worth: readonly Worth[];
}

/** The verdict follows from the effects of the findings alone. */
export function summarize(
	{ git, checkpoint }: Pick<VerificationRequest, 'git' | 'checkpoint'>,
	{ evidence, roots, findings, history, worth }: Outcome,
): Report {
	const log = roots.at(-1)?.root.log ?? '';
	const approvalsRequired = roots.some(({ root }) => requiredRoles(root).length > 0);
	const guarded = new Set(guardedPaths(evidence));
	const unreadable = evidence.tree.unavailable
		.map(({ path }) => path)
		.filter((path) => guarded.has(path));
	const status = (id: CheckId): CheckStatus => {
		if (id === 'pin' && evidence.pin === null) return 'not-asked';
		if (id === 'checkpoint' && checkpoint === undefined) return 'not-asked';
		const past = id === 'history' || id === 'source-commits';
		if (past && git === undefined) return 'not-asked';
		const effects = new Set(findings.filter((it) => it.check === id).map((it) => it.effect));
		if (effects.has('tampered') || effects.has('untrusted')) return 'failed';
		if (effects.has('unavailable') || effects.has('pending')) return 'unavailable';
		if (id !== 'hygiene' && id !== 'trust-root' && roots.length === 0) return 'unavailable';
		if (past && history === null) return 'unavailable';
		if (unreadable.some((path) => concerns(id, path))) return 'unavailable';
		return id === 'approvals' && !approvalsRequired ? 'none' : 'passed';
	};
	const checks = CHECKS.map((id): CheckResult => {
		return { id, status: status(id), evidence: evidenceOf(id, { evidence, roots, history }) };
	});
	return {
		verdict: verdictOf(findings, evidence.pin !== null),
		scope: git === undefined ? 'files' : 'files and history',
		log,
		pin: evidence.pin,
		trust_roots: roots.map(({ root, sha256 }) => ({ version: root.version, sha256 })),
		approvals_required: approvalsRequired,
		history: history && historySummary(history),
		checkpoint: checkpointOf(evidence, log, history?.line ?? null),
		checks,
		findings,
		worth,
		runs: evidence.chain.map((run) => summarizeRun(run, findings)),
	};
}

function historySummary({ reader, line }: History): HistorySummary | null {
	const [first] = line.commits;
	if (first === undefined) return null;
	const { branch, head } = reader.git;
	return { branch, head, beginning: first.id, commits: line.commits.length };
}

/** Whether a check could not see all it has to, for a file or folder that cannot be read. */
function concerns(id: CheckId, path: string): boolean {
	if (path.startsWith('trust')) return id === 'trust-root' || id === 'signatures';
	if (id === 'signatures' || id === 'approvals') return !/\.(csv|json)$|SHA256SUMS$/.test(path);
	if (id === 'manifests' || id === 'chain') return !/\.csv$|SHA256SUMS$/.test(path);
	return id === 'contents' || id === 'recomputation' || id === 'source-commits';
}

function evidenceOf(
	id: CheckId,
	{ evidence, roots, history }: Pick<Outcome, 'evidence' | 'roots' | 'history'>,
): CheckResult['evidence'] {
	const { chain, runs, tree } = evidence;
	switch (id) {
		case 'hygiene':
			return { paths: guardedPaths(evidence).length };
		case 'trust-root':
			return { versions: roots.length, sha256: roots.at(0)?.sha256 ?? '' };
		case 'pin':
			return { sha256: evidence.pin ?? '' };
		case 'signatures':
		case 'manifests':
			return { runs: runs.length };
		case 'chain':
			return { sequence: chain.at(-1)?.manifest.sequence ?? 0 };
		case 'contents': {
			const listed = new Set(runs.flatMap(({ list }) => [...(list?.keys() ?? [])]));
			const bytes = [...listed].reduce((sum, it) => sum + (sizeOf(tree.files, it) ?? 0), 0);
			return { files: listed.size, bytes };
		}
		case 'approvals':
			return { roles: requiredRolesOf(roots) };
		case 'recomputation':
			return { runs: chain.length };
		case 'history': {
			const summary = history && historySummary(history);
			return summary === null ? {} : { commits: summary.commits, head: summary.head };
		}
		case 'source-commits':
			return history === null ? {} : { runs: chain.length };
		case 'checkpoint':
			return {};
	}
}

function requiredRolesOf(roots: readonly VerifiedRoot[]): string {
	const newest = roots.at(-1)?.root;
	return newest === undefined ? '' : requiredRoles(newest).join(' ');
}

function summarizeRun(run: Evidence['chain'][number], findings: readonly Finding[]): RunSummary {
	const { manifest, period, run: number } = run;
	const concerned = findings.some(
		(it) => it.period === period && it.run === number && it.effect !== 'notice',
	);
	return {
		sequence: manifest.sequence,
		period,
		run: number,
		kind: manifest.kind,
		finalized_at: manifest.finalized_at,
		manifest_sha256: digest(run.bytes ?? new Uint8Array()),
		totals: manifest.totals,
		intact: !concerned,
	};
}
