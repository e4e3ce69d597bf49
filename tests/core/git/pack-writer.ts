import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encodeText } from '../../../src/core/format/bytes.ts';
import type { ObjectFormat, ObjectType } from '../../../src/core/git/object.ts';

/** Packs and bundles written by hand, with every number open to a lie. */

const TYPES = { commit: 1, tree: 2, blob: 3, tag: 4, offset: 6, id: 7 } as const;

export interface Entry {
	readonly type: keyof typeof TYPES | number;
	/** Of an object, or of a delta. */
	readonly content: Uint8Array;
	/** Of an offset delta: how many entries before it its base is, or how many bytes. */
	readonly back?: number;
	readonly distance?: number;
	/** Of a delta by id. */
	readonly base?: string;
	/** Instead of the true ones. */
	readonly size?: number;
	readonly stream?: Uint8Array;
	readonly level?: number;
}

export interface PackLies {
	readonly format?: ObjectFormat;
	readonly count?: number;
	readonly version?: number;
	readonly magic?: string;
	readonly trailer?: Uint8Array;
	/** Between the last entry and the checksum. */
	readonly rest?: Uint8Array;
}

export function packOf(entries: readonly Entry[], lies: PackLies = {}): Uint8Array {
	const { format = 'sha1', count = entries.length, version = 2, magic = 'PACK' } = lies;
	const head = Buffer.alloc(12);
	head.write(magic, 'latin1');
	head.writeUInt32BE(version, 4);
	head.writeUInt32BE(count, 8);
	const parts: Uint8Array[] = [head];
	const offsets: number[] = [];
	let at = head.length;
	for (const [index, entry] of entries.entries()) {
		offsets.push(at);
		const distance = entry.distance ?? at - (offsets[index - (entry.back ?? 0)] ?? 0);
		const bytes = entryBytes(entry, distance);
		parts.push(bytes);
		at += bytes.length;
	}
	if (lies.rest) parts.push(lies.rest);
	return withTrailer(Buffer.concat(parts), format, lies.trailer);
}

/** The checksum that belongs to the bytes before it. */
export function withTrailer(
	body: Uint8Array,
	format: ObjectFormat = 'sha1',
	trailer: Uint8Array = createHash(format).update(body).digest(),
): Uint8Array {
	return new Uint8Array(Buffer.concat([body, trailer]));
}

function entryBytes(entry: Entry, distance: number): Uint8Array {
	const { type, content, size = content.length, base = '' } = entry;
	const code = typeof type === 'number' ? type : TYPES[type];
	const stream = entry.stream ?? deflateSync(content, { level: entry.level ?? 6 });
	const reference = code === TYPES.id ? Buffer.from(base, 'hex') : [];
	const head = [...sizeBytes(code, size), ...(code === TYPES.offset ? backwards(distance) : [])];
	return Buffer.concat([Uint8Array.from(head), Uint8Array.from(reference), stream]);
}

function sizeBytes(code: number, size: number): number[] {
	const bytes = [(code << 4) | (size % 16)];
	for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
		bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
		bytes.push(rest % 128);
	}
	return bytes;
}

function backwards(distance: number): number[] {
	const bytes = [distance % 128];
	for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
		rest--;
		bytes.unshift(128 | (rest % 128));
	}
	return bytes;
}

/** One instruction of a delta: bytes to insert, or what to copy from the base. */
export type Instruction = Uint8Array | { readonly from: number; readonly size: number };

export function deltaOf(base: number, result: number, list: readonly Instruction[]): Uint8Array {
	const parts = list.flatMap((one) => {
		if (!(one instanceof Uint8Array)) return [Uint8Array.from(copyBytes(one.from, one.size))];
		const count = Math.ceil(one.length / LONGEST_INSERTION);
		const inserted = new Uint8Array(one.length + count);
		for (let index = 0; index < count; index++) {
			const from = index * LONGEST_INSERTION;
			const part = one.subarray(from, from + LONGEST_INSERTION);
			inserted[from + index] = part.length;
			inserted.set(part, from + index + 1);
		}
		return [inserted];
	});
	return new Uint8Array(
		Buffer.concat([Uint8Array.from([...varint(base), ...varint(result)]), ...parts]),
	);
}

const LONGEST_INSERTION = 127;

function copyBytes(from: number, size: number): number[] {
	let code = 128;
	const bytes: number[] = [];
	for (const [value, count, shift] of [[from, 4, 0] as const, [size, 3, 4] as const]) {
		for (let place = 0; place < count; place++) {
			const byte = Math.floor(value / 2 ** (8 * place)) % 256;
			if (byte === 0) continue;
			code |= 1 << (place + shift);
			bytes.push(byte);
		}
	}
	return [code, ...bytes];
}

export function varint(value: number): number[] {
	const bytes: number[] = [];
	for (let rest = value; ; rest = Math.floor(rest / 128)) {
		bytes.push(rest < 128 ? rest : 128 | (rest % 128));
		if (rest < 128) return bytes;
	}
}

export function idOf(
	type: ObjectType,
	content: Uint8Array | string,
	format: ObjectFormat = 'sha1',
): string {
	const bytes = typeof content === 'string' ? encodeText(content) : content;
	return createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A stream of one stored block, made without zlib: for packs of very many objects. */
export function storedStream(content: Uint8Array): Uint8Array {
	let [a, b] = [1, 0];
	for (const byte of content) {
		a = (a + byte) % 65_521;
		b = (b + a) % 65_521;
	}
	const size = content.length;
	const sizes = [size % 256, size >> 8, 255 - (size % 256), 255 - (size >> 8)];
	return Uint8Array.of(0x78, 1, 1, ...sizes, ...content, b >> 8, b % 256, a >> 8, a % 256);
}

export function looseOf(type: string, content: Uint8Array, size = content.length): Uint8Array {
	return new Uint8Array(deflateSync(Buffer.concat([Buffer.from(`${type} ${size}\0`), content])));
}

/** A bundle of a pack, with its header as given. */
export function bundleOf(header: string, pack: Uint8Array): Uint8Array {
	return new Uint8Array(Buffer.concat([Buffer.from(header), pack]));
}
