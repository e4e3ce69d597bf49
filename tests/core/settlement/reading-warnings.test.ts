import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import type { Plausibility } from '../../../src/core/data/rules.ts';
import type { PeriodTime } from '../../../src/core/readings/period-time.ts';
import type { Series } from '../../../src/core/readings/series.ts';
import { findReadingWarnings } from '../../../src/core/settlement/reading-warnings.ts';
import { chance } from '../../support/communities.ts';
import { warningsByDefinition } from '../../support/warnings-by-definition.ts';

/** May 2026 in Berlin by the quarter of an hour. */
const MAY: PeriodTime = {
	time_zone: 'Europe/Berlin',
	interval_minutes: 15,
	utc_start: '2026-04-30T22:00:00Z',
	utc_end: '2026-05-31T22:00:00Z',
	intervals: 2976,
	offsets: [{ from: '2026-04-30T22:00:00Z', minutes: 120 }],
};

/** A run by the days and times of its first and last interval. */
const run = (from: string, to: string) => `from=2026-05-${from}:00+02:00;to=2026-05-${to}:00+02:00`;

type Row = readonly number[];
type Rows = Readonly<Record<string, { readonly g?: Row; readonly c?: Row }>>;

function seriesOf(rows: Rows, { intervals }: PeriodTime): Series {
	const entities = Object.keys(rows).toSorted();
	const fill = (direction: 'g' | 'c') => {
		const values = new Uint32Array(entities.length * intervals);
		for (const [row, entity] of entities.entries()) {
			values.set(rows[entity]?.[direction] ?? [], row * intervals);
		}
		return values;
	};
	return { intervals, entities, generated: fill('g'), consumed: fill('c') };
}

function judge(rows: Rows, plausibility: Plausibility = {}): string[] {
	return findReadingWarnings(seriesOf(rows, MAY), MAY, plausibility).map(
		({ code, entity, detail }) => `${code} ${entity} ${detail}`,
	);
}

const row = (value: (index: number) => number): Row =>
	Array.from({ length: MAY.intervals }, (_, index) => value(index));
/** A load that is never the same for long. */
const load = (seed: number): Row => {
	const next = chance(seed);
	return row(() => 100 + next(900));
};
/** A photovoltaic plant: light from 06:00 to before 20:00. */
const plant = (seed: number): Row => {
	const next = chance(seed);
	return row((index) => (index % 96 >= 24 && index % 96 < 80 ? 1 + next(3000) : 0));
};
const changed = (values: Row, from: number, to: number, value: number): Row =>
	values.map((old, index) => (index >= from && index < to ? value : old));

test('loads and plants that work raise nothing', () => {
	const dark = (index: number) => index % 96 < 24 || index % 96 >= 80;
	const works = {
		church: { c: load(1) },
		house: { g: plant(2), c: load(3) },
		// The same lamps by the same clock each night, a little brighter on one road.
		lamps: { c: row((index) => (dark(index) ? 250 + (index % 7) : 0)) },
		lanterns: { c: row((index) => (dark(index) ? 260 + (index % 7) : 0)) },
		park: { g: plant(4) },
		// Off for hours, then on as always.
		pump: { c: row((index) => (index % 20 < 5 ? 2000 + (index % 3) : 0)) },
		vacant: {},
	};
	expect(judge(works)).toEqual([]);
});

test('a month without energy raises nothing, whatever the thresholds', () => {
	const least = { night_generation_percent: 0, stuck_meter_hours: 1, common_zero_run_hours: 1 };
	expect(judge({ a: {}, b: {}, c: {} }, least)).toEqual([]);
});

describe('stuck-meter', () => {
	const day = run('11T10:00', '12T09:45');

	test('one value for a day, and not for an interval less', () => {
		const stuck = changed(load(1), 1000, 1096, 1908);
		expect(judge({ a: { c: stuck } })).toEqual([
			`stuck-meter a field=consumed_wh;${day};actual=1908`,
		]);
		expect(judge({ a: { c: changed(stuck, 1095, 1096, 1907) } })).toEqual([]);
		expect(judge({ a: { c: changed(stuck, 1000, 1001, 1907) } })).toEqual([]);
	});

	test('the longest is told, of equal ones the first, at the ends of the month too', () => {
		const first = changed(load(1), 0, 96, 7);
		expect(judge({ a: { c: first } })[0]).toMatch(/actual=7$/);
		expect(judge({ a: { c: changed(first, 2880, 2976, 8) } })[0]).toMatch(/actual=7$/);
		expect(judge({ a: { c: changed(first, 2879, 2976, 8) } })[0]).toMatch(/actual=8$/);
	});

	test('of two directions the longer is told, generation before consumption', () => {
		const c = changed(load(1), 1000, 1096, 5);
		const shorter = judge({ a: { c, g: changed(plant(2), 1020, 1116, 6) } });
		expect(shorter.filter((it) => it.startsWith('stuck'))).toEqual([
			`stuck-meter a field=generated_wh;${run('11T15:00', '12T14:45')};actual=6`,
		]);
	});

	test('a value for the whole month', () => {
		expect(judge({ a: { c: row(() => 4) } })[0]).toMatch(/to=2026-05-31T23:45:00\+02:00;actual=4$/);
		expect(judge({ a: { c: row(() => 4) } }, { stuck_meter_hours: 745 })).toEqual([]);
	});
});

