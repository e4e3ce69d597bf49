import { requiredRoles } from '../evidence/trust-root.ts';
import { digest, type Files } from '../format/bytes.ts';
import { append } from '../problem.ts';
import { checkChain, checkManifests } from './chain.ts';
import { checkContents, checkHygiene, guardedPaths } from './contents.ts';
import { firstDifference } from './difference.ts';
import { type Evidence, type FindOriginal, found, gatherEvidence, type Tree } from './evidence.ts';
import { checkRecomputation } from './recomputation.ts';
import {
	CHECKS,
	type CheckId,
	type CheckResult,
	type CheckStatus,
	type Finding,
	type FindingCode,
	type Report,
	type RunSummary,
	verdictOf,
	type Worth,
} from './report.ts';
import { checkApprovals, checkSignatures } from './signatures.ts';
import { checkPin, checkTrustRoots, type VerifiedRoot } from './trust.ts';

export interface VerificationRequest {
	readonly tree: Tree;
	/** Digest of the trust root version that the user got elsewhere; null where there is none yet. */
	readonly pin: string | null;
	/** Looks for earlier bytes, so that a change can be shown; may always answer undefined. */
	readonly original?: FindOriginal;
	readonly progress?: (check: CheckId, done: number, total: number) => void;
}

/** Checks of the Git history, which scope `files` leaves out. */
const BEYOND_SCOPE: readonly CheckId[] = ['history', 'source-commits', 'checkpoint'];

/**
 * Verifies a whole log at scope `files` (docs/spec/verification.md). Never throws for what the files hold: a
 * check that stumbles is unavailable, so that the verdict is INCOMPLETE at best.
 */
export async function verify(request: VerificationRequest): Promise<Report> {
	const { progress = () => {}, original = async () => undefined } = request;
	const evidence = gatherEvidence(request.tree, request.pin, original);
	const findings: Finding[] = [];
	const crashed = new Set<CheckId>();
	const run = async <Value>(check: CheckId, work: () => Value | Promise<Value>) => {
		progress(check, 0, 1);
		try {
			return await work();
		} catch (error) {
			crashed.add(check);
			const actual = error instanceof Error ? error.message : String(error);
			findings.push(found(check, 'unavailable', 'check-crashed', { actual }));
			return null;
		}
	};
	const collect = (more: readonly Finding[] | null) => append(findings, more ?? []);

	collect(await run('hygiene', () => checkHygiene(evidence)));
	const trust = await run('trust-root', () => checkTrustRoots(evidence));
	collect(trust?.findings ?? null);
	const roots = trust?.roots ?? [];
	const collectJudged = (more: readonly Finding[] | null) =>
		collect(whole ? more : (more ?? []).map(withoutVerdict));
	const whole = trust?.whole ?? false;
	collect(await run('pin', () => checkPin(evidence, { roots, whole })));
	collectJudged(await run('signatures', () => checkSignatures(evidence, roots)));
	collect(await run('manifests', () => checkManifests(evidence)));
	collectJudged(await run('chain', () => [...emptyLog(evidence), ...checkChain(evidence, roots)]));
	collect(
		await run('contents', () =>
			checkContents(evidence, (done, total) => progress('contents', done, total)),
		),
	);
	collectJudged(await run('approvals', () => checkApprovals(evidence, roots)));
	const altered = new Set(
		findings.filter((it) => it.code.startsWith('file-')).map((it) => it.path),
	);
	const recomputed = await run('recomputation', () =>
		checkRecomputation(evidence, roots, altered, (done, total) =>
			progress('recomputation', done, total),
		),
	);
	collectJudged(recomputed?.findings ?? null);
	const described = findings.map((it) => describe(it, evidence, recomputed?.records));
	return report(evidence, roots, described, recomputed?.worth ?? []);
}

const JUDGED_BY_ROOT: ReadonlySet<FindingCode> = new Set([
	'signature-unknown-key',
	'signature-key-not-in-force',
	'approval-missing',
	'approval-not-in-force',
	'file-unlisted',
	'lock-broken',
	'root-mismatch',
	'log-mismatch',
]);

