import { spawn, spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	realpathSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { generateKeyPair } from '../../src/node/keys.ts';
import { initRepository } from '../../src/node/repository.ts';
import { commandWords, type Outcome, runHeld } from '../support/person.ts';
import { type Scratch, scratchFolder, scratchLog } from '../support/scratch.ts';

/** Commands where something around them is missing: programs, folders, or somebody who reads. */

/** Words of commands over a log in which January is final. */
interface Words {
	readonly log: Scratch;
	readonly validate: string[];
	readonly settle: string[];
	readonly finalize: string[];
	readonly verify: string[];
}

async function januaryFinal(): Promise<Words> {
	const log = await scratchLog(['2026-01', '2026-02']);
	const january = await log.finalize('2026-01');
	if (!january.ok) throw new Error(JSON.stringify(january.problems));
	const { dir, key, trust } = log;
	const words = (name: string, ...args: string[]) => commandWords(name, ['--repo', dir, ...args]);
	return {
		log,
		validate: words('validate'),
		settle: words('settle', '--period', '2026-02'),
		finalize: words('finalize', '--period', '2026-02', '--key', key),
		verify: words('verify', '--root', trust.root_sha256),
	};
}

/** The environment of a computer that has Node, and nothing else: no Git, no HOME. */
function bare(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
	const programs = join(scratchFolder(), 'programs');
	mkdirSync(programs);
	symlinkSync(realpathSync(process.execPath), join(programs, 'node'));
	return { PATH: programs, WATTPROOF_PASSPHRASE: '', ...more };
}

/** As `runHeld`, without giving up any rights: for what is no matter of permissions. */
function run([program = '', ...args]: readonly string[], env = process.env): Outcome {
	const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
	return { status, out: stdout, err: stderr };
}

/** A descriptor that takes nothing; where the system has it, of a disk that is full. */
function refusing(): number {
	if (existsSync('/dev/full')) return openSync('/dev/full', 'w');
	const file = join(scratchFolder(), 'read-only');
	writeFileSync(file, '');
	return openSync(file, 'r');
}

const CASES: Readonly<Record<string, () => Promise<void>>> = {
	'without Git and a home every command works': async () => {
		const { validate, settle, finalize, verify } = await januaryFinal();
		for (const words of [validate, settle, finalize, verify]) {
			expect(run(words, bare()), words.join(' ')).toMatchObject({ status: 0, err: '' });
		}
	},
	'a report that nobody can read is no verdict': async () => {
		const { validate, verify } = await januaryFinal();
		for (const [words, status] of [
			[validate, 1],
			[verify, 3],
			[[...verify, '--json'], 3],
		] as const) {
			const outcome = runHeld(words, { stdout: refusing() });
			expect(outcome.status).toBe(status);
			expect(outcome.err).toMatch(/^stdout: [^\n]+\([A-Z]+\)\.\n$/);
		}
	},
	'a run that nobody can be told of is final all the same': async () => {
		const { log, finalize } = await januaryFinal();
		expect(runHeld(finalize, { stdout: refusing() }).status).toBe(1);
		await expect(log.finalize('2026-02')).rejects.toMatchObject({
			stop: { code: 'already-final' },
		});
	},
	'messages that cannot be written do not change the exit code': async () => {
		const { log } = await januaryFinal();
		const nowhere = commandWords('verify', ['--repo', join(log.dir, 'nowhere')]);
		expect(runHeld(nowhere, { stderr: refusing() }).status).toBe(3);
		const unknown = commandWords('verify', ['--nonsense']);
		expect(runHeld(unknown, { stderr: refusing() }).status).toBe(64);
	},
	'who closes the pipe has read enough': async () => {
		const { verify } = await januaryFinal();
		const [program = '', ...args] = [...verify, '--json'];
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
		let messages = '';
		child.stderr.on('data', (text) => {
			messages += text;
		});
		child.stdout.destroy();
		const status = await new Promise((done) => child.once('close', done));
		expect({ status, messages }).toEqual({ status: 0, messages: '' });
	},
	'a passphrase that nobody can be asked for is one sentence': async () => {
		const { log } = await januaryFinal();
		const pair = await generateKeyPair('locked', new Date('2026-01-01'), 'secret');
		const key = ['--key', log.saveKey('locked.asc', pair)];
		const month = ['--repo', log.dir, '--period', '2026-02'];
		const { WATTPROOF_PASSPHRASE: _, ...env } = process.env;
		const outcome = run(commandWords('finalize', [...month, ...key]), env);
		expect(outcome).toMatchObject({ status: 1, out: '' });
		expect(outcome.err).toMatch(/^A passphrase is needed\.[^\n]*\n$/);
	},
	'a current folder that was removed is no empty log': async () => {
		for (const [name, status] of [
			['validate', 1],
			['verify', 3],
		] as const) {
			const cwd = join(scratchFolder(), 'gone');
			mkdirSync(cwd);
			const words = ['sh', '-c', 'rmdir "$PWD" && exec "$@"', 'sh', ...commandWords(name, [])];
			const err = 'There is no folder ".". Correct --repo.\n';
			expect(runHeld(words, { cwd })).toEqual({ status, out: '', err });
		}
	},
	'a file is no folder': async () => {
		const err = 'There is no folder "package.json". Correct --repo.\n';
		const outcome = run(commandWords('verify', ['--repo', 'package.json']));
		expect(outcome).toEqual({ status: 3, out: '', err });
	},
	'without a place for scratch files nothing is begun': async () => {
		const dir = scratchFolder();
		await initRepository(dir);
		const env = bare({ TMPDIR: join(scratchFolder(), 'none') });
		for (const words of [commandWords('demo', []), commandWords('sample', ['--repo', dir])]) {
			const outcome = run(words, env);
			expect(outcome).toMatchObject({ status: 1, out: '' });
			expect(outcome.err).toMatch(/^[^\n]+\(ENOENT\)\.\n$/);
		}
		expect(readdirSync(dir)).toEqual(['.git']);
	},
	'a bug that no command waits for is no verdict either': async () => {
		const { verify } = await januaryFinal();
		const [program = '', ...args] = verify;
		const late = 'process.stdout.write = () => setImmediate(() => { throw new Error("late"); });';
		const preload = ['--import', `data:text/javascript,${encodeURIComponent(late)}`];
		const outcome = run([program, ...preload, ...args]);
		expect(outcome.status).toBe(70);
		expect(outcome.err).toContain('Error: late');
	},
};

/** Those that make a log of many months. */
const LONG: typeof CASES = {
	'without Git and a home the demo tells its story': async () => {
		const { status, out, err } = run(commandWords('demo', []), bare());
		expect({ status, err }).toEqual({ status: 0, err: '' });
		expect(out).toMatch(/VALID.*TAMPERED.*VALID/s);
	},
	'without Git a log is begun, and the sample made': async () => {
		const dir = scratchFolder();
		await initRepository(dir);
		const sample = run(commandWords('sample', ['--repo', dir]), bare());
		expect(sample).toMatchObject({ status: 0, err: '' });
		const keys = ['--keys', join(scratchFolder(), 'keys')];
		const begin = commandWords('init', ['--repo', dir, '--log', 'example.org/own', ...keys]);
		expect(run(begin, bare())).toMatchObject({ status: 0, err: '' });
	},
	'a demo that nobody sees leaves nothing behind': async () => {
		const temporary = scratchFolder();
		const env = { ...process.env, TMPDIR: temporary };
		const outcome = runHeld(commandWords('demo', []), { env, stdout: refusing() });
		expect(outcome.status).toBe(1);
		expect(readdirSync(temporary)).toEqual([]);
	},
};

const seed = Date.now() % 1000;
const short = Object.entries(CASES);
const chosen = inject('full')
	? [...short, ...Object.entries(LONG)]
	: short.filter((_, index) => index % 5 === seed % 5);

test.each(chosen)(`%s (of ${short.length}, from seed ${seed})`, async (_, check) => {
	await check();
});
