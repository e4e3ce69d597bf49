import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { settlementsDigest } from '../support/communities.ts';

const PROGRAM = `
	import { settlementsDigest } from './tests/support/communities.ts';
	process.stdout.write(settlementsDigest(120, 7));
`;

test.each([
	['UTC', 'C'],
	['Pacific/Apia', 'tr_TR.UTF-8'],
	['America/St_Johns', 'de_DE.UTF-8'],
	['Asia/Kathmandu', 'ar_EG.UTF-8'],
])('time zone %s and locale %s give the same bytes', (TZ, LANG) => {
	const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM], {
		env: { ...process.env, TZ, LANG, LC_ALL: LANG },
		encoding: 'utf8',
	});
	expect(run.stdout + run.stderr).toBe(settlementsDigest(120, 7));
});
