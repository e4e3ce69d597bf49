/**
 * Inflates zlib streams (RFC 1950, RFC 1951) into a buffer of the declared size and not a byte more:
 * what would expand beyond it is refused, so that no input can claim memory. The checksum at the end
 * is skipped over, because whoever inflates a Git object checks its id.
 */
import { type Code, fillCode, LONGEST_CODE, newCode, packed, slowEntry } from './huffman.ts';

const LITERALS = 286;
const DISTANCES = 30;
const END_OF_BLOCK = 256;
/** A symbol that the fixed code has and no stream may use. */
const UNUSED = 257;
/** Values from here on are lengths to copy, this much too high. */
const LENGTHS = 512;
/** The longest code with its extra bits; the most extra bits of a distance. */
const LENGTH_BITS = LONGEST_CODE + 5;
const DISTANCE_EXTRA_BITS = 13;
const LONGEST_CODE_LENGTH = 7;
/** Bytes of the Adler-32 at the end. */
const CHECKSUM = 4;
/** Bytes that may be asked for beyond the end before anybody notices. */
const BEYOND = 8;
/** Below this a loop is faster than a call. */
const SHORT_COPY = 24;

const LENGTH_BASE = [
	...[3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31],
	...[35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258],
];
const LENGTH_EXTRA = [
	...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
	...[3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
];
const DISTANCE_BASE = [
	...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193],
	...[257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577],
];
const CODE_LENGTH_ORDER = Uint8Array.of(
	...[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15],
);

const literalAlphabet = Uint32Array.from({ length: 288 }, (_, symbol) => {
	const length = LENGTH_BASE[symbol - END_OF_BLOCK - 1];
	if (length !== undefined) return packed(LENGTHS + length, LENGTH_EXTRA[symbol - 257] ?? 0);
	return packed(symbol <= END_OF_BLOCK ? symbol : UNUSED, 0);
});
/** Distance 0 is none: the last two of the fixed code. */
const distanceAlphabet = Uint32Array.from({ length: 32 }, (_, symbol) =>
	packed(DISTANCE_BASE[symbol] ?? 0, symbol < 4 || symbol >= DISTANCES ? 0 : (symbol >> 1) - 1),
);
const codeLengthAlphabet = Uint32Array.from({ length: 19 }, (_, symbol) => packed(symbol, 0));

const codeLengthCode = newCode(codeLengthAlphabet, LONGEST_CODE_LENGTH);
const literalCode = newCode(literalAlphabet, 10);
const distanceCode = newCode(distanceAlphabet, 9);
const fixedLiteralCode = newCode(literalAlphabet, 9);
const fixedDistanceCode = newCode(distanceAlphabet, 5);
const lengths = new Uint8Array(LITERALS + DISTANCES);

lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
fillCode(fixedLiteralCode, lengths.subarray(0, 288));
fillCode(fixedDistanceCode, lengths.fill(5, 0, 32).subarray(0, 32));

/** Where a stream is read and how much of the output is filled. */
interface Stream {
	readonly input: Uint8Array;
	readonly out: Uint8Array;
	at: number;
	/** Bits taken from the input and not used yet, the next one lowest. */
	hold: number;
	bits: number;
	written: number;
}

/** Takes more bits in. Beyond the end there are zeros; whoever used them is refused at the end. */
function refill(stream: Stream, count: number): void {
	for (; stream.bits < count; stream.bits += 8) {
		stream.hold |= (stream.input[stream.at++] ?? 0) << stream.bits;
	}
}

/** The next bits, up to 16. */
function take(stream: Stream, count: number): number {
	refill(stream, count);
	const value = stream.hold & ((1 << count) - 1);
	stream.hold >>>= count;
	stream.bits -= count;
	return value;
}

/** The body of a compressed block, up to and with its end; false where it is malformed or too long. */
function inflateCodes(stream: Stream, literals: Code, distances: Code): boolean {
	const { input, out } = stream;
	const { lookup } = literals;
	const { lookup: distanceLookup } = distances;
	const mask = lookup.length - 1;
	const distanceMask = distanceLookup.length - 1;
	let { at, hold, bits, written } = stream;
	let ended = false;
	for (;;) {
		for (; bits < LENGTH_BITS; bits += 8) hold |= (input[at++] ?? 0) << bits;
		let entry = lookup[hold & mask] || slowEntry(literals, hold);
		hold >>>= entry & 15;
		bits -= entry & 15;
		const value = entry >>> 8;
		if (value < END_OF_BLOCK) {
			if (entry === 0 || written === out.length) break;
			out[written++] = value;
			continue;
		}
		ended = value === END_OF_BLOCK;
		if (value < LENGTHS || at > input.length + BEYOND) break;
		let extra = (entry >>> 4) & 15;
		const end = written + value - LENGTHS + (hold & ((1 << extra) - 1));
		hold >>>= extra;
		bits -= extra;
		for (; bits < LONGEST_CODE; bits += 8) hold |= (input[at++] ?? 0) << bits;
		entry = distanceLookup[hold & distanceMask] || slowEntry(distances, hold);
		hold >>>= entry & 15;
		bits -= entry & 15;
		for (; bits < DISTANCE_EXTRA_BITS; bits += 8) hold |= (input[at++] ?? 0) << bits;
		extra = (entry >>> 4) & 15;
		const distance = (entry >>> 8) + (hold & ((1 << extra) - 1));
		hold >>>= extra;
		bits -= extra;
		if (distance === 0 || distance > written || end > out.length) break;
		if (end - written > SHORT_COPY && written + distance >= end) {
			out.copyWithin(written, written - distance, end - distance);
			written = end;
		} else for (; written < end; written++) out[written] = out[written - distance] ?? 0;
	}
	stream.at = at;
	stream.hold = hold;
	stream.bits = bits;
	stream.written = written;
	return ended;
}

