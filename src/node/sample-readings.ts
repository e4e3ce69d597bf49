import { encodeText, type Files } from '../core/format/bytes.ts';
import { formatTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import type { Period } from '../core/format/period.ts';
import { METERING_POINTS, SUBSTITUTES } from '../core/paths.ts';
import { intervalStart, localDays, type PeriodTime } from '../core/readings/period-time.ts';
import { periodTimeOf } from '../zones/period-time.ts';
import { type Meter, meterReadings, SAMPLE_METERS } from './sample-meters.ts';

/** The first month of which the sample has the readings of every hour. */
export const SAMPLE_INTERVALS: Period = '2026-08';
export const SAMPLE_ZONE = 'Europe/Berlin';
export const SAMPLE_MINUTES = 60;

interface Measured {
	readonly meter: Meter;
	readonly wh: readonly number[];
}

/** Readings that were not measured, by the first and the last of their starts. */
const EXCHANGED = {
	period: '2026-09',
	meter: 'LIB-01',
	first: '2026-09-17T09:00:00+02:00',
	last: '2026-09-17T13:00:00+02:00',
	note: 'Meter exchanged; read from the control meter',
} as const;
const LOST = {
	period: '2026-10',
	meter: 'hall-1',
	first: '2026-10-14T12:00:00Z',
	last: '2026-10-14T15:00:00Z',
} as const;

/** The register of the sample's metering points. */
export function sampleMeteringPoints(): Files {
	const header = ['metering_point', 'entity', 'direction', 'valid_from', 'valid_to'];
	const rows = SAMPLE_METERS.map(({ id, entity, direction }) => {
		return [id, entity, direction, SAMPLE_INTERVALS, ''];
	});
	return new Map([[METERING_POINTS, encodeText(formatTable(header, rows))]]);
}

/** The files of a month of readings by name: each submitter uses another form. */
export function sampleReadings(period: Period): Files {
	const time = periodTimeOf(period, SAMPLE_ZONE, SAMPLE_MINUTES);
	if ('fault' in time) throw new Error(`${period}: ${time.fault}`);
	const of = (submitter: Meter['submitter']): readonly Measured[] =>
		SAMPLE_METERS.filter((it) => it.submitter === submitter).map((meter) => {
			return { meter, wh: meterReadings(meter, period, time) };
		});
	const files = new Map([
		['estates.csv', dayRows(of('estates'), time)],
		['residences.csv', wide(of('residences'), time)],
		['sports.csv', long(of('sports'), time, period)],
	]);
	if (period === EXCHANGED.period) {
		const { meter, first, last, note } = EXCHANGED;
		const header = ['metering_point', 'first_interval', 'last_interval', 'quality', 'note'];
		files.set(SUBSTITUTES, formatTable(header, [[meter, first, last, 'S', note]]));
	}
	return new Map([...files].map(([name, text]) => [name, encodeText(text)]));
}

/** As many decimals as the meter counts. */
function kwh({ meter, wh }: Measured, index: number): string {
	const value = wh[index] ?? 0;
	const text = formatEnergy(BigInt(value));
	if (meter.step_wh === 1) return text;
	return value === 0 ? '0' : text.slice(0, -2);
}

function dayRows(all: readonly Measured[], time: PeriodTime): string {
	const days = localDays(time);
	const longest = Math.max(...days.map(({ intervals }) => intervals));
	const columns = Array.from({ length: longest }, (_, index) => index);
	const rows = all.flatMap((measured) =>
		days.map(({ date, first, intervals }) => [
			measured.meter.id,
			date,
			...columns.map((it) => (it < intervals ? kwh(measured, first + it) : '')),
		]),
	);
	return formatTable(['metering_point', 'date', ...columns.map((it) => String(it + 1))], rows);
}

function wide(all: readonly Measured[], time: PeriodTime): string {
	const rows = Array.from({ length: time.intervals }, (_, index) => [
		intervalStart(time, index),
		...all.map((measured) => kwh(measured, index)),
	]);
	return formatTable(['interval_start', ...all.map(({ meter }) => meter.id)], rows);
}

/** Starts in UTC; with a column for the quality in the month that needs it. */
function long(all: readonly Measured[], time: PeriodTime, period: Period): string {
	const utc = { ...time, offsets: [{ from: time.utc_start, minutes: 0 }] };
	const rows = all.flatMap((measured) =>
		Array.from({ length: time.intervals }, (_, index) => {
			const start = intervalStart(utc, index).replace('+00:00', 'Z');
			const row = [measured.meter.id, start, kwh(measured, index)];
			if (period !== LOST.period) return row;
			const lost = measured.meter.id === LOST.meter && LOST.first <= start && start <= LOST.last;
			return [...row, lost ? 'E' : 'A'];
		}),
	);
	const quality = period === LOST.period ? ['quality'] : [];
	return formatTable(['metering_point', 'interval_start', 'kwh', ...quality], rows);
}
