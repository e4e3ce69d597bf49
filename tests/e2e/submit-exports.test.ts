import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SHARED, sharedIsHere } from '../support/shared.ts';
import { useSubmission } from '../support/submission-page.ts';

const open = useSubmission();

describe.skipIf(!sharedIsHere)('real exports (need ../shared beside the checkout)', () => {
	test('each is told by its origin, with the next step, and nothing of it is offered', async () => {
		const it = await open();
		const folder = join(SHARED, 'data/meter-exports');
		const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
		const exports = names.filter((name) => /\.(csv|xml|xlsx)$/.test(name));
		const files = exports.filter((name) => !/(expected-totals|empty)\.csv$/.test(name));
		// Of three whose names end so, one lists totals, one has no bytes, and this one has readings.
		files.push('nl-homewizard-15min-empty.csv');
		expect(files.length).toBeGreaterThan(20);
		for (const file of files) {
			await it.give(basename(file), readFileSync(join(folder, file)));
			expect(await it.page.innerText('#origin'), file).toMatch(/^It is an? .*\.\n+\S.*\.$/);
			expect(await it.page.isVisible('#repair'), file).toBe(false);
			expect(await it.target(), file).toBeNull();
		}
	});
});
