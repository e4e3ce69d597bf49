import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
	asDays,
	asLong,
	asWide,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	onlyPoints,
} from '../support/interval-months.ts';
import { REGISTER_TEXT, scratchFolder, totalsText, writeFiles } from '../support/scratch.ts';
import { scratchData } from '../support/submission-data.ts';
import { publishedData, useSubmission } from '../support/submission-page.ts';

const open = useSubmission();
const MONTH = intervalMonth('2026-10');
const HALL = onlyPoints(MONTH, ['h1', 'h2']);
const DAYS = asDays(HALL);

/** What the command says of one file of a month, by code and sentence; silence of others is not. */
function commandSays(path: string, text: string): readonly (readonly [string, string])[] {
	const dir = scratchFolder();
	writeFiles(dir, { 'data/entities.csv': REGISTER_TEXT, ...INTERVAL_CONFIGURATION, [path]: text });
	const command = ['scripts/validate.ts', '--repo', dir, '--period', '2026-10'];
	const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
	const lines = `${stdout}${stderr}`.split('\n');
	const said = lines.flatMap((line, at) => {
		const code = /^(?:error|note) +data\/2026-10\S* +(\S+)$/.exec(line)?.[1];
		return code === undefined ? [] : [[code, lines[at + 1]?.trim() ?? ''] as const];
	});
	return said.filter(([code]) => code !== 'entity-silent');
}

test('a file of readings: what is missing, put right, surplus and deficit, on its way', async () => {
	const it = await open(scratchData());
	const { page } = it;
	expect(await page.isVisible('#numbers')).toBe(false);
	expect(await page.innerText('#interval-note')).toContain('October 2026 is settled by interval');
	expect(await page.innerText('#file-hint')).toContain('metering_point,date,1,2');
	const lacking = DAYS.replace(/^(h1,2026-10-03(?:,[^,]*){9},)[^,]+/m, '$1');
	await it.drop('readings of october.csv', lacking);
	const problems = await it.problems();
	expect(problems).toEqual(commandSays('data/2026-10/hall.csv', lacking));
	expect(problems).toHaveLength(1);
	expect(problems[0]?.[0]).toBe('readings-missing');
	expect(problems[0]?.[1]).toContain('"h1" lacks 1 of 745 readings: 2026-10-03T09:00:00+02:00.');
	expect(await it.target()).toBeNull();

	await it.drop('corrected.csv', `\ufeff${DAYS.replaceAll('\n', '\r\n')}`);
	expect((await it.problems()).map(([code]) => code)).toEqual(['csv-bom', 'csv-crlf']);
	const says = await page.innerText('#result-text');
	expect(says).toMatch(
		/Sports Hall.*, October 2026: surplus [0-9,.]+ kWh, deficit [0-9,.]+ kWh\. September 2026: surplus 350\.000 kWh, deficit 250\.000 kWh\./,
	);
	const table = await page.innerText('#readings');
	expect(table).toMatch(/Own use\s+[0-9,.]+\s+150\.000/);
	expect(table).toMatch(
		/Result\s+Surplus [0-9,.]+, deficit [0-9,.]+\s+Surplus 350\.000, deficit 250\.000/,
	);
	expect(await it.target()).toEqual(
		new URL('https://forge.test/campus/energy/new/main?filename=data%2F2026-10%2Fhall.csv'),
	);
	expect(await page.isVisible('#upload-link a')).toBe(false);
	await page.getByLabel('I may write').check();
	const upload = await page.getAttribute('#upload-link a', 'href');
	expect(upload).toBe('https://forge.test/campus/energy/upload/main/data/2026-10');
	const waiting = page.waitForEvent('download');
	await page.click('#download');
	const download = await waiting;
	expect(download.suggestedFilename()).toBe('hall.csv');
	const sent = readFileSync(await download.path(), 'utf8');
	expect(sent).toBe(`\ufeff${DAYS.replaceAll('\n', '\r\n')}`);
	expect(it.complaints).toEqual([]);
	expect(it.requests.filter((request) => !request.startsWith('blob:'))).toEqual([]);
});

test('the other forms are taken, a file for the other basis is told what the month takes', async () => {
	const it = await open(scratchData());
	for (const text of [asLong(HALL), asWide(HALL)]) {
		await it.give('october.csv', text);
		expect(await it.problems()).toEqual([]);
		expect(await it.page.innerText('#result-text')).toContain('October 2026: surplus');
	}
	await it.give('totals.csv', totalsText('2026-10'));
	expect((await it.problems()).map(([code]) => code)).toEqual(['reading-header']);
	expect(await it.page.innerText('#result-text')).toContain('no totals');
	await it.page.selectOption('#period', '2026-08');
	expect(await it.page.innerText('#file-hint')).toContain('generated_kwh');
	await it.give('august.csv', asDays(onlyPoints(intervalMonth('2026-08'), ['h1', 'h2'])));
	expect((await it.problems()).map(([code]) => code)).toContain('csv-header-unknown');
	expect(await it.page.innerText('#result-text')).toContain('August 2026 is settled by its totals');
	expect(await it.target()).toBeNull();
});

test('the built page carries what its judgement needs', () => {
	const { bases, points, entities, earlier } = publishedData();
	const interval = bases.some(([, { basis }]) => basis === 'interval');
	expect(points.startsWith('metering_point,')).toBe(interval);
	for (const [, { basis, interval_minutes, time_zone }] of bases) {
		expect(interval_minutes !== undefined).toBe(basis === 'interval');
		expect(time_zone).toMatch(/^[A-Z]\w+\/\w+/);
	}
	expect(Object.keys(earlier[0]?.figures ?? {})).toContain(entities[0]?.[0]);
});
