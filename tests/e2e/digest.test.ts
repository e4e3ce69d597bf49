import { expect, inject, test } from 'vitest';
import { bundleText } from '../support/bundle-text.ts';
import { launchChromium } from '../support/chromium.ts';
import { settlementsDigest } from '../support/communities.ts';

const count = inject('full') ? 10_000 : 600;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;

test(`${count} settlements from seed ${seed} have one digest in Node and in Chromium`, async () => {
	const browser = await launchChromium();
	try {
		// Another zone, locale and number format than the machine's own must not matter.
		const context = await browser.newContext({ locale: 'tr-TR', timezoneId: 'Pacific/Apia' });
		const page = await context.newPage();
		await page.addScriptTag({ content: await bundleText('tests/support/core-entry.ts') });
		const call = `settlementsDigest(${count}, ${seed})`;
		expect(await page.evaluate(call)).toBe(settlementsDigest(count, seed));
	} finally {
		await browser.close();
	}
});
