import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signatureFault } from '../../src/core/evidence/certificate.ts';
import { runFolder } from '../../src/core/paths.ts';
import { scratchFolder, scratchLog } from '../support/scratch.ts';

function program(name: string, args: readonly string[], cwd?: string): string {
	const run = spawnSync(name, args, { encoding: 'utf8', cwd });
	if (run.error) throw run.error;
	if (run.status !== 0) throw new Error(`${name} ${args.join(' ')}:\n${run.stderr}`);
	return run.stdout;
}

/** An empty GnuPG home of its own, and how to call gpg in it. */
function gnupg(): (...args: string[]) => string {
	const home = join(scratchFolder(), 'gnupg');
	mkdirSync(home, { mode: 0o700 });
	return (...args) => program('gpg', ['--homedir', home, '--batch', '--quiet', ...args]);
}

test('a run can be checked by hand with gpgv and sha256sum', async () => {
	const log = await scratchLog(['2026-01']);
	await log.finalize('2026-01');
	const folder = join(log.dir, runFolder('2026-01', 1));
	const keyring = join(scratchFolder(), 'finalizer.gpg');
	const certificate = join(log.dir, `trust/keys/${log.trust.finalizer.fingerprint}.asc`);
	gnupg()('--output', keyring, '--dearmor', certificate);
	const files = [join(folder, 'manifest.json.asc'), join(folder, 'manifest.json')];
	program('gpgv', ['--keyring', keyring, ...files]);
	const [sum = ''] = program('sha256sum', [join(folder, 'SHA256SUMS')]).split(' ');
	expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toContain(`"sha256": "${sum}"`);
	program('sha256sum', ['--strict', '--quiet', '-c', join(folder, 'SHA256SUMS')], log.dir);
	writeFileSync(join(log.dir, 'data/2026-01/all.csv'), 'changed');
	const changed = spawnSync('sha256sum', ['--strict', '-c', join(folder, 'SHA256SUMS')], {
		cwd: log.dir,
	});
	expect(changed.status).toBe(1);
});

test('a signature made by gpg itself has the accepted profile', async () => {
	const gpg = gnupg();
	const dir = scratchFolder();
	gpg('--passphrase', '', '--quick-gen-key', 'Finance Controller', 'ed25519', 'sign', 'never');
	writeFileSync(join(dir, 'manifest.json'), 'any bytes\n');
	gpg('--armor', '--output', join(dir, 'a.asc'), '--detach-sign', join(dir, 'manifest.json'));
	gpg('--armor', '--output', join(dir, 'key.asc'), '--export', 'Finance Controller');
	const [data, signature, key] = ['manifest.json', 'a.asc', 'key.asc'].map(
		(name) => new Uint8Array(readFileSync(join(dir, name))),
	);
	if (!data || !signature || !key) throw new Error('a file is missing');
	expect(await signatureFault(data, signature, key)).toBe(null);
	expect(await signatureFault(new Uint8Array([...data, 10]), signature, key)).toBe('cryptography');
});

test('native git agrees with every object that a log is made of', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	await log.finalize('2026-02');
	const clone = join(scratchFolder(), 'clone');
	program('git', ['clone', '-q', log.dir, clone]);
	program('git', ['fsck', '--full', '--strict'], clone);
	const names = (dir: string) =>
		readdirSync(join(dir, 'settlements'), { recursive: true }).toSorted();
	expect(names(clone)).toEqual(names(log.dir));
	copyFileSync(join(log.dir, 'data/entities.csv'), join(clone, 'data/entities.csv'));
	expect(program('git', ['status', '--porcelain'], clone)).toBe('');
});
