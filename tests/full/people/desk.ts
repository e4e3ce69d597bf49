import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeFiles } from '../../support/scratch.ts';

/** A person's desk: a log begun by the commands, a keyring of gpg, and a shell to type into. */
export interface Desk {
	/** Holds the repository `energy`, where commands run, and what lies beside it. */
	readonly dir: string;
	readonly log: string;
	/** What a shell prints for a command line, stdout and stderr as they come, and its exit code. */
	readonly type: (line: string, env?: Readonly<Record<string, string>>) => Typed;
	/** The same for what has to succeed. */
	readonly must: (line: string, env?: Readonly<Record<string, string>>) => string;
}

export interface Typed {
	readonly out: string;
	readonly status: number | null;
}

const CLOCK = resolve('tests/full/people/later.mjs');

/** By the words that pages use; `npm run -s` starts the commands of this checkout. */
const PROGRAMS: Readonly<Record<string, string>> = {
	npm: `shift 2; name=$1; shift; [ "$1" != -- ] || shift
exec ${process.execPath} --import ${CLOCK} ${resolve('scripts')}/$name.ts "$@"`,
	// Nobody is there to be asked: the passphrase of a new or used key comes from the environment.
	gpg: `exec "$GPG" --batch --quiet --no-tty --pinentry-mode loopback --passphrase "$GPG_PASSPHRASE" "$@"`,
};

const REGISTER = [
	'entity,name,cost_center,valid_from,valid_to',
	'hall,Sports Hall,100,2026-01,',
	'library,Library,200,2026-01,',
	'office,Office,300,2026-01,',
	'',
].join('\n');

/** Generation of the hall, consumption of hall and library by month; the office repeats its figures. */
const READINGS = [
	['120.5', '20.25', '70.125'],
	['131.75', '18.5', '66.5'],
	['140.125', '17.75', '59'],
] as const;

function readings(period: string, month: number): string {
	const [generated, hall, library] = READINGS[month] ?? READINGS[0];
	return [
		'entity,period,generated_kwh,consumed_kwh',
		`hall,${period},${generated},${hall}`,
		`library,${period},0,${library}`,
		`office,${period},5,42`,
		'',
	].join('\n');
}

/** A log of the last year's rules with the given months in it, committed, nothing final. */
export function sitDown(months: readonly string[]): Desk {
	// The sockets of an agent need a short path.
	const dir = mkdtempSync(join(tmpdir(), 'wp-'));
	const [log, bin, home] = ['energy', '.bin', '.gnupg'].map((name) => join(dir, name));
	for (const it of [log, bin, home]) mkdirSync(it ?? '', { mode: 0o700 });
	for (const [name, text] of Object.entries(PROGRAMS)) {
		writeFileSync(join(bin ?? '', name), `#!/bin/sh\n${text}\n`);
		chmodSync(join(bin ?? '', name), 0o755);
	}
	const identity = { NAME: 'A. Lindqvist', EMAIL: 'a.lindqvist@example.org' };
	const git = Object.entries(identity).flatMap(([key, value]) => [
		[`GIT_AUTHOR_${key}`, value],
		[`GIT_COMMITTER_${key}`, value],
	]);
	const base = {
		...process.env,
		...Object.fromEntries(git),
		PATH: `${bin}:${process.env['PATH']}`,
		GPG: spawnSync('sh', ['-c', 'command -v gpg'], { encoding: 'utf8' }).stdout.trim(),
		GPG_PASSPHRASE: '',
		GNUPGHOME: home,
		WATTPROOF_PASSPHRASE: '',
		LC_ALL: 'C.UTF-8',
	};
	onTestFinished(() => {
		spawnSync('gpgconf', ['--kill', 'all'], { env: base });
		rmSync(dir, { recursive: true, force: true });
	});
	const type: Desk['type'] = (line, env = {}) => {
		const run = spawnSync('sh', ['-c', `exec 2>&1\n${line}`], {
			encoding: 'utf8',
			cwd: log ?? '',
			env: { ...base, ...env },
		});
		return { out: run.stdout, status: run.status };
	};
	const must: Desk['must'] = (line, env) => {
		const { out, status } = type(line, env);
		if (status !== 0) throw new Error(`${line}\nexit ${status}\n${out}`);
		return out;
	};
	const data = months.map((it, month) => [`data/${it}/estates.csv`, readings(it, month)]);
	must('git init -q -b main .');
	must('npm run -s init -- --log example.org/energy --keys ../wattproof-keys');
	const script = readFileSync('scripts/verify.sh', 'utf8');
	const files = { 'data/entities.csv': REGISTER, 'scripts/verify.sh': script };
	writeFiles(log ?? '', { ...files, ...Object.fromEntries(data) });
	must('git add . && git commit -qm "data: first months"');
	return { dir, log: log ?? '', type, must };
}

/** Two approvers and a second holder of a root key, whose keys gpg makes; certificates beside the log. */
export const PEOPLE = {
	finance: 'M. Okafor',
	audit: 'B. Sato',
	'root-holder': 'C. Duarte',
} as const;

export function makeKeys({ must }: Desk, passphrase = ''): void {
	for (const [file, name] of Object.entries(PEOPLE)) {
		const env = { GPG_PASSPHRASE: passphrase };
		must(`gpg --quick-gen-key "${name}" ed25519 sign never`, env);
		must(`gpg --armor --export "${name}" > ../${file}.asc`);
		must(`gpg --armor --export-secret-keys "${name}" > ../${file}.private.asc`, env);
	}
}

export const FINALIZE = 'npm run -s finalize -- --key ../wattproof-keys/finalizer.private.asc';
