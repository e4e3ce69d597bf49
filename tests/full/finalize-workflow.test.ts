import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { audit } from '../../src/node/audit.ts';
import type { Forge } from './forge/forge.ts';
import {
	another,
	type Installation,
	install,
	push,
	readings,
	said,
	type,
} from './forge/installation.ts';
import type { Job, Run } from './forge/runner.ts';

/** What has to stop the workflow that makes a month final, before anything is pushed. */

/** A space, where the name of a branch may have none. */
const IFS = ['$', '{IFS}'].join('');

let base: Installation;
beforeAll(() => {
	base = install();
	const { forge, periods } = base;
	const files = periods.map((it) => [`data/${it}/estates.csv`, readings(it, '120.5')]);
	push(forge.clone('Clerk'), 'main', Object.fromEntries(files));
});
afterAll(() => base?.forge.close());

/** The same installation for one test, and what the workflow is asked for there. */
function open(): Installation & { readonly start: (more?: object) => Run } {
	const it = another(base);
	onTestFinished(it.forge.close);
	const [period] = it.periods;
	const start = (more: object = {}) =>
		it.forge.start('finalize', { inputs: { period, reason: '' }, ...more });
	return { ...it, start };
}

const tip = (forge: Forge) => forge.git('rev-parse', 'main');

/** The log on main as an auditor has it. */
async function verdict({ forge, root }: Installation): Promise<string> {
	return (await audit({ dir: forge.clone('Auditor'), pin: root })).verdict;
}

/** What a job said that failed; nothing was pushed and nothing started. */
function refusal(forge: Forge, job: Job | undefined, before: string): string {
	expect(job?.result, job?.log).toBe('failure');
	expect(tip(forge)).toBe(before);
	expect(forge.calls()).toEqual([]);
	return `${job?.log}`;
}

test('of two runs at once one succeeds, and the other stops with a sentence', async () => {
	const it = open();
	const { forge, start } = it;
	const [one, two, three] = [start(), start(), start()];
	for (const name of ['compute', 'sign']) {
		for (const run of [one, two, three]) expect(run.job(name).result).toBe('success');
	}
	// The first overtakes the second between what that has verified and its push.
	let first: Job | undefined;
	const second = two.job('push', (step) => {
		if (step === 'Push exactly that commit') first = one.job('push');
	});
	expect(first?.result, first?.log).toBe('success');
	forge.calls();
	const after = tip(forge);
	refusal(forge, second, after);
	expect(said(second)).toEqual([
		'main has moved since this run read it, so nothing was pushed. Run the workflow again.',
	]);
	const third = refusal(forge, three.job('push'), after);
	expect(third).toMatch(/is final by run 1\. A correction goes into/);
	const fourth = refusal(forge, start().job('compute'), after);
	expect(fourth).toMatch(/is final by run 1\. A correction goes into/);
	expect(readdirSync(join(forge.clone('Reader'), 'settlements'))).toEqual([it.periods[0]]);
	expect(await verdict(it)).toBe('VALID');
});

test('ended before any step, the workflow leaves main as it was or VALID, and can run again', async () => {
	const it = open();
	const { forge, start } = it;
	const before = tip(forge);
	const ended: string[] = [];
	const run = start();
	for (const name of ['compute', 'sign', 'push']) {
		const steps: string[] = [];
		expect(run.job(name, (step) => steps.push(step)).result).toBe('success');
		for (const place of steps) {
			forge.git('update-ref', 'refs/heads/main', before);
			const end = (step: string) => {
				if (step === place) throw new Error('ended');
			};
			expect(() => run.job(name, end)).toThrow('ended');
			const moved = tip(forge) !== before;
			expect(moved, place).toBe(place === 'Start publish and verify');
			if (moved) expect(await verdict(it)).toBe('VALID');
			ended.push(place);
		}
		forge.git('update-ref', 'refs/heads/main', before);
		expect(run.job(name).result).toBe('success');
	}
	expect(ended).toHaveLength(17);
	expect(await verdict(it)).toBe('VALID');
});

