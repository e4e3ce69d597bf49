import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawProfile, layOutProfile } from '../../src/charts/heat-map.ts';
import { drawMonthlyBars, layOutBars } from '../../src/charts/monthly-bars.ts';
import { layOutSparkline } from '../../src/charts/sparkline.ts';
import { drawingInPage } from '../../src/charts/svg.ts';
import { formatsFor } from '../../src/texts/format.ts';

const format = formatsFor('en-GB');
const BOX = { left: 0, right: 1200, top: 0, bottom: 300 };
const SERIES = [
	{ name: 'Supplied', side: 'above' },
	{ name: 'To grid', side: 'above' },
	{ name: 'Received', side: 'below' },
] as const;
const period = (index: number) => `2026-${String(index + 1).padStart(2, '0')}`;

describe('monthly bars', () => {
	const wh = fc.bigInt({ min: 0n, max: 10n ** 13n });
	const someMonths = fc
		.array(fc.option(fc.tuple(wh, wh, wh)), { minLength: 1, maxLength: 12 })
		.map((all) => all.map((values, index) => ({ period: period(index), values })));

	test('stack without gap or overlap, above and below zero, in proportion', () => {
		fc.assert(
			fc.property(someMonths, (months) => {
				const { bars, zero, months: places } = layOutBars({ series: SERIES, months }, BOX);
				const scales = bars
					.filter((bar) => bar.height > 1)
					.map((bar) => bar.height / Number(bar.wh));
				expect(Math.max(...scales, 0) / Math.min(...scales, Infinity)).not.toBeGreaterThan(1.0001);
				for (const { period: month } of months) {
					const own = bars.filter((bar) => bar.period === month);
					let [up, down] = [zero, zero];
					for (const bar of own) {
						if (SERIES[bar.series]?.side === 'below') {
							expect(bar.y).toBeCloseTo(down, 6);
							down += bar.height;
						} else {
							expect(bar.y + bar.height).toBeCloseTo(up, 6);
							up -= bar.height;
						}
					}
					expect(up).toBeGreaterThan(BOX.top - 1e-6);
					expect(down).toBeLessThan(BOX.bottom + 1e-6);
				}
				const gaps = places.filter(({ empty }) => empty).map(({ period: month }) => month);
				const missing = months.filter(({ values }) => values === null);
				expect(gaps).toEqual(missing.map(({ period: month }) => month));
			}),
		);
	});

	test('name every month, every series and the gaps', () => {
		const months = [
			{ period: '2025-12', values: [1000n, 0n, 5_000n] },
			{ period: '2026-01', values: null },
			{ period: '2026-02', values: [0n, 0n, 0n] },
		];
		const markup = drawingInPage(drawMonthlyBars({ series: SERIES, months }, format, 'It'), 'it');
		for (const text of ['Dec', 'Jan', 'Feb', '2025', '2026', 'Supplied', 'Received', 'kWh', '—']) {
			expect(markup).toContain(`>${text}</text>`);
		}
		expect(markup).toContain('Without data: January 2026.');
		expect(markup).not.toMatch(/NaN|undefined|Infinity|-0[ "]/);
	});

	test.each([
		['no month', []],
		['only gaps', [{ period: '2026-01', values: null }]],
		['only zeros', [{ period: '2026-01', values: [0n, 0n, 0n] }]],
	])('can be drawn with %s', (_, months) => {
		const markup = drawingInPage(drawMonthlyBars({ series: SERIES, months }, format, 'It'), 'it');
		expect(markup).not.toMatch(/NaN|undefined|Infinity/);
	});
});

test.each([
	['a line from low to high', [0n, 1000n], 'M4,24L116,4'],
	['two lines around a gap', [0n, 0n, null, 0n, 0n], 'M4,24L32,24M88,24L116,24'],
	['a point', [null, 5n, null], 'M60,4Z'],
	['nothing', [null, null], ''],
	['no months', [], ''],
])('a sparkline: %s', (_, values, path) => {
	expect(layOutSparkline(values).path).toBe(path);
});

describe.each([24, 48, 96])('a load profile of %d intervals', (slots) => {
	const days = Array.from({ length: 31 }, (_, day) => ({
		label: String(day + 1),
		// The clocks: one day of 23 hours, one of 25.
		values: Array.from({ length: slots + (day === 3 ? -slots / 24 : 0) }, (_, slot) =>
			day === 11 && slot > slots / 2 ? null : BigInt(((day * 7 + slot * 13) % 97) * 1000),
		),
	}));
	const profile = { slots, days };

	test('covers every cell once, by its step', () => {
		const { stretches, bounds, columns } = layOutProfile(profile);
		expect(columns).toBe(slots);
		const cells = days.map(({ values }) => values.map((): number => 0));
		for (const { day, start, end, step } of stretches) {
			for (let slot = start; slot < end; slot++) {
				const row = cells[day] ?? [];
				row[slot] = (row[slot] ?? 0) + 1;
				const wh = days[day]?.values[slot] ?? null;
				expect(step === null).toBe(wh === null);
				if (step !== null && wh !== null) expect(wh <= (bounds[step] ?? -1n) + 1n).toBe(true);
			}
		}
		expect(cells.flat().every((count) => count === 1)).toBe(true);
	});

	test('is drawn whole, in few paths', () => {
		const markup = drawingInPage(drawProfile(profile, format, 'Load'), 'load');
		expect(markup.match(/<path/g)?.length).toBeLessThanOrEqual(7);
		expect(markup).toContain('no data');
		expect(markup).toContain('96.000 kWh');
		expect(markup).not.toMatch(/NaN|undefined|Infinity/);
	});
});
