import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/node/diagnosis.ts';
import { examine } from '../../src/node/doctor.ts';
import { doctorJson, doctorText } from '../../src/node/print-doctor.ts';
import { diagnosisText } from '../../src/texts/chosen.ts';
import { runGit } from '../history/honest-log.ts';
import { installedLog } from '../support/installation.ts';
import { intervalRules } from '../support/interval-months.ts';
import { type Scratch, scratchFolder, writeFiles } from '../support/scratch.ts';

const now = new Date('2026-02-06T08:00:00Z');
const look = (dir: string, key?: string) => examine({ dir, key, now });

/** What is not in order, as `check code`. */
function found(diagnoses: readonly Diagnosis[]): string[] {
	return diagnoses
		.filter(({ state }) => state !== 'ok')
		.map(({ check, state, code }) => `${check} ${state === 'unknown' ? '? ' : ''}${code}`);
}

test('an installation in which nothing is missing is in order, line by line', async () => {
	const { dir, key, trust, finalize } = await installedLog();
	chmodSync(key, 0o600);
	const diagnoses = await look(dir, key);
	expect(found(diagnoses)).toEqual([]);
	expect(diagnoses.map(({ check }) => check)).toEqual([
		...['history', 'branch', 'trust', 'finalizer', 'key', 'approvals', 'private-keys'],
		...['attributes', 'data', 'site', 'workflows', 'owners'],
	]);
	const text = doctorText(diagnoses);
	expect(text).toContain(`Compare its digest with the one on your paper: ${trust.root_sha256}`);
	expect(text).toContain(
		`The key ${trust.finalizer.fingerprint} may sign the next run, sequence 1.`,
	);
	expect(text).toMatch(/\n\n12 in order, 0 problems, 0 could not be checked$/);
	await finalize('2026-01');
	expect(doctorText(await look(dir))).toContain('may sign the next run, sequence 2.');
});

const UNSOUND = ['workflows workflows-unsound'];

