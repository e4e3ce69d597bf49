import { encodeText } from '../../src/core/format/bytes.ts';
import { SIGNATURE } from '../../src/core/paths.ts';
import {
	armor,
	bodyOf,
	concat,
	malleate,
	type Packet,
	putTogether,
	takeApart,
	unarmor,
} from '../core/evidence/packet.ts';
import { replaceText, resign, rewrite, signFolder, textOf } from './forge.ts';
import { type Keys, MIDDLE, type MutableFiles, NEWEST, signBytes } from './log.ts';
import type { Mutation } from './mutation.ts';

const path = `${NEWEST}/${SIGNATURE}`;

/** The newest signature in other bytes: no later manifest holds its digest. */
const armored = (name: string, change: (text: string) => string) =>
	({
		name,
		actor: 'outsider',
		verdict: 'TAMPERED',
		check: 'signatures',
		code: 'signature-wrong',
		path,
		change: (files: MutableFiles) =>
			rewrite(files, path, () => encodeText(change(textOf(files, path)))),
	}) as const;

const packed = (name: string, change: (packet: Packet) => Uint8Array | Packet) =>
	armored(name, (text) => {
		const changed = change(takeApart(unarmor(text)));
		return armor(changed instanceof Uint8Array ? changed : putTogether(changed));
	});

const issuerOf = ({ hashed }: Packet) =>
	hashed.find(({ kind }) => kind === 33)?.data.subarray(13) ?? new Uint8Array();

const signedBy = (name: string, who: keyof Keys, verdict: 'TAMPERED' | 'UNTRUSTED' | 'VALID') =>
	({
		name,
		actor: 'other-key-holder',
		verdict,
		path,
		change: (files: MutableFiles, keys: Keys) => signFolder(files, NEWEST, keys[who]),
	}) as const;

const FORM: readonly Mutation[] = [
	{
		...armored('text-before-armor', (text) => `Approved by the board.\n\n${text}`),
		says: 'Tools skip text around a signature, so that people read what nobody signed.',
	},
	{
		...armored('text-after-armor', (text) => `${text}Approved by the board.\n`),
		says: 'Tools skip text around a signature, so that people read what nobody signed.',
	},
	{
		...armored('comment-in-armor', (text) => text.replace('\n\n', '\nComment: approved\n\n')),
		says: 'A header of the armor is not signed.',
	},
	{
		...armored('crlf-armor', (text) => text.replaceAll('\n', '\r\n')),
		says: 'One form of line ends is enough.',
	},
	{
		...armored('space-after-line', (text) => text.replace('\n\n', '\n \n')),
		says: 'Blanks at line ends are invisible.',
	},
	{
		...armored('short-armor-lines', (text) => armor(unarmor(text), 48)),
		says: 'Lines of 60 or 64 characters are what the two common programs write.',
	},
	{
		...armored('wrong-checksum', (text) => armor(unarmor(text), 64, 'AAAA')),
		says: 'A checksum may be left out, but not be wrong.',
	},
	{
		...armored('two-signatures', (text) => armor(concat(unarmor(text), unarmor(text)))),
		says: 'Of two signatures in a file, one program checks the first and another the last.',
	},
	{
		...armored('two-armors', (text) => text + text),
		says: 'Of two signatures in a file, one program checks the first and another the last.',
	},
	{
		...packed('unhashed-subpacket', (packet) => {
			const notation = encodeText('\u0080\u0000\u0000\u0000approved-by@x=everybody');
			return { ...packet, unhashed: [{ kind: 20, data: notation }] };
		}),
		says: 'An unhashed subpacket is not signed.',
	},
	{
		...packed('unhashed-issuer-of-another', (packet) => {
			return { ...packet, unhashed: [{ kind: 16, data: new Uint8Array(8) }] };
		}),
		says: 'The key that a signature names is the one that made it.',
	},
	{
		...packed('unhashed-issuer-marked-critical', (packet) => {
			return { ...packet, unhashed: [{ kind: 0x90, data: issuerOf(packet) }] };
		}),
		says: 'An unhashed area has one form.',
	},
	{
		...packed('scalar-plus-group-order', malleate),
		says: 'S and S + L satisfy the same equation; only the smaller is a signature.',
	},
	{
		...packed('hash-hint-changed', (packet) => {
			return { ...packet, left: packet.left.map((byte) => byte ^ 1) };
		}),
		says: 'The two octets of the hash that a signature repeats are right.',
	},
	{
		...packed('partial-length', (packet) => putTogether(packet, [0xc2, 0xe6])),
		says: 'A packet has one way to say how long it is.',
	},
	{
		...packed('long-length', (packet) => {
			return putTogether(packet, [0xc2, 0xff, 0, 0, 0, bodyOf(packet).length]);
		}),
		says: 'A packet has one way to say how long it is.',
	},
	{
		...packed('marker-packet-before', (packet) => {
			return concat([0xca, 3, 0x50, 0x47, 0x50], putTogether(packet));
		}),
		says: 'Tools ignore marker packets.',
	},
	{
		...packed('text-signature', (packet) => ({ ...packet, type: 1 })),
		says: 'A signature over text survives other line ends.',
	},
	{
		name: 'signature-of-another-month',
		actor: 'outsider',
		change: (files) =>
			void files.set(path, files.get(`${MIDDLE}/${SIGNATURE}`) ?? new Uint8Array()),
		verdict: 'TAMPERED',
		check: 'signatures',
		code: 'signature-wrong',
		path,
		says: 'A signature belongs to the bytes it was made over.',
	},
];

