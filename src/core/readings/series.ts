/** What all entities generated and consumed in each interval: exact Wh. */
export interface Series {
	readonly intervals: number;
	/** Byte order; entity e is row e of the arrays. */
	readonly entities: readonly string[];
	/** Wh of entity e in interval t at [e * intervals + t], sums over its metering points. */
	readonly generated: Uint32Array;
	readonly consumed: Uint32Array;
}
