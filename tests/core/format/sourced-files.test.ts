import { expect, test } from 'vitest';
import { digest, encodeText } from '../../../src/core/format/bytes.ts';
import {
	digestOf,
	type FileSource,
	filesOf,
	onlyFiles,
	partsOf,
	sizeOf,
	withFiles,
} from '../../../src/core/format/sourced-files.ts';

const bytes = encodeText('entity,period\nhall,2026-01\n');

function source(): FileSource & { reads: number } {
	const it = {
		size: bytes.length,
		reads: 0,
		*parts() {
			it.reads++;
			yield bytes.subarray(0, 5);
			yield bytes.subarray(5);
		},
		digest: () => digest(bytes),
	};
	return it;
}

test('a file that lies elsewhere reads like one in memory', () => {
	const files = filesOf(
		new Map<string, Uint8Array | FileSource>([
			['a', bytes],
			['b', source()],
		]),
	);
	expect([...files]).toEqual([
		['a', bytes],
		['b', bytes],
	]);
	expect([...files.values()]).toEqual([bytes, bytes]);
	const seen: string[] = [];
	files.forEach((content, path) => {
		seen.push(`${path} ${content.length}`);
	});
	expect(seen).toEqual([`a ${bytes.length}`, `b ${bytes.length}`]);
	expect([files.size, files.has('b'), files.has('c'), files.get('c')]).toEqual([
		2,
		true,
		false,
		undefined,
	]);
	for (const path of ['a', 'b']) {
		expect(digestOf(files, path)).toBe(digest(bytes));
		expect(sizeOf(files, path)).toBe(bytes.length);
	}
	expect([...partsOf(files, 'b')].map((part) => part.length)).toEqual([5, bytes.length - 5]);
	expect([digestOf(files, 'c'), sizeOf(files, 'c'), [...partsOf(files, 'c')]]).toEqual([
		undefined,
		undefined,
		[],
	]);
});

test('adding and choosing files reads none', () => {
	const one = source();
	const files = filesOf(new Map([['b', one]]));
	const more = withFiles(files, new Map([['a', bytes]]));
	const chosen = onlyFiles(more, (path) => path === 'b');
	expect([[...more.keys()], [...chosen.keys()], one.reads]).toEqual([['b', 'a'], ['b'], 0]);
	expect(chosen.get('b')).toEqual(bytes);
	expect(one.reads).toBe(1);
	expect(withFiles(files, new Map([['b', encodeText('x')]])).get('b')).toEqual(encodeText('x'));
});
