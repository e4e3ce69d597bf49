import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { computeRun } from '../../src/core/record/run.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { readTree } from '../../src/node/files.ts';
import { community, requestOf } from '../support/communities.ts';

// Ratios within one run; absolute times are those of the machine.
test('settling, and verifying the whole sample', async ({ bench }) => {
	const tree = readTree(resolve('.'));
	const request = requestOf(community('proportional', 5), 5);
	const results = await bench.compare(
		bench('settle one small community', () => {
			computeRun(request);
		}),
		bench('verify the sample', async () => {
			await verify({ tree, pin: null });
		}),
		{ iterations: 20, time: 500 },
	);
	expect(results.get('verify the sample').latency.mean).toBeGreaterThan(0);
});
