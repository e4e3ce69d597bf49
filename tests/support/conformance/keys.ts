import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readPrivateKey } from 'openpgp';
import { encodeText } from '../../../src/core/format/bytes.ts';
import {
	bodyOf,
	concat,
	crc24,
	integers,
	type Packet,
	putTogether,
	type Subpacket,
} from '../../core/evidence/packet.ts';
import type { Keys, Signer } from '../../tamper/log.ts';

/** Keys that anybody can derive, because the cases have to be the same bytes wherever they are made. */

const CREATED = Date.parse('2025-01-01T00:00:00Z') / 1000;
const ED25519_LEGACY = 22;
/** Object identifier 1.3.6.1.4.1.11591.15.1, with its length. */
const CURVE = [9, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
/** DER of a PKCS #8 Ed25519 key, up to its 32 octets. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const HEAD = { version: 4, algorithm: ED25519_LEGACY } as const;
const HASHES = { sha256: 8, sha512: 10 } as const;
type HashName = keyof typeof HASHES;

/** What one signature packet says, and over what. */
interface Statement {
	/** 0 binary, 1 text, 0x13 certification. */
	readonly type: number;
	readonly hash: HashName;
	readonly data: Uint8Array;
	readonly hashed: readonly Subpacket[];
	readonly unhashed?: readonly Subpacket[];
}

/** The secret of a role: the SHA-256 of a public sentence. */
function seedOf(role: string): Uint8Array {
	return createHash('sha256').update(`wattproof conformance key ${role}`).digest();
}

function privateKeyOf(role: string) {
	const key = Buffer.concat([PKCS8, seedOf(role)]);
	return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** A v4 signature packet of RFC 4880 section 5.2.3, made without any OpenPGP library. */
export function signPacket(role: string, statement: Statement): Packet {
	const { type, hash, data, hashed, unhashed = [] } = statement;
	const blank = { left: new Uint8Array(2), scalars: new Uint8Array() };
	const packet = { ...HEAD, type, hash: HASHES[hash], hashed, unhashed, ...blank };
	const body = bodyOf(packet);
	// What is signed ends with the packet up to its hashed area, and the length of that.
	const head = body.subarray(0, 6 + (body[4] ?? 0) * 256 + (body[5] ?? 0));
	const trailer = concat(head, [4, 0xff], uint(head.length, 4));
	const digest = createHash(hash).update(data).update(trailer).digest();
	const signature = sign(null, digest, privateKeyOf(role));
	const scalars = integers(signature.subarray(0, 32), signature.subarray(32));
	return { ...packet, left: digest.subarray(0, 2), scalars };
}

/** The hashed subpackets of all: GnuPG 2.2 skips a certificate that names its key by fingerprint alone. */
export function claims(fingerprint: string, at: string): readonly Subpacket[] {
	const issuer = Buffer.from(fingerprint, 'hex');
	return [
		{ kind: 33, data: concat([4], issuer) },
		{ kind: 16, data: issuer.subarray(12) },
		{ kind: 2, data: uint(Date.parse(at) / 1000, 4) },
	];
}

function uint(value: number, octets: number): Uint8Array {
	return Uint8Array.from({ length: octets }, (_, at) =>
		Math.floor(value / 256 ** (octets - 1 - at)),
	);
}

/** A packet of the new format; `putTogether` knows signatures only. */
function packetOf(tag: number, body: Uint8Array): Uint8Array {
	if (body.length > 191) throw new Error('a packet of two length octets');
	return concat([0xc0 | tag, body.length], body);
}

function armored(kind: string, bytes: Uint8Array): string {
	const lines =
		Buffer.from(bytes)
			.toString('base64')
			.match(/.{1,64}/g) ?? [];
	const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PGP ${kind} KEY BLOCK-----`);
	return [begin, '', ...lines, `=${crc24(bytes)}`, end, ''].join('\n');
}

/** A key of the accepted kind (docs/spec/log.md) with its certificate. */
async function makeSigner(role: string): Promise<Signer> {
	const jwk = createPublicKey(privateKeyOf(role)).export({ format: 'jwk' });
	const point = concat([0x40], Buffer.from(jwk.x ?? '', 'base64url'));
	const open = concat([4], uint(CREATED, 4), [ED25519_LEGACY], CURVE, integers(point));
	const hashable = concat([0x99], uint(open.length, 2), open);
	const fingerprint = createHash('sha1').update(hashable).digest('hex');
	const name = encodeText(`wattproof conformance ${role}`);
	const certification = signPacket(role, {
		type: 0x13,
		hash: 'sha256',
		data: concat(hashable, [0xb4], uint(name.length, 4), name),
		// Key flags: may certify and sign.
		hashed: [...claims(fingerprint, new Date(CREATED * 1000).toISOString()), keyFlags(0x03)],
	});
	const secret = integers(seedOf(role));
	const sum = secret.reduce((total, byte) => (total + byte) & 0xffff, 0);
	const rest = concat(packetOf(13, name), putTogether(certification));
	const hidden = armored(
		'PRIVATE',
		concat(packetOf(5, concat(open, [0], secret, uint(sum, 2))), rest),
	);
	return {
		fingerprint,
		secret: hidden,
		certificate: armored('PUBLIC', concat(packetOf(6, open), rest)),
		key: await readPrivateKey({ armoredKey: hidden }),
	};
}

function keyFlags(flags: number): Subpacket {
	return { kind: 27, data: Uint8Array.of(flags) };
}

/** The people of the cases; no trust root knows `stranger`. */
export async function conformanceKeys(): Promise<Keys> {
	return {
		root: await makeSigner('root'),
		chair: await makeSigner('chair'),
		finalizer: await makeSigner('finalizer'),
		deputy: await makeSigner('deputy'),
		relief: await makeSigner('relief'),
		finance: await makeSigner('finance'),
		audit: await makeSigner('audit'),
		stranger: await makeSigner('stranger'),
	};
}
