import { decodeText } from '../format/bytes.ts';

/** Why bytes are not a signature of the one kind that is accepted (docs/spec/log.md). */
export type SignatureFault =
	| 'armor'
	| 'checksum'
	| 'packet'
	| 'version'
	| 'type'
	| 'algorithm'
	| 'subpacket'
	| 'scalar'
	| 'certificate'
	| 'cryptography';

/** What a detached signature of the strict profile says of itself. */
export interface SignatureFacts {
	/** Lower-case hexadecimal v4 fingerprint of the signing key. */
	readonly fingerprint: string;
	/** Seconds since 1970, as the signer claims. */
	readonly created: number;
	/** The packet without armor. */
	readonly packet: Uint8Array;
}

export type Profile =
	| { readonly ok: true; readonly facts: SignatureFacts }
	| { readonly ok: false; readonly fault: SignatureFault };

const BEGIN = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const ED25519_LEGACY = 22;
const HASHES = new Set([8, 10]);

class ProfileError extends Error {
	readonly fault: SignatureFault;
	constructor(fault: SignatureFault) {
		super(fault);
		this.fault = fault;
	}
}

function demand(holds: boolean, fault: SignatureFault): asserts holds {
	if (!holds) throw new ProfileError(fault);
}

/**
 * The facts of an armored detached signature, or the first departure from the strict profile. It is
 * checked before any OpenPGP library sees the bytes, because those accept text around the armor,
 * comments, CRLF, text-mode signatures and unhashed subpackets: bytes an attacker may add freely.
 */
export function readSignature(bytes: Uint8Array): Profile {
	try {
		return { ok: true, facts: readPacket(readArmor(bytes)) };
	} catch (error) {
		if (error instanceof ProfileError) return { ok: false, fault: error.fault };
		throw error;
	}
}

/** Armor with LF, no headers, lines of 60 or 64 characters, the checksum optional but right. */
function readArmor(bytes: Uint8Array): Uint8Array {
	demand(bytes.length < 4096, 'armor');
	const text = decodeText(bytes);
	demand(text !== null, 'armor');
	const lines = text.split('\n');
	demand(lines.shift() === BEGIN && lines.shift() === '', 'armor');
	demand(lines.pop() === '' && lines.pop() === END, 'armor');
	const checksum = lines.at(-1)?.startsWith('=') ? lines.pop()?.slice(1) : undefined;
	const width = lines[0]?.length ?? 0;
	const whole = lines.slice(0, -1).every((line) => line.length === width);
	const last = lines.at(-1)?.length ?? 0;
	const single = lines.length === 1 && width <= 64;
	demand(single || ((width === 60 || width === 64) && whole), 'armor');
	demand(last > 0 && last <= width, 'armor');
	const packet = decodeBase64(lines.join(''));
	demand(packet !== null, 'armor');
	if (checksum !== undefined) {
		const sum = crc24(packet);
		const expected = Uint8Array.of(sum >> 16, sum >> 8, sum);
		demand(checksum === encodeBase64(expected), 'checksum');
	}
	return packet;
}

function encodeBase64(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes));
}

/** Canonical base64 only: what would be encoded differently is refused. */
function decodeBase64(text: string): Uint8Array | null {
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
	const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	return encodeBase64(bytes) === text ? bytes : null;
}

/** RFC 4880 section 6.1. */
function crc24(bytes: Uint8Array): number {
	let crc = 0xb704ce;
	for (const byte of bytes) {
		crc ^= byte << 16;
		for (let bit = 0; bit < 8; bit++) {
			crc <<= 1;
			if (crc & 0x1000000) crc ^= 0x1864cfb;
		}
	}
	return crc & 0xffffff;
}

