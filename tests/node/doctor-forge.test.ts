import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/node/diagnosis.ts';
import { examine } from '../../src/node/doctor.ts';
import type { AskForge } from '../../src/node/forge-answer.ts';
import { diagnosisText } from '../../src/texts/chosen.ts';
import { forgeAnswers, installedLog } from '../support/installation.ts';
import { type Scratch, scratchFolder } from '../support/scratch.ts';

const now = new Date('2026-02-06T08:00:00Z');
const at = (path: string) => `repos/north/energy${path}`;
const ENVIRONMENT = at('/environments/finalize');
const ROOT = at('/actions/variables/WATTPROOF_ROOT');
const RULES = at('/rules/branches/main?per_page=100');

let log: Scratch;
let answers: Record<string, unknown>;
beforeEach(async () => {
	log = await installedLog();
	answers = forgeAnswers(log.trust.root_sha256);
});

/** Answers from a table, and nothing else. */
const ask: AskForge = (host, path) => {
	expect(host).toBe('github.com');
	const value = answers[path];
	if (value === undefined) return { state: 'absent' };
	if (value instanceof Error) return { state: 'silent', reason: value.message };
	return { state: 'there', value };
};

const look = () => examine({ dir: log.dir, ask, now });

function found(diagnoses: readonly Diagnosis[]): string[] {
	return diagnoses
		.filter(({ state }) => state !== 'ok')
		.map(({ check, state, code }) => `${check} ${state === 'unknown' ? '? ' : ''}${code}`);
}

test('a repository that is set up is in order', async () => {
	expect(found(await look())).toEqual([]);
	answers[ROOT] = { value: log.trust.root_sha256.toUpperCase().replaceAll(/(.{4})/g, '$1 ') };
	expect(found(await look())).toEqual([]);
});

const branches = `${ENVIRONMENT}/deployment-branch-policies?per_page=100`;
const policy = (custom: boolean) => ({
	protected_branches: !custom,
	custom_branch_policies: custom,
});
const noReviewers = { protection_rules: [], deployment_branch_policy: policy(true) };

test.each<readonly [string, Record<string, unknown>, string[]]>([
	[
		'another default branch',
		{ [at('')]: { full_name: 'n/e', default_branch: 'master' } },
		['repository repository-branch'],
	],
	[
		'no environment',
		{ [ENVIRONMENT]: undefined },
		['environment environment-missing', 'secrets secrets-missing'],
	],
	[
		'nobody who has to agree',
		{ [ENVIRONMENT]: noReviewers },
		['environment environment-reviewers'],
	],
	[
		'an environment for every branch',
		{ [ENVIRONMENT]: { ...noReviewers, deployment_branch_policy: null } },
		['environment environment-branches', 'environment environment-reviewers'],
	],
	[
		'an environment for whatever is protected',
		{ [ENVIRONMENT]: { ...noReviewers, deployment_branch_policy: policy(false) } },
		['environment environment-branches', 'environment environment-reviewers'],
	],
	[
		'a pattern of branches',
		{ [branches]: { branch_policies: [{ name: 'ma*' }] } },
		['environment environment-branches'],
	],
	[
		'another branch beside main',
		{ [branches]: { branch_policies: [{ name: 'main' }, { name: 'dev' }] } },
		['environment environment-branches'],
	],
	[
		'a secret less',
		{ [`${ENVIRONMENT}/secrets?per_page=100`]: { secrets: [{ name: 'FINALIZER_KEY' }] } },
		['secrets secrets-missing'],
	],
	[
		'a secret for every workflow',
		{ [at('/actions/secrets?per_page=100')]: { secrets: [{ name: 'FINALIZER_KEY' }] } },
		['secrets secrets-everywhere'],
	],
	['no rules', { [RULES]: [] }, ['rules rules-missing']],
	[
		'another required check',
		{
			[RULES]: [
				...['deletion', 'non_fast_forward', 'pull_request'].map((type) => ({
					type,
					ruleset_id: 5,
				})),
				{
					type: 'required_status_checks',
					ruleset_id: 5,
					parameters: { required_status_checks: [{ context: 'Test' }] },
				},
			],
		},
		['rules rules-missing'],
	],
	[
		'nobody who may pass the rules',
		{ [at('/rulesets/5')]: { bypass_actors: [] } },
		['bypass bypass-missing'],
	],
	[
		'another app that may pass them',
		{ [at('/rulesets/5')]: { bypass_actors: [{ actor_id: 1, actor_type: 'Integration' }] } },
		['bypass bypass-missing'],
	],
	[
		'an app that may pass them with a pull request alone',
		{
			[at('/rulesets/5')]: {
				bypass_actors: [
					{ actor_id: 15368, actor_type: 'Integration', bypass_mode: 'pull_request' },
				],
			},
		},
		['bypass bypass-missing'],
	],
	['rules whose passers are hidden', { [at('/rulesets/5')]: { id: 5 } }, ['bypass ? forge-silent']],
	['no Pages', { [at('/pages')]: undefined }, ['pages pages-missing']],
	[
		'Pages from a branch',
		{ [at('/pages')]: { build_type: 'legacy' } },
		['pages pages-from-branch'],
	],
	['no digest', { [ROOT]: undefined }, ['variables variable-missing']],
	['another digest', { [ROOT]: { value: 'f'.repeat(64) } }, ['variables variable-other']],
	[
		'owners that the forge does not know',
		{ [at('/codeowners/errors')]: { errors: [{ line: 1, kind: 'Unknown owner' }] } },
		['owners owners-unknown'],
	],
	['an answer in another form', { [at('/pages')]: [] }, ['pages ? forge-silent']],
	[
		'an answer that is refused',
		{ [RULES]: new Error('HTTP 403') },
		['rules ? forge-silent', 'bypass ? forge-silent'],
	],
])('%s is named', async (_, change, expected) => {
	answers = { ...answers, ...change };
	expect(found(await look())).toEqual(expected);
});

