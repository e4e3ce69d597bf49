import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, encodeText } from '../../../src/core/format/bytes.ts';
import { readTable } from '../../../src/core/format/csv.ts';
import { withoutPrivate } from '../../../src/core/format/private-columns.ts';

/** The same wherever in memory the bytes begin. */
function without(text: string): string | null {
	const bytes = encodeText(text);
	const results = [0, 1, 2, 3].map((offset) => {
		const room = new Uint8Array(offset + bytes.length);
		room.set(bytes, offset);
		return decodeText(withoutPrivate(room.subarray(offset)));
	});
	expect(new Set(results).size).toBe(1);
	return results[0] ?? null;
}

test('private cells at the ends of lines become empty, and nothing else changes', () => {
	expect(without('entity,x_a,x_b\nhall,1 2,3\n\nlab,,\nshort\nx,y,z,more\n')).toBe(
		'entity,x_a,x_b\nhall,,\n\nlab,,\nshort\nx,,,\n',
	);
	expect(without('entity,x_a\nhall,1')).toBe('entity,x_a\nhall,');
});

test.each([
	['nothing private', 'entity,note\nhall,1\n'],
	['private before others', 'x_a,entity\n1,hall\n'],
	['all private', 'x_a,x_b\n1,2\n'],
	['a quote', 'entity,x_a\nhall,"1"\n'],
	['a carriage return', 'entity,x_a\nhall,1\r\n'],
	['a NUL', 'entity,x_a\nhall,\0\n'],
	['not ASCII', 'entity,x_a\nhall,\u00e9\n'],
	['a header alone', 'entity,x_a'],
	['nothing', ''],
])('unchanged: %s', (_, text) => {
	expect(without(text)).toBe(text);
});

const columns = { required: ['entity', 'note'], optional: [] };

function read(text: string) {
	const { rows, problems } = readTable('a.csv', encodeText(text), columns);
	const cells = rows.map((row) => [row.line, row.cell('entity'), row.cell('note'), row.at('note')]);
	return { cells, problems };
}

const names = fc.constantFrom(
	...['entity,note,x_a', 'entity,note,x_a,x_b', 'note,entity,x_a', 'entity,x_a,note,x_b'],
	...['entity,note,x_a,x_a', 'entity,x_a', 'entity,note,other,x_a'],
);
const cells = fc.array(fc.stringMatching(/^[a-z0-9 .=+!-]{0,9}$/), { minLength: 1, maxLength: 6 });
const table = fc.tuple(names, fc.array(cells, { maxLength: 6 }), fc.constantFrom('', '\n', '\n\n'));

test('a table says the same whether its private cells are passed over or read', () => {
	fc.assert(
		fc.property(table, ([header, rows, end]) => {
			const kept = header.split(',').findLastIndex((name) => !name.startsWith('x_')) + 1;
			const text = (mark: string) => {
				const marked = rows.map((row) => row.map((it, at) => (at < kept ? it : mark + it)));
				return [header, ...marked.map((row) => row.join(','))].join('\n') + end;
			};
			expect(without(text('\u00e9'))).toBe(text('\u00e9'));
			const emptied = rows.map((row) => row.map((it, at) => (at < kept ? it : '')));
			const expected = [header, ...emptied.map((row) => row.join(','))].join('\n') + end;
			expect(without(text(''))).toBe(expected);
			expect(read(text(''))).toEqual(read(text('\u00e9')));
		}),
	);
});