/** One v4 signature packet over binary data by algorithm 22 (RFC 4880 section 5.2.3). */
function readPacket(packet: Uint8Array): SignatureFacts {
	const body = packetBody(packet);
	const [version = 0, type = 0, algorithm = 0, hash = 0] = body;
	demand(version === 4, 'version');
	demand(type === 0, 'type');
	demand(algorithm === ED25519_LEGACY && HASHES.has(hash), 'algorithm');
	const hashedEnd = 6 + uint16(body, 4);
	demand(hashedEnd + 2 <= body.length, 'packet');
	const hashed = readSubpackets(body.subarray(6, hashedEnd));
	const unhashedEnd = hashedEnd + 2 + uint16(body, hashedEnd);
	demand(unhashedEnd + 2 <= body.length, 'packet');
	const unhashed = readSubpackets(body.subarray(hashedEnd + 2, unhashedEnd));

	const fingerprint = one(hashed, 33);
	demand(fingerprint.data.length === 21 && fingerprint.data[0] === 4, 'subpacket');
	const hex = toHex(fingerprint.data.subarray(1));
	const created = one(hashed, 2);
	demand(created.data.length === 4, 'subpacket');
	for (const { kind, critical } of hashed) {
		const known = kind === 33 || kind === 2 || kind === 16 || kind === 28;
		demand(known || kind === 20, 'subpacket');
		// openpgp.js marks the time as critical; on anything else the bit could be flipped unseen.
		demand(!critical || kind === 2, 'subpacket');
	}
	for (const { kind, data } of [...hashed, ...unhashed]) {
		if (kind === 16) demand(toHex(data) === hex.slice(24), 'subpacket');
	}
	const bare = unhashed.every(({ kind, critical }) => kind === 16 && !critical);
	demand(unhashed.length <= 1 && bare, 'subpacket');
	readScalars(body.subarray(unhashedEnd + 2));
	return {
		fingerprint: hex,
		created: uint16(created.data, 0) * 65536 + uint16(created.data, 2),
		packet,
	};
}

/** The body of the one packet there is, its length in the shortest form, old or new format. */
function packetBody(packet: Uint8Array): Uint8Array {
	const [tag, first = 0, second = 0] = packet;
	const newFormat = tag === 0xc2;
	demand(newFormat || tag === 0x88 || tag === 0x89, 'packet');
	const short = newFormat ? first < 192 : tag === 0x88;
	const long = newFormat ? (first - 192) * 256 + second + 192 : first * 256 + second;
	const length = short ? first : long;
	const header = short ? 2 : 3;
	demand(short || (newFormat ? first < 224 : length > 255), 'packet');
	demand(packet.length === header + length, 'packet');
	return packet.subarray(header);
}

interface Subpacket {
	readonly kind: number;
	readonly critical: boolean;
	readonly data: Uint8Array;
}

function readSubpackets(area: Uint8Array): Subpacket[] {
	const subpackets: Subpacket[] = [];
	let offset = 0;
	while (offset < area.length) {
		const length = area[offset] ?? 0;
		demand(length > 0 && length < 192 && offset + 1 + length <= area.length, 'subpacket');
		const kind = area[offset + 1] ?? 0;
		const data = area.subarray(offset + 2, offset + 1 + length);
		subpackets.push({ kind: kind & 0x7f, critical: kind >= 0x80, data });
		offset += 1 + length;
	}
	return subpackets;
}

function one(subpackets: readonly Subpacket[], kind: number): Subpacket {
	const [found, ...more] = subpackets.filter((it) => it.kind === kind);
	demand(found !== undefined && more.length === 0, 'subpacket');
	return found;
}

/** R and S as multiprecision integers, in their shortest form, S below the group order. */
function readScalars(bytes: Uint8Array): void {
	let offset = 0;
	const scalars = [0, 1].map(() => {
		demand(offset + 2 <= bytes.length, 'scalar');
		const bits = uint16(bytes, offset);
		const data = bytes.subarray(offset + 2, offset + 2 + Math.ceil(bits / 8));
		demand(bits > 0 && bits <= 256 && data.length === Math.ceil(bits / 8), 'scalar');
		demand((data[0] ?? 0) >> ((bits - 1) % 8) === 1, 'scalar');
		offset += 2 + data.length;
		return BigInt(`0x${toHex(data)}`);
	});
	demand(offset === bytes.length, 'scalar');
	// S is little-endian inside its integer: reverse before comparing.
	const s = toHex(toBytes(scalars[1] ?? 0n).reverse());
	demand(BigInt(`0x${s}`) < ED25519_ORDER, 'scalar');
}

function toBytes(value: bigint): Uint8Array {
	const hex = value.toString(16).padStart(64, '0');
	return Uint8Array.from({ length: 32 }, (_, i) =>
		Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
	);
}

function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function uint16(bytes: Uint8Array, offset: number): number {
	return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}
