import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type GitFaultCode, LIMITS } from '../../../src/core/git/object.ts';

/** docs/spec/git.md says what the code does. */
const page = readFileSync('docs/spec/git.md', 'utf8');
const [, faults = ''] = page.split('## Faults');

// A new code fails to compile here until it is named.
const CODES: Readonly<Record<GitFaultCode, true>> = {
	'bundle-malformed': true,
	'bundle-unsupported': true,
	'branch-unknown': true,
	'ref-malformed': true,
	'repository-unsupported': true,
	unreadable: true,
	'pack-truncated': true,
	'pack-malformed': true,
	'pack-trailing': true,
	'pack-checksum': true,
	'delta-base-missing': true,
	'delta-malformed': true,
	'object-malformed': true,
	'object-wrong': true,
	limit: true,
};

test('it names every fault', () => {
	const named = [...faults.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
	expect(named).toEqual(Object.keys(CODES));
});

test('it has the limits', () => {
	const rows = [...page.matchAll(/^\| (?:objects|bytes|deltas|header)[^|]*\| ([^|]*) \|$/gm)];
	const MIB = 1024 * 1024;
	expect(rows.map(([, limit]) => limit)).toEqual([
		LIMITS.objects.toLocaleString('en'),
		`${LIMITS.object / MIB} MiB`,
		`${LIMITS.total / MIB / 1024} GiB`,
		String(LIMITS.depth),
		'4 GiB',
		'4 MiB',
	]);
});
