import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeText } from '../../src/core/format/bytes.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { finalize } from '../../src/node/finalize.ts';
import { generateKeyPair } from '../../src/node/keys.ts';
import { openRepository } from '../../src/node/repository.ts';
import { adoptRoot, draftRoot, readRootChange, signRoot } from '../../src/node/rotate.ts';
import { commitChange } from '../../src/node/transaction.ts';
import { scratchFolder, scratchLog, totalsText } from '../support/scratch.ts';

/** What docs/security.md says that holders of root keys can do, and what shows it. */
test('root keys alone write all runs but the first again, unless the newest root was noted', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	const copy = scratchFolder();
	cpSync(log.dir, copy, { recursive: true });
	const rootKey = log.saveKey('root.asc', log.trust.root);
	const now = new Date('2026-03-06T08:00:00Z');

	const takeOver = async (dir: string, name: string, generated: string) => {
		const pair = await generateKeyPair(name, new Date('2015-01-01'), '');
		const certificate = join(scratchFolder(), 'certificate.asc');
		writeFileSync(certificate, pair.certificate);
		const folder = join(scratchFolder(), 'draft');
		const retireFinalizer = [log.trust.finalizer.fingerprint];
		const words = readRootChange({ addFinalizer: [certificate], retireFinalizer });
		const { sha256 } = await draftRoot(dir, folder, words);
		const request = { folder, key: rootKey, passphrase: async () => '', now };
		await signRoot({ ...request, show: () => {} });
		await adoptRoot(dir, folder);
		const add = new Map([['data/2026-02/all.csv', encodeText(totalsText('2026-02', generated))]]);
		const author = { name: 'Test', email: 'test@example.org' };
		const change = { remove: [], add, message: 'test: readings\n', author };
		await commitChange(await openRepository(dir), change);
		const key = log.saveKey(`${name}.private.asc`, pair);
		await finalize({ dir, period: '2026-02', key, passphrase: async () => '', now });
		return sha256;
	};
	const honest = await takeOver(log.dir, 'successor', '120.5');
	const forged = await takeOver(copy, 'stranger', '999');
	const verdict = async (dir: string, pin: string) => (await auditFolder(dir, pin)).verdict;
	expect(honest).not.toBe(forged);
	expect(await verdict(log.dir, log.trust.root_sha256)).toBe('VALID');
	expect(await verdict(copy, log.trust.root_sha256)).toBe('VALID');
	expect(await verdict(copy, honest)).toBe('UNTRUSTED');
});
