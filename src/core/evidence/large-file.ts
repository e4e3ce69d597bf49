import { decodeText, digest } from '../format/bytes.ts';

const POINTER =
	/^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (?:0|[1-9][0-9]{0,15})\n$/;
/** The specification of Git LFS allows a pointer no more. */
export const POINTER_BYTES = 1024;

/**
 * The SHA-256 of the bytes that a Git LFS pointer stands for; null for anything else. Such a blob names
 * the bytes as a list of digests does, so that nobody need believe the server that keeps them.
 */
export function pointedDigest(bytes: Uint8Array): string | null {
	if (bytes.length > POINTER_BYTES) return null;
	return POINTER.exec(decodeText(bytes) ?? '')?.[1] ?? null;
}

/** Whether a file is one that Git LFS may keep: whatever people send in or write for a log. */
export function mayBePointer(path: string): boolean {
	return path.startsWith('data/');
}

/** Whether a blob of the history holds the bytes of a digest, or as an input stands for them. */
export function holdsOrNames(path: string, blob: Uint8Array, sha256: string): boolean {
	if (digest(blob) === sha256) return true;
	return mayBePointer(path) && pointedDigest(blob) === sha256;
}
