import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shiftPeriod } from '../../src/core/format/period.ts';
import { run } from './forge/actions.ts';
import { type Installation, install, push, readings, type } from './forge/installation.ts';
import { arrive } from './people/newcomer.ts';
import { followPage, readSteps } from './people/page.ts';

/** `docs/setup.md` as somebody follows it who has nothing yet. */

const PAGE = readFileSync('docs/setup.md', 'utf8');

test('from the template to a first month that is final, published and VALID', () => {
	const newcomer = arrive();
	const { log, origin, must } = newcomer;
	const last = shiftPeriod(new Date().toISOString().slice(0, 7), -1);
	// The page has a month of its day; what it says holds for the last one on any day.
	const page = PAGE.replaceAll('2026-10', last);
	expect(followPage(page, newcomer)).toEqual([]);
	expect(existsSync(join(log, 'dist/settlements', last, 'index.html'))).toBe(true);
	expect(existsSync(join(log, 'dist/verify/evidence-full.bundle'))).toBe(true);
	// What was pushed is what was verified, and an auditor who clones it sees the same.
	const root = must('sha256sum trust/root-1.json').slice(0, 64);
	must('git clone -q https://github.com/north-estate/energy.git ../audit');
	expect(must(`npm run -s verify -- --repo ../audit --root ${root}`)).toMatch(/^VALID/);
	expect(run('git', ['-C', origin, 'log', '-1', '--format=%s', 'main'])).toBe(
		`settlement: finalize ${last} run 1`,
	);
	expect(must('git status --porcelain')).toBe('');
});

test('the page counts its commands rightly, and names no command or option that there is not', () => {
	const shown = readSteps(PAGE).filter(({ expected }) => expected !== null);
	expect(shown).toHaveLength(13);
	expect(PAGE).toContain('thirteen commands');
	const named = new Map<string, Set<string>>();
	for (const [, name = '', options = ''] of PAGE.matchAll(
		/npm run -s ([a-z-]+)((?:[^`|\n\\]|\\\n)*)/g,
	)) {
		const known = named.get(name) ?? new Set();
		for (const [option] of options.matchAll(/--[a-z]+(-[a-z]+)*/g)) known.add(option);
		named.set(name, known);
	}
	expect(named.size).toBeGreaterThan(6);
	for (const [name, options] of named) {
		const help = spawnSync(process.execPath, [`scripts/${name}.ts`, '--help'], {
			encoding: 'utf8',
		});
		expect(help.status, name).toBe(0);
		for (const option of options) expect(help.stdout, name).toContain(option);
	}
});

/** The examples of the page for other forges, run as their runners would. */
const [GITLAB, FORGEJO] = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) =>
	parse(text),
);

let it: Installation;
let month: string;
beforeAll(() => {
	it = install();
	[month] = it.periods;
	push(it.forge.clone('Clerk'), 'main', {
		[`data/${month}/estates.csv`]: readings(month, '120.5'),
	});
	// As a forge shows it to its runners.
	const clerk = it.forge.clone('Other');
	push(clerk, 'good', { [`data/${it.periods[1]}/estates.csv`]: readings(it.periods[1], '99') });
	type(clerk, 'git switch -q main');
	push(clerk, 'bad', { 'settlements/2020-01/r1/statement.csv': 'x\n' });
	it.forge.git('update-ref', 'refs/pull/1/head', 'refs/heads/good');
	it.forge.git('update-ref', 'refs/pull/2/head', 'refs/heads/bad');
});
afterAll(() => it?.forge.close());

/** Runs lines of a shell in a folder, with what the installation's jobs find around them. */
function job(dir: string, lines: string, env: Readonly<Record<string, string>>) {
	const { HOME, PATH, ...more } = { ...process.env, ...env };
	const bin = join(it.forge.dir, 'bin');
	const done = spawnSync('bash', ['-e', '-c', `exec 2>&1\n${lines}`], {
		encoding: 'utf8',
		cwd: dir,
		env: { ...more, HOME: join(it.forge.dir, 'home'), PATH: [bin, PATH].join(delimiter) },
	});
	return { out: done.stdout, status: done.status };
}

/** A detached clone with all branches, as GitLab's runner makes it where GIT_DEPTH is 0. */
function gitlabJob(name: string, branch: string) {
	const place = join(mkdtempSync(join(it.forge.dir, 'runner-')), 'energy');
	run('git', ['clone', '-q', it.forge.origin, place]);
	run('git', ['-C', place, 'checkout', '-q', '--detach', `origin/${branch}`]);
	// Packages are a link here, which the pattern of a folder does not meet.
	run('git', ['-C', place, 'config', 'core.excludesFile', join(it.forge.dir, 'excluded')]);
	const { script, allow_failure } = GITLAB[name];
	const env = {
		CI_PROJECT_DIR: place,
		CI_COMMIT_SHA: it.forge.git('rev-parse', branch),
		WATTPROOF_ROOT: it.root,
	};
	return { ...job(place, script.join('\n'), env), place, allowed: allow_failure?.exit_codes ?? [] };
}

test('the jobs for GitLab check, verify and publish', () => {
	type(it.forge.dir, 'echo node_modules > excluded');
	const good = gitlabJob('check', 'good');
	expect(good.status, good.out).toBe(0);
	const quality = (place: string) => JSON.parse(readFileSync(join(place, 'quality.json'), 'utf8'));
	expect(quality(good.place)).toEqual([]);
	const bad = gitlabJob('check', 'bad');
	expect(bad.status, bad.out).toBe(1);
	expect(quality(bad.place)[0]).toMatchObject({ severity: 'blocker' });
	// Without a run the log is INCOMPLETE, which no job may take for good.
	const before = gitlabJob('verify', 'main');
	expect([before.status, before.allowed]).toEqual([3, [4, 5]]);
	finalizeMonth();
	const after = gitlabJob('verify', 'main');
	expect(after.status, after.out).toBe(0);
	expect(after.out).toMatch(/^VALID/m);
	const pages = gitlabJob('pages', 'main');
	expect(pages.status, pages.out).toBe(0);
	expect(existsSync(join(pages.place, 'public/settlements', month, 'index.html'))).toBe(true);
});

function finalizeMonth(): void {
	const owner = it.forge.clone('Finance');
	const env = { WATTPROOF_PASSPHRASE: 'correct horse' };
	const script = `${process.execPath} ${process.cwd()}/scripts/finalize.ts`;
	const key = join(it.keys, 'finalizer.private.asc');
	type(owner, `${script} --period ${month} --key ${key} && git push -q origin main`, env);
}

test('the job for Forgejo takes the program of main and the pull request as data', () => {
	const [step] = FORGEJO.jobs['data-check'].steps;
	expect(Object.keys(step.env)).toEqual(['REPOSITORY', 'NUMBER']);
	const checked = (NUMBER: string) => {
		const place = mkdtempSync(join(it.forge.dir, 'runner-'));
		mkdirSync(join(place, 'work'));
		return job(join(place, 'work'), step.run, { REPOSITORY: `file://${it.forge.origin}`, NUMBER });
	};
	const good = checked('1');
	expect(good.status, good.out).toBe(0);
	expect(good.out).toContain('this can be accepted');
	const bad = checked('2');
	expect(bad.status, bad.out).toBe(1);
	expect(bad.out).toContain('settlements/2020-01');
});