test('a main that asks for no pull requests lets the workflow push, and says what that means', async () => {
	const types = ['deletion', 'non_fast_forward'];
	answers[RULES] = types.map((type) => ({ type, ruleset_id: 4 }));
	const diagnoses = await look();
	expect(found(diagnoses)).toEqual([]);
	const codes = diagnoses.filter(({ check }) => check === 'rules' || check === 'bypass');
	expect(codes.map(({ code }) => code)).toEqual(['rules-open', 'bypass-unneeded']);
	answers[RULES] = [{ type: 'pull_request', ruleset_id: 5 }];
	const [rules] = (await look()).filter(({ state }) => state === 'problem');
	expect(rules).toMatchObject({
		names: ['deletion', 'non_fast_forward', 'required_status_checks', 'code_owners'],
	});
});

test('after the first run the checkpoint has to be noted too', async () => {
	await log.finalize('2026-01');
	const [missing, ...more] = (await look()).filter(({ state }) => state !== 'ok');
	expect(more).toEqual([]);
	expect(missing && diagnosisText(missing)).toMatch(
		/^The variable WATTPROOF_CHECKPOINT is missing/,
	);
	answers[at('/actions/variables/WATTPROOF_CHECKPOINT')] = { value: 'example.org/test\n1' };
	expect(found(await look())).toEqual([]);
});

test('whoever is no administrator hears that nothing is known, not that nothing is there', async () => {
	const { full_name, default_branch } = answers[at('')] as Record<string, unknown>;
	answers = { [at('')]: { full_name, default_branch, permissions: { admin: false } } };
	const said = found(await look());
	expect(said).toEqual([
		...['environment', 'secrets', 'rules', 'bypass', 'pages', 'variables'].map(
			(check) => `${check} ? forge-silent`,
		),
	]);
});

test('without a repository on GitHub nothing is asked', async () => {
	const path = join(log.dir, 'src/site.json');
	const site = JSON.parse(readFileSync(path, 'utf8'));
	for (const change of [{ forge: 'none' }, { repository_url: 'https://github.com/north' }]) {
		writeFileSync(path, JSON.stringify({ ...site, ...change }));
		const never: AskForge = () => {
			throw new Error('asked');
		};
		const said = found(await examine({ dir: log.dir, ask: never, now }));
		expect(said.filter((it) => it.endsWith('? not-on-github'))).toHaveLength(7);
	}
});

/** The command itself, with the stand-in for GitHub's command line or without any. */
function command(words: readonly string[], standIn = true) {
	const bin = scratchFolder();
	if (standIn) {
		writeFileSync(
			join(bin, 'gh'),
			`#!/bin/sh\nexec ${process.execPath} ${resolve('tests/full/forge/gh.mjs')} "$@"\n`,
		);
		chmodSync(join(bin, 'gh'), 0o755);
	}
	const table = Object.entries(answers).map(([path, value]) => [path, { status: 200, value }]);
	writeFileSync(join(bin, 'answers.json'), JSON.stringify(Object.fromEntries(table)));
	const git = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
	copyFileSync(git, join(bin, 'git'));
	const record = join(bin, 'calls');
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		['scripts/doctor.ts', '--repo', log.dir, ...words],
		{
			encoding: 'utf8',
			env: {
				PATH: standIn ? [bin, '/usr/bin', '/bin'].join(delimiter) : bin,
				GH_RECORD: record,
				GH_ANSWERS: join(bin, 'answers.json'),
			},
		},
	);
	const calls = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
	return { status, out: stdout, err: stderr, calls: calls.map((it) => JSON.parse(it).words) };
}

test('the command asks the forge only when it is told to, and reads alone', () => {
	const quiet = command([]);
	expect(quiet).toMatchObject({ status: 0, err: '', calls: [] });
	const { status, out, calls } = command(['--remote']);
	expect(out).toContain('0 problems, 0 could not be checked');
	expect(status).toBe(0);
	expect(calls.length).toBeGreaterThan(8);
	for (const words of calls) {
		expect(words.slice(0, 5)).toEqual(['api', '--hostname', 'github.com', '--method', 'GET']);
	}
	delete answers[at('/pages')];
	expect(command(['--remote'])).toMatchObject({
		status: 1,
		out: expect.stringMatching(/PROBLEM +GitHub: Pages/),
	});
});

test('where the program is missing or refuses, nothing is taken for in order', () => {
	const missing = command(['--remote', '--json'], false);
	const said = JSON.parse(missing.out);
	expect([missing.status, said.problems, said.unknown]).toEqual([0, 0, 7]);
	expect(missing.out).toContain('the program gh is not installed');
	answers = {};
	const refused = JSON.parse(command(['--remote', '--json']).out);
	expect(refused.unknown).toBe(7);
});

test('what cannot be looked at at all is no answer', () => {
	const { status, out, err } = command(['--repo', join(log.dir, 'nowhere')]);
	expect([status, out]).toEqual([3, '']);
	expect(err).toContain('There is no folder');
});
