import type { WattHours } from '../format/energy.ts';
import { compareText, impossible } from '../problem.ts';
import type { Series } from '../readings/series.ts';
import { sumUnits } from './apportion.ts';
import { openQuick, type Quick, shareQuickly } from './interval-quick.ts';
import { openSide, type Sides, split } from './interval-sides.ts';
import { addUnits, MICRO, openTally, roundTally, sumTally, type Tally } from './interval-tally.ts';
import { assertIntervalInvariants } from './invariants.ts';
import { type Allocation, sharePool, type Terms, termsOf } from './pool.ts';
import { assemble, type OwnUse, ownUse, type Settlement, shareMonth } from './settle.ts';

/** A settlement whose quantities hold in each interval; its figures are sums over the period. */
export interface IntervalSettlement extends Settlement {
	/** What netting over the whole period would have given under the same rules. */
	readonly monthly: { readonly self_wh: WattHours; readonly shared_wh: WattHours };
	/** The sum over the intervals of the smaller of S and D: no rule shares more. */
	readonly shareable_wh: WattHours;
	/** Wh that changed hands in each interval, rounded down. */
	readonly shared_by_interval: Float64Array;
}

/** How many intervals are turned from rows of time into rows of entities at once: a cache of them. */
const TILE = 64;
const UNIT = BigInt(MICRO);

/** What is added up on the way through the intervals, by row. */
interface Sums {
	readonly generated: Float64Array;
	readonly consumed: Float64Array;
	readonly own: Float64Array;
	readonly delivered: Tally;
	readonly received: Tally;
	/** By agreement, in millionths. */
	readonly contracts: bigint[];
	readonly caps: (bigint | null)[];
	readonly shared: Float64Array;
	shareable: bigint;
}

/**
 * The settlement of one period from what everybody generated and consumed in each interval
 * (docs/spec/intervals.md). Throws only where an invariant is broken, which is a bug.
 */
export function settleIntervals(series: Series, rules: Allocation): IntervalSettlement {
	const { entities } = series;
	if (entities.some((it, row) => row > 0 && compareText(entities[row - 1] ?? '', it) >= 0)) {
		impossible('entities out of order');
	}
	const terms = termsOf(rules, entities, UNIT);
	const sums = sumUp(series, terms);
	const owns = entities.map((entity, row) => ({
		entity,
		generated_wh: BigInt(sums.generated[row] ?? 0),
		consumed_wh: BigInt(sums.consumed[row] ?? 0),
		self_consumed_wh: BigInt(sums.own[row] ?? 0),
	}));
	const settlement = {
		...assemble(owns, terms, monthShares(sums, terms), rules.matrix),
		monthly: netMonthly(owns, rules),
		shareable_wh: sums.shareable,
		shared_by_interval: sums.shared,
	};
	assertIntervalInvariants(settlement, rules);
	return settlement;
}

function sumUp(series: Series, terms: Terms): Sums {
	const { intervals } = series;
	const { rows, agreements } = terms;
	const sums: Sums = {
		generated: new Float64Array(rows),
		consumed: new Float64Array(rows),
		own: new Float64Array(rows),
		delivered: openTally(rows),
		received: openTally(rows),
		contracts: agreements.map(() => 0n),
		caps: agreements.map(({ cap }) => cap),
		shared: new Float64Array(intervals),
		shareable: 0n,
	};
	const quick = openQuick(terms);
	const [givers, takers] = [openSide(rows), openSide(rows)];
	const tile = new Float64Array(TILE * rows);
	for (let first = 0; first < intervals; first += TILE) {
		const width = Math.min(TILE, intervals - first);
		fillTile(series, terms, first, width, tile, sums);
		for (let at = 0; at < width; at++) {
			const net = tile.subarray(at * rows, (at + 1) * rows);
			sums.shared[first + at] = shareInterval({ net, givers, takers }, terms, quick, sums);
		}
	}
	return sums;
}

