import { formatTrustRoot, type TrustRoot } from '../../src/core/evidence/trust-root.ts';
import { digest, encodeText } from '../../src/core/format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath } from '../../src/core/paths.ts';
import { remove, removeFolder, replaceText, resign, rewrite } from './forge.ts';
import {
	addRoot,
	firstRoot,
	type Keys,
	type MutableFiles,
	makeLog,
	pinned,
	secondRoot,
	signBytes,
} from './log.ts';
import type { Mutation } from './mutation.ts';

/** A second root put in place of the good one, signed by both thresholds unless told otherwise. */
export async function succeed(
	files: MutableFiles,
	keys: Keys,
	edit: (root: Omit<TrustRoot, 'format'>) => Omit<TrustRoot, 'format'>,
	holders: readonly (keyof Keys)[] = ['root', 'chair'],
): Promise<void> {
	for (const who of ['root', 'chair'] as const) {
		files.delete(rootSignaturePath(2, keys[who].fingerprint));
	}
	const root = edit(secondRoot(keys, files.get(rootPath(1)) ?? new Uint8Array()));
	await addRoot(
		files,
		root,
		keys,
		holders.map((it) => keys[it]),
	);
	await resign(files, keys.relief, 4);
}

const successor = { log: 'successor', actor: 'operator', check: 'trust-root' } as const;

/** Another log of the same numbers under other keys: everything below `trust/` is self-made. */
async function takeOver(files: MutableFiles, keys: Keys): Promise<void> {
	const forged = { ...keys, root: keys.stranger, finalizer: keys.relief };
	files.clear();
	for (const [path, bytes] of await makeLog(forged, 'plain')) files.set(path, bytes);
}

const FIRST_ROOT: readonly Mutation[] = [
	{
		name: 'trust-root-other-log',
		actor: 'outsider',
		change: (files) => replaceText(files, rootPath(1), 'example.org/test', 'example.org/tost'),
		verdict: 'TAMPERED',
		check: 'trust-root',
		code: 'root-signature',
		says: 'The signature of the root key covers every byte of it.',
	},
	{
		name: 'trust-root-without-signature',
		actor: 'outsider',
		change: (files, keys) => remove(files, rootSignaturePath(1, keys.root.fingerprint)),
		verdict: 'UNTRUSTED',
		check: 'trust-root',
		code: 'root-threshold',
		says: 'A trust root that nobody signed binds nobody.',
	},
	{
		name: 'trust-root-signed-by-its-finalizer',
		actor: 'operator',
		change: async (files, keys) => {
			const bytes = files.get(rootPath(1)) ?? new Uint8Array();
			remove(files, rootSignaturePath(1, keys.root.fingerprint));
			const path = rootSignaturePath(1, keys.finalizer.fingerprint);
			files.set(path, await signBytes(bytes, keys.finalizer, '2026-01-01'));
		},
		verdict: 'TAMPERED',
		check: 'trust-root',
		code: 'trust-unlisted',
		says: 'Only root keys sign a trust root.',
	},
	{
		name: 'trust-root-names-its-predecessor',
		actor: 'operator',
		change: (files, keys) =>
			addRoot(files, { ...firstRoot(keys, 'plain'), previous_sha256: '0'.repeat(64) }, keys, [
				keys.root,
			]),
		verdict: 'TAMPERED',
		check: 'trust-root',
		code: 'root-chain',
		says: 'The first trust root follows nothing.',
	},
	{
		name: 'trust-root-self-made',
		actor: 'other-key-holder',
		change: takeOver,
		verdict: 'UNTRUSTED',
		check: 'pin',
		code: 'root-not-pinned',
		says: 'All of it is sound, but signed by others than those whose digest was noted.',
	},
	{
		name: 'trust-removed',
		actor: 'outsider',
		change: (files) => removeFolder(files, 'trust'),
		verdict: 'INCOMPLETE',
		check: 'trust-root',
		code: 'root-missing',
		says: 'Without a trust root there is nobody to believe.',
	},
	{
		name: 'certificate-exchanged',
		actor: 'outsider',
		change: (files, keys) =>
			rewrite(files, certificatePath(keys.finalizer.fingerprint), () =>
				encodeText(keys.stranger.certificate),
			),
		verdict: 'TAMPERED',
		check: 'trust-root',
		code: 'certificate-changed',
		says: 'The trust root holds the digest of every certificate.',
	},
	{
		name: 'certificate-of-another-pinned',
		actor: 'operator',
		change: async (files, keys) => {
			const path = certificatePath(keys.deputy.fingerprint);
			files.set(path, encodeText(keys.stranger.certificate));
			const root = firstRoot(keys, 'plain');
			const { certificate_sha256 } = pinned(keys.stranger);
			const finalizer_keys = root.finalizer_keys.map((it) =>
				it.fingerprint === keys.deputy.fingerprint ? { ...it, certificate_sha256 } : it,
			);
			await addRoot(files, { ...root, finalizer_keys }, keys, [keys.root]);
			files.set(path, encodeText(keys.stranger.certificate));
		},
		verdict: 'TAMPERED',
		check: 'trust-root',
		code: 'certificate-malformed',
		says: 'A certificate is the one of its fingerprint.',
	},
];

