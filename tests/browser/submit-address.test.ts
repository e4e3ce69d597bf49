import fc from 'fast-check';
import { expect, test } from 'vitest';
import { targetOf, uploadOf } from '../../src/browser/submit/address.ts';

const PLACE = { repository: 'https://forge.test/campus/energy', branch: 'main' };
const PATH = 'data/2026-10/library.csv';

test.each([
	['github', '/campus/energy/new/main', '/campus/energy/edit/main/data/2026-10/library.csv'],
	['forgejo', '/campus/energy/_new/main/', '/campus/energy/_edit/main/data/2026-10/library.csv'],
] as const)('%s takes any text exactly, below 6,000 bytes or not at all', (forge, fresh, edit) => {
	const place = { ...PLACE, forge };
	const text = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 3000 }),
		fc.nat(7000).map((length) => 'x'.repeat(length)),
	);
	fc.assert(
		fc.property(text, (it) => {
			const target = targetOf(place, PATH, it, false);
			if (target.kind === 'none') throw new Error('no address');
			const address = new URL(target.address);
			expect(target.address.length).toBeLessThanOrEqual(6000);
			expect(address.pathname).toBe(fresh);
			expect(address.searchParams.get('filename')).toBe(PATH);
			if (target.kind === 'filled') expect(address.searchParams.get('value')).toBe(it);
			else expect(encodeURIComponent(it).length).toBeGreaterThan(5800);
		}),
	);
	const there = targetOf(place, PATH, 'x', true);
	expect(there).toEqual({ kind: 'edit', address: `https://forge.test${edit}` });
});

test('GitLab takes a name and no text; without a forge or its address there is nothing to open', () => {
	expect(targetOf({ ...PLACE, forge: 'gitlab' }, PATH, 'x', false)).toEqual({
		kind: 'empty',
		address: 'https://forge.test/campus/energy/-/new/main?file_name=data%2F2026-10%2Flibrary.csv',
		long: false,
	});
	expect(targetOf({ ...PLACE, forge: 'none' }, PATH, 'x', false)).toEqual({ kind: 'none' });
	const nowhere = { ...PLACE, repository: '', forge: 'github' as const };
	expect(targetOf(nowhere, PATH, 'x', false)).toEqual({ kind: 'none' });
});

test('a branch with slashes and signs keeps its name', () => {
	const place = { ...PLACE, branch: 'data/2026#1', forge: 'github' as const };
	const target = targetOf(place, PATH, 'x', false);
	expect(target.kind === 'filled' && new URL(target.address).pathname).toBe(
		'/campus/energy/new/data/2026%231',
	);
});

test('who may write uploads into the folder of the month, where the forge has a page for it', () => {
	const address = (forge: 'github' | 'forgejo' | 'gitlab' | 'none') =>
		uploadOf({ ...PLACE, branch: 'release/1 a', forge }, PATH);
	const folder = 'release/1%20a/data/2026-10';
	expect(address('github')).toBe(`https://forge.test/campus/energy/upload/${folder}`);
	expect(address('forgejo')).toBe(`https://forge.test/campus/energy/_upload/${folder}`);
	expect([address('gitlab'), address('none')]).toEqual([null, null]);
});
