import type { Commit } from '../git/commit.ts';
import type { ObjectId } from '../git/object.ts';
import { rootPath } from '../paths.ts';
import { type HistoryReader, leafAt } from './reader.ts';

/** A commit of the main line. */
export interface MainCommit extends Commit {
	readonly id: ObjectId;
}

/** The history that judges a log: first parents from the head back to the log's beginning. */
export interface MainLine {
	/** Oldest first; the first one is the oldest that holds the exact first trust root. */
	readonly commits: readonly MainCommit[];
	readonly indexOf: ReadonlyMap<ObjectId, number>;
	/** First parents before the log began: they are known, and judge nothing. */
	readonly earlier: ReadonlySet<ObjectId>;
	/** False where a parent cannot be read: what came before is not known. */
	readonly complete: boolean;
}

/** `root` is the Git id of the first trust root as a blob. */
export async function readMainLine(reader: HistoryReader, root: ObjectId): Promise<MainLine> {
	const line: MainCommit[] = [];
	const seen = new Set<ObjectId>();
	let complete = true;
	for (let id: ObjectId | undefined = reader.git.head; id !== undefined; ) {
		const commit: Commit | null = seen.has(id) ? null : await reader.commit(id);
		if (commit === null) {
			complete = false;
			break;
		}
		seen.add(id);
		line.push({ id, ...commit });
		id = commit.parents[0];
	}
	line.reverse();
	let start = 0;
	while (start < line.length) {
		const leaf = await leafAt(reader, line[start]?.tree ?? '', rootPath(1));
		// A tree that cannot be read may hold it: then nobody can say where the log began.
		if (leaf === null) complete = false;
		if (leaf?.id === root) break;
		start++;
	}
	const commits = line.slice(start);
	return {
		commits,
		indexOf: new Map(commits.map(({ id }, index) => [id, index])),
		earlier: new Set(line.slice(0, start).map(({ id }) => id)),
		complete,
	};
}
