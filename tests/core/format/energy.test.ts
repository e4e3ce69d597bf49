import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	formatEnergy,
	formatSigned,
	formatUnits,
	parseEnergy,
	parseUnits,
} from '../../../src/core/format/energy.ts';

test('kWh are exact watt-hours', () => {
	expect(parseEnergy('1234.5')).toEqual({ wh: 1_234_500n });
	expect(parseEnergy('0')).toEqual({ wh: 0n });
	expect(parseEnergy('999999999.999')).toEqual({ wh: 999_999_999_999n });
});

test.each([
	['', 'energy-empty'],
	['1234,5', 'energy-decimal-comma'],
	['1,234.5', 'energy-thousands'],
	['1,234', 'energy-thousands'],
	["1'234.5", 'energy-thousands'],
	['1 234.5', 'energy-thousands'],
	['1.234.567', 'energy-thousands'],
	['-5', 'energy-sign'],
	['+5', 'energy-sign'],
	['1e3', 'energy-exponent'],
	['1.23E+05', 'energy-exponent'],
	['5 kWh', 'energy-unit'],
	['5kWh', 'energy-unit'],
	['1.2345', 'energy-decimals'],
	['007', 'energy-leading-zero'],
	['NaN', 'energy-not-a-number'],
	['-', 'energy-not-a-number'],
	['?', 'energy-not-a-number'],
	['#N/A', 'energy-not-a-number'],
	['١٢٣', 'energy-digits'],
	['１２', 'energy-digits'],
	[' 5', 'energy-space'],
	['5 ', 'energy-space'],
	['1234567890', 'energy-too-large'],
	['.5', 'energy-malformed'],
	['1.', 'energy-malformed'],
	['1_000', 'energy-malformed'],
	['0x10', 'energy-malformed'],
])('"%s" is refused as %s', (text, fault) => {
	expect(parseEnergy(text)).toEqual({ fault });
});

test('what is written is read back, and only that', () => {
	fc.assert(
		fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999n }), (wh) => {
			expect(parseEnergy(formatEnergy(wh))).toEqual({ wh });
		}),
	);
	fc.assert(
		fc.property(fc.bigInt(), fc.integer({ min: 0, max: 4 }), (units, digits) => {
			expect(parseUnits(formatUnits(units, digits), digits)).toBe(units);
			expect(parseUnits(formatSigned(units, digits), digits)).toBe(units);
		}),
	);
	fc.assert(
		fc.property(fc.string(), (text) => {
			const energy = parseEnergy(text);
			// Every accepted text is a plain decimal that names exactly its watt-hours.
			if ('wh' in energy) expect(Number(text)).toBeCloseTo(Number(energy.wh) / 1000, 3);
		}),
	);
});
