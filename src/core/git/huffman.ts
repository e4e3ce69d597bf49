/** The codes of DEFLATE (RFC 1951, section 3.2): built from code lengths, read from a stream's bits. */

export const LONGEST_CODE = 15;

/** What each symbol of an alphabet stands for, packed as in the entries of a code. */
export type Alphabet = Uint32Array;

/**
 * An entry: its value from bit 8 up, how many extra bits add to that value from bit 4, and in the
 * lowest four the length of its code, which is 0 only where there is no entry.
 */
export function packed(value: number, extraBits: number): number {
	return (value << 8) | (extraBits << 4);
}

/** A prefix code. Its arrays are filled anew for each block, so that none is allocated. */
export interface Code {
	readonly alphabet: Alphabet;
	/** Entries by the next bits of the stream; 0 where the code is longer than the table knows. */
	readonly lookup: Uint32Array;
	/** How many codes have each length. */
	readonly counts: Uint16Array;
	/** Entries, without lengths, in the order of their codes. */
	readonly ordered: Uint32Array;
}

export function newCode(alphabet: Alphabet, lookupBits: number): Code {
	return {
		alphabet,
		lookup: new Uint32Array(1 << lookupBits),
		counts: new Uint16Array(LONGEST_CODE + 1),
		ordered: new Uint32Array(alphabet.length),
	};
}

const starts = new Uint16Array(LONGEST_CODE + 2);
const nextCodes = new Uint16Array(LONGEST_CODE + 1);

/**
 * Fills a code from the length of each symbol's code, 0 where it has none; false where the lengths
 * are no prefix code or leave some unused. As in zlib, a code of `lone` may have a single symbol of
 * one bit, or none.
 */
export function fillCode(code: Code, lengths: Uint8Array, lone = false): boolean {
	const { alphabet, lookup, counts, ordered } = code;
	counts.fill(0);
	for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
	counts[0] = 0;
	let left = 1;
	let longest = 0;
	let next = 0;
	starts[1] = 0;
	for (let length = 1; length <= LONGEST_CODE; length++) {
		const count = counts[length] ?? 0;
		left = left * 2 - count;
		if (left < 0) return false;
		if (count > 0) longest = length;
		starts[length + 1] = (starts[length] ?? 0) + count;
		next = (next + (counts[length - 1] ?? 0)) << 1;
		nextCodes[length] = next;
	}
	lookup.fill(0);
	for (let symbol = 0; symbol < lengths.length; symbol++) {
		const length = lengths[symbol] ?? 0;
		if (length === 0) continue;
		const entry = alphabet[symbol] ?? 0;
		const index = starts[length] ?? 0;
		starts[length] = index + 1;
		ordered[index] = entry;
		const own = nextCodes[length] ?? 0;
		nextCodes[length] = own + 1;
		const step = 1 << length;
		if (step > lookup.length) continue;
		for (let slot = reversed(own, length); slot < lookup.length; slot += step) {
			lookup[slot] = entry | length;
		}
	}
	return left === 0 || (lone && longest <= 1);
}

/** The stream has a code's bits in the other order. */
function reversed(code: number, length: number): number {
	let rest = code;
	let result = 0;
	for (let bit = 0; bit < length; bit++) {
		result = (result << 1) | (rest & 1);
		rest >>= 1;
	}
	return result;
}

/** The entry at the next bits, counted out length by length; 0 where there is none. */
export function slowEntry({ counts, ordered }: Code, hold: number): number {
	let code = 0;
	let first = 0;
	let index = 0;
	for (let length = 1; length <= LONGEST_CODE; length++) {
		code |= (hold >>> (length - 1)) & 1;
		const count = counts[length] ?? 0;
		if (code - count < first) return (ordered[index + code - first] ?? 0) | length;
		index += count;
		first = (first + count) << 1;
		code <<= 1;
	}
	return 0;
}
