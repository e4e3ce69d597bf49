import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	finalizersAt,
	type PinnedKey,
	parseTrustRoot,
	pinnedKeys,
	type TrustRoot,
} from '../core/evidence/trust-root.ts';
import { digest, type Files } from '../core/format/bytes.ts';
import { certificatePath, rootPath } from '../core/paths.ts';
import { holderOf } from './keys.ts';
import { onMachine, stop } from './stop.ts';

/** A key of a trust root, and what becomes of it against the version before. */
export interface KeyLine {
	readonly fingerprint: string;
	/** What its certificate says of the holder; empty where that certificate is not at hand. */
	readonly holder: string;
	/** Empty but for an approver. */
	readonly role: string;
	readonly change: 'kept' | 'new' | 'ends' | 'removed';
}

/** A trust root as its holders have to see it before they sign. */
export interface RootView {
	readonly root: TrustRoot;
	/** The digest by which people compare and pin it. */
	readonly sha256: string;
	readonly rootKeys: readonly KeyLine[];
	readonly finalizers: readonly KeyLine[];
	readonly approvers: readonly KeyLine[];
}

/** Who may sign what under a root; changes are marked where the version before it is given. */
export async function viewRoot(
	files: Files,
	root: TrustRoot,
	bytes: Uint8Array,
	previous: TrustRoot | null,
): Promise<RootView> {
	const from = root.effective_from_sequence;
	const line = async (key: Key, change: KeyLine['change']): Promise<KeyLine> => {
		const { fingerprint, role = '' } = key;
		const certificate = files.get(certificatePath(fingerprint));
		const pinned = certificate !== undefined && digest(certificate) === key.certificate_sha256;
		return { fingerprint, role, change, holder: pinned ? await holderOf(certificate) : '' };
	};
	const lines = (now: readonly Key[], before: readonly Key[], gone: KeyLine['change']) =>
		Promise.all([
			...now.map((key) => line(key, previous === null || has(before, key) ? 'kept' : 'new')),
			...before.filter((key) => !has(now, key)).map((key) => line(key, gone)),
		]);
	const [rootKeys, finalizers, approvers] = await Promise.all([
		lines(root.root_keys, previous?.root_keys ?? [], 'removed'),
		lines(finalizersAt(root, from), previous ? finalizersAt(previous, from) : [], 'ends'),
		lines(root.approvals, previous?.approvals ?? [], 'removed'),
	]);
	return { root, sha256: digest(bytes), rootKeys, finalizers, approvers };
}

type Key = PinnedKey & { readonly role?: string };

const has = (keys: readonly Key[], { fingerprint, role }: Key) =>
	keys.some((it) => it.fingerprint === fingerprint && it.role === role);

/** Every certificate that a trust root names, by its path. */
export function certificatesOf(files: Files, root: TrustRoot): Files {
	return new Map(
		pinnedKeys(root).flatMap(({ fingerprint }) => {
			const path = certificatePath(fingerprint);
			const bytes = files.get(path);
			return bytes === undefined ? [] : [[path, bytes] as const];
		}),
	);
}

/** A draft folder: the next trust root, the one that it names as the version before, and all files. */
export interface RootDraft {
	readonly root: TrustRoot;
	readonly bytes: Uint8Array;
	readonly previous: TrustRoot;
	/** By the paths that they have below `trust/`. */
	readonly files: Files;
}

/**
 * The draft in a folder. It holds the version before too, bound by its digest, so that a holder without
 * the repository sees what changes.
 */
export function readDraft(folder: string): RootDraft {
	const files = filesOf(folder);
	const roots = [...files].flatMap(([path, bytes]) => {
		const document = parseTrustRoot(bytes);
		return document.ok && path === rootPath(document.value.version)
			? [{ root: document.value, bytes }]
			: [];
	});
	const [next, last] = roots.toSorted((a, b) => b.root.version - a.root.version);
	if (next === undefined || last === undefined || roots.length > 2) {
		return stop({ code: 'no-root-draft', folder });
	}
	if (next.root.previous_sha256 !== digest(last.bytes)) stop({ code: 'no-root-draft', folder });
	return { ...next, previous: last.root, files };
}

function filesOf(folder: string): Files {
	const names = onMachine(folder, () => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
	const paths = names
		.map((name) => name.replaceAll('\\', '/'))
		.filter((it) => /\.(json|asc)$/.test(it));
	return new Map(
		paths.map((path) => {
			const file = join(folder, path);
			return [`trust/${path}`, new Uint8Array(onMachine(file, () => readFileSync(file)))];
		}),
	);
}
