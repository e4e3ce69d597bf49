import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { decodeText } from '../../src/core/format/bytes.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { generateKeyPair } from '../../src/node/keys.ts';
import { openRepository } from '../../src/node/repository.ts';
import { type Scratch, scratchFolder, scratchLog, totalsText } from '../support/scratch.ts';

function git(dir: string, ...args: string[]): string {
	const run = spawnSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
	if (run.status !== 0) throw new Error(run.stderr);
	return run.stdout;
}

function stopsWith(code: string) {
	return expect.objectContaining({ stop: expect.objectContaining({ code }) });
}

async function finalizeAll(log: Scratch, periods: readonly string[]): Promise<void> {
	for (const period of periods) {
		const result = await log.finalize(period);
		if (!result.ok) throw new Error(JSON.stringify(result.problems));
	}
}

test('a finalized run is one commit that names period, run and manifest', async () => {
	const log = await scratchLog(['2026-01']);
	const result = await log.finalize('2026-01');
	if (!result.ok) throw new Error('refused');
	expect(git(log.dir, 'log', '-1', '--format=%B')).toBe(
		`settlement: finalize 2026-01 run 1\n\nSequence: 1\nManifest-SHA256: ${result.value.manifest_sha256}\n\n`,
	);
	expect(git(log.dir, 'status', '--porcelain')).toBe('');
	expect(git(log.dir, 'fsck', '--strict')).toBe('');
	expect(git(log.dir, 'show', '--name-only', '--format=').trim().split('\n')).toEqual(
		['SHA256SUMS', 'allocations.csv', 'entities.csv', 'exceptions.csv', 'manifest.json']
			.concat(['manifest.json.asc', 'rules.json', 'statement.csv'])
			.map((name) => `settlements/2026-01/r1/${name}`),
	);
});

test('the same run at the same moment has the same bytes and signature', async () => {
	const log = await scratchLog(['2026-01']);
	const folder = join(log.dir, 'settlements/2026-01/r1');
	const all = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
	const tip = git(log.dir, 'rev-parse', 'HEAD').trim();
	await finalizeAll(log, ['2026-01']);
	const first = all();
	git(log.dir, 'reset', '--hard', '-q', tip);
	await finalizeAll(log, ['2026-01']);
	expect(all()).toEqual(first);
});

test('runs are taken in order and never made twice', async () => {
	const log = await scratchLog(['2026-01', '2026-02', '2026-03']);
	await finalizeAll(log, ['2026-01']);
	await expect(log.finalize('2026-01')).rejects.toEqual(stopsWith('already-final'));
	await expect(log.finalize('2026-03')).rejects.toEqual(stopsWith('not-next'));
	await expect(log.finalize('2026-04')).rejects.toEqual(stopsWith('nothing-submitted'));
	await expect(log.finalize('2026-02', '2026-01-20T08:00:00Z')).resolves.toMatchObject({
		ok: false,
		problems: [{ code: 'period-future' }],
	});
	await finalizeAll(log, ['2026-02']);
	await expect(log.finalize('2026-03', '2026-04-06T08:00:00Z')).resolves.toMatchObject({
		ok: true,
	});
});

test('a clock that runs behind the log stops the next run', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01', '2026-05-01T00:00:00Z');
	await expect(log.finalize('2026-02')).rejects.toEqual(stopsWith('clock-behind'));
});

test('nothing is signed over uncommitted changes of guarded folders, others do not matter', async () => {
	const log = await scratchLog(['2026-01']);
	const file = join(log.dir, 'data/2026-01/all.csv');
	const original = readFileSync(file);
	writeFileSync(file, totalsText('2026-01', '999'));
	await expect(log.finalize('2026-01')).rejects.toEqual(stopsWith('uncommitted'));
	writeFileSync(file, original);
	writeFileSync(join(log.dir, 'data/2026-01/more.csv'), original);
	await expect(log.finalize('2026-01')).rejects.toEqual(stopsWith('uncommitted'));
	rmSync(join(log.dir, 'data/2026-01/more.csv'));
	writeFileSync(join(log.dir, 'notes.txt'), 'mine');
	await finalizeAll(log, ['2026-01']);
	expect(git(log.dir, 'status', '--porcelain')).toBe('?? notes.txt\n');
});

test('only a finalizer in force may sign', async () => {
	const log = await scratchLog(['2026-01']);
	const stranger = await generateKeyPair('stranger', new Date('2026-01-01'), '');
	const { finalize } = await import('../../src/node/finalize.ts');
	for (const key of [
		log.saveKey('stranger.asc', stranger),
		log.saveKey('root.asc', log.trust.root),
	]) {
		const request = { dir: log.dir, period: '2026-01', key, passphrase: async () => '' };
		const now = new Date('2026-02-06T08:00:00Z');
		await expect(finalize({ ...request, now })).rejects.toEqual(stopsWith('key-not-in-force'));
	}
	expect(existsSync(join(log.dir, 'settlements'))).toBe(false);
});

test('a log that does not verify gets no further run', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await finalizeAll(log, ['2026-01']);
	await log.commit({ 'data/2026-01/all.csv': totalsText('2026-01', '121') });
	await expect(log.finalize('2026-02')).rejects.toEqual(stopsWith('log-not-intact'));
});

