import { type Correction, readCorrection } from '../core/data/submission.ts';
import { manifestsOf, readLog, readTrustRoots } from '../core/evidence/log.ts';
import type { Manifest } from '../core/evidence/manifest.ts';
import { requiredRoles, rootAt } from '../core/evidence/trust-root.ts';
import { digest, encodeText, type Files } from '../core/format/bytes.ts';
import { isPeriod, type Period } from '../core/format/period.ts';
import { approvalPath, CORRECTION, inputFolder } from '../core/paths.ts';
import { type Change, parseDelta } from '../core/record/delta.ts';
import { type Exception, parseExceptions } from '../core/record/exceptions.ts';
import { parseStatement, type StatementRow } from '../core/record/statement.ts';
import type { Finding } from '../core/verification/report.ts';
import type { VerificationRequest } from '../core/verification/verify.ts';
import { requireIntactNow } from './finalize.ts';
import { signDetached, unlockKey } from './keys.ts';
import { instantOf } from './present.ts';
import { committer } from './repository.ts';
import { stop } from './stop.ts';
import { commitChange, openClean } from './transaction.ts';

export interface ApproveRequest {
	readonly dir: string;
	readonly period: Period;
	readonly role: string;
	/** Path of the approver's armored private key. */
	readonly key: string;
	readonly passphrase: () => Promise<string>;
	readonly now: Date;
	/** Called with what is about to be approved, after it has been verified and computed again. */
	readonly show: (run: RunToApprove) => void;
	readonly progress?: VerificationRequest['progress'];
}

/** What an approver has to see: the figures, what they change and why, and the warnings. */
export interface RunToApprove {
	readonly manifest: Manifest;
	readonly manifest_sha256: string;
	readonly period: Period;
	readonly run: number;
	readonly rows: readonly StatementRow[];
	/** Null for a first run, like the correction. */
	readonly changes: readonly Change[] | null;
	readonly correction: Correction | null;
	readonly exceptions: readonly Exception[];
	/** Alterations of final files that were undone, and that no run acknowledges yet. */
	readonly incidents: readonly Finding[];
}

/** What has been approved, and which roles are still to come. */
export interface Approved {
	readonly manifest: Manifest;
	readonly manifest_sha256: string;
	readonly role: string;
	readonly missing: readonly string[];
	readonly commit: string;
}

/**
 * Signs the newest run of the log in a role, next to the finalizer's signature, and commits
 * (docs/spec/log.md). The whole log is verified and recomputed before and with the new signature.
 */
export async function approve(request: ApproveRequest): Promise<Approved> {
	const { dir, period, role, now } = request;
	if (!isPeriod(period)) stop({ code: 'period-malformed', found: period });
	const { repository, tree } = await openClean(dir);
	const newest = manifestsOf(readLog(tree.files)).at(-1);
	if (newest?.bytes == null) return stop({ code: 'nothing-final', period });
	const { manifest, bytes, folder } = newest;
	if (manifest.period !== period) {
		stop({ code: 'approval-not-newest', period, newest: `${manifest.period} run ${manifest.run}` });
	}
	const root = rootAt(readTrustRoots(tree.files), manifest.sequence);
	const roles = root === undefined ? [] : requiredRoles(root);
	if (!roles.includes(role)) stop({ code: 'role-unknown', role, roles: roles.join(', ') });
	const path = approvalPath(folder, role);
	if (tree.files.has(path)) stop({ code: 'approval-exists', path });

	const incidents = await requireIntactNow(tree, dir, request.progress);
	request.show({ ...readRecord(tree.files, folder, manifest, digest(bytes)), incidents });
	const key = await unlockKey(request.key, request.passphrase);
	const fingerprint = key.getFingerprint();
	const holders = root?.approvals.filter((approval) => approval.role === role) ?? [];
	if (!holders.some((holder) => holder.fingerprint === fingerprint)) {
		stop({ code: 'key-not-for-role', fingerprint, role });
	}
	const created = instantOf(key.getCreationTime());
	if (created > instantOf(now)) stop({ code: 'key-younger', now: instantOf(now), created });
	const signature = encodeText(await signDetached(bytes, key, now));
	await requireIntactNow({ ...tree, files: new Map([...tree.files, [path, signature]]) }, dir);

	const manifest_sha256 = digest(bytes);
	const message = [
		`settlement: approve ${period} run ${manifest.run} as ${role}`,
		'',
		`Sequence: ${manifest.sequence}`,
		`Manifest-SHA256: ${manifest_sha256}`,
		'',
	].join('\n');
	const author = await committer(repository);
	const add = new Map([[path, signature]]);
	const commit = await commitChange(repository, { remove: [], add, message, author });
	const missing = roles.filter((it) => it !== role && !tree.files.has(approvalPath(folder, it)));
	return { manifest, manifest_sha256, role, missing, commit };
}

/** The record of a run that has been verified, so that its files are there and can be read. */
function readRecord(
	files: Files,
	folder: string,
	manifest: Manifest,
	manifest_sha256: string,
): Omit<RunToApprove, 'incidents'> {
	const { period, run } = manifest;
	const file = (name: string) => files.get(`${folder}/${name}`) ?? new Uint8Array();
	const path = `${inputFolder(period, run)}/${CORRECTION}`;
	const correction = run === 1 ? null : readCorrection(path, files.get(path) ?? new Uint8Array());
	const rows = parseStatement(file('statement.csv'));
	const changes = run === 1 ? null : parseDelta(file('delta.csv'));
	const exceptions = parseExceptions(file('exceptions.csv'));
	const whole = run === 1 || (changes !== null && correction?.ok);
	if (rows === null || exceptions === null || !whole) throw new Error(`${folder} cannot be read`);
	const why = correction?.ok ? correction.value : null;
	return { manifest, manifest_sha256, period, run, rows, changes, exceptions, correction: why };
}
