import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'astro';
import { digest } from '../core/format/bytes.ts';
import type { Verdict } from '../core/verification/report.ts';
import { audit } from './audit.ts';
import { CHECKSUMS, EVIDENCE, SAVED_VERIFIER } from './evidence-files.ts';
import { writeWhole } from './files.ts';
import { stop } from './stop.ts';

/** A file of evidence beside the published verifier. */
export interface PublishedFile {
	readonly name: string;
	readonly bytes: number;
	readonly sha256: string;
}

/** Verdicts with which a site may go out: nothing was found wrong. */
const SOUND: ReadonlySet<Verdict> = new Set<Verdict>(['VALID', 'UNCONFIRMED', 'PENDING']);

/**
 * Builds the site with its evidence: the whole main branch as a bundle, a smaller one without large
 * files where that is enough, and the saved verifier, with their digests. What goes out has been
 * verified here, by this program and by Git itself.
 */
export async function publish(dir: string): Promise<readonly PublishedFile[]> {
	const branch = git(dir, 'rev-parse', '--symbolic-full-name', 'HEAD').trim();
	if (git(dir, 'rev-parse', '--is-shallow-repository').trim() !== 'false') {
		stop({ code: 'history-shallow' });
	}
	const tip = requireCommitted(dir);
	const work = mkdtempSync(join(tmpdir(), 'wattproof-publish-'));
	try {
		const [small, whole] = EVIDENCE;
		const made = new Map<string, string>([[whole, join(work, whole)]]);
		bundle(dir, join(work, whole), branch);
		await requireSound(dir, join(work, whole), work);
		bundle(dir, join(work, small), '--filter=blob:limit=16k', branch);
		const { verdict } = await audit({ dir, bundle: join(work, small), pin: null });
		const smaller = statSync(join(work, small)).size < statSync(join(work, whole)).size;
		// Where large files are needed, the small bundle proves nothing.
		if (SOUND.has(verdict) && smaller) made.set(small, join(work, small));

		process.env['WATTPROOF_PUBLISH'] = [...made.keys()].join(' ');
		await build({ root: dir, logLevel: 'error' });
		// The pages come from the folder: it has to be what the bundle holds, from first to last.
		if (requireCommitted(dir) !== tip) stop({ code: 'branch-moved', branch });
		const place = join(dir, 'dist', 'verify');
		for (const [name, path] of made) writeWhole(join(place, name), readFileSync(path));
		const files = [...made.keys(), SAVED_VERIFIER].map((name) => {
			const bytes = readFileSync(join(place, name));
			return { name, bytes: bytes.length, sha256: digest(new Uint8Array(bytes)) };
		});
		const list = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
		writeWhole(join(place, CHECKSUMS), list);
		return files;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** The tip, if the folder holds exactly its files: pages are made from the folder. */
function requireCommitted(dir: string): string {
	const changed = git(dir, 'status', '--porcelain', '--untracked-files=all').split('\n');
	const paths = changed.filter((line) => line !== '').map((line) => line.slice(3));
	if (paths.length > 0) stop({ code: 'publish-uncommitted', paths });
	const planted = git(dir, 'ls-files', 'public')
		.split('\n')
		.filter((it) => MADE.test(it));
	if (planted.length > 0) stop({ code: 'publish-planted', paths: planted });
	return git(dir, 'rev-parse', 'HEAD').trim();
}

/** What the build itself writes: a file of that name in `public/` would stand in its place. */
const MADE = /^public\/(verify|settlements)\/|\.html$/;

/** One thread, so that the same history gives the same pack. */
function bundle(dir: string, path: string, ...wanted: readonly string[]): void {
	const version = wanted.length > 1 ? ['--version=3'] : [];
	git(dir, '-c', 'pack.threads=1', 'bundle', 'create', '-q', ...version, path, ...wanted);
}

/** The bundle holds a sound log, as this program and Git itself see it. */
async function requireSound(dir: string, path: string, work: string): Promise<void> {
	const { verdict, findings } = await audit({ dir, bundle: path, pin: null });
	const finding = findings.find(({ effect }) => effect !== 'notice') ?? null;
	if (!SOUND.has(verdict)) stop({ code: 'log-not-intact', verdict, finding });
	git(dir, 'bundle', 'verify', '-q', path);
	const clone = join(work, 'clone');
	git(dir, 'clone', '-q', '--bare', path, clone);
	git(clone, 'fsck', '--full', '--strict');
}

/** What Git prints; stops where there is no Git or it refuses. */
function git(dir: string, ...args: readonly string[]): string {
	const run = spawnSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
	if (run.error !== undefined) return stop({ code: 'git-missing' });
	if (run.status === 0) return run.stdout;
	const [reason = ''] = run.stderr.trim().split('\n').slice(-1);
	return stop({ code: 'git-refused', command: args.join(' '), reason });
}
