import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { approve } from '../../src/node/approve.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { finalize } from '../../src/node/finalize.ts';
import { generateKeyPair } from '../../src/node/keys.ts';
import { adoptRoot, draftRoot, readRootChange, signRoot } from '../../src/node/rotate.ts';
import { type Scratch, scratchFolder, scratchLog, totalsText } from '../support/scratch.ts';

const PATH = 'data/2026-01/all.csv';
const none = async () => '';

async function alterAndRestore(log: Scratch) {
	const altered_in = await log.commit({ [PATH]: totalsText('2026-01', '999') });
	const restored_in = await log.commit({ [PATH]: totalsText('2026-01') });
	return { altered_in, restored_in };
}

function finalizeWith(log: Scratch, period: string, acknowledge?: string) {
	const now = new Date('2026-06-01T08:00:00Z');
	const request = { dir: log.dir, period, key: log.key, passphrase: none, now };
	return finalize(acknowledge === undefined ? request : { ...request, acknowledge });
}

test('a run acknowledges an alteration that was undone; without that nothing is added', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	await expect(finalizeWith(log, '2026-02', 'Nothing happened')).rejects.toMatchObject({
		stop: { code: 'nothing-to-acknowledge' },
	});
	const commits = await alterAndRestore(log);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('TAMPERED');
	await expect(finalizeWith(log, '2026-02')).rejects.toMatchObject({
		stop: { code: 'incident-open', finding: { path: PATH, code: 'history-restored' } },
	});
	await expect(finalizeWith(log, '2026-02', '=1')).rejects.toMatchObject({
		stop: { code: 'reason-malformed' },
	});
	const done = await finalizeWith(log, '2026-02', 'Saved by mistake.');
	const incident = { path: PATH, ...commits, reason: 'Saved by mistake.' };
	expect(done).toMatchObject({ ok: true, value: { manifest: { incidents: [incident] } } });
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect(report.verdict).toBe('VALID');
	expect(report.findings).toMatchObject([{ code: 'history-acknowledged', path: PATH }]);
});

test('what still stands altered cannot be acknowledged', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	await alterAndRestore(log);
	await log.commit({ [PATH]: totalsText('2026-01', '998') });
	await expect(finalizeWith(log, '2026-02', 'Saved by mistake.')).rejects.toMatchObject({
		stop: { code: 'log-not-intact', verdict: 'TAMPERED' },
	});
});

test('with approval roles the acknowledgment counts once it is approved', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	const pair = await generateKeyPair('finance', new Date('2015-01-01T00:00:00Z'), '');
	const key = log.saveKey('finance.asc', pair);
	const certificate = log.saveKey('finance.certificate.asc', { ...pair, secret: pair.certificate });
	const words = { addApprover: [`finance=${certificate}`], from: '2' };
	const folder = join(scratchFolder(), 'next');
	await draftRoot(log.dir, folder, readRootChange(words));
	const root = log.saveKey('root.asc', log.trust.root);
	const signing = { folder, key: root, passphrase: none, show: () => {} };
	await signRoot({ ...signing, now: new Date('2026-01-15T08:00:00Z') });
	await adoptRoot(log.dir, folder);
	await log.finalize('2026-01');
	await alterAndRestore(log);
	await finalizeWith(log, '2026-02', 'Saved by mistake.');
	const audit = () => auditFolder(log.dir, log.trust.root_sha256);
	expect((await audit()).verdict).toBe('TAMPERED');
	const shown: object[] = [];
	const now = new Date('2026-06-02T08:00:00Z');
	const request = { dir: log.dir, period: '2026-02', role: 'finance', key, now };
	await approve({
		...request,
		passphrase: none,
		show: ({ incidents }) => shown.push(...incidents),
	});
	expect(shown).toMatchObject([{ path: PATH }]);
	expect((await audit()).verdict).toBe('VALID');
});

// Hundreds of commits: for mode full.
if (inject('full')) {
	test('more than a manifest can hold is acknowledged by one run after the other', async () => {
		const log = await scratchLog(['2026-01', '2026-02', '2026-03']);
		await log.finalize('2026-01');
		const reason = `${'\u00e4'.repeat(119)}.`;
		for (let time = 0; time < 130; time++) await alterAndRestore(log);
		const [first, second] = [
			await finalizeWith(log, '2026-02', reason),
			await finalizeWith(log, '2026-03', reason),
		];
		const counts = [first, second].map((it) => (it.ok ? it.value.manifest.incidents.length : 0));
		expect(counts.reduce((sum, it) => sum + it, 0)).toBe(130);
		expect(counts[0]).toBeLessThan(130);
		expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
	});
}
