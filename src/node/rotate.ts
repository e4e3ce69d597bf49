import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../core/evidence/certificate.ts';
import { manifestsOf, readLog, readTrustRoots } from '../core/evidence/log.ts';
import {
	formatTrustRoot,
	type PinnedKey,
	parseTrustRoot,
	type TrustRoot,
} from '../core/evidence/trust-root.ts';
import { digest, encodeText } from '../core/format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath } from '../core/paths.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { verify } from '../core/verification/verify.ts';
import { readWholeTree, writeWhole } from './files.ts';
import { requireVerdict } from './finalize.ts';
import { signDetached, unlockKey } from './keys.ts';
import { instantOf } from './present.ts';
import { committer } from './repository.ts';
import { certificatesOf, type RootView, readDraft, viewRoot } from './root-draft.ts';
import { onMachine, stop } from './stop.ts';
import { commitChange, openClean } from './transaction.ts';

/** What the next trust root does differently; certificates by their path, keys by fingerprint. */
export interface RootChange {
	/** First sequence number under the new root; null for the next one of the log. */
	readonly from: number | null;
	/** Null to keep the threshold. */
	readonly threshold: number | null;
	readonly addRoots: readonly string[];
	readonly removeRoots: readonly string[];
	readonly addFinalizers: readonly string[];
	readonly retireFinalizers: readonly string[];
	readonly addApprovers: readonly { readonly role: string; readonly certificate: string }[];
	readonly removeApprovers: readonly string[];
}

/** A change of the trust root in the words of a command line. */
export interface RotationWords {
	readonly from: string;
	readonly threshold: string;
	readonly addRoot: readonly string[];
	readonly removeRoot: readonly string[];
	readonly addFinalizer: readonly string[];
	readonly retireFinalizer: readonly string[];
	/** `role=certificate` */
	readonly addApprover: readonly string[];
	readonly removeApprover: readonly string[];
}

export function readRootChange(words: Partial<RotationWords>): RootChange {
	const number = (text: string | undefined) => {
		if (text === undefined) return null;
		return /^[1-9][0-9]{0,8}$/.test(text)
			? Number(text)
			: stop({ code: 'number-malformed', found: text });
	};
	return {
		from: number(words.from),
		threshold: number(words.threshold),
		addRoots: words.addRoot ?? [],
		removeRoots: fingerprints(words.removeRoot),
		addFinalizers: words.addFinalizer ?? [],
		retireFinalizers: fingerprints(words.retireFinalizer),
		addApprovers: (words.addApprover ?? []).map((pair) => {
			const [, role, certificate] = /^([a-z][a-z0-9-]{0,30})=(.+)$/s.exec(pair) ?? [];
			if (role === undefined || certificate === undefined) {
				return stop({ code: 'approver-malformed', found: pair });
			}
			return { role, certificate };
		}),
		removeApprovers: fingerprints(words.removeApprover),
	};
}

/** Fingerprints as gpg and paper have them: in capitals, in groups. */
function fingerprints(words: readonly string[] = []): readonly string[] {
	return words.map((it) => it.replaceAll(/\s/g, '').toLowerCase());
}

/** The newest trust root of a log: who may sign what from its sequence number on. */
export async function currentRoot(dir: string): Promise<RootView> {
	const { files } = readWholeTree(dir);
	const root = readTrustRoots(files).at(-1) ?? stop({ code: 'no-trust-root' });
	return viewRoot(files, root, root.bytes, null);
}

/**
 * Writes the next version of the trust root into a folder, unsigned, with the version before it and
 * every certificate of both: what its holders need to see and sign it elsewhere. `next` is the sequence
 * number of the next run.
 */
export async function draftRoot(
	dir: string,
	folder: string,
	change: RootChange,
): Promise<RootView & { readonly next: number }> {
	// Signatures over an earlier draft would be taken for those over this one.
	if (existsSync(folder) && onMachine(folder, () => readdirSync(folder)).length > 0) {
		stop({ code: 'draft-exists', folder });
	}
	const { files } = readWholeTree(dir);
	const previous = readTrustRoots(files).at(-1) ?? stop({ code: 'no-trust-root' });
	const last = manifestsOf(readLog(files)).at(-1)?.manifest.sequence ?? 0;
	const earliest = Math.max(last, previous.effective_from_sequence) + 1;
	const from = change.from ?? earliest;
	if (from < earliest)
		stop({ code: 'root-too-early', from: String(from), earliest: String(earliest) });

	const added = new Map<string, Uint8Array>();
	const pin = async (path: string): Promise<PinnedKey> => {
		const bytes = new Uint8Array(onMachine(path, () => readFileSync(path)));
		const fingerprint = await fingerprintOf(bytes);
		if (fingerprint === null) return stop({ code: 'certificate-refused', path });
		added.set(certificatePath(fingerprint), bytes);
		return { fingerprint, certificate_sha256: digest(bytes) };
	};
	const without = <Key extends PinnedKey>(keys: readonly Key[], removed: readonly string[]) => {
		const unknown = removed.find((it) => !keys.some((key) => key.fingerprint === it));
		if (unknown !== undefined) stop({ code: 'key-not-in-root', fingerprint: unknown });
		return keys.filter((key) => !removed.includes(key.fingerprint));
	};
	const kept = without(previous.finalizer_keys, change.retireFinalizers);
	const bytes = formatTrustRoot({
		log: previous.log,
		version: previous.version + 1,
		previous_sha256: digest(previous.bytes),
		effective_from_sequence: from,
		root_threshold: change.threshold ?? previous.root_threshold,
		root_keys: [
			...without(previous.root_keys, change.removeRoots),
			...(await Promise.all(change.addRoots.map(pin))),
		],
		finalizer_keys: [
			...previous.finalizer_keys.map((key) =>
				kept.includes(key) ? key : { ...key, to_sequence: key.to_sequence ?? from - 1 },
			),
			...(await Promise.all(change.addFinalizers.map(pin))).map((key) => {
				return { ...key, from_sequence: from, to_sequence: null };
			}),
		],
		approvals: [
			...without(previous.approvals, change.removeApprovers),
			...(await Promise.all(
				change.addApprovers.map(async ({ role, certificate }) => {
					return { role, ...(await pin(certificate)) };
				}),
			)),
		],
	});
	const root = parseTrustRoot(bytes);
	if (!root.ok) return stop({ code: 'root-refused' });
	const known = new Map([...files, ...added]);
	const draft = new Map([
		...certificatesOf(files, previous),
		...certificatesOf(known, root.value),
		[rootPath(previous.version), previous.bytes],
		[rootPath(root.value.version), bytes],
	]);
	for (const [path, content] of draft) writeWhole(join(folder, inFolder(path)), content);
	return { ...(await viewRoot(known, root.value, bytes, previous)), next: last + 1 };
}

