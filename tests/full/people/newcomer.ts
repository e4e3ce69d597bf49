import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../forge/actions.ts';
import type { Desk } from './desk.ts';

/** Somebody with an empty folder, npm and Git, and a repository of their own made from this one. */

const ADDRESS = 'https://github.com/north-estate/energy.git';

/** Packages are linked instead of installed; all else is npm itself, in the folder of the newcomer. */
const NPM = `if [ "$1" = ci ]; then
	ln -s ${resolve('node_modules')} node_modules
	echo node_modules >> .git/info/exclude
	exit
fi
PATH=\${PATH#*:} exec npm "$@"`;

export interface Newcomer extends Desk {
	/** What a forge has: one commit with everything, as "Use this template" makes it. */
	readonly origin: string;
}

/** The folder `energy` is where commands run as soon as there is one. */
export function arrive(): Newcomer {
	const dir = mkdtempSync(join(tmpdir(), 'wp-'));
	onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
	const [bin, home, origin, log] = ['.bin', '.home', '.origin.git', 'energy'].map((it) =>
		join(dir, it),
	) as [string, string, string, string];
	for (const it of [bin, home]) mkdirSync(it);
	writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${NPM}\n`);
	chmodSync(join(bin, 'npm'), 0o755);
	writeFileSync(
		join(home, '.gitconfig'),
		`[user]\n\tname = A. Lindqvist\n\temail = a.lindqvist@north-estate.example\n` +
			`[url "file://${origin}"]\n\tinsteadOf = ${ADDRESS}\n`,
	);
	makeTemplate(dir, origin);
	const path = (process.env['PATH'] ?? '').split(delimiter).filter((it) => !it.includes('.bin'));
	const env = {
		PATH: [bin, ...path].join(delimiter),
		HOME: home,
		LANG: 'C.UTF-8',
		NO_COLOR: '1',
		WATTPROOF_PASSPHRASE: 'correct horse',
	};
	const type: Desk['type'] = (line, more = {}) => {
		const done = spawnSync('sh', ['-c', `exec 2>&1\n${line}`], {
			encoding: 'utf8',
			cwd: existsSync(log) ? log : dir,
			env: { ...env, ...more },
		});
		return { out: done.stdout, status: done.status };
	};
	const must: Desk['must'] = (line, more) => {
		const { out, status } = type(line, more);
		if (status !== 0) throw new Error(`${line}\nexit ${status}\n${out}`);
		return out;
	};
	return { dir, log, origin, type, must };
}

function makeTemplate(dir: string, origin: string): void {
	const work = join(dir, '.template');
	const tracked = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
	for (const path of tracked.split('\0').filter((it) => it !== '' && existsSync(it))) {
		mkdirSync(dirname(join(work, path)), { recursive: true });
		cpSync(path, join(work, path));
	}
	const git = (...words: string[]) => run('git', ['-C', work, ...words]);
	git('init', '-q', '-b', 'main');
	git('add', '-A');
	const who = ['-c', 'user.name=Forge', '-c', 'user.email=forge@example.org'];
	git(...who, 'commit', '-q', '-m', 'Initial commit');
	run('git', ['clone', '-q', '--bare', work, origin]);
	rmSync(work, { recursive: true });
}
