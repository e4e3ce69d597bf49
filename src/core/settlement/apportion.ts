/**
 * LR(H; w), largest remainder (Hamilton's method; docs/spec/rules.md): parts of `amount` in proportion to
 * the weights, whole units that add up to it. Ties go to whoever comes first: callers keep claimants
 * in the order of their ids. Weights that are all zero get nothing. The slack is one more claimant; it
 * comes last and its part is not given to anybody.
 */
export function apportion(amount: bigint, weights: readonly bigint[], slack = 0n): bigint[] {
	const total = sumUnits(weights) + slack;
	if (total === 0n) return weights.map(() => 0n);
	const parts: bigint[] = [];
	const remainders: { place: number; remainder: bigint }[] = [];
	let left = amount;
	for (const [place, weight] of [...weights, slack].entries()) {
		const product = amount * weight;
		const floor = product / total;
		const remainder = product - floor * total;
		parts.push(floor);
		left -= floor;
		if (remainder > 0n) remainders.push({ place, remainder });
	}
	// The sort is stable: among equals the first stays first.
	remainders.sort((a, b) => compareUnits(b.remainder, a.remainder));
	for (const { place } of remainders.slice(0, Number(left)))
		parts[place] = (parts[place] ?? 0n) + 1n;
	return parts.slice(0, weights.length);
}

/**
 * FILL(H; w, cap), weighted water-filling (docs/spec/rules.md): proportional parts, nobody above their
 * cap, what they cannot take goes to the others. At most the sum of the caps is given.
 */
export function fill(
	amount: bigint,
	weights: readonly bigint[],
	caps: readonly bigint[],
): bigint[] {
	const parts = weights.map(() => 0n);
	// Whoever is full first as the level rises comes first; one pass then finds all that are full.
	const active = weights
		.map((weight, place) => ({ place, weight, cap: caps[place] ?? 0n }))
		.filter(({ weight, cap }) => weight > 0n && cap > 0n)
		.toSorted((a, b) => compareUnits(a.cap * b.weight, b.cap * a.weight));
	let total = sumUnits(active.map(({ weight }) => weight));
	let left = amount;
	let full = 0;
	for (const { place, weight, cap } of active) {
		if (cap * total > left * weight) break;
		parts[place] = cap;
		left -= cap;
		total -= weight;
		full++;
	}
	const rest = active.slice(full).toSorted((a, b) => a.place - b.place);
	const shares = apportion(
		left,
		rest.map(({ weight }) => weight),
	);
	for (const [index, { place }] of rest.entries()) parts[place] = shares[index] ?? 0n;
	return parts;
}

/** FILL(H; cap, cap): all claims in full, or LR where the amount is too small for that. */
export function fillByNeed(amount: bigint, needs: readonly bigint[]): readonly bigint[] {
	return amount < sumUnits(needs) ? apportion(amount, needs) : needs;
}

export function compareUnits(a: bigint, b: bigint): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

export function smaller(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}

export function sumUnits(units: Iterable<bigint>): bigint {
	let total = 0n;
	for (const unit of units) total += unit;
	return total;
}
