import type { Files } from '../format/bytes.ts';
import type { ObjectId } from '../git/object.ts';
import { PLAIN_FILE } from '../git/tree.ts';
import { GUARDED_FOLDERS } from '../paths.ts';
import { compareText } from '../problem.ts';
import type { Tree } from '../verification/evidence.ts';
import { mergeBase } from './merge-base.ts';
import { changedLeaves, type HistoryReader, isBelow, type Leaf, leafAt } from './reader.ts';
import { treeAt } from './tree-at.ts';

/** A path that a pull request changes, anywhere in the repository. */
export interface ProposedChange {
	readonly path: string;
	readonly kind: 'added' | 'changed' | 'removed';
	/** False for links, executables and other special files. */
	readonly plain: boolean;
}

/** A pull request as files: those of the base, and those that it would have if it were merged. */
export interface Proposal {
	readonly base: Files;
	readonly merged: Files;
	/** By path. */
	readonly changes: readonly ProposedChange[];
}

export type ProposalRead =
	| { readonly state: 'read'; readonly proposal: Proposal }
	/** No commit is known from which both come. */
	| { readonly state: 'unrelated' }
	/** Objects that are needed are not in this copy, or cannot be read. */
	| { readonly state: 'unreadable'; readonly paths: readonly string[] };

/**
 * What merging `head` into `base` would change. Where `head` is that merge already, or was made on
 * top of `base`, this is exact; otherwise each path that `head` has changed since the two parted is
 * taken as `head` has it.
 */
export async function readProposal(
	reader: HistoryReader,
	base: ObjectId,
	head: ObjectId,
): Promise<ProposalRead> {
	const parted = await mergeBase(reader, base, head);
	if (parted === null) return { state: 'unrelated' };
	const [from, to, onto] = [
		await reader.commit(parted),
		await reader.commit(head),
		await reader.commit(base),
	];
	if (from === null || to === null || onto === null) return { state: 'unrelated' };
	const leaves = await changedLeaves(reader, from.tree, to.tree, 'everywhere');
	if (leaves === null) return { state: 'unreadable', paths: [] };
	const tree: Tree = await treeAt(reader, base);
	const missing = tree.unavailable.map(({ path }) => path);
	const merged = new Map(tree.files);
	const changes: ProposedChange[] = [];
	for (const { path, after } of leaves) {
		const before = await leafAt(reader, onto.tree, path);
		if (before === null) missing.push(path);
		else if (!sameLeaf(before, after)) {
			const kind = after === null ? 'removed' : before === undefined ? 'added' : 'changed';
			changes.push({ path, kind, plain: after === null || after.mode === PLAIN_FILE });
			if (!isBelow(path, GUARDED_FOLDERS)) continue;
			merged.delete(path);
			const bytes = isFile(after) ? await reader.blob(after.id) : undefined;
			if (bytes === null) missing.push(path);
			else if (bytes !== undefined) merged.set(path, bytes);
		}
	}
	if (missing.length > 0) return { state: 'unreadable', paths: missing };
	changes.sort((a, b) => compareText(a.path, b.path));
	return { state: 'read', proposal: { base: tree.files, merged, changes } };
}

function sameLeaf(a: Leaf | undefined, b: Leaf | null): boolean {
	return a === undefined ? b === null : a.id === b?.id && a.mode === b.mode;
}

function isFile(leaf: Leaf | null): leaf is Leaf {
	return leaf !== null && (leaf.mode === PLAIN_FILE || leaf.mode === '100755');
}