test('without the right key and passphrase nothing is signed, or nothing is pushed', async () => {
	const { forge, start, keys } = open();
	const before = tip(forge);
	const good = { ...forge.secrets };
	const key = (name: string) => readFileSync(join(keys, `${name}.private.asc`), 'utf8');
	for (const [secrets, sentence] of [
		[{ FINALIZER_PASSPHRASE: 'battery staple' }, /^gpg did not sign: .* does not open it\.$/],
		[{ FINALIZER_PASSPHRASE: '' }, /^gpg did not sign: .* does not open it\.$/],
		[{ FINALIZER_KEY: '' }, /^There is no key: .* has no secret FINALIZER_KEY\.$/],
		[{ FINALIZER_KEY: '$(touch PWNED)' }, /^FINALIZER_KEY is no private key\./],
	] as const) {
		Object.assign(forge.secrets, good, secrets);
		const { sign, push: pushed } = start().all();
		refusal(forge, sign, before);
		expect(said(sign)).toEqual([expect.stringMatching(sentence)]);
		expect(pushed?.result).toBe('skipped');
	}
	// Keys that gpg signs with, but that may not make a month final: the root's, and a stranger's.
	const stranger = join(forge.dir, 'stranger');
	type(forge.dir, `mkdir -m 700 ${stranger}`);
	const gpg = `gpg --homedir ${stranger} --batch --quiet --pinentry-mode loopback --passphrase ''`;
	type(forge.dir, `${gpg} --quick-gen-key "North Estate" ed25519 sign never`);
	const stolen = type(forge.dir, `${gpg} --armor --export-secret-keys`);
	type(forge.dir, `gpgconf --homedir ${stranger} --kill all`);
	for (const [secret, passphrase] of [
		[key('root'), good['FINALIZER_PASSPHRASE']],
		[stolen, ''],
	] as const) {
		Object.assign(forge.secrets, { FINALIZER_KEY: secret, FINALIZER_PASSPHRASE: passphrase });
		const { sign, push: pushed } = start().all();
		expect(sign?.result, sign?.log).toBe('success');
		expect(refusal(forge, pushed, before)).toMatch(
			/The key [0-9a-f]{40} may not sign sequence 1 under the trust root in force/,
		);
		expect(said(pushed)).toEqual(['Refused, see above. Nothing was pushed.']);
	}
});

test('a draft altered on its way is neither signed nor pushed', () => {
	const { forge, start } = open();
	const before = tip(forge);
	const run = start();
	run.job('compute');
	const draft = run.artifact('draft');
	const manifest = readFileSync(join(draft, 'manifest.json'), 'utf8');
	appendFileSync(join(draft, 'manifest.json'), ' ');
	const sign = run.job('sign');
	refusal(forge, sign, before);
	expect(said(sign)).toEqual([
		expect.stringMatching(/^The manifest is not the one that was computed/),
	]);

	const other = start();
	other.job('compute');
	other.job('sign');
	appendFileSync(join(other.artifact('draft'), 'statement.csv'), 'hall\n');
	expect(refusal(forge, other.job('push'), before)).toMatch(/the draft was changed/);
	expect(manifest).toContain('"sequence": 1');
});

test('a main that moved so that it matters, or was rewritten, gets nothing', async () => {
	const it = open();
	const { forge, start, periods, root } = it;
	const [first, second] = periods;
	const clerk = forge.clone('Clerk');
	const begun = (): Run => {
		const run = start();
		expect(run.job('compute').result).toBe('success');
		expect(run.job('sign').result).toBe('success');
		return run;
	};
	// Readings of the month change while somebody decides whether to sign.
	const late = begun();
	push(clerk, 'main', { [`data/${first}/estates.csv`]: readings(first, '100') });
	expect(refusal(forge, late.job('push'), tip(forge))).toMatch(/the branch has moved since/);
	// The same files under another history.
	const off = begun();
	type(clerk, 'git commit -q --amend -m "data: other words" && git push -q -f origin main');
	expect(refusal(forge, off.job('push'), tip(forge))).toMatch(/does not verify/);
	// A commit that is no part of the run is no hindrance.
	const quiet = begun();
	push(clerk, 'main', { 'README.md': 'Other words.\n' });
	expect(quiet.job('push').result).toBe('success');
	forge.calls();

	// The newest run is cut off and the rest looks whole: what was noted of it tells.
	const auditor = forge.clone('Auditor');
	const verify = `${process.execPath} ${resolve('scripts/verify.ts')} --repo . --root ${root}`;
	type(auditor, `${verify} --save-checkpoint ${join(forge.dir, 'noted')}`);
	type(clerk, 'git push -q -f origin main');
	const unseen = start({ inputs: { period: first, reason: '' } });
	expect(unseen.job('compute').result).toBe('success');
	forge.vars['WATTPROOF_CHECKPOINT'] = readFileSync(join(forge.dir, 'noted'), 'utf8')
		.replaceAll('\n', '\r\n')
		.trim();
	expect(refusal(forge, start().job('compute'), tip(forge))).toMatch(/TAMPERED/);
	expect(unseen.job('sign').result).toBe('success');
	expect(refusal(forge, unseen.job('push'), tip(forge))).toMatch(/TAMPERED/);

	// With main as it was, all goes on.
	type(auditor, 'git push -q -f origin main');
	const next = start({ inputs: { period: second, reason: '' } }).all();
	expect(next['push']?.result, next['push']?.log).toBe('success');
	expect(await verdict(it)).toBe('VALID');
});

