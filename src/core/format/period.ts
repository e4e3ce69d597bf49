/** A calendar month, `YYYY-MM`. As text it sorts by time. */
export type Period = string;

const PERIOD = /^[0-9]{4}-(0[1-9]|1[0-2])$/;
const INSTANT =
	/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export function isPeriod(text: string): boolean {
	return PERIOD.test(text);
}

/** An instant in whole UTC seconds, `YYYY-MM-DDTHH:MM:SSZ`; as text it sorts by time. */
export function isInstant(text: string): boolean {
	return INSTANT.test(text) && BigInt(text.slice(8, 10)) * 24n <= hoursOf(periodOf(text));
}

/** The UTC month of an instant. */
export function periodOf(instant: string): Period {
	return instant.slice(0, 7);
}

/** The period `months` later, or earlier where negative. */
export function shiftPeriod(period: Period, months: number): Period {
	const index = Number(period.slice(0, 4)) * 12 + Number(period.slice(5)) - 1 + months;
	return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Hours of the calendar month, 24 a day: a bound, not a count of local hours. */
export function hoursOf(period: Period): bigint {
	const year = Number(period.slice(0, 4));
	const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
	return BigInt((days[Number(period.slice(5)) - 1] ?? 31) * 24);
}

/** What a spreadsheet makes of `2026-10`: `Oct-26` or `26-Oct`; the period it stands for, or null. */
export function periodFromSpreadsheet(text: string): Period | null {
	const match = /^(?:([a-z]{3})-([0-9]{2})|([0-9]{2})-([a-z]{3}))$/i.exec(text);
	const month = MONTHS.indexOf((match?.[1] ?? match?.[4] ?? '').toLowerCase()) + 1;
	if (match === null || month === 0) return null;
	return `20${match[2] ?? match[3]}-${String(month).padStart(2, '0')}`;
}
