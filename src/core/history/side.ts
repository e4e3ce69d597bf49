import type { Commit } from '../git/commit.ts';
import type { ObjectId } from '../git/object.ts';
import { MANIFEST, parseDataPath, parseRunPath, runFolder } from '../paths.ts';
import type { Alteration, Guards } from './guard.ts';
import type { MainLine } from './main-line.ts';
import { changedLeaves, type HistoryReader, leafAt } from './reader.ts';

/** A final path that a commit of a side branch altered; the merge did not take that over. */
export interface SideChange {
	readonly path: string;
	readonly alteration: Alteration;
	readonly id: ObjectId;
	readonly commit: Commit;
}

/**
 * What commits beside the main line did to paths that were final in what they were made upon. Such a
 * change was never in force, so it accuses nobody; but it was tried.
 */
export async function readSideBranches(
	reader: HistoryReader,
	line: MainLine,
	guards: Guards,
): Promise<readonly SideChange[]> {
	const changes: SideChange[] = [];
	/** The newest commit of the main line that each side commit knows. */
	const forks = new Map<ObjectId, number>();
	const forkOf = (id: ObjectId) => line.indexOf.get(id) ?? forks.get(id) ?? -1;
	const known = (id: ObjectId) =>
		line.indexOf.has(id) || line.earlier.has(id) || forks.has(id) || reader.gaps.has(id);
	for (const { parents } of line.commits) {
		const stack = parents.slice(1).filter((id) => !known(id));
		for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
			const commit: Commit | null = known(id) ? null : await reader.commit(id);
			const waiting = (commit?.parents ?? []).filter((parent) => !known(parent));
			if (commit !== null && waiting.length > 0) {
				stack.push(...waiting);
				continue;
			}
			stack.pop();
			if (commit === null) continue;
			const fork = commit.parents.reduce((newest, it) => Math.max(newest, forkOf(it)), -1);
			forks.set(id, fork);
			if (fork >= 0) changes.push(...(await changesOf(reader, guards, { id, commit, forkOf })));
		}
	}
	return changes;
}

/** A merge is held against each of its parents: it may drop what one of them had as final. */
async function changesOf(
	reader: HistoryReader,
	guards: Guards,
	side: { id: ObjectId; commit: Commit; forkOf: (id: ObjectId) => number },
): Promise<Iterable<SideChange>> {
	const { id, commit, forkOf } = side;
	const found = new Map<string, SideChange>();
	for (const parent of commit.parents) {
		const tree = (await reader.commit(parent))?.tree;
		if (tree === undefined) continue;
		const changes = await changedLeaves(reader, tree, commit.tree);
		for (const { path, before, after } of changes ?? []) {
			const since = guards.since(path);
			if (since === undefined || (await guards.alterationOf(path, before)) !== null) continue;
			const alteration = await guards.alterationOf(path, after);
			if (alteration === null || alteration === 'unknown') continue;
			const final = since <= forkOf(parent) || (await isFinalIn(reader, guards, tree, path));
			if (final) found.set(path, { path, alteration, id, commit });
		}
	}
	return found.values();
}

/** Whether a tree that the main line never had holds the run that makes a path final. */
async function isFinalIn(
	reader: HistoryReader,
	guards: Guards,
	tree: ObjectId,
	path: string,
): Promise<boolean> {
	const data = parseDataPath(path);
	const place = data?.kind === 'submission' ? data : parseRunPath(path);
	if (place === null) return path.startsWith('trust/');
	const manifest = `${runFolder(place.period, place.run)}/${MANIFEST}`;
	const leaf = await leafAt(reader, tree, manifest);
	if (leaf == null || !guards.isFinal(manifest)) return false;
	return (await guards.alterationOf(manifest, leaf)) === null;
}
