import { holdsOrNames, mayBePointer } from '../evidence/large-file.ts';
import type { ObjectId } from '../git/object.ts';
import { PLAIN_FILE } from '../git/tree.ts';
import type { HistoryReader, Leaf } from './reader.ts';

/** How a guarded path differed from what was final. */
export type Alteration = 'changed' | 'removed' | 'added' | 'mode';

/** A guarded path was other than final from one commit of the main line on, perhaps until another. */
export interface Interval {
	readonly path: string;
	readonly alteration: Alteration;
	/** Places on the main line; `restored` is null where the head still has it. */
	readonly altered: number;
	readonly restored: number | null;
	/** The first place at which it may have begun: what was before `altered` may not be known. */
	readonly from: number;
	/** Whether some of it is not known: then it may have begun or ended elsewhere. */
	readonly unsure: boolean;
}

/** What the history watches at one path, from the commit in which it became final. */
interface Guard {
	/** Digest that the signed list gives; null where nothing may lie there. */
	readonly sha256: string | null;
	readonly since: number;
	/** Git id of the final bytes, as soon as a blob was seen that has them. */
	id: ObjectId | null;
	/** The alteration that stands now. */
	open: Omit<Interval, 'path' | 'restored'> | null;
	/** Since when what lies there is not known; null where it is. */
	unsure: number | null;
}

/** The guarded paths of a log while its history is walked from the oldest commit to the newest. */
export interface Guards {
	/** Whether there are final bytes at a path, not only nothing that may lie there. */
	readonly isFinal: (path: string) => boolean;
	/** Git id of the final bytes of a path, if they were seen. */
	readonly finalId: (path: string) => ObjectId | null;
	/** Since when a path is guarded; undefined where it never was. */
	readonly since: (path: string) => number | undefined;
	/** Git id of the final bytes of a path, if these have the digest and were seen. */
	readonly idOf: (path: string, sha256: string) => ObjectId | null;
	/** Guards a path from a commit on; `leaf` is undefined where what it has there is not known. */
	readonly add: (
		path: string,
		sha256: string | null,
		at: number,
		leaf: Leaf | null | undefined,
	) => Promise<void>;
	/** Takes note of what a path is from a commit on; undefined where that is not known. */
	readonly note: (path: string, at: number, leaf: Leaf | null | undefined) => Promise<void>;
	/** Ends the guard of a path at which nothing could lie, and from a commit on something may. */
	readonly release: (path: string, at: number) => void;
	/** How a leaf differs from what is final; null where it does not. */
	readonly alterationOf: (
		path: string,
		leaf: Leaf | null,
	) => Promise<Alteration | 'unknown' | null>;
	readonly paths: () => Iterable<string>;
	readonly intervals: () => readonly Interval[];
}

/** `known`: Git ids of bytes whose digest has been computed already, by that digest. */
export function newGuards(reader: HistoryReader, known: ReadonlyMap<string, ObjectId>): Guards {
	const guards = new Map<string, Guard>();
	const closed: Interval[] = [];
	const alterationOf: Guards['alterationOf'] = async (path, leaf) => {
		const guard = guards.get(path);
		if (guard === undefined) return null;
		if (guard.sha256 === null) return leaf === null ? null : 'added';
		if (leaf === null) return 'removed';
		const id = known.get(guard.sha256) ?? null;
		// Bytes that are known from another path may stand here as a pointer.
		if (id === leaf.id || !mayBePointer(path)) guard.id ??= id;
		if (guard.id === null) {
			const content = await reader.blob(leaf.id);
			if (content === null) return 'unknown';
			if (holdsOrNames(path, content, guard.sha256)) guard.id = leaf.id;
		}
		if (leaf.id !== guard.id) return 'changed';
		return leaf.mode === PLAIN_FILE ? null : 'mode';
	};
	const note: Guards['note'] = async (path, at, leaf) => {
		const guard = guards.get(path);
		if (guard === undefined) return;
		const alteration = leaf === undefined ? 'unknown' : await alterationOf(path, leaf);
		// What cannot be read neither alters nor restores; the reader has noted the gap.
		if (alteration === 'unknown') {
			guard.unsure ??= at;
			guard.open &&= { ...guard.open, unsure: true };
			return;
		}
		const from = guard.unsure ?? at;
		guard.unsure = null;
		if (guard.open === null) {
			guard.open = alteration && { altered: at, alteration, from, unsure: from !== at };
		} else if (alteration === null) {
			closed.push({ path, ...guard.open, restored: at });
			guard.open = null;
		}
	};
	const add: Guards['add'] = async (path, sha256, at, leaf) => {
		const earlier = guards.get(path);
		// What lay there too early may become final after all; what is final stays what it is.
		if (earlier !== undefined && (earlier.sha256 !== null || sha256 === null)) return;
		if (earlier?.open) closed.push({ path, ...earlier.open, restored: at });
		guards.set(path, { sha256, since: at, id: null, open: null, unsure: null });
		await note(path, at, leaf);
	};
	const release: Guards['release'] = (path, at) => {
		const guard = guards.get(path);
		if (guard?.sha256 !== null) return;
		if (guard.open) closed.push({ path, ...guard.open, restored: at });
		guards.delete(path);
	};
	const intervals = () => {
		const standing = [...guards].flatMap(([path, { open }]) =>
			open === null ? [] : [{ path, ...open, restored: null }],
		);
		return [...closed, ...standing].toSorted((a, b) => a.altered - b.altered);
	};
	return {
		isFinal: (path) => guards.get(path)?.sha256 != null,
		finalId: (path) => guards.get(path)?.id ?? null,
		since: (path) => guards.get(path)?.since,
		idOf: (path, sha256) => {
			const guard = guards.get(path);
			return guard?.sha256 === sha256 ? guard.id : null;
		},
		add,
		note,
		release,
		alterationOf,
		paths: () => guards.keys(),
		intervals,
	};
}
