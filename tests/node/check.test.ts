import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checked, check } from '../../src/node/check.ts';
import { checkOutput } from '../../src/node/check-output.ts';
import { COMMENT_BYTES, checkReport, SUMMARY_BYTES } from '../../src/node/check-report.ts';
import { prepareCorrection } from '../../src/node/correct.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { runGit } from '../history/honest-log.ts';
import {
	REGISTER_TEXT,
	scratchFolder,
	scratchLog,
	totalsText,
	writeFiles,
} from '../support/scratch.ts';

const NOW = new Date('2026-04-03T00:00:00Z');
const formats = formatsFor('en-GB');
const HEADER = 'entity,period,generated_kwh,consumed_kwh';

/** A branch of its own with these files on it; null removes one. */
function branch(dir: string, name: string, files: Readonly<Record<string, string | null>>): void {
	runGit(dir, ['reset', '-q', '--hard', 'main']);
	runGit(dir, ['switch', '-q', '-c', name]);
	for (const [path, text] of Object.entries(files)) {
		if (text === null) rmSync(join(dir, path), { recursive: true });
		else writeFiles(dir, { [path]: text });
	}
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', 'x']);
}

function checked(dir: string, base = 'main'): Promise<Checked> {
	return check({ dir, base, now: NOW, due_day: 5 });
}

const codes = ({ problems }: Checked) => problems.map(({ code }) => code);

function command(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check.ts', ...args], {
		encoding: 'utf8',
	});
	return { status, out: stdout, err: stderr };
}

test('a month is sent by two, and the second sees the whole settlement', async () => {
	const { dir, finalize } = await scratchLog(['2026-01']);
	await finalize('2026-01');
	const hall = `${HEADER}\nhall,2026-02,241,20.25\n`;
	branch(dir, 'first', { 'data/2026-02/hall.csv': hall });
	const first = await checked(dir);
	expect(first).toMatchObject({ ok: true, about: 'submission', before: 0 });
	const text = checkReport(first, formats, COMMENT_BYTES);
	expect(text).toContain(
		'| <code>Sports Hall</code> <code>hall</code> | Generated | 241.000 | 120.500 | +100.0% |',
	);
	expect(text).toContain('|  | Result | Surplus 220.750 | Surplus 100.250 | +120.500 |');
	expect(text).toContain('1 of 3 entities have submitted for 2026-02 or are declared absent.');
	expect(text).toContain(' Missing: <code>library</code> and <code>office</code>.');
	expect(text).toContain('readings are due on 5 March 2026.');
	expect(text).not.toContain('PRELIMINARY');

	runGit(dir, ['switch', '-q', 'main']);
	runGit(dir, ['merge', '-q', '--ff-only', 'first']);
	const others = `${HEADER}\nlibrary,2026-02,0,70\noffice,2026-02,5,42\n`;
	branch(dir, 'second', { 'data/2026-02/others.csv': others });
	const second = await checked(dir);
	const whole = checkReport(second, formats, COMMENT_BYTES);
	expect(whole).toContain('### PRELIMINARY: 2026-02 if this is merged');
	const hallRow = ['241.000', '20.250', '107.000', '0.000', '113.750', '0.000'];
	expect(whole).toContain(`<code>hall</code> | ${hallRow.join(' | ')} | supplies 107.000 |`);
	const libraryRow = ['0.000', '70.000', '0.000', '70.000', '0.000', '0.000'];
	expect(whole).toContain(`<code>library</code> | ${libraryRow.join(' | ')} | receives 70.000 |`);
	expect(whole).toContain('Nobody is missing.');
	expect(whole).toContain('2026-02 is complete then and can be finalized');

	runGit(dir, ['switch', '-q', 'main']);
	runGit(dir, ['merge', '-q', '--ff-only', 'second']);
	branch(dir, 'less', { 'data/2026-02/hall.csv': hall.replace('241', '120.25') });
	const less = checkReport(await checked(dir), formats, COMMENT_BYTES);
	expect(less).toContain('| loses 7.000 |');
	expect(less).toContain('The settlement changes for 3 of 3 entities.');
	const json = JSON.parse(checkOutput(await checked(dir), 'json', formats));
	expect(json).toMatchObject({ format: 'wattproof/check/v1', ok: true, period: '2026-02', run: 1 });
	expect(json.preliminary[0]).toMatchObject({
		entity: 'hall',
		before: { generated_kwh: '241.000' },
	});
});