/** Surpluses, and deficits below zero, of those that take part: a row of the tile for each interval. */
function fillTile(
	{ generated, consumed, intervals }: Series,
	{ rows, offers, takes }: Terms,
	first: number,
	width: number,
	tile: Float64Array,
	sums: Sums,
): void {
	for (let row = 0; row < rows; row++) {
		const start = row * intervals + first;
		const offering = offers[row] === true;
		const taking = takes[row] === true;
		let [given, used, own] = [0, 0, 0];
		for (let at = 0; at < width; at++) {
			const from = generated[start + at] ?? 0;
			const to = consumed[start + at] ?? 0;
			given += from;
			used += to;
			own += from < to ? from : to;
			tile[at * rows + row] = (from > to ? offering : taking) ? from - to : 0;
		}
		sums.generated[row] = (sums.generated[row] ?? 0) + given;
		sums.consumed[row] = (sums.consumed[row] ?? 0) + used;
		sums.own[row] = (sums.own[row] ?? 0) + own;
	}
}

/** Returns the watt-hours that changed hands, rounded down. */
function shareInterval(sides: Sides, terms: Terms, quick: Quick | null, sums: Sums): number {
	split(sides);
	const shareable = Math.min(sides.givers.total, sides.takers.total);
	if (shareable === 0) return 0;
	sums.shareable += BigInt(shareable);
	const { delivered, received } = sums;
	const shared = quick === null ? -1 : shareQuickly(quick, sides, delivered, received);
	return shared >= 0 ? shared : shareExactly(sides.net, terms, sums);
}

/** By the definitions: section "Settlement" of docs/spec/rules.md in millionths of a watt-hour. */
function shareExactly(net: Float64Array, terms: Terms, sums: Sums): number {
	const scaled = Array.from(net, (wh) => BigInt(wh) * UNIT);
	const pool = {
		surplus: scaled.map((units) => (units > 0n ? units : 0n)),
		deficit: scaled.map((units) => (units < 0n ? -units : 0n)),
	};
	const shares = sharePool(terms, pool, sums.caps);
	for (const [index, units] of shares.contracts.entries()) {
		if (units === 0n) continue;
		const { from, to } = terms.agreements[index] ?? impossible('agreement');
		sums.contracts[index] = (sums.contracts[index] ?? 0n) + units;
		addUnits(sums.delivered, from, units);
		addUnits(sums.received, to, units);
	}
	for (const [row, units] of shares.delivered.entries()) {
		if (units > 0n) addUnits(sums.delivered, row, units);
	}
	for (const [row, units] of shares.received.entries()) {
		if (units > 0n) addUnits(sums.received, row, units);
	}
	return Number((sumUnits(shares.contracts) + sumUnits(shares.received)) / UNIT);
}

/** The agreements' cells and what is left of the margins, rounded to watt-hours. */
function monthShares(sums: Sums, { agreements }: Terms) {
	if (sumTally(sums.delivered) !== sumTally(sums.received)) impossible('margins differ');
	const delivered = roundTally(sums.delivered);
	const received = roundTally(sums.received);
	const contracts = cellsOfPairs(sums.contracts, agreements);
	for (const [index, units] of contracts.entries()) {
		const { from, to } = agreements[index] ?? impossible('agreement');
		if (units === 0n) continue;
		delivered[from] = (delivered[from] ?? 0n) - units;
		received[to] = (received[to] ?? 0n) - units;
	}
	return { contracts, delivered, received };
}

/** Watt-hours rounded down for each pair: they stand with its first agreement. */
function cellsOfPairs(units: readonly bigint[], agreements: Terms['agreements']): bigint[] {
	const pairs = agreements.map(({ from, to }) => `${from} ${to}`);
	return pairs.map((pair, index) => {
		if (pairs.indexOf(pair) !== index) return 0n;
		return sumUnits(units.filter((_, other) => pairs[other] === pair)) / UNIT;
	});
}

function netMonthly(balances: readonly OwnUse[], rules: Allocation) {
	const owns = balances.map(ownUse);
	const terms = termsOf(
		rules,
		owns.map(({ entity }) => entity),
		1n,
	);
	const { contracts, received } = shareMonth(owns, terms);
	return {
		self_wh: sumUnits(owns.map(({ self_consumed_wh }) => self_consumed_wh)),
		shared_wh: sumUnits(contracts) + sumUnits(received),
	};
}
