import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../core/evidence/certificate.ts';
import { manifestsOf, readLog, readTrustRoots } from '../core/evidence/log.ts';
import {
	formatTrustRoot,
	type PinnedKey,
	parseTrustRoot,
	type TrustRoot,
} from '../core/evidence/trust-root.ts';
import { digest, encodeText, type Files } from '../core/format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath } from '../core/paths.ts';
import { verify } from '../core/verification/verify.ts';
import { readTree, writeWhole } from './files.ts';
import { instantOf } from './finalize.ts';
import { signDetached, unlockKey } from './keys.ts';
import { committer } from './repository.ts';
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
		removeRoots: words.removeRoot ?? [],
		addFinalizers: words.addFinalizer ?? [],
		retireFinalizers: words.retireFinalizer ?? [],
		addApprovers: (words.addApprover ?? []).map((pair) => {
			const [role = '', ...path] = pair.split('=');
			return { role, certificate: path.join('=') };
		}),
		removeApprovers: words.removeApprover ?? [],
	};
}

/** A trust root on its way, with the digest by which its holders compare it. */
export interface RootDraft {
	readonly root: TrustRoot;
	readonly sha256: string;
}

/** Writes the next version of the trust root and the certificates it adds into a folder, unsigned. */
export async function draftRoot(
	dir: string,
	folder: string,
	change: RootChange,
): Promise<RootDraft> {
	const { files } = readTree(dir);
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
	const draft = new Map([...added, [rootPath(root.value.version), bytes]]);
	for (const [path, content] of draft) writeWhole(join(folder, inFolder(path)), content);
	return { root: root.value, sha256: digest(bytes) };
}

/** Paths of the draft folder are those of `trust/`. */
function inFolder(path: string): string {
	return path.slice('trust/'.length);
}

/** The files of a draft folder, by the paths that they will have. */
function readDraft(folder: string): Files {
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

function rootIn(folder: string, files: Files): { root: TrustRoot; bytes: Uint8Array } {
	const [found, ...more] = [...files].filter(([path]) => /^trust\/root-[0-9]+\.json$/.test(path));
	const document = found && more.length === 0 ? parseTrustRoot(found[1]) : null;
	if (found === undefined || !document?.ok) return stop({ code: 'no-root-draft', folder });
	return { root: document.value, bytes: found[1] };
}

/** Signs the trust root of a draft folder with one root key: on any computer, without the repository. */
export async function signRoot(
	folder: string,
	keyPath: string,
	passphrase: () => Promise<string>,
	now: Date,
): Promise<RootDraft & { readonly signature: string }> {
	const { root, bytes } = rootIn(folder, readDraft(folder));
	const key = await unlockKey(keyPath, passphrase);
	const created = instantOf(key.getCreationTime());
	if (created > instantOf(now)) stop({ code: 'key-younger', now: instantOf(now), created });
	const armored = await signDetached(bytes, key, now);
	const signature = join(folder, inFolder(rootSignaturePath(root.version, key.getFingerprint())));
	writeWhole(signature, encodeText(armored));
	return { root, sha256: digest(bytes), signature };
}

/** Commits a draft that the old and the new threshold have signed; the log must verify with it. */
export async function adoptRoot(
	dir: string,
	folder: string,
): Promise<RootDraft & { readonly commit: string }> {
	const { repository, tree } = await openClean(dir);
	const draft = readDraft(folder);
	const { root, bytes } = rootIn(folder, draft);
	const add = new Map(
		[...draft].filter(([path, content]) => !sameFile(tree.files.get(path), content)),
	);
	const replaced = [...add.keys()].find((path) => tree.files.has(path));
	if (replaced !== undefined) stop({ code: 'trust-append-only', path: replaced });
	const files = new Map([...tree.files, ...add]);
	const { verdict, findings } = await verify({ tree: { ...tree, files }, pin: null });
	const short = findings.find((it) => it.code === 'root-threshold');
	if (short !== undefined) {
		stop({ code: 'root-threshold', actual: short.actual, expected: short.expected });
	}
	// A log without any run yet is INCOMPLETE for that reason alone.
	const empty = findings.every((it) => it.effect === 'notice' || it.code === 'log-empty');
	if (!empty && verdict !== 'UNCONFIRMED' && verdict !== 'PENDING') {
		stop({ code: 'log-not-intact', verdict });
	}
	const sha256 = digest(bytes);
	const message = `trust: adopt root ${root.version}\n\nTrust-root-SHA256: ${sha256}\n`;
	const author = await committer(repository);
	const commit = await commitChange(repository, { remove: [], add, message, author });
	return { root, sha256, commit };
}

function sameFile(a: Uint8Array | undefined, b: Uint8Array): boolean {
	return a !== undefined && digest(a) === digest(b);
}
