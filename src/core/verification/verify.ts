import type { TimeOf } from '../data/basis.ts';
import type { Checkpoint } from '../evidence/checkpoint.ts';
import { digest, type Files } from '../format/bytes.ts';
import type { GitResult } from '../git/object.ts';
import type { GitEvidence } from '../git/repository.ts';
import { append } from '../problem.ts';
import { zoneNotices } from './basis.ts';
import { checkChain, checkManifests } from './chain.ts';
import { checkCheckpoint } from './checkpoint.ts';
import { checkContents, checkHygiene } from './contents.ts';
import { firstDifference } from './difference.ts';
import { type Evidence, type FindOriginal, found, gatherEvidence, type Tree } from './evidence.ts';
import {
	checkHistory,
	checkSources,
	checkWorktree,
	type History,
	readHistory,
	unreadable,
} from './history.ts';
import { checkRecomputation } from './recomputation.ts';
import type { CheckId, Finding, FindingCode, Report } from './report.ts';
import { checkApprovals, checkSignatures } from './signatures.ts';
import { summarize } from './summary.ts';
import { checkPin, checkTrustRoots } from './trust.ts';

export interface VerificationRequest {
	readonly tree: Tree;
	/**
	 * What the user got elsewhere: the digest of a trust root version, or the fingerprint of a root key
	 * that has signed one; null where there is none yet.
	 */
	readonly pin: string | null;
	/** Looks for earlier bytes, so that a change can be shown; may always answer undefined. */
	readonly original?: FindOriginal;
	readonly progress?: (check: CheckId, done: number, total: number) => void;
	/** The repository the tree comes from. Without it the scope is `files`. */
	readonly git?: GitResult<GitEvidence>;
	/** True where the tree is a folder beside that repository, and not the tree of its head. */
	readonly worktree?: boolean;
	/** What somebody noted of the log earlier. */
	readonly checkpoint?: Checkpoint;
	/** How the zone data at hand tell time: where they disagree with a manifest, that is a notice. */
	readonly timeOf?: TimeOf;
	/** SHA-256 of files of the tree, by path, where the caller has a faster way to compute them. */
	readonly digests?: ReadonlyMap<string, string>;
}

/**
 * Verifies a whole log (docs/spec/verification.md). Never throws for what the files or the history
 * hold: a check that stumbles is unavailable, so that the verdict is INCOMPLETE at best.
 */
export async function verify(request: VerificationRequest): Promise<Report> {
	const { progress = () => {}, git } = request;
	let history: History | null = null;
	const original: FindOriginal = async (path, sha256) =>
		(await history?.original(path, sha256)) ?? request.original?.(path, sha256);
	const evidence = gatherEvidence(request.tree, request.pin, original, request.digests);
	const findings: Finding[] = [];
	const run: Run = async (check, work) => {
		progress(check, 0, 1);
		try {
			return await work();
		} catch (error) {
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
	// Read before the other checks, which it helps to show what has been altered; judged after them.
	if (git?.ok && roots.length > 0) {
		history = await run('history', () =>
			readHistory(git.value, evidence, roots, {
				worktree: request.worktree ?? false,
				progress: (done, total) => progress('history', done, total),
			}),
		);
	}
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
	const { timeOf } = request;
	if (timeOf !== undefined)
		collect(await run('recomputation', () => zoneNotices(evidence, timeOf)));
	if (git?.ok === false) findings.push(unreadable(git.fault));
	if (history !== null) collect(await judgeHistory(request, evidence, history, run));
	const { checkpoint } = request;
	if (checkpoint !== undefined && roots.length > 0) {
		const log = roots.at(-1)?.root.log ?? '';
		const line = history?.line ?? null;
		collect(await run('checkpoint', () => checkCheckpoint(checkpoint, evidence, log, line)));
	}
	const described = findings.map((it) => describe(it, evidence, recomputed?.records));
	return summarize(request, {
		evidence,
		roots,
		findings: described,
		history,
		worth: recomputed?.worth ?? [],
	});
}

/** Runs a check; null where it stumbled, which is then a finding. */
type Run = <Value>(check: CheckId, work: () => Value | Promise<Value>) => Promise<Value | null>;

async function judgeHistory(
	{ worktree = false }: VerificationRequest,
	evidence: Evidence,
	history: History,
	run: Run,
): Promise<readonly Finding[]> {
	const altered = await run('history', () => checkHistory(history, evidence));
	const beside = worktree ? await run('history', () => checkWorktree(history, evidence)) : [];
	const sources = await run('source-commits', () => checkSources(history, evidence));
	return [...(altered ?? []), ...(beside ?? []), ...(sources ?? [])];
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
