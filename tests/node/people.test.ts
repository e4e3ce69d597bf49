import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { approve } from '../../src/node/approve.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { prepareCorrection, requireUnlocked } from '../../src/node/correct.ts';
import { finalize } from '../../src/node/finalize.ts';
import { generateKeyPair, type KeyPair } from '../../src/node/keys.ts';
import {
	adoptRoot,
	currentRoot,
	draftRoot,
	readRootChange,
	signRoot,
} from '../../src/node/rotate.ts';
import {
	RULES_TEXT,
	type Scratch,
	scratchFolder,
	scratchLog,
	totalsText,
} from '../support/scratch.ts';

const none = async () => '';
const now = new Date('2026-06-01T08:00:00Z');

function stopsWith(code: string) {
	return expect.objectContaining({ stop: expect.objectContaining({ code }) });
}

/** A person with a key, the private part and the certificate as files outside the repository. */
async function person(log: Scratch, name: string) {
	const pair: KeyPair = await generateKeyPair(name, new Date('2015-01-01'), '');
	const certificate = join(scratchFolder(), `${name}.asc`);
	writeFileSync(certificate, pair.certificate);
	return { ...pair, path: certificate, key: log.saveKey(`${name}.private.asc`, pair) };
}

async function rotate(log: Scratch, words: Parameters<typeof readRootChange>[0], keys: string[]) {
	const folder = join(scratchFolder(), 'next');
	const draft = await draftRoot(log.dir, folder, readRootChange(words));
	for (const key of keys) {
		await signRoot({ folder, key, passphrase: none, now, show: () => {} });
	}
	return { ...draft, folder };
}

test('a rotation hands trust on, and the first pin still holds', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	const rootKey = log.saveKey('root.asc', log.trust.root);
	const [finance, machine, keeper] = await Promise.all([
		person(log, 'finance'),
		person(log, 'machine'),
		person(log, 'keeper'),
	]);
	const words = {
		addRoot: [keeper.path],
		threshold: '2',
		addFinalizer: [machine.path],
		retireFinalizer: [log.trust.finalizer.fingerprint],
		addApprover: [`finance=${finance.path}`],
	};
	const short = await rotate(log, words, [keeper.key]);
	await expect(adoptRoot(log.dir, short.folder)).rejects.toEqual(stopsWith('root-threshold'));
	expect(existsSync(join(log.dir, 'trust/root-2.json'))).toBe(false);

	const { folder, root, sha256 } = await rotate(log, words, [keeper.key, rootKey]);
	expect(root).toMatchObject({ version: 2, effective_from_sequence: 2, root_threshold: 2 });
	await adoptRoot(log.dir, folder);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
	expect((await auditFolder(log.dir, sha256)).verdict).toBe('VALID');

	await expect(log.finalize('2026-02')).rejects.toEqual(stopsWith('key-not-in-force'));
	const request = { dir: log.dir, period: '2026-02', key: machine.key, passphrase: none };
	const result = await finalize({ ...request, now: new Date('2026-03-06T08:00:00Z') });
	expect(result.ok).toBe(true);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('PENDING');
});

test('a rotation refuses what no root can be', async () => {
	const log = await scratchLog(['2026-01']);
	await log.finalize('2026-01');
	const keeper = await person(log, 'keeper');
	const drafted = (words: Parameters<typeof readRootChange>[0]) => rotate(log, words, []);
	await expect(drafted({ threshold: '2' })).rejects.toEqual(stopsWith('root-refused'));
	await expect(drafted({ from: '1' })).rejects.toEqual(stopsWith('root-too-early'));
	await expect(drafted({ from: 'x' })).rejects.toEqual(stopsWith('number-malformed'));
	const stranger = { removeRoot: [keeper.fingerprint] };
	await expect(drafted(stranger)).rejects.toEqual(stopsWith('key-not-in-root'));
	expect(() => readRootChange({ addApprover: [keeper.path] })).toThrow(
		stopsWith('approver-malformed'),
	);
	const twice = { addRoot: [keeper.path], addFinalizer: [keeper.path] };
	await expect(drafted(twice)).rejects.toEqual(stopsWith('root-refused'));
	await expect(drafted({ addRoot: [keeper.key] })).rejects.toEqual(
		stopsWith('certificate-refused'),
	);
});