test('a shallow checkout is refused in either job', () => {
	const { forge, start } = open();
	const before = tip(forge);
	const edit = (text: string) => text.replaceAll('fetch-depth: 0', 'fetch-depth: 1');
	expect(refusal(forge, start({ edit }).job('compute'), before)).toMatch(
		/A shallow or partial copy cannot be verified/,
	);
	const second = (text: string) => {
		const at = text.indexOf('  push:\n');
		return text.slice(0, at) + edit(text.slice(at));
	};
	const run = start({ edit: second });
	run.job('compute');
	run.job('sign');
	expect(refusal(forge, run.job('push'), before)).toMatch(
		/A shallow or partial copy cannot be verified/,
	);
});

test('hostile words reach no shell, and forge nothing', () => {
	const { forge, start, periods } = open();
	const [period] = periods;
	const before = tip(forge);
	const word = '$(touch PWNED)`touch PWNED`";touch PWNED;\'\n::error::forged';
	for (const inputs of [
		{ period: word, reason: '' },
		{ period: '--help', reason: '' },
		{ period, reason: word },
		{ period, reason: '--key=x' },
	]) {
		const run = start({ inputs });
		const { compute } = run.all();
		refusal(forge, compute, before);
		expect(said(compute), compute?.log).toEqual([]);
	}
	const branches = start({ github: { ...forge.event(), ref: `refs/heads/$(touch${IFS}PWNED)` } });
	expect(said(branches.job('compute'))).toEqual([
		'A month is finalized on main alone: choose main where you start this workflow.',
	]);

	const branch = `x";touch${IFS}PWNED;$(touch${IFS}PWNED)\`touch${IFS}PWNED\``;
	const clerk = forge.clone('Clerk');
	push(clerk, branch, {
		[`data/${period}/estates.csv`]: readings(period, '=1+1|@everyone ::error::forged'),
		'data/$(touch PWNED);::error::forged @everyone.csv': '![x](https://evil.example/)\n',
	});
	const title = '`touch PWNED` @everyone';
	for (const repo of ['north-estate/energy', 'stranger/energy']) {
		const more = { title, head: { ref: branch, repo: { full_name: repo } } };
		const checked = forge.start('check', forge.propose(branch, more)).all();
		expect(checked['data-check']?.result).toBe('failure');
		expect(said(checked['data-check']).filter((it) => it === 'forged')).toEqual([]);
		// A fork has no token that may comment.
		const own = repo.startsWith('north');
		expect(checked['comment']?.result).toBe(own ? 'success' : 'skipped');
		const texts = [
			checked['data-check']?.summary ?? '',
			...forge.calls().map((it) => it.body ?? ''),
		];
		expect(texts.length).toBe(own ? 2 : 1);
		for (const it of texts) expect(it).not.toMatch(/(?<!\\)@everyone|!\[x\]\(https/);
	}
	const everywhere = readdirSync(forge.dir, { recursive: true, encoding: 'utf8' });
	expect(everywhere.filter((it) => it.endsWith('PWNED'))).toEqual([]);
	expect(existsSync('PWNED')).toBe(false);
});
