import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examine } from '../../src/node/doctor.ts';
import { generateKeyPair } from '../../src/node/keys.ts';
import { doctorText } from '../../src/node/print-doctor.ts';
import { adoptRoot, draftRoot, readRootChange, signRoot } from '../../src/node/rotate.ts';
import { diagnosisText } from '../../src/texts/chosen.ts';
import { installedLog } from '../support/installation.ts';
import { scratchFolder } from '../support/scratch.ts';

const now = new Date('2026-02-06T08:00:00Z');
const look = (dir: string, key?: string) => examine({ dir, key, now });

test('a key file is judged by its public part, and never unlocked', async () => {
	const log = await installedLog();
	const keyed = async (path: string) =>
		(await look(log.dir, path)).filter(({ check }) => check === 'key').map(diagnosisText);
	const locked = await generateKeyPair('stranger', now, 'correct horse');
	const stranger = log.saveKey('stranger.asc', locked);
	chmodSync(log.key, 0o644);
	expect(await keyed(log.key)).toEqual([
		expect.stringMatching(/^Others on this computer may read/),
	]);
	chmodSync(log.key, 0o600);
	expect(await keyed(log.key)).toEqual([expect.stringMatching(/^This is the finalizer key /)]);
	chmodSync(stranger, 0o600);
	expect(await keyed(stranger)).toEqual([
		expect.stringMatching(/^The key [0-9a-f]{40} is not in the trust root\./),
	]);
	const root = log.saveKey('root.asc', log.trust.root);
	chmodSync(root, 0o600);
	expect(await keyed(root)).toEqual([expect.stringContaining('is for "root"')]);
	const { fingerprint } = log.trust.finalizer;
	const certificate = join(scratchFolder(), 'public.asc');
	writeFileSync(certificate, log.trust.finalizer.certificate, { mode: 0o600 });
	expect(fingerprint).toMatch(/^[0-9a-f]{40}$/);
	expect(await keyed(certificate)).toEqual([expect.stringMatching(/holds a public key/)]);
	writeFileSync(certificate, 'x');
	expect(await keyed(certificate)).toEqual([expect.stringMatching(/holds no private key/)]);
	expect(await keyed(`${certificate}x`)).toEqual([expect.stringMatching(/There is no such file/)]);
	writeFileSync(join(log.dir, 'mine.asc'), log.trust.finalizer.secret, { mode: 0o600 });
	expect(await keyed(join(log.dir, 'mine.asc'))).toEqual([
		expect.stringMatching(/lies inside the repository/),
	]);
});

test('roles that have to approve are named, and so is a finalizer whose time is over', async () => {
	const log = await installedLog();
	await log.finalize('2026-01');
	const [approver, machine] = await Promise.all(
		['M. Okafor', 'machine'].map((name) => generateKeyPair(name, new Date('2015-01-01'), '')),
	);
	if (approver === undefined || machine === undefined) throw new Error('no keys');
	const folder = join(scratchFolder(), 'next');
	const certificates = scratchFolder();
	for (const [name, pair] of Object.entries({ approver, machine })) {
		writeFileSync(join(certificates, name), pair.certificate);
	}
	const change = readRootChange({
		addApprover: [`finance=${join(certificates, 'approver')}`],
		addFinalizer: [join(certificates, 'machine')],
		retireFinalizer: [log.trust.finalizer.fingerprint],
	});
	await draftRoot(log.dir, folder, change);
	const key = log.saveKey('root.asc', log.trust.root);
	await signRoot({ folder, key, passphrase: async () => '', now, show: () => {} });
	await adoptRoot(log.dir, folder);
	const text = doctorText(await look(log.dir));
	expect(text).toContain('every run needs the approval of finance.');
	expect(text).toContain(`The key ${machine.fingerprint} may sign the next run, sequence 2.`);
	expect(text).toContain('version 2, holds');
	chmodSync(log.key, 0o600);
	const keyed = async (path: string) =>
		(await look(log.dir, path)).filter(({ check }) => check === 'key').map(diagnosisText);
	expect(await keyed(log.key)).toEqual([expect.stringContaining('may not sign the next run')]);
	const finance = log.saveKey('finance.asc', approver);
	chmodSync(finance, 0o600);
	expect(await keyed(finance)).toEqual([expect.stringContaining('is for "finance"')]);
});