/** Paths of the draft folder are those of `trust/`. */
function inFolder(path: string): string {
	return path.slice('trust/'.length);
}

export interface SignRequest {
	readonly folder: string;
	/** Path of the holder's armored root key. */
	readonly key: string;
	readonly passphrase: () => Promise<string>;
	readonly now: Date;
	/** Called with what is about to be signed, before the key is opened. */
	readonly show: (view: RootView) => void;
}

/** Signs the trust root of a draft folder with one root key: on any computer, without the repository. */
export async function signRoot(
	request: SignRequest,
): Promise<Pick<RootView, 'root' | 'sha256'> & { readonly signature: string }> {
	const { folder, now } = request;
	const { root, bytes, previous, files } = readDraft(folder);
	request.show(await viewRoot(files, root, bytes, previous));
	const key = await unlockKey(request.key, request.passphrase);
	const fingerprint = key.getFingerprint();
	const judges = [...root.root_keys, ...previous.root_keys];
	if (!judges.some((it) => it.fingerprint === fingerprint)) {
		stop({ code: 'key-not-root', fingerprint });
	}
	const created = instantOf(key.getCreationTime());
	if (created > instantOf(now)) stop({ code: 'key-younger', now: instantOf(now), created });
	const armored = await signDetached(bytes, key, now);
	const signature = join(folder, inFolder(rootSignaturePath(root.version, fingerprint)));
	writeWhole(signature, encodeText(armored));
	return { root, sha256: digest(bytes), signature };
}

/** Commits a draft that the old and the new threshold have signed; the log must verify with it. */
export async function adoptRoot(
	dir: string,
	folder: string,
): Promise<Pick<RootView, 'root' | 'sha256'> & { readonly commit: string }> {
	const { repository, tree } = await openClean(dir);
	const { root, bytes, files: draft } = readDraft(folder);
	const add = new Map(
		[...draft].filter(([path, content]) => !sameFile(tree.files.get(path), content)),
	);
	if (add.size === 0) stop({ code: 'root-adopted', version: String(root.version) });
	const replaced = [...add.keys()].find((path) => tree.files.has(path));
	if (replaced !== undefined) stop({ code: 'trust-append-only', path: replaced });
	await requireAdoptable({ ...tree, files: new Map([...tree.files, ...add]) }, root);
	const sha256 = digest(bytes);
	const message = `trust: adopt root ${root.version}\n\nTrust-root-SHA256: ${sha256}\n`;
	const author = await committer(repository);
	const commit = await commitChange(repository, { remove: [], add, message, author });
	return { root, sha256, commit };
}

/** Stops unless the log verifies with the new root in it; says what about the root is at fault. */
async function requireAdoptable(tree: Tree, { effective_from_sequence }: TrustRoot): Promise<void> {
	const last = manifestsOf(readLog(tree.files)).at(-1)?.manifest.sequence ?? 0;
	if (effective_from_sequence <= last) {
		const [from, earliest] = [String(effective_from_sequence), String(last + 1)];
		stop({ code: 'root-too-early', from, earliest });
	}
	const { verdict, findings } = await verify({ tree, pin: null });
	const fault = findings.find((it) => it.check === 'trust-root' && it.effect === 'tampered');
	if (fault !== undefined) stop({ code: 'draft-refused', finding: fault });
	// The old threshold and the new one may both be short: the higher one says more.
	const [short] = findings
		.filter((it) => it.code === 'root-threshold')
		.toSorted((a, b) => Number(b.expected) - Number(a.expected));
	if (short !== undefined) {
		stop({ code: 'root-threshold', actual: short.actual, expected: short.expected });
	}
	// A log without any run yet is INCOMPLETE for that reason alone.
	const empty = findings.every((it) => it.effect === 'notice' || it.code === 'log-empty');
	if (!empty) requireVerdict({ verdict, findings });
}

function sameFile(a: Uint8Array | undefined, b: Uint8Array): boolean {
	return a !== undefined && digest(a) === digest(b);
}
