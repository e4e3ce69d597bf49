import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tenthsOf } from '../../src/core/format/energy.ts';
import { changedOf, compareRuns, pairsOf, runsBefore } from '../../src/node/comparison.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { formatsFor } from '../../src/texts/format.ts';

test.each([
	[1n, 3n, 333n],
	[-1n, 3n, -333n],
	[2n, 3n, 667n],
	[1n, 2000n, 1n],
	[-1n, 2000n, -1n],
	[1n, 2001n, 0n],
	[-5n, 5n, -1000n],
	[0n, 7n, 0n],
])('a change of %d from %d is %d tenths of a percent', (change, from, tenths) => {
	expect(tenthsOf(change, from)).toBe(tenths);
});

test('rounding goes to the nearest tenth, whatever the size', () => {
	const whole = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
	fc.assert(
		fc.property(whole, fc.bigInt({ min: 1n, max: 10n ** 18n }), (change, from) => {
			const off = 2n * (tenthsOf(change, from) * from - change * 1000n);
			expect(off <= from && off >= -from).toBe(true);
			expect(tenthsOf(-change, from)).toBe(-tenthsOf(change, from));
		}),
	);
});

test.each([
	['en-GB', 125n, '+12.5%'],
	['en-GB', -1000n, '\u2212100.0%'],
	['en-GB', 0n, '0.0%'],
	['de-DE', 12_345n, '+1.234,5\u00a0%'],
])('%s writes %d tenths as %s', (locale, tenths, text) => {
	expect(formatsFor(locale).percentChange(tenths)).toBe(text);
});

const published = readPublished(readTree(resolve('.')).files);

test('pairs are neighbors: months in force, and the runs of one month', () => {
	const names = pairsOf(published).map((pair) => pair.names.join(' '));
	const months = published.current.length;
	const corrections = published.runs.length - months;
	expect(names).toHaveLength(months - 1 + corrections);
	expect(names).toContain('2026-02 2026-03');
	expect(names).toContain('2026-03-r1 2026-03-r2');
});

test('a statement is compared with what was in force when it was signed', () => {
	const before = runsBefore(published);
	expect(before.get('S-2026-03-r2')?.id).toBe('S-2026-02-r1');
	expect(before.get('S-2025-08-r1')).toBeUndefined();
	const april = before.get('S-2026-04-r1');
	const signed = published.runs.find(({ id }) => id === 'S-2026-04-r1')?.manifest.sequence ?? 0;
	expect(april?.period).toBe('2026-03');
	expect(april?.manifest.sequence).toBeLessThan(signed);
});

test('the differences add up to those of the totals, and the record of a correction has them too', () => {
	for (const { before, after } of pairsOf(published)) {
		const { entities, totals, money } = compareRuns(before, after);
		expect(money).not.toBeNull();
		for (const { quantity, change } of totals) {
			const all = entities.map(
				(it) => it.differences.find((one) => one.quantity === quantity)?.change ?? 0n,
			);
			expect(all.reduce((sum, it) => sum + it, 0n)).toBe(change);
		}
		if (before.period !== after.period) continue;
		const changed = entities.filter((it) => changedOf(it).length > 0);
		expect(changed.map(({ entity }) => entity)).toEqual(
			after.changes?.lines.map(({ entity }) => entity),
		);
	}
});

test('who joined or left is told from who was silent', () => {
	const [before, after] = ['2025-12', '2026-01'].map((period) =>
		published.current.find((run) => run.period === period),
	);
	if (before === undefined || after === undefined) throw new Error('no such months');
	const states = (pair: [typeof before, typeof before]) =>
		compareRuns(...pair).entities.flatMap(({ entity, state }) =>
			state === 'both' ? [] : [`${entity} ${state}`],
		);
	expect(states([before, after])).toEqual(['research-annex joined']);
	expect(states([after, before])).toEqual(['research-annex left']);
});

test('a mark stands beyond a quarter, not at it, and not where there was nothing to compare', () => {
	const [run] = published.current;
	const [line] = run?.lines ?? [];
	if (run === undefined || line === undefined || line.row === null) throw new Error('no line');
	const { row } = line;
	const withFigure = (consumed_wh: bigint) => ({
		...run,
		lines: [{ ...line, row: { ...row, consumed_wh } }],
	});
	const mark = (from: bigint, to: bigint) =>
		compareRuns(withFigure(from), withFigure(to)).entities[0]?.differences.find(
			({ quantity }) => quantity === 'consumed',
		);
	expect(mark(1000n, 1250n)).toMatchObject({ large: false, tenths: 250n });
	expect(mark(1000n, 1251n)).toMatchObject({ large: true, tenths: 251n });
	expect(mark(10_000n, 7499n)).toMatchObject({ large: true, tenths: -250n });
	expect(mark(0n, 5n)).toMatchObject({ large: true, tenths: null });
	expect(mark(0n, 0n)).toMatchObject({ large: false, change: 0n });
});
