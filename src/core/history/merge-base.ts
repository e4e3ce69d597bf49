import type { ObjectId } from '../git/object.ts';
import type { HistoryReader } from './reader.ts';

/** More commits than this are there to exhaust a reader. */
const MOST_COMMITS = 200_000;

/**
 * The newest commit that both have in their history: the first in byte order where there are several,
 * null where there is none or it cannot be read. A commit that one has from the other is that other.
 */
export async function mergeBase(
	reader: HistoryReader,
	a: ObjectId,
	b: ObjectId,
): Promise<ObjectId | null> {
	const ofA = await ancestors(reader, a);
	const met = new Set<ObjectId>();
	await walk(reader, b, (id) => {
		if (ofA.has(id)) met.add(id);
		return !ofA.has(id);
	});
	// Older ones are met too, by a branch that has taken up a newer one since.
	const older = new Set<ObjectId>();
	for (const id of met.size > 1 ? met : []) {
		for (const ancestor of await ancestors(reader, id)) if (ancestor !== id) older.add(ancestor);
	}
	return [...met].filter((id) => !older.has(id)).toSorted()[0] ?? null;
}

async function ancestors(reader: HistoryReader, from: ObjectId): Promise<ReadonlySet<ObjectId>> {
	const found = new Set<ObjectId>();
	await walk(reader, from, (id) => {
		found.add(id);
		return true;
	});
	return found;
}

/** Visits a commit and what came before it, each once; goes on from those that `visit` accepts. */
async function walk(
	reader: HistoryReader,
	from: ObjectId,
	visit: (id: ObjectId) => boolean,
): Promise<void> {
	const seen = new Set<ObjectId>([from]);
	const waiting = [from];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		const commit = visit(id) ? await reader.commit(id) : null;
		for (const parent of commit?.parents ?? []) {
			if (seen.has(parent) || seen.size > MOST_COMMITS) continue;
			seen.add(parent);
			waiting.push(parent);
		}
	}
}
