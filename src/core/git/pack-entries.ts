import { CUT_OFF, canInflateTo, inflate } from './inflate.ts';
import {
	fault,
	type GitFault,
	hexOf,
	ID_BYTES,
	type Limits,
	type ObjectFormat,
	type ObjectId,
	type ObjectType,
} from './object.ts';
import type { Contents } from './pack-contents.ts';
import type { Scratch } from './pack-memory.ts';
import type { Names } from './pack-names.ts';

/** By the number that a pack has for them; 0 while nothing but the base of a delta would tell. */
export const PACK_TYPES: readonly (ObjectType | undefined)[] = [
	undefined,
	'commit',
	'tree',
	'blob',
	'tag',
];
const OFFSET_DELTA = 6;
const ID_DELTA = 7;
/** Magic, version, count. */
export const PACK_HEADER = 12;

/** What is known of each entry of a pack, by its place in it. */
export interface Entries {
	readonly count: number;
	/** Where each entry begins, and where its compressed stream does. */
	readonly offsets: Float64Array;
	readonly starts: Float64Array;
	/** Inflated size of each stream: of an object, or of a delta. */
	readonly sizes: Float64Array;
	/** Size of each object. */
	readonly results: Float64Array;
	readonly types: Uint8Array;
	/** The entry that a delta builds on; -1 where there is none, or none known yet. */
	readonly bases: Int32Array;
	/** The object that a delta builds on, where it says so by id. */
	readonly baseIds: Map<number, ObjectId>;
	/** How many deltas lie between an object and the one that all of them build on. */
	readonly depths: Uint16Array;
	/** Undefined where the object cannot be made. */
	readonly ids: (ObjectId | undefined)[];
	/** Bytes of all streams and of all objects that deltas make. */
	total: number;
}

export function newEntries(count: number): Entries {
	return {
		count,
		offsets: new Float64Array(count),
		starts: new Float64Array(count),
		sizes: new Float64Array(count),
		results: new Float64Array(count),
		types: new Uint8Array(count),
		bases: new Int32Array(count).fill(-1),
		baseIds: new Map(),
		depths: new Uint16Array(count),
		ids: new Array(count),
		total: 0,
	};
}

export function isDelta({ types, bases }: Entries, index: number): boolean {
	return types[index] === 0 || bases[index] !== -1;
}

/** Told which share of a pass over a pack is done. */
export type Share = (done: number) => void;

/** A pack while it is opened, without the checksum at its end. */
export interface Opening {
	readonly bytes: Uint8Array;
	readonly format: ObjectFormat;
	readonly limits: Limits;
	readonly entries: Entries;
	readonly names: Names;
	readonly scratch: Scratch;
	readonly contents: Contents;
}

/**
 * Goes through a pack once: every stream is inflated to exactly its declared size and ends where the
 * next entry begins, every object that is no delta gets its id. Null where the whole pack is sound.
 */
export async function scanEntries(opening: Opening, share: Share): Promise<GitFault | null> {
	const { bytes, entries, limits, names, scratch, contents } = opening;
	let at = PACK_HEADER;
	for (let index = 0; index < entries.count; index++) {
		entries.offsets[index] = at;
		const start = readEntry(opening, index);
		if (typeof start !== 'number') return start;
		entries.starts[index] = start;
		const size = entries.sizes[index] ?? 0;
		entries.total += size;
		if (size > limits.object || entries.total > limits.total) {
			return fault('limit', `${size} bytes at ${at}`).fault;
		}
		if (!canInflateTo(size, bytes.length - start)) return fault('pack-truncated', at).fault;
		const type = PACK_TYPES[entries.types[index] ?? 0];
		const { all, content } = scratch.frame(type ?? 'blob', size);
		const end = inflate(bytes, start, content);
		if (end < 0) return fault(end === CUT_OFF ? 'pack-truncated' : 'pack-malformed', at).fault;
		contents.note(index, content);
		if (type !== undefined) {
			entries.results[index] = size;
			const wait = names.give(index, all);
			if (wait !== undefined) await wait;
		}
		at = end;
		if (index % 256 === 0) share(at / bytes.length);
	}
	await names.given();
	return at === bytes.length ? null : fault('pack-trailing', at).fault;
}

/** Notes type, size and base of an entry and returns where its stream begins. */
function readEntry({ bytes, entries, format }: Opening, index: number): number | GitFault {
	const offset = entries.offsets[index] ?? 0;
	let at = offset;
	let byte = bytes[at++] ?? 0;
	const type = (byte >> 4) & 7;
	let size = byte & 15;
	for (let scale = 16; byte >= 128; scale *= 128) {
		if (scale > LARGEST) return fault('pack-malformed', offset).fault;
		byte = bytes[at++] ?? 0;
		size += (byte & 127) * scale;
	}
	entries.sizes[index] = size;
	if (type === OFFSET_DELTA) {
		byte = bytes[at++] ?? 0;
		let distance = byte & 127;
		while (byte >= 128 && distance <= offset) {
			byte = bytes[at++] ?? 0;
			distance = (distance + 1) * 128 + (byte & 127);
		}
		if (at > bytes.length) return fault('pack-truncated', offset).fault;
		const base = placeOf(entries, index, offset - distance);
		if (base < 0) return fault('delta-base-missing', offset).fault;
		entries.bases[index] = base;
	} else if (type === ID_DELTA) {
		entries.baseIds.set(index, hexOf(bytes, at, at + ID_BYTES[format]));
		at += ID_BYTES[format];
	} else if (PACK_TYPES[type] === undefined) {
		return fault(offset >= bytes.length ? 'pack-truncated' : 'pack-malformed', offset).fault;
	} else entries.types[index] = type;
	return at;
}

/** No number of a pack needs more bits. */
const LARGEST = 2 ** 46;

/** The entry before `index` that begins at an offset; -1 where none does. */
function placeOf({ offsets }: Entries, index: number, offset: number): number {
	let [low, high] = [0, index];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((offsets[middle] ?? 0) < offset) low = middle + 1;
		else high = middle;
	}
	return low < index && offsets[low] === offset ? low : -1;
}
