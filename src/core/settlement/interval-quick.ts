import { openSide, put, type Side, type Sides } from './interval-sides.ts';
import { MICRO, openTally, type Tally } from './interval-tally.ts';
import type { Terms } from './pool.ts';

/**
 * The arithmetic of one interval in numbers, for rule sets of one stage. It gives what sharePool gives in
 * millionths, or leaves an interval alone whose products would reach 2^53.
 */
export interface Quick {
	readonly rule: 'proportional' | 'equal' | 'fixed';
	readonly limit: readonly [number, number] | null;
	/** The keys of `fixed`; the slack is the last one. */
	readonly keys: Side;
	/** The parts of one interval, before the deficits bound them. */
	readonly parts: Tally;
	readonly remainders: Float64Array;
	readonly candidates: Float64Array;
	readonly counts: Int32Array;
}

/** Whole watt-hours and millionths. */
interface Amount {
	wh: number;
	micro: number;
}

const BUCKETS = 256;

/** Null where the rules are none of those that numbers can follow. */
export function openQuick({ rows, agreements, stages, order }: Terms): Quick | null {
	const [stage, ...more] = stages;
	if (stage === undefined || more.length > 0 || agreements.length > 0 || order !== null)
		return null;
	if (stage.rule === 'priority' || stage.rule === 'fixed-redistribute') return null;
	const keys = openSide(rows + 1);
	if (stage.rule === 'fixed') {
		for (const [row, key] of [...stage.keys, stage.slack].entries()) {
			if (key > 0n) put(keys, row, Number(key));
		}
	}
	return {
		rule: stage.rule,
		limit: stage.limit ?? null,
		keys,
		parts: openTally(rows + 1),
		remainders: new Float64Array(rows + 1),
		candidates: new Float64Array(rows + 1),
		counts: new Int32Array(BUCKETS + 1),
	};
}

/**
 * Settles an interval with something on both sides. Returns the watt-hours that changed hands, rounded
 * down, or -1 where numbers cannot tell.
 */
export function shareQuickly(
	quick: Quick,
	{ net, givers, takers }: Sides,
	delivered: Tally,
	received: Tally,
): number {
	const offer = offerOf(quick, givers.total);
	if (offer === null || !isSafe(givers, offer) || !isSafe(takers, offer)) return -1;
	let moved: Amount = { wh: takers.total, micro: 0 };
	if (quick.rule === 'fixed') {
		if (!isSafe(quick.keys, offer)) return -1;
		moved = shareByKeys(quick, net, offer, received);
	} else if (offer.wh >= takers.total) {
		giveAll(takers, received);
	} else {
		moved = offer;
		if (quick.rule === 'proportional') apportionQuickly(quick, offer, takers, received);
		else shareEqually(quick, offer, takers, received);
	}
	if (moved.wh >= givers.total) giveAll(givers, delivered);
	else apportionQuickly(quick, moved, givers, delivered);
	return moved.wh;
}

function offerOf({ limit }: Quick, surplus: number): Amount | null {
	if (limit === null) return { wh: surplus, micro: 0 };
	const [part, whole] = limit;
	const product = part * surplus;
	if (product > Number.MAX_SAFE_INTEGER) return null;
	const wh = Math.floor(product / whole);
	return { wh, micro: Math.floor(((product - wh * whole) * MICRO) / whole) };
}

/**
 * Whether all products stay below 2^53: below that, flooring the quotient of two whole numbers is exact,
 * because the next whole number is further away than the quotient can be rounded.
 */
function isSafe({ total, most }: Side, { wh }: Amount): boolean {
	const limit = Number.MAX_SAFE_INTEGER;
	return most * wh <= limit && (total + most) * MICRO <= limit;
}

function giveAll({ rows, weights, count }: Side, to: Tally): void {
	const { wh } = to;
	for (let at = 0; at < count; at++) {
		const row = rows[at] ?? 0;
		wh[row] = (wh[row] ?? 0) + (weights[at] ?? 0);
	}
}

/** LR(amount; weights), added to a tally: floors by division in two steps, then the largest remainders. */
function apportionQuickly(quick: Quick, amount: Amount, side: Side, to: Tally): void {
	const { rows, weights, count, total } = side;
	const { remainders } = quick;
	const { wh, micro } = to;
	const { wh: whole, micro: fraction } = amount;
	let leftWh = whole;
	let leftMicro = fraction;
	for (let at = 0; at < count; at++) {
		const weight = weights[at] ?? 0;
		const row = rows[at] ?? 0;
		const product = weight * whole;
		const first = Math.floor(product / total);
		const rest = (product - first * total) * MICRO + weight * fraction;
		const second = Math.floor(rest / total);
		remainders[at] = rest - second * total;
		wh[row] = (wh[row] ?? 0) + first;
		micro[row] = (micro[row] ?? 0) + second;
		leftWh -= first;
		leftMicro -= second;
	}
	const left = leftWh * MICRO + leftMicro;
	if (left > 0) raiseLargest(quick, side, left, micro);
}

