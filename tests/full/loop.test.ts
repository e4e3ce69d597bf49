import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { audit } from '../../src/node/audit.ts';
import { launchChromium } from '../support/chromium.ts';
import { serve } from '../support/serve.ts';
import { openVerifier } from '../support/verifier-page.ts';
import { type Installation, install, push, readings, said, type } from './forge/installation.ts';

/** The whole way of a month without a forge: every step as it stands in the workflows. */

let it: Installation;
let browser: Browser;
beforeAll(async () => {
	it = install();
	browser = await launchChromium();
});
afterAll(async () => {
	await browser?.close();
	it?.forge.close();
});

const verdictOf = async (dir: string) => (await audit({ dir, pin: it.root })).verdict;

/** What the verifier of the published site says, of its own evidence or of a bundle. */
async function siteSays(bundle?: string): Promise<string> {
	const server = await serve(it.forge.site, '/energy/');
	onTestFinished(() => server.close());
	const verifier = await openVerifier(browser, `${server.url}verify/`);
	onTestFinished(() => verifier.close());
	if (bundle !== undefined) await verifier.give('bundle', bundle);
	await verifier.page.fill('#pin', it.root);
	const verdict = await verifier.check();
	expect(verifier.complaints).toEqual([]);
	return verdict;
}

test('from two numbers to a published month that is VALID, and then somebody alters it', async () => {
	const { forge, periods } = it;
	const [month] = periods;
	const path = `data/${month}/estates.csv`;

	// A clerk offers the readings; the check answers, and main takes them.
	const clerk = forge.clone('Clerk');
	push(clerk, 'readings', { [path]: readings(month, '120.5') });
	const checked = forge.start('check', forge.propose('readings')).all();
	expect(checked['data-check']?.result, checked['data-check']?.log).toBe('success');
	expect(checked['comment']?.result, checked['comment']?.log).toBe('success');
	expect(checked['data-check']?.summary).toContain(month);
	const [comment, ...more] = forge.calls();
	expect(comment?.words.slice(0, 3)).toEqual(['pr', 'comment', '1']);
	expect(comment?.body).toContain(month);
	expect(more).toEqual([]);
	type(clerk, 'git switch -q main && git merge -q --no-ff -m "merge" readings && git push -q');

	// Finance presses the button.
	const inputs = { period: month, reason: '' };
	const before = forge.git('rev-parse', 'main');
	const { compute, sign, push: pushed } = forge.start('finalize', { inputs }).all();
	expect(compute?.result, compute?.log).toBe('success');
	expect(compute?.summary).toContain(compute?.outputs['manifest_sha256']);
	expect(sign?.result, sign?.log).toBe('success');
	expect(pushed?.result, pushed?.log).toBe('success');
	expect(forge.git('rev-parse', 'main^')).toBe(before);
	expect(forge.git('log', '-1', '--format=%an %s', 'main')).toBe(
		`github-actions[bot] settlement: finalize ${month} run 1`,
	);
	const started = forge.calls().map(({ words, token }) => [...words.slice(0, 3), token]);
	expect(started).toEqual([
		['workflow', 'run', 'publish.yml', true],
		['workflow', 'run', 'verify.yml', true],
	]);

	// What it has started.
	const verified = forge.start('verify').all();
	expect(verified['verify']?.result, verified['verify']?.log).toBe('success');
	expect(verified['verify']?.summary).toContain('    VALID');
	expect(verified['report']?.result).toBe('skipped');
	const published = forge.start('publish').all();
	expect(published['build']?.result, published['build']?.log).toBe('success');
	expect(published['deploy']?.result, published['deploy']?.log).toBe('success');
	expect(readdirSync(join(forge.site, 'settlements', month))).toContain('r1');
	expect(await siteSays()).toBe('VALID');
	const auditor = forge.clone('Auditor');
	expect(await verdictOf(auditor)).toBe('VALID');

	// Somebody changes a figure of it: the check refuses, so they push it without asking.
	type(clerk, 'git pull -q');
	push(clerk, 'tidy', { [path]: readings(month, '20.5') });
	const refused = forge.start('check', forge.propose('tidy')).all();
	expect(refused['data-check']?.result).toBe('failure');
	expect(said(refused['data-check']).join('\n')).toMatch(/final/);
	expect(forge.calls().map(({ words }) => words.slice(0, 2))).toEqual([['pr', 'comment']]);
	type(clerk, 'git push -q origin tidy:main');
	const nightly = () =>
		forge.start('verify', { github: { ...forge.event(), event_name: 'schedule' } }).all();
	const night = nightly();
	expect(night['verify']?.result).toBe('failure');
	expect(said(night['verify']).join()).toMatch(/^TAMPERED/);
	expect(night['report']?.result, night['report']?.log).toBe('success');
	const [list, create] = forge.calls();
	expect([list, create].map((call) => call?.words.slice(0, 2))).toEqual([
		['issue', 'list'],
		['issue', 'create'],
	]);
	expect(create?.body).toContain(path);
	// Once more: the same issue.
	nightly();
	expect(forge.calls().map(({ words }) => words.slice(0, 3))).toEqual([
		['issue', 'list', '--repo'],
		['issue', 'edit', '7'],
	]);
	const stopped = forge.start('publish').all();
	expect(stopped['build']?.result).toBe('failure');
	expect(stopped['build']?.log).toContain('TAMPERED');
	expect(stopped['deploy']?.result).toBe('skipped');
	const bundle = join(forge.dir, 'now.bundle');
	forge.git('bundle', 'create', '-q', bundle, 'main');
	expect(await siteSays(bundle)).toBe('TAMPERED');
	expect(readFileSync(join(auditor, path), 'utf8')).toContain('120.5');
});

