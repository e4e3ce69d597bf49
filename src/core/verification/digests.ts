import { type Hash, hexOf } from '../git/object.ts';
import type { Tree } from './evidence.ts';

/** Bytes that a hash function may have copied and not answered for. */
const WAITING_BYTES = 4 * 1024 * 1024;

/** SHA-256 of every file of a tree, by a hash function that may work beside this one. */
export async function digestsOf(tree: Tree, hash: Hash): Promise<ReadonlyMap<string, string>> {
	const digests = new Map<string, string>();
	let waiting: Promise<unknown>[] = [];
	let left = WAITING_BYTES;
	for (const [path, bytes] of tree.files) {
		const result = hash('sha256', bytes);
		if (result instanceof Uint8Array) {
			digests.set(path, hexOf(result));
			continue;
		}
		waiting.push(result.then((sha256) => digests.set(path, hexOf(sha256))));
		left -= bytes.length;
		if (left > 0) continue;
		await Promise.all(waiting);
		waiting = [];
		left = WAITING_BYTES;
	}
	await Promise.all(waiting);
	return digests;
}