test('what is judged is what a merge would change, whether or not it is merged', async () => {
	const { dir, finalize, commit } = await scratchLog(['2026-01']);
	await finalize('2026-01');
	branch(dir, 'behind', { 'data/2026-02/hall.csv': `${HEADER}\nhall,2026-02,1,2\n` });
	runGit(dir, ['switch', '-q', 'main']);
	await commit({
		'data/2026-02/library.csv': `${HEADER}\nlibrary,2026-02,0,3\n`,
		'README.md': 'x',
	});
	const base = runGit(dir, ['rev-parse', 'main']);
	runGit(dir, ['switch', '-q', 'behind']);
	const behind = await checked(dir, base);
	expect(behind).toMatchObject({ ok: true, paths: ['data/2026-02/hall.csv'] });
	runGit(dir, ['merge', '-q', '-m', 'm', 'main']);
	const { month, paths, head } = await checked(dir, base);
	expect({ month, paths }).toEqual({ month: behind.month, paths: behind.paths });
	expect(head).not.toBe(behind.head);
	runGit(dir, ['switch', '-q', '--detach', 'main']);
	runGit(dir, ['merge', '-q', '--no-ff', '-m', 'm', 'behind']);
	expect(await checked(dir, base)).toMatchObject({ ok: true, paths: behind.paths });
});

test('a correction is compared with the run it replaces', async () => {
	const { dir, finalize } = await scratchLog(['2026-01']);
	await finalize('2026-01');
	const correction = {
		reason_code: 'meter-reading',
		reason: 'Read again',
		requested_by: 'A. Lind',
		evidence: '',
	};
	const prepared = prepareCorrection({ dir, period: '2026-01', names: ['all.csv'], correction });
	expect(prepared.ok).toBe(true);
	const path = join(dir, 'data/2026-01/r2/all.csv');
	const text = readFileSync(path, 'utf8').replace('70.125', '61.125');
	runGit(dir, ['switch', '-q', '-c', 'correction']);
	writeFileSync(path, text);
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', 'x']);
	const found = await checked(dir);
	expect(found).toMatchObject({ ok: true, subject: { period: '2026-01', run: 2 } });
	const report = checkReport(found, formats, COMMENT_BYTES);
	expect(report).toContain('### This correction against run 1');
	expect(report).toContain('|  | Consumed | 61.125 | 70.125 |');
	expect(report).not.toContain('| <code>Office</code> <code>office</code> | Generated');
	expect(report).toContain('| 61.125 | 0.000 | 0.000 | loses 4.500 |');
	expect(report).toContain('Run 2 of 2026-01 can be finalized then');
});

/** Text that a terminal, a forge or a spreadsheet would obey, and file names made of it. */
const HOSTILE_CELLS = '::set-output name=x::y,2026-01,%0A::error::forged,<img src=x> @org/team #1';
const HOSTILE_NAMES = [
	'data/2026-01/a\n::error title=forged::b.csv',
	'data/2026-01/%0A::error::c.csv',
	'data/2026-01/$(touch PWNED)`touch PWNED`.csv',
	'data/2026-01/<img src=x>@org[x](y)|\\.csv',
	'::set-output name=x::y',
	'src/\u202egnp.exe',
];

