import { compareText } from '../problem.ts';

/** Somebody with a claim on an amount: larger weight, larger part. */
export interface Claim {
	readonly entity: string;
	readonly weight: bigint;
}

export interface CappedClaim extends Claim {
	readonly cap: bigint;
}

/**
 * LR(H; w), largest remainder (Hamilton's method; docs/spec/rules.md): parts of `amount` in proportion to
 * the weights, whole units that add up to it. Ties go to the lowest entity id. Weights that are all
 * zero get nothing.
 */
export function largestRemainder(
	amount: bigint,
	claims: readonly Claim[],
): ReadonlyMap<string, bigint> {
	return apportion(amount, claims, 0n);
}

/**
 * Largest remainder among the claims and a nameless one of weight `slack`, which loses every tie; its
 * part is not given to anybody.
 */
export function apportion(
	amount: bigint,
	claims: readonly Claim[],
	slack: bigint,
): ReadonlyMap<string, bigint> {
	const total = claims.reduce((sum, { weight }) => sum + weight, slack);
	if (total === 0n) return new Map(claims.map(({ entity }) => [entity, 0n]));
	const parts = new Map<string, bigint>();
	const remainders: { entity: string | null; remainder: bigint }[] = [];
	let left = amount;
	for (const { entity, weight } of [...claims, { entity: null, weight: slack }]) {
		const floor = (amount * weight) / total;
		left -= floor;
		if (entity !== null) parts.set(entity, floor);
		remainders.push({ entity, remainder: (amount * weight) % total });
	}
	remainders.sort(
		(a, b) =>
			compareUnits(b.remainder, a.remainder) ||
			(a.entity === null ? 1 : b.entity === null ? -1 : compareText(a.entity, b.entity)),
	);
	for (const { entity } of remainders.slice(0, Number(left))) {
		if (entity !== null) parts.set(entity, (parts.get(entity) ?? 0n) + 1n);
	}
	return parts;
}

/**
 * FILL(H; w, cap), weighted water-filling (docs/spec/rules.md): proportional parts, nobody above their
 * cap, what they cannot take goes to the others. At most the sum of the caps is given.
 */
export function fill(amount: bigint, claims: readonly CappedClaim[]): ReadonlyMap<string, bigint> {
	const parts = new Map(claims.map(({ entity }) => [entity, 0n]));
	// Whoever is full first as the level rises comes first; one pass then finds all that are full.
	const active = claims
		.filter(({ weight, cap }) => weight > 0n && cap > 0n)
		.toSorted((a, b) => compareUnits(a.cap * b.weight, b.cap * a.weight));
	let total = active.reduce((sum, { weight }) => sum + weight, 0n);
	let left = amount;
	let full = 0;
	for (const { entity, weight, cap } of active) {
		if (cap * total > left * weight) break;
		parts.set(entity, cap);
		left -= cap;
		total -= weight;
		full++;
	}
	for (const [entity, part] of largestRemainder(left, active.slice(full))) parts.set(entity, part);
	return parts;
}

export function compareUnits(a: bigint, b: bigint): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

export function sumUnits(units: Iterable<bigint>): bigint {
	let total = 0n;
	for (const unit of units) total += unit;
	return total;
}