test('code is tested where there is any, and data is not taken for it', () => {
	const { forge, periods } = it;
	const clerk = forge.clone('Clerk');
	const ran = (branch: string, files: Readonly<Record<string, string>>) => {
		push(clerk, branch, files);
		// What the tests of the program say is seen elsewhere.
		const edit = (text: string) => text.replaceAll(/npm (run|test)\b/g, 'echo');
		const { test: job } = forge.start('ci', { ...forge.propose(branch), edit }).all();
		expect(job?.result, job?.log).toBe('success');
		type(clerk, 'git switch -q main');
		return job?.ran;
	};
	const always = ['Check out', 'Is there code to test?'];
	const path = `data/${periods[1]}/estates.csv`;
	expect(ran('figures', { [path]: readings(periods[1], '1') })).toEqual(always);
	const whole = [...always, 'Set up Node', 'Install', 'Check form and types'];
	const tested = [...whole, 'Put the sample in place of another log', 'Test'];
	expect(ran('words', { 'README.md': 'Other words.\n' })).toEqual(tested);
});

test('what the daily verification finds of hostile names mentions nobody and forges nothing', () => {
	const { forge } = it;
	const names = [
		'@everyone.csv',
		'![x](https://evil.example/).csv',
		'::error::forged',
		'`touch PWNED`',
	];
	const clerk = forge.clone('Stranger');
	type(clerk, 'git switch -q main');
	push(clerk, 'main', Object.fromEntries(names.map((it) => [`settlements/2020-01/${it}`, 'x\n'])));
	const { verify, report } = forge.start('verify').all();
	expect(verify?.result).toBe('failure');
	expect(said(verify)).toEqual([expect.stringMatching(/^TAMPERED: /)]);
	expect(report?.result, report?.log).toBe('success');
	const body = forge.calls().find((call) => call.body !== null)?.body ?? '';
	for (const text of [body, verify?.summary ?? '']) {
		const named = text.split('\n').filter((line) => /everyone|evil|forged|PWNED/.test(line));
		expect(named.length).toBeGreaterThanOrEqual(names.length);
		// A block of code: nothing in it is a mention, a picture or a command.
		for (const line of named) expect(line).toMatch(/^ {4}/);
	}
	const made = readdirSync(forge.dir, { recursive: true, encoding: 'utf8' });
	expect(made.filter((name) => name.endsWith('PWNED'))).toEqual([]);
});