/** A root that cannot be read may know the key: then nobody is accused. */
function withoutVerdict(finding: Finding): Finding {
	return JUDGED_BY_ROOT.has(finding.code) ? { ...finding, effect: 'unavailable' } : finding;
}

/** The changed cell of a record, against the bytes that the inputs give if these are the signed ones. */
function describe(finding: Finding, { tree }: Evidence, records: Files = new Map()): Finding {
	const { code, path, expected, difference } = finding;
	const original = records.get(path);
	const actual = tree.files.get(path);
	if (code !== 'file-changed' || difference !== null || !original || !actual) return finding;
	if (digest(original) !== expected) return finding;
	return { ...finding, difference: firstDifference(path, original, actual) };
}

function emptyLog({ runs }: Evidence): readonly Finding[] {
	return runs.length > 0
		? []
		: [found('chain', 'unavailable', 'log-empty', { path: 'settlements' })];
}

function report(
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
	findings: readonly Finding[],
	worth: readonly Worth[],
): Report {
	const newest = roots.at(-1)?.root;
	const approvalsRequired = roots.some(({ root }) => requiredRoles(root).length > 0);
	const guarded = new Set(guardedPaths(evidence));
	const unreadable = evidence.tree.unavailable
		.map(({ path }) => path)
		.filter((path) => guarded.has(path));
	const status = (id: CheckId): CheckStatus => {
		if (BEYOND_SCOPE.includes(id) || (id === 'pin' && evidence.pin === null)) return 'not-asked';
		const effects = new Set(findings.filter((it) => it.check === id).map((it) => it.effect));
		if (effects.has('tampered') || effects.has('untrusted')) return 'failed';
		if (effects.has('unavailable') || effects.has('pending')) return 'unavailable';
		if (id !== 'hygiene' && id !== 'trust-root' && roots.length === 0) return 'unavailable';
		if (unreadable.some((path) => concerns(id, path))) return 'unavailable';
		return id === 'approvals' && !approvalsRequired ? 'none' : 'passed';
	};
	const checks = CHECKS.map((id): CheckResult => {
		return { id, status: status(id), evidence: evidenceOf(id, evidence, roots) };
	});
	return {
		verdict: verdictOf(findings, evidence.pin !== null),
		scope: 'files',
		log: newest?.log ?? '',
		pin: evidence.pin,
		trust_roots: roots.map(({ root, sha256 }) => ({ version: root.version, sha256 })),
		approvals_required: approvalsRequired,
		checks,
		findings,
		worth,
		runs: evidence.chain.map((run) => summarize(run, findings)),
	};
}

/** Whether a check could not see all it has to, for a file or folder that cannot be read. */
function concerns(id: CheckId, path: string): boolean {
	if (path.startsWith('trust')) return id === 'trust-root' || id === 'signatures';
	if (id === 'signatures' || id === 'approvals') return !/\.(csv|json)$|SHA256SUMS$/.test(path);
	if (id === 'manifests' || id === 'chain') return !/\.csv$|SHA256SUMS$/.test(path);
	return id === 'contents' || id === 'recomputation';
}

function evidenceOf(
	id: CheckId,
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
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
			const bytes = [...listed].reduce((sum, it) => sum + (tree.files.get(it)?.length ?? 0), 0);
			return { files: listed.size, bytes };
		}
		case 'approvals':
			return { roles: requiredRolesOf(roots) };
		case 'recomputation':
			return { runs: chain.length };
		case 'history':
		case 'source-commits':
		case 'checkpoint':
			return {};
	}
}

function requiredRolesOf(roots: readonly VerifiedRoot[]): string {
	const newest = roots.at(-1)?.root;
	return newest === undefined ? '' : requiredRoles(newest).join(' ');
}

function summarize(run: Evidence['chain'][number], findings: readonly Finding[]): RunSummary {
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
