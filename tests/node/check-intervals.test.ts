import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checked, check } from '../../src/node/check.ts';
import { checkOutput } from '../../src/node/check-output.ts';
import { COMMENT_BYTES, checkReport } from '../../src/node/check-report.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { runGit } from '../history/honest-log.ts';
import {
	asDays,
	asLong,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	monthFiles,
	onlyPoints,
	POINTS_TEXT,
} from '../support/interval-months.ts';
import { scratchLog, writeFiles } from '../support/scratch.ts';

const formats = formatsFor('en-GB');
const NORTH = 'data/2026-01/north.csv';

/** Checks a branch with these files on it against main; null removes one. */
async function checkBranch(
	dir: string,
	files: Readonly<Record<string, string | null>>,
): Promise<Checked> {
	runGit(dir, ['reset', '-q', '--hard', 'main']);
	runGit(dir, ['switch', '-q', '-C', 'branch', 'main']);
	for (const [path, text] of Object.entries(files)) {
		if (text === null) rmSync(join(dir, path));
		else writeFiles(dir, { [path]: text });
	}
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', 'x']);
	return check({ dir, base: 'main', now: new Date('2026-02-03T00:00:00Z'), due_day: 5 });
}

const codes = ({ problems }: Checked) => problems.map(({ code }) => code);

/** The day rows of January in the hall's and the office's file, with some of the cells changed. */
function northWith(cells: Readonly<Record<string, string>>): string {
	return (monthFiles('2026-01')[NORTH] ?? '').replaceAll(/^.*$/gm, (line) => {
		const row = line.split(',');
		for (const [place, value] of Object.entries(cells)) {
			const [id, date, column] = place.split(' ');
			if (row[0] === id && row[1] === date) row[1 + Number(column)] = value;
		}
		return row.join(',');
	});
}

test('changed readings are listed with point, interval, old and new', async () => {
	const { dir } = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const changed = northWith({ 'h1 2026-01-02 13': '1.5', 'o1 2026-01-31 24': '0.25' });
	const found = await checkBranch(dir, { [NORTH]: changed });
	expect(found).toMatchObject({ ok: true, about: 'submission' });
	const values = intervalMonth('2026-01').values;
	const [noon, night] = [values[0]?.[24 + 12] ?? 0, values[3]?.[743] ?? 0];
	const kwh = (wh: number) => (wh / 1000).toFixed(3);
	const [first, last] = ['2026-01-02T12:00:00+01:00', '2026-01-31T23:00:00+01:00'];

	const report = checkReport(found, formats, COMMENT_BYTES);
	expect(report).toContain('### Readings that change: 2\n');
	expect(report).toContain(`| <code>h1</code> | <code>${first}</code> | ${kwh(noon)} | 1.500 |`);
	expect(report).toContain(`| <code>o1</code> | <code>${last}</code> | ${kwh(night)} | 0.250 |`);
	const text = checkOutput(found, 'text', formats);
	expect(text).toContain('Readings that change: 2\n');
	expect(text).toContain(`  h1  ${first}  ${kwh(noon)} -> 1.500\n`);
	expect(text).toContain(`  o1  ${last}  ${kwh(night)} -> 0.250\n`);
	const json = JSON.parse(checkOutput(found, 'json', formats));
	expect(json).toMatchObject({
		readings: [
			{ metering_point: 'h1', interval: first, before: kwh(noon), after: '1.500' },
			{ metering_point: 'o1', interval: last, before: kwh(night), after: '0.250' },
		],
		readings_changed: 2,
	});
});

test('another form of the same readings changes none', async () => {
	const { dir } = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const long = asLong(onlyPoints(intervalMonth('2026-01'), ['h1', 'h2', 'o1']));
	const found = await checkBranch(dir, { [NORTH]: long });
	expect(found.ok).toBe(true);
	expect(found.month?.readings).toEqual({ changes: [], count: 0 });
	expect(checkReport(found, formats, COMMENT_BYTES)).not.toContain('Readings that change');
});

