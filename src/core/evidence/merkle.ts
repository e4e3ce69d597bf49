import { sha256 } from '@noble/hashes/sha2.js';

/**
 * The root hash of RFC 6962 section 2.1 over a list of leaves: whoever notes it can tell later
 * whether a longer list still begins with these.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
	return rootOf(leaves.map((leaf) => hashOf(0, leaf)));
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
	const [first] = hashes;
	if (first === undefined) return sha256(new Uint8Array());
	if (hashes.length === 1) return first;
	let split = 1;
	while (split * 2 < hashes.length) split *= 2;
	return hashOf(1, rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

function hashOf(prefix: 0 | 1, ...parts: readonly Uint8Array[]): Uint8Array {
	const hash = sha256.create().update(Uint8Array.of(prefix));
	for (const part of parts) hash.update(part);
	return hash.digest();
}