describe('night-generation', () => {
	/** 31,000 Wh at noon. */
	const noon = row((index) => (index % 96 === 48 ? 1000 : 0));

	test('more than a hundredth of the month', () => {
		// Of 31,313 Wh a hundredth is 313.
		const bound = changed(changed(noon, 100, 104, 78), 192, 193, 1);
		expect(judge({ park: { g: bound } })).toEqual([]);
		expect(judge({ park: { g: changed(bound, 192, 193, 2) } })).toEqual([
			`night-generation park field=generated_wh;${run('02T01:00', '02T01:45')};expected=313;actual=314`,
		]);
	});

	test('night is from midnight to before three', () => {
		const at = (index: number) => judge({ park: { g: changed(noon, index, index + 1, 9000) } });
		const raised = [95, 96, 107, 108].map((index) => at(index).length);
		expect(raised).toEqual([0, 1, 1, 0]);
	});

	test('its percent is a threshold: 0 lets nothing pass, 100 everything', () => {
		const little = changed(noon, 100, 101, 1);
		expect(judge({ park: { g: little } }, { night_generation_percent: 0 })).toHaveLength(1);
		expect(judge({ park: { g: plant(1) } }, { night_generation_percent: 0 })).toEqual([]);
		const turbine = row((index) => 100 + (index % 96));
		expect(judge({ turbine: { g: turbine } })).toHaveLength(1);
		expect(judge({ turbine: { g: turbine } }, { night_generation_percent: 100 })).toEqual([]);
	});
});

describe('common-zero-run', () => {
	const lost = (seed: number, from = 1000, to = 1096) => ({ c: changed(load(seed), from, to, 0) });
	const lack = run('11T10:00', '12T09:45');

	test('two entities with the same gap of a day', () => {
		expect(judge({ a: lost(1), b: lost(2), c: { c: load(3) } })).toEqual([
			`common-zero-run a field=consumed_wh;${lack};with=b;entities=2`,
			`common-zero-run b field=consumed_wh;${lack};with=a;entities=2`,
		]);
	});

	test('one alone has none, nor have two whose gaps differ or are shorter', () => {
		expect(judge({ a: lost(1), b: { c: load(2) } })).toEqual([]);
		expect(judge({ a: lost(1), b: lost(2, 999) })).toEqual([]);
		expect(judge({ a: lost(1), b: lost(2, 1000, 1097) })).toEqual([]);
		expect(judge({ a: lost(1, 1001), b: lost(2, 1001) })).toEqual([]);
	});

	test('how many there have to be is a threshold', () => {
		const three = { common_zero_run_entities: 3 };
		expect(judge({ a: lost(1), b: lost(2) }, three)).toEqual([]);
		expect(judge({ a: lost(1), b: lost(2), c: lost(3) }, three)).toHaveLength(3);
	});

	test('of two as long the first is told, whoever else has the other', () => {
		const both = { c: changed(lost(3).c, 200, 296, 0) };
		const told = judge({ a: lost(1), b: lost(2, 200, 296), c: both });
		expect(told[2]).toBe(
			`common-zero-run c field=consumed_wh;${run('03T02:00', '04T01:45')};with=b;entities=2`,
		);
	});
});

