import { expect, inject, test } from 'vitest';
import { isMeteringPoint, readMeteringPoints } from '../../../src/core/data/metering-points.ts';
import { readSubstitutes } from '../../../src/core/data/substitutes.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import type { Problem } from '../../../src/core/problem.ts';
import type { PeriodTime } from '../../../src/core/readings/period-time.ts';
import { problemText } from '../../../src/texts/en.ts';
import { chance } from '../../support/communities.ts';
import { mutate } from '../mutate.ts';

/** Whatever the bytes are, a reader takes what is good and says what is wrong with the rest, and where. */
const trials = inject('full') ? 20_000 : 300;
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);

const POINTS = encodeText(`metering_point,entity,direction,valid_from,valid_to
A-1,hall,generation,2026-01,
a.2,lab,consumption,2025-01,2025-12
a.2,hall,consumption,2026-01,2026-12
`);
const SUBSTITUTES = encodeText(`metering_point,first_interval,last_interval,quality,note
A-1,2026-05-01T00:00:00+02:00,2026-05-01T05:45:00+02:00,S,day before
A-1,2026-05-02T00:00:00Z,2026-05-02T00:00:00Z,E,"by eye, roughly"
a.2,2026-05-31T23:45:00+02:00,2026-05-31T21:45:00Z,S,n
`);
const MAY: PeriodTime = {
	time_zone: 'Europe/Berlin',
	interval_minutes: 15,
	utc_start: '2026-04-30T22:00:00Z',
	utc_end: '2026-05-31T22:00:00Z',
	intervals: 2976,
	offsets: [{ from: '2026-04-30T22:00:00Z', minutes: 120 }],
};

function expectTold(problems: readonly Problem[], { length }: Uint8Array): void {
	expect(problems.length).toBeLessThanOrEqual(length + 10);
	for (const problem of problems) {
		const { line, column } = problem.location;
		expect(problemText(problem)).not.toBe('');
		expect(line >= 0 && column >= 0 && line <= length + 1 && column <= length + 2).toBe(true);
	}
}

test('metering points', () => {
	const next = chance(seed);
	for (let trial = 0; trial < trials; trial++) {
		const bytes = mutate(next, [POINTS]);
		const { points, problems } = readMeteringPoints('p.csv', bytes, new Set(['hall', 'lab']));
		expectTold(problems, bytes);
		for (const { id, valid_from, valid_to } of points) {
			expect(isMeteringPoint(id), `WATTPROOF_SEED=${seed} ${id}`).toBe(true);
			expect(valid_to === '' || valid_from <= valid_to).toBe(true);
		}
	}
});

test('substitutes', () => {
	const next = chance(seed);
	const points = readMeteringPoints('p.csv', POINTS, null);
	for (let trial = 0; trial < trials; trial++) {
		const bytes = mutate(next, [SUBSTITUTES]);
		const path = 'data/2026-05/substitutes.csv';
		const { substitutes, problems } = readSubstitutes(path, bytes, MAY, points, '2026-05');
		expectTold(problems, bytes);
		for (const { point, first, last } of substitutes) {
			expect(['A-1', 'a.2'], `WATTPROOF_SEED=${seed}`).toContain(point);
			expect(first >= 0 && first <= last && last < MAY.intervals).toBe(true);
		}
	}
});
