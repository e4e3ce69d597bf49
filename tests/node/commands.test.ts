import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { problemText } from '../../src/texts/en.ts';
import { scratchFolder, scratchLog, totalsText, writeFiles } from '../support/scratch.ts';

interface Outcome {
	readonly status: number | null;
	readonly out: string;
	readonly err: string;
}

function run(name: string, args: readonly string[], env: Record<string, string> = {}): Outcome {
	const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${name}.ts`, ...args], {
		encoding: 'utf8',
		env: { ...process.env, ...env },
	});
	return { status, out: stdout, err: stderr };
}

function gitInit(): string {
	const dir = scratchFolder();
	spawnSync('git', ['init', '-q', '-b', 'main', dir]);
	return dir;
}

const COMMANDS = ['validate', 'settle', 'init', 'finalize', 'verify', 'sample', 'demo'];
const seed = inject('full') ? 0 : Date.now() % COMMANDS.length;
const asked = COMMANDS.filter((_, index) => inject('full') || index % 3 === seed % 3);

describe(inject('full') ? 'every command' : `some commands, from seed ${seed}`, () => {
	test.each(asked)('%s has help, and refuses unknown options with 64', (name) => {
		expect(run(name, ['--help'])).toMatchObject({ status: 0, err: '' });
		expect(run(name, ['--nonsense'])).toMatchObject({ status: 64, out: '' });
	});
});

test('malformed arguments are usage errors', () => {
	expect(run('settle', ['--period', 'Oct-26']).status).toBe(64);
	expect(run('settle', []).status).toBe(64);
	expect(run('finalize', ['--signed', 'a', '--period', '2026-01'])).toMatchObject({
		status: 64,
		err: expect.stringContaining('finalize takes --period with --key'),
	});
	expect(run('verify', ['--root', 'abc']).status).toBe(64);
	expect(run('validate', ['--format', 'xml']).status).toBe(64);
	const log = ['--log', 'Not A Name', '--keys', join(scratchFolder(), 'k'), '--repo', gitInit()];
	expect(run('init', log, { WATTPROOF_PASSPHRASE: '' }).status).toBe(64);
});

test('validate lists problems as text, annotations and JSON', async () => {
	const { dir } = await scratchLog(['2026-01']);
	expect(run('validate', ['--repo', dir])).toMatchObject({ status: 0, err: '' });
	writeFiles(dir, { 'data/2026-01/all.csv': totalsText('2026-01', '1,5') });
	const text = run('validate', ['--repo', dir]);
	expect(text.status).toBe(1);
	expect(text.out).toContain('data/2026-01/all.csv:2:1  csv-cells');
	const github = run('validate', ['--repo', dir, '--format', 'github']).out;
	expect(github).toMatch(/^::error file=data\/2026-01\/all.csv,line=2,col=1,title=csv-cells::/);
	const json = JSON.parse(run('validate', ['--repo', dir, '--json']).out);
	expect(json).toMatchObject({ format: 'wattproof/validation/v1', ok: false });
	expect(json.problems[0]).toMatchObject({ code: 'csv-cells', severity: 'error', line: 2 });
});

test('settle prints the statement, and writes it only where it is told to', async () => {
	const { dir } = await scratchLog(['2026-01']);
	const out = join(scratchFolder(), 'preview');
	const settled = run('settle', ['--repo', dir, '--period', '2026-01', '--out', out]);
	expect(settled).toMatchObject({ status: 0, err: '' });
	expect(settled.out).toMatch(/hall +120\.500/);
	expect(readdirSync(out)).toContain('statement.csv');
	expect(existsSync(join(dir, 'settlements'))).toBe(false);
	const inside = ['--repo', dir, '--period', '2026-01', '--out', join(dir, 'data/x')];
	expect(run('settle', inside).status).toBe(1);
	const json = JSON.parse(run('settle', ['--repo', dir, '--period', '2026-01', '--json']).out);
	expect(json).toMatchObject({ format: 'wattproof/run/v1', totals: { shared_wh: 100_250 } });
});

test('init begins a log with a passphrase, finalize needs it, verify confirms it', () => {
	const dir = gitInit();
	const keys = join(scratchFolder(), 'keys');
	const secret = { WATTPROOF_PASSPHRASE: 'correct horse' };
	const within = ['--repo', dir, '--log', 'example.org/e', '--keys', join(dir, 'keys')];
	expect(run('init', within, secret).err).toMatch(/lies inside the repository/);
	const begun = run(
		'init',
		['--repo', dir, '--log', 'example.org/e', '--keys', keys, '--json'],
		secret,
	);
	expect(begun).toMatchObject({ status: 0, err: '' });
	const { root_sha256, finalizer_key } = JSON.parse(begun.out);
	expect(readFileSync(finalizer_key, 'utf8')).not.toContain('correct horse');
	const again = run('init', ['--repo', dir, '--log', 'example.org/e', '--keys', keys], secret);
	expect(again).toMatchObject({ status: 1, out: '' });
	expect(again.err).toMatch(/holds the log example.org\/e, which is not the sample/);

	writeFileSync(
		join(dir, 'data/entities.csv'),
		'entity,name,cost_center,valid_from,valid_to\nhall,Hall,,2026-01,\nlibrary,Library,,2026-01,\n',
	);
	writeFiles(dir, {
		'data/2026-01/all.csv':
			'entity,period,generated_kwh,consumed_kwh\nhall,2026-01,5,1\nlibrary,2026-01,0,3\n',
	});
	const finalize = ['--repo', dir, '--period', '2026-01', '--key', finalizer_key];
	expect(run('finalize', finalize, secret).err).toMatch(/^Not committed, so not signed/);
	spawnSync('git', ['-C', dir, 'add', '-A']);
	const person = ['-c', 'user.name=T', '-c', 'user.email=t@example.org'];
	spawnSync('git', ['-C', dir, ...person, 'commit', '-qm', 'data: add January']);
	expect(run('finalize', finalize, { WATTPROOF_PASSPHRASE: 'wrong' })).toMatchObject({
		status: 1,
		err: `The passphrase does not open ${finalizer_key}.\n`,
	});
	const final = run('finalize', finalize, secret);
	expect(final.err).toBe('');
	expect(final.out).toMatch(/2026-01 run 1 is final: sequence 1, commit [0-9a-f]{12}\./);

	expect(run('verify', ['--repo', dir]).status).toBe(5);
	expect(run('verify', ['--repo', dir, '--root', '0'.repeat(64)]).status).toBe(2);
	const valid = run('verify', ['--repo', dir, '--root', root_sha256]);
	expect(valid).toMatchObject({ status: 0, err: '' });
	expect(valid.out).toMatch(/^VALID/);
	expect(valid.out).toContain(`Pin      ${root_sha256}`);
	expect(valid.out).toMatch(/Note {5}sequence 1, manifest [0-9a-f]{64}\n/);
	const paper = root_sha256.toUpperCase().replace(/.{4}/g, '$& ');
	expect(run('verify', ['--repo', dir, '--root', paper])).toEqual(valid);
	const other = run('verify', ['--repo', dir, '--period', '2026-02']).out;
	expect(other).toContain('\nThe log has no run of 2026-02.\n');
	const report = run('verify', ['--repo', dir, '--root', root_sha256, '--json']).out;
	expect(`${JSON.stringify(JSON.parse(report), null, 2)}\n`).toBe(report);
	writeFiles(dir, { 'data/2026-01/all.csv': 'changed' });
	const tampered = run('verify', ['--repo', dir, '--root', root_sha256, '--period', '2026-02']);
	expect(tampered.status).toBe(1);
	expect(tampered.out).toContain('\n3 findings concern other periods: 2026-01\n');
});

test('warnings, absences and changes are shown before and after they are signed', async () => {
	const header = 'entity,period,generated_kwh,consumed_kwh,quality,note';
	const readings = ['hall,2026-01,5,1,E,guess', 'library,2026-01,0,3,S,reserve', ''];
	const { dir, key, commit } = await scratchLog(['2026-01'], {
		'data/2026-01/all.csv': [header, ...readings].join('\n'),
		'data/2026-01/absent.csv': 'entity,reason,approved_by\noffice,closed,Estates\n',
		'data/2026-01/waivers.csv':
			'code,entity,reason,approved_by\nestimates,library,meter broken,A. Lind\n',
	});
	const shown = [
		/hall: 6\.000 kWh of generation and consumption are estimates, .* Nobody has accepted it\.\n/,
		/library: 3\.000 kWh of .* substitute values, .* Accepted by A\. Lind\.\n/,
		/office: Nothing to report for the period: closed\. Accepted by Estates\.\n/,
	];
	const month = ['--repo', dir, '--period', '2026-01'];
	const validated = run('validate', month);
	expect(validated.status).toBe(0);
	expect(validated.out).toContain('1 warning that nobody has accepted');
	const settled = run('settle', month);
	expect(settled.out).toMatch(/\nNext: commit the data, then npm run -s finalize /);
	const final = run('finalize', [...month, '--key', key], { WATTPROOF_PASSPHRASE: '' });
	expect(final.out).toContain('\nSigned with 1 warning that nobody has accepted.\n');
	expect(final.out).toContain('npm run -s verify -- --root <');
	for (const { out } of [validated, settled, final]) {
		for (const sentence of shown) expect(out).toMatch(sentence);
	}
	const { exceptions } = JSON.parse(run('validate', [...month, '--json']).out);
	expect(exceptions).toEqual([]);

	await commit({
		'data/2026-01/r2/all.csv': [
			header,
			'hall,2026-01,5,1,E,guess',
			'library,2026-01,0,4.5,S,x',
			'',
		].join('\n'),
		'data/2026-01/r2/correction.json': JSON.stringify({
			reason_code: 'meter-reading',
			reason: 'read again',
			requested_by: 'Estates',
			evidence: '',
		}),
	});
	const corrected = run('settle', month).out;
	expect(corrected).toMatch(
		/Change against 2026-01 run 1 \(kWh\):\n {2}Entity +Consumed +Supplied/,
	);
	expect(corrected).toMatch(/\n {2}library +\+0?1\.500 /);
	const open = JSON.parse(run('validate', [...month, '--json']).out);
	expect(open.exceptions[0]).toMatchObject({ code: 'estimates', entity: 'hall', waived_by: '' });
	expect(open.exceptions[0].message).toMatch(/^hall: 6\.000 kWh/);
});

test('a folder that does not exist is one sentence, and so is a forgotten --', () => {
	const err = 'There is no folder "nowhere". Correct --repo.\n';
	expect(run('validate', ['--repo', 'nowhere'])).toEqual({ status: 1, out: '', err });
	expect(run('verify', ['--repo', 'nowhere'])).toEqual({ status: 3, out: '', err });
	const swallowed = run('verify', ['0'.repeat(64)]);
	expect(swallowed.status).toBe(64);
	expect(swallowed.err).toContain('Options come after --, as in: npm run -s verify -- ');
});

test('verify of what is no log is INCOMPLETE, never more', () => {
	const { status, out } = run('verify', ['--repo', scratchFolder()]);
	expect(status).toBe(3);
	expect(out).toMatch(/^INCOMPLETE/);
});

test('sample replaces what is there, and its log verifies', () => {
	const dir = gitInit();
	expect(run('sample', ['--repo', dir])).toMatchObject({ status: 0, err: '' });
	const count = spawnSync('git', ['-C', dir, 'rev-list', '--count', 'HEAD'], { encoding: 'utf8' });
	expect(count.stdout.trim()).toBe('17');
	const state = () => spawnSync('git', ['-C', dir, 'status', '--porcelain'], { encoding: 'utf8' });
	expect(state().stdout).toBe('');
	const { status, out } = run('verify', ['--repo', dir, '--json']);
	expect(status).toBe(5);
	expect(JSON.parse(out).runs.length).toBe(16);
	expect(run('validate', ['--repo', dir])).toMatchObject({ status: 0, err: '' });
	const keys = join(scratchFolder(), 'keys');
	const begin = ['--repo', dir, '--log', 'example.org/own', '--keys', keys];
	expect(run('init', begin, { WATTPROOF_PASSPHRASE: '' })).toMatchObject({ status: 0, err: '' });
	expect(state().stdout).toBe('');
	expect(existsSync(join(dir, 'settlements'))).toBe(false);
});

test.each([
	['energy-unit', '5 kWh', 'the unit is always kWh'],
	['energy-unit', '5 MWh', 'convert Wh (divide by 1000) or MWh (times 1000) first'],
	['energy-thousands', '1,234', 'Write 1234 or 1.234, whichever is meant.'],
	['energy-thousands', '0,234', 'write a decimal point instead of the comma, 0.234.'],
	['energy-thousands', '1,234.5', 'write no thousands separators'],
] as const)('%s of "%s" says what to write', (code, found, expected) => {
	const location = { path: 'data/2026-05/a.csv', line: 2, column: 1 };
	const problem = { code, location, field: 'consumed_kwh', found };
	expect(problemText(problem)).toContain(expected);
});

test('a number that stands without quotes is told to have some', () => {
	const location = { path: 'data/rules/2026-01.json', line: 2, column: 1 };
	const price = {
		code: 'json-value',
		location,
		field: 'price.per_kwh',
		expected: 'price',
	} as const;
	const bare = { ...price, found: '0.18' };
	expect(problemText(bare)).toContain('in double quotes: "0.18".');
	const long = { ...price, found: '0.1812345' };
	expect(problemText(long)).not.toContain('double quotes');
});
