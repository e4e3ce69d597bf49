import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	formatDigestList,
	listDigests,
	listedInputs,
	parseDigestList,
} from '../../../src/core/evidence/digest-list.ts';
import { decodeText, digest, encodeText } from '../../../src/core/format/bytes.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

const hex = fc.string({
	unit: fc.constantFrom(...'0123456789abcdef'),
	minLength: 64,
	maxLength: 64,
});
const segment = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((it) => it.join('/'));

describe('a list', () => {
	test('is what GNU sha256sum writes, in byte order', () => {
		const bytes = formatDigestList(
			new Map([
				['data/b.csv', B],
				['data/a.csv', A],
				['data/B.csv', B],
			]),
		);
		expect(decodeText(bytes)).toBe(`${B}  data/B.csv\n${A}  data/a.csv\n${B}  data/b.csv\n`);
	});

	test('survives being written and read', () => {
		const lists = fc.dictionary(path, hex, { minKeys: 1 });
		fc.assert(
			fc.property(lists, (entries) => {
				const list = new Map(Object.entries(entries));
				const parsed = parseDigestList(formatDigestList(list));
				expect(parsed.ok && new Map([...parsed.list].toSorted())).toEqual(
					new Map([...list].toSorted()),
				);
			}),
		);
	});

	test('that is accepted has only one form', () => {
		fc.assert(
			fc.property(
				fc.dictionary(path, hex, { minKeys: 1 }),
				fc.nat(),
				fc.nat(7),
				(entries, at, bit) => {
					const bytes = formatDigestList(new Map(Object.entries(entries)));
					bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
					const parsed = parseDigestList(bytes);
					if (parsed.ok) expect(formatDigestList(parsed.list)).toEqual(bytes);
				},
			),
		);
	});
});

describe('a list is refused, by line,', () => {
	const first = `${A}  a\n`;
	test.each([
		['when it is empty', '', 1],
		['when it is a blank line', '\n', 1],
		['without a final newline', `${first}${B}  b`, 2],
		['with a blank line at the end', `${first}\n`, 2],
		['with CRLF', `${A}  a\r\n`, 1],
		['with a byte order mark', `\ufeff${first}`, 1],
		['with an upper-case digest', `${'A'.repeat(64)}  a\n`, 1],
		['with a short digest', `${'a'.repeat(63)}  a\n`, 1],
		['with one space', `${A} a\n`, 1],
		['with three spaces', `${A}   a\n`, 1],
		['in binary mode', `${A} *a\n`, 1],
		['with an escaped name', `\\${A}  a\n`, 1],
		['with a tab', `${A}\ta\n`, 1],
		['with a comment', `${first}# b\n`, 2],
		['with a path twice', first + first, 2],
		['out of order', `${A}  b\n${A}  a\n`, 2],
		['in the order of a locale', `${A}  a\n${A}  B\n`, 2],
		['with a path that climbs', `${A}  ../a\n`, 1],
		['with a path that climbs inside', `${A}  a/../b\n`, 1],
		['with an absolute path', `${A}  /a\n`, 1],
		['with a doubled slash', `${A}  a//b\n`, 1],
		['with a folder', `${A}  a/\n`, 1],
		['with the present folder', `${A}  ./a\n`, 1],
		['with a hidden file', `${A}  .a\n`, 1],
		['with a backslash', `${A}  a\\b\n`, 1],
		['with a drive', `${A}  C:a\n`, 1],
		['with a space in a name', `${A}  a b\n`, 1],
		['with letters beyond ASCII', `${A}  \u00e4\n`, 1],
		['with a name like an option', `${A}  -rf\n`, 1],
		['with a path above 200 characters', `${A}  ${'a'.repeat(201)}\n`, 1],
	])('%s', (_, text, line) => {
		expect(parseDigestList(encodeText(text))).toEqual({ ok: false, line });
	});

	test('when it is no UTF-8', () => {
		const bytes = Uint8Array.from([...encodeText(`${A}  a`), 0xff, 0x0a]);
		expect(parseDigestList(bytes)).toEqual({ ok: false, line: 1 });
	});
});

describe('the inputs of a run', () => {
	const paths = [
		'data/2026-02/south.csv',
		'data/2026-02/north.csv',
		'data/2026-02/r2/north.csv',
		'data/2026-02/r2/correction.json',
		'data/2026-02/r3/north.csv',
		'data/2026-02/notes.txt',
		'data/2026-03/north.csv',
		'data/entities.csv',
		'data/rules/2026-02.json',
	];

	test('are those of all runs up to it, replaced ones too', () => {
		expect(listedInputs(paths, '2026-02', 1)).toEqual([
			'data/2026-02/north.csv',
			'data/2026-02/south.csv',
		]);
		expect(listedInputs(paths, '2026-02', 2)).toEqual([
			'data/2026-02/north.csv',
			'data/2026-02/r2/correction.json',
			'data/2026-02/r2/north.csv',
			'data/2026-02/south.csv',
		]);
	});

	test('stand in the list beside the records', () => {
		const files = new Map(paths.map((it) => [it, encodeText(it)]));
		const records = ['settlements/2026-02/r1/statement.csv'];
		files.set(records[0] ?? '', encodeText('x'));
		expect([...listDigests(files, '2026-02', 1, records)]).toEqual([
			['data/2026-02/north.csv', digest(encodeText('data/2026-02/north.csv'))],
			['data/2026-02/south.csv', digest(encodeText('data/2026-02/south.csv'))],
			['settlements/2026-02/r1/statement.csv', digest(encodeText('x'))],
		]);
	});
});
