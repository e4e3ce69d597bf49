import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { initLog } from '../../src/node/new-log.ts';
import { runGit } from '../history/honest-log.ts';

const FOLDERS = ['src', 'public', 'docs', 'scripts'];
const PARTS = [...FOLDERS, 'astro.config.mjs', 'package.json', 'tsconfig.json'];

/** Copies what a site is built from into a folder; its packages are those of this repository. */
export function copyPortal(folder: string): void {
	for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
	symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
}

/** Commits everything but the packages, and begins a log in it as somebody does who adopts the program. */
export async function beginLog(folder: string): Promise<void> {
	runGit(folder, ['init', '-q', '-b', 'main']);
	runGit(folder, ['add', ...PARTS, 'data', 'settlements', 'trust']);
	runGit(folder, ['commit', '-q', '-m', 'begin with the sample']);
	runGit(folder, ['remote', 'add', 'origin', 'git@github.com:north-estate/energy.git']);
	const keys = mkdtempSync(join(tmpdir(), 'wattproof-keys-'));
	try {
		await initLog({
			dir: folder,
			log: 'north-estate.example/energy',
			keys,
			site: { organization: 'North Estate', contact: 'energy@north-estate.example' },
			passphrase: async () => '',
			now: new Date('2026-11-01T00:00:00Z'),
		});
	} finally {
		rmSync(keys, { recursive: true, force: true });
	}
}
