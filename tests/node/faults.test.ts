import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { auditFolder } from '../../src/node/audit.ts';
import { finalize } from '../../src/node/finalize.ts';
import { commandWords, type Outcome, runHeld } from '../support/person.ts';
import { type Scratch, scratchFolder, scratchLog } from '../support/scratch.ts';

/** What the machine refuses: one sentence, the exit code of the specification, and the old state. */

function git(dir: string, ...args: string[]): string {
	return spawnSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).stdout;
}

/** January is final, February has data; a copy of it for each fault. */
async function januaryFinal(): Promise<{ log: Scratch; copy: () => string }> {
	const log = await scratchLog(['2026-01', '2026-02']);
	const january = await log.finalize('2026-01');
	if (!january.ok) throw new Error(JSON.stringify(january.problems));
	const copy = () => {
		const dir = join(scratchFolder(), 'log');
		cpSync(log.dir, dir, { recursive: true });
		return dir;
	};
	return { log, copy };
}

const COMMANDS = {
	validate: () => [],
	settle: () => ['--period', '2026-02'],
	finalize: ({ key }: Scratch) => ['--period', '2026-02', '--key', key],
	verify: ({ trust }: Scratch) => ['--root', trust.root_sha256],
	correct: () => {
		const reason = ['--reason-code', 'dispute', '--reason', 'read twice', '--requested-by', 'A'];
		return ['--period', '2026-01', '--file', 'all.csv', ...reason];
	},
	sample: () => [],
} as const;
type Name = keyof typeof COMMANDS;

interface Fault {
	/** What has this mode: a path of the repository. */
	readonly path: string;
	readonly mode: number;
	/** Commands that end with one sentence which names `place`, the path if nothing else is said. */
	readonly refused: readonly Name[];
	readonly place?: string;
	/** Exit code of `verify`, if it is asked. */
	readonly verify?: number;
	/** Commands that it does not concern. */
	readonly works?: readonly Name[];
}

const COMPUTING = ['validate', 'settle', 'finalize'] as const;
const FAULTS: readonly Fault[] = [
	{ path: 'data/2026-02/all.csv', mode: 0, refused: COMPUTING, verify: 0 },
	{ path: 'data/2026-01/all.csv', mode: 0, refused: [...COMPUTING, 'correct'], verify: 3 },
	{ path: 'data/2026-02', mode: 0, refused: COMPUTING },
	{ path: 'data', mode: 0, refused: COMPUTING, verify: 3 },
	{ path: 'data/entities.csv', mode: 0, refused: COMPUTING },
	{ path: 'data/2026-01', mode: 0o555, refused: ['correct'], works: ['validate'] },
	{ path: 'settlements', mode: 0, refused: COMPUTING, verify: 3 },
	{ path: 'settlements', mode: 0o555, refused: ['finalize'], works: ['validate', 'settle'] },
	{ path: 'settlements/2026-01/r1/manifest.json', mode: 0, refused: COMPUTING, verify: 3 },
	{ path: 'settlements/2026-01/r1/statement.csv', mode: 0, refused: COMPUTING, verify: 3 },
	{ path: 'trust/root-1.json', mode: 0, refused: ['finalize'], verify: 3 },
	{ path: '.', mode: 0, refused: [...COMPUTING, 'sample'], place: '', verify: 3 },
	{ path: '.git', mode: 0, refused: ['finalize', 'sample'], works: ['validate', 'settle'] },
	{ path: '.git', mode: 0o555, refused: ['finalize'], works: ['validate'], verify: 0 },
	{ path: '.git/HEAD', mode: 0, refused: ['finalize'], works: ['settle'] },
	{ path: '.git/config', mode: 0, refused: ['finalize'], works: ['validate', 'settle'] },
	{ path: '.git/index', mode: 0, refused: ['finalize'], verify: 0 },
	{ path: '.git/index', mode: 0o444, refused: [], works: ['finalize'] },
	{ path: '.git/objects', mode: 0, refused: ['finalize'], works: ['validate'] },
	{ path: '.git/objects', mode: 0o555, refused: ['finalize'], verify: 0 },
	{ path: '.git/refs/heads', mode: 0, refused: ['finalize'] },
	{ path: '.git/refs/heads', mode: 0o555, refused: ['finalize'], verify: 0 },
	{ path: '.git/refs/heads/main', mode: 0, refused: ['finalize'] },
];

const seed = Date.now() % 1000;
const extent = inject('full') ? 'all of them' : `a sample from seed ${seed}`;

/** All of a list in mode full, else every n-th from the seed on. */
function sampled<Item>(items: readonly Item[], count: number): readonly Item[] {
	const step = inject('full') ? 1 : Math.ceil(items.length / count);
	return items.filter((_, index) => index % step === seed % step);
}

function isOneSentence({ err }: Outcome, place: string): void {
	expect(err).toMatch(/^[^\n]*\([A-Z]+\)[^\n]*\.\n$/);
	expect(err).toContain(place);
}

