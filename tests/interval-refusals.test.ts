import { expect, test } from 'vitest';
import { encodeText, type Files } from '../src/core/format/bytes.ts';
import { validate } from '../src/core/record/validate.ts';
import { presentAt } from '../src/node/present.ts';
import {
	asDays,
	asLong,
	asWide,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	monthFiles,
	onlyPoints,
	POINTS_TEXT,
} from './support/interval-months.ts';
import { REGISTER_TEXT } from './support/scratch.ts';

/** docs/spec/layout.md for files of intervals: what exports and people write, and what it is called. */
const PERIOD = '2026-10';
const WEST = `data/${PERIOD}/west.csv`;
const LONG = 'metering_point,interval_start,kwh';

const base: Files = new Map(
	Object.entries({
		'data/entities.csv': REGISTER_TEXT,
		...INTERVAL_CONFIGURATION,
		...monthFiles(PERIOD),
	}).map(([path, text]) => [path, encodeText(text)] as const),
);

function problemsWith(path: string, text: string | Uint8Array): readonly string[] {
	const bytes = typeof text === 'string' ? encodeText(text) : text;
	const { problems } = validate(
		new Map([...base, [path, bytes]]),
		presentAt('2026-12-01T00:00:00Z'),
		null,
	);
	return problems.map(({ code, location }) => `${location.line}:${location.column} ${code}`);
}

/** A start of an interval in a further file; where it is good, the reading is there twice. */
const STARTS: Readonly<Record<string, string>> = {
	'2026-10-05T12:00:00+02:00': '2:1 reading-duplicate',
	'2026-10-05T10:00:00Z': '2:1 reading-duplicate',
	'2026-10-05T15:45:00+05:45': '2:1 reading-duplicate',
	'2026-10-25T02:00:00+02:00': '2:1 reading-duplicate',
	'2026-10-25T02:00:00+01:00': '2:1 reading-duplicate',
	'2026-10-05T12:00:00': '2:4 interval-no-offset',
	'2026-10-05 12:00:00': '2:4 interval-no-offset',
	'2026-10-05T12:00': '2:4 interval-no-offset',
	'2026-10-05T12:00+02:00': '2:4 interval-malformed',
	'2026-10-05T12:00:00-00:00': '2:4 interval-malformed',
	'2026-10-05T12:00:00.000+02:00': '2:4 interval-malformed',
	'2026-10-05t12:00:00z': '2:4 interval-malformed',
	'2026-10-05T24:00:00+02:00': '2:4 interval-malformed',
	'2026-10-32T12:00:00+02:00': '2:4 interval-malformed',
	'05.10.2026 12:00': '2:4 interval-malformed',
	'1759658400': '2:4 interval-malformed',
	'': '2:4 interval-malformed',
	'2026-10-05T12:15:00+02:00': '2:4 interval-off-grid',
	'2026-10-05T12:00:00+05:45': '2:4 interval-off-grid',
	'2026-11-01T00:00:00+01:00': '2:4 interval-outside',
	'2026-09-30T23:00:00+02:00': '2:4 interval-outside',
};

test.each(Object.entries(STARTS))('start %j: %s', (start, expected) => {
	expect(problemsWith(WEST, `${LONG}\nh1,${start},1\n`)).toEqual([expected]);
});

/** A value beside a start that is not there yet: of the missing point itself nothing more is said. */
const VALUES: Readonly<Record<string, string>> = {
	'1,5': 'energy-decimal-comma',
	'-1': 'energy-sign',
	'1e3': 'energy-exponent',
	'0.0001': 'energy-decimals',
	'01': 'energy-leading-zero',
	'': 'energy-empty',
	NaN: 'energy-not-a-number',
	'1 kWh': 'energy-unit',
};

