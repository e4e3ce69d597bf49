import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { generateKeyPair, type KeyPair, signDetached, unlockKey } from '../../src/node/keys.ts';
import { commitSigned, draftUnsigned } from '../../src/node/run-draft.ts';
import { type Scratch, scratchFolder, scratchLog, totalsText } from '../support/scratch.ts';

/** A run that is computed here, signed elsewhere, and committed here. */

const FEBRUARY = new Date('2026-02-06T08:00:00Z');
const LATER = new Date('2026-02-09T10:00:00Z');

function stopsWith(code: string, more: object = {}) {
	return expect.objectContaining({ stop: expect.objectContaining({ code, ...more }) });
}

function git(dir: string, ...args: string[]): string {
	const run = spawnSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
	if (run.status !== 0) throw new Error(run.stderr);
	return run.stdout.trim();
}

/** The draft of January in a folder beside the log. */
async function draft(log: Scratch, now = FEBRUARY): Promise<string> {
	const folder = join(scratchFolder(), 'draft');
	const result = await draftUnsigned({ dir: log.dir, period: '2026-01', folder, now });
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	const bytes = new Uint8Array(readFileSync(result.value.signable));
	expect(digest(bytes)).toBe(result.value.manifest_sha256);
	return folder;
}

async function signWith(log: Scratch, folder: string, pair: KeyPair): Promise<void> {
	const key = await unlockKey(log.saveKey('other.private.asc', pair), async () => '');
	const bytes = new Uint8Array(readFileSync(join(folder, 'manifest.json')));
	writeFileSync(join(folder, 'manifest.json.asc'), await signDetached(bytes, key, LATER));
}

/** Commits the draft; the tip must not move where that is refused. */
async function refusal(log: Scratch, folder: string, now = LATER): Promise<unknown> {
	const before = git(log.dir, 'rev-parse', 'HEAD');
	const reason = await commitSigned({ dir: log.dir, folder, now }).catch((it: unknown) => it);
	expect(git(log.dir, 'rev-parse', 'HEAD')).toBe(before);
	expect(git(log.dir, 'status', '--porcelain')).toBe('');
	return reason;
}

test('a run signed elsewhere is the one that finalize makes at that moment', async () => {
	const log = await scratchLog(['2026-01']);
	const folder = await draft(log);
	expect(git(log.dir, 'status', '--porcelain')).toBe('');
	await signWith(log, folder, log.trust.finalizer);
	// What does not touch the run may change while somebody signs.
	await log.commit({ 'README.md': 'New words.\n' });
	const tip = git(log.dir, 'rev-parse', 'HEAD');
	const result = await commitSigned({ dir: log.dir, folder, now: LATER });
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	expect(result.value.manifest).toMatchObject({
		sequence: 1,
		finalized_at: '2026-02-06T08:00:00Z',
	});
	expect(git(log.dir, 'rev-parse', 'HEAD^')).toBe(tip);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');

	git(log.dir, 'reset', '-q', '--hard', 'HEAD~2');
	const whole = await log.finalize('2026-01', FEBRUARY.toISOString());
	if (!whole.ok) throw new Error(JSON.stringify(whole.problems));
	expect(whole.value.manifest_sha256).toBe(result.value.manifest_sha256);
});

test('nobody but a finalizer in force can have signed, and nothing but the draft', async () => {
	const log = await scratchLog(['2026-01']);
	const folder = await draft(log);
	const asc = join(folder, 'manifest.json.asc');
	expect(await refusal(log, folder)).toEqual(stopsWith('run-unsigned'));
	for (const pair of [await generateKeyPair('X', new Date('2020-01-01'), ''), log.trust.root]) {
		await signWith(log, folder, pair);
		expect(await refusal(log, folder)).toEqual(stopsWith('key-not-in-force'));
	}
	await signWith(log, folder, log.trust.finalizer);
	const good = readFileSync(asc, 'utf8');
	writeFileSync(asc, good.replace('\n\n', '\nComment: hello\n\n'));
	const armor = { fault: 'armor' };
	expect(await refusal(log, folder)).toEqual(stopsWith('signature-refused', armor));
	const other = await draft(log, new Date('2026-02-07T08:00:00Z'));
	await signWith(log, other, log.trust.finalizer);
	writeFileSync(asc, readFileSync(join(other, 'manifest.json.asc')));
	const wrong = { fault: 'cryptography' };
	expect(await refusal(log, folder)).toEqual(stopsWith('signature-refused', wrong));
});

