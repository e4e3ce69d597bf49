import { encodeText } from '../format/bytes.ts';
import type { ObjectType } from './object.ts';

/** What may be held of the objects of a repository, over all its packs. */
export interface Memory {
	/** Bytes that may still be kept for good. */
	room: number;
	/** Contents that were needed last, the oldest first; keys are places, counted over all packs. */
	readonly recent: Map<number, Uint8Array>;
	recentBytes: number;
	/** Objects of the packs so far. */
	places: number;
}

/** Commits and trees are kept as far as they fit: the history reads them all. */
const KEPT_BYTES = 96 * 1024 * 1024;
const RECENT_BYTES = 32 * 1024 * 1024;
/** What a small array costs besides its bytes, about. */
const OVERHEAD = 160;

export function newMemory(): Memory {
	return { room: KEPT_BYTES, recent: new Map(), recentBytes: 0, places: 0 };
}

/** Whether these bytes may be kept; then they count until they are given back. */
export function claim(memory: Memory, bytes: Uint8Array): boolean {
	if (bytes.length + OVERHEAD > memory.room) return false;
	memory.room -= bytes.length + OVERHEAD;
	return true;
}

export function giveBack(memory: Memory, bytes: Uint8Array): void {
	memory.room += bytes.length + OVERHEAD;
}

/** The newest stays whatever its size, because the next delta probably builds on it. */
export function remember(memory: Memory, place: number, content: Uint8Array): void {
	forget(memory, place);
	memory.recent.set(place, content);
	memory.recentBytes += content.length;
	for (const oldest of memory.recent.keys()) {
		if (memory.recentBytes <= RECENT_BYTES || oldest === place) break;
		forget(memory, oldest);
	}
}

export function recall(memory: Memory, place: number): Uint8Array | undefined {
	const content = memory.recent.get(place);
	if (content !== undefined) {
		memory.recent.delete(place);
		memory.recent.set(place, content);
	}
	return content;
}

function forget(memory: Memory, place: number): void {
	memory.recentBytes -= memory.recent.get(place)?.length ?? 0;
	memory.recent.delete(place);
}

/** Room for one object at a time: most are inflated, hashed and never needed again. */
export interface Scratch {
	/** As `frame`, over the bytes of the frame before. */
	readonly frame: (
		type: ObjectType,
		size: number,
	) => { readonly all: Uint8Array; readonly content: Uint8Array };
}

/** The longest header, `commit 1073741824` and a NUL, has room before the content. */
const HEADER_ROOM = 32;
/** Grown in steps, so that sizes that rise slowly do not ask for room each time. */
const STEP = 1024 * 1024;

export function newScratch(): Scratch {
	let room = new Uint8Array(HEADER_ROOM);
	const frame: Scratch['frame'] = (type, size) => {
		if (HEADER_ROOM + size > room.length) {
			room = new Uint8Array(HEADER_ROOM + Math.ceil(size / STEP) * STEP);
		}
		const header = encodeText(`${type} ${size}\0`);
		const start = HEADER_ROOM - header.length;
		room.set(header, start);
		return {
			all: room.subarray(start, HEADER_ROOM + size),
			content: room.subarray(HEADER_ROOM, HEADER_ROOM + size),
		};
	};
	return { frame };
}
