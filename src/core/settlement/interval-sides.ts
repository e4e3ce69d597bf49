/** Some rows with a weight each, in the order of their ids; the first `count` are in use. */
export interface Side {
	readonly rows: Int32Array;
	readonly weights: Float64Array;
	count: number;
	total: number;
	most: number;
}

/** One interval: the surplus of each row that offers one, less the deficit of each that takes part. */
export interface Sides {
	readonly net: Float64Array;
	readonly givers: Side;
	readonly takers: Side;
}

export function openSide(rows: number): Side {
	const weights = new Float64Array(rows);
	return { rows: new Int32Array(rows), weights, count: 0, total: 0, most: 0 };
}

export function put(side: Side, row: number, weight: number): void {
	side.rows[side.count] = row;
	side.weights[side.count++] = weight;
	side.total += weight;
	if (weight > side.most) side.most = weight;
}

/** Finds givers and takers anew. */
export function split({ net, givers, takers }: Sides): void {
	for (const side of [givers, takers]) {
		side.count = 0;
		side.total = 0;
		side.most = 0;
	}
	for (let row = 0; row < net.length; row++) {
		const wh = net[row] ?? 0;
		if (wh > 0) put(givers, row, wh);
		else if (wh < 0) put(takers, row, -wh);
	}
}
