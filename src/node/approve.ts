import { manifestsOf, readLog, readTrustRoots } from '../core/evidence/log.ts';
import type { Manifest } from '../core/evidence/manifest.ts';
import { requiredRoles, rootAt } from '../core/evidence/trust-root.ts';
import { digest, encodeText } from '../core/format/bytes.ts';
import { isPeriod, type Period } from '../core/format/period.ts';
import { approvalPath } from '../core/paths.ts';
import { parseStatement, type StatementRow } from '../core/record/statement.ts';
import type { VerificationRequest } from '../core/verification/verify.ts';
import { instantOf, requireIntact } from './finalize.ts';
import { signDetached, unlockKey } from './keys.ts';
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
	readonly show: (manifest: Manifest, rows: readonly StatementRow[]) => void;
	readonly progress?: VerificationRequest['progress'];
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

	await requireIntact(tree, request.progress);
	request.show(manifest, parseStatement(tree.files.get(`${folder}/statement.csv`) ?? bytes) ?? []);
	const key = await unlockKey(request.key, request.passphrase);
	const fingerprint = key.getFingerprint();
	const holders = root?.approvals.filter((approval) => approval.role === role) ?? [];
	if (!holders.some((holder) => holder.fingerprint === fingerprint)) {
		stop({ code: 'key-not-for-role', fingerprint, role });
	}
	const created = instantOf(key.getCreationTime());
	if (created > instantOf(now)) stop({ code: 'key-younger', now: instantOf(now), created });
	const signature = encodeText(await signDetached(bytes, key, now));
	await requireIntact({ ...tree, files: new Map([...tree.files, [path, signature]]) });

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
