import { readTrustRoots } from '../core/evidence/log.ts';
import { pinnedKeys, type TrustRoot } from '../core/evidence/trust-root.ts';
import { digest, type Files } from '../core/format/bytes.ts';
import { certificatePath, rootPath } from '../core/paths.ts';
import { holderOf } from './keys.ts';

/** A key as a trust root names it. */
export interface ListedKey {
	readonly fingerprint: string;
	/** Path of its certificate in the repository. */
	readonly path: string;
	/** What its certificate says of the holder; empty where that certificate is not the pinned one. */
	readonly holder: string;
	/** The sequence numbers for which it counts; `to` is null while there is no end. */
	readonly from: number;
	readonly to: number | null;
}

/** A version of the trust root with all keys that it names. */
export interface KeyList {
	readonly version: number;
	readonly path: string;
	readonly sha256: string;
	readonly threshold: number;
	readonly from: number;
	readonly to: number | null;
	readonly rootKeys: readonly ListedKey[];
	readonly finalizers: readonly ListedKey[];
	readonly approvers: readonly (ListedKey & { readonly role: string })[];
}

/** Every version of the trust root, the newest first; nothing here has been verified. */
export async function readKeyLists(files: Files): Promise<readonly KeyList[]> {
	const roots = readTrustRoots(files);
	const lists = roots.map((root, index) => listKeys(files, root, roots[index + 1], root.bytes));
	return (await Promise.all(lists)).toReversed();
}

async function listKeys(
	files: Files,
	root: TrustRoot,
	next: TrustRoot | undefined,
	bytes: Uint8Array,
): Promise<KeyList> {
	const from = root.effective_from_sequence;
	const to = next === undefined ? null : next.effective_from_sequence - 1;
	const holders = new Map<string, string>();
	for (const { fingerprint, certificate_sha256 } of pinnedKeys(root)) {
		const certificate = files.get(certificatePath(fingerprint));
		const pinned = certificate !== undefined && digest(certificate) === certificate_sha256;
		holders.set(fingerprint, pinned ? await holderOf(certificate) : '');
	}
	const listed = ({ fingerprint }: { readonly fingerprint: string }): ListedKey => ({
		fingerprint,
		path: certificatePath(fingerprint),
		holder: holders.get(fingerprint) ?? '',
		from,
		to,
	});
	return {
		version: root.version,
		path: rootPath(root.version),
		sha256: digest(bytes),
		threshold: root.root_threshold,
		from,
		to,
		rootKeys: root.root_keys.map(listed),
		finalizers: root.finalizer_keys.map((key) => ({
			...listed(key),
			from: key.from_sequence,
			to: key.to_sequence,
		})),
		approvers: root.approvals.map((key) => ({ ...listed(key), role: key.role })),
	};
}
