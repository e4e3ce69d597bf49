import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { generateKeyPair } from '../../src/node/keys.ts';
import { type HonestLog, makeHonestLogs, runGit } from '../history/honest-log.ts';
import { openSite, type Site } from '../history/site.ts';

/** Real repositories and bundles, one for each thing that an auditor may meet. */
export interface Evidence {
	/** Holds all of them. */
	readonly folder: string;
	/** Digest of the trust root, as a person noted it, and the path of the four lines kept. */
	readonly pin: string;
	readonly checkpoint: string;
	/** Path of the trust root. */
	readonly root: string;
	/** Fingerprint of the log's root key, and of one that has nothing to do with it. */
	readonly fingerprint: string;
	readonly foreign: string;
	/** Paths of bundles: whole and honest; without the newest approval; with an edited final reading; */
	readonly honest: string;
	readonly pending: string;
	readonly tampered: string;
	/** of the log without its newest run, sound in itself; and of somebody else's repository. */
	readonly shortened: string;
	readonly shallow: string;
	/** Folders: a clone with its objects in a pack, and one of the last two commits. */
	readonly clone: string;
	readonly shallowClone: string;
}

declare module 'vitest' {
	interface ProvidedContext {
		/** Made once for all tests in a browser. */
		evidence: Evidence;
	}
}

/** What stands in a final reading, and what it was changed to. */
export const CHANGE = { path: 'data/2026-04/all.csv', was: '70.125', is: '170.125' } as const;

/** Makes all of it in a new folder. */
export async function makeEvidence(): Promise<Evidence> {
	const { folder, logs } = await makeHonestLogs();
	const log = logs.get('approved');
	if (log === undefined) throw new Error('no such log');
	const bundle = (name: string, change: (site: Site) => void): string => {
		const site = openSite(log, join(folder, `${name}-site`));
		change(site);
		site.git('bundle', 'create', '-q', join(folder, `${name}.bundle`), 'main');
		rmSync(site.dir, { recursive: true });
		return join(folder, `${name}.bundle`);
	};
	const back = (name: string) => (site: Site) => site.git('reset', '-q', '--hard', tip(log, name));
	const clone = (name: string, ...words: readonly string[]): string => {
		const dir = join(folder, name);
		runGit(folder, ['clone', '-q', ...words, pathToFileURL(log.dir).href, dir]);
		return dir;
	};
	const shallowClone = clone('shallow', '--depth', '2');
	const shallow = join(folder, 'shallow.bundle');
	runGit(shallowClone, ['bundle', 'create', '-q', shallow, 'main']);
	const root = join(log.dir, 'trust/root-1.json');
	const { root_keys } = JSON.parse(readFileSync(root, 'utf8'));
	return {
		folder,
		pin: log.pin,
		checkpoint: log.checkpoint,
		root,
		fingerprint: root_keys[0].fingerprint,
		foreign: (await generateKeyPair('Somebody else', new Date('2015-01-01'), '')).fingerprint,
		honest: bundle('honest', () => {}),
		pending: bundle('pending', back('final 2026-04')),
		tampered: bundle('tampered', (site) => {
			const text = site.read(CHANGE.path).replace(CHANGE.was, CHANGE.is);
			site.commit({ [CHANGE.path]: text }, 'data: tidy up');
		}),
		shortened: bundle('shortened', back('approved 2026-03')),
		shallow,
		clone: clone('clone'),
		shallowClone,
	};
}

function tip({ tips }: HonestLog, name: string): string {
	const commit = tips[name];
	if (commit === undefined) throw new Error(`the log was never "${name}"`);
	return commit;
}

/** Makes it for a project of tests; returns what removes it again. */
export default async function setUp(project: TestProject): Promise<() => void> {
	const evidence = await makeEvidence();
	project.provide('evidence', evidence);
	return () => rmSync(evidence.folder, { recursive: true, force: true });
}