test('a draft that was changed, or of a branch that has moved, is refused', async () => {
	const log = await scratchLog(['2026-01']);
	const folder = await draft(log);
	await signWith(log, folder, log.trust.finalizer);
	const statement = join(folder, 'statement.csv');
	const figures = readFileSync(statement, 'utf8');
	appendFileSync(statement, 'hall\n');
	const changed = { path: 'settlements/2026-01/r1/statement.csv' };
	expect(await refusal(log, folder)).toEqual(stopsWith('draft-outdated', changed));
	rmSync(statement);
	expect(await refusal(log, folder)).toEqual(stopsWith('draft-outdated', changed));
	writeFileSync(statement, figures);
	expect(await refusal(log, folder, new Date('2026-02-01'))).toEqual(stopsWith('draft-ahead'));

	const before = git(log.dir, 'rev-parse', 'HEAD');
	await log.commit({ 'data/2026-01/all.csv': totalsText('2026-01', '121') });
	expect(await refusal(log, folder)).toEqual(stopsWith('draft-outdated'));
	git(log.dir, 'reset', '-q', '--hard', before);

	// The same files in another history: the commit that the draft names is not in it.
	git(
		log.dir,
		'-c',
		'user.name=A',
		'-c',
		'user.email=a@b.example',
		'commit',
		'-q',
		'--amend',
		'-m',
		'again',
	);
	const off = { finding: expect.objectContaining({ code: 'source-off-main' }) };
	expect(await refusal(log, folder)).toEqual(stopsWith('log-not-intact', off));
	git(log.dir, 'reset', '-q', '--hard', before);

	await log.finalize('2026-01');
	expect(await refusal(log, folder)).toEqual(stopsWith('already-final'));
	writeFileSync(join(folder, 'manifest.json'), '{}');
	expect(await refusal(log, folder)).toEqual(stopsWith('no-run-draft', { folder }));
});

test('nothing is drafted into the record, over another draft, or for a log that does not hold', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	const request = { dir: log.dir, period: '2026-01', now: FEBRUARY };
	const inside = { ...request, folder: join(log.dir, 'data/draft') };
	await expect(draftUnsigned(inside)).rejects.toEqual(stopsWith('out-inside-record'));
	const again = { ...request, folder: await draft(log) };
	await expect(draftUnsigned(again)).rejects.toEqual(stopsWith('draft-exists'));
	await log.finalize('2026-01');
	await log.commit({ 'data/2026-01/all.csv': totalsText('2026-01', '121') });
	const folder = join(scratchFolder(), 'draft');
	const next = { ...request, folder, period: '2026-02', now: new Date('2026-03-06T08:00:00Z') };
	await expect(draftUnsigned(next)).rejects.toEqual(stopsWith('log-not-intact'));
	expect(existsSync(folder)).toBe(false);
});

test('alterations that were undone are acknowledged by a run signed elsewhere', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	const path = 'data/2026-01/all.csv';
	const was = readFileSync(join(log.dir, path), 'utf8');
	await log.commit({ [path]: totalsText('2026-01', '121') });
	await log.commit({ [path]: was });
	const folder = join(scratchFolder(), 'draft');
	const now = new Date('2026-03-06T08:00:00Z');
	const request = { dir: log.dir, period: '2026-02', folder, now };
	await expect(draftUnsigned(request)).rejects.toEqual(stopsWith('incident-open'));
	const result = await draftUnsigned({ ...request, acknowledge: 'A wrong file, taken back' });
	expect(result.ok).toBe(true);
	await signWith(log, folder, log.trust.finalizer);
	const committed = await commitSigned({ dir: log.dir, folder, now });
	if (!committed.ok) throw new Error(JSON.stringify(committed.problems));
	expect(committed.value.manifest.incidents).toMatchObject([{ path }]);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});
