import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';
import { internalLinks, readPages } from '../support/site-pages.ts';

/** The files that the built site offers. */
const site = inject('site');
const base = inject('base');
const { files } = readTree('.');
const published = readPublished(files);
const pages = readPages(site);
const read = (path: string) => new Uint8Array(readFileSync(join(site, path)));

describe.each(published.runs)('$id', ({ id, period, run, files: listed }) => {
	const folder = `settlements/${period}/r${run}`;
	const page = pages.find(({ path }) => path === `${folder}/`);
	const links = page === undefined ? [] : internalLinks(page);

	test('offers its records byte for byte', () => {
		const records = listed.filter(({ path }) => path.startsWith(folder) && path.endsWith('.csv'));
		const offered = records.filter(({ path }) => !/\/(entities|metering-points)\.csv$/.test(path));
		for (const { path, sha256 } of offered) {
			expect(links).toContain(base + path);
			expect(digest(read(path)), path).toBe(sha256);
		}
		for (const name of ['manifest.json', 'manifest.json.asc', 'SHA256SUMS']) {
			const path = `${folder}/${name}`;
			expect(links).toContain(base + path);
			expect(read(path), path).toEqual(files.get(path));
		}
	});

	test('offers each copy with the size that it has', () => {
		for (const suffix of ['xlsx', 'json', 'journal', 'zip']) {
			const path = `${folder}/${id}.${suffix}`;
			const size = new RegExp(
				`${suffix}" download[^>]*>[^<]*</a>\\s*<span>([0-9.,]+)\u00a0?\\s?kB<`,
			);
			const shown = size.exec(page?.html ?? '')?.[1]?.replaceAll(',', '');
			expect(links).toContain(base + path);
			expect(shown, path).toBe((read(path).length / 1000).toFixed(1));
		}
	});
});

test('the data package names only files that the site has', () => {
	const document = JSON.parse(readFileSync(join(site, 'datapackage.json'), 'utf8'));
	expect(document.resources.length).toBeGreaterThan(0);
	for (const { path, hash } of document.resources)
		expect(`sha256:${digest(read(path))}`).toBe(hash);
});
