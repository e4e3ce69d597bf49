import { resolve } from 'node:path';
import { build } from 'vite';
import { expect, inject, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { settlementsDigest } from '../support/communities.ts';

const count = inject('full') ? 10_000 : 600;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;

/** The engine as one script for a page. */
async function bundle(): Promise<string> {
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			lib: { entry: resolve('tests/support/core-entry.ts'), formats: ['iife'], name: 'engine' },
		},
	});
	const [output] = Array.isArray(built) ? built : [built];
	const chunk = output && 'output' in output ? output.output[0] : undefined;
	if (chunk === undefined) throw new Error('nothing was built');
	return chunk.code;
}

test(`${count} settlements from seed ${seed} have one digest in Node and in Chromium`, async () => {
	const browser = await launchChromium();
	try {
		// Another zone, locale and number format than the machine's own must not matter.
		const context = await browser.newContext({ locale: 'tr-TR', timezoneId: 'Pacific/Apia' });
		const page = await context.newPage();
		await page.addScriptTag({ content: await bundle() });
		const call = `settlementsDigest(${count}, ${seed})`;
		expect(await page.evaluate(call)).toBe(settlementsDigest(count, seed));
	} finally {
		await browser.close();
	}
});
