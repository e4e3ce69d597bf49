import { signatureFault } from '../evidence/certificate.ts';
import { type DigestList, parseDigestList } from '../evidence/digest-list.ts';
import { type Manifest, parseManifest } from '../evidence/manifest.ts';
import { readSignature } from '../evidence/signature.ts';
import { finalizersAt } from '../evidence/trust-root.ts';
import { digest } from '../format/bytes.ts';
import { DIGEST_LIST } from '../paths.ts';
import type { Evidence } from '../verification/evidence.ts';
import { certificateOf, type VerifiedRoot, verifiedRootAt } from '../verification/trust.ts';

/** The list that a manifest binds, from the commit itself or, if it was altered there, from the head. */
export function listOf(
	evidence: Evidence,
	folder: string,
	manifest: Manifest,
	bytes: Uint8Array | null,
): DigestList | null {
	const own = bytes !== null && digest(bytes) === manifest.files.sha256;
	const path = `${folder}/${DIGEST_LIST}`;
	const head = evidence.digestOf(path) === manifest.files.sha256;
	const chosen = own ? bytes : head ? evidence.tree.files.get(path) : undefined;
	const parsed = chosen ? parseDigestList(chosen) : null;
	return parsed?.ok ? parsed.list : null;
}

/** The manifest, if a finalizer in force at its sequence has signed its bytes. */
export async function signedManifest(
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
	bytes: Uint8Array,
	signature: Uint8Array,
): Promise<Manifest | null> {
	const document = parseManifest(bytes);
	const profile = readSignature(signature);
	if (!document.ok || !profile.ok) return null;
	const root = verifiedRootAt(roots, document.value.sequence)?.root;
	const key = (root ? finalizersAt(root, document.value.sequence) : []).find(
		({ fingerprint }) => fingerprint === profile.facts.fingerprint,
	);
	const certificate = key && certificateOf(evidence, key);
	if (certificate === undefined) return null;
	const wrong = await signatureFault(bytes, signature, certificate);
	return wrong === null ? document.value : null;
}
