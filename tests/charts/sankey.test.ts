import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawSupplies, layOutSupplies, MOST_ENTITIES } from '../../src/charts/sankey.ts';
import { drawingInPage } from '../../src/charts/svg.ts';
import type { Supply } from '../../src/node/published.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { supply } from './supplies.ts';

const format = formatsFor('en-GB');

/** Up to six suppliers and six receivers, each pair at most once. */
const someSupplies = fc
	.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), {
		minLength: 1,
		selector: ([from, to]) => `${from} ${to}`,
	})
	.chain((pairs) =>
		fc
			.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), {
				minLength: pairs.length,
				maxLength: pairs.length,
			})
			.map((energies) =>
				pairs.map(([from, to], index) => supply(`s${from}`, `r${to}`, energies[index] ?? 1n)),
			),
	);

function markupOf(supplies: readonly Supply[]): string {
	const drawing = drawSupplies(supplies, format, 'Who supplied whom');
	if (drawing === null) throw new Error('not drawn');
	return drawingInPage(drawing, 'supplies');
}

test('bands fill their nodes exactly, without overlap, and nodes keep their distance', () => {
	fc.assert(
		fc.property(someSupplies, (supplies) => {
			const { nodes, bands, height } = layOutSupplies(supplies, 36);
			for (const [index, side] of (['from', 'to'] as const).entries()) {
				const own = nodes.filter((node) => node.side === side).toSorted((a, b) => a.y - b.y);
				for (const [place, node] of own.entries()) {
					const ends = bands
						.filter(({ supply: it }) => it[side].entity === node.entity)
						.map(({ y, width }) => ({ start: y[index] ?? 0, width }))
						.toSorted((a, b) => a.start - b.start || a.width - b.width);
					let edge = node.y;
					for (const { start, width } of ends) {
						expect(start).toBeCloseTo(edge, 4);
						edge = start + width;
					}
					expect(edge).toBeCloseTo(node.y + node.height, 4);
					const next = own[place + 1];
					if (next !== undefined) {
						expect(next.y - edge).toBeGreaterThan(36 - 1e-4);
					}
					expect(node.y).toBeGreaterThan(-1e-4);
					expect(edge).toBeLessThan(height + 1e-4);
				}
			}
			const total = (side: string) =>
				nodes.reduce((all, node) => (node.side === side ? all + node.energy_wh : all), 0n);
			const shared = supplies.reduce((all, { energy_wh }) => all + energy_wh, 0n);
			expect([total('from'), total('to')]).toEqual([shared, shared]);
		}),
	);
});

test('the order of the rows changes no byte', () => {
	const orders = someSupplies.chain((supplies) =>
		fc.tuple(
			fc.constant(supplies),
			fc.shuffledSubarray([...supplies], { minLength: supplies.length }),
		),
	);
	fc.assert(
		fc.property(orders, ([supplies, shuffled]) => {
			expect(markupOf(shuffled)).toBe(markupOf(supplies));
		}),
	);
});

test('whoever supplies and receives stands on both sides', () => {
	const { nodes } = layOutSupplies([supply('a', 'b', 5n), supply('b', 'a', 3n)], 36);
	const sides = nodes.map(({ entity, side, energy_wh }) => `${entity} ${side} ${energy_wh}`);
	expect(sides.toSorted()).toEqual(['a from 5', 'a to 3', 'b from 3', 'b to 5']);
});

test.each([
	['nothing shared', 0, false],
	['as many as are legible', MOST_ENTITIES - 1, true],
	['one more', MOST_ENTITIES, false],
])('%s', (_, receivers, drawn) => {
	const supplies = Array.from({ length: receivers }, (_, i) => supply('a', `r${i}`, 1000n));
	const nothing = supply('a', 'zero', 0n);
	const drawing = drawSupplies([nothing, ...supplies], format, 'Who supplied whom');
	expect(drawing !== null).toBe(drawn);
});

test('labels carry name and energy, and a band its two ends', () => {
	const markup = markupOf([
		supply('Sports Hall', 'library', 1_234_567n, 'Main Library'),
		supply('Sports Hall', 'annex', 1n, 'Research Annex'),
	]);
	for (const text of [
		'Sports Hall',
		'Main Library',
		'1,234.567 kWh',
		'1,234.568 kWh',
		'0.001 kWh',
	]) {
		expect(markup).toContain(`>${text}<`);
	}
	expect(markup).toContain('<title>Sports Hall to Main Library: 1,234.567 kWh</title>');
});
