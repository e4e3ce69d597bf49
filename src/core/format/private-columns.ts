import { decodeText } from './bytes.ts';

export const PRIVATE_COLUMN = /^x_[a-z0-9_]+$/;

const LINE_FEED = 10;
const COMMA = 44;
/** Of each byte whether it says anything about the form of a line: 1 that its form has to be judged. */
const SAYS = Uint8Array.from({ length: 256 }, (_, byte) => {
	if (byte === LINE_FEED || byte === COMMA) return byte;
	return byte >= 128 || byte === 0 || byte === 13 || byte === 34 ? 1 : 0;
});

/**
 * The bytes of a table with nothing in its private cells, as far as these end its lines: nobody reads
 * them, and meters put most of a file there. Unchanged where their form has to be judged: with a quote,
 * a carriage return, a NUL, or what is not ASCII.
 */
export function withoutPrivate(bytes: Uint8Array): Uint8Array {
	const first = bytes.indexOf(LINE_FEED) + 1;
	const names = (decodeText(bytes.subarray(0, Math.max(0, first - 1))) ?? '').split(',');
	const kept = names.findLastIndex((name) => !PRIVATE_COLUMN.test(name)) + 1;
	if (kept === 0 || kept === names.length) return bytes;
	const parts: Uint8Array[] = [];
	/** What has not been taken over yet. */
	let start = 0;
	let commas = 0;
	/** Where the private cells of the line begin. */
	let cut = -1;
	const skip = skipperOf(bytes);
	for (let at = skip(first); at < bytes.length; at = skip(at + 1)) {
		const says = SAYS[bytes[at] ?? 0] ?? 0;
		if (says === 0) continue;
		if (says === 1) return bytes;
		if (says === COMMA) {
			commas++;
			if (commas === kept) cut = at + 1;
			continue;
		}
		if (cut >= 0) parts.push(bytes.subarray(start, cut), separators(commas - kept));
		start = cut < 0 ? start : at;
		commas = 0;
		cut = -1;
	}
	if (cut >= 0) parts.push(bytes.subarray(start, cut), separators(commas - kept));
	else parts.push(bytes.subarray(start));
	return joined(parts);
}

const HIGH = 0x80808080 | 0;
const SPACES = 0x20202020;
const LOWEST = 0x2d2d2d2d;
const ONES = 0x01010101;

/**
 * Moves on from a place while the next four bytes are spaces or ASCII above all that says anything:
 * one word at a time, because private cells have most of the bytes.
 */
function skipperOf(bytes: Uint8Array): (at: number) => number {
	const before = -bytes.byteOffset & 3;
	const count = Math.max(0, bytes.length - before) >> 2;
	const words = new Int32Array(bytes.buffer, count === 0 ? 0 : bytes.byteOffset + before, count);
	return (at) => {
		if (((at - before) & 3) !== 0 || at < before) return at;
		let index = (at - before) >> 2;
		for (; index < words.length; index++) {
			const word = words[index] ?? 0;
			// The high bit of each byte tells, and no subtraction borrows from the next byte.
			const low = ~(((word | HIGH) - LOWEST) | 0);
			const other = ((word ^ SPACES) | HIGH) - ONES;
			if ((((low & other) | word) & HIGH) !== 0) break;
		}
		return before + index * 4;
	};
}

function separators(count: number): Uint8Array {
	return new Uint8Array(count).fill(COMMA);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
