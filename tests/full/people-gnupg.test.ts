import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { type Desk, FINALIZE, makeKeys, sitDown } from './people/desk.ts';

/** Several people and their keys of gpg, from the first rotation to VALID, by the commands alone. */

const MAY = 'settlements/2026-05/r1';
const JUNE = 'settlements/2026-06/r1';
const APPROVE = 'npm run -s approve -- --key';

/** Signs a file with gpg as a person, as an auditor does who uses no program of ours. */
const signed = (name: string, out: string, file: string) =>
	`gpg --local-user "${name}" --armor --detach-sign --output ${out} ${file}`;
const approved = (name: string, role: string, folder: string) =>
	`${signed(name, `${folder}/approvals/${role}.asc`, `${folder}/manifest.json`)} &&
	git add ${folder} && git commit -q -m "settlement: approve ${folder} as ${role}"`;

/** Two approvers, two holders of root keys, both roots' signatures by gpg; April is final before. */
function trustPeople(desk: Desk): string {
	const { must, log } = desk;
	makeKeys(desk);
	must(`${FINALIZE} --period 2026-04`);
	must(
		'npm run -s rotate -- --draft ../r2 --threshold 2 --add-root ../root-holder.asc ' +
			'--add-approver finance=../finance.asc audit=../audit.asc',
	);
	must('gpg --import ../wattproof-keys/root.private.asc');
	for (const name of ['C. Duarte', 'example.org/energy root']) {
		const fingerprint = fingerprintOf(desk, name);
		must(signed(name, `../r2/root-2.json.${fingerprint}.asc`, '../r2/root-2.json'));
	}
	must('npm run -s rotate -- --adopt ../r2');
	return digest(new Uint8Array(readFileSync(join(log, 'trust/root-1.json'))));
}

function fingerprintOf({ must }: Desk, name: string): string {
	const [, fingerprint = ''] = /^fpr:+([0-9A-F]{40}):/m.exec(
		must(`gpg --with-colons --list-keys "=${name}"`),
	) ?? ['', ''];
	return fingerprint.toLowerCase();
}

/** What both verifiers say: the first word and exit code of one, the exit code of the other. */
function verdicts({ type }: Desk, pin: string): (string | number | null)[] {
	const ours = type(`npm run -s verify -- --root ${pin}`);
	const script = type(`sh scripts/verify.sh ${pin}`);
	return [ours.out.split(' ')[0] ?? '', ours.status, script.status];
}

test('keys of gpg hold roots and roles: PENDING until both have signed, then VALID', () => {
	const desk = sitDown(['2026-04', '2026-05', '2026-06']);
	const { must, type } = desk;
	const pin = trustPeople(desk);

	must(`${FINALIZE} --period 2026-05`);
	expect(verdicts(desk, pin)).toEqual(['PENDING', 4, 1]);
	const first = must(`${APPROVE} ../finance.private.asc --role finance --period 2026-05`);
	expect(first).toMatch(/Next: the approval of audit$/m);
	expect(verdicts(desk, pin)).toEqual(['PENDING', 4, 1]);
	expect(type(`${FINALIZE} --period 2026-06`).out).toMatch(/still lacks the approval of audit/);
	must(approved('B. Sato', 'audit', MAY));
	expect(verdicts(desk, pin)).toEqual(['VALID', 0, 0]);

	// A successor whose key has a passphrase; the digests of both versions can be pinned.
	const secret = { GPG_PASSPHRASE: 'correct horse', WATTPROOF_PASSPHRASE: 'correct horse' };
	must('gpg --quick-gen-key "N. Ito" ed25519 sign never', secret);
	must('gpg --armor --export "N. Ito" > ../ito.asc');
	must('gpg --armor --export-secret-keys "N. Ito" > ../ito.private.asc', secret);
	const left = fingerprintOf(desk, 'M. Okafor')
		.toUpperCase()
		.replaceAll(/(.{4})/g, '$1 ');
	must(
		`npm run -s rotate -- --draft ../r3 --add-approver finance=../ito.asc --remove-approver "${left}"`,
	);
	must('npm run -s rotate -- --sign ../r3 --key ../wattproof-keys/root.private.asc');
	must('npm run -s rotate -- --sign ../r3 --key ../root-holder.private.asc');
	must('npm run -s rotate -- --adopt ../r3');
	must(`${FINALIZE} --period 2026-06`);
	const june = '--role finance --period 2026-06';
	expect(type(`${APPROVE} ../finance.private.asc ${june}`).out).toMatch(
		/may not approve as finance/,
	);
	expect(type(`${APPROVE} ../ito.private.asc ${june}`).out).toMatch(/passphrase does not open/);
	must(`${APPROVE} ../ito.private.asc ${june}`, secret);
	must(approved('B. Sato', 'audit', JUNE));
	expect(verdicts(desk, pin)).toEqual(['VALID', 0, 0]);
	const third = must('sha256sum trust/root-3.json').slice(0, 64);
	expect(verdicts(desk, third)).toEqual(['VALID', 0, 0]);
});

test('a signature in the place of another, a late one, and an altered figure are seen', () => {
	const desk = sitDown(['2026-04', '2026-05', '2026-06']);
	const { must, type } = desk;
	const pin = trustPeople(desk);
	must(`${FINALIZE} --period 2026-05`);
	const finance = `${APPROVE} ../finance.private.asc --role finance --period 2026-05`;

	// Before finance signs, somebody alters a reading, commits it, and hopes.
	must('sed -i s/66.5/6.5/ data/2026-05/estates.csv');
	expect(type(finance)).toEqual({
		out: expect.stringMatching(/^Not committed, so not signed: data\/2026-05\/estates.csv/),
		status: 1,
	});
	must('git commit -q -a -m "data: a digit"');
	expect(type(finance)).toEqual({
		out: expect.stringMatching(
			/estates\.csv is not what was finalized \(line 3, consumed_kwh: 66\.5 -> 6\.5\)/,
		),
		status: 1,
	});
	must('git reset -q --hard HEAD~1');
	must(`sed -i s/66.500/6.500/g ${MAY}/statement.csv && git commit -q -a -m "settlement: a digit"`);
	expect(type(finance).out).toMatch(
		/statement\.csv is not .* \(line 3, consumed_kwh: 66\.500 -> 6\.500\)/,
	);
	must('git reset -q --hard HEAD~1');
	must(finance);

	// Finance signs in the place of audit.
	must(approved('M. Okafor', 'audit', MAY));
	expect(verdicts(desk, pin)).toEqual(['UNTRUSTED', 2, 1]);
	expect(type(`${FINALIZE} --period 2026-06`).out).toMatch(
		/does not verify \(UNTRUSTED\).*audit\.asc is by [0-9a-f]{40}, which has no such role/,
	);
	must('git reset -q --hard HEAD~1');
	must(approved('B. Sato', 'audit', MAY));
	must(`${FINALIZE} --period 2026-06`);

	// After the next manifest even the right person signs too late.
	expect(type(finance).out).toMatch(/the newest run can be approved, which is 2026-06 run 1/);
	must(`rm ${MAY}/approvals/audit.asc && sleep 1`);
	must(approved('B. Sato', 'audit', MAY));
	expect(verdicts(desk, pin)).toEqual(['TAMPERED', 1, 1]);
	expect(type('npm run -s verify').out).toMatch(/Signatures of the run before run 1 of 2026-06/);
});