test('a correction makes run 2 with a delta, and the log stays VALID', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await finalizeAll(log, ['2026-01', '2026-02']);
	const correction = {
		reason_code: 'meter-reading',
		reason: 'Read too late',
		requested_by: 'A. Clerk',
		evidence: '',
	};
	await log.commit({
		'data/2026-01/r2/all.csv': totalsText('2026-01', '100'),
		'data/2026-01/r2/correction.json': JSON.stringify(correction),
	});
	const result = await log.finalize('2026-01', '2026-03-20T08:00:00Z');
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	expect(result.value.manifest).toMatchObject({
		sequence: 3,
		kind: 'correction',
		reason: 'meter-reading',
		supersedes: { run: 1 },
	});
	expect(decodeText(result.value.run.records.get('delta.csv') ?? new Uint8Array())).toContain(
		'2026-01,2,1,hall,-20.500,0.000,0.000,-20.500,0.000,-20.500,0.000,0.000,0.000,0.000\n',
	);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});

test('a transaction that died after the branch moved is completed at the next start', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	const { tip: before } = await openRepository(log.dir);
	await finalizeAll(log, ['2026-01']);
	const { tip: after, branch } = await openRepository(log.dir);
	rmSync(join(log.dir, 'settlements'), { recursive: true });
	const folder = 'settlements/2026-01/r1';
	const add = git(log.dir, 'ls-tree', '-r', '--name-only', 'HEAD', folder).trim().split('\n');
	const journal = { pid: 2 ** 22 + 1, branch, before, after, remove: [], add };
	writeFileSync(join(log.dir, '.git/wattproof-transaction'), JSON.stringify(journal));
	writeFileSync(join(log.dir, '.git/index.lock'), `wattproof ${journal.pid}\n`);
	await finalizeAll(log, ['2026-02']);
	expect(git(log.dir, 'status', '--porcelain')).toBe('');
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});

test('a lock of another Git program is respected, and nothing is committed', async () => {
	const log = await scratchLog(['2026-01']);
	const tip = git(log.dir, 'rev-parse', 'HEAD');
	writeFileSync(join(log.dir, '.git/index.lock'), '');
	await expect(log.finalize('2026-01')).rejects.toEqual(stopsWith('index-locked'));
	rmSync(join(log.dir, '.git/index.lock'));
	writeFileSync(join(log.dir, '.git/refs/heads/main.lock'), '');
	await expect(log.finalize('2026-01')).rejects.toEqual(stopsWith('branch-locked'));
	expect(git(log.dir, 'rev-parse', 'HEAD')).toBe(tip);
	expect(existsSync(join(log.dir, '.git/index.lock'))).toBe(false);
});

const seed = Date.now() % 1000;
const extent = inject('full') ? 'every change of the file system' : `a sample from seed ${seed}`;

/** Finalizes in copies of one log, each time with one change of the file system spoiled. */
async function spoilEach(
	variable: 'KILL_AT' | 'FAIL_AT',
	check: (first: ReturnType<typeof spawnSync>, at: number) => void,
): Promise<void> {
	const log = await scratchLog(['2026-01']);
	const old = git(log.dir, 'rev-parse', 'HEAD').trim();
	const preload = ['--import', resolve('tests/support/kill-at.mjs')];
	const finalizeIn = (dir: string, env?: Record<string, string>) => {
		const script = ['scripts/finalize.ts', '--repo', dir, '--period', '2026-01', '--key', log.key];
		const options = { encoding: 'utf8' as const, env: { ...process.env, ...env } };
		return spawnSync(process.execPath, [...(env ? preload : []), ...script], options);
	};
	const copy = () => {
		const dir = scratchFolder();
		cpSync(log.dir, dir, { recursive: true });
		return dir;
	};
	const counter = join(scratchFolder(), 'changes');
	expect(finalizeIn(copy(), { KILL_COUNT: counter }).status).toBe(0);
	const changes = Number(readFileSync(counter, 'utf8'));
	const step = inject('full') ? 1 : Math.ceil(changes / 5);
	const outcomes = new Set<'old' | 'new'>();
	for (let at = 1 + (seed % step); at <= changes; at += step) {
		const dir = copy();
		const first = finalizeIn(dir, { [variable]: String(at) });
		check(first, at);
		const reached = git(dir, 'rev-parse', 'HEAD').trim() !== old;
		outcomes.add(reached ? 'new' : 'old');
		git(dir, 'fsck', '--no-dangling');
		const again = finalizeIn(dir);
		const expected = reached ? /is final by run 1/ : /is final: sequence 1/;
		expect(again.stderr + again.stdout, `change ${at}`).toMatch(expected);
		expect(git(dir, 'status', '--porcelain'), `change ${at}`).toBe('');
		expect((await auditFolder(dir, log.trust.root_sha256)).verdict).toBe('VALID');
	}
	expect(outcomes).toEqual(new Set(['old', 'new']));
}

test(`a kill leaves the old state or the whole run (${extent})`, async () => {
	await spoilEach('KILL_AT', ({ signal }, at) => {
		expect(signal, `change ${at}`).toBe('SIGKILL');
	});
});

test(`a full disk is one sentence, and nothing is lost (${extent})`, async () => {
	await spoilEach('FAIL_AT', ({ status, stderr }, at) => {
		// Where only something left over could not be removed, the run is complete.
		if (status === 0) return;
		expect(status, `change ${at}: ${stderr}`).toBe(1);
		expect(stderr, `change ${at}`).toMatch(/^[^\n]+\(ENOSPC\)\.[^\n]*\n$/);
	});
});

test('of two finalizations at once, one succeeds and the other changes nothing', async () => {
	const log = await scratchLog(['2026-01']);
	const args = ['scripts/finalize.ts', '--repo', log.dir, '--period', '2026-01', '--key', log.key];
	const codes = await Promise.all(
		[1, 2].map(
			() =>
				new Promise((resolve) => {
					spawn(process.execPath, args, { stdio: 'ignore' }).once('exit', resolve);
				}),
		),
	);
	expect(codes.toSorted()).toEqual([0, 1]);
	expect(git(log.dir, 'rev-list', '--count', 'HEAD').trim()).toBe('2');
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});