test.each(Object.entries(VALUES))('value %j: %s', (value, code) => {
	const rest = asLong(onlyPoints(intervalMonth(PERIOD), ['l1'])).replace(
		/,[^,\n]+\n$/,
		`,"${value}"\n`,
	);
	expect(problemsWith(`data/${PERIOD}/south.csv`, rest)).toEqual([`746:30 ${code}`]);
});

const HEADERS: Readonly<Record<string, string>> = {
	'meter,interval_start,kwh': '1:1 csv-header-missing',
	'metering_point,kwh': '1:1 csv-header-missing',
	'metering_point,interval_start,kWh': '1:1 csv-header-missing',
	'metering_point,interval_start,kwh,unit': '1:35 csv-header-unknown',
	'metering_point,interval_start,kwh,kwh': '1:35 csv-header-duplicate',
	'metering_point;interval_start;kwh': '1:1 csv-separator',
	'metering_point,date,1,2,3': '1:21 reading-columns',
	interval_start: '1:1 csv-header-missing',
	'interval_start,h1,h1': '1:19 csv-header-duplicate',
	'interval_start,H1': '1:16 metering-point-unknown',
	'entity,period,generated_kwh,consumed_kwh': '1:1 reading-header',
};

test.each(Object.entries(HEADERS))('header %j: %s', (header, expected) => {
	expect(problemsWith(WEST, `${header}\n`)).toContain(expected);
});

test('a day that is cut short at the clock change lacks its last hour', () => {
	const days = asDays(onlyPoints(intervalMonth(PERIOD), ['l1']));
	const short = days.replace(/^(l1,2026-10-25,.*),[^,\n]+$/m, '$1,');
	expect(problemsWith(`data/${PERIOD}/south.csv`, short)).toEqual(['0:0 readings-missing']);
});

test('the repeated hour given twice with one offset is a reading twice, and one that is missing', () => {
	const wide = asWide(onlyPoints(intervalMonth(PERIOD), ['l1']));
	const once = wide.replace('2026-10-25T02:00:00+01:00', '2026-10-25T02:00:00+02:00');
	expect(problemsWith(`data/${PERIOD}/south.csv`, once)).toEqual([
		'0:0 readings-missing',
		expect.stringMatching(/^\d+:27 reading-duplicate$/),
	]);
});

test('a metering point that changes hands in mid-month has no place', () => {
	const half = POINTS_TEXT.replace(
		'l1,library,consumption,2026-01,',
		'l1,library,consumption,2026-01,2026-10',
	);
	const text = `${half}l1,office,consumption,2026-10,\n`;
	expect(problemsWith('data/metering-points.csv', text)).toContain('6:1 metering-point-overlap');
});

test('a totals file in a month by interval is refused, and so is nothing at all', () => {
	const totals = 'entity,period,generated_kwh,consumed_kwh\nlibrary,2026-10,0,1\n';
	expect(problemsWith(`data/${PERIOD}/south.csv`, totals)).toEqual(['1:1 reading-header']);
	expect(problemsWith(`data/${PERIOD}/south.csv`, '')).toEqual(['0:0 csv-empty']);
});

test('a substitute for whom has nothing to report is refused like a reading', () => {
	const absent = encodeText('entity,reason,approved_by\nhall,closed,M. Okafor\n');
	const substitutes = [
		'metering_point,first_interval,last_interval,quality,note',
		'h1,2026-10-05T12:00:00+02:00,2026-10-05T13:00:00+02:00,E,gateway failed',
		'',
	];
	const files = new Map([
		...base,
		[`data/${PERIOD}/absent.csv`, absent] as const,
		[`data/${PERIOD}/substitutes.csv`, encodeText(substitutes.join('\n'))] as const,
	]);
	const { problems } = validate(files, presentAt('2026-12-01T00:00:00Z'), null);
	const places = problems.map(({ code, location: { path, line } }) => `${path}:${line} ${code}`);
	expect(places).toContain(`data/${PERIOD}/substitutes.csv:2 metering-point-absent`);
});
