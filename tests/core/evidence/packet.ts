/** Signature packets taken apart and put together again, also as no library would. */
export interface Subpacket {
	/** With the critical bit. */
	readonly kind: number;
	readonly data: Uint8Array;
}

export interface Packet {
	readonly version: number;
	readonly type: number;
	readonly algorithm: number;
	readonly hash: number;
	readonly hashed: readonly Subpacket[];
	readonly unhashed: readonly Subpacket[];
	/** The two octets of the hash that a signature repeats. */
	readonly left: Uint8Array;
	/** R and S with their bit lengths. */
	readonly scalars: Uint8Array;
}

/** Order of the group of Ed25519, RFC 8032. */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function unarmor(armored: Uint8Array | string): Uint8Array {
	const text = typeof armored === 'string' ? armored : new TextDecoder().decode(armored);
	const lines = text.split('\n').slice(2, -2);
	const base64 = lines.filter((line) => !line.startsWith('=')).join('');
	return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** Armor of the accepted form, without a checksum unless one is given. */
export function armor(packet: Uint8Array, width = 64, checksum?: string): string {
	const base64 = Buffer.from(packet).toString('base64');
	const lines = base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
	const sum = checksum === undefined ? [] : [`=${checksum}`];
	const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PGP SIGNATURE-----`);
	return [begin, '', ...lines, ...sum, end, ''].join('\n');
}

/** The checksum line of RFC 4880 section 6.1, computed bit by bit. */
export function crc24(bytes: Uint8Array): string {
	let crc = 0xb704ce;
	for (const byte of bytes) {
		crc ^= byte << 16;
		for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x800000 ? 0x1864cfb : 0);
		crc &= 0xffffff;
	}
	return Buffer.from([crc >> 16, crc >> 8, crc]).toString('base64');
}

/** A packet of the short form that openpgp.js and GnuPG make for ed25519: one octet of length. */
export function takeApart(packet: Uint8Array): Packet {
	const body = packet.subarray(2);
	const at = (index: number) => body[index] ?? 0;
	const hashedEnd = 6 + at(4) * 256 + at(5);
	const unhashedEnd = hashedEnd + 2 + at(hashedEnd) * 256 + at(hashedEnd + 1);
	return {
		version: at(0),
		type: at(1),
		algorithm: at(2),
		hash: at(3),
		hashed: subpackets(body.subarray(6, hashedEnd)),
		unhashed: subpackets(body.subarray(hashedEnd + 2, unhashedEnd)),
		left: body.slice(unhashedEnd, unhashedEnd + 2),
		scalars: body.slice(unhashedEnd + 2),
	};
}

function subpackets(area: Uint8Array): Subpacket[] {
	const found: Subpacket[] = [];
	for (let offset = 0; offset < area.length; ) {
		const length = area[offset] ?? 0;
		const data = area.slice(offset + 2, offset + 1 + length);
		found.push({ kind: area[offset + 1] ?? 0, data });
		offset += 1 + length;
	}
	return found;
}

export function bodyOf(packet: Packet): Uint8Array {
	const { version, type, algorithm, hash, left, scalars } = packet;
	const [hashed, unhashed] = [packet.hashed, packet.unhashed].map((area) => {
		const bytes = concat(...area.map((it) => concat([it.data.length + 1, it.kind], it.data)));
		return concat([bytes.length >> 8, bytes.length & 0xff], bytes);
	});
	return concat([version, type, algorithm, hash], hashed ?? [], unhashed ?? [], left, scalars);
}

/** New packet format with one octet of length, unless a header is given. */
export function putTogether(packet: Packet, header?: readonly number[]): Uint8Array {
	const body = bodyOf(packet);
	return concat(header ?? [0xc2, body.length], body);
}

/** R and S, 32 octets each, as their integers stand in a signature: the greatest octet first. */
export function scalarsOf(packet: Packet): readonly [Uint8Array, Uint8Array] {
	const read = (offset: number) => {
		const bits = (packet.scalars[offset] ?? 0) * 256 + (packet.scalars[offset + 1] ?? 0);
		const end = offset + 2 + Math.ceil(bits / 8);
		const data = packet.scalars.slice(offset + 2, end);
		return { end, data: concat(new Uint8Array(32 - data.length), data) };
	};
	const r = read(0);
	return [r.data, read(r.end).data];
}

/** Multiprecision integers in their shortest form. */
export function integers(...values: readonly Uint8Array[]): Uint8Array {
	return concat(
		...values.map((value) => {
			const first = value.findIndex((byte) => byte !== 0);
			const data = first < 0 ? new Uint8Array() : value.subarray(first);
			const bits = first < 0 ? 0 : data.length * 8 - Math.clz32(data[0] ?? 0) + 24;
			return concat([bits >> 8, bits & 0xff], data);
		}),
	);
}

/** S + L: the same point of the curve, other bytes, which lenient verifiers take as well. */
export function malleate(packet: Packet): Packet {
	const [r, s] = scalarsOf(packet);
	const value = BigInt(`0x${Buffer.from(s.toReversed()).toString('hex')}`) + ORDER;
	const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
	return { ...packet, scalars: integers(r, new Uint8Array(bytes).reverse()) };
}
