import { type Draft, draftRun, type Incident, type Occasion } from '../core/evidence/draft.ts';
import { digest, encodeText } from '../core/format/bytes.ts';
import { formatJson } from '../core/format/json.ts';
import { textFault } from '../core/format/name.ts';
import type { Period } from '../core/format/period.ts';
import { withFiles } from '../core/format/sourced-files.ts';
import { SIGNATURE } from '../core/paths.ts';
import type { Result } from '../core/problem.ts';
import type { Run } from '../core/record/run.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { type Finding, type Report, verdictOf } from '../core/verification/report.ts';
import { type VerificationRequest, verify } from '../core/verification/verify.ts';
import { folderEvidence } from './git-evidence.ts';
import { signDetached, unlockKey } from './keys.ts';
import { instantOf } from './present.ts';
import { previewRun } from './preview.ts';
import { committer, type Repository } from './repository.ts';
import { stop } from './stop.ts';
import { commitChange, openClean } from './transaction.ts';
import { VERSION } from './version.ts';

export interface FinalizeRequest {
	readonly dir: string;
	readonly period: Period;
	/** Path of the finalizer's armored private key. */
	readonly key: string;
	readonly passphrase: () => Promise<string>;
	readonly now: Date;
	/** What happened, where the run is to acknowledge alterations that were undone again. */
	readonly acknowledge?: string;
	readonly progress?: VerificationRequest['progress'];
}

/** What has become final. */
export interface Finalized {
	readonly run: Run;
	readonly manifest: Draft['manifest'];
	readonly manifest_sha256: string;
	readonly commit: string;
}

/**
 * Settles the next run of a period, signs it and commits it in one step (docs/spec/commands.md and log.md).
 * The log with the new run in it is verified as a whole before anything is committed.
 */
export async function finalize(request: FinalizeRequest): Promise<Result<Finalized>> {
	// What is signed has to be what the named commit holds.
	const { repository, tree } = await openClean(request.dir);
	const result = previewRun(tree.files, request.period, request.now);
	if (!result.ok) return result;
	const run = result.value;

	const reason = request.acknowledge;
	const draft = await draftNow(repository, tree, run, request.now, reason);
	const signature = encodeText(await sign(request, draft));
	const incidents = reason !== undefined;
	const value = await commitRun({ ...request, repository, tree, run, draft, signature, incidents });
	return { ok: true, value };
}

/** The draft of a run as the tip of the branch and the present give it; stops where one is in its way. */
export async function draftNow(
	{ dir, tip }: Repository,
	tree: Tree,
	run: Run,
	now: Date,
	reason: string | undefined,
): Promise<Draft> {
	return draftOf(tree, run, {
		commit: tip ?? '',
		instant: instantOf(now),
		version: VERSION,
		incidents: reason === undefined ? [] : await openIncidents(tree, dir, reason),
	});
}

export function draftOf(tree: Tree, run: Run, occasion: Occasion): Draft {
	const drafted = draftRun(tree.files, run, occasion);
	return drafted.ok ? drafted.draft : stop(drafted.obstacle);
}

/** A run that has its signature, and what it is added to. */
export interface SignedRun {
	readonly repository: Repository;
	readonly tree: Tree;
	readonly run: Run;
	readonly draft: Draft;
	readonly signature: Uint8Array;
	/** Whether it acknowledges alterations that were undone. */
	readonly incidents: boolean;
	readonly progress?: VerificationRequest['progress'];
}

/** Verifies the whole log with the run in it, and commits the run. */
export async function commitRun(signed: SignedRun): Promise<Finalized> {
	const { repository, tree, run, draft, progress } = signed;
	const added = new Map([...draft.files, [`${draft.folder}/${SIGNATURE}`, signed.signature]]);
	const whole = { ...tree, files: withFiles(tree.files, added) };
	if (signed.incidents) await requireIntactNow(whole, repository.dir, progress);
	else await requireIntact(whole, repository.dir, progress);

	const manifest_sha256 = digest(draft.signable);
	const message = [
		`settlement: finalize ${run.period} run ${run.run}`,
		'',
		`Sequence: ${draft.manifest.sequence}`,
		`Manifest-SHA256: ${manifest_sha256}`,
		'',
	].join('\n');
	const author = await committer(repository);
	const commit = await commitChange(repository, { remove: [], add: added, message, author });
	return { run, manifest: draft.manifest, manifest_sha256, commit };
}

