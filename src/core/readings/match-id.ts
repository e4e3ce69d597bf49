import { encodeText } from '../format/bytes.ts';
import type { Ground } from './tally.ts';

const COMMA = 44;
/** An id and its comma. */
const ID_BYTES = 64;

/**
 * The ids whose readings count, each with the comma behind it, in words of 8 bytes. Words are compared
 * as floats: no ASCII is NaN or a zero, so that equal floats are equal bytes, and a load is one step.
 */
export interface IdTable {
	/** Bytes of each id with its comma; 0 for one that does not count. */
	readonly lengths: Uint8Array;
	/** Where the words of each begin: the one that ends with the comma, then those from the start. */
	readonly places: Int32Array;
	readonly words: Float64Array;
	/** The bytes again, 64 to an id, for ids of less than a word. */
	readonly bytes: Uint8Array;
	/** Which id mostly follows each; learned while reading. */
	readonly next: Int32Array;
	/** Indexes by hash, -1 where free; the size is a power of two. */
	readonly hashed: Int32Array;
}

export function makeIdTable({ points, pointOf }: Ground): IdTable {
	const size = points.length;
	let slots = 64;
	while (slots < 4 * size) slots *= 2;
	const table = {
		lengths: new Uint8Array(size),
		places: new Int32Array(size),
		words: new Float64Array(9 * size),
		bytes: new Uint8Array(ID_BYTES * size),
		next: new Int32Array(size),
		hashed: new Int32Array(slots).fill(-1),
	};
	const view = new DataView(table.bytes.buffer);
	const counted = [...pointOf];
	let place = 0;
	for (const [index, [id, point]] of counted.entries()) {
		const start = point * ID_BYTES;
		table.bytes.set(encodeText(`${id},`), start);
		const length = id.length + 1;
		table.lengths[point] = length;
		table.places[point] = place;
		if (length >= 8) table.words[place++] = view.getFloat64(start + length - 8, true);
		for (let at = 0; at + 8 < length; at += 8) {
			table.words[place++] = view.getFloat64(start + at, true);
		}
		table.next[point] = counted[(index + 1) % counted.length]?.[1] ?? 0;
		let slot = hashOf(table.bytes, start, start + length - 1) & (slots - 1);
		while ((table.hashed[slot] ?? -1) >= 0) slot = (slot + 1) & (slots - 1);
		table.hashed[slot] = point;
	}
	return table;
}

/** Whether the id of a point and a comma stand at a place. */
function isId(table: IdTable, view: DataView, from: number, point: number): boolean {
	const length = table.lengths[point] ?? 0;
	if (length < 8) return isShortId(table, view, from, point);
	const { words } = table;
	let place = table.places[point] ?? 0;
	// Ids differ at their ends above all.
	const last = from + length - 8;
	if (view.getFloat64(last, true) !== words[place]) return false;
	for (let at = from; at < last; at += 8) {
		if (view.getFloat64(at, true) !== words[++place]) return false;
	}
	return true;
}

/**
 * The point whose id and a comma stand at a place, looked for where it mostly is: as in the row
 * before, or as what followed that one last time. -1 where it is nobody's.
 */
export function expectId(
	table: IdTable,
	bytes: Uint8Array,
	view: DataView,
	from: number,
	before: number,
): number {
	if (isId(table, view, from, before)) return before;
	const next = table.next[before] ?? 0;
	if (isId(table, view, from, next)) return next;
	const found = findId(table, bytes, view, from);
	if (found >= 0) table.next[before] = found;
	return found;
}

function isShortId({ bytes, lengths }: IdTable, view: DataView, from: number, point: number) {
	const length = lengths[point] ?? 0;
	for (let at = length - 1; at >= 0; at--) {
		if (view.getUint8(from + at) !== bytes[point * ID_BYTES + at]) return false;
	}
	return length > 0;
}

function findId(table: IdTable, bytes: Uint8Array, view: DataView, from: number): number {
	let end = from;
	while (end - from < ID_BYTES && bytes[end] !== COMMA) end++;
	const { hashed } = table;
	let slot = hashOf(bytes, from, end) & (hashed.length - 1);
	for (;;) {
		const point = hashed[slot] ?? -1;
		if (point < 0 || isId(table, view, from, point)) return point;
		slot = (slot + 1) & (hashed.length - 1);
	}
}

/** FNV-1a, its high half folded into the low one. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
	let hash = 0x811c9dc5 | 0;
	for (let at = from; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
	return hash ^ (hash >>> 15);
}
