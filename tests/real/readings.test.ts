import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeText } from '../../src/core/format/bytes.ts';
import { formatEnergy } from '../../src/core/format/energy.ts';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import { readBySpecification, readReadings } from '../../src/core/readings/read.ts';
import type { Series } from '../../src/core/readings/series.ts';
import {
	dayHeader,
	fileOf,
	type Minutes,
	pointOf,
	requestOf,
	timeOf,
} from '../support/readings.ts';
import { SHARED, sharedIsHere, sharedRows } from '../support/shared.ts';

/** Interval months of three real sites, their header's `meter` renamed. */
const MONTHS = [
	['cambridge-campus', '2017-03', 'Europe/London', 60, 743],
	['cambridge-campus', '2017-10', 'Europe/London', 60, 745],
	// These homes keep one offset all year.
	['sierra-crest-homes', '2016-11', 'Etc/GMT+8', 60, 720],
	['sierra-crest-homes', '2017-03', 'Etc/GMT+8', 60, 744],
	['monash-campus', '2020-04', 'Australia/Melbourne', 15, 2884],
	['monash-campus', '2020-10', 'Australia/Melbourne', 15, 2972],
] as const;

function meters(site: string) {
	return sharedRows(`data/${site}/meters.csv`)
		.map(({ meter = '', entity = '', kind }, index) => {
			return pointOf(meter, entity, kind === 'generation' ? kind : 'consumption', index + 2);
		})
		.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function file(site: string, name: string): Uint8Array {
	const text = readFileSync(join(SHARED, `data/${site}/interval/${name}.csv`), 'utf8');
	return encodeText(text.replace(/^meter,/, 'metering_point,'));
}

/** The readings of a long file as day rows. */
function dayRowsOf(time: PeriodTime, long: Uint8Array): Uint8Array {
	const starts = new Map(
		Array.from({ length: time.intervals }, (_, index) => [intervalStart(time, index), index]),
	);
	const kwh = new Map<string, string[]>();
	for (const line of new TextDecoder().decode(long).trimEnd().split('\n').slice(1)) {
		const [point = '', start = '', value = ''] = line.split(',');
		const index = starts.get(start);
		if (index === undefined) throw new Error(start);
		const values = kwh.get(point) ?? new Array<string>(time.intervals).fill('');
		values[index] = value;
		kwh.set(point, values);
	}
	const width = dayHeader(time).split(',').length - 2;
	const rows = [...kwh].flatMap(([point, values]) =>
		localDays(time).map(({ date, first, intervals }) => {
			const cells = values.slice(first, first + intervals);
			return [point, date, ...cells, ...new Array<string>(width - intervals).fill('')].join(',');
		}),
	);
	return fileOf(dayHeader(time), rows);
}

/** Surplus, deficit and net of each entity, netted in each interval. */
function netsOf({ entities, intervals, generated, consumed }: Series) {
	return entities.map((entity, row) => {
		let [surplus, deficit] = [0, 0];
		for (let at = row * intervals; at < (row + 1) * intervals; at++) {
			const net = (generated[at] ?? 0) - (consumed[at] ?? 0);
			if (net > 0) surplus += net;
			else deficit -= net;
		}
		return [entity, ...[surplus, deficit, surplus - deficit].map((wh) => kwh(wh))].join(',');
	});
}

const kwh = (wh: number) => formatEnergy(BigInt(wh)).replace(/\.?0+$/, '');

describe.skipIf(!sharedIsHere)('real interval months (need ../shared beside the checkout)', () => {
	describe.each(MONTHS)('%s %s', (site, period, zone, minutes, intervals) => {
		const time = timeOf(period, zone, minutes satisfies Minutes);
		const month = { time, points: meters(site) };
		const long = file(site, `${period}.long`);
		const forms = {
			long,
			wide: file(site, `${period}.wide`),
			days: dayRowsOf(time, long),
		};
		const expected = sharedRows(`data/${site}/expected/interval-net.csv`)
			.filter((row) => row['period'] === period)
			.map((row) => {
				const { entity, interval_surplus_kwh, interval_deficit_kwh, month_net_kwh } = row;
				return [entity, interval_surplus_kwh, interval_deficit_kwh, month_net_kwh].join(',');
			})
			.toSorted();

		test.each(Object.entries(forms))('%s', (_form, bytes) => {
			expect(time.intervals).toBe(intervals);
			const request = requestOf(month, { 'a.csv': bytes });
			const read = readReadings(request);
			expect(netsOf(read.series).toSorted()).toEqual(expected);
			expect(readBySpecification(request)).toEqual(read);
			const absent = sharedRows(`data/${site}/coverage.csv`)
				.filter((row) => row['period'] === period && row['missing'] !== '0')
				.map((row) => `${row['meter']} ${row['missing']}`);
			const missing = read.problems.map((it) => {
				if (it.code !== 'readings-missing') return it.code;
				return `${it.metering_point} ${it.missing}`;
			});
			expect(missing.toSorted()).toEqual(absent.toSorted());
		});
	});

	test.each([
		['2016-11', 30],
		['2017-03', 31],
	])('%s without offsets is refused', (period, days) => {
		const time = timeOf(period, 'America/Los_Angeles', 60);
		const month = { time, points: meters('sierra-crest-homes') };
		const bytes = file('sierra-crest-homes', `${period}.naive-local.long`);
		const { problems } = readReadings(requestOf(month, { 'a.csv': bytes }));
		const [first, ...others] = problems;
		expect(first).toMatchObject({ code: 'problems-more', found: `${34 * 24 * days}` });
		expect(others.map(({ code }) => code)).toEqual(Array(100).fill('interval-no-offset'));
	});
});
