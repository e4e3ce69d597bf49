import { execFileSync } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../src/node/audit.ts';
import { runBuild } from '../support/build-site.ts';
import { type Evidence, makeEvidence } from '../support/evidence.ts';
import { runHeld } from '../support/person.ts';

/** A site with its evidence, published from a repository that has the product and a log. */

const PROGRAM = [
	'src',
	'public',
	'docs',
	'scripts',
	'astro.config.mjs',
	'package.json',
	'tsconfig.json',
];

let work = '';
let evidence: Evidence;
beforeAll(async () => {
	work = mkdtempSync(join(tmpdir(), 'wattproof-published-'));
	evidence = await makeEvidence();
});
afterAll(() => {
	for (const folder of [work, evidence?.folder]) rmSync(folder, { recursive: true, force: true });
});

/** A clone of a bundle, with the product beside the log. */
function repositoryOf(name: string, bundle: string): string {
	const dir = join(work, name);
	execFileSync('git', ['clone', '-q', '-b', 'main', bundle, dir]);
	for (const part of PROGRAM) cpSync(part, join(dir, part), { recursive: true });
	symlinkSync(resolve('node_modules'), join(dir, 'node_modules'), 'junction');
	writeFileSync(join(dir, '.gitignore'), 'node_modules\ndist\n.astro\n');
	const git = (...words: string[]) => execFileSync('git', ['-C', dir, ...words]);
	git('add', '-A');
	git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'program');
	return dir;
}

const publish = (dir: string) =>
	runHeld([process.execPath, join(dir, 'scripts/publish.ts')], { cwd: dir });

test('what is published verifies here, with git, and by its list', async () => {
	const dir = repositoryOf('sound', evidence.honest);
	const { status, out, err } = publish(dir);
	expect(status, err).toBe(0);
	const place = join(dir, 'dist/verify');
	const run = (program: string, ...words: string[]) =>
		execFileSync(program, words, { cwd: place, encoding: 'utf8', stdio: 'pipe' });
	expect(run('sha256sum', '--strict', '-c', 'SHA256SUMS')).toContain('wattproof-verifier.html: OK');
	for (const line of readFileSync(join(place, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')) {
		expect(out).toContain(line.slice(0, 64));
	}
	const bundles = readdirSync(place).filter((name) => name.endsWith('.bundle'));
	expect(bundles).toContain('evidence-full.bundle');
	for (const name of bundles) {
		const bundle = join(place, name);
		expect((await audit({ dir, bundle, pin: evidence.pin })).verdict).toBe('VALID');
	}
	run('git', '-C', dir, 'bundle', 'verify', '-q', join(place, 'evidence-full.bundle'));
	const clone = join(work, 'clone');
	run('git', 'clone', '-q', '--bare', 'evidence-full.bundle', clone);
	run('git', '-C', clone, 'fsck', '--full', '--strict');

	// The same log and the same sources in another folder, built in another way.
	const other = repositoryOf('another-folder', evidence.honest);
	runBuild(other, join(other, 'dist'), '/');
	for (const name of ['wattproof-verifier.html', 'verifier.js', 'classic-git.js']) {
		const [one, two] = [dir, other].map((it) => readFileSync(join(it, 'dist/verify', name)));
		expect(two?.equals(one ?? new Uint8Array()), name).toBe(true);
	}
});

test('a log that was tampered with is not published', () => {
	const dir = repositoryOf('tampered', evidence.tampered);
	const { status, err } = publish(dir);
	expect(status).toBe(1);
	expect(err).toContain('TAMPERED');
	expect(readdirSync(dir)).not.toContain('dist');
});

test('nothing goes out that is not committed, or that would hide what is made', () => {
	const dir = repositoryOf('planted', evidence.honest);
	writeFileSync(join(dir, 'README.md'), 'new');
	const dirty = publish(dir);
	expect(dirty.status).toBe(1);
	expect(dirty.err).toContain('more than what is committed and verified: README.md');
	rmSync(join(dir, 'README.md'));
	cpSync(join(dir, 'package.json'), join(dir, 'public/verify/evidence.bundle'));
	execFileSync('git', ['-C', dir, 'add', '-A']);
	const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
	execFileSync('git', ['-C', dir, ...identity, 'commit', '-q', '-m', 'planted']);
	const planted = publish(dir);
	expect(planted.status).toBe(1);
	expect(planted.err).toContain('public/verify/evidence.bundle');
});