/** Forms that docs/spec/log.md leaves open, because the two common programs differ in them. */
const OPEN_FORM: readonly Mutation[] = [
	{
		...armored('other-armor-width', (text) => armor(unarmor(text), 64)),
		verdict: 'VALID',
		check: undefined,
		code: undefined,
		says: 'The same packet in the other accepted form; the next manifest fixes which of them it is.',
	},
	{
		...packed('other-packet-format', (packet) =>
			putTogether(packet, [0x88, bodyOf(packet).length]),
		),
		verdict: 'VALID',
		check: undefined,
		code: undefined,
		says: 'The same signature in the other accepted form; the next manifest fixes which.',
	},
	{
		...armored('checksum-left-out', (text) => armor(unarmor(text), 60)),
		verdict: 'VALID',
		check: undefined,
		code: undefined,
		says: 'The checksum of the armor may be left out.',
	},
	{
		...packed('unhashed-issuer', (packet) => {
			return { ...packet, unhashed: [{ kind: 16, data: issuerOf(packet) }] };
		}),
		verdict: 'VALID',
		check: undefined,
		code: undefined,
		says: 'GnuPG names the key once more where it is not signed, and says nothing new there.',
	},
	{
		name: 'older-signature-in-other-form',
		actor: 'outsider',
		change: (files) =>
			rewrite(files, `${MIDDLE}/${SIGNATURE}`, (bytes) => encodeText(armor(unarmor(bytes), 64))),
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'signatures-mismatch',
		path: `${NEWEST}/manifest.json`,
		says: 'The next manifest holds the digest of the signature file.',
	},
];

const SIGNERS: readonly Mutation[] = [
	{
		...signedBy('signed-by-a-stranger', 'stranger', 'TAMPERED'),
		check: 'signatures',
		code: 'signature-unknown-key',
		says: 'No trust root knows the key.',
	},
	{
		...signedBy('signed-by-the-root-key', 'root', 'UNTRUSTED'),
		check: 'signatures',
		code: 'signature-key-not-in-force',
		says: 'The root key says who finalizes; it does not finalize itself.',
	},
	{
		...signedBy('signed-by-a-finalizer-of-before', 'deputy', 'UNTRUSTED'),
		check: 'signatures',
		code: 'signature-key-not-in-force',
		says: 'The deputy was a finalizer up to sequence 2.',
	},
	{
		...signedBy('signed-by-a-finalizer-to-come', 'relief', 'UNTRUSTED'),
		log: 'successor',
		path: 'settlements/2026-02/r2/manifest.json.asc',
		change: (files, keys) => resign(files, keys.relief, 3),
		check: 'signatures',
		code: 'signature-key-not-in-force',
		says: 'The second trust root names the key for sequence 4 and on.',
	},
	{
		...signedBy('signed-again-by-the-finalizer', 'finalizer', 'VALID'),
		actor: 'operator',
		says: 'The same statement by the same party; another date of signing changes nothing.',
	},
	{
		name: 'signed-by-stranger-under-known-name',
		actor: 'outsider',
		change: async (files, keys) => {
			const manifest = files.get(`${NEWEST}/manifest.json`) ?? new Uint8Array();
			const signature = await signBytes(manifest, keys.stranger, '2026-06-01');
			const named = (packet: Packet): Packet => ({
				...packet,
				hashed: packet.hashed.flatMap((it) => {
					const hex = `04${keys.finalizer.fingerprint}`;
					const data = new Uint8Array(Buffer.from(hex, 'hex'));
					return it.kind === 33 ? [{ kind: 33, data }] : it.kind === 16 ? [] : [it];
				}),
			});
			files.set(path, encodeText(armor(putTogether(named(takeApart(unarmor(signature)))))));
		},
		verdict: 'TAMPERED',
		check: 'signatures',
		code: 'signature-wrong',
		path,
		says: 'Whoever names a key must have it.',
	},
	{
		name: 'signature-over-other-line-ends',
		actor: 'outsider',
		change: (files) => replaceText(files, `${NEWEST}/manifest.json`, '{\n', '{\r\n'),
		verdict: 'TAMPERED',
		check: 'signatures',
		code: 'signature-wrong',
		path,
		says: 'What is signed are bytes, not lines.',
	},
];

export const SIGNATURE_MUTATIONS: readonly Mutation[] = [...FORM, ...OPEN_FORM, ...SIGNERS];
