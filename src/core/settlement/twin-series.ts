import type { LocalDay } from '../readings/period-time.ts';

/** Another entity whose series equals one's own on many days. */
export interface Twin {
	/** Row of the other entity. */
	readonly other: number;
	/** Index of the first day on which both are equal. */
	readonly first: number;
	readonly equal: number;
	/** Days on which either of the two says something. */
	readonly days: number;
}

/** A day on which all values are equal: such days say nothing about twins. */
const FLAT = -1;

/**
 * For each of the rows the one that equals it on most days; rows without any are left out. Rows with
 * equal days form groups, found by hashing; each is compared with the first of its groups, and the
 * first with the second.
 */
export function findTwins(
	values: Uint32Array,
	rows: readonly number[],
	intervals: number,
	days: readonly LocalDay[],
): ReadonlyMap<number, Twin> {
	const count = days.length;
	/** The first of the group of row number i on day d, as such a number, at [i * count + d]. */
	const groups = new Int32Array(rows.length * count).fill(FLAT);
	const partners = new Int32Array(rows.length * count).fill(-1);
	// Row by row, as the values lie in memory: a day of all rows lies all over it.
	const hashes = new Int32Array(rows.length * count);
	for (const [number, row] of rows.entries()) {
		for (const [day, { first, intervals: length }] of days.entries()) {
			const hash = hashOf(values, row * intervals + first, length);
			if (hash === null) continue;
			hashes[number * count + day] = hash;
			groups[number * count + day] = number;
		}
	}
	const size = 2 ** Math.ceil(Math.log2(2 * rows.length + 2));
	const slots = new Int32Array(size);
	for (const [day, { first, intervals: length }] of days.entries()) {
		slots.fill(-1);
		for (const [number, row] of rows.entries()) {
			const own = number * count + day;
			if (groups[own] === FLAT) continue;
			const from = row * intervals + first;
			const hash = hashes[own] ?? 0;
			let slot = hash & (size - 1);
			let head = slots[slot] ?? -1;
			while (
				head >= 0 &&
				(hashes[head * count + day] !== hash ||
					!equal(values, from, (rows[head] ?? 0) * intervals + first, length))
			) {
				slot = (slot + 1) & (size - 1);
				head = slots[slot] ?? -1;
			}
			if (head < 0) {
				slots[slot] = number;
				continue;
			}
			groups[own] = head;
			partners[own] = head;
			if (partners[head * count + day] === -1) partners[head * count + day] = number;
		}
	}
	const twins = new Map<number, Twin>();
	for (const [number, row] of rows.entries()) {
		const own = partners.subarray(number * count, (number + 1) * count);
		if (own.every((other) => other < 0)) continue;
		const best = bestOf(number, new Set(own), groups, count);
		if (best !== null) twins.set(row, { ...best, other: rows[best.other] ?? 0 });
	}
	return twins;
}

/** Of all partners of a row the one with most equal days, of these the lowest. */
function bestOf(
	number: number,
	partners: ReadonlySet<number>,
	groups: Int32Array,
	count: number,
): Twin | null {
	let best: Twin | null = null;
	for (const other of [...partners].toSorted((a, b) => a - b)) {
		if (other < 0) continue;
		let [first, same, days] = [-1, 0, 0];
		for (let day = 0; day < count; day++) {
			const own = groups[number * count + day] ?? FLAT;
			const its = groups[other * count + day] ?? FLAT;
			if (own === FLAT && its === FLAT) continue;
			days++;
			if (own !== its) continue;
			if (same === 0) first = day;
			same++;
		}
		if (same > (best?.equal ?? 0)) best = { other, first, equal: same, days };
	}
	return best;
}

/** A hash of the values of a day; null where all are equal. */
function hashOf(values: Uint32Array, from: number, length: number): number | null {
	const first = values[from] ?? 0;
	let flat = 0;
	// Three chains, because a multiplication waits for the one before it.
	let a = 1;
	let b = 2;
	let c = 3;
	let i = from;
	for (const end = from + length - 2; i < end; i += 3) {
		const x = values[i] ?? 0;
		const y = values[i + 1] ?? 0;
		const z = values[i + 2] ?? 0;
		flat |= (x ^ first) | (y ^ first) | (z ^ first);
		a = Math.imul(a, 0x01000193) ^ x;
		b = Math.imul(b, 0x01000193) ^ y;
		c = Math.imul(c, 0x01000193) ^ z;
	}
	for (; i < from + length; i++) {
		const x = values[i] ?? 0;
		flat |= x ^ first;
		a = Math.imul(a, 0x01000193) ^ x;
	}
	const mixed = Math.imul(a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b), 0x9e3779b1);
	return flat === 0 ? null : mixed ^ (mixed >>> 15);
}

function equal(values: Uint32Array, a: number, b: number, length: number): boolean {
	for (let i = 0; i < length; i++) if (values[a + i] !== values[b + i]) return false;
	return true;
}
