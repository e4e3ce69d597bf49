import { expect, inject, test } from 'vitest';
import { verifier as words } from '../../src/texts/en.ts';
import { CHANGE } from '../support/evidence.ts';
import { settled, useVerifier, type VerifierPage } from '../support/verifier-page.ts';

const evidence = inject('evidence');
const verifier = useVerifier();
const PLACE = '#attempt-outcome';

async function opened(bundle: string, pin: string): Promise<VerifierPage> {
	const it = await verifier.open();
	expect(await it.page.isVisible('#trial')).toBe(false);
	await it.give('bundle', bundle);
	await it.page.fill('#pin', pin);
	await it.check();
	return it;
}

async function attempt({ page }: VerifierPage, kind: string): Promise<string> {
	await page.check(`input[value="${kind}"]`);
	await page.getByRole('button', { name: 'Try it' }).click();
	return settled(page, PLACE);
}

const STEPS = [
	['change', 'TAMPERED', `${CHANGE.path} is not what was finalized`],
	['change-and-list', 'TAMPERED', 'manifest.json.asc'],
	['sign-again', 'TAMPERED', 'manifest.json.asc'],
	['new-root', 'UNTRUSTED', ''],
	['drop-middle', 'TAMPERED', ''],
	['drop-newest', 'TAMPERED', 'Your checkpoint has 5 manifests, this log only 4'],
] as const;

test('each step of a forger comes to what its lesson says', async () => {
	const it = await opened(evidence.honest, evidence.pin);
	const { page } = it;
	// Offered are final months alone: the newest month of this log is open.
	expect(await page.locator('#trial-file option').allInnerTexts()).not.toContain(
		'data/2026-05/all.csv',
	);
	expect(await page.inputValue('#trial-file')).toBe(CHANGE.path);
	await page.selectOption('#trial-row', { label: '3: library' });
	await page.selectOption('#trial-cell', 'consumed_kwh');
	await page.fill('#trial-value', CHANGE.is);
	for (const [kind, verdict, finding] of STEPS) {
		expect(await attempt(it, kind), kind).toBe(verdict);
		const text = await page.innerText(PLACE);
		expect(text).toContain(finding);
		expect(text).toContain(words.try.attempts[kind].lesson);
		expect(text.includes('Without a checkpoint the verdict is VALID')).toBe(kind === 'drop-newest');
		expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H3');
		if (kind === 'change') expect(text).toMatch(/where\s+line 3, consumed_kwh\s+was\s+70\.125/);
		if (kind === 'change') expect(text).toMatch(/library\s+\+100\.000/);
	}
	await page.getByRole('button', { name: 'Restore the copy and check' }).click();
	expect(await settled(page, PLACE)).toBe('VALID');
	expect(it.complaints).toEqual([]);
});

test('every suggestion changes something, in the copy of the newest check', async () => {
	const it = await opened(evidence.honest, '');
	const { page } = it;
	await it.give('bundle', evidence.shortened);
	await it.check();
	expect(await page.inputValue('#trial-file')).toBe('data/2026-03/all.csv');
	await page.selectOption('#trial-row', { label: '3: library' });
	await page.selectOption('#trial-cell', 'generated_kwh');
	expect(await page.inputValue('#trial-value')).toBe('1');
	expect(await attempt(it, 'change')).toBe('TAMPERED');
	await page.fill('#trial-value', '0');
	expect(await attempt(it, 'change')).toBe('VALID');
	expect(await page.innerText(PLACE)).toContain(words.try.same);
});