/** The two codes of a block that brings its own; false where they are malformed. */
function readCodes(stream: Stream): boolean {
	const literals = take(stream, 5) + 257;
	const distances = take(stream, 5) + 1;
	const codeLengths = take(stream, 4) + 4;
	if (literals > LITERALS || distances > DISTANCES) return false;
	lengths.fill(0, 0, CODE_LENGTH_ORDER.length);
	for (let index = 0; index < codeLengths; index++) {
		lengths[CODE_LENGTH_ORDER[index] ?? 0] = take(stream, 3);
	}
	if (!fillCode(codeLengthCode, lengths.subarray(0, CODE_LENGTH_ORDER.length))) return false;
	const total = literals + distances;
	for (let index = 0; index < total; ) {
		refill(stream, LONGEST_CODE_LENGTH);
		const entry = codeLengthCode.lookup[stream.hold & (codeLengthCode.lookup.length - 1)] ?? 0;
		take(stream, entry & 15);
		const symbol = entry >>> 8;
		if (symbol < 16) {
			lengths[index++] = symbol;
			continue;
		}
		if (symbol === 16 && index === 0) return false;
		const value = symbol === 16 ? (lengths[index - 1] ?? 0) : 0;
		const extra = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
		const repeat = (symbol === 18 ? 11 : 3) + take(stream, extra);
		if (index + repeat > total) return false;
		lengths.fill(value, index, index + repeat);
		index += repeat;
	}
	return (
		lengths[END_OF_BLOCK] !== 0 &&
		fillCode(literalCode, lengths.subarray(0, literals), true) &&
		fillCode(distanceCode, lengths.subarray(literals, total), true)
	);
}

function copyStored(stream: Stream): boolean {
	stream.at -= stream.bits >> 3;
	stream.hold = 0;
	stream.bits = 0;
	const size = take(stream, 16);
	if (size !== (take(stream, 16) ^ 0xffff)) return false;
	const room = Math.min(size, stream.out.length - stream.written);
	stream.out.set(stream.input.subarray(stream.at, stream.at + room), stream.written);
	stream.at += size;
	stream.written += room;
	return room === size && stream.at <= stream.input.length;
}

function inflateBlock(stream: Stream, type: number): boolean {
	switch (type) {
		case 0:
			return copyStored(stream);
		case 1:
			return inflateCodes(stream, fixedLiteralCode, fixedDistanceCode);
		case 2:
			return readCodes(stream) && inflateCodes(stream, literalCode, distanceCode);
		default:
			return false;
	}
}

/** What `inflate` returns instead of an end. */
export const MALFORMED = -1;
export const CUT_OFF = -2;
/** No stream of DEFLATE expands by more. */
const EXPANSION = 1032;

/**
 * Whether some stream of these bytes could inflate to that size: asked before room is made for it,
 * so that a number alone claims nothing.
 */
export function canInflateTo(size: number, bytes: number): boolean {
	return size <= bytes * EXPANSION;
}

/**
 * Fills `out` from the zlib stream at `start` and returns where the stream ends; negative where it
 * is cut off, malformed, or not of exactly the size of `out`.
 */
export function inflate(input: Uint8Array, start: number, out: Uint8Array): number {
	const method = input[start] ?? 0;
	const flags = input[start + 1] ?? 0;
	if (start + 2 > input.length) return CUT_OFF;
	const plain = (method & 15) === 8 && method >> 4 <= 7 && (flags & 32) === 0;
	if (!plain || (method * 256 + flags) % 31 !== 0) return MALFORMED;
	const stream: Stream = { input, out, at: start + 2, hold: 0, bits: 0, written: 0 };
	for (let last = 0; last === 0; ) {
		last = take(stream, 1);
		const sound = inflateBlock(stream, take(stream, 2));
		if (stream.at - (stream.bits >> 3) > input.length) return CUT_OFF;
		if (!sound) return stream.at > input.length ? CUT_OFF : MALFORMED;
	}
	const end = stream.at - (stream.bits >> 3) + CHECKSUM;
	if (end > input.length) return CUT_OFF;
	return stream.written === out.length ? end : MALFORMED;
}

/**
 * The first bytes of a zlib stream whose size nobody has declared, at most as many as fit into `out`;
 * returns how many. Whether the stream is sound, `inflate` alone tells.
 */
export function inflateStart(input: Uint8Array, out: Uint8Array): number {
	const stream: Stream = { input, out, at: 2, hold: 0, bits: 0, written: 0 };
	while (stream.written < out.length && stream.at <= input.length) {
		const last = take(stream, 1);
		if (!inflateBlock(stream, take(stream, 2)) || last === 1) break;
	}
	return stream.written;
}
