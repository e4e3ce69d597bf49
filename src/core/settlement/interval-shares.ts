import type { Series } from '../readings/series.ts';
import { addUnits, emptySums, MICRO, type MicroSums } from './micro.ts';
import { type Claims, roomFor, shareProportionally } from './proportional.ts';
import type { Allocation } from './settle.ts';
import { capsOf, shareOut } from './share-out.ts';

/** What the intervals of a period come to, by index of the entity; Wh, but for what was shared. */
export interface IntervalSums {
	readonly generated: Float64Array;
	readonly consumed: Float64Array;
	/** Generated and consumed in the same interval. */
	readonly self: Float64Array;
	/** With the part of agreements. */
	readonly delivered: MicroSums;
	readonly received: MicroSums;
	/** micro-Wh of agreements by `<from> <to>`. */
	readonly contracts: ReadonlyMap<string, bigint>;
	/** Wh: the sum over the intervals of the smaller of surplus and deficit. */
	readonly bound: number;
}

/** Intervals that are turned from rows into columns together. */
const TILE = 64;

function emptyIntervalSums(count: number) {
	return {
		generated: new Float64Array(count),
		consumed: new Float64Array(count),
		self: new Float64Array(count),
		delivered: emptySums(count),
		received: emptySums(count),
		contracts: new Map<string, bigint>(),
	};
}

/**
 * Walks the intervals in order of time. `visit` gets the net generation of each entity in Wh, one row
 * of `nets` from `at`; the monthly sums are added up on the way.
 */
function walk(
	{ intervals, entities, generated, consumed }: Series,
	sums: ReturnType<typeof emptyIntervalSums>,
	visit: (nets: Float64Array, at: number) => void,
): void {
	const count = entities.length;
	const nets = new Float64Array(TILE * count);
	for (let first = 0; first < intervals; first += TILE) {
		const width = Math.min(TILE, intervals - first);
		for (let entity = 0; entity < count; entity++) {
			const row = entity * intervals + first;
			let [generation, consumption, both] = [0, 0, 0];
			for (let at = 0; at < width; at++) {
				const up = generated[row + at] ?? 0;
				const down = consumed[row + at] ?? 0;
				generation += up;
				consumption += down;
				both += up < down ? up : down;
				nets[at * count + entity] = up - down;
			}
			sums.generated[entity] = (sums.generated[entity] ?? 0) + generation;
			sums.consumed[entity] = (sums.consumed[entity] ?? 0) + consumption;
			sums.self[entity] = (sums.self[entity] ?? 0) + both;
		}
		for (let at = 0; at < width; at++) visit(nets, at * count);
	}
}

/** Everything shared in proportion, interval by interval, in numbers wherever these are exact. */
export function poolByIntervals(series: Series, { excluded = [] }: Allocation): IntervalSums {
	const { entities } = series;
	const sums = emptyIntervalSums(entities.length);
	const taking = Uint8Array.from(entities, (entity) => (excluded.includes(entity) ? 0 : 1));
	const [sources, sinks] = [emptySide(entities.length), emptySide(entities.length)];
	const room = roomFor(entities.length);
	let bound = 0;
	walk(series, sums, (nets, from) => {
		clear(sources);
		clear(sinks);
		for (let index = 0; index < taking.length; index++) {
			const net = nets[from + index] ?? 0;
			if (net === 0 || taking[index] === 0) continue;
			claimOn(net > 0 ? sources : sinks, index, Math.abs(net));
		}
		const [supply, demand] = [sources.total, sinks.total];
		if (supply === 0 || demand === 0) return;
		const amount = Math.min(supply, demand);
		bound += amount;
		share(sources, amount, sums.delivered);
		share(sinks, amount, sums.received);
	});
	return { ...sums, bound };

	function share(side: Side, amount: number, into: MicroSums): void {
		if (amount < side.total) {
			shareProportionally(side, amount, side.total, side.largest, into, room);
			return;
		}
		for (let at = 0; at < side.count; at++) {
			const index = side.indexes[at] ?? 0;
			into.whole[index] = (into.whole[index] ?? 0) + (side.weights[at] ?? 0);
		}
	}
}

/** Those on one side of the pool in one interval. */
interface Side extends Claims {
	count: number;
	total: number;
	largest: number;
}

function emptySide(count: number): Side {
	const weights = new Float64Array(count);
	return { indexes: new Int32Array(count), weights, count: 0, total: 0, largest: 0 };
}

function clear(side: Side): void {
	side.count = 0;
	side.total = 0;
	side.largest = 0;
}

function claimOn(side: Side, index: number, weight: number): void {
	side.indexes[side.count] = index;
	side.weights[side.count] = weight;
	side.count++;
	side.total += weight;
	if (weight > side.largest) side.largest = weight;
}

/** Any rule set, interval by interval, as it is defined: each is settled like a month, in micro-Wh. */
export function sharesByIntervals(series: Series, rules: Allocation): IntervalSums {
	const { entities } = series;
	const sums = emptyIntervalSums(entities.length);
	const place = new Map(entities.map((entity, index) => [entity, index]));
	const unit = BigInt(MICRO);
	const caps = capsOf(rules, unit);
	const takes = entities.map((entity) => !rules.excluded?.includes(entity));
	const offers = entities.map((entity, index) => {
		const ranked =
			rules.delivery?.rule !== 'priority' || Object.hasOwn(rules.delivery.ranks, entity);
		return ranked && takes[index] === true;
	});
	let bound = 0;
	walk(series, sums, (nets, from) => {
		let [supply, demand] = [0, 0];
		const units = entities.map((entity, index) => {
			const net = nets[from + index] ?? 0;
			if (net > 0 && offers[index]) supply += net;
			if (net < 0 && takes[index]) demand -= net;
			return [entity, BigInt(net) * unit] as const;
		});
		if (supply === 0 || demand === 0) return;
		bound += Math.min(supply, demand);
		const { contracts, delivered, received } = shareOut(units, rules, caps);
		for (const { from: source, to, units: given } of contracts) {
			const key = `${source} ${to}`;
			sums.contracts.set(key, (sums.contracts.get(key) ?? 0n) + given);
			addUnits(sums.delivered, place.get(source) ?? 0, given);
			addUnits(sums.received, place.get(to) ?? 0, given);
		}
		for (const [entity, part] of delivered) addUnits(sums.delivered, place.get(entity) ?? 0, part);
		for (const [entity, part] of received) addUnits(sums.received, place.get(entity) ?? 0, part);
	});
	return { ...sums, bound };
}
