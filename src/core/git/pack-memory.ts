import { encodeText } from '../format/bytes.ts';
import type { ObjectType } from './object.ts';

/** What may be held of the objects of a repository, over all its packs. */
export interface Memory {
	/** Bytes that may still be kept for good, of files and of all else, and where they are kept. */
	fileRoom: number;
	room: number;
	readonly store: Store;
	/** Contents that were needed last, the oldest first; keys are places, counted over all packs. */
	readonly recent: Map<number, Uint8Array>;
	recentBytes: number;
	/** Objects of the packs so far. */
	places: number;
}

/** Commits and trees are kept as far as they fit: the history reads them all. */
const KEPT_BYTES = 96 * 1024 * 1024;
/** Most files are needed once more, as those of the head; without room they are inflated again. */
const KEPT_FILE_BYTES = 96 * 1024 * 1024;
const RECENT_BYTES = 24 * 1024 * 1024;
/** What a view costs besides its bytes, about. */
const OVERHEAD = 256;

export function newMemory(): Memory {
	return {
		fileRoom: KEPT_FILE_BYTES,
		room: KEPT_BYTES,
		store: newStore(),
		recent: new Map(),
		recentBytes: 0,
		places: 0,
	};
}

/** A copy that stays for good; undefined where there is no room for it. */
export function keep(memory: Memory, bytes: Uint8Array, type: ObjectType): Uint8Array | undefined {
	const room = type === 'blob' ? 'fileRoom' : 'room';
	if (bytes.length + OVERHEAD > memory[room]) return undefined;
	memory[room] -= bytes.length + OVERHEAD;
	return memory.store(bytes);
}

/** Copies bytes into one of few large arrays: each array costs far more than most objects have bytes. */
export type Store = (bytes: Uint8Array) => Uint8Array;

const STORE_BYTES = 1024 * 1024;

export function newStore(): Store {
	let room = new Uint8Array(0);
	let used = 0;
	return (bytes) => {
		if (bytes.length > STORE_BYTES / 8) return bytes.slice();
		if (used + bytes.length > room.length) {
			room = new Uint8Array(STORE_BYTES);
			used = 0;
		}
		const own = room.subarray(used, used + bytes.length);
		own.set(bytes);
		used += bytes.length;
		return own;
	};
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
