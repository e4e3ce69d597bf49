import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, inject, onTestFinished, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { commandWords, runHeld } from '../support/person.ts';
import { openVerifier, useVerifier } from '../support/verifier-page.ts';

const site = inject('site');
const evidence = inject('evidence');
const verifier = useVerifier();
const bytesOf = (name: string) => readFileSync(join(site, 'verify', name));
const SAVED = 'wattproof-verifier.html';

test('the program for all but old servers has at most 195 KB, compressed', () => {
	const sizes = ['index.html', 'verifier.js', 'classic-git.js', SAVED].map((name) => {
		const { length } = gzipSync(bytesOf(name), { level: 9 });
		return [name, length] as const;
	});
	console.log(sizes.map(([name, size]) => `${name} ${(size / 1000).toFixed(1)} KB`).join(', '));
	expect(Object.fromEntries(sizes)['verifier.js']).toBeLessThanOrEqual(195_000);
	expect(Object.fromEntries(sizes)['index.html']).toBeLessThanOrEqual(20_000);
});

test('the saved verifier works from one’s own disk, without a network', async () => {
	const address = pathToFileURL(join(site, 'verify', SAVED)).href;
	const it = await openVerifier(verifier.browser(), address, { offline: true });
	onTestFinished(() => it.close());
	expect(await it.page.locator('input[name=source]').count()).toBe(2);
	await it.page.fill('#pin', evidence.pin);
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toBe('VALID');
	await it.give('folder', evidence.shallowClone);
	expect(await it.check()).toBe('INCOMPLETE');
	await it.drop('bundle-drop', evidence.tampered);
	await it.page.getByText('Chosen: tampered.bundle').waitFor();
	expect(await it.check()).toBe('TAMPERED');
	const asked = it.requests.filter((address) => !address.startsWith('blob:'));
	expect(asked).toEqual([address]);
	expect(it.complaints).toEqual([]);
});

test('the page shows the digest of the file that it offers', async () => {
	const { page } = await verifier.open();
	const waiting = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Save the verifier' }).click();
	const download = await waiting;
	expect(download.suggestedFilename()).toBe(SAVED);
	const sha256 = digest(new Uint8Array(readFileSync(await download.path())));
	expect(await page.innerText('.saved .digest')).toBe(sha256);
});

test('the saved verifier names no folder of the machine that it was built on', () => {
	expect(bytesOf(SAVED).includes(resolve('.'))).toBe(false);
});

test('a site is not published from a shallow clone, and the sentence says what to set', () => {
	const { status, out, err } = runHeld(commandWords('publish', []), { cwd: evidence.shallowClone });
	expect(status).toBe(1);
	expect(out).toBe('');
	expect(err).toContain('Run "git fetch --unshallow"; in a workflow set "fetch-depth: 0"');
	expect(existsSync(join(evidence.shallowClone, 'dist'))).toBe(false);
});
