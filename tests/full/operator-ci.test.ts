import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './forge/actions.ts';
import { openForge } from './forge/forge.ts';
import { PASSPHRASE, push, readings, type } from './forge/installation.ts';

/** The tests of the program in the repository of an operator, whose log is not the sample. */

const REGISTER = [
	'entity,name,cost_center,valid_from,valid_to',
	'hall,Sports Hall,100,2020-01,',
	'library,Library,200,2020-01,',
	'',
].join('\n');

/** Tests that read the sample of the repository, or what the portal says of its operator. */
const ABOUT_THE_SAMPLE = [
	'tests/node/downloads',
	'tests/node/worked-example.test.ts',
	'tests/node/site-settings.test.ts',
	'tests/workflows',
];

test('a change of the program is tested beside a log of its own, which stays as it is', () => {
	const forge = openForge();
	onTestFinished(forge.close);
	const owner = forge.clone('Owner');
	const tracked = run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
	for (const path of tracked.split('\n')) {
		mkdirSync(dirname(join(owner, path)), { recursive: true });
		cpSync(path, join(owner, path));
	}
	type(owner, 'git switch -q -C main && git add -A && git commit -q -m "begin"');
	const keys = join(forge.dir, 'keys');
	const script = (name: string) => `${process.execPath} ${resolve('scripts', name)}.ts`;
	const secret = { WATTPROOF_PASSPHRASE: PASSPHRASE };
	const who = '--organization "North Estate" --contact energy@north-estate.example';
	type(owner, `${script('init')} --log north-estate.example/energy --keys ${keys} ${who}`, secret);
	const month = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 7);
	push(owner, 'main', {
		'data/entities.csv': REGISTER,
		[`data/${month}/estates.csv`]: readings(month, '120.5'),
	});
	const key = join(keys, 'finalizer.private.asc');
	type(owner, `${script('finalize')} --period ${month} --key ${key}`, secret);
	type(owner, 'git push -q origin main');
	const before = forge.git('rev-parse', 'main');

	const author = forge.clone('Author');
	push(author, 'words', { 'docs/house-rules.md': '# House rules\n' });
	const edit = (text: string) =>
		text.replace('run: npm test', `run: npm test -- ${ABOUT_THE_SAMPLE.join(' ')}`);
	const { test: job } = forge.start('ci', { ...forge.propose('words'), edit }).all();
	expect(job?.result, job?.log).toBe('success');
	expect(job?.log).toMatch(/[1-9][0-9]+ passed, 0 failed/);
	expect(forge.git('rev-parse', 'main')).toBe(before);
	const root = readFileSync(join(author, 'trust/root-1.json'), 'utf8');
	expect(root).toContain('"log": "north-estate.example/energy"');
});
