import { expect, test } from 'vitest';
import { readBySpecification, readReadings } from '../../../src/core/readings/read.ts';
import {
	dayHeader,
	dayRows,
	fileOf,
	LONG_HEADER,
	longRows,
	pointsOf,
	requestOf,
	timeOf,
	valuesOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';

const time = timeOf('2026-10', 'Europe/Berlin', 15);
const points = pointsOf(7, [9, 33, 2, 8, 63, 5]);
const month = { time, points, values: valuesOf(7, time.intervals, 1) };

test('three forms', () => {
	const forms = {
		long: fileOf(LONG_HEADER, longRows(month)),
		days: fileOf(dayHeader(time), dayRows(month)),
		wide: fileOf(wideHeader(month), wideRows(month)),
	};
	const results = Object.values(forms).flatMap((bytes) => [
		readReadings(requestOf(month, { 'a.csv': bytes })),
		readBySpecification(requestOf(month, { 'a.csv': bytes })),
	]);
	for (const one of results) {
		expect(one.problems).toEqual([]);
		expect(one.series).toEqual(results[0]?.series);
	}
});
