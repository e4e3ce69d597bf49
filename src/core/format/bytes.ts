import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Repository-relative paths with `/` to the exact bytes of the files. */
export type Files = ReadonlyMap<string, Uint8Array>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeText(text: string): Uint8Array {
	return encoder.encode(text);
}

/** The text of UTF-8 bytes, a BOM kept as a character; null where they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
	try {
		return decoder.decode(bytes);
	} catch {
		return null;
	}
}

/** Lower-case hexadecimal SHA-256. */
export function digest(bytes: Uint8Array): string {
	return bytesToHex(sha256(bytes));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
	return true;
}
