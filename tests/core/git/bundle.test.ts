import { describe, expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { parseBundleHeader } from '../../../src/core/git/bundle.ts';
import { openBundle } from '../../../src/core/git/repository.ts';
import { bundleOf, idOf, packOf } from './pack-writer.ts';

const A = 'a1'.repeat(20);
const B = 'b2'.repeat(20);
const LONG = 'c3'.repeat(32);
const V2 = '# v2 git bundle\n';
const V3 = '# v3 git bundle\n';
const MAIN = `${A} refs/heads/main\n`;

const parse = (text: string) => parseBundleHeader(encodeText(text));
const codeOf = (text: string) => {
	const parsed = parse(text);
	return parsed.ok ? null : parsed.fault.code;
};

test('version 2: ids that are needed before, refs, and where the pack begins', () => {
	const header = `${V2}-${B} a commit\n-${A}\n${MAIN}${B} HEAD\n\n`;
	expect(parse(`${header}PACK`)).toEqual({
		ok: true,
		value: {
			format: 'sha1',
			filter: '',
			prerequisites: [B, A],
			refs: new Map([
				['refs/heads/main', A],
				['HEAD', B],
			]),
			end: header.length,
		},
	});
});

test('version 3: the hash of ids, and what was left out', () => {
	const header = `${V3}@object-format=sha256\n@filter=blob:none\n${LONG} refs/heads/main\n\n`;
	expect(parse(header)).toMatchObject({
		value: { format: 'sha256', filter: 'blob:none', refs: new Map([['refs/heads/main', LONG]]) },
	});
});

describe('refused:', () => {
	test.each([
		['nothing', ''],
		['a header that does not end', `${V2}${MAIN}`],
		['another word', `# v2 git bundel\n${MAIN}\n`],
		['a byte order mark', `\ufeff${V2}${MAIN}\n`],
		['lines ended by a return too', `# v2 git bundle\r\n${MAIN}\n`],
		['a short id', `${V2}${A.slice(1)} refs/heads/main\n\n`],
		['an id of the other hash', `${V2}${LONG} refs/heads/main\n\n`],
		['an id of the other hash, in version 3', `${V3}@object-format=sha256\n${MAIN}\n`],
		['an id in capitals', `${V2}${A.toUpperCase()} refs/heads/main\n\n`],
		['a ref without name', `${V2}${A}\n\n`],
		['a ref of no name', `${V2}${A} \n\n`],
		['a ref twice', `${V2}${MAIN}${MAIN}\n`],
		['a ref twice, with two ids', `${V2}${MAIN}${B} refs/heads/main\n\n`],
		['a capability in version 2', `${V2}@object-format=sha1\n${MAIN}\n`],
		['text', `${V2}hello\n\n`],
		['NULs', `${V2}${'\0'.repeat(100)}\n\n`],
		...['\0', '\x1b[2J', '\r', '\x7f', '\t', ' ', '~1', '^', ':', '?', '*', '[', '\\', '@{1}'].map(
			(part) => [`a ref with ${JSON.stringify(part)}`, `${V2}${A} refs/heads/a${part}b\n\n`],
		),
		...['..', '/..', '/', '//b', '.', '.lock', '.lock/b', '/.b'].map((end) => [
			`a ref that goes on with "${end}"`,
			`${V2}${A} refs/heads/a${end}\n\n`,
		]),
	])('%s', (_, text = '') => {
		expect(codeOf(text)).toBe('bundle-malformed');
	});

	test.each([
		['version 1', `# v1 git bundle\n${MAIN}\n`],
		['version 4', `# v4 git bundle\n${MAIN}\n`],
		['version 10', `# v10 git bundle\n${MAIN}\n`],
		['an unknown capability', `${V3}@sparse=1\n${MAIN}\n`],
		['a capability without name', `${V3}@\n${MAIN}\n`],
		['an unknown hash', `${V3}@object-format=md5\n${MAIN}\n`],
		['an empty filter', `${V3}@filter\n${MAIN}\n`],
		['a capability after an id', `${V3}${MAIN}@object-format=sha1\n\n`],
	])('%s', (_, text) => {
		expect(codeOf(text)).toBe('bundle-unsupported');
	});

	test('not UTF-8', () => {
		const bytes = Uint8Array.from([...encodeText(`${V2}${A} refs/heads/`), 0xff, 10, 10]);
		expect(parseBundleHeader(bytes)).toMatchObject({ fault: { code: 'bundle-malformed' } });
	});

	test('100 MB without an end', () => {
		const bytes = new Uint8Array(100_000_000).fill(97);
		bytes.set(encodeText(V2));
		expect(parseBundleHeader(bytes)).toMatchObject({ fault: { code: 'bundle-malformed' } });
	});

	test('every header cut off', () => {
		const header = `${V3}@object-format=sha1\n-${B} b\n${MAIN}\n`;
		for (let length = 0; length < header.length; length++) {
			expect(codeOf(header.slice(0, length)), String(length)).toBe('bundle-malformed');
		}
	});
});

describe('the branch that is meant', () => {
	const content = encodeText('x');
	const id = idOf('blob', content);
	const open = (...names: string[]) => {
		const lines = names.map((name, index) => `${index === 0 ? id : A} ${name}\n`);
		return openBundle(bundleOf(`${V2}${lines.join('')}\n`, packOf([{ type: 'blob', content }])));
	};

	test.each([
		['main among others', ['refs/heads/main', 'refs/heads/a', 'HEAD'], 'refs/heads/main'],
		['the one branch, whatever its name', ['refs/heads/trunk', 'refs/tags/v1'], 'refs/heads/trunk'],
		['a detached head', ['HEAD', 'refs/tags/v1'], 'HEAD'],
	])('%s', async (_, names, branch) => {
		expect(await open(...names)).toMatchObject({ value: { branch, head: id, format: 'sha1' } });
	});

	test.each([
		['none', []],
		['a tag alone', ['refs/tags/v1']],
		['two branches', ['refs/heads/a', 'refs/heads/b', 'HEAD']],
		['a remote branch', ['refs/remotes/origin/main']],
	])('%s: it is not known', async (_, names) => {
		expect(await open(...names)).toMatchObject({ fault: { code: 'branch-unknown' } });
	});
});
