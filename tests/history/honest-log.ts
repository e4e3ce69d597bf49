import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateKey, readPrivateKey } from 'openpgp';
import { type Checkpoint, formatCheckpoint } from '../../src/core/evidence/checkpoint.ts';
import type { Files } from '../../src/core/format/bytes.ts';
import { approve } from '../../src/node/approve.ts';
import { audit } from '../../src/node/audit.ts';
import { finalize } from '../../src/node/finalize.ts';
import { generateKeyPair, type KeyPair } from '../../src/node/keys.ts';
import { createTrust } from '../../src/node/new-log.ts';
import { adoptRoot, draftRoot, readRootChange, signRoot } from '../../src/node/rotate.ts';
import { REGISTER_TEXT, RULES_TEXT, totalsText, writeFiles } from '../support/scratch.ts';

export interface Signer extends KeyPair {
	readonly key: PrivateKey;
}

/** `automated`: three runs, no approval roles. `approved`: two more, each approved as `finance`. */
export type LogKind = 'automated' | 'approved';

/** An honest log in a Git repository, made by the product itself; nobody changes it in place. */
export interface HonestLog {
	readonly dir: string;
	/** Digest of the first trust root. */
	readonly pin: string;
	readonly finalizer: Signer;
	readonly finance: Signer;
	/** Tips of main as the log grew, by what had just been done. */
	readonly tips: Readonly<Record<string, string>>;
	/** What a person would have kept of it: the path of the four lines. */
	readonly checkpoint: string;
}

const CONFIG = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const STAMP = '2026-06-20T12:00:00Z';

/** Runs git as a person at a fixed time; what it prints, without the last line end. */
export function runGit(dir: string, args: readonly string[], person = 'Mallory'): string {
	const email = `${person.toLowerCase()}@example.org`;
	const env = {
		...process.env,
		...CONFIG,
		GIT_AUTHOR_NAME: person,
		GIT_AUTHOR_EMAIL: email,
		GIT_AUTHOR_DATE: STAMP,
		GIT_COMMITTER_NAME: person,
		GIT_COMMITTER_EMAIL: email,
		GIT_COMMITTER_DATE: STAMP,
		FILTER_BRANCH_SQUELCH_WARNING: '1',
		GIT_EDITOR: 'true',
	};
	return execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
}

const CORRECTION = {
	reason_code: 'meter-reading',
	reason: 'The meter of the hall was read one digit too low.',
	requested_by: 'A. Lindqvist',
	evidence: '',
};

async function signer(name: string): Promise<Signer> {
	const pair = await generateKeyPair(`example.org/test ${name}`, new Date('2015-01-01'), '');
	return { ...pair, key: await readPrivateKey({ armoredKey: pair.secret }) };
}

/** The logs, the second grown from the first, in a new folder that the caller removes. */
export async function makeHonestLogs(): Promise<{
	readonly folder: string;
	readonly logs: ReadonlyMap<LogKind, HonestLog>;
}> {
	const folder = mkdtempSync(join(tmpdir(), 'wattproof-history-'));
	const trust = await createTrust('example.org/test', new Date('2015-01-01T00:00:00Z'), '');
	const [finance, key] = [await signer('finance'), join(folder, 'finalizer.asc')];
	writeFileSync(key, trust.finalizer.secret);
	const finalizer = {
		...trust.finalizer,
		key: await readPrivateKey({ armoredKey: trust.finalizer.secret }),
	};
	const dir = join(folder, 'automated');
	mkdirSync(dir);
	const tips = await makeAutomated(dir, trust.files, key);
	const common = { pin: trust.root_sha256, finalizer, finance };
	const automated = { ...common, dir, tips, checkpoint: await keep(dir, trust.root_sha256) };
	const logs = new Map<LogKind, HonestLog>([['automated', automated]]);
	const approved = join(folder, 'approved');
	cpSync(dir, approved, { recursive: true });
	const root = join(folder, 'root.asc');
	writeFileSync(root, trust.root.secret);
	const later = await makeApproved(approved, folder, { key, root, finance });
	const checkpoint = await keep(approved, trust.root_sha256);
	logs.set('approved', { ...common, dir: approved, tips: { ...tips, ...later }, checkpoint });
	return { folder, logs };
}

const passphrase = async () => '';
const at = (instant: string) => new Date(instant);

