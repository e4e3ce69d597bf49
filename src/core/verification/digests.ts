import { type Hash, hexOf } from '../git/object.ts';
import type { Tree } from './evidence.ts';

const AT_ONCE = 64;

/** SHA-256 of every file of a tree, by a hash function that may work beside this one. */
export async function digestsOf(tree: Tree, hash: Hash): Promise<ReadonlyMap<string, string>> {
	const digests = new Map<string, string>();
	const files = [...tree.files];
	for (let from = 0; from < files.length; from += AT_ONCE) {
		const batch = files.slice(from, from + AT_ONCE).map(async ([path, bytes]) => {
			digests.set(path, hexOf(await hash('sha256', bytes)));
		});
		await Promise.all(batch);
	}
	return digests;
}
