import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBuild } from '../support/build-site.ts';
import { bundleText } from '../support/bundle-text.ts';
import { settlementsDigest } from '../support/communities.ts';
import { type Evidence, makeEvidence } from '../support/evidence.ts';
import { type FirefoxPage, launchFirefox } from '../support/firefox.ts';

/** The saved verifier and the core in a browser of another make. */

let site = '';
let evidence: Evidence;
let firefox: FirefoxPage;
beforeAll(async () => {
	site = mkdtempSync(join(tmpdir(), 'wattproof-site-'));
	runBuild(resolve('.'), site, '/');
	evidence = await makeEvidence();
	firefox = await launchFirefox();
	console.log(`browser: ${await firefox.evaluate('navigator.userAgent')}`);
});
afterAll(async () => {
	await firefox?.close();
	for (const folder of [site, evidence?.folder]) rmSync(folder, { recursive: true, force: true });
});

async function verdict(bundle: string, pin: string): Promise<unknown> {
	await firefox.goto(pathToFileURL(join(site, 'verify/wattproof-verifier.html')).href);
	await firefox.give('#bundle', bundle);
	return firefox.evaluate(`new Promise((resolve) => {
		document.getElementById('pin').value = ${JSON.stringify(pin)};
		const look = () => {
			const verdict = document.querySelector('#outcome:not([hidden]) [data-verdict]');
			const message = document.querySelector('#message:not([hidden])');
			if (verdict !== null) resolve(verdict.dataset.verdict);
			else if (message !== null) resolve(message.textContent);
		};
		new MutationObserver(look).observe(document.body, { attributes: true, subtree: true });
		document.querySelector('button.main').click();
		look();
	})`);
}

test('the saved verifier tells all verdicts from a file of one’s own disk', async () => {
	const { honest, pending, tampered, shallow, shortened, pin, foreign } = evidence;
	expect(await verdict(shortened, pin)).toBe('VALID');
	await firefox.evaluate('localStorage.clear()');
	expect(await verdict(honest, '')).toBe('UNCONFIRMED');
	expect(await verdict(honest, foreign)).toBe('UNTRUSTED');
	expect(await verdict(pending, pin)).toBe('PENDING');
	expect(await verdict(tampered, pin)).toBe('TAMPERED');
	expect(await verdict(shallow, pin)).toBe('INCOMPLETE');
	expect(await verdict(honest, pin)).toBe('VALID');
	// It remembers that visit, and what it saw.
	expect(await verdict(shortened, pin)).toBe('TAMPERED');
	expect(firefox.complaints).toEqual([]);
});

test('10,000 settlements have one digest in Node and in Firefox', async () => {
	await firefox.goto('about:blank');
	await firefox.run(await bundleText('tests/support/core-entry.ts'));
	expect(await firefox.evaluate('settlementsDigest(10000, 1)')).toBe(settlementsDigest(10_000, 1));
});
