import { applyDelta, deltaSizes } from './delta.ts';
import { fault, type GitFault, type ObjectId } from './object.ts';
import { type Entries, isDelta, type Opening, PACK_TYPES, type Share } from './pack-entries.ts';

/**
 * Applies every delta, depth first from what they build on, so that a base is mostly at hand. Null
 * where all are sound; those whose base the pack does not hold get no id.
 */
export async function resolveDeltas(opening: Opening, share: Share): Promise<GitFault | null> {
	const { entries, names } = opening;
	const waiting = newWaiting(entries);
	const stack: number[] = [];
	let done = 0;
	for (let root = 0; root < entries.count; root++) {
		if (isDelta(entries, root)) continue;
		pushWaiting(waiting, entries, root, stack);
		for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
			const all = makeObject(opening, index, waiting);
			if (!(all instanceof Uint8Array)) return all;
			const wait = names.give(index, all);
			if (wait !== undefined) await wait;
			if (waiting.byId.size > 0) await names.given();
			pushWaiting(waiting, entries, index, stack);
			if (done++ % 256 === 0) share(done / entries.count);
		}
	}
	await names.given();
	return null;
}

/** Deltas by the base that they wait for: lists linked through two arrays, -1 at their ends. */
interface Waiting {
	readonly first: Int32Array;
	readonly next: Int32Array;
	/** Those that name a base nobody has met yet. */
	readonly byId: Map<ObjectId, number[]>;
}

function newWaiting({ count, bases, baseIds }: Entries): Waiting {
	const first = new Int32Array(count).fill(-1);
	const next = new Int32Array(count).fill(-1);
	const byId = new Map<ObjectId, number[]>();
	for (let index = 0; index < count; index++) {
		const base = bases[index] ?? -1;
		if (base === -1) continue;
		next[index] = first[base] ?? -1;
		first[base] = index;
	}
	for (const [index, id] of baseIds) {
		const list = byId.get(id);
		if (list === undefined) byId.set(id, [index]);
		else list.push(index);
	}
	return { first, next, byId };
}

/**
 * Puts the deltas on a base onto the stack, on top those that nothing builds on: while the base is
 * at hand, they are done with.
 */
function pushWaiting(waiting: Waiting, entries: Entries, base: number, stack: number[]): void {
	const { first, next, byId } = waiting;
	const id = entries.ids[base];
	const named = (id === undefined ? undefined : byId.get(id)) ?? [];
	if (id !== undefined) byId.delete(id);
	for (const index of named) {
		entries.bases[index] = base;
		next[index] = first[base] ?? -1;
		first[base] = index;
	}
	for (const leaves of [false, true]) {
		for (let at = first[base] ?? -1; at !== -1; at = next[at] ?? -1) {
			if ((first[at] === -1) === leaves) stack.push(at);
		}
	}
}

/** What may be made again because it did not stay at hand, as a multiple of all objects. */
const AGAIN = 4;

/** The object of a delta with its header before it; notes its type and size. */
function makeObject(opening: Opening, index: number, waiting: Waiting): Uint8Array | GitFault {
	const { entries, limits, contents, scratch } = opening;
	const place = entries.offsets[index] ?? 0;
	const base = entries.bases[index] ?? -1;
	const depth = (entries.depths[base] ?? 0) + 1;
	if (depth > limits.depth) return fault('limit', `${depth} deltas at ${place}`).fault;
	const content = contents.of(base);
	const delta = contents.delta(index);
	const size = deltaSizes(delta)?.result;
	if (size === undefined) return fault('delta-malformed', place).fault;
	entries.total += size;
	const tooMuch = entries.total > limits.total || contents.again() > limits.total * AGAIN;
	if (size > limits.object || tooMuch) return fault('limit', `${size} bytes at ${place}`).fault;
	const type = entries.types[base] ?? 0;
	const framed = scratch.frame(PACK_TYPES[type] ?? 'blob', size);
	if (!applyDelta(content, delta, framed.content)) return fault('delta-malformed', place).fault;
	entries.types[index] = type;
	entries.results[index] = size;
	entries.depths[index] = depth;
	const needed = waiting.first[index] !== -1 || waiting.byId.size > 0;
	contents.made(index, framed.content, needed);
	return framed.all;
}
