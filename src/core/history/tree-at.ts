import { LIMITS } from '../git/object.ts';
import { PLAIN_FILE } from '../git/tree.ts';
import { GUARDED_FOLDERS } from '../paths.ts';
import type { Tree } from '../verification/evidence.ts';
import { type HistoryReader, leavesBelow } from './reader.ts';

const KINDS: Readonly<Record<string, string>> = { '100755': 'executable', '120000': 'link' };

/** The guarded folders of a commit as a tree to verify; absent objects are named, never skipped. */
export async function treeAt(reader: HistoryReader, commit: string): Promise<Tree> {
	const files = new Map<string, Uint8Array>();
	const irregular: { path: string; kind: string }[] = [];
	const unavailable: { path: string; reason: string }[] = [];
	const root = (await reader.commit(commit))?.tree;
	const { leaves, unread } =
		root === undefined
			? { leaves: [], unread: GUARDED_FOLDERS }
			: await leavesBelow(reader, root, GUARDED_FOLDERS);
	for (const path of unread) unavailable.push({ path, reason: 'absent' });
	let total = 0;
	for (const [path, { mode, id }] of leaves) {
		if (mode !== PLAIN_FILE) irregular.push({ path, kind: KINDS[mode] ?? 'special' });
		if (mode !== PLAIN_FILE && mode !== '100755') continue;
		const content = await reader.blob(id);
		total += content?.length ?? 0;
		if (content === null) unavailable.push({ path, reason: 'absent' });
		else if (total > LIMITS.total) unavailable.push({ path, reason: 'all-too-large' });
		else files.set(path, content);
	}
	return { files, irregular, unavailable };
}
