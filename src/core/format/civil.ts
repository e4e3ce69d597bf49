import type { Period } from './period.ts';

/** The proleptic Gregorian calendar in integers: the same on every machine, in every zone. */

export const DAY_SECONDS = 86_400;

const CIVIL = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
/** Years counted from March 1st of year 0, so that a leap day ends its year. */
const EPOCH_DAYS = 719_468;
const CENTURY = 36_524;

/** Days since 1970-01-01; the day of the month may lie outside the month. */
export function dayNumber(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const sinceMarch = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
	return 365 * y + leaps + sinceMarch - EPOCH_DAYS;
}

/** The day number of the first of a month. */
export function firstDay(period: Period): number {
	return dayNumber(Number(period.slice(0, 4)), Number(period.slice(5, 7)), 1);
}

/** `YYYY-MM-DD` of a day number, for the years 0000 to 9999. */
export function dateText(day: number): string {
	const days = day + EPOCH_DAYS;
	const era = Math.floor(days / (4 * CENTURY + 1));
	const inEra = days - era * (4 * CENTURY + 1);
	const leaps =
		Math.floor(inEra / 1460) - Math.floor(inEra / CENTURY) + Math.floor(inEra / 146_096);
	const years = Math.floor((inEra - leaps) / 365);
	const inYear = inEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
	const shifted = Math.floor((5 * inYear + 2) / 153);
	const month = shifted < 10 ? shifted + 3 : shifted - 9;
	const year = era * 400 + years + (month <= 2 ? 1 : 0);
	const date = inYear - Math.floor((153 * shifted + 2) / 5) + 1;
	return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(date)}`;
}

/** The day number of `YYYY-MM-DD`; null where that is no date. */
export function dayOf(date: string): number | null {
	const [, year = '', month = '', day = ''] = CIVIL.exec(date) ?? [];
	if (year === '') return null;
	const number = dayNumber(Number(year), Number(month), Number(day));
	// A day that no month has would come back as another date.
	return month >= '01' && month <= '12' && dateText(number) === date ? number : null;
}

/** `HH:MM:SS` of a time of day. */
export function clockText(seconds: number): string {
	const hours = Math.floor(seconds / 3600);
	return `${twoDigits(hours)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** Seconds since 1970 of an instant that `isInstant` accepts. */
export function secondsOf(instant: string): number {
	const number = (from: number, to: number) => Number(instant.slice(from, to));
	const day = dayNumber(number(0, 4), number(5, 7), number(8, 10));
	return day * DAY_SECONDS + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
}

/** `YYYY-MM-DDTHH:MM:SSZ` of seconds since 1970. */
export function instantAt(seconds: number): string {
	return `${localText(seconds)}Z`;
}

/** Date and time of day, without offset, of seconds since 1970 on a clock. */
export function localText(seconds: number): string {
	const day = Math.floor(seconds / DAY_SECONDS);
	return `${dateText(day)}T${clockText(seconds - day * DAY_SECONDS)}`;
}

export function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}
