import { expect, inject, test } from 'vitest';
import { formatReport } from '../../src/core/verification/report-json.ts';
import { audit } from '../../src/node/audit.ts';
import { VERSION } from '../../src/node/version.ts';
import { CHANGE } from '../support/evidence.ts';
import { commandWords, runHeld } from '../support/person.ts';
import { useVerifier } from '../support/verifier-page.ts';

const evidence = inject('evidence');
const { pin, foreign } = evidence;
const verifier = useVerifier();

/** What the command would print with `--json`. */
async function jsonOf(bundle: string, accepted: string): Promise<string> {
	const report = await audit({ dir: '.', bundle, pin: accepted === '' ? null : accepted });
	return new TextDecoder().decode(formatReport(report, { name: 'wattproof', version: VERSION }));
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('bundles are UNCONFIRMED, UNTRUSTED, PENDING and INCOMPLETE, in the bytes of the command', async () => {
	const it = await verifier.open();
	for (const [verdict, path, accepted] of [
		['UNCONFIRMED', evidence.honest, ''],
		['UNTRUSTED', evidence.honest, foreign],
		['PENDING', evidence.pending, pin],
		['INCOMPLETE', evidence.shallow, pin],
	] as const) {
		await it.give('bundle', path);
		await it.page.fill('#pin', accepted);
		expect(await it.check()).toBe(verdict);
		const { bytes } = await it.saved('Save the report (JSON)');
		expect(text(bytes)).toBe(await jsonOf(path, accepted));
	}
	expect(it.complaints).toEqual([]);
});

test('a bundle is VALID: every check with its evidence, and what it shows and leaves open', async () => {
	const it = await verifier.open();
	await it.give('bundle', evidence.honest);
	await it.page.fill('#pin', pin);
	expect(await it.check()).toBe('VALID');
	const focus = it.page.locator('*:focus');
	expect(await focus.evaluate((element) => element.tagName)).toBe('H2');
	expect(await focus.innerText()).toBe('VALID');
	const { name, bytes } = await it.saved('Save the report (JSON)');
	expect(name).toBe('example-org-test-report.json');
	expect(text(bytes)).toBe(await jsonOf(evidence.honest, pin));
	await it.page.evaluate(() => {
		for (const details of document.querySelectorAll('details')) details.open = true;
	});
	const checks = await it.page.locator('.checks > li').allInnerTexts();
	expect(checks).toHaveLength(12);
	for (const check of checks.slice(0, -1)) {
		expect(check).toMatch(/^passed\s+.+\?\s+Shows: .+\.\s+Leaves open: .+\.\s+Evidence: .+/);
	}
	expect(checks.at(-1)).toMatch(/^not asked\s+.+\?\s+Shows: .+\.\s+Leaves open: .+\.$/);
	const runs = it.page.locator('table', { hasText: 'Final since' }).locator('tbody tr');
	expect(await runs.count()).toBe(5);
	const commands = (await it.page.locator('pre.command').allInnerTexts()).join('\n');
	expect(commands).toContain(`npm run -s verify -- --root ${pin}`);
	expect(commands).toMatch(/gpgv .*\n.*sha256sum --strict -c .*\n.*git log --first-parent/s);
	expect(it.complaints).toEqual([]);
});

test('a bundle is TAMPERED: the cell, by whom and when, and what it is worth', async () => {
	const it = await verifier.open();
	await it.give('bundle', evidence.tampered);
	await it.page.fill('#pin', pin);
	expect(await it.check()).toBe('TAMPERED');
	const found = await it.page.innerText('.findings');
	expect(found).toContain(`${CHANGE.path} is not what was finalized`);
	expect(found).toMatch(/where\s+line 3, consumed_kwh\s+was\s+70\.125\s+is\s+170\.125/);
	expect(found).toMatch(/by\s+Mallory <mallory@example\.org>\s+when\s+2026-06-20T12:00:00Z/);
	const worth = it.page.locator('table', { hasText: 'What the change in 2026-04 run 1 is worth' });
	const library = worth.locator('tr', { hasText: 'library' });
	expect(await library.innerText()).toMatch(/^library\s+\+100\.000\s/);
	const axes = await it.page.innerText('.axes');
	expect(axes).toMatch(/Contents\s+altered\s+Signer\s+named by the trust root that you gave/);
	const { bytes } = await it.saved('Save the report (JSON)');
	const words = ['--bundle', evidence.tampered, '--root', pin, '--json'];
	const { out, status } = runHeld(commandWords('verify', words));
	expect(status).toBe(1);
	expect(text(bytes)).toBe(out);
	expect(it.complaints).toEqual([]);
});

test('nothing is loaded before the button is pressed, and nothing but the program then', async () => {
	verifier.asked();
	const it = await verifier.open();
	await it.drop('bundle-drop', evidence.honest);
	await it.page.getByText('Chosen: honest.bundle').waitFor();
	await it.page.fill('#pin', pin);
	const before = it.requests.length;
	expect(verifier.asked().filter((path) => !/^(verify\/|_astro\/.*\.css)$/.test(path))).toEqual([]);
	expect(await it.check()).toBe('VALID');
	expect(verifier.asked()).toEqual(['verify/verifier.js']);
	const loaded = it.requests.slice(before).filter((address) => !address.startsWith('blob:'));
	expect(loaded).toHaveLength(1);
	expect(it.complaints).toEqual([]);
});

test('a folder is picked or dropped, and nothing but its Git data is taken', async () => {
	const it = await verifier.open();
	await it.page.fill('#pin', pin);
	await it.give('folder', evidence.shallowClone);
	expect(await it.check()).toBe('INCOMPLETE');
	expect(await it.page.innerText('.finding.open')).toContain('A shallow or partial copy');
	await it.drop('folder-drop', evidence.clone);
	await it.page.getByText('Chosen: clone,').waitFor();
	expect(await it.check()).toBe('VALID');
	await it.give('folder', 'docs/spec');
	expect(await it.page.innerText('#message')).toContain('There is no Git data in "spec".');
	expect(it.complaints).toEqual([]);
});

test('another file instead of the program is not run', async () => {
	const it = await verifier.open();
	await it.page.route('**/verifier.js', (route) => route.fulfill({ body: 'postMessage(1)' }));
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toContain('could not be loaded from this site. Nothing was checked.');
});

test('over an unprotected connection it checks nothing, and says so', async () => {
	const it = await verifier.open();
	const { page } = it;
	await page.route('http://campus.example/**', async (route) => {
		const path = new URL(route.request().url()).pathname;
		await route.fulfill({
			response: await page.request.get(new URL(path, verifier.address()).href),
		});
	});
	await page.goto(verifier.address().replace(/^http:..[^/]+/, 'http://campus.example'));
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toContain('This page came over an unprotected connection');
});

test('what is no bundle is INCOMPLETE, and a second press takes the place of the first', async () => {
	const it = await verifier.open();
	await it.give('bundle', 'README.md');
	await it.page.evaluate(() => {
		const form = document.querySelector('form');
		form?.requestSubmit();
		form?.requestSubmit();
	});
	expect(await it.check()).toBe('INCOMPLETE');
	expect(await it.page.innerText('.finding.open')).toContain('no Git bundle, or a damaged one');
	expect(await it.page.isVisible('#progress')).toBe(false);
});

test('a violation in the worker would be seen', async () => {
	const it = await verifier.open();
	const violate = "try { new Function('1') } catch {}";
	await it.page.evaluate(async (code) => {
		const blob = new Blob([code], { type: 'text/javascript' });
		const worker = new Worker(URL.createObjectURL(blob));
		await new Promise((done) => setTimeout(done, 200));
		worker.terminate();
	}, `${violate}; new Worker(URL.createObjectURL(new Blob(["${violate}"], { type: 'text/javascript' })))`);
	expect(it.complaints.filter((it) => it.startsWith('violation of script-src'))).toHaveLength(2);
});
