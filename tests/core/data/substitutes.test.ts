import { expect, test } from 'vitest';
import { readMeteringPoints } from '../../../src/core/data/metering-points.ts';
import { readSubstitutes } from '../../../src/core/data/substitutes.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import type { PeriodTime } from '../../../src/core/readings/period-time.ts';

const TIME: PeriodTime = {
	time_zone: 'UTC',
	interval_minutes: 60,
	utc_start: '2026-05-01T00:00:00Z',
	utc_end: '2026-06-01T00:00:00Z',
	intervals: 744,
	offsets: [{ from: '2026-05-01T00:00:00Z', minutes: 0 }],
};
const POINTS = readMeteringPoints(
	'data/metering-points.csv',
	encodeText(
		`metering_point,entity,direction,valid_from,valid_to
h1,hall,generation,2026-01,
h2,hall,generation,2026-01,2026-04
h3,hall,out,2026-01,
`,
	),
	null,
);

const read = (lines: readonly string[], points = POINTS) => {
	const header = 'metering_point,first_interval,last_interval,quality,note';
	const bytes = encodeText(`${[header, ...lines].join('\n')}\n`);
	return readSubstitutes('data/2026-05/substitutes.csv', bytes, TIME, points, '2026-05');
};
const places = (lines: readonly string[], points = POINTS) =>
	read(lines, points).problems.map(
		({ code, location: { line, column } }) => `${line}:${column} ${code}`,
	);
const at = (hour: string) => `2026-05-01T${hour}:00:00Z`;

test('both ends are included, and any offset says the instant', () => {
	const { substitutes, problems } = read([
		`h1,${at('10')},2026-05-01T13:00:00+02:00,S,day before`,
		'h1,2026-05-31T23:00:00Z,2026-05-31T23:00:00Z,E,"by eye, roughly"',
	]);
	expect(problems).toEqual([]);
	expect(substitutes.map(({ row, ...it }) => ({ ...it, line: row.line }))).toEqual([
		{ point: 'h1', first: 10, last: 11, quality: 'S', note: 'day before', line: 2 },
		{ point: 'h1', first: 743, last: 743, quality: 'E', note: 'by eye, roughly', line: 3 },
	]);
});

test.each([
	[`4711,${at('10')},${at('11')},S,n`, '2:1 metering-point-malformed'],
	[`h4,${at('10')},${at('11')},S,n`, '2:1 metering-point-unknown'],
	[`H1,${at('10')},${at('11')},S,n`, '2:1 metering-point-unknown'],
	[`h2,${at('10')},${at('11')},S,n`, '2:1 metering-point-not-valid'],
	[`h1,1.5.2026 10:00,${at('11')},S,n`, '2:4 interval-malformed'],
	[`h1,2026-05-01T10:00:00,${at('11')},S,n`, '2:4 interval-no-offset'],
	[`h1,2026-05-01T10:15:00Z,${at('11')},S,n`, '2:4 interval-off-grid'],
	[`h1,${at('10')},2026-06-01T00:00:00Z,S,n`, '2:25 interval-outside'],
	[`h1,${at('10')},${at('09')},S,n`, '2:25 substitute-range'],
	[`h1,${at('10')},${at('11')},A,n`, '2:46 substitute-quality'],
	[`h1,${at('10')},${at('11')},,n`, '2:46 substitute-quality'],
	[`h1,${at('10')},${at('11')},S,`, '2:48 text-empty'],
	[`h1,${at('10')},${at('11')},S,=1`, '2:48 text-malformed'],
	[`h1,${at('10')},${at('11')},S`, '2:1 csv-cells'],
])('%s: %s', (line, problem) => {
	expect(places([line])).toEqual([problem]);
	expect(read([line]).substitutes).toEqual([]);
});

test('a metering point whose own row cannot be read is no stranger', () => {
	const line = `h3,${at('10')},${at('11')},S,n`;
	expect(places([line])).toEqual([]);
	expect(places([line], { ...POINTS, doubtful: new Set(), legible: false })).toEqual([]);
	expect(places([line], { ...POINTS, doubtful: new Set() })).toEqual([
		'2:1 metering-point-unknown',
	]);
});

test('ranges of one metering point follow each other, in any order of rows', () => {
	const range = (from: string, to: string) => `h1,${at(from)},${at(to)},S,n`;
	expect(places([range('12', '13'), range('10', '11'), range('14', '14')])).toEqual([]);
	expect(places([range('10', '12'), range('12', '13')])).toEqual(['3:1 substitute-overlap']);
	expect(places([range('12', '13'), range('10', '12')])).toEqual(['3:1 substitute-overlap']);
	// The long range overlaps both others, which do not overlap each other.
	expect(places([range('00', '20'), range('01', '02'), range('05', '06')])).toEqual([
		'3:1 substitute-overlap',
		'4:1 substitute-overlap',
	]);
});

test('a header alone declares nothing', () => {
	expect(read([])).toEqual({ substitutes: [], problems: [] });
});
