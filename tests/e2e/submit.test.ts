import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { RULES_TEXT, scratchFolder, writeFiles } from '../support/scratch.ts';
import { builtData, type SubmissionPage, useSubmission } from '../support/submission-page.ts';

const open = useSubmission();
const HEADER = 'entity,period,generated_kwh,consumed_kwh';
const LIBRARY = `${HEADER}\nlibrary,2026-10,4210.5,3005.25\n`;
/** What a spreadsheet makes of it in a country with a decimal comma. */
const DAMAGED =
	'\ufeffentity;period;generated_kwh;consumed_kwh\r\nlibrary;Oct-26;4.210,5;3005,25\r\n';
const ADDRESS_BYTES = 6000;

async function type(it: SubmissionPage, generated: string, consumed: string): Promise<void> {
	await it.act(() => it.page.selectOption('#entity', 'library'));
	await it.act(() => it.page.fill('#generated', generated));
	await it.act(() => it.page.fill('#consumed', consumed));
}

test('two figures are a pull request in four steps, and nothing leaves the page before', async () => {
	const it = await open();
	await type(it, '4210.5', '3005.25');
	const says = await it.page.innerText('#result-text');
	expect(says).toContain('October 2026: surplus 1,205.250 kWh.');
	expect(says).toContain('September 2026: deficit 18,190.250 kWh.');
	const table = await it.page.innerText('#readings');
	expect(table).toContain('24,310.500');
	expect(table).toMatch(/Generated\s+4,210\.500\s+[0-9,.]+\s+[+−][0-9.,]+%/);
	expect(it.requests).toEqual([]);
	let address = new URL('https://nowhere.test');
	await it.act(async () => {
		address = await it.open();
	});
	expect(it.actions()).toBe(4);
	expect(it.requests).toEqual([address.href]);
	expect(address.pathname).toBe('/campus/energy/new/main');
	expect(address.searchParams.get('filename')).toBe('data/2026-10/library.csv');
	expect(address.searchParams.get('value')).toBe(LIBRARY);
	expect(address.href.length).toBeLessThan(ADDRESS_BYTES);
	expect(it.complaints).toEqual([]);
});

test('a file that a spreadsheet damaged is a pull request in three steps', async () => {
	const it = await open();
	const { page } = it;
	await it.act(() => it.drop('energy of october.csv', DAMAGED));
	expect(await it.target()).toBeNull();
	expect((await it.problems()).map(([code]) => code)).toContain('csv-separator');
	const changes = await page.locator('#repair tbody tr').allInnerTexts();
	expect(changes.map((row) => row.split('\t').slice(1, 4))).toEqual([
		['period', 'Oct-26', '2026-10'],
		['generated_kwh', '4.210,5', '4210.5'],
		['consumed_kwh', '3005,25', '3005.25'],
	]);
	expect(await page.isVisible('#send')).toBe(false);
	await it.act(() => page.click('#repair-apply'));
	expect(await page.evaluate(() => document.activeElement?.id)).toBe('repair-title');
	expect(await it.problems()).toEqual([]);
	let address = new URL('https://nowhere.test');
	await it.act(async () => {
		address = await it.open();
	});
	expect(it.actions()).toBe(3);
	expect(address.searchParams.get('filename')).toBe('data/2026-10/library.csv');
	expect(address.searchParams.get('value')).toBe(LIBRARY);
	await page.click('#repair-undo');
	expect(await it.target()).toBeNull();
	expect(it.complaints).toEqual([]);
});

test('what can be read in two ways is asked before anything is repaired', async () => {
	const it = await open();
	await it.give('library.csv', `${HEADER}\nlibrary,2026-10,"1,234",0\n`);
	expect(await it.page.isVisible('#repair-apply')).toBe(false);
	const choices = () => it.page.locator('#repair label').allInnerTexts();
	expect(await choices()).toEqual([
		'1234 kWh: the comma parts thousands',
		'1.234 kWh: the comma stands before decimals',
	]);
	await it.page.getByLabel('1.234 kWh').check();
	await it.page.click('#repair-apply');
	expect((await it.target())?.searchParams.get('value')).toContain('library,2026-10,1.234,0');
	await it.give('semicolons.csv', `${HEADER};\nlibrary,2026-10,1.234,0\n`.replaceAll(',', ';'));
	expect(await choices()).toEqual([
		'1.234 kWh: the point stands before decimals',
		'1234 kWh: the point parts thousands',
	]);
});

