import { describe, expect, test } from 'vitest';
import { sumUnits } from '../../src/core/settlement/apportion.ts';
import type { Supply } from '../../src/node/published.ts';
import { largestOf, supplyMatrix } from '../../src/node/supply-matrix.ts';
import { supply } from '../charts/supplies.ts';

const matrixOf = (supplies: readonly Supply[]) => supplyMatrix({ supplies, money: null });

const SUPPLIES = [
	supply('roof', 'hall', 400n),
	supply('roof', 'attic', 100n),
	supply('barn', 'hall', 101n),
	supply('barn', 'cellar', 0n),
	supply('barn', 'office', 201n),
];

describe('a matrix of supplies', () => {
	test('has the shorter side as columns, both by id, with a sum for every line', () => {
		const matrix = matrixOf(SUPPLIES);
		expect(matrix?.across).toBe('from');
		expect(matrix?.columns.map(({ name, energy_wh }) => [name, energy_wh])).toEqual([
			['barn', 302n],
			['roof', 500n],
		]);
		const rows = matrix?.rows.map(({ name, cells, energy_wh }) => {
			return [name, ...cells.map((cell) => cell.energy_wh), energy_wh];
		});
		expect(rows).toEqual([
			['attic', 0n, 100n, 100n],
			['hall', 101n, 400n, 501n],
			['office', 201n, 0n, 201n],
		]);
		expect(matrix?.total_wh).toBe(802n);
	});

	test('turns where the receivers are fewer, and keeps every supply', () => {
		const turned = SUPPLIES.map((it) => ({ ...it, from: it.to, to: it.from }));
		const matrix = matrixOf(turned);
		expect(matrix?.across).toBe('to');
		expect(matrix?.rows).toEqual(matrixOf(SUPPLIES)?.rows);
		const all = matrix?.rows.flatMap(({ cells }) => cells.map(({ energy_wh }) => energy_wh));
		expect(sumUnits(all ?? [])).toBe(sumUnits(SUPPLIES.map(({ energy_wh }) => energy_wh)));
	});

	test('ranks a cell by quarters of the largest', () => {
		const levels = matrixOf(SUPPLIES)?.rows.map(({ cells }) => cells.map(({ level }) => level));
		expect(levels).toEqual([
			[0, 1],
			[2, 4],
			[3, 0],
		]);
	});

	test('is not made without supplies, with a price, or wider than paper', () => {
		const money = { currency: 'EUR', minor_digits: 2, debit: 0n, credit: 0n };
		expect(matrixOf([supply('roof', 'hall', 0n)])).toBeNull();
		expect(supplyMatrix({ supplies: SUPPLIES, money })).toBeNull();
		const square = (size: number, wh: bigint) => {
			const ids = Array.from({ length: size }, (_, index) => index);
			return ids.flatMap((from) => ids.map((to) => supply(`f${from}`, `t${to}`, wh)));
		};
		// Each of 12 columns "120000.000", their sum "1440000.000": 131 digits and points.
		expect(matrixOf(square(12, 10_000_000n))).toBeNull();
		expect(matrixOf(square(12, 1_000_000n))?.columns.length).toBe(12);
	});
});

test('the largest supplier and receiver are the first by id among equal ones', () => {
	expect(largestOf({ supplies: SUPPLIES })).toMatchObject({
		from: { entity: 'roof', energy_wh: 500n },
		to: { entity: 'hall', energy_wh: 501n },
	});
	const equal = [supply('b', 'y', 5n), supply('a', 'z', 5n)];
	expect(largestOf({ supplies: equal })).toMatchObject({
		from: { entity: 'a' },
		to: { entity: 'y' },
	});
	expect(largestOf({ supplies: [] })).toBeNull();
});