async function makeAutomated(dir: string, trust: Files, key: string) {
	const git = (...args: string[]) => runGit(dir, args, 'Ada');
	const tips: Record<string, string> = {};
	const commit = (name: string, files: Files | Readonly<Record<string, string>>) => {
		writeFiles(dir, files);
		git('add', '-A');
		git('commit', '-qm', name);
		tips[name] = git('rev-parse', 'HEAD');
	};
	const final = async (name: string, period: string, instant: string) => {
		const done = await finalize({ dir, period, key, passphrase, now: at(instant) });
		if (!done.ok) throw new Error(JSON.stringify(done.problems));
		tips[name] = git('rev-parse', 'HEAD');
	};
	git('init', '-q', '-b', 'main', '--template=');
	for (const [name, value] of [
		['user.name', 'Ada'],
		['user.email', 'ada@example.org'],
		['gc.auto', '0'],
	] as const)
		git('config', name, value);
	// What lay in the repository before the log began is no part of it.
	commit('before', {
		'README.md': 'A repository\n',
		'data/2026-01/all.csv': 'an older format\n',
		'settlements/2026-01/r1/statement.csv': 'an older format\n',
	});
	git('rm', '-rq', 'settlements');
	commit('begun', {
		...Object.fromEntries([...trust].map(([path, bytes]) => [path, decode(bytes)])),
		'data/entities.csv': REGISTER_TEXT,
		'data/rules/2026-01.json': RULES_TEXT,
		'data/2026-01/all.csv': totalsText('2026-01'),
	});
	await final('first', '2026-01', '2026-02-06T08:00:00Z');
	git('switch', '-qc', 'february');
	commit('draft', { 'data/2026-02/all.csv': totalsText('2026-02', '1') });
	commit('proposal', { 'data/2026-02/all.csv': totalsText('2026-02') });
	git('switch', '-q', 'main');
	git('merge', '-q', '--no-ff', '-m', 'Merge february', 'february');
	git('branch', '-qD', 'february');
	await final('second', '2026-02', '2026-03-06T08:00:00Z');
	git('tag', '-a', '-m', 'February', 'v2026.02');
	commit('correction', {
		'data/2026-01/r2/all.csv': totalsText('2026-01', '130.500'),
		'data/2026-01/r2/correction.json': `${JSON.stringify(CORRECTION, null, 2)}\n`,
	});
	await final('third', '2026-01', '2026-03-20T08:00:00Z');
	return tips;
}

async function makeApproved(
	dir: string,
	folder: string,
	keys: { readonly key: string; readonly root: string; readonly finance: Signer },
) {
	const git = (...args: string[]) => runGit(dir, args, 'Ada');
	const tips: Record<string, string> = {};
	const note = (name: string) => {
		tips[name] = git('rev-parse', 'HEAD');
	};
	const certificate = join(folder, 'finance.asc');
	const secret = join(folder, 'finance.private.asc');
	writeFileSync(certificate, keys.finance.certificate);
	writeFileSync(secret, keys.finance.secret);
	const draft = join(folder, 'root-2');
	await draftRoot(dir, draft, readRootChange({ addApprover: [`finance=${certificate}`] }));
	await signRoot({
		...{ folder: draft, key: keys.root, passphrase, now: at('2026-04-01T08:00:00Z') },
		show: () => {},
	});
	await adoptRoot(dir, draft);
	note('rotated');
	for (const [period, month] of [
		['2026-03', '04'],
		['2026-04', '05'],
	] as const) {
		writeFiles(dir, { [`data/${period}/all.csv`]: totalsText(period) });
		git('add', '-A');
		git('commit', '-qm', `data: ${period}`);
		const now = at(`2026-${month}-06T08:00:00Z`);
		await finalize({ dir, period, key: keys.key, passphrase, now });
		note(`final ${period}`);
		await approve({
			...{ dir, period, role: 'finance', key: secret, passphrase, now },
			show: () => {},
		});
		note(`approved ${period}`);
	}
	git('commit', '-q', '--allow-empty', '-m', 'nothing');
	writeFiles(dir, { 'data/2026-05/all.csv': totalsText('2026-05'), 'src/code.ts': '1;\n' });
	git('add', '-A');
	git('commit', '-qm', 'data: 2026-05 and a program');
	note('open');
	return tips;
}

function decode(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}

/** Writes beside a repository what its report asks to keep. */
async function keep(dir: string, pin: string): Promise<string> {
	const { checkpoint, verdict } = await audit({ dir, pin });
	if (checkpoint === null || verdict !== 'VALID') throw new Error(`the honest log is ${verdict}`);
	return writeCheckpoint(`${dir}.checkpoint`, checkpoint);
}

export function writeCheckpoint(path: string, checkpoint: Checkpoint): string {
	writeFileSync(path, formatCheckpoint(checkpoint));
	return path;
}
