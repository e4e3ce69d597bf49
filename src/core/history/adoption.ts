import { signatureFault } from '../evidence/certificate.ts';
import {
	type PinnedKey,
	parseTrustRoot,
	pinnedKeys,
	type TrustRoot,
} from '../evidence/trust-root.ts';
import { digest } from '../format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath } from '../paths.ts';
import type { Evidence } from '../verification/evidence.ts';
import { certificateOf, type VerifiedRoot } from '../verification/trust.ts';
import type { HistoryReader, Leaf } from './reader.ts';

interface Adopted {
	readonly root: TrustRoot;
	readonly bytes: Uint8Array;
}

/**
 * The trust roots that the main line has adopted so far: what lies in `trust/` without being part of
 * them is no more than an addition, whoever put it there.
 */
export interface Adoption {
	/** Takes in the roots that a commit completes; true where there are any. */
	readonly advance: (leaves: ReadonlyMap<string, Leaf>) => Promise<boolean>;
	/** Whether bytes at a path belong to an adopted root: itself, a good signature, a certificate. */
	readonly holds: (path: string, bytes: Uint8Array) => Promise<boolean>;
	/** False as soon as something could not be read that would tell. */
	readonly known: () => boolean;
}

export function watchAdoption(
	reader: HistoryReader,
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
): Adoption {
	const adopted: Adopted[] = [];
	let known = true;
	const bytesAt = async (leaf: Leaf | undefined) => {
		if (leaf === undefined) return null;
		const bytes = await reader.blob(leaf.id);
		if (bytes === null) known = false;
		return bytes;
	};
	/** Null where the key's certificate is not to be had, so that nobody can say. */
	const signs = async (key: PinnedKey, bytes: Uint8Array, signature: Uint8Array) => {
		const certificate = certificateOf(evidence, key);
		if (certificate === undefined) return null;
		return (await signatureFault(bytes, signature, certificate)) === null;
	};
	const isSuccessor = async (bytes: Uint8Array, leaves: ReadonlyMap<string, Leaf>) => {
		const version = adopted.length + 1;
		const judged = roots[version - 1]?.sha256 === digest(bytes);
		const previous = adopted.at(-1);
		if (judged || previous === undefined) return judged;
		let signers = 0;
		for (const key of previous.root.root_keys) {
			const signature = await bytesAt(leaves.get(rootSignaturePath(version, key.fingerprint)));
			const good = signature && (await signs(key, bytes, signature));
			if (signature !== null && good === null) known = false;
			if (good) signers++;
		}
		return signers >= previous.root.root_threshold;
	};
	const advance: Adoption['advance'] = async (leaves) => {
		const before = adopted.length;
		for (;;) {
			const bytes = await bytesAt(leaves.get(rootPath(adopted.length + 1)));
			const document = bytes && parseTrustRoot(bytes);
			if (!bytes || !document?.ok || !(await isSuccessor(bytes, leaves))) break;
			adopted.push({ root: document.value, bytes });
		}
		return adopted.length > before;
	};
	const holds: Adoption['holds'] = async (path, bytes) => {
		const sha256 = digest(bytes);
		for (const [index, { root, bytes: signed }] of adopted.entries()) {
			if (path === rootPath(index + 1)) return sha256 === digest(signed);
			const pinned = pinnedKeys(root).filter((it) => path === certificatePath(it.fingerprint));
			if (pinned.some((it) => it.certificate_sha256 === sha256)) return true;
			const holders = [...root.root_keys, ...(adopted[index - 1]?.root.root_keys ?? [])];
			const holder = holders.find((it) => path === rootSignaturePath(index + 1, it.fingerprint));
			if (holder !== undefined) return (await signs(holder, signed, bytes)) !== false;
		}
		return false;
	};
	return { advance, holds, known: () => known };
}