test('holders see who signs what, with every change, before they sign', async () => {
	const log = await scratchLog(['2026-01']);
	const [finance, machine] = await Promise.all([person(log, 'finance'), person(log, 'machine')]);
	const old = log.trust.finalizer.fingerprint;
	const words = {
		addFinalizer: [machine.path],
		// As gpg prints fingerprints.
		retireFinalizer: [old.toUpperCase().replaceAll(/(.{4})/g, '$1 ')],
		addApprover: [`finance=${finance.path}`],
	};
	const folder = join(scratchFolder(), 'next');
	const drafted = await draftRoot(log.dir, folder, readRootChange(words));
	expect(drafted).toMatchObject({ next: 1, root: { effective_from_sequence: 2 } });
	const key = log.saveKey('root.asc', log.trust.root);
	const seen: object[] = [];
	const request = { folder, passphrase: none, now, show: (it: object) => void seen.push(it) };
	await expect(signRoot({ ...request, key: finance.key })).rejects.toEqual(
		stopsWith('key-not-root'),
	);
	await signRoot({ ...request, key });
	expect(seen.at(-1)).toMatchObject({
		sha256: drafted.sha256,
		rootKeys: [{ change: 'kept', holder: 'example.org/test root' }],
		finalizers: [
			{ change: 'new', holder: 'machine' },
			{ change: 'ends', fingerprint: old },
		],
		approvers: [{ change: 'new', role: 'finance', fingerprint: finance.fingerprint }],
	});
	await expect(draftRoot(log.dir, folder, readRootChange({}))).rejects.toEqual(
		stopsWith('draft-exists'),
	);
	await adoptRoot(log.dir, folder);
	await expect(adoptRoot(log.dir, folder)).rejects.toEqual(stopsWith('root-adopted'));
	expect(await currentRoot(log.dir)).toMatchObject({
		finalizers: [{ change: 'kept', fingerprint: machine.fingerprint }],
	});
});

test('a draft that was signed over other bytes, or came too late, is not adopted', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	const rootKey = log.saveKey('root.asc', log.trust.root);
	const finance = await person(log, 'finance');
	const early = await rotate(log, { addApprover: [`finance=${finance.path}`] }, [rootKey]);
	const other = await rotate(log, { addApprover: [`audit=${finance.path}`] }, []);
	const name = `root-2.json.${log.trust.root.fingerprint}.asc`;
	copyFileSync(join(early.folder, name), join(other.folder, name));
	await expect(adoptRoot(log.dir, other.folder)).rejects.toMatchObject({
		stop: { code: 'draft-refused', finding: { code: 'root-signature', actual: 'cryptography' } },
	});
	await log.finalize('2026-02');
	await expect(adoptRoot(log.dir, early.folder)).rejects.toMatchObject({
		stop: { code: 'root-too-early', from: '2', earliest: '3' },
	});
	expect(existsSync(join(log.dir, 'trust/root-2.json'))).toBe(false);
});

test('an approval makes PENDING VALID, once, by the right person, on the newest run', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	const [finance, audit] = await Promise.all([person(log, 'finance'), person(log, 'audit')]);
	const words = { addApprover: [`finance=${finance.path}`, `audit=${audit.path}`], from: '2' };
	await log.finalize('2026-01');
	const { folder } = await rotate(log, words, [log.saveKey('root.asc', log.trust.root)]);
	await adoptRoot(log.dir, folder);
	await log.finalize('2026-02');

	const shown: string[] = [];
	const sign = (role: string, key: string, period = '2026-02') =>
		approve({
			...{ dir: log.dir, period, role, key, passphrase: none, now },
			show: ({ period: of, rows }) => void shown.push(`${of} ${rows.length}`),
		});
	await expect(sign('finance', audit.key)).rejects.toEqual(stopsWith('key-not-for-role'));
	await expect(sign('finance', log.key)).rejects.toEqual(stopsWith('key-not-for-role'));
	await expect(sign('boss', finance.key)).rejects.toEqual(stopsWith('role-unknown'));
	await expect(sign('finance', finance.key, '2026-01')).rejects.toEqual(
		stopsWith('approval-not-newest'),
	);
	expect((await sign('finance', finance.key)).missing).toEqual(['audit']);
	expect(shown.at(-1)).toBe('2026-02 3');
	await expect(sign('finance', finance.key)).rejects.toEqual(stopsWith('approval-exists'));
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('PENDING');
	expect((await sign('audit', audit.key)).missing).toEqual([]);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});

