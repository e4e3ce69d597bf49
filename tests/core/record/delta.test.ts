import { expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { type Change, formatDelta, parseDelta } from '../../../src/core/record/delta.ts';
import { QUANTITIES, type Quantity } from '../../../src/core/record/statement.ts';

const energy = (wh: bigint) =>
	Object.fromEntries(QUANTITIES.map((it, index) => [it, wh * BigInt(index)])) as Record<
		Quantity,
		bigint
	>;
const money = { currency: 'EUR', minor_digits: 2, debit: -105n, credit: 3n };

test.each([
	['with a price', money],
	['without one', null],
])('a delta %s is read as it was written', (_, value) => {
	const changes: Change[] = [
		{ entity: 'hospital', energy_wh: energy(-1_234_567n), money: value },
		{ entity: 'library', energy_wh: energy(1n), money: value },
	];
	const text = formatDelta('2026-05', 2, 1, changes);
	expect(parseDelta(encodeText(text))).toEqual(changes);
});

test('what no run wrote is refused', () => {
	const text = formatDelta('2026-05', 2, 1, [
		{ entity: 'library', energy_wh: energy(5n), money: null },
	]);
	for (const wrong of ['+0.5', '+0,005', '++0.005', '']) {
		expect(parseDelta(encodeText(text.replace('+0.005', wrong)))).toBeNull();
	}
	expect(parseDelta(encodeText(''))).toBeNull();
});