describe('twin-series', () => {
	/** Equal to another load on all days but the first ones. */
	const unlike = (values: Row, days: number) =>
		values.map((value, index) => (index < days * 96 && index % 96 === 5 ? value + 1 : value));

	test('two names for one meter', () => {
		const day = run('01T00:00', '01T23:45');
		expect(judge({ a: { c: load(1) }, b: { c: load(2) }, c: { c: load(1) } })).toEqual([
			`twin-series a field=consumed_wh;${day};twin=c;days=31`,
			`twin-series c field=consumed_wh;${day};twin=a;days=31`,
		]);
	});

	test('one interval makes a day differ, and half of the days may', () => {
		const twins = (days: number) => judge({ a: { c: load(1) }, b: { c: unlike(load(1), days) } });
		expect(twins(15)[0]).toMatch(/from=2026-05-16T00:00:00\+02:00;.*;twin=b;days=16$/);
		expect(twins(16)).toEqual([]);
	});

	test('flat days say nothing, and two equal days may be chance', () => {
		const flat = (days: number) => ({ c: changed(load(1), days * 96, MAY.intervals, 0) });
		const twins = (days: number) => judge({ a: flat(days), b: flat(days) });
		expect(twins(2).filter((it) => it.startsWith('twin'))).toEqual([]);
		expect(twins(3).filter((it) => it.startsWith('twin'))).toHaveLength(2);
	});

	test('of three each is told', () => {
		const three = judge({ a: { g: plant(1) }, b: { g: plant(1) }, c: { g: plant(1) } });
		expect(three.map((it) => it.replace(/field.*twin=/, ''))).toEqual([
			'twin-series a b;days=31',
			'twin-series b a;days=31',
			'twin-series c a;days=31',
		]);
	});
});

describe('lump-after-gap', () => {
	const even = row((index) => 1000 + (index % 3));
	const gap = (to: number, value: number) => changed(changed(even, 1000, to, 0), to, to + 1, value);

	test('what was not read stands in the interval after the gap', () => {
		expect(judge({ a: { c: gap(1012, 13_000) } })).toEqual([
			`lump-after-gap a field=consumed_wh;${run('11T10:00', '11T12:45')};expected=1001;actual=13000`,
		]);
	});

	test('half of what is missing, at least of eight intervals', () => {
		const raised = (to: number, value: number) => judge({ a: { c: gap(to, value) } }).length;
		expect([raised(1012, 6006), raised(1012, 6005)]).toEqual([1, 0]);
		expect([raised(1004, 4004), raised(1004, 4003)]).toEqual([1, 0]);
		expect(raised(1003, 40_000)).toBe(0);
	});

	test('a value as high elsewhere makes it no lump, except after another gap', () => {
		expect(judge({ a: { c: changed(gap(1012, 13_000), 50, 51, 13_000) } })).toEqual([]);
		const again = changed(changed(gap(1012, 13_000), 2000, 2020, 0), 2020, 2021, 14_000);
		expect(judge({ a: { c: again } })[0]).toMatch(/expected=1001;actual=13000$/);
	});

	test('a gap up to the end of the month has no lump yet', () => {
		expect(judge({ a: { c: changed(even, 2900, 2976, 0) } })).toEqual([]);
	});
});

describe('what the definition raises', () => {
	/** Days of 24 hours in UTC. */
	const hours: PeriodTime = {
		time_zone: 'UTC',
		interval_minutes: 60,
		utc_start: '2026-02-01T00:00:00Z',
		utc_end: '2026-03-01T00:00:00Z',
		intervals: 672,
		offsets: [{ from: '2026-02-01T00:00:00Z', minutes: 0 }],
	};
	const thresholds = fc.record({
		night_generation_percent: fc.integer({ min: 0, max: 60 }),
		stuck_meter_hours: fc.integer({ min: 1, max: 30 }),
		common_zero_run_hours: fc.integer({ min: 1, max: 30 }),
		common_zero_run_entities: fc.integer({ min: 2, max: 4 }),
		twin_series_percent: fc.integer({ min: 1, max: 100 }),
		lump_after_gap_intervals: fc.integer({ min: 1, max: 20 }),
		lump_after_gap_percent: fc.integer({ min: 1, max: 120 }),
	});

	/** Rows patched together from few pieces, so that runs, gaps and equal days are common. */
	function patched(seed: number): Rows {
		const next = chance(seed);
		const pieces = Array.from({ length: 5 }, (_, piece) =>
			Array.from({ length: 24 }, () => (piece < 2 ? piece * 7 : next(3) * next(40))),
		);
		const patches = () =>
			next(6) === 0
				? []
				: Array.from({ length: 28 }, () => pieces[next(5)] ?? []).flatMap((it) =>
						next(4) === 0 ? it.map((value) => (next(9) === 0 ? next(900) : value)) : it,
					);
		return Object.fromEntries(
			['a', 'b', 'c', 'd'].map((it) => [it, { g: patches(), c: patches() }]),
		);
	}

	const codes = new Set<string>();
	test('is found, and nothing else', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0 }), thresholds, (seed, plausibility) => {
				const series = seriesOf(patched(seed), hours);
				const found = findReadingWarnings(series, hours, plausibility);
				expect(found).toEqual(warningsByDefinition(series, hours, plausibility));
				for (const { code } of found) codes.add(code);
			}),
			{ numRuns: inject('full') ? 600 : 50 },
		);
		expect(codes.size).toBe(5);
	});
});
