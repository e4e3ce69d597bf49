import { signatureFault } from '../evidence/certificate.ts';
import { readSignature } from '../evidence/signature.ts';
import {
	finalizersAt,
	type PinnedKey,
	pinnedKeys,
	requiredRoles,
	type TrustRoot,
} from '../evidence/trust-root.ts';
import { approvalPath, pathsBelow, SIGNATURE } from '../paths.ts';
import { append } from '../problem.ts';
import { type Evidence, found, type RunEvidence } from './evidence.ts';
import type { CheckId, Finding } from './report.ts';
import { certificateOf, type VerifiedRoot, verifiedRootAt } from './trust.ts';

/** Every run's manifest is signed, over its raw bytes, by a finalizer in force at its sequence. */
export async function checkSignatures(
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	for (const run of evidence.runs) {
		const root = rootOf(run, roots);
		// Without a root or a manifest, other checks say so; nothing can be judged here.
		if (root === undefined || run.bytes === null) continue;
		const path = `${run.folder}/${SIGNATURE}`;
		const accepted = run.manifest ? finalizersAt(root, run.manifest.sequence) : root.finalizer_keys;
		append(findings, await judge(evidence, run, 'signatures', path, accepted, roots));
	}
	return findings;
}

/** Every role of the root in force has approved; on the newest run an approval may still come. */
export async function checkApprovals(
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const newest = evidence.chain.at(-1);
	for (const run of evidence.runs) {
		const root = rootOf(run, roots);
		if (root === undefined || run.bytes === null) continue;
		const { folder, period, run: number } = run;
		const expectedPaths = new Set<string>();
		for (const role of requiredRoles(root)) {
			const path = approvalPath(folder, role);
			expectedPaths.add(path);
			if (evidence.isAway(path)) continue;
			if (!evidence.tree.files.has(path)) {
				const effect = folder === newest?.folder ? 'pending' : 'tampered';
				const values = { path, period, run: number, expected: role };
				findings.push(found('approvals', effect, 'approval-missing', values));
				continue;
			}
			const accepted = root.approvals.filter((approval) => approval.role === role);
			append(findings, await judge(evidence, run, 'approvals', path, accepted, roots));
		}
		for (const path of pathsBelow(evidence.tree.files.keys(), `${folder}/approvals`)) {
			if (expectedPaths.has(path)) continue;
			findings.push(found('approvals', 'tampered', 'file-unlisted', { path, period, run: number }));
		}
	}
	return findings;
}

function rootOf(run: RunEvidence, roots: readonly VerifiedRoot[]): TrustRoot | undefined {
	return verifiedRootAt(roots, run.manifest?.sequence ?? 1)?.root;
}

/**
 * What is wrong with one signature over a manifest. A good signature by a key that some root knows,
 * but not for this role and sequence, is UNTRUSTED; anything else that is not accepted is TAMPERED.
 */
async function judge(
	evidence: Evidence,
	run: RunEvidence,
	check: CheckId & ('signatures' | 'approvals'),
	path: string,
	accepted: readonly PinnedKey[],
	roots: readonly VerifiedRoot[],
): Promise<readonly Finding[]> {
	const place = { path, period: run.period, run: run.run };
	const signature = evidence.tree.files.get(path);
	if (signature === undefined) {
		return evidence.isAway(path) ? [] : [found(check, 'tampered', 'signature-missing', place)];
	}
	const wrong = check === 'approvals' ? 'approval-wrong' : 'signature-wrong';
	const profile = readSignature(signature);
	if (!profile.ok) return [found(check, 'tampered', wrong, { ...place, actual: profile.fault })];
	const { fingerprint } = profile.facts;
	const known = roots.flatMap(({ root }) => pinnedKeys(root));
	const key = known.find((it) => it.fingerprint === fingerprint);
	if (key === undefined) {
		const expected = accepted.map((it) => it.fingerprint).join(' ');
		const values = { ...place, expected, actual: fingerprint };
		return [found(check, 'tampered', 'signature-unknown-key', values)];
	}
	const certificate = certificateOf(evidence, key);
	// A changed or missing certificate is a finding of its own, and TAMPERED already.
	if (certificate === undefined) return [];
	const fault = await signatureFault(run.bytes ?? new Uint8Array(), signature, certificate);
	if (fault !== null) return [found(check, 'tampered', wrong, { ...place, actual: fault })];
	if (accepted.some((it) => it.fingerprint === fingerprint)) return [];
	const code = check === 'approvals' ? 'approval-not-in-force' : 'signature-key-not-in-force';
	const expected = accepted.map((it) => it.fingerprint).join(' ');
	return [found(check, 'untrusted', code, { ...place, expected, actual: fingerprint })];
}
