import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { workExample } from '../../src/node/worked-example.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { readPages, type SitePage } from '../support/site-pages.ts';

const KIB = 1024;
const site = inject('site');
const base = inject('base');
const pages = readPages(site);
const sample = readPublished(readTree('.').files);

const page = (all: readonly SitePage[], wanted: string) =>
	all.find(({ path }) => path === wanted)?.html ?? '';
const sheetsOf = (html: string) =>
	[...html.matchAll(/<link rel="stylesheet" href="([^"]*)"/g)].map(([, address = '']) => address);

describe('the whole site', () => {
	test('has no script but on the pages that verify and that take readings', () => {
		const withScript = pages.filter(({ html }) => /<script\b/.test(html)).map(({ path }) => path);
		expect(withScript).toEqual(['submit/', 'verify/', 'verify/wattproof-verifier.html']);
	});

	test('has at most 12 KiB of style sheets, and as much HTML in a statement', () => {
		const sheets = [...new Set(pages.flatMap(({ html }) => sheetsOf(html)))];
		const sizes = sheets.map((it) => gzipSync(readFileSync(join(site, it.slice(base.length)))));
		expect(sizes.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(12 * KIB);
		for (const { path, html } of pages.filter(({ path }) => /^settlements\/./.test(path))) {
			expect(gzipSync(html).length, path).toBeLessThanOrEqual(12 * KIB);
		}
	});
});

test('the newest month is worked through with its own figures', () => {
	const [run] = sample.current;
	if (run === undefined) throw new Error('no run');
	const format = formatsFor('en-GB');
	const { giver, receiver } = workExample(run);
	const html = page(pages, 'learn/');
	expect(html).toContain(run.id);
	for (const wh of [giver?.row.surplus_wh, receiver?.row.imported_wh, run.totals.shared_wh]) {
		expect(html).toContain(format.energy(wh ?? -1n));
	}
	const share = receiver?.share;
	for (const units of [share?.amount_wh, share?.weights_wh, share?.remainder, share?.given_wh]) {
		expect(html).toContain(`>${format.amount(units ?? -1n, 0)}<`);
	}
});

test('a statement says in words how it came about, and takes a question', () => {
	const html = page(pages, 'settlements/2026-05/');
	expect(html).toContain('in proportion to what each entity lacks');
	const subject =
		'mailto:energy@example.org?subject=Question%20about%20a%20figure%20in%20S-2026-05-r1';
	expect(html).toContain(`href="${subject}"`);
});

test('the keys stand in groups of four, with who may do what', () => {
	const html = page(pages, 'keys/');
	for (const { signer } of sample.runs) {
		expect(html).toContain(signer.toUpperCase().replaceAll(/(.{4})(?=.)/g, '$1 '));
	}
	expect(html).toContain(sample.root?.sha256.replaceAll(/(.{4})(?=.)/g, '$1 '));
	expect(html).toContain('proves nothing');
});
