import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseEnergy } from '../../src/core/format/energy.ts';
import { intervalIndex, type PeriodTime } from '../../src/core/readings/period-time.ts';
import type { Series } from '../../src/core/readings/series.ts';
import { findReadingWarnings } from '../../src/core/settlement/reading-warnings.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';
import { SHARED, sharedIsHere, sharedRows } from '../support/shared.ts';

function timeOf(zone: string, period: string, minutes: PeriodTime['interval_minutes']): PeriodTime {
	const time = periodTimeOf(period, zone, minutes);
	if ('fault' in time) throw new Error(time.fault);
	return time;
}

function emptySeries(entities: readonly string[], { intervals }: PeriodTime): Series {
	const size = entities.length * intervals;
	return { intervals, entities, generated: new Uint32Array(size), consumed: new Uint32Array(size) };
}

function whOf(text: string): number {
	const energy = parseEnergy(text);
	if (!('wh' in energy)) throw new Error(text);
	return Number(energy.wh);
}

/** A month of a campus; readings that it lacks count as none, which no settlement would let pass. */
function campus(name: string, period: string, time: PeriodTime): Series {
	const meters = new Map(sharedRows(`data/${name}/meters.csv`).map((it) => [it['meter'], it]));
	const entities = [...new Set([...meters.values()].map((it) => it['entity'] ?? ''))].toSorted();
	const series = emptySeries(entities, time);
	for (const reading of sharedRows(`data/${name}/interval/${period}.long.csv`)) {
		const meter = meters.get(reading['meter']);
		const interval = intervalIndex(time, reading['interval_start'] ?? '');
		// The homes keep one offset all year, so that a few hours lie in the months beside.
		if (typeof interval === 'string') continue;
		const values = meter?.['kind'] === 'generation' ? series.generated : series.consumed;
		const place = entities.indexOf(meter?.['entity'] ?? '') * time.intervals + interval;
		values[place] = (values[place] ?? 0) + whOf(reading['kwh'] ?? '');
	}
	return series;
}

/** A month of all buildings of Cambridge as the archive has them: hours of UTC. */
function archive(time: PeriodTime): Series {
	const folder = 'data/cambridge-campus/original';
	const entities = readdirSync(join(SHARED, folder)).filter((it) => /^b[0-9]+$/.test(it));
	const series = emptySeries(entities.toSorted(), time);
	for (const [row, entity] of series.entities.entries()) {
		for (const hour of sharedRows(`${folder}/${entity}/2017.csv`)) {
			const start = `${(hour['datetime'] ?? '').replace(' ', 'T')}Z`;
			const interval = intervalIndex(time, start);
			if (typeof interval === 'string') continue;
			series.consumed[row * time.intervals + interval] = whOf(hour['equipment load [kWh]'] ?? '');
		}
	}
	return series;
}

const told = (series: Series, time: PeriodTime) =>
	findReadingWarnings(series, time).map(
		({ code, entity, detail }) => `${code} ${entity} ${detail}`,
	);
const short = (lines: readonly string[]) => lines.map((it) => it.split(' ', 2).join(' '));

describe.skipIf(!sharedIsHere)(
	'warnings of real readings (need ../shared beside the checkout)',
	() => {
		test('a plant that repeats one value 1,121 times, and others that give energy at night', () => {
			const time = timeOf('Australia/Melbourne', '2020-04', 15);
			const lines = told(campus('monash-campus', '2020-04', time), time);
			expect(short(lines)).toEqual([
				'night-generation solar1',
				'night-generation solar2',
				'night-generation solar3',
				'night-generation solar4',
				'stuck-meter solar1',
			]);
			expect(lines.at(-1)).toMatch(
				/;from=2020-04-15T13:00:00\+10:00;to=2020-04-27T05:00:00\+10:00;actual=1908$/,
			);
		});

		test('one meter under two names', () => {
			const time = timeOf('Europe/London', '2017-10', 60);
			const lines = told(campus('cambridge-campus', '2017-10', time), time);
			expect(short(lines)).toEqual(['twin-series b36', 'twin-series b37']);
		});

		test('five buildings without consumption for the same 73 hours', () => {
			const time = timeOf('Europe/London', '2017-12', 60);
			const lines = told(archive(time), time).filter((it) => it.startsWith('common'));
			expect(short(lines)).toEqual(
				['b119', 'b63', 'b64', 'b67', 'b83'].map((entity) => `common-zero-run ${entity}`),
			);
			expect(lines[0]).toMatch(
				/;from=2017-12-01T02:00:00\+00:00;to=2017-12-04T02:00:00\+00:00;with=b63;entities=5$/,
			);
		});

		test('four hours without, and all of them in the fifth', () => {
			const time = timeOf('Europe/London', '2017-08', 60);
			const lines = told(archive(time), time).filter((it) => it.startsWith('lump'));
			expect(short(lines)).toEqual(['lump-after-gap b85']);
			expect(lines[0]).toMatch(/;expected=6700;actual=55500$/);
		});

		test.each([
			['monash-campus', '2020-10', 'Australia/Melbourne', 15],
			['sierra-crest-homes', '2016-11', 'America/Los_Angeles', 60],
			['sierra-crest-homes', '2017-03', 'America/Los_Angeles', 60],
		] as const)('%s %s raises none', (name, period, zone, minutes) => {
			const time = timeOf(zone, period, minutes);
			expect(told(campus(name, period, time), time)).toEqual([]);
		});
	},
);
