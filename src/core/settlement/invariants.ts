import type { WattHours } from '../format/energy.ts';
import { smaller, sumUnits } from './apportion.ts';
import type { IntervalSettlement } from './intervals.ts';
import { CELL_LIMIT } from './matrix.ts';
import type { Allocation, Position, Settlement } from './settle.ts';

/** An invariant of docs/spec/rules.md by its number, and the entity at which it broke (empty: all). */
export interface Breach {
	readonly invariant: string;
	readonly entity: string;
}

/** Throws where a settlement breaks an invariant: the engine is wrong, not the data. */
export function assertInvariants(settlement: Settlement, rules: Allocation): void {
	throwFirst(breaches(settlement, rules));
}

export function assertIntervalInvariants(settlement: IntervalSettlement, rules: Allocation): void {
	throwFirst(intervalBreaches(settlement, rules));
}

function throwFirst([breach]: readonly Breach[]): void {
	if (breach !== undefined) {
		throw new Error(`invariant ${breach.invariant} is broken ${breach.entity}`.trim());
	}
}

/** The invariants that a settlement by month breaks: none, unless the engine is wrong. */
export function breaches(settlement: Settlement, rules: Allocation): readonly Breach[] {
	const { positions } = settlement;
	const own = positions
		.filter((it) => it.self_consumed_wh !== smaller(it.generated_wh, it.consumed_wh))
		.map(({ entity }) => ({ invariant: 'I3', entity }));
	const bound = smallerSide(positions, rules);
	return [
		...own,
		...commonBreaches(settlement, rules, bound),
		...equalityBreaches(settlement, rules),
	];
}

/** The same by interval, as far as sums over a period can show them. */
export function intervalBreaches(
	settlement: IntervalSettlement,
	rules: Allocation,
): readonly Breach[] {
	const { positions, shareable_wh, shared_wh, monthly } = settlement;
	const own = positions
		.filter((it) => it.self_consumed_wh > smaller(it.generated_wh, it.consumed_wh))
		.map(({ entity }) => ({ invariant: 'I3', entity }));
	const found = [...own, ...commonBreaches(settlement, rules, shareable_wh)];
	// I20: netting by interval never makes more of it stay on site than netting by month could.
	const netted = positions.map((it) => {
		const self = smaller(it.generated_wh, it.consumed_wh);
		return { ...it, surplus_wh: it.generated_wh - self, deficit_wh: it.consumed_wh - self };
	});
	const self = sumUnits(positions.map((it) => it.self_consumed_wh));
	const most = monthly.self_wh + smallerSide(netted, rules);
	if (self + shared_wh > most) found.push({ invariant: 'I20', entity: '' });
	return found;
}

/** Those of both bases; `bound` is the smaller of S and D. */
function commonBreaches(settlement: Settlement, rules: Allocation, bound: WattHours): Breach[] {
	const { positions } = settlement;
	const found: Breach[] = positions.flatMap(positionBreaches);
	const require = (holds: boolean, invariant: string, entity = '') => {
		if (!holds) found.push({ invariant, entity });
	};
	const total = (field: Exclude<keyof Position, 'entity'>) =>
		sumUnits(positions.map((it) => it[field]));
	const shared = settlement.shared_wh;
	require(total('delivered_wh') === shared && total('received_wh') === shared, 'I6');
	require(shared <= bound, 'I7');
	if (givesAll(rules, positions)) require(shared === bound, 'I7');
	require(total('generated_wh') + total('imported_wh') ===
		total('consumed_wh') + total('exported_wh'), 'I8');
	require(total('exported_wh') - total('imported_wh') ===
		total('generated_wh') - total('consumed_wh'), 'I9');

	const rows = new Map<string, WattHours>();
	const columns = new Map<string, WattHours>();
	for (const { from, to, units } of settlement.flows) {
		require(units > 0n, 'I12', from);
		rows.set(from, (rows.get(from) ?? 0n) + units);
		columns.set(to, (columns.get(to) ?? 0n) + units);
	}
	for (const { entity, delivered_wh, received_wh } of positions) {
		require((rows.get(entity) ?? 0n) === delivered_wh, 'I10', entity);
		require((columns.get(entity) ?? 0n) === received_wh, 'I11', entity);
	}
	return [...found, ...prefixBreaches(settlement, rules)];
}

