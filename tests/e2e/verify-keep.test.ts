import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { useVerifier } from '../support/verifier-page.ts';

const evidence = inject('evidence');
const { pin, fingerprint } = evidence;
const verifier = useVerifier();
const STORED = 'wattproof-accepted';

const groups = (text: string) => (text.toUpperCase().match(/.{1,4}/g) ?? []).join(' ');

test('a digest or fingerprint is taken as it was printed; other text is refused', async () => {
	const it = await verifier.open();
	await it.give('bundle', evidence.honest);
	verifier.asked();
	for (const text of [pin.slice(1), `${pin}0`, 'root-1.json']) {
		await it.page.fill('#pin', text);
		expect(await it.check()).toBe('That is neither 64 nor 40 hexadecimal digits.');
	}
	expect(verifier.asked()).toEqual([]);
	for (const text of [groups(pin), ` ${groups(fingerprint)}`]) {
		await it.page.fill('#pin', text);
		expect(await it.check(), text).toBe('VALID');
	}
	expect(it.complaints).toEqual([]);
});

test('a kept trust root or checkpoint may be dropped; any other file is refused', async () => {
	const it = await verifier.open();
	await it.drop('kept-drop', 'README.md');
	await it.page.getByText('neither a trust root nor a checkpoint').waitFor();
	await it.drop('kept-drop', evidence.root);
	await it.page.getByText('neither a trust root').waitFor({ state: 'hidden' });
	expect(await it.page.inputValue('#pin')).toBe(pin);
	await it.give('kept', evidence.checkpoint);
	// The file is read after the choice.
	await expect
		.poll(() => it.page.innerText('#checkpoint-noted'))
		.toBe('Checkpoint at sequence 5 will be compared.');
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toBe('VALID');
	const check = it.page.locator('[data-check=checkpoint]');
	expect(await check.getAttribute('data-status')).toBe('passed');
});

test('a saved checkpoint shows at the next visit that the log was cut', async () => {
	const first = await verifier.open();
	await first.give('bundle', evidence.honest);
	await first.page.fill('#pin', pin);
	expect(await first.check()).toBe('VALID');
	const { name, bytes } = await first.saved('Save the checkpoint');
	expect(name).toBe('example-org-test-checkpoint.txt');
	expect(new TextDecoder().decode(bytes)).toBe(readFileSync(evidence.checkpoint, 'utf8'));

	const second = await verifier.open();
	await second.give('bundle', evidence.shortened);
	await second.page.fill('#pin', pin);
	expect(await second.check()).toBe('VALID');
	const kept = { name, mimeType: 'text/plain', buffer: Buffer.from(bytes) };
	await second.page.setInputFiles('#kept', kept);
	expect(await second.check()).toBe('TAMPERED');
	expect(await second.page.innerText('.findings')).toContain(
		'Your checkpoint has 5 manifests, this log only 4',
	);
	// What a visitor should not keep is not offered.
	expect(await second.page.isVisible('text=Save the checkpoint')).toBe(false);
});

test('a visit is remembered only if it ended VALID, until it is forgotten', async () => {
	const it = await verifier.open();
	const stored = () => it.page.evaluate((key) => localStorage.getItem(key), STORED);
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toBe('UNCONFIRMED');
	await it.give('bundle', evidence.tampered);
	await it.page.fill('#pin', pin);
	expect(await it.check()).toBe('TAMPERED');
	expect(await stored()).toBeNull();
	await it.give('bundle', evidence.honest);
	expect(await it.check()).toBe('VALID');
	expect(JSON.parse((await stored()) ?? '{}')).toMatchObject({ pin });

	await it.page.reload();
	expect(await it.page.inputValue('#pin')).toBe(pin);
	expect(await it.page.innerText('#remembered')).toContain('Filled in from your last visit');
	await it.give('bundle', evidence.shortened);
	expect(await it.check()).toBe('TAMPERED');

	await it.page.getByRole('button', { name: 'Forget it' }).click();
	expect(await stored()).toBeNull();
	expect(await it.page.inputValue('#pin')).toBe('');
	expect(await it.check()).toBe('UNCONFIRMED');
	await it.page.reload();
	expect(await it.page.isVisible('#remembered')).toBe(false);
	expect(it.complaints).toEqual([]);
});
