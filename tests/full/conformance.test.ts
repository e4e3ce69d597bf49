import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conformanceKeys } from '../support/conformance/keys.ts';
import { CASES } from '../support/conformance/suite.ts';
import { scratchFolder } from '../support/scratch.ts';

/** The published cases, as the programs of others see them. */

/** Where verify.sh says yes to what is TAMPERED, as it admits. */
const BLIND = [
	// The strict form of signatures and certificates.
	'certificate-of-another-key',
	'signature-below-other-text',
	'signature-with-a-comment',
	'signature-with-another-scalar',
	// Sizes beside digests.
	'list-size-wrong',
	// That the figures follow from the readings, and a correction from the rules.
	'correction-after-the-lock',
	'interval-metering-points-exchanged',
	'interval-run-called-monthly',
	'interval-without-the-clock-change',
	'statement-wrong-and-signed',
	'submitter-left-out',
	'totals-wrong',
];

test('verify.sh agrees but for what it admits not to see, and is never stricter', () => {
	const words = ['sh', 'scripts/verify.sh', '{root}', '{repo}'];
	const args = ['tests/conformance/run.mjs', '--yes-no', '--', ...words];
	const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	const failed = [...stdout.matchAll(/^FAILED {2}(.+): exit 0, expected TAMPERED \(1\)$/gm)];
	expect(failed.map(([, name]) => name).toSorted()).toEqual(BLIND.toSorted());
	const agreed = CASES.length - BLIND.length;
	expect(stdout).toMatch(new RegExp(`\\n${agreed} passed, ${BLIND.length} failed\\n$`));
	expect(status).toBe(1);
	const readme = readFileSync('tests/conformance/README.md', 'utf8').replaceAll('\n', ' ');
	expect(readme).toContain(`agrees in ${agreed} cases; in the other ${BLIND.length} it says yes`);
});

test('gpg imports every certificate under its fingerprint', async () => {
	const home = join(scratchFolder(), 'gnupg');
	mkdirSync(home, { mode: 0o700 });
	const gpg = (...args: readonly string[]) => {
		const all = ['--homedir', home, '--batch', '--quiet', ...args];
		const { stdout, status, error } = spawnSync('gpg', all, { encoding: 'utf8' });
		if (error) throw error;
		expect(status, args.join(' ')).toBe(0);
		return stdout;
	};
	const signers = Object.values(await conformanceKeys());
	for (const { certificate, fingerprint } of signers) {
		writeFileSync(join(home, fingerprint), certificate);
		gpg('--import', join(home, fingerprint));
	}
	const listed = gpg('--with-colons', '--list-keys').matchAll(/^fpr:+([0-9A-F]{40}):/gm);
	const found = [...listed].map(([, it = '']) => it.toLowerCase());
	expect(found.toSorted()).toEqual(signers.map((it) => it.fingerprint).toSorted());
});