test('more changes than a person looks through are counted', async () => {
	const { dir } = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const { time, points, values } = onlyPoints(intervalMonth('2026-01'), ['h1', 'h2', 'o1']);
	const half = values.map((row) => row.map((wh) => wh + 1));
	const found = await checkBranch(dir, { [NORTH]: asDays({ time, points, values: half }) });
	expect(found.month?.readings).toMatchObject({ count: 3 * 744 });
	expect(found.month?.readings?.changes).toHaveLength(200);
	const report = checkReport(found, formats, COMMENT_BYTES);
	expect(report).toContain('### Readings that change: 2,232\n');
	expect(report).toContain('2,032 more readings change; the files show them.');
});

test('a correction is compared with the readings that it replaces', async () => {
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const final = await log.finalize('2026-01', '2026-02-02T08:00:00Z');
	expect(final.ok).toBe(true);
	const correction = {
		reason_code: 'meter-reading',
		reason: 'Read again',
		requested_by: 'A. Lind',
		evidence: '',
	};
	const found = await checkBranch(log.dir, {
		'data/2026-01/r2/north.csv': northWith({ 'h1 2026-01-02 13': '1.5' }),
		'data/2026-01/r2/correction.json': JSON.stringify(correction),
	});
	expect(found).toMatchObject({ ok: true, subject: { period: '2026-01', run: 2 } });
	expect(found.month?.readings).toMatchObject({
		count: 1,
		changes: [{ metering_point: 'h1', interval: '2026-01-02T12:00:00+01:00', after: 1500n }],
	});
});

test('the register of metering points changes in a pull request of its own', async () => {
	const { dir } = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const points = { 'data/metering-points.csv': POINTS_TEXT.replace('o1,office', 'o1,library') };
	const changed = northWith({ 'h1 2026-01-02 13': '1.5' });
	const both = await checkBranch(dir, { [NORTH]: changed, ...points });
	expect(both.problems).toContainEqual({
		code: 'proposal-configuration',
		location: { path: 'data/metering-points.csv', line: 0, column: 0 },
		period: '2026-01',
	});
	const february = { 'data/metering-points.csv': `${POINTS_TEXT}o2,office,consumption,2026-02,\n` };
	expect(await checkBranch(dir, february)).toMatchObject({ ok: true, about: 'configuration' });
	// The office would have no metering point left in a month that is open.
	expect(codes(await checkBranch(dir, points))).toEqual(['entity-without-metering-point']);
});

/** What a terminal, a forge or a spreadsheet would obey, as ids of metering points. */
const HOSTILE = [
	'<img src=x onerror=alert(1)>',
	'[x](y)',
	'`id`',
	'@org/team',
	'a|b',
	'![](p)',
	'::error::forged',
	'%0A::error::forged',
	'=1+1',
	'\u202em1',
];

const SUBSTITUTES = 'metering_point,first_interval,last_interval,quality,note';

test('hostile ids of metering points execute nothing, mention nobody and forge nothing', async () => {
	const { dir } = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...monthFiles('2026-01') });
	const rows = HOSTILE.map((id) => `${id},2026-01-01T00:00:00+01:00,1`);
	const ranges = HOSTILE.map((id) => `${id},${id},${id},S,x`);
	const wide = `interval_start,${HOSTILE.join(',')}\n`;
	const found = await checkBranch(dir, {
		'data/2026-01/west.csv': `metering_point,interval_start,kwh\n${rows.join('\n')}\n`,
		'data/2026-01/x.csv': wide,
		'data/2026-01/substitutes.csv': `${SUBSTITUTES}\n${ranges.join('\n')}\n`,
	});
	expect(found.ok).toBe(false);
	expect(codes(found)).toContain('metering-point-malformed');
	const markdown = checkReport(found, formats, COMMENT_BYTES);
	const body = markdown.replaceAll(/<\/?code>/g, '').replaceAll('&#8288;', '');
	expect(body).not.toMatch(/<|@|!\[|\]\(|`|\u202e|::|\\/);
	for (const line of checkOutput(found, 'github', formats).split('\n').slice(0, -1)) {
		expect(line).toMatch(
			/^::error (file=[^:,]+,)?(line=\d+,col=\d+,)?title=[A-Za-z -]+::[^\r\n]+$/,
		);
		expect(line).not.toMatch(/%0A|%0D|\u202e/i);
	}
	expect(checkOutput(found, 'text', formats)).not.toMatch(/\n::|\u202e/);
});
