import { describe, expect, test } from 'vitest';
import {
	type Checkpoint,
	formatCheckpoint,
	logRoot,
	parseCheckpoint,
} from '../../../src/core/evidence/checkpoint.ts';
import { merkleRoot } from '../../../src/core/evidence/merkle.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { hexOf } from '../../../src/core/git/object.ts';
import { chance } from '../../support/communities.ts';

const ROOT = '6jRZUXtV71ZQGmxzFvXNJFM3i8RAt2/cKzFdVKbUjrU=';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const TEXT = `example.org/test\n18\n${ROOT}\ncommit ${COMMIT}\n`;
const NOTED: Checkpoint = { log: 'example.org/test', sequence: 18, root: ROOT, commit: COMMIT };

const parse = (text: string) => parseCheckpoint(encodeText(text));

test('four lines are read and written as they are', () => {
	expect(parse(TEXT)).toEqual(NOTED);
	expect(formatCheckpoint(NOTED)).toEqual(encodeText(TEXT));
	const long = { ...NOTED, commit: 'a'.repeat(64), sequence: 999_999_999 };
	expect(parseCheckpoint(formatCheckpoint(long))).toEqual(long);
});

/** Every one of these is nearly a checkpoint. */
const REFUSED: Readonly<Record<string, string>> = {
	'no bytes': '',
	'no final line end': TEXT.slice(0, -1),
	'an empty line after it': `${TEXT}\n`,
	'a line after it': `${TEXT}witness\n`,
	'a line before it': `\n${TEXT}`,
	'a byte order mark': `\ufeff${TEXT}`,
	'CR LF': TEXT.replaceAll('\n', '\r\n'),
	'a signature as C2SP has it': `${TEXT}\n\u2014 example.org/test Az3grl\n`,
	'a log in capitals': TEXT.replace('example', 'Example'),
	'a log with a space': TEXT.replace('/test', ' test'),
	'no log': TEXT.replace('example.org/test', ''),
	'a log of 101 characters': TEXT.replace('example.org/test', 'a'.repeat(101)),
	'sequence 0': TEXT.replace('\n18\n', '\n0\n'),
	'a leading zero': TEXT.replace('\n18\n', '\n018\n'),
	'a sign': TEXT.replace('\n18\n', '\n+18\n'),
	'a fraction': TEXT.replace('\n18\n', '\n18.0\n'),
	'digits of another script': TEXT.replace('\n18\n', '\n\u0661\u0668\n'),
	'a sequence beyond all logs': TEXT.replace('\n18\n', '\n1000000000\n'),
	'a space at the end of a line': TEXT.replace('18\n', '18 \n'),
	'a root in hexadecimal': TEXT.replace(ROOT, 'a'.repeat(64)),
	'a root of 31 bytes': TEXT.replace(ROOT, `${'A'.repeat(42)}==`),
	'a root of 33 bytes': TEXT.replace(ROOT, 'A'.repeat(44)),
	'a root without its padding': TEXT.replace(ROOT, ROOT.slice(0, -1)),
	'a root in the base64 of addresses': TEXT.replace(ROOT, ROOT.replace('/', '_')),
	'a root with bits left over': TEXT.replace(ROOT, ROOT.replace('U=', 'V=')),
	'no commit': TEXT.replace(`commit ${COMMIT}\n`, ''),
	'a commit in capitals': TEXT.replace(COMMIT, COMMIT.toUpperCase()),
	'a short commit': TEXT.replace(COMMIT, COMMIT.slice(0, 39)),
	'a commit of 41 digits': TEXT.replace(COMMIT, `${COMMIT}0`),
	'a commit of 63 digits': TEXT.replace(COMMIT, 'a'.repeat(63)),
	'another word than commit': TEXT.replace('commit ', 'tree '),
};

describe('nearly a checkpoint is none', () => {
	test.each(Object.entries(REFUSED))('%s', (_, text) => {
		expect(text).not.toBe(TEXT);
		expect(parse(text)).toBeNull();
	});

	test('bytes that are no text', () => {
		const bytes = encodeText(TEXT);
		bytes[3] = 0xff;
		expect(parseCheckpoint(bytes)).toBeNull();
	});

	test('whatever is read is written with the same bytes', () => {
		const seed = Date.now() % 10_000;
		const next = chance(seed);
		let read = 0;
		for (let round = 0; round < 3000; round++) {
			const bytes = encodeText(TEXT);
			bytes[next(bytes.length)] = next(128);
			const noted = parseCheckpoint(bytes);
			if (noted === null) continue;
			read++;
			expect(formatCheckpoint(noted), `seed ${seed}`).toEqual(bytes);
		}
		expect(read).toBeGreaterThan(0);
	});
});

/** Leaves and roots that implementations of RFC 6962 share (certificate-transparency-go, merkle). */
const LEAVES = [
	'',
	'00',
	'10',
	'2021',
	'3031',
	'40414243',
	'5051525354555657',
	'606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
	'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
	'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
	'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
	'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
	'4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
	'76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
	'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
	'5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (it) => parseInt(it, 16));

describe('the root hash of RFC 6962', () => {
	test('of no leaf is the hash of nothing', () => {
		const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
		expect(hexOf(merkleRoot([]))).toBe(empty);
	});

	test.each(ROOTS.map((root, index) => [index + 1, root] as const))(
		'of %i leaves',
		(count, root) => {
			expect(hexOf(merkleRoot(LEAVES.slice(0, count).map(bytesOf)))).toBe(root);
		},
	);

	test('tells leaves from inner hashes, and one order from another', () => {
		const [a, b] = [encodeText('a'), encodeText('b')];
		expect(merkleRoot([a, b])).not.toEqual(merkleRoot([b, a]));
		const inner = Uint8Array.from([...merkleRoot([a]), ...merkleRoot([b])]);
		expect(merkleRoot([inner])).not.toEqual(merkleRoot([a, b]));
	});

	test('stands in a checkpoint in base64', () => {
		const root = logRoot(LEAVES.map(bytesOf));
		expect(root).toBe('XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=');
		expect(parse(TEXT.replace(ROOT, root))?.root).toBe(root);
	});
});
