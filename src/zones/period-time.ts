import { DAY_SECONDS, dayNumber, firstDay } from '../core/format/civil.ts';
import { isPeriod, type Period, shiftPeriod } from '../core/format/period.ts';
import { type Clocks, type PeriodTime, periodTimeUnder } from '../core/readings/period-time.ts';

/** Offsets are looked at once a day: no clocks change twice in between, and each look takes time. */
const STEP = DAY_SECONDS;

export type ZoneFault = 'zone-unknown' | 'uneven-period' | 'offset-odd';

/**
 * The intervals of a period by the time-zone data of this runtime. Only a settlement that begins asks
 * for them; whoever checks one uses what it recorded.
 */
export function periodTimeOf(
	period: Period,
	time_zone: string,
	interval_minutes: PeriodTime['interval_minutes'],
): PeriodTime | { readonly fault: ZoneFault } {
	const clock = clockOf(time_zone);
	if (clock === null) return { fault: 'zone-unknown' };
	if (!isPeriod(period)) return { fault: 'offset-odd' };
	return periodTimeUnder(clocksAround(period, clock), period, time_zone, interval_minutes);
}

/** A function from seconds since 1970 to the seconds that clocks are east of UTC then. */
type Clock = (instant: number) => number;

function clockOf(timeZone: string): Clock | null {
	let format: Intl.DateTimeFormat;
	try {
		format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
			timeZone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
	} catch {
		return null;
	}
	const { timeZone: known } = format.resolvedOptions();
	// The runtime takes any capitals; a name that others may not know as written is none.
	if (known !== timeZone && known.toLowerCase() === timeZone.toLowerCase()) return null;
	return (instant) => {
		const parts = new Map(format.formatToParts(instant * 1000).map((it) => [it.type, it.value]));
		const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
		const day = dayNumber(part('year'), part('month'), part('day'));
		const seconds = part('hour') * 3600 + part('minute') * 60 + part('second');
		return day * DAY_SECONDS + seconds - instant;
	};
}

/** The offsets from two days before a month to two days after it. */
function clocksAround(period: Period, clock: Clock): Clocks {
	const from = (firstDay(period) - 2) * DAY_SECONDS;
	const until = (firstDay(shiftPeriod(period, 1)) + 2) * DAY_SECONDS;
	let offset = clock(from);
	const offsets = [{ from, offset }];
	for (let at = from; at < until; at += STEP) {
		const before = offset;
		offset = clock(at + STEP);
		if (offset === before) continue;
		let [early, late] = [at, at + STEP];
		while (late - early > 1) {
			const middle = Math.floor((early + late) / 2);
			if (clock(middle) === before) early = middle;
			else late = middle;
		}
		offsets.push({ from: late, offset });
	}
	return { offsets, until };
}
