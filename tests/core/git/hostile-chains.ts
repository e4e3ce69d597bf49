import { encodeText } from '../../../src/core/format/bytes.ts';
import { deltaOf, type Entry, idOf, packOf, storedStream } from './pack-writer.ts';

/** Entries of packs, and long chains of them. */

export const MIB = 1024 * 1024;
export const base = encodeText('base of all\n');
export const blob: Entry = { type: 'blob', content: base };
export const insert = (bytes: Uint8Array, of = base) => deltaOf(of.length, bytes.length, [bytes]);
export const offset = (content: Uint8Array, back = 1): Entry => ({ type: 'offset', back, content });
export const onId = (id: string, content: Uint8Array): Entry => ({ type: 'id', base: id, content });
export const zeros = (size: number): Entry => ({
	type: 'blob',
	content: new Uint8Array(size),
	level: 9,
});
/** A delta that gives its base twice. */
export const doubling = (size: number) =>
	deltaOf(
		size,
		size * 2,
		[0, 1].flatMap(() => pieces(size)),
	);
export const same = (size: number) => deltaOf(size, size, pieces(size));

/** Copies of what a base of that size has from a place on. */
function pieces(size: number, start = 0) {
	const largest = 0xffffff;
	return Array.from({ length: Math.ceil((size - start) / largest) }, (_, index) => ({
		from: start + index * largest,
		size: Math.min(largest, size - start - index * largest),
	}));
}

/** A delta that writes its own number over the beginning of what it builds on. */
const numbered = (number: number, size: number) =>
	deltaOf(size, size, [encodeText(String(number).padStart(6, '0')), ...pieces(size, 6)]);

export function chain(count: number, size: number): Entry[] {
	return [
		zeros(size),
		...Array.from({ length: count }, (_, index) => offset(numbered(index, size))),
	];
}

/** As much as a reader keeps for good, so that it holds nothing of what follows. */
const KEPT = [zeros(60 * MIB), zeros(Math.floor(35.9 * MIB))];

/**
 * A chain, and at its far end branches that are each as much as a reader holds: whoever comes back
 * from one has to make the next one's base again, from the beginning of the chain.
 */
export function branches(count: number): Entry[] {
	const size = Math.floor(2.85 * MIB);
	const entries = [...KEPT, ...chain(99, size)];
	for (let branch = 0; branch < count; branch++) {
		for (let step = 0; step < 9; step++) {
			const back = step > 0 ? 1 : entries.length - (90 - branch);
			entries.push(offset(numbered(entries.length, size), back));
		}
	}
	return entries;
}

/** Chains of the allowed depth, each delta naming its base, the last first. */
export function manyIds(count: number): Uint8Array {
	const depth = 100;
	const entries: Entry[] = [];
	const text = (index: number) => encodeText(String(index).padStart(12, '0'));
	for (let index = 0; index < count; index++) {
		const deltas = index % depth > 0;
		const content = deltas ? insert(text(index), text(0)) : text(index);
		const stream = storedStream(content);
		if (deltas) entries.push({ ...onId(idOf('blob', text(index - 1)), content), stream });
		else entries.push({ type: 'blob', content, stream });
	}
	return packOf(entries.toReversed());
}
