import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shiftPeriod } from '../../../src/core/format/period.ts';
import { copyPortal } from '../../support/portal-copy.ts';
import { writeFiles } from '../../support/scratch.ts';
import { run } from './actions.ts';
import { type Forge, openForge } from './forge.ts';
import type { Job } from './runner.ts';

/** An installation on a forge: the program, a log that has begun, and last month's data of one office. */
export interface Installation {
	readonly forge: Forge;
	/** The first month of the log and the one after it, both over. */
	readonly periods: readonly [string, string];
	/** Digest of the trust root, as the owner has noted it. */
	readonly root: string;
	/** What else the owner keeps: the folder of the private keys. */
	readonly keys: string;
}

export const PASSPHRASE = 'correct horse';

const REGISTER = [
	'entity,name,cost_center,valid_from,valid_to',
	'hall,Sports Hall,100,2020-01,',
	'library,"Library ::error::, @everyone",200,2020-01,',
	'',
].join('\n');

export function readings(period: string, generated: string): string {
	const rows = [`hall,${period},${generated},20.25`, `library,${period},0,70.125`];
	return ['entity,period,generated_kwh,consumed_kwh', ...rows, ''].join('\n');
}

/** What a person types in a folder; it has to succeed. */
export function type(
	dir: string,
	line: string,
	env: Readonly<Record<string, string>> = {},
): string {
	const done = spawnSync('sh', ['-c', line], {
		cwd: dir,
		encoding: 'utf8',
		env: { ...process.env, ...env },
	});
	if (done.status !== 0) throw new Error(`${line}\n${done.stdout}${done.stderr}`);
	return done.stdout.trim();
}

/** The commits of a person, pushed to a branch. */
export function push(dir: string, branch: string, files: Readonly<Record<string, string>>): void {
	run('git', ['-C', dir, 'switch', '-q', '-C', branch]);
	writeFiles(dir, files);
	run('git', ['-C', dir, 'add', '-A']);
	run('git', ['-C', dir, 'commit', '-q', '-m', 'data: new readings']);
	run('git', ['-C', dir, 'push', '-q', '-f', 'origin', branch]);
}

/** What the owner of a new installation does once. */
export function install(): Installation {
	const forge = openForge();
	const owner = forge.clone('Owner');
	const now = new Date().toISOString().slice(0, 7);
	const periods = [shiftPeriod(now, -2), shiftPeriod(now, -1)] as const;
	copyPortal(owner);
	// Packages belong to a computer, and each job installs its own.
	run('rm', [join(owner, 'node_modules')]);
	const more = ['.github', 'package-lock.json', '.gitignore', '.gitattributes', 'README.md'];
	for (const it of [...more, 'data', 'settlements', 'trust']) {
		cpSync(it, join(owner, it), { recursive: true });
	}
	type(owner, 'git switch -q -C main && git add -A && git commit -q -m "begin with the sample"');
	const keys = join(forge.dir, 'keys');
	const script = (name: string) => `${process.execPath} ${resolve('scripts', name)}.ts`;
	type(
		owner,
		`${script('init')} --log north-estate.example/energy --keys ${keys} --organization "North Estate" \
			--contact energy@north-estate.example --site-url http://localhost/energy`,
		{ WATTPROOF_PASSPHRASE: PASSPHRASE },
	);
	push(owner, 'main', { 'data/entities.csv': REGISTER });
	forge.secrets['FINALIZER_KEY'] = readFileSync(join(keys, 'finalizer.private.asc'), 'utf8');
	forge.secrets['FINALIZER_PASSPHRASE'] = PASSPHRASE;
	const root = type(owner, 'sha256sum trust/root-1.json').slice(0, 64);
	forge.vars['WATTPROOF_ROOT'] = root;
	return { forge, periods, root, keys };
}

/** The same installation again, for whatever is done to it. */
export function another(of: Installation): Installation {
	return { ...of, forge: openForge(of.forge) };
}

/** What a job said to people in words of that level. */
export function said(job: Job | undefined, level = 'error'): string[] {
	return (job?.said ?? []).filter((it) => it.level === level).map(({ text }) => text);
}
