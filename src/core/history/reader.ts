import { type Commit, parseCommit } from '../git/commit.ts';
import type { GitFault, ObjectId, ObjectType } from '../git/object.ts';
import type { GitEvidence } from '../git/repository.ts';
import { FOLDER, NO_TREE, type ParsedTree, parseTreeLike, type TreeEntry } from '../git/tree.ts';
import { GUARDED_FOLDERS } from '../paths.ts';

/** What a tree has at a path that is no folder. */
export interface Leaf {
	readonly mode: string;
	readonly id: ObjectId;
}

/**
 * Commits, trees and blobs of a repository. What cannot be had is null and noted in `gaps`: who
 * uses a null must not conclude anything from it.
 */
export interface HistoryReader {
	readonly git: GitEvidence;
	readonly gaps: ReadonlyMap<ObjectId, GitFault | 'absent'>;
	readonly commit: (id: ObjectId) => Promise<Commit | null>;
	/** With the folder, if known: its trees resemble each other. */
	readonly tree: (id: ObjectId, folder?: string) => Promise<readonly TreeEntry[] | null>;
	readonly blob: (id: ObjectId) => Promise<Uint8Array | null>;
	/** Whether a folder may be entered: not too deep, and not after too much; else it is a gap. */
	readonly mayEnter: (id: ObjectId, path: string) => boolean;
}

/** No legal path is longer; what lies deeper is there to exhaust a reader. */
const LONGEST_PATH = 1024;
/** Folders entered in one verification: a few objects can name each other a billion times over. */
const MOST_FOLDERS = 400_000;

/** Consecutive commits share most trees. */
const TREES_KEPT = 512;
/** A tree may have 100,000 entries: their number is what takes memory. */
const ENTRIES_KEPT = 300_000;

export function historyReader(git: GitEvidence): HistoryReader {
	const gaps = new Map<ObjectId, GitFault | 'absent'>();
	const trees = new Map<ObjectId, ParsedTree>();
	let entriesKept = 0;
	/** The tree of each folder that was read last. */
	const last = new Map<string, ObjectId>();
	const content = async (id: ObjectId, type: ObjectType) => {
		const read = await git.read(id);
		if (read.state === 'here' && read.object.type === type) return read.object.content;
		if (read.state === 'absent') gaps.set(id, 'absent');
		else gaps.set(id, read.state === 'broken' ? read.fault : malformed(id));
		return null;
	};
	const parsed = <Value>(id: ObjectId, value: Value | null) => {
		if (value === null) gaps.set(id, malformed(id));
		return value;
	};
	const commit = async (id: ObjectId) => {
		const bytes = await content(id, 'commit');
		return bytes && parsed(id, parseCommit(bytes, git.format));
	};
	const tree: HistoryReader['tree'] = async (id, folder) => {
		const like = trees.get((folder === undefined ? undefined : last.get(folder)) ?? '');
		if (last.size > TREES_KEPT) last.clear();
		if (folder !== undefined) last.set(folder, id);
		const known = trees.get(id);
		if (known !== undefined) return known.entries;
		const bytes = await content(id, 'tree');
		const read = bytes && parsed(id, parseTreeLike(bytes, git.format, like ?? NO_TREE));
		if (read === null) return null;
		trees.set(id, read);
		entriesKept += read.entries.length;
		for (const [oldest, { entries }] of trees) {
			if (trees.size <= TREES_KEPT && entriesKept <= ENTRIES_KEPT) break;
			trees.delete(oldest);
			entriesKept -= entries.length;
		}
		return read.entries;
	};
	let entered = 0;
	const mayEnter: HistoryReader['mayEnter'] = (id, path) => {
		entered++;
		if (entered <= MOST_FOLDERS && path.length <= LONGEST_PATH) return true;
		gaps.set(id, { code: 'limit', detail: `folder ${path.slice(0, 80)}` });
		return false;
	};
	return { git, gaps, commit, tree, blob: (id) => content(id, 'blob'), mayEnter };
}

function malformed(id: ObjectId): GitFault {
	return { code: 'object-malformed', detail: id };
}

/** The leaf at a path of a tree; undefined where it has none, null where that cannot be known. */
export async function leafAt(
	reader: HistoryReader,
	root: ObjectId,
	path: string,
): Promise<Leaf | undefined | null> {
	const entry = await entryAt(reader, root, path);
	return entry?.mode === FOLDER ? undefined : entry;
}

