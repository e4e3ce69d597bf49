import { LINE_BYTES } from './interval-file.ts';

/** Bytes that can be read beyond any block, so that a scanner may compare whole words. */
export const SLACK = 128;

const LINE_FEED = 10;

export interface Receiver {
	/** Whole lines, each with its line feed, from one place of the bytes to another. */
	block(bytes: Uint8Array, view: DataView, from: number, to: number): void;
	/** The end of a file without a line feed, or the beginning of a line that is longer than any may be. */
	rest(bytes: Uint8Array): void;
}

/**
 * The lines of a file that comes in parts of any size, in memory that does not grow with the file.
 * Always takes every part: whoever gives them may compute a digest on the way.
 */
export function readBlocks(parts: Iterable<Uint8Array>, receiver: Receiver): void {
	let held = new Uint8Array(4096);
	let view = new DataView(held.buffer);
	let size = 0;
	let overlong = false;
	const hold = (bytes: Uint8Array) => {
		if (size + bytes.length + SLACK > held.length) {
			const larger = new Uint8Array(2 * (size + bytes.length + SLACK));
			larger.set(held.subarray(0, size));
			held = larger;
			view = new DataView(held.buffer);
		}
		held.set(bytes, size);
		size += bytes.length;
	};
	/** Hands over the whole lines held, and moves what follows them to the front. */
	const release = () => {
		const end = size === 0 ? 0 : held.lastIndexOf(LINE_FEED, size - 1) + 1;
		if (end > 0) receiver.block(held, view, 0, end);
		held.copyWithin(0, end, size);
		size -= end;
	};

	for (const part of parts) {
		if (overlong) continue;
		let from = 0;
		if (size > 0) {
			from = part.indexOf(LINE_FEED) + 1;
			hold(from === 0 ? part : part.subarray(0, from));
			if (from > 0) {
				release();
			} else if (size > LINE_BYTES + SLACK) {
				overlong = true;
				release();
				receiver.rest(held.subarray(0, size));
			}
			if (from === 0) continue;
		}
		const limit = part.length - SLACK;
		const to = limit > from ? part.lastIndexOf(LINE_FEED, limit - 1) + 1 : 0;
		if (to > from) {
			const whole = new DataView(part.buffer, part.byteOffset, part.length);
			receiver.block(part, whole, from, to);
		}
		hold(part.subarray(Math.max(from, to)));
	}
	if (overlong) return;
	release();
	if (size > 0) receiver.rest(held.subarray(0, size));
}
