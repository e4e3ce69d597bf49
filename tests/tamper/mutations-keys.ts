import { createHash, createPrivateKey, sign } from 'node:crypto';
import { createMessage, generateKey, reformatKey, sign as signMessage } from 'openpgp';
import type { TrustRoot } from '../../src/core/evidence/trust-root.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { certificatePath, rootPath, rootSignaturePath, SIGNATURE } from '../../src/core/paths.ts';
import { armor, bodyOf, concat, putTogether, takeApart, unarmor } from '../core/evidence/packet.ts';
import { rewrite, signFolder } from './forge.ts';
import { type Keys, type MutableFiles, NEWEST, pinned, type Signer } from './log.ts';
import type { Mutation } from './mutation.ts';
import { succeed } from './mutations-trust.ts';

const path = `${NEWEST}/${SIGNATURE}`;
const signature = {
	actor: 'operator',
	verdict: 'TAMPERED',
	check: 'signatures',
	code: 'signature-wrong',
	path,
} as const;

/** The finalizer's signature as a text: good over the same lines with any line ends. */
async function signAsText(files: MutableFiles, { finalizer }: Keys): Promise<void> {
	const text = new TextDecoder().decode(files.get(`${NEWEST}/manifest.json`));
	const message = await createMessage({ text });
	const armored = await signMessage({ message, signingKeys: finalizer.key, detached: true });
	files.set(path, encodeText(armored.replaceAll('\r\n', '\n')));
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SHA1 = 2;

/** The finalizer's signature over the SHA-1 of the manifest: sound, but for the hash. */
function signBySha1(files: MutableFiles, { finalizer }: Keys): void {
	const packet = { ...takeApart(unarmor(files.get(path) ?? '')), hash: SHA1 };
	const body = bodyOf(packet);
	const signed = body.subarray(0, 6 + (body[4] ?? 0) * 256 + (body[5] ?? 0));
	const manifest = files.get(`${NEWEST}/manifest.json`) ?? new Uint8Array();
	const trailer = Buffer.from([4, 0xff, 0, 0, 0, signed.length]);
	const hash = createHash('sha1').update(manifest).update(signed).update(trailer).digest();
	const pkcs8 = Buffer.concat([PKCS8_ED25519, seedOf(finalizer)]);
	const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
	const raw = sign(null, hash, key);
	const scalars = concat(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
	const made = putTogether({ ...packet, left: new Uint8Array(hash.subarray(0, 2)), scalars });
	files.set(path, encodeText(armor(made)));
}

function seedOf({ key }: Signer): Uint8Array {
	const { privateParams } = key.keyPacket as { privateParams?: { seed?: Uint8Array } };
	if (privateParams?.seed === undefined) throw new Error('no ed25519Legacy key');
	return privateParams.seed;
}

/** RFC 4880 section 3.2: the number of bits, then the octets without leading zeros. */
function integer(bytes: Uint8Array): Uint8Array {
	const octets = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
	const bits = (octets.length - 1) * 8 + (32 - Math.clz32(octets[0] ?? 0));
	return concat([bits >> 8, bits & 255], octets);
}

const SIGNATURES: readonly Mutation[] = [
	{
		...signature,
		name: 'signed-in-text-mode',
		change: signAsText,
		says: 'A signature over text survives other line ends.',
	},
	{
		...signature,
		name: 'signed-over-sha-1',
		change: signBySha1,
		says: 'Two manifests of one SHA-1 can be made; the signature would hold for both.',
	},
	{
		...signature,
		name: 'signature-called-algorithm-27',
		actor: 'outsider',
		change: (files) =>
			rewrite(files, path, (bytes) =>
				encodeText(armor(putTogether({ ...takeApart(unarmor(bytes)), algorithm: 27 }))),
			),
		says: 'The newer name of the same curve is read by few programs, so it is not accepted.',
	},
	{
		...signature,
		name: 'signed-by-an-approver',
		log: 'approved',
		actor: 'other-key-holder',
		change: (files, keys) => signFolder(files, NEWEST, keys.finance),
		verdict: 'UNTRUSTED',
		code: 'signature-key-not-in-force',
		says: 'Who approves a run cannot finalize it.',
	},
];

type Root = Omit<TrustRoot, 'format'>;
const successor = {
	log: 'successor',
	actor: 'operator',
	verdict: 'TAMPERED',
	check: 'trust-root',
} as const;
const malformed = { ...successor, code: 'root-malformed', path: rootPath(2) } as const;

const THRESHOLDS: readonly Mutation[] = [
	{
		...successor,
		name: 'threshold-met-by-one-key-twice',
		change: async (files, keys) => {
			const root_keys = [pinned(keys.chair), pinned(keys.stranger)];
			const two = (root: Root) => ({ ...root, root_keys, root_threshold: 2 });
			await succeed(files, keys, two);
			const one = files.get(rootSignaturePath(2, keys.chair.fingerprint));
			const other = rootSignaturePath(2, keys.stranger.fingerprint);
			files.set(other, one ?? new Uint8Array());
		},
		code: 'root-signature',
		says: 'A signature counts for the key that made it, whatever its file is called.',
	},
	{
		...malformed,
		name: 'root-key-named-twice',
		change: (files, keys) =>
			succeed(files, keys, (root) => {
				const root_keys = [pinned(keys.chair), pinned(keys.chair)];
				return { ...root, root_keys, root_threshold: 2 };
			}),
		says: 'A key stands once in a trust root, so that no person counts twice.',
	},
	{
		...malformed,
		name: 'one-key-for-two-roles',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({
				...root,
				approvals: ['audit', 'finance'].map((role) => ({ role, ...pinned(keys.audit) })),
			})),
		says: 'A key stands once in a trust root, so that one person cannot approve for two roles.',
	},
	{
		...malformed,
		name: 'finalizer-as-approver',
		change: (files, keys) =>
			succeed(files, keys, (root) => ({
				...root,
				approvals: [{ role: 'audit', ...pinned(keys.relief) }],
			})),
		says: 'A key stands once in a trust root: the machine cannot approve what it did.',
	},
	{
		...malformed,
		name: 'threshold-above-the-keys',
		change: (files, keys) => succeed(files, keys, (root) => ({ ...root, root_threshold: 2 })),
		says: 'A threshold that nobody can meet is none.',
	},
];

/** The relief's certificate issued anew, with another end. */
async function expiring({ relief }: Keys): Promise<Uint8Array> {
	const { publicKey } = await reformatKey({
		privateKey: relief.key,
		userIDs: [{ name: 'example.org/test relief' }],
		keyExpirationTime: 400 * 86_400,
		date: new Date('2026-01-02T00:00:00Z'),
		format: 'armored',
	});
	return encodeText(publicKey);
}

/** Another certificate, and a second root that pins it. */
async function pinCertificate(
	files: MutableFiles,
	keys: Keys,
	pair: { readonly fingerprint: string; readonly certificate: string },
): Promise<void> {
	await succeed(files, keys, (root) => ({
		...root,
		finalizer_keys: [
			...root.finalizer_keys.filter((it) => it.fingerprint !== pair.fingerprint),
			{ ...pinned({ ...pair, secret: '' }), from_sequence: 4, to_sequence: null },
		],
	}));
	files.set(certificatePath(pair.fingerprint), encodeText(pair.certificate));
}

const CERTIFICATES: readonly Mutation[] = [
	{
		...successor,
		name: 'certificate-with-another-end',
		actor: 'other-key-holder',
		change: async (files, keys) =>
			void files.set(certificatePath(keys.relief.fingerprint), await expiring(keys)),
		code: 'certificate-changed',
		says: 'A holder can give a certificate another end; what is pinned is the one it had.',
	},
	{
		...successor,
		name: 'certificate-that-ends',
		change: async (files, keys) => {
			const certificate = new TextDecoder().decode(await expiring(keys));
			const { fingerprint } = keys.relief;
			await pinCertificate(files, keys, { fingerprint, certificate });
		},
		code: 'certificate-malformed',
		says: 'A key ends by sequence number, never by a date that a clock would have to know.',
	},
	{
		...successor,
		name: 'certificate-of-algorithm-27',
		change: async (files, keys) => {
			const { privateKey, publicKey } = await generateKey({
				type: 'curve25519',
				userIDs: [{ name: 'newer' }],
				subkeys: [],
				format: 'object',
			});
			const fingerprint = privateKey.getFingerprint();
			await pinCertificate(files, keys, { fingerprint, certificate: publicKey.armor() });
		},
		code: 'certificate-malformed',
		says: 'The newer name of the same curve is read by few programs, so it is not accepted.',
	},
];

/** Keys of other kinds and in other roles, and what only they can do. */
export const KEY_MUTATIONS: readonly Mutation[] = [...SIGNATURES, ...THRESHOLDS, ...CERTIFICATES];
