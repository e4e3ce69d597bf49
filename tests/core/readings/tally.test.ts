import { describe, expect, test } from 'vitest';
import type { Substitute } from '../../../src/core/data/substitutes.ts';
import { intervalStart } from '../../../src/core/readings/period-time.ts';
import { readBySpecification, readReadings } from '../../../src/core/readings/read.ts';
import {
	dayHeader,
	dayRows,
	fileOf,
	LONG_HEADER,
	longRows,
	pointOf,
	requestOf,
	sumsOf,
	timeOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';

describe('quality', () => {
	const time = timeOf('2026-02', 'UTC', 60);
	const points = [
		pointOf('A1', 'hall', 'consumption', 2),
		pointOf('A2', 'hall', 'generation', 3),
		pointOf('B1', 'lab', 'consumption', 4),
	];
	const values = points.map((_, index) => new Array<number>(time.intervals).fill(index + 1));
	const month = { time, points, values };
	const row = {
		line: 2,
		cell: () => '',
		at: () => ({ path: 'data/2026-02/substitutes.csv', line: 2, column: 1 }),
	};
	const substitute = (point: string, first: number, last: number, quality: 'S' | 'E') =>
		({ point, first, last, quality, note: 'n', row }) satisfies Substitute;

	test('of a column is summed by entity, the worse one kept', () => {
		const marks = ['', 'A', 'C', 'S', 'E'];
		const long = longRows(month, ',').map((text, index) => {
			const mark = text.startsWith('A2') ? 'S' : (marks[index % 5] ?? '');
			return text + (text.startsWith('B1') && mark === 'E' ? 'S' : mark);
		});
		const count = (point: string, mark: RegExp) =>
			long.filter((text) => text.startsWith(point) && mark.test(text)).length;
		const request = requestOf(month, { 'a.csv': fileOf(`${LONG_HEADER},quality`, long) });
		for (const reader of [readReadings, readBySpecification]) {
			const { problems, estimated, series } = reader(request);
			expect(problems).toEqual([]);
			expect(series).toEqual(sumsOf(month));
			expect([...estimated]).toEqual([
				['hall', { wh: BigInt(count('A1', /[SE]$/) + 2 * time.intervals), quality: 'E' }],
				['lab', { wh: BigInt(3 * count('B1', /[SE]$/)), quality: 'S' }],
			]);
		}
	});

	test.each([
		['long', fileOf(LONG_HEADER, longRows(month))],
		['day rows', fileOf(dayHeader(time), dayRows(month))],
		['wide', fileOf(wideHeader(month), wideRows(month))],
	])('of substitutes is summed from %s without a column', (_name, bytes) => {
		const substitutes = [
			substitute('A2', 0, 9, 'S'),
			substitute('A1', 5, 5, 'E'),
			substitute('B1', 600, 671, 'S'),
		];
		const request = requestOf(month, { 'a.csv': bytes }, { substitutes });
		for (const reader of [readReadings, readBySpecification]) {
			const { problems, estimated } = reader(request);
			expect(problems).toEqual([]);
			expect([...estimated]).toEqual([
				['hall', { wh: 21n, quality: 'E' }],
				['lab', { wh: 216n, quality: 'S' }],
			]);
		}
	});
});

test('a sum holds 32 bits and says where it does not', () => {
	const time = timeOf('2026-02', 'UTC', 60);
	const points = [pointOf('A1', 'hall', 'consumption', 2), pointOf('A2', 'hall', 'consumption', 3)];
	const start = intervalStart(time, 3);
	const rowsWith = (...kwh: readonly string[]) =>
		points.flatMap(({ id }, point) =>
			Array.from({ length: time.intervals }, (_, it) =>
				[id, intervalStart(time, it), it === 3 ? kwh[point] : '0'].join(','),
			),
		);
	for (const reader of [readReadings, readBySpecification]) {
		const [good, bad] = [rowsWith('4294967.295', '0'), rowsWith('4294967.295', '0.001')].map((it) =>
			reader(requestOf({ time, points }, { 'a.csv': fileOf(LONG_HEADER, it) })),
		);
		expect(good?.problems).toEqual([]);
		expect(good?.series.consumed[3]).toBe(4294967295);
		expect(bad?.problems).toEqual([
			{
				code: 'reading-sum-too-large',
				location: { path: 'data/2026-02/a.csv', line: 2 + time.intervals + 3, column: 30 },
				entity: 'hall',
				interval: start,
				limit: '4294967.295',
			},
		]);
	}
});

test('sums that large readings make too large are the same in every form', () => {
	const time = timeOf('2026-02', 'UTC', 60);
	const points = Array.from({ length: 40 }, (_, index) =>
		pointOf(`METER-${index + 10}`, index < 35 ? 'hall' : 'lab', 'consumption', index + 2),
	);
	const values = points.map((_, point) =>
		Array.from({ length: time.intervals }, (_it, interval) =>
			interval % 97 === 5 ? 130_000_000 : point + interval,
		),
	);
	const month = { time, points, values };
	const forms = [
		fileOf(LONG_HEADER, longRows(month)),
		fileOf(dayHeader(time), dayRows(month)),
		fileOf(wideHeader(month), wideRows(month)),
	];
	const read = forms.map((bytes) => {
		const request = requestOf(month, { 'a.csv': bytes });
		const fast = readReadings(request);
		expect(fast).toEqual(readBySpecification(request));
		return fast;
	});
	for (const { series, problems } of read) {
		// 33 readings of 130,000 kWh fit; of 35 two are refused in each of 7 intervals.
		expect(problems.map(({ code }) => code)).toEqual(Array(14).fill('reading-sum-too-large'));
		expect(series).toEqual(read[0]?.series);
	}
});
