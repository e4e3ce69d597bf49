import { constants, deflateRawSync, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { sameBytes } from '../../../src/core/format/bytes.ts';
import { canInflateTo, inflate, inflateStart } from '../../../src/core/git/inflate.ts';
import { chance } from '../../support/communities.ts';

/** The core's own inflater against the zlib of Node. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const next = chance(seed);
let compared = 0;
afterAll(() => console.info(`inflate: WATTPROOF_SEED=${seed}, ${compared} streams compared`));

const STRATEGIES = [
	constants.Z_DEFAULT_STRATEGY,
	constants.Z_FILTERED,
	constants.Z_HUFFMAN_ONLY,
	constants.Z_RLE,
	constants.Z_FIXED,
];

const KINDS: Readonly<Record<string, (size: number) => Uint8Array>> = {
	random: (size) => Uint8Array.from({ length: size }, () => next(256)),
	zeros: (size) => new Uint8Array(size),
	letters: (size) => Uint8Array.from({ length: size }, () => 97 + next(4)),
	table: (size) => {
		let text = 'entity,period,generated_kwh,consumed_kwh\n';
		while (text.length < size) text += `meter-${next(500)},2026-05,${next(100000) / 1000},0\n`;
		return new TextEncoder().encode(text.slice(0, size));
	},
	repeats: (size) => {
		const part = Uint8Array.from({ length: 1 + next(40_000) }, () => next(256));
		return Uint8Array.from({ length: size }, (_, at) => part[at % part.length] ?? 0);
	},
};

function streamOf(data: Uint8Array): Uint8Array {
	return new Uint8Array(
		deflateSync(data, {
			level: next(10),
			strategy: STRATEGIES[next(STRATEGIES.length)] ?? 0,
			windowBits: 9 + next(7),
			memLevel: 1 + next(9),
		}),
	);
}

/** What zlib makes of bytes without header and checksum, and how many of them; null where nothing. */
function byZlib(raw: Uint8Array): { data: Uint8Array; used: number } | null {
	try {
		const { buffer, engine } = inflateRawSync(raw, { info: true }) as unknown as {
			buffer: Uint8Array;
			engine: { bytesWritten: number };
		};
		return { data: new Uint8Array(buffer), used: engine.bytesWritten };
	} catch {
		return null;
	}
}

/** Nobody's checksum: the reader skips it. */
const framed = (raw: Uint8Array) => Uint8Array.of(0x78, 0x9c, ...raw, 1, 2, 3, 4);

/** Refuses what zlib refuses, and makes the same of the rest. */
function expectSame(raw: Uint8Array, sizes: readonly number[]): void {
	const expected = byZlib(raw);
	compared++;
	const input = framed(raw);
	for (const size of new Set([...sizes, ...(expected ? [expected.data.length] : [])])) {
		const out = new Uint8Array(size);
		const end = inflate(input, 0, out);
		const label = `${size} of ${Buffer.from(raw).toString('hex').slice(0, 400)}`;
		if (expected === null || expected.data.length !== size) expect(end, label).toBeLessThan(0);
		else {
			expect(end, label).toBe(2 + expected.used + 4);
			expect(sameBytes(out, expected.data), label).toBe(true);
		}
	}
}

describe('sound streams', () => {
	test.each(Object.keys(KINDS))('%s', (kind) => {
		const sizes = [0, 1, 2, 257, 258, 259, 32_767, 32_769, 65_535, 65_536, 200_000];
		for (let trial = 0; trial < (full ? 400 : 20); trial++) {
			const size = sizes[trial] ?? next(trial % 4 === 0 ? 200_000 : 3000);
			const data = KINDS[kind]?.(size) ?? new Uint8Array();
			const stream = streamOf(data);
			const [before, after] = [next(9), next(9)];
			const input = new Uint8Array(before + stream.length + after).fill(0xa5);
			input.set(stream, before);
			const out = new Uint8Array(size);
			expect(inflate(input, before, out)).toBe(before + stream.length);
			expect(sameBytes(out, data)).toBe(true);
			expect(canInflateTo(size, stream.length)).toBe(true);
			for (const other of [size - 1, size + 1, 0, size * 2]) {
				if (other < 0 || other === size) continue;
				expect(inflate(input, before, new Uint8Array(other))).toBeLessThan(0);
			}
			const start = new Uint8Array(32);
			const known = inflateStart(stream, start);
			expect(sameBytes(start.subarray(0, known), data.subarray(0, known))).toBe(true);
			compared++;
		}
	});

	test('every level and strategy', () => {
		const data = KINDS['table']?.(20_000) ?? new Uint8Array();
		for (let level = 0; level <= 9; level++) {
			for (const strategy of STRATEGIES) {
				const stream = new Uint8Array(deflateSync(data, { level, strategy }));
				const out = new Uint8Array(data.length);
				expect(inflate(stream, 0, out), `${level} ${strategy}`).toBe(stream.length);
				expect(sameBytes(out, data)).toBe(true);
			}
		}
	});
});

test('every truncation is cut off, at every position', () => {
	for (const kind of Object.keys(KINDS)) {
		for (const strategy of STRATEGIES) {
			const data = KINDS[kind]?.(full ? 3000 : 120) ?? new Uint8Array();
			const stream = new Uint8Array(deflateSync(data, { strategy, level: 1 + next(9) }));
			for (let length = 0; length < stream.length; length++) {
				const out = new Uint8Array(data.length);
				expect(inflate(stream.subarray(0, length), 0, out), `${kind} ${length}`).toBe(-2);
			}
		}
	}
});

describe('what zlib refuses is refused', () => {
	test('bits flipped', () => {
		const kinds = Object.values(KINDS);
		for (let trial = 0; trial < (full ? 40_000 : 500); trial++) {
			const data = kinds[trial % kinds.length]?.(1 + next(full ? 600 : 300)) ?? new Uint8Array();
			const raw = new Uint8Array(
				deflateRawSync(data, { strategy: STRATEGIES[next(5)] ?? 0, level: next(10) }),
			);
			// The first bytes hold the codes, where most faults are possible.
			const at = next(trial % 2 === 0 ? raw.length : Math.min(raw.length, 60));
			raw[at] = (raw[at] ?? 0) ^ (1 << next(8));
			expectSame(raw, [data.length]);
		}
	});

	test('random blocks of each type', () => {
		for (let trial = 0; trial < (full ? 60_000 : 500); trial++) {
			const raw = Uint8Array.from({ length: 1 + next(60) }, () => next(256));
			raw[0] = ((raw[0] ?? 0) & ~7) | (trial % 8);
			expectSame(raw, [0, 1, 10]);
		}
	});

	test('every header', () => {
		const body = deflateSync(Uint8Array.of(1, 2, 3));
		for (let header = 0; header < 65_536; header += full ? 1 : 1 + next(150)) {
			body.writeUInt16BE(header);
			const sound = (() => {
				try {
					return inflateSync(body).length === 3;
				} catch {
					return false;
				}
			})();
			expect(inflate(body, 0, new Uint8Array(3)) > 0, String(header)).toBe(sound);
		}
	});

	test('codes that leave something unused, by hand', () => {
		// A code for lengths with a single symbol of one bit: zlib wants it complete.
		expectSame(Uint8Array.of(0b00000101, 0b11100000, 0b00010001, 0, 0, 0, 0, 0, 0, 0), [0, 1]);
		// The fixed code's symbols 286 and 287, distances 30 and 31, and a distance before the start.
		expectSame(Uint8Array.of(0x1b, 0x03), [0, 3]);
		for (let first = 0; first < 256; first++) {
			for (const second of [0x03, 0x7b, 0xc0, 0xff]) {
				expectSame(Uint8Array.of((first & ~7) | 3, first, second, 0, 0), [0, 1, 3]);
			}
		}
	});
});

test('the checksum at the end is skipped, whatever it says', () => {
	const data = KINDS['table']?.(500) ?? new Uint8Array();
	const stream = new Uint8Array(deflateSync(data));
	stream.fill(0xee, -4);
	const out = new Uint8Array(500);
	expect(inflate(stream, 0, out)).toBe(stream.length);
	expect(sameBytes(out, data)).toBe(true);
});

test('a size that no stream could have is told beforehand', () => {
	const size = 10_000_000;
	const stream = deflateSync(new Uint8Array(size), { level: 9 });
	expect(canInflateTo(size, stream.length)).toBe(true);
	expect(canInflateTo(size, Math.floor(size / 1033))).toBe(false);
	expect(canInflateTo(0, 0)).toBe(true);
});
