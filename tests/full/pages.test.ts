import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Desk, FINALIZE, makeKeys, sitDown } from './people/desk.ts';
import { followPage, readSteps } from './people/page.ts';

/** The pages that people follow with their hands: every command on them, and what it prints. */

function startOfApprovals(): Desk {
	const desk = sitDown(['2026-05', '2026-06']);
	const { must } = desk;
	must(`${FINALIZE} --period 2026-05`);
	makeKeys(desk);
	must(
		'npm run -s rotate -- --draft ../r2 --add-approver finance=../finance.asc audit=../audit.asc',
	);
	must('npm run -s rotate -- --sign ../r2 --key ../wattproof-keys/root.private.asc');
	must('npm run -s rotate -- --adopt ../r2');
	must(`${FINALIZE} --period 2026-06`);
	must('mv ../finance.private.asc ../mine.private.asc');
	const secret = { GPG_PASSPHRASE: 'correct horse' };
	must('gpg --quick-gen-key Locked ed25519 sign never', secret);
	must('gpg --armor --export-secret-keys Locked > ../locked.private.asc', secret);
	return desk;
}

function startOfRotation(): Desk {
	const desk = sitDown(['2026-05', '2026-06']);
	desk.must(`${FINALIZE} --period 2026-05`);
	makeKeys(desk);
	return desk;
}

function startOfCorrection(): Desk {
	const desk = sitDown(['2026-05']);
	desk.must(`sed -i 's/"time_zone"/"lock_after_days": 90, "time_zone"/' data/rules/*.json`);
	desk.must('git commit -q -a -m "data: lock after 90 days"');
	desk.must(`${FINALIZE} --period 2026-05`);
	return desk;
}

test.each([
	['docs/correct.md', startOfCorrection],
	['docs/approve.md', startOfApprovals],
	['docs/rotate.md', startOfRotation],
])('%s says what the commands print', (path, start) => {
	const page = readFileSync(path, 'utf8');
	expect(readSteps(page).length).toBeGreaterThan(5);
	expect(followPage(page, start())).toEqual([]);
});