/** One change each to an installation in order, and what `doctor` says then. */
const CHANGES: readonly (readonly [string, (log: Scratch) => void | Promise<void>, string[]])[] = [
	[
		'another branch',
		({ dir }) => void runGit(dir, ['switch', '-q', '-c', 'data']),
		['branch branch-other'],
	],
	[
		'a detached head',
		({ dir }) => void runGit(dir, ['switch', '-q', '--detach']),
		['history repository-refused'],
	],
	[
		'no repository',
		({ dir }) => rmSync(join(dir, '.git'), { recursive: true }),
		['history repository-refused', 'attributes ? attributes-unread'],
	],
	[
		'a partial clone',
		({ dir }) => void runGit(dir, ['config', 'extensions.partialclone', 'origin']),
		['history history-partial'],
	],
	[
		'no trust root',
		({ dir }) => rmSync(join(dir, 'trust'), { recursive: true }),
		['trust trust-missing', 'finalizer ? trust-unjudged', 'approvals ? trust-unjudged'],
	],
	[
		'an altered trust root',
		({ dir }) => appendFileSync(join(dir, 'trust/root-1.json'), ' '),
		['trust trust-refused', 'finalizer ? trust-unjudged', 'approvals ? trust-unjudged'],
	],
	[
		'a file beside the trust root',
		({ dir }) => writeFiles(dir, { 'trust/root.key': 'x' }),
		['trust trust-refused', 'finalizer ? trust-unjudged', 'approvals ? trust-unjudged'],
	],
	[
		'a private key in a folder',
		({ dir, trust }) => writeFiles(dir, { 'docs/old/key.txt': trust.finalizer.secret }),
		['private-keys private-keys-inside'],
	],
	[
		'a deploy key in a folder',
		({ dir }) =>
			writeFiles(dir, {
				'.config/id': ['-----BEGIN OPENSSH ', 'PRIVATE KEY-----\r\nAAAA\r\n'].join(''),
			}),
		['private-keys private-keys-inside'],
	],
	[
		'a line of attributes less',
		({ dir }) => {
			const path = join(dir, '.gitattributes');
			writeFileSync(path, readFileSync(path, 'utf8').replace('/settlements/** -text\n', ''));
		},
		['attributes attributes-missing'],
	],
	[
		'a later line of attributes',
		({ dir }) => appendFileSync(join(dir, '.gitattributes'), '*.csv text eol=crlf\n'),
		['attributes attributes-overridden'],
	],
	[
		'a later line about rules and manifests alone',
		({ dir }) => appendFileSync(join(dir, '.gitattributes'), '*.json text eol=crlf\n'),
		['attributes attributes-overridden'],
	],
	[
		'attributes that only this copy has',
		({ dir }) => writeFiles(dir, { '.git/info/attributes': 'data/** filter=lfs\n' }),
		['attributes attributes-overridden'],
	],
	[
		'a rule set that is none',
		({ dir }) => writeFiles(dir, { 'data/rules/2026-01.json': '{"basis": 5' }),
		['data data-refused'],
	],
	[
		'metering points that nobody can read',
		({ dir }) =>
			writeFiles(dir, {
				'data/rules/2026-01.json': intervalRules(),
				'data/metering-points.csv': 'metering_point,entity\n',
				'data/2026-01/a.csv': 'metering_point,interval_start,kwh\n',
			}),
		['data data-refused'],
	],
	[
		'an empty register',
		({ dir }) =>
			writeFiles(dir, { 'data/entities.csv': 'entity,name,cost_center,valid_from,valid_to\n' }),
		['data register-empty'],
	],
	[
		'readings with a problem, which are the matter of validate',
		({ dir }) => writeFiles(dir, { 'data/2026-01/all.csv': 'x' }),
		[],
	],
	['no portal', ({ dir }) => rmSync(join(dir, 'src/site.json')), ['site ? site-absent']],
	[
		'settings that are none',
		({ dir }) => writeFiles(dir, { 'src/site.json': '{}' }),
		['site site-refused'],
	],
	[
		"the sample's contact",
		(log) => setSite(log, { contact: 'energy@example.org' }),
		['site site-of-sample'],
	],
	[
		'another repository than origin',
		(log) => setSite(log, { repository_url: 'https://github.com/other/energy' }),
		['site site-repository'],
	],
	[
		'a portal that is nowhere',
		(log) => setSite(log, { site_url: 'http://localhost:4321' }),
		['site site-nowhere'],
	],
	['another main branch', (log) => setSite(log, { branch: 'master' }), ['site site-branch']],
	[
		'a workflow less',
		({ dir }) => rmSync(join(dir, '.github/workflows/verify.yml')),
		['workflows workflows-missing'],
	],
	[
		'the tests of the program left out',
		({ dir }) => rmSync(join(dir, '.github/workflows/ci.yml')),
		[],
	],
	['an action by its tag', (log) => edit(log, 'check.yml', /@[0-9a-f]{40}/, '@v7'), UNSOUND],
	[
		'more rights',
		(log) => edit(log, 'verify.yml', 'permissions: {}', 'permissions: {contents: write}'),
		UNSOUND,
	],
	[
		'no environment',
		(log) => edit(log, 'finalize.yml', 'environment: finalize', 'environment: other'),
		UNSOUND,
	],
	[
		'another name of the check',
		(log) => edit(log, 'check.yml', 'name: Data check', 'name: Check'),
		UNSOUND,
	],
	['a workflow that is none', (log) => edit(log, 'publish.yml', 'jobs:', 'jobs: ['), UNSOUND],
	[
		'a further workflow with every right',
		({ dir }) => writeFiles(dir, { '.github/workflows/own.yml': 'on: push\njobs: {}\n' }),
		UNSOUND,
	],
	[
		'owners that are nobody',
		({ dir }) => writeFiles(dir, { '.github/CODEOWNERS': '# @somebody\n/data/\n* # @all\n' }),
		['owners owners-missing'],
	],
	['no owners', ({ dir }) => rmSync(join(dir, '.github/CODEOWNERS')), ['owners owners-missing']],
	[
		'owners as they come',
		({ dir }) =>
			writeFiles(dir, { '.github/CODEOWNERS': readFileSync('.github/CODEOWNERS', 'utf8') }),
		['owners owners-placeholder'],
	],
];

function setSite({ dir }: Scratch, change: object): void {
	const path = join(dir, 'src/site.json');
	writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
}

function edit({ dir }: Scratch, name: string, was: string | RegExp, is: string): void {
	const path = join(dir, '.github/workflows', name);
	const text = readFileSync(path, 'utf8');
	expect(text.replace(was, is)).not.toBe(text);
	writeFileSync(path, text.replace(was, is));
}

test.each(CHANGES)('%s is named', async (_, change, expected) => {
	const log = await installedLog();
	await change(log);
	expect(found(await look(log.dir))).toEqual(expected);
});

test('a shallow copy is called so', async () => {
	const { dir, commit } = await installedLog();
	await commit({ 'README.md': 'x' });
	const copy = join(scratchFolder(), 'copy');
	runGit(dir, ['clone', '-q', '--depth', '1', `file://${dir}`, copy]);
	runGit(copy, ['remote', 'set-url', 'origin', 'git@github.com:north/energy.git']);
	expect(found(await look(copy))).toEqual(['history history-shallow']);
	expect(found(await look(dir))).toEqual([]);
});

test('every sentence is one, and the JSON has the same', async () => {
	const log = await installedLog();
	rmSync(join(log.dir, '.github/CODEOWNERS'));
	const diagnoses = await look(log.dir);
	const json = JSON.parse(doctorJson(diagnoses));
	expect(json).toMatchObject({ format: 'wattproof/doctor/v1', ok: false, problems: 1, unknown: 0 });
	expect(json.checks).toHaveLength(diagnoses.length);
	expect(json.checks[2]).toMatchObject({
		check: 'trust',
		state: 'ok',
		code: 'trust-intact',
		details: { log: 'example.org/test', sha256: log.trust.root_sha256 },
	});
	for (const it of diagnoses) expect(diagnosisText(it)).toMatch(/^[^\n]+[.\d a-f]$/);
});
