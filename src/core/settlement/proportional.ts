import { largestRemainder } from './apportion.ts';
import { addUnits, MICRO, type MicroSums } from './micro.ts';
import { valueOfRank } from './select.ts';

/** Whole numbers up to here are exact as numbers, and so are the floors of their quotients. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** One interval: weights in Wh of those that have any, by index. */
export interface Claims {
	readonly indexes: Int32Array;
	readonly weights: Float64Array;
	readonly count: number;
}

/** Room for the remainders of one interval, so that none is made for each. */
export interface Room {
	readonly remainders: Float64Array;
	readonly ranked: Float64Array;
}

export function roomFor(count: number): Room {
	return { remainders: new Float64Array(count), ranked: new Float64Array(count) };
}

/**
 * Adds to `sums` the parts of `amount` Wh in proportion to the weights, which sum up to `total` Wh and
 * are at least as much: the largest remainder of docs/spec/rules.md in whole micro-Wh. The floors are
 * taken in two steps, so that their products stay small.
 */
export function shareProportionally(
	{ indexes, weights, count }: Claims,
	amount: number,
	total: number,
	largest: number,
	sums: MicroSums,
	{ remainders, ranked }: Room,
): void {
	const { whole, micro } = sums;
	if (amount * largest > SAFE || total * MICRO > SAFE) {
		shareExactly(indexes.subarray(0, count), weights, amount, sums);
		return;
	}
	let left = amount;
	let leftMicro = 0;
	for (let at = 0; at < count; at++) {
		const product = amount * (weights[at] ?? 0);
		const wh = Math.floor(product / total);
		const rest = (product - wh * total) * MICRO;
		const part = Math.floor(rest / total);
		remainders[at] = rest - part * total;
		const index = indexes[at] ?? 0;
		whole[index] = (whole[index] ?? 0) + wh;
		micro[index] = (micro[index] ?? 0) + part;
		left -= wh;
		leftMicro -= part;
	}
	// Fewer than there are claims: each floor takes away less than one.
	const extra = left * MICRO + leftMicro;
	if (extra > 0) raiseLargest(indexes, count, extra, micro, remainders, ranked);
}

/** One more for each of the `extra` largest remainders; of equal ones the first. */
function raiseLargest(
	indexes: Int32Array,
	count: number,
	extra: number,
	micro: Float64Array,
	remainders: Float64Array,
	ranked: Float64Array,
): void {
	for (let at = 0; at < count; at++) ranked[at] = remainders[at] ?? 0;
	const least = valueOfRank(ranked, count, extra - 1);
	let equal = extra;
	for (let at = 0; at < count; at++) if ((remainders[at] ?? 0) > least) equal--;
	for (let at = 0; at < count; at++) {
		const remainder = remainders[at] ?? 0;
		if (remainder < least || (remainder === least && equal-- <= 0)) continue;
		const index = indexes[at] ?? 0;
		micro[index] = (micro[index] ?? 0) + 1;
	}
}

/** The same where numbers would not be exact. */
function shareExactly(
	indexes: Int32Array,
	weights: Float64Array,
	amount: number,
	sums: MicroSums,
): void {
	// Ids in the order of the indexes: ties go to the first.
	const claims = Array.from(indexes, (_, at) => {
		return { entity: String(at).padStart(8, '0'), weight: BigInt(weights[at] ?? 0) };
	});
	const parts = largestRemainder(BigInt(amount) * BigInt(MICRO), claims);
	claims.forEach(({ entity }, at) => {
		addUnits(sums, indexes[at] ?? 0, parts.get(entity) ?? 0n);
	});
}
