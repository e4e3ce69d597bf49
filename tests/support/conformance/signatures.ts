import { encodeText } from '../../../src/core/format/bytes.ts';
import {
	armor,
	bodyOf,
	crc24,
	malleate,
	putTogether,
	takeApart,
	unarmor,
} from '../../core/evidence/packet.ts';
import { remove, replaceText, resign, signFolder, textOf } from '../../tamper/forge.ts';
import type { Keys, MutableFiles } from '../../tamper/log.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { claims, signPacket } from './keys.ts';
import { DECEMBER, JANUARY, withRetired } from './logs.ts';

const MANIFEST = `${DECEMBER}/manifest.json`;
const SIGNATURE = `${MANIFEST}.asc`;
const INSTANT = '2026-01-06T08:00:00Z';

/** The armor of a signature in other text. */
const armored = (change: (text: string) => string) => (files: MutableFiles) =>
	files.set(SIGNATURE, encodeText(change(textOf(files, SIGNATURE))));

const WRONG = {
	verdict: 'TAMPERED',
	checks: { signatures: 'failed' },
	findings: ['signature-wrong'],
} as const;

/** As GnuPG 2.2 writes it: SHA-256, the old packet format, and the key id once more, unsigned. */
function asGnuPG(files: MutableFiles, keys: Keys): void {
	const { fingerprint } = keys.finalizer;
	const hashed = claims(fingerprint, INSTANT).filter(({ kind }) => kind !== 16);
	const unhashed = claims(fingerprint, INSTANT).filter(({ kind }) => kind === 16);
	const data = files.get(MANIFEST) ?? new Uint8Array();
	const packet = signPacket('finalizer', { type: 0, hash: 'sha256', data, hashed, unhashed });
	const bytes = putTogether(packet, [0x88, bodyOf(packet).length]);
	files.set(SIGNATURE, encodeText(armor(bytes, 64, crc24(bytes))));
}

/** A good signature of the text kind: it holds whatever the line ends are. */
function asText(files: MutableFiles, keys: Keys): void {
	const data = encodeText(textOf(files, MANIFEST).replaceAll('\n', '\r\n'));
	const hashed = claims(keys.finalizer.fingerprint, INSTANT);
	const packet = signPacket('finalizer', { type: 1, hash: 'sha512', data, hashed });
	files.set(SIGNATURE, encodeText(armor(putTogether(packet))));
}

export const SIGNATURE_CASES: readonly ConformanceCase[] = [
	{
		name: 'signature-without-checksum',
		title: 'The signature in lines of 64 characters and without the checksum of the armor.',
		change: armored((text) => armor(unarmor(text), 64)),
		verdict: 'VALID',
	},
	{
		name: 'signature-as-by-gnupg',
		title: 'The signature in the form of GnuPG: SHA-256, old packet format, an unsigned key id.',
		change: asGnuPG,
		verdict: 'VALID',
	},
	{
		name: 'signature-missing',
		title: 'The run is not signed.',
		change: (files) => remove(files, SIGNATURE),
		verdict: 'TAMPERED',
		checks: { signatures: 'failed' },
		findings: ['signature-missing'],
	},
	{
		name: 'manifest-altered',
		title: 'The moment of finalization was moved by a second: nobody signed these bytes.',
		change: (files) => replaceText(files, MANIFEST, 'T08:00:00Z', 'T08:00:01Z'),
		...WRONG,
	},
	{
		name: 'signature-by-a-stranger',
		title: 'A good signature by a key that no trust root names.',
		change: (files, keys) => signFolder(files, DECEMBER, keys.stranger),
		verdict: 'TAMPERED',
		checks: { signatures: 'failed' },
		findings: ['signature-unknown-key'],
	},
	{
		name: 'signature-by-a-retired-finalizer',
		title: 'The deputy was a finalizer for sequence 1 only, and signed sequence 2.',
		plan: {
			runs: [DECEMBER, JANUARY],
			root: withRetired,
			signers: { [DECEMBER]: 'deputy' },
		},
		change: (files, keys) => resign(files, keys.deputy, 2),
		verdict: 'UNTRUSTED',
		checks: { signatures: 'failed' },
		findings: ['signature-key-not-in-force'],
	},
	{
		name: 'signature-below-other-text',
		title: 'Text stands before the armor: tools skip it, and people read what nobody signed.',
		change: armored((text) => `Approved by the board.\n\n${text}`),
		...WRONG,
	},
	{
		name: 'signature-with-a-comment',
		title: 'A header in the armor is not signed.',
		change: armored((text) => text.replace('\n\n', '\nComment: approved\n\n')),
		...WRONG,
	},
	{
		name: 'signature-with-another-scalar',
		title: 'S plus the order of the group satisfies the same equation, but is no signature.',
		change: armored((text) => armor(putTogether(malleate(takeApart(unarmor(text)))))),
		...WRONG,
	},
	{
		name: 'signature-over-text',
		title: 'A good signature of the text kind, which would hold for other line ends as well.',
		change: asText,
		...WRONG,
	},
];
