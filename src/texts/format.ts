import { formatEnergy, formatUnits } from '../core/format/energy.ts';
import type { Period } from '../core/format/period.ts';

/** How a locale writes what the records hold. Formatted text is shown and never hashed. */
export interface Formats {
	/** kWh with 3 decimals. */
	energy(wh: bigint): string;
	/** kWh with a sign in front, zero without. */
	energyChange(wh: bigint): string;
	amount(units: bigint, digits: number): string;
	amountChange(units: bigint, digits: number): string;
	/** Tenths of a percent with a sign in front: `+12.5%`. */
	percentChange(tenths: bigint): string;
	count(number: number): string;
	/** The first and last day: `1–31 May 2026`. */
	days(period: Period): string;
	/** `May 2026` */
	month(period: Period): string;
	/** `May` */
	monthShort(period: Period): string;
	/** A day `YYYY-MM-DD` of a month that is known: `5 Jun`. */
	day(date: string): string;
	/** `5 June 2026`, in UTC. */
	date(instant: string): string;
	/** `5 June 2026, 08:00 UTC` */
	moment(instant: string): string;
	list(words: readonly string[]): string;
	/** As `list`, each by itself in its own direction: the name of one must not turn the next around. */
	names(names: readonly string[]): string;
	/** The size of a file: `1.3 kB`. */
	size(bytes: number): string;
}

export function formatsFor(locale: string): Formats {
	const utc = { timeZone: 'UTC', year: 'numeric', month: 'long' } as const;
	const months = new Intl.DateTimeFormat(locale, utc);
	const shortMonths = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short' });
	const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
	const dates = new Intl.DateTimeFormat(locale, { ...utc, day: 'numeric' });
	const times = new Intl.DateTimeFormat(locale, {
		timeZone: 'UTC',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	});
	const lists = new Intl.ListFormat(locale);
	const counts = new Intl.NumberFormat(locale);
	const sizes = new Intl.NumberFormat(locale, {
		style: 'unit',
		unit: 'kilobyte',
		minimumFractionDigits: 1,
		maximumFractionDigits: 1,
	});
	const decimals = (digits: number, signDisplay: 'auto' | 'exceptZero') => {
		const places = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay };
		const numbers = new Intl.NumberFormat(locale, places);
		// A decimal given as text is formatted exactly; its minus as wide as the plus.
		return (text: string) =>
			numbers.format(text as Intl.StringNumericLiteral).replace('-', '\u2212');
	};
	const percents = new Intl.NumberFormat(locale, {
		style: 'percent',
		minimumFractionDigits: 1,
		signDisplay: 'exceptZero',
	});
	const plain = decimals(3, 'auto');
	const signed = decimals(3, 'exceptZero');
	const first = (period: Period) => new Date(`${period}-01T00:00:00Z`);
	return {
		energy: (wh) => plain(formatEnergy(wh)),
		energyChange: (wh) => signed(formatEnergy(wh)),
		amount: (units, digits) => decimals(digits, 'auto')(formatUnits(units, digits)),
		amountChange: (units, digits) => decimals(digits, 'exceptZero')(formatUnits(units, digits)),
		percentChange: (tenths) =>
			percents.format(formatUnits(tenths, 3) as Intl.StringNumericLiteral).replace('-', '\u2212'),
		count: (number) => counts.format(number),
		days: (period) => {
			const start = first(period);
			const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0));
			return dates.formatRange(start, end);
		},
		month: (period) => months.format(first(period)),
		monthShort: (period) => shortMonths.format(first(period)),
		day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
		date: (instant) => dates.format(new Date(instant)),
		moment: (instant) =>
			`${dates.format(new Date(instant))}, ${times.format(new Date(instant))} UTC`,
		list: (words) => lists.format(words),
		names: (names) => lists.format(names.map((name) => `\u2068${name}\u2069`)),
		size: (bytes) => sizes.format(Math.max(bytes, 100) / 1000),
	};
}

/** Hexadecimal digits in groups of 4, easier to compare by eye. */
export function groupHex(hex: string): string {
	return hex.replace(/(.{4})(?=.)/g, '$1 ');
}

/** A name within a sentence, so that one written from right to left does not turn what follows. */
export function isolate(name: string): string {
	return `\u2068${name}\u2069`;
}
