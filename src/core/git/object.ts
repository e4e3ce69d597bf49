import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeText } from '../format/bytes.ts';

/** The hash function by which a repository names its objects. */
export type ObjectFormat = 'sha1' | 'sha256';

/** Lower-case hexadecimal. */
export type ObjectId = string;

export const ID_BYTES: Readonly<Record<ObjectFormat, number>> = { sha1: 20, sha256: 32 };

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
	readonly type: ObjectType;
	readonly content: Uint8Array;
}

/**
 * A hash function: the core's own, or the faster one of the machine. It may answer later, but reads
 * the bytes before it returns: they are overwritten afterwards.
 */
export type Hash = (
	format: ObjectFormat,
	bytes: Uint8Array,
) => Uint8Array<ArrayBufferLike> | Promise<Uint8Array<ArrayBufferLike>>;

export const pureHash: Hash = (format, bytes) => (format === 'sha1' ? sha1(bytes) : sha256(bytes));

/** What a repository may cost its reader; beyond it nothing is read. */
export interface Limits {
	readonly objects: number;
	/** Bytes of one object, and of one delta. */
	readonly object: number;
	/** Bytes of all objects together, inflated. */
	readonly total: number;
	/** Deltas between an object and the one it is built on. */
	readonly depth: number;
}

export const LIMITS: Limits = {
	objects: 200_000,
	object: 64 * 1024 * 1024,
	total: 1024 * 1024 * 1024,
	depth: 100,
};

/** Why Git evidence cannot be read (docs/spec/git.md). */
export type GitFaultCode =
	| 'bundle-malformed'
	| 'bundle-unsupported'
	| 'pack-malformed'
	| 'pack-truncated'
	| 'pack-checksum'
	| 'pack-trailing'
	| 'delta-malformed'
	| 'delta-base-missing'
	| 'object-malformed'
	| 'object-wrong'
	| 'ref-malformed'
	| 'branch-unknown'
	| 'unreadable'
	| 'repository-unsupported'
	| 'limit';

export interface GitFault {
	readonly code: GitFaultCode;
	/** What was met, as data: an id, an offset, a name. */
	readonly detail: string;
}

export type GitResult<Value> =
	| { readonly ok: true; readonly value: Value }
	| { readonly ok: false; readonly fault: GitFault };

export function fault(
	code: GitFaultCode,
	detail: string | number,
): { readonly ok: false; readonly fault: GitFault } {
	return { ok: false, fault: { code, detail: String(detail) } };
}

const HEX_DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Filled anew for each id: text of one piece is far cheaper as a key than text put together. */
const digits: number[] = [];

export function hexOf(bytes: Uint8Array, from = 0, to = bytes.length): string {
	digits.length = (to - from) * 2;
	for (let at = from, digit = 0; at < to; at++) {
		const byte = bytes[at] ?? 0;
		digits[digit++] = HEX_DIGITS[byte >> 4] ?? 0;
		digits[digit++] = HEX_DIGITS[byte & 15] ?? 0;
	}
	return String.fromCharCode.apply(null, digits);
}

export function isObjectId(text: string, format: ObjectFormat): boolean {
	return text.length === ID_BYTES[format] * 2 && /^[0-9a-f]+$/.test(text);
}

/** Room for an object with the header that Git hashes before it: fill `content`, then hash `all`. */
export function frame(
	type: ObjectType,
	size: number,
): { readonly all: Uint8Array; readonly content: Uint8Array } {
	const header = encodeText(`${type} ${size}\0`);
	const all = new Uint8Array(header.length + size);
	all.set(header);
	return { all, content: all.subarray(header.length) };
}
