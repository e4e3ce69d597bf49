import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { readJson } from '../../../src/core/format/json.ts';

const schema = z.strictObject({ name: z.string('text'), size: z.int('integer') }, 'object');

function problems(text: string) {
	const read = readJson('a.json', encodeText(text), schema);
	return read.ok
		? read.value
		: read.problems.map(({ code, location: { line, column } }) => [code, line, column]);
}

test('a good document is its value', () => {
	expect(problems('{ "name": "a", "size": 1 }')).toEqual({ name: 'a', size: 1 });
});

test.each([
	['{ "name": "a" "size": 1 }', [['json-malformed', 1, 15]]],
	['{ "name": "a", "size": 1, }', [['json-malformed', 1, 27]]],
	['// hello\n{ "name": "a", "size": 1 }', [['json-malformed', 1, 1]]],
	['{\n "name": "a",\n "size": 1,\n "name": "b"\n}', [['json-duplicate-key', 4, 2]]],
	['{ "name": "a", "size": 1,\n "sise": 2 }', [['json-key-unknown', 2, 2]]],
	['{ "name": "a" }', [['json-key-missing', 1, 1]]],
	[
		'{ "name": 5,\n "size": 1.5 }',
		[
			['json-value', 1, 11],
			['json-value', 2, 10],
		],
	],
	['[]', [['json-value', 1, 1]]],
	['', [['json-malformed', 1, 1]]],
])('%j has its problems with their places', (text, expected) => {
	expect(problems(text)).toEqual(expected);
});

test('neither deep nesting nor any text makes the reader throw', () => {
	const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
	expect(problems(deep)).toEqual([['json-malformed', 1, 21]]);
	fc.assert(fc.property(fc.string(), (text) => Array.isArray(problems(text))));
	fc.assert(fc.property(fc.json(), (text) => Array.isArray(problems(text))));
});