test('everything can be done by the keyboard alone', async () => {
	const it = await open();
	const { keyboard } = it.page;
	const reach = async (id: string) => {
		for (let presses = 0; presses < 40; presses++) {
			await keyboard.press('Tab');
			const here = await it.page.evaluate(() => document.activeElement?.closest('[id]')?.id);
			if (here === id) return;
		}
		throw new Error(`#${id} cannot be reached`);
	};
	await reach('entity');
	await keyboard.type('Main');
	await reach('generated');
	await keyboard.type('4210.5');
	await reach('consumed');
	await keyboard.type('3005.25');
	await reach('send-link');
	const [popup] = await Promise.all([it.context.waitForEvent('page'), keyboard.press('Enter')]);
	await popup.waitForURL('https://forge.test/**');
	expect(new URL(popup.url()).searchParams.get('value')).toBe(LIBRARY);
});

test('problems are those of the command, in the same words', async () => {
	const rows = [
		'library,Oct-26,1.234,5',
		'libary,2026-10,-5,"1.234,5"',
		'chemistry,2026-09,1.2e3,5 kWh',
		'engineering,2026-10,,NaN',
		'chemistry,2026-10,1,2',
		'chemistry,2026-10,1,2',
		'dining-hall,2026-10,1,2,3',
	];
	const text = `\ufeff${HEADER}\r\n${rows.join('\r\n')}\r\n`;
	const dir = scratchFolder();
	const register = readFileSync('data/entities.csv', 'utf8');
	const path = 'data/2026-10/october.csv';
	writeFiles(dir, {
		'data/entities.csv': register,
		'data/rules/2026-01.json': RULES_TEXT,
		[path]: text,
	});
	const arguments_ = ['scripts/validate.ts', '--repo', dir, '--period', '2026-10'];
	const { stdout, stderr } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
	const lines = `${stdout}${stderr}`.split('\n');
	const said = lines.flatMap((line, at) => {
		const code = /^(?:error|note) +data\/2026-10\/october\.csv\S* +(\S+)$/.exec(line)?.[1];
		return code === undefined ? [] : [[code, lines[at + 1]?.trim() ?? '']];
	});
	const it = await open();
	await it.give('October.csv', text);
	expect(said.length).toBeGreaterThan(8);
	expect(await it.problems()).toEqual(said);
	const cell = it.page.locator('#file-table tbody tr', { hasText: 'libary' }).locator('td');
	expect(await cell.first().innerText()).toContain(
		'entity-unknown: "libary" is not in the register',
	);
	expect(await cell.nth(2).innerText()).toContain('energy-sign: generated_kwh is "-5"');
});

test('a file too long for an address is pasted, downloaded or copied', async () => {
	const note = (index: number) => `${'x'.repeat(100)}${index}`;
	const ids = builtData().entities.map(([id]) => id);
	const lines = ids.map((id, at) => `${id},2026-10,1,2,${note(at)},${'y'.repeat(500)}`);
	const text = `${HEADER},note,x_meter\n${lines.join('\n')}\n`;
	const it = await open({}, { permissions: ['clipboard-read', 'clipboard-write'] });
	await it.give('all.csv', text);
	const address = await it.target();
	expect(address?.href).toBe(
		'https://forge.test/campus/energy/new/main?filename=data%2F2026-10%2Fall.csv',
	);
	expect(await it.page.innerText('#send-after')).toContain('too long for an address');
	const waiting = it.page.waitForEvent('download');
	await it.page.click('#download');
	const download = await waiting;
	expect(download.suggestedFilename()).toBe('all.csv');
	expect(readFileSync(await download.path(), 'utf8')).toBe(text);
	await it.page.click('#copy');
	await it.page.getByText('Copied.').waitFor();
	expect(await it.page.evaluate(() => navigator.clipboard.readText())).toBe(text);
	expect(it.requests.filter((request) => !request.startsWith('blob:'))).toEqual([]);
});