/** One more to those with the `left` largest remainders, ties to the lowest row. */
function raiseLargest(quick: Quick, side: Side, left: number, micro: Float64Array): void {
	const { remainders } = quick;
	const { rows, count } = side;
	const { threshold, ties } = findThreshold(quick, side, left);
	let open = ties;
	for (let at = 0; at < count; at++) {
		const remainder = remainders[at] ?? 0;
		if (remainder < threshold || (remainder === threshold && open-- <= 0)) continue;
		const row = rows[at] ?? 0;
		micro[row] = (micro[row] ?? 0) + 1;
	}
}

/**
 * The smallest remainder that gets one more, and how many of that size do. Counting them by size first
 * leaves few to sort; rounding keeps their order, so no remainder lands in a bucket beyond a larger one.
 */
function findThreshold(
	{ remainders, candidates, counts }: Quick,
	{ count, total }: Side,
	left: number,
): { readonly threshold: number; readonly ties: number } {
	const scale = BUCKETS / total;
	counts.fill(0);
	for (let at = 0; at < count; at++) {
		const bucket = Math.trunc((remainders[at] ?? 0) * scale);
		counts[bucket] = (counts[bucket] ?? 0) + 1;
	}
	let bucket = BUCKETS;
	let open = left;
	while (bucket > 0 && open > (counts[bucket] ?? 0)) open -= counts[bucket--] ?? 0;
	let found = 0;
	for (let at = 0; at < count; at++) {
		const remainder = remainders[at] ?? 0;
		if (Math.trunc(remainder * scale) === bucket) candidates[found++] = remainder;
	}
	const sorted = candidates.subarray(0, found).sort();
	const threshold = sorted[found - open] ?? 0;
	const above = found - 1 - sorted.lastIndexOf(threshold);
	return { threshold, ties: open - above };
}

/** FILL(offer; 1, deficit) of an offer below all deficits; a safe one, as all of the givers' is. */
function shareEqually({ candidates }: Quick, offer: Amount, takers: Side, received: Tally): void {
	const { rows, weights, count } = takers;
	let left = offer.wh * MICRO + offer.micro;
	const sorted = candidates.subarray(0, count);
	sorted.set(weights.subarray(0, count));
	sorted.sort();
	let open = count;
	// Beyond 2^53 a product is rounded, but stays above what is left.
	for (const need of sorted) {
		if (need * MICRO * open > left) break;
		left -= need * MICRO;
		open--;
	}
	const highest = sorted[count - open - 1] ?? 0;
	const part = Math.floor(left / open);
	const wh = Math.floor(part / MICRO);
	let odd = left - part * open;
	for (let at = 0; at < count; at++) {
		const row = rows[at] ?? 0;
		const need = weights[at] ?? 0;
		if (need <= highest) {
			received.wh[row] = (received.wh[row] ?? 0) + need;
			continue;
		}
		received.wh[row] = (received.wh[row] ?? 0) + wh;
		received.micro[row] = (received.micro[row] ?? 0) + (part - wh * MICRO) + (odd-- > 0 ? 1 : 0);
	}
}

/** LR(offer; keys and slack), each at most the deficit. Returns what was taken. */
function shareByKeys(quick: Quick, net: Float64Array, offer: Amount, received: Tally): Amount {
	const { keys, parts } = quick;
	parts.wh.fill(0);
	parts.micro.fill(0);
	apportionQuickly(quick, offer, keys, parts);
	let wh = 0;
	let micro = 0;
	for (let at = 0; at < keys.count; at++) {
		const row = keys.rows[at] ?? 0;
		const need = -(net[row] ?? 0);
		// Also the slack, whose row is none.
		if (need <= 0) continue;
		const carried = Math.floor((parts.micro[row] ?? 0) / MICRO);
		const whole = (parts.wh[row] ?? 0) + carried;
		const fraction = whole < need ? (parts.micro[row] ?? 0) - carried * MICRO : 0;
		const taken = Math.min(whole, need);
		received.wh[row] = (received.wh[row] ?? 0) + taken;
		received.micro[row] = (received.micro[row] ?? 0) + fraction;
		wh += taken;
		micro += fraction;
	}
	const carried = Math.floor(micro / MICRO);
	return { wh: wh + carried, micro: micro - carried * MICRO };
}
