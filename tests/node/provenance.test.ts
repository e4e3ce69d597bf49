import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { readTree } from '../../src/node/files.ts';
import { inputsOf, sourceAddress } from '../../src/node/provenance.ts';
import { readPublished } from '../../src/node/published.ts';

const { files } = readTree(resolve('.'));
const { runs } = readPublished(files);

test('the inputs of a correction name what it replaced', () => {
	const run = runs.find(({ id }) => id === 'S-2026-03-r2');
	if (run === undefined) throw new Error('no correction');
	const inputs = inputsOf(files, run);
	const told = inputs.map(({ path, kind, rows, replacedBy, source }) => {
		return [path, kind, rows, replacedBy, source === path ? 'same' : source];
	});
	expect(told).toEqual([
		['data/2026-03/estates.csv', 'submission', 7, 2, 'same'],
		['data/2026-03/r2/correction.json', 'correction', null, null, 'same'],
		['data/2026-03/r2/estates.csv', 'submission', 7, null, 'same'],
		['data/2026-03/residences.csv', 'submission', 2, null, 'same'],
		['data/2026-03/sports.csv', 'submission', 1, null, 'same'],
		['settlements/2026-03/r2/entities.csv', 'register', 10, null, 'data/entities.csv'],
		['settlements/2026-03/r2/rules.json', 'rules', null, null, 'data/rules/2025-08.json'],
	]);
	for (const { path, sha256 } of inputs) {
		expect(digest(files.get(path) ?? new Uint8Array())).toBe(sha256);
	}
});

test('every other data file of a run has its kind', () => {
	const kinds = new Set(runs.flatMap((run) => inputsOf(files, run).map(({ kind }) => kind)));
	expect(kinds).toContain('absences');
	expect(kinds).toContain('waivers');
});

test('the inputs of a month of readings tell what a row is, and where metering points stand', () => {
	const run = runs.find(({ id }) => id === 'S-2026-09-r1');
	if (run === undefined) throw new Error('no month of readings');
	const told = inputsOf(files, run).map(({ path, kind, rows, form, source }) => {
		return [path, kind, rows, form, source === path ? 'same' : source];
	});
	expect(told).toEqual([
		['data/2026-09/estates.csv', 'submission', 11 * 30, 'days', 'same'],
		['data/2026-09/residences.csv', 'submission', 30 * 24, 'wide', 'same'],
		['data/2026-09/sports.csv', 'submission', 30 * 24, 'long', 'same'],
		['data/2026-09/substitutes.csv', 'substitutes', 1, null, 'same'],
		['settlements/2026-09/r1/entities.csv', 'register', 10, null, 'data/entities.csv'],
		[
			'settlements/2026-09/r1/metering-points.csv',
			'metering-points',
			14,
			null,
			'data/metering-points.csv',
		],
		['settlements/2026-09/r1/rules.json', 'rules', null, null, 'data/rules/2026-08.json'],
	]);
});

test('a rule set that was edited since is not shown as the source', () => {
	const [run] = runs;
	if (run === undefined) throw new Error('no run');
	const edited = new Map(files).set('data/rules/2025-08.json', new Uint8Array([123, 125]));
	expect(inputsOf(edited, run).find(({ kind }) => kind === 'rules')?.source).toBeNull();
});

test.each([
	['github', 'https://forge.test/o/r.git', 'https://forge.test/o/r/blob/c0/data/a.csv'],
	['gitlab', 'https://forge.test/o/r/', 'https://forge.test/o/r/-/blob/c0/data/a.csv'],
	['forgejo', 'https://forge.test/o/r', 'https://forge.test/o/r/src/commit/c0/data/a.csv'],
	['none', 'https://forge.test/o/r', null],
	['github', '', null],
] as const)('%s shows a file of %j at %s', (forge, repository_url, address) => {
	expect(sourceAddress({ forge, repository_url }, 'c0', 'data/a.csv')).toBe(address);
});