function positionBreaches(it: Position): Breach[] {
	const checks: [boolean, string][] = [
		[it.generated_wh === it.self_consumed_wh + it.delivered_wh + it.exported_wh, 'I1'],
		[it.consumed_wh === it.self_consumed_wh + it.received_wh + it.imported_wh, 'I2'],
		[0n <= it.delivered_wh && it.delivered_wh <= it.surplus_wh, 'I5'],
		[0n <= it.received_wh && it.received_wh <= it.deficit_wh, 'I5'],
	];
	return checks
		.filter(([holds]) => !holds)
		.map(([, invariant]) => ({ invariant, entity: it.entity }));
}

/** The smaller of S and D: what those that take part offer, and need. */
function smallerSide(positions: readonly Position[], rules: Allocation): WattHours {
	const excluded = new Set(rules.excluded);
	const { delivery } = rules;
	const taking = positions.filter(({ entity }) => !excluded.has(entity));
	const offering = taking.filter(
		({ entity }) => delivery?.rule !== 'priority' || Object.hasOwn(delivery.ranks, entity),
	);
	return smaller(
		sumUnits(offering.map(({ surplus_wh }) => surplus_wh)),
		sumUnits(taking.map(({ deficit_wh }) => deficit_wh)),
	);
}

/** Whether the last stage hands out all it can: no limit, and nobody in need is left out. */
function givesAll({ allocation, excluded }: Allocation, positions: readonly Position[]): boolean {
	const last = allocation.at(-1);
	if (last === undefined || last.rule === 'contract' || last.limit !== undefined) return false;
	if (last.rule !== 'priority') return last.rule === 'proportional' || last.rule === 'equal';
	return positions.every(
		({ entity }) => excluded?.includes(entity) || Object.hasOwn(last.ranks, entity),
	);
}

function isPlainPool({ allocation, excluded, delivery }: Allocation): boolean {
	const [stage, ...more] = allocation;
	const plain = stage?.rule === 'proportional' || stage?.rule === 'equal';
	if (!plain || stage.limit !== undefined || more.length > 0) return false;
	return !excluded?.length && delivery?.rule !== 'priority';
}

/** I13: after each source, every sink has within 1 Wh of its exact share of what was given so far. */
function prefixBreaches(settlement: Settlement, rules: Allocation): Breach[] {
	const { positions, flows, shared_wh, cells } = settlement;
	if (cells > CELL_LIMIT || rules.matrix === 'chain') return [];
	if (rules.allocation[0]?.rule === 'contract') return [];
	const found: Breach[] = [];
	const quota = new Map(positions.map((it) => [it.entity, it.received_wh]));
	const taken = new Map<string, WattHours>();
	let given = 0n;
	let source = flows[0]?.from;
	const check = () => {
		for (const [entity, share] of quota) {
			const off = (taken.get(entity) ?? 0n) * shared_wh - given * share;
			if (off >= shared_wh || -off >= shared_wh) found.push({ invariant: 'I13', entity });
		}
	};
	for (const { from, to, units } of flows) {
		if (from !== source) check();
		source = from;
		given += units;
		taken.set(to, (taken.get(to) ?? 0n) + units);
	}
	if (flows.length > 0) check();
	return found;
}

/** I15: under one proportional or equal stage, equal needs and equal surpluses differ by 1 Wh at most. */
function equalityBreaches({ positions }: Settlement, rules: Allocation): Breach[] {
	if (!isPlainPool(rules)) return [];
	const spread = (need: 'surplus_wh' | 'deficit_wh', got: 'delivered_wh' | 'received_wh') => {
		const ranges = new Map<WattHours, { low: WattHours; high: WattHours }>();
		return positions.flatMap((it) => {
			const range = ranges.get(it[need]) ?? { low: it[got], high: it[got] };
			if (it[got] < range.low) range.low = it[got];
			if (it[got] > range.high) range.high = it[got];
			ranges.set(it[need], range);
			return range.high - range.low > 1n ? [{ invariant: 'I15', entity: it.entity }] : [];
		});
	};
	return [...spread('surplus_wh', 'delivered_wh'), ...spread('deficit_wh', 'received_wh')];
}