test('nobody approves what does not follow from its inputs', async () => {
	const log = await scratchLog(['2026-01']);
	const finance = await person(log, 'finance');
	const words = { addApprover: [`finance=${finance.path}`], from: '2' };
	const { folder } = await rotate(log, words, [log.saveKey('root.asc', log.trust.root)]);
	await adoptRoot(log.dir, folder);
	await log.finalize('2026-01');
	await log.commit({
		'data/2026-01/r2/all.csv': totalsText('2026-01', '7'),
		'data/2026-01/r2/correction.json':
			'{"reason_code":"other","reason":"Why","requested_by":"Me","evidence":""}',
	});
	await log.finalize('2026-01', '2026-05-01T00:00:00Z');
	await log.commit({ 'data/2026-01/r2/all.csv': totalsText('2026-01', '8') });
	const request = { dir: log.dir, period: '2026-01', role: 'finance', key: finance.key, now };
	await expect(approve({ ...request, passphrase: none, show: () => {} })).rejects.toMatchObject({
		stop: {
			code: 'log-not-intact',
			finding: { path: 'data/2026-01/r2/all.csv', difference: { expected: '7', actual: '8' } },
		},
	});
	await log.commit({ 'data/2026-01/r2/all.csv': totalsText('2026-01', '7') });
	const seen: object[] = [];
	await approve({ ...request, passphrase: none, show: (it) => void seen.push(it) });
	expect(seen).toMatchObject([
		{
			run: 2,
			correction: { reason: 'Why', requested_by: 'Me' },
			exceptions: [],
			rows: { length: 3 },
			incidents: [{ path: 'data/2026-01/r2/all.csv', code: 'history-restored' }],
		},
	]);
	expect(seen).toMatchObject([{ changes: [{ entity: 'hall' }, {}, {}] }]);
});

test('after the lock only a dispute that two roles approve can correct a period', async () => {
	const rules = JSON.parse(RULES_TEXT);
	const locked = JSON.stringify({ ...rules, lock_after_days: 30 });
	const log = await scratchLog(['2026-01'], { 'data/rules/2026-01.json': locked });
	await log.finalize('2026-01');
	const correct = (reason_code: string) =>
		log.commit({
			'data/2026-01/r2/all.csv': totalsText('2026-01', '7'),
			'data/2026-01/r2/correction.json': JSON.stringify({
				...{ reason_code, reason: 'Why', requested_by: 'Me', evidence: '' },
			}),
		});
	await correct('meter-reading');
	await expect(log.finalize('2026-01', '2026-04-01T00:00:00Z')).rejects.toEqual(
		stopsWith('locked'),
	);
	const prepared = (code: 'other' | 'dispute', at: string) => () =>
		requireUnlocked(log.dir, '2026-01', code, new Date(at));
	expect(prepared('other', '2026-02-20T00:00:00Z')).not.toThrow();
	expect(prepared('other', '2026-04-01T00:00:00Z')).toThrow(stopsWith('locked'));
	expect(prepared('dispute', '2026-04-01T00:00:00Z')).toThrow(stopsWith('locked'));
	await correct('dispute');
	await expect(log.finalize('2026-01', '2026-04-01T00:00:00Z')).rejects.toEqual(
		stopsWith('locked'),
	);
	const [finance, audit] = await Promise.all([person(log, 'finance'), person(log, 'audit')]);
	const words = { addApprover: [`finance=${finance.path}`, `audit=${audit.path}`] };
	const { folder } = await rotate(log, words, [log.saveKey('root.asc', log.trust.root)]);
	await adoptRoot(log.dir, folder);
	expect(prepared('dispute', '2026-04-01T00:00:00Z')).not.toThrow();
	const result = await log.finalize('2026-01', '2026-04-01T00:00:00Z');
	expect(result).toMatchObject({ ok: true, value: { manifest: { kind: 'dispute' } } });
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('PENDING');
});

test('correct prepares a folder that validates once its files are edited', async () => {
	const log = await scratchLog(['2026-01']);
	const correction = {
		reason_code: 'meter-reading',
		reason: 'Read too late',
		requested_by: 'A. Clerk',
		evidence: 'Ticket 7',
	};
	const request = { dir: log.dir, period: '2026-01', names: ['all.csv'], correction };
	expect(() => prepareCorrection(request)).toThrow(stopsWith('nothing-final'));
	await log.finalize('2026-01');
	expect(() => prepareCorrection({ ...request, names: ['none.csv'] })).toThrow(
		stopsWith('no-such-input'),
	);
	const wrong = { ...request, correction: { ...correction, reason_code: 'mood', reason: '' } };
	expect(prepareCorrection(wrong)).toMatchObject({ ok: false });
	expect(existsSync(join(log.dir, 'data/2026-01/r2'))).toBe(false);

	expect(prepareCorrection(request)).toMatchObject({
		value: { folder: 'data/2026-01/r2', edit: ['data/2026-01/r2/all.csv'] },
	});
	expect(() => prepareCorrection(request)).toThrow(stopsWith('correction-exists'));
	const path = join(log.dir, 'data/2026-01/r2/all.csv');
	const validate = () =>
		spawnSync(process.execPath, ['scripts/validate.ts', '--repo', log.dir], { encoding: 'utf8' });
	expect(validate().stdout).toContain('correction-unchanged');
	writeFileSync(path, readFileSync(path, 'utf8').replace('120.500', '100'));
	expect(validate().status).toBe(0);
});