const SUCCESSORS: readonly Mutation[] = [
	{
		...successor,
		name: 'successor-good',
		actor: 'nobody',
		change: (files, keys) => succeed(files, keys, (root) => root),
		verdict: 'VALID',
		check: undefined,
		says: 'Signed by the threshold before and by its own: trust is handed on.',
	},
	{
		...successor,
		name: 'successor-not-signed-by-predecessor',
		actor: 'other-key-holder',
		change: (files, keys) => succeed(files, keys, (root) => root, ['chair']),
		verdict: 'UNTRUSTED',
		code: 'root-threshold',
		path: rootPath(2),
		says: 'Nobody but the old root keys can hand on trust.',
	},
	{
		...successor,
		name: 'successor-not-signed-by-itself',
		change: (files, keys) => succeed(files, keys, (root) => root, ['root']),
		verdict: 'UNTRUSTED',
		code: 'root-threshold',
		path: rootPath(2),
		says: 'Whoever is to be trusted next shows to have the key.',
	},
	{
		...successor,
		name: 'successor-of-another',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({ ...root, previous_sha256: '0'.repeat(64) })),
		verdict: 'TAMPERED',
		code: 'root-chain',
		path: rootPath(2),
		says: 'Each trust root holds the digest of the one before it.',
	},
	{
		...successor,
		name: 'successor-in-the-past',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({ ...root, effective_from_sequence: 2 })),
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'root-mismatch',
		says: 'A trust root added later cannot judge what was signed before it.',
	},
	{
		...successor,
		name: 'successor-not-later',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({ ...root, effective_from_sequence: 1 })),
		verdict: 'TAMPERED',
		code: 'root-chain',
		path: rootPath(2),
		says: 'Trust roots take effect one after the other.',
	},
	{
		...successor,
		name: 'successor-removed',
		actor: 'outsider',
		change: (files, keys) => {
			remove(files, rootPath(2));
			for (const who of ['root', 'chair'] as const) {
				remove(files, rootSignaturePath(2, keys[who].fingerprint));
			}
			for (const who of ['chair', 'relief'] as const) {
				remove(files, certificatePath(keys[who].fingerprint));
			}
		},
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'root-mismatch',
		says: 'Each manifest names the trust root in force.',
	},
	{
		...successor,
		name: 'successor-of-unknown-format',
		change: async (files, keys) => {
			replaceText(files, rootPath(2), 'trust-root/v1', 'trust-root/v2');
			await signRoot(files, keys);
			const sha256 = digest(files.get(rootPath(2)) ?? new Uint8Array());
			for (const sequence of [4, 5]) {
				await resign(files, keys.relief, sequence, (it) => {
					return { ...it, trust_root: { version: 2, sha256 } };
				});
			}
		},
		verdict: 'INCOMPLETE',
		code: 'root-unknown-format',
		path: rootPath(2),
		says: 'A newer verifier may understand it; this one does not, and says so.',
	},
	{
		...successor,
		name: 'successor-with-other-certificate-digest',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({
				...root,
				finalizer_keys: [
					...root.finalizer_keys,
					{
						fingerprint: keys.finalizer.fingerprint,
						certificate_sha256: '0'.repeat(64),
						from_sequence: 4,
						to_sequence: null,
					},
				],
			})),
		verdict: 'TAMPERED',
		code: 'certificate-changed',
		says: 'Every root that names a key pins its certificate, the first as well as the second.',
	},
];

/** The second root signed again as it reads now. */
async function signRoot(files: MutableFiles, keys: Keys): Promise<void> {
	const bytes = files.get(rootPath(2)) ?? formatTrustRoot(firstRoot(keys, 'plain'));
	for (const who of [keys.root, keys.chair]) {
		const path = rootSignaturePath(2, who.fingerprint);
		files.set(path, await signBytes(bytes, who, '2026-01-01'));
	}
}

export const TRUST_MUTATIONS: readonly Mutation[] = [...FIRST_ROOT, ...SUCCESSORS];