test('a final month leads to the correction, a file that is there to its edit', async () => {
	const path = 'data/2026-10/library.csv';
	const other = 'data/2026-10/estates.csv';
	const it = await open({
		open: { [path]: LIBRARY, [other]: `${HEADER}\nchemistry,2026-10,0,5\n` },
	});
	await type(it, '1', '2');
	expect((await it.target())?.pathname).toBe(`/campus/energy/edit/main/${path}`);
	await it.page.selectOption('#entity', 'chemistry');
	expect(await it.problems()).toEqual([
		[
			'entity-duplicate',
			'"chemistry" already has a row: data/2026-10/chemistry.csv:2. Keep one of them.',
		],
	]);
	await it.give('estates.csv', `${HEADER}\nengineering,2026-10,1,2\ngreenhouse,2026-10,0,2\n`);
	expect((await it.problems()).map(([code]) => code)).toEqual(['entity-silent']);
	await it.page.click('#file-remove');
	await it.page.selectOption('#period', '2026-08');
	expect(await it.page.innerText('#final')).toContain('data/2026-08/r2/');
	expect(await it.page.isVisible('#numbers')).toBe(false);
	await it.give('library.csv', LIBRARY.replace('2026-10', '2026-08'));
	expect((await it.problems()).map(([code]) => code)).toEqual(['final-added']);
	expect(await it.target()).toBeNull();
});

test('Forgejo is served likewise; without a forge there is the file', async () => {
	const forgejo = await open({ forge: 'forgejo' }, {}, '?entity=library');
	await forgejo.page.fill('#generated', '4210.5');
	await forgejo.page.fill('#consumed', '3005.25');
	const address = await forgejo.target();
	expect(address?.pathname).toBe('/campus/energy/_new/main/');
	expect(address?.searchParams.get('value')).toBe(LIBRARY);
	const none = await open({ forge: 'none', repository: '' });
	await type(none, '4210.5', '3005.25');
	expect(await none.target()).toBeNull();
	expect(await none.page.innerText('#send-after')).toContain('names no repository');
	expect(await none.page.isVisible('#download')).toBe(true);
});

test('a hostile name and hostile cells are text and nothing else', async () => {
	const evil = '<img src=x onerror=alert(1)>';
	const it = await open({ entities: [['library', evil, '2025-08', '']] });
	await it.give(
		`../${evil}\u202e.csv`,
		`entity;period;generated_kwh;consumed_kwh;note\n${evil};2026-10;1,5;"${evil}";=cmd|'/c'!A0\u202e\n`,
	);
	await it.page.locator('#file-table').waitFor();
	await it.page.click('#repair-apply');
	expect(await it.page.locator('main img').count()).toBe(0);
	expect(await it.page.innerText('#file-table')).toContain(evil);
	expect(await it.page.innerText('#file-table')).toContain('\\u202e');
	await it.give('<b>.csv', LIBRARY);
	expect((await it.target())?.searchParams.get('filename')).toBe('data/2026-10/library.csv');
	expect(await it.page.locator('main :is(img, b)').count()).toBe(0);
	expect(it.complaints).toEqual([]);
	expect(it.requests).toEqual([]);
});

test('an export of a meter portal is told by its origin, with the next step', async () => {
	const it = await open();
	await it.give(
		'export.csv',
		'100,NEM12,202604011200,MDP,RET\n200,NMI0000001,E1,E1,E1,,M1,kWh,30,\n',
	);
	expect(await it.page.innerText('#origin')).toMatch(/NEM12.*\n+.*Add up the energy of the month/);
	expect(await it.page.isVisible('#repair')).toBe(false);
	expect(await it.target()).toBeNull();
});

test('the page is small enough to wait for', () => {
	const html = readFileSync(join(inject('site'), 'submit/index.html'));
	expect(gzipSync(html).length).toBeLessThan(64 * 1024);
});

test('without JavaScript three steps lead on', async () => {
	const it = await open({}, { javaScriptEnabled: false });
	expect(await it.page.locator('noscript li').count()).toBe(3);
	expect(await it.page.isVisible('#submit')).toBe(false);
});
