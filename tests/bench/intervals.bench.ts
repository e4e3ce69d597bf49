import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { verdictText } from './intervals/print.ts';
import { RESULTS, type Results } from './intervals/run.ts';

/** A month of interval data, the whole job: in a process of its own that has nothing else in it. */
test('a month of intervals against databases and tables', () => {
	const words = ['tests/bench/intervals/run.ts', ...(inject('full') ? ['--extended'] : [])];
	const run = spawnSync(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
	// Whatever differs ends the run.
	expect(run.status).toBe(0);
	const { verdicts }: Results = JSON.parse(readFileSync(RESULTS, 'utf8'));
	expect(verdicts.filter(({ holds }) => !holds).map(verdictText)).toEqual([]);
});
