import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		/** The folder of the site, built once for all tests in a browser. */
		site: string;
		/** The path the site was built to live under. */
		base: string;
	}
}

// Not the root: a link that forgets the base path must fail here, not on the published site.
const BASE = '/wattproof/';

/** As for publishing, with its bundles left to each test; and it may ask servers on this machine. */
const AS_PUBLISHED = {
	WATTPROOF_PUBLISH: 'evidence.bundle evidence-full.bundle',
	WATTPROOF_LOOPBACK: '1',
};

/** Builds the repository's site; returns what removes it again. */
export default function buildSite(project: TestProject): () => void {
	const cache = resolve('node_modules/.cache');
	mkdirSync(cache, { recursive: true });
	const site = mkdtempSync(join(cache, 'site-'));
	const remove = () => rmSync(site, { recursive: true, force: true });

	try {
		runBuild(resolve('.'), site, BASE, AS_PUBLISHED);
	} catch (error) {
		remove();
		throw error;
	}
	project.provide('site', site);
	project.provide('base', BASE);
	return remove;
}

/** Builds the site of a repository into a folder; throws with what the build said where it fails. */
export function runBuild(
	repository: string,
	site: string,
	base: string,
	more: Readonly<Record<string, string>> = {},
): void {
	// What the test runner sets for its own modules would make this another build than the real one.
	const foreign = /^(NODE_ENV|MODE|DEV|PROD|SSR|TEST|BASE_URL|SITE_URL|VITE.*)$/;
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !foreign.test(name)),
	);
	const run = spawnSync(
		process.execPath,
		[resolve('node_modules/astro/bin/astro.mjs'), 'build', '--outDir', site],
		{ cwd: repository, env: { ...env, BASE_PATH: base, ...more }, encoding: 'utf8' },
	);
	if (run.status !== 0) {
		throw new Error(`astro build failed:\n${run.error ?? ''}${run.stdout}${run.stderr}`);
	}
}
