import { describe, expect, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { parseCommit } from '../../../src/core/git/commit.ts';

const A = 'a1'.repeat(20);
const B = 'b2'.repeat(20);
const PERSON = 'A. Lindqvist <a@example.org>';
const TREE = `tree ${A}\n`;
const PEOPLE = `author ${PERSON} 1767225600 +0100\ncommitter ${PERSON} 1767225661 -0330\n`;
const parse = (text: string) => parseCommit(encodeText(text), 'sha1');
const PLAIN = { tree: A, parents: [], author: PERSON, date: '2026-01-01T00:01:01Z' };

test('a commit: tree, parents in their order, author, instant of the committer', () => {
	expect(parse(`${TREE}parent ${B}\nparent ${A}\n${PEOPLE}\nchange\n`)).toEqual({
		...PLAIN,
		parents: [B, A],
	});
});

describe('what follows the committer is not read:', () => {
	test.each([
		['a signature', 'gpgsig -----BEGIN\n \n parent x\n\nmessage\n'],
		['a mergetag', `mergetag object ${A}\n tree ${B}\n\nmessage\n`],
		['an encoding', 'encoding ISO-8859-1\n\nmessage'],
		['a late parent', `parent ${B}\n\nmessage`],
		['no message', '\n'],
		['not even an empty line', ''],
		['a NUL in the message', '\na\0b'],
	])('%s', (_, rest) => {
		expect(parse(`${TREE}${PEOPLE}${rest}`)).toEqual(PLAIN);
	});
});

describe('names and instants', () => {
	test.each([
		['no name', ' <>', ' <>'],
		['other characters', 'Ñandú 水 <ñ@x>', 'Ñandú 水 <ñ@x>'],
		['line separators of Unicode, and a return', 'a\u2028b\r <x>', 'a\u2028b\r <x>'],
	])('%s', (_, name, author) => {
		expect(parse(`${TREE}author ${name} 0 +0000\ncommitter a 0 +0000\n\n`)?.author).toBe(author);
	});

	test('bytes that are not UTF-8 become a character each', () => {
		const text = `${TREE}author Ñ <a> 0 +0000\ncommitter a 0 +0000\n\n`;
		const parsed = parseCommit(new Uint8Array(Buffer.from(text, 'latin1')), 'sha1');
		expect(parsed).toEqual({ ...PLAIN, author: 'Ñ <a>', date: '1970-01-01T00:00:00Z' });
	});

	test.each([
		['253402300799', '9999-12-31T23:59:59Z'],
		['253402300800', ''],
		['9'.repeat(400), ''],
	])('second %s', (second, date) => {
		const text = `${TREE}author a 0 +0000\ncommitter a ${second} +0000\n\n`;
		expect(parse(text)?.date).toBe(date);
	});
});

describe('refused:', () => {
	test.each([
		['nothing', ''],
		['no tree', PEOPLE],
		['two trees', `${TREE}${TREE}${PEOPLE}`],
		['the tree after a parent', `parent ${B}\n${TREE}${PEOPLE}`],
		['a short id', `tree ${A.slice(1)}\n${PEOPLE}`],
		['an id in capitals', `tree ${A.toUpperCase()}\n${PEOPLE}`],
		['an id and a space', `tree ${A} \n${PEOPLE}`],
		['an id of SHA-256', `tree ${A}${A.slice(0, 24)}\n${PEOPLE}`],
		['a short parent', `${TREE}parent ${B.slice(1)}\n${PEOPLE}`],
		['lines ended by a return too', `tree ${A}\r\n${PEOPLE}`],
		['no author', `${TREE}committer ${PERSON} 0 +0000\n\n`],
		['no committer', `${TREE}author ${PERSON} 0 +0000\n\n`],
		['an empty line before the people', `${TREE}\n${PEOPLE}`],
		['no instant', `${TREE}author a\ncommitter b\n\n`],
		['a negative instant', `${TREE}author a -1 +0000\ncommitter b -1 +0000\n\n`],
		['no zone', `${TREE}author a 1 0000\ncommitter b 1 0000\n\n`],
		['a line of 8,193 bytes', `${TREE}author ${'a'.repeat(8193)} 0 +0000\ncommitter a 0 +0000\n\n`],
	])('%s', (_, text) => {
		expect(parse(text)).toBeNull();
	});
});

test('a commit of 64 MiB of lines costs no more than its bytes', () => {
	const parents = new Uint8Array(64 * 1024 * 1024).fill(10);
	parents.set(encodeText(TREE));
	expect(parseCommit(parents, 'sha1')).toBeNull();
});
