import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	DAY_SECONDS,
	dateText,
	dayNumber,
	dayOf,
	instantAt,
	secondsOf,
} from '../../../src/core/format/civil.ts';

/** The language's own calendar, which is the second implementation. */
const FIRST_DAY = Date.parse('0000-01-01T00:00:00Z') / 1000 / DAY_SECONDS;
const LAST_DAY = Date.parse('9999-12-31T00:00:00Z') / 1000 / DAY_SECONDS;

test('days have the dates that the calendar of the language gives them', () => {
	fc.assert(
		fc.property(fc.integer({ min: FIRST_DAY, max: LAST_DAY }), (day) => {
			const date = new Date(day * DAY_SECONDS * 1000);
			expect(dateText(day)).toBe(date.toISOString().slice(0, 10));
			const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
			expect(dayNumber(year, month, date.getUTCDate())).toBe(day);
			expect(dayOf(dateText(day))).toBe(day);
		}),
		{ numRuns: 3000 },
	);
});

test.each([FIRST_DAY, LAST_DAY, 0, -1])('day %d comes back from its date', (day) => {
	expect(dayOf(dateText(day))).toBe(day);
});

test.each(['2025-02-29', '1900-02-29', '2025-04-31', '2025-13-01', '2025-00-10', '2025-01-00'])(
	'%s is no date',
	(text) => {
		expect(dayOf(text)).toBeNull();
	},
);

test.each(['2025-1-01', '2025-01-01 ', '20250101', '', '2025-01-01T', '٢٠٢٥-01-01'])(
	'"%s" is not how a date is written',
	(text) => {
		expect(dayOf(text)).toBeNull();
	},
);

test('instants come back from their seconds', () => {
	const range = { min: FIRST_DAY * DAY_SECONDS, max: LAST_DAY * DAY_SECONDS };
	fc.assert(
		fc.property(fc.integer(range), (seconds) => {
			expect(instantAt(seconds)).toBe(`${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);
			expect(secondsOf(instantAt(seconds))).toBe(seconds);
		}),
	);
});