async function sign(request: FinalizeRequest, draft: Draft): Promise<string> {
	const key = await unlockKey(request.key, request.passphrase);
	const fingerprint = key.getFingerprint();
	if (!draft.finalizers.includes(fingerprint)) {
		const sequence = String(draft.manifest.sequence);
		stop({ code: 'key-not-in-force', fingerprint, sequence });
	}
	const created = instantOf(key.getCreationTime());
	const now = draft.manifest.finalized_at;
	if (created > now) stop({ code: 'key-younger', now, created });
	return signDetached(draft.signable, key, new Date(now));
}

/** Verifies files that are, or are to be, the next state of a log, with its history until now. */
async function verifyState(
	tree: Tree,
	dir: string,
	progress: VerificationRequest['progress'] = () => {},
): Promise<Report> {
	const git = await folderEvidence(dir);
	return verify({ tree, pin: null, progress, ...(git !== null && { git }) });
}

/** Alterations of final files that were undone, and that no manifest acknowledges yet. */
async function openIncidents(tree: Tree, dir: string, reason: string): Promise<Incident[]> {
	if (reason === '' || textFault(reason) !== null)
		stop({ code: 'reason-malformed', found: reason });
	const { findings } = await verifyState(tree, dir);
	const incidents = findings.filter(({ code }) => code === RESTORED);
	if (incidents.length === 0) stop({ code: 'nothing-to-acknowledge' });
	const all = incidents.map(({ path, altered_in, restored_in }) => ({
		path,
		altered_in: altered_in?.commit ?? '',
		restored_in: restored_in?.commit ?? '',
		reason,
	}));
	// A manifest has a limit; what does not fit is left to the next run.
	let room = INCIDENT_BYTES;
	return all.filter((it) => {
		room -= formatJson(it).length + INDENT;
		return room > 0;
	});
}

const INCIDENT_BYTES = 48_000;
/** What an entry is deeper in the manifest, and what stands around it. */
const INDENT = 40;

/** Never adds to a log that does not verify, nor a run that would not. */
export async function requireIntact(
	tree: Tree,
	dir: string,
	progress?: VerificationRequest['progress'],
): Promise<void> {
	const { findings } = await verifyState(tree, dir, progress);
	// Acknowledged by the newest run, whose approvals can only come after it.
	const settled = findings.filter((it) => it.code !== RESTORED || it.expected !== 'approval');
	requireVerdict({ verdict: verdictOf(settled, false), findings: settled });
}

const RESTORED = 'history-restored';

/** The same of a log to which a run is to be added elsewhere: it may have none yet. */
export async function requireReady(tree: Tree, dir: string, incidents: boolean): Promise<void> {
	const { findings } = await verifyState(tree, dir);
	const others = findings.filter(
		({ code }) => code !== 'log-empty' && !(incidents && code === RESTORED),
	);
	requireVerdict({ verdict: verdictOf(others, false), findings: others });
}

/**
 * The same for whoever adds a signature and no figure, or acknowledges: alterations that were undone
 * are returned, to be shown. Without that exception a log could never come to acknowledge them all.
 */
export async function requireIntactNow(
	tree: Tree,
	dir: string,
	progress?: VerificationRequest['progress'],
): Promise<readonly Finding[]> {
	const { findings } = await verifyState(tree, dir, progress);
	const undone = findings.filter(({ code }) => code === RESTORED);
	const others = findings.filter(({ code }) => code !== RESTORED);
	requireVerdict({ verdict: verdictOf(others, false), findings: others });
	return undone;
}

/** Stops unless no more than a pin or an approval is missing. */
export function requireVerdict({ verdict, findings }: Pick<Report, 'verdict' | 'findings'>): void {
	if (verdict === 'UNCONFIRMED' || verdict === 'PENDING') return;
	const severe = findings.filter(({ effect }) => effect !== 'notice' && effect !== 'pending');
	const [finding = null] = severe;
	if (finding !== null && severe.every(({ code }) => code === RESTORED)) {
		stop({ code: 'incident-open', finding });
	}
	stop({ code: 'log-not-intact', verdict, finding });
}
