import { expect, test } from 'vitest';
import {
	hoursOf,
	isInstant,
	isPeriod,
	periodFromSpreadsheet,
	shiftPeriod,
} from '../../../src/core/format/period.ts';

test('periods are calendar months', () => {
	expect(['2026-01', '2026-12'].every(isPeriod)).toBe(true);
	expect(['2026-00', '2026-13', '2026-1', '26-01', '2026-01-01', ''].some(isPeriod)).toBe(false);
});

test('months are counted over the turn of the year', () => {
	expect(shiftPeriod('2026-01', -1)).toBe('2025-12');
	expect(shiftPeriod('2025-11', 14)).toBe('2027-01');
	expect(shiftPeriod('2026-05', 0)).toBe('2026-05');
});

test('February has its leap day', () => {
	expect([hoursOf('2024-02'), hoursOf('2026-02'), hoursOf('2100-02')]).toEqual([696n, 672n, 672n]);
});

test('what a spreadsheet makes of a period is recognized', () => {
	expect(periodFromSpreadsheet('Oct-26')).toBe('2026-10');
	expect(periodFromSpreadsheet('26-Jan')).toBe('2026-01');
	expect(periodFromSpreadsheet('Foo-26')).toBe(null);
});

test('instants are whole UTC seconds', () => {
	expect(isInstant('2026-06-05T08:00:00Z')).toBe(true);
	expect(isInstant('2026-06-05T08:00:00.000Z')).toBe(false);
	expect(isInstant('2026-06-05T08:00:00+02:00')).toBe(false);
	expect(isInstant('2026-06-05T24:00:00Z')).toBe(false);
});
