import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { placeOf } from '../src/node/print.ts';
import { problemText, problems as sentences } from '../src/texts/en.ts';
import { problemExamples } from '../src/texts/problem-examples.ts';

test('there is one example of every code', () => {
	const codes = problemExamples.map(({ code }) => code);
	expect(codes).toEqual(Object.keys(sentences).toSorted());
});

test.each(problemExamples.map((it) => [it.code, it] as const))(
	'the example of %s is what its test shows',
	(code, it) => {
		const shown = readFileSync(`tests/problems/${code}/expected.txt`, 'utf8').split('\n');
		expect(shown).toContain(`${placeOf(it)} ${code} ${problemText(it)}`);
	},
);
