/** Below this many, and where the middle is chosen badly too often, sorting is as fast. */
const FEW = 24;

/**
 * The value of rank `rank` (0 the largest) among the first `count` numbers, none of them NaN. Moves
 * the numbers about. Hoare's selection.
 */
export function valueOfRank(values: Float64Array, count: number, rank: number): number {
	let low = 0;
	let high = count - 1;
	for (let rounds = 0; high - low > FEW && rounds < 40; rounds++) {
		const pivot = middleOf(values[low] ?? 0, values[(low + high) >>> 1] ?? 0, values[high] ?? 0);
		let [left, right] = [low, high];
		while (left <= right) {
			while ((values[left] ?? 0) > pivot) left++;
			while ((values[right] ?? 0) < pivot) right--;
			if (left > right) break;
			const swapped = values[left] ?? 0;
			values[left++] = values[right] ?? 0;
			values[right--] = swapped;
		}
		if (rank <= right) high = right;
		else if (rank >= left) low = left;
		else return pivot;
	}
	const rest = values.subarray(low, high + 1).sort();
	return rest[high - rank] ?? 0;
}

function middleOf(a: number, b: number, c: number): number {
	return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}