test('hostile names and cells execute nothing, mention nobody and forge nothing', async () => {
	const { dir } = await scratchLog([]);
	const register = REGISTER_TEXT.replace('Sports Hall', '<b>@org/team</b> [x](//y) `z` ![](//p)');
	const file = `${HEADER}\n${HOSTILE_CELLS}\n`;
	branch(dir, 'names', { 'data/entities.csv': register });
	runGit(dir, ['branch', '-q', '-f', 'main', 'names']);
	branch(dir, 'hall', { 'data/2026-01/hall.csv': `${HEADER}\nhall,2026-01,1,2\n` });
	const named = checkReport(await checked(dir), formats, COMMENT_BYTES);
	expect(named).toContain('<code>&#60;b&#62;&#64;&#8288;org/team&#60;/b&#62; &#91;x&#93;(//y)');
	branch(dir, 'hostile', {
		...Object.fromEntries(HOSTILE_NAMES.map((path) => [path, file])),
		'data/2026-01/all.csv': file + `${HOSTILE_CELLS}\n`.repeat(30),
	});
	symlinkSync('/etc/passwd', join(dir, 'data/2026-01/link.csv'));
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', '::error::x']);
	const found = await checked(dir);
	expect(codes(found)).toEqual(expect.arrayContaining(['path-malformed', 'path-not-plain']));

	const github = checkOutput(found, 'github', formats).split('\n');
	expect(github.pop()).toMatch(/^\u2718 Data check: \d+ problems to solve$/);
	expect(github.length).toBe(10);
	for (const line of github) {
		expect(line).toMatch(
			/^::error (file=[^:,]+,)?(line=\d+,col=\d+,)?title=[A-Za-z -]+::[^\r\n]+$/,
		);
		// The runner turns these three back: nothing of others may become a line end.
		expect(line).not.toMatch(/%0A|%0D|\u202e/i);
	}
	expect(github.at(-1)).toMatch(/title=Data check::\d+ more of these are not shown here/);

	const markdown = checkReport(found, formats, SUMMARY_BYTES);
	const body = markdown.replaceAll(/<\/?code>/g, '').replaceAll('&#8288;', '');
	expect(body).not.toMatch(/<|@|!\[|\]\(|`|\u202e|::|\/\/|\\/);
	expect(markdown.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
	expect(checkOutput(found, 'text', formats)).not.toMatch(/\n::|\u202e/);
	const quality = JSON.parse(checkOutput(found, 'gitlab', formats));
	expect(new Set(quality.map((it: { fingerprint: string }) => it.fingerprint)).size).toBe(
		quality.length,
	);
	expect(quality[0]).toMatchObject({ severity: 'blocker', location: { lines: { begin: 1 } } });
});

test('reports fit what a forge takes, whatever the size of the pull request', async () => {
	const { dir } = await scratchLog([]);
	branch(dir, 'month', { 'data/2026-01/all.csv': totalsText('2026-01') });
	const found = await checked(dir);
	const { month } = found;
	const line = month?.settlement?.lines[0];
	const figure = month?.figures[0];
	if (!month?.settlement || !line || !figure) throw new Error('no settlement');
	const location = { path: `data/2026-01/${'\u202e'.repeat(100)}.csv`, line: 1, column: 1 };
	const large: Checked = {
		...found,
		ok: false,
		problems: Array.from({ length: 5000 }, () => ({ code: 'csv-blank-line', location })),
		month: {
			...month,
			figures: Array.from({ length: 2500 }, () => figure),
			settlement: { compared: false, lines: Array.from({ length: 2500 }, () => line) },
		},
	};
	for (const bytes of [SUMMARY_BYTES, COMMENT_BYTES, 6000, 1000]) {
		const text = checkReport(large, formats, bytes);
		expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
		expect(text).toContain('5000 problems to solve');
		expect(text).toContain('Put right what is listed above');
	}
	expect([SUMMARY_BYTES <= 1024 * 1024, COMMENT_BYTES < 65_536]).toEqual([true, true]);
});

test('the command has a code for accepted, refused and not checked', async () => {
	const { dir } = await scratchLog(['2026-01']);
	const out = scratchFolder();
	const refused = { 'data/2026-02/hall.csv': `${HEADER}\nhall,2026-02,1;5,2\n`, 'src/x.ts': '' };
	branch(dir, 'refused', refused);
	const said = command('--repo', dir, '--base', 'main', '--format', 'github', '--out', out);
	expect(said).toMatchObject({ status: 1, err: '' });
	expect(said.out).toMatch(/^::error file=data\/2026-02\/hall.csv,line=2,col=14,title=energy-/);
	for (const name of ['summary.md', 'comment.md']) {
		expect(readFileSync(join(out, name), 'utf8')).toContain('2 problems to solve');
	}
	branch(dir, 'code', { 'src/x.ts': 'throw 1' });
	const base = runGit(dir, ['rev-parse', 'main']);
	expect(command('--repo', dir, '--base', base)).toMatchObject({ status: 0, err: '' });
	const shallow = scratchFolder();
	runGit(shallow, ['clone', '-q', '--depth', '1', `file://${dir}`, 'c']);
	const unknown = command('--repo', join(shallow, 'c'), '--base', base);
	expect(unknown).toMatchObject({ status: 3, out: '' });
	expect(unknown.err).toContain('fetch-depth: 0');
	for (const name of ['../../x', '-x', '$(touch PWNED)', '0'.repeat(40)]) {
		await expect(checked(dir, name)).rejects.toThrow(/base-un/);
	}
});
