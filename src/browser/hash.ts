import { type Hash, pureHash } from '../core/git/object.ts';

const NAMES = { sha1: 'SHA-1', sha256: 'SHA-256' } as const;
/** Below this size a call into the browser costs more than it saves. */
const WORTHWHILE = 2048;

/** The browser's own hash functions; the core's for little data, and where the browser offers none. */
export const webHash: Hash = (format, bytes) => {
	if (bytes.length < WORTHWHILE || globalThis.crypto?.subtle === undefined) {
		return pureHash(format, bytes);
	}
	return crypto.subtle
		.digest(NAMES[format], bytes as Uint8Array<ArrayBuffer>)
		.then((hash) => new Uint8Array(hash));
};