test('those who run these tests are held by permissions', () => {
	const file = join(scratchFolder(), 'secret');
	writeFileSync(file, '', { mode: 0o000 });
	const read = ['node:fs', 'readFileSync', JSON.stringify(file)];
	const script = `require('${read[0]}').${read[1]}(${read[2]})`;
	expect(runHeld([process.execPath, '-e', script]).err).toContain('EACCES');
});

test(`what permissions refuse is one sentence and changes nothing (${extent})`, async () => {
	const { log, copy } = await januaryFinal();
	for (const { path, mode, refused, place = path, verify, works = [] } of sampled(FAULTS, 1)) {
		const dir = copy();
		const before = git(dir, 'rev-parse', 'HEAD');
		const at = join(dir, path);
		const ordinary = statSync(at).mode;
		const within = <Value>(work: () => Value): Value => {
			chmodSync(at, mode);
			try {
				return work();
			} finally {
				chmodSync(at, ordinary);
			}
		};
		const run = (name: Name) =>
			within(() => runHeld(commandWords(name, ['--repo', dir, ...COMMANDS[name](log)])));
		for (const name of refused) {
			const outcome = run(name);
			expect(outcome, `${name}, ${path}`).toMatchObject({ status: 1, out: '' });
			isOneSentence(outcome, place);
		}
		if (verify !== undefined) {
			const { status, out, err } = run('verify');
			expect({ status, err }, path).toEqual({ status: verify, err: '' });
			expect(out).toMatch(verify === 0 ? /^VALID/ : /^INCOMPLETE/);
		}
		expect(git(dir, 'rev-parse', 'HEAD'), path).toBe(before);
		expect(git(dir, 'status', '--porcelain'), path).toBe('');
		for (const name of works) expect(run(name), `${name}, ${path}`).toMatchObject({ status: 0 });
		// Nothing is left behind that would stand in the way once it is permitted.
		if (!works.includes('finalize')) {
			const now = new Date('2026-03-06T08:00:00Z');
			const passphrase = async () => '';
			const request = { dir, period: '2026-02', key: log.key, passphrase, now };
			expect(await finalize(request), path).toMatchObject({ ok: true });
		}
		expect((await auditFolder(dir, log.trust.root_sha256)).verdict, path).toBe('VALID');
	}
});

test('a key, and folders for what is written, are named where they are refused', async () => {
	const { log, copy } = await januaryFinal();
	const dir = copy();
	const closed = scratchFolder();
	chmodSync(log.key, 0);
	chmodSync(closed, 0o555);
	const finalized = runHeld(commandWords('finalize', ['--repo', dir, ...COMMANDS.finalize(log)]));
	const out = join(closed, 'preview');
	const month = ['--repo', dir, '--period', '2026-02'];
	const settled = runHeld(commandWords('settle', [...month, '--out', out]));
	expect(finalized).toMatchObject({ status: 1, out: '' });
	isOneSentence(finalized, log.key);
	expect(settled).toMatchObject({ status: 1, out: '' });
	isOneSentence(settled, out);
	expect(readdirSync(closed)).toEqual([]);
});

function objectPath(dir: string, name: string): string {
	const id = git(dir, 'rev-parse', name).trim();
	return join(dir, '.git/objects', id.slice(0, 2), id.slice(2));
}

function emptyPacks(dir: string, extension: string): void {
	git(dir, 'gc', '-q');
	const folder = join(dir, '.git/objects/pack');
	for (const name of readdirSync(folder).filter((it) => it.endsWith(extension))) {
		chmodSync(join(folder, name), 0o644);
		truncateSync(join(folder, name));
	}
}

const DAMAGES: Readonly<Record<string, (dir: string) => void>> = {
	'a commit cut short': (dir) => truncateSync(objectPath(dir, 'HEAD')),
	'a folder that is garbage': (dir) => {
		chmodSync(objectPath(dir, 'HEAD:data'), 0o644);
		writeFileSync(objectPath(dir, 'HEAD:data'), 'garbage');
	},
	'an index cut short': (dir) => truncateSync(join(dir, '.git/index'), 60),
	'a pack without content': (dir) => emptyPacks(dir, '.pack'),
	'an index of a pack without content': (dir) => emptyPacks(dir, '.idx'),
};

test.each(Object.entries(DAMAGES))('%s stops a run before it is signed', async (_, damage) => {
	const { log, copy } = await januaryFinal();
	const dir = copy();
	damage(dir);
	const now = new Date('2026-03-06T08:00:00Z');
	const passphrase = async () => expect.unreachable();
	const request = { dir, period: '2026-02', key: log.key, passphrase, now };
	const stop = expect.objectContaining({ code: 'git-damaged' });
	await expect(finalize(request)).rejects.toEqual(expect.objectContaining({ stop }));
	expect(readdirSync(join(dir, 'settlements'))).toEqual(['2026-01']);
});
