import { applyDelta } from './delta.ts';
import { inflate } from './inflate.ts';
import { type Entries, isDelta, PACK_TYPES } from './pack-entries.ts';
import { keep, type Memory, newStore, recall, remember } from './pack-memory.ts';

/** The contents of a pack's objects: kept, at hand for a while, or made again. */
export interface Contents {
	/** Shown a stream once it has been inflated; the bytes are overwritten afterwards. */
	readonly note: (index: number, stream: Uint8Array) => void;
	/** The stream of a delta; it is not kept any longer. */
	readonly delta: (index: number) => Uint8Array;
	/**
	 * Shown what a delta makes, which is overwritten afterwards; `needed` where others build on it.
	 */
	readonly made: (index: number, content: Uint8Array, needed: boolean) => void;
	/** The content of an object that has been named. */
	readonly of: (index: number) => Uint8Array;
	/** Bytes that have been inflated or made again. */
	readonly again: () => number;
}

/** Larger deltas, and those beyond, are inflated again. */
const KEPT_DELTA = 65_536;
const KEPT_DELTAS = 16 * 1024 * 1024;

/** Of entries that a scan has found sound: streams are not checked again. */
export function newContents(bytes: Uint8Array, entries: Entries, memory: Memory): Contents {
	const { bases, results, sizes, starts, types } = entries;
	const kept = new Map<number, Uint8Array>();
	const deltas = new Map<number, Uint8Array>();
	const first = memory.places;
	memory.places += entries.count;
	let again = 0;
	const stream = (index: number) => {
		const size = sizes[index] ?? 0;
		const content = new Uint8Array(size);
		inflate(bytes, starts[index] ?? 0, content);
		again += size;
		return content;
	};
	const storeDelta = newStore();
	let deltasRoom = KEPT_DELTAS;
	const keepContent = (index: number, content: Uint8Array) => {
		const own = keep(memory, content, PACK_TYPES[types[index] ?? 0] ?? 'blob');
		if (own !== undefined) kept.set(index, own);
		return own;
	};
	const known = (index: number) => kept.get(index) ?? recall(memory, first + index);
	return {
		note: (index, content) => {
			if (!isDelta(entries, index)) keepContent(index, content);
			else if (content.length <= Math.min(KEPT_DELTA, deltasRoom)) {
				deltas.set(index, storeDelta(content));
				deltasRoom -= content.length;
			}
		},
		delta: (index) => {
			const delta = deltas.get(index);
			if (delta === undefined) return stream(index);
			deltas.delete(index);
			return delta;
		},
		made: (index, content, needed) => {
			const own = keepContent(index, content);
			if (needed && own === undefined) remember(memory, first + index, content.slice());
		},
		of: (index) => {
			const chain: number[] = [];
			let at = index;
			let content = known(at);
			for (; content === undefined && bases[at] !== -1; content = known(at)) {
				chain.push(at);
				at = bases[at] ?? -1;
			}
			if (content === undefined) {
				content = stream(at);
				remember(memory, first + at, content);
			}
			for (const next of chain.toReversed()) {
				const made = new Uint8Array(results[next] ?? 0);
				applyDelta(content, stream(next), made);
				again += made.length;
				content = made;
				remember(memory, first + next, content);
			}
			return content;
		},
		again: () => again,
	};
}