async function entryAt(
	reader: HistoryReader,
	root: ObjectId,
	path: string,
): Promise<TreeEntry | undefined | null> {
	let entry: TreeEntry | undefined = { mode: FOLDER, name: '', id: root };
	for (const segment of path.split('/')) {
		if (entry.mode !== FOLDER) return undefined;
		const entries = await reader.tree(entry.id);
		if (entries === null) return null;
		entry = entries.find(({ name }) => name === segment);
		if (entry === undefined) return undefined;
	}
	return entry;
}

/** The leaves below some folders of a tree, by path, and the folders that could not be read. */
export interface Leaves {
	readonly leaves: ReadonlyMap<string, Leaf>;
	readonly unread: readonly string[];
}

export function isBelow(path: string, folders: readonly string[]): boolean {
	return folders.some((folder) => path.startsWith(`${folder}/`));
}

export async function leavesBelow(
	reader: HistoryReader,
	root: ObjectId,
	folders: readonly string[],
): Promise<Leaves> {
	const leaves = new Map<string, Leaf>();
	const unread: string[] = [];
	const visit = async (path: string, entry: TreeEntry) => {
		if (entry.mode !== FOLDER) {
			leaves.set(path, { mode: entry.mode, id: entry.id });
			return;
		}
		const entries = reader.mayEnter(entry.id, path) ? await reader.tree(entry.id) : null;
		if (entries === null) unread.push(path);
		for (const inner of entries ?? []) await visit(`${path}/${inner.name}`, inner);
	};
	for (const folder of folders) {
		const entry = await entryAt(reader, root, folder);
		if (entry === null) unread.push(folder);
		else if (entry !== undefined) await visit(folder, entry);
	}
	return { leaves, unread };
}

/** A path at which two trees differ. */
export interface LeafChange {
	readonly path: string;
	readonly before: Leaf | null;
	readonly after: Leaf | null;
}

/**
 * Where two trees differ, in the guarded folders or everywhere; folders with equal ids are not
 * entered. Null where a tree that is needed cannot be read.
 */
export async function changedLeaves(
	reader: HistoryReader,
	before: ObjectId | null,
	after: ObjectId,
	where: 'guarded' | 'everywhere' = 'guarded',
): Promise<readonly LeafChange[] | null> {
	const changes: LeafChange[] = [];
	const folders: ReadonlySet<string> = new Set(GUARDED_FOLDERS);
	const within = where === 'guarded' ? folders : undefined;
	const known = await compare(reader, '', before, after, changes, within);
	return known ? changes : null;
}

async function compare(
	reader: HistoryReader,
	prefix: string,
	before: ObjectId | null,
	after: ObjectId | null,
	changes: LeafChange[],
	only?: ReadonlySet<string>,
): Promise<boolean> {
	if (before === after) return true;
	if (!reader.mayEnter(after ?? before ?? '', prefix)) return false;
	const old = before === null ? [] : await reader.tree(before, prefix);
	const now = after === null ? [] : await reader.tree(after, prefix);
	if (old === null || now === null) return false;
	// What both have is mostly the same object, at both ends.
	let start = 0;
	while (start < now.length && old[start] === now[start]) start++;
	let rest = 0;
	const most = Math.min(old.length, now.length) - start;
	while (rest < most && old.at(-1 - rest) === now.at(-1 - rest)) rest++;
	const earlier = new Map(old.slice(start, old.length - rest).map((entry) => [entry.name, entry]));
	let known = true;
	const pair = async (a: TreeEntry | undefined, b: TreeEntry | undefined) => {
		const name = a?.name ?? b?.name ?? '';
		if (only?.has(name) === false) return;
		if (a?.id === b?.id && a?.mode === b?.mode) return;
		const path = `${prefix}${name}`;
		const [leafA, leafB] = [leafOf(a), leafOf(b)];
		if (leafA !== null || leafB !== null) changes.push({ path, before: leafA, after: leafB });
		const [idA, idB] = [folderOf(a), folderOf(b)];
		if (idA === null && idB === null) return;
		known = (await compare(reader, `${path}/`, idA, idB, changes)) && known;
	};
	for (const entry of now.slice(start, now.length - rest)) {
		await pair(earlier.get(entry.name), entry);
		earlier.delete(entry.name);
	}
	for (const entry of earlier.values()) await pair(entry, undefined);
	return known;
}

function leafOf(entry: TreeEntry | undefined): Leaf | null {
	return entry === undefined || entry.mode === FOLDER ? null : { mode: entry.mode, id: entry.id };
}

function folderOf(entry: TreeEntry | undefined): ObjectId | null {
	return entry?.mode === FOLDER ? entry.id : null;
}
