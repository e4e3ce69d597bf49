import { describe, expect, test } from 'vitest';
import {
	finalizersAt,
	formatTrustRoot,
	parseTrustRoot,
	pinnedKeys,
	requiredRoles,
	rootAt,
	type TrustRoot,
} from '../../../src/core/evidence/trust-root.ts';
import { decodeText, encodeText } from '../../../src/core/format/bytes.ts';

const key = (letter: string) => ({
	fingerprint: letter.repeat(40),
	certificate_sha256: letter.repeat(64),
});

const ROOT: TrustRoot = {
	format: 'wattproof/trust-root/v1',
	log: 'example.org/energy',
	version: 2,
	previous_sha256: '9'.repeat(64),
	effective_from_sequence: 15,
	root_threshold: 2,
	root_keys: [key('a'), key('b')],
	finalizer_keys: [
		{ ...key('c'), from_sequence: 1, to_sequence: 14 },
		{ ...key('d'), from_sequence: 15, to_sequence: null },
	],
	approvals: [
		{ role: 'finance', ...key('e') },
		{ role: 'audit', ...key('f') },
		{ role: 'finance', ...key('1') },
	],
};

const parse = (root: TrustRoot) => parseTrustRoot(formatTrustRoot(root));
const TEXT = decodeText(formatTrustRoot(ROOT)) ?? '';

describe('a trust root', () => {
	test('survives being written and read', () => {
		expect(parse(ROOT)).toEqual({ ok: true, value: ROOT });
	});

	test('names every key once, with its certificate', () => {
		expect(pinnedKeys(ROOT).map((it) => it.fingerprint[0])).toEqual([...'abcdef1']);
	});

	test('says who finalizes at a sequence number, both ends included', () => {
		const at = (sequence: number) => finalizersAt(ROOT, sequence).map((it) => it.fingerprint[0]);
		expect([1, 14, 15, 16, 9999].map(at)).toEqual([['c'], ['c'], ['d'], ['d'], ['d']]);
	});

	test('asks for each role once, in order', () => {
		expect(requiredRoles(ROOT)).toEqual(['audit', 'finance']);
	});

	test('is in force from its sequence number until the next one', () => {
		const roots = [1, 4, 9].map((effective_from_sequence) => ({ effective_from_sequence }));
		const at = (sequence: number) => rootAt(roots, sequence)?.effective_from_sequence;
		expect([0, 1, 3, 4, 8, 9, 10].map(at)).toEqual([undefined, 1, 1, 4, 4, 9, 9]);
	});

	test('of a newer format is told from none', () => {
		const newer = encodeText(TEXT.replace('/v1"', '/v2"'));
		expect(parseTrustRoot(newer)).toEqual({ ok: false, fault: 'unknown-format' });
	});
});

describe('a trust root is malformed', () => {
	const same = key('a');
	test.each<[string, TrustRoot]>([
		['with one root key twice', { ...ROOT, root_keys: [same, same] }],
		[
			'with one root key under two certificates',
			{ ...ROOT, root_keys: [same, { ...same, certificate_sha256: '0'.repeat(64) }] },
		],
		[
			'with a root key that finalizes',
			{ ...ROOT, finalizer_keys: [{ ...same, from_sequence: 1, to_sequence: null }] },
		],
		['with a root key that approves', { ...ROOT, approvals: [{ role: 'finance', ...same }] }],
		[
			'with one person for two roles',
			{
				...ROOT,
				approvals: [
					{ role: 'finance', ...key('e') },
					{ role: 'audit', ...key('e') },
				],
			},
		],
		['with a threshold nobody meets', { ...ROOT, root_threshold: 3 }],
		['with a threshold of 0', { ...ROOT, root_threshold: 0 }],
		['without root keys', { ...ROOT, root_keys: [] }],
		['with version 0', { ...ROOT, version: 0 }],
		['with a role that is no word', { ...ROOT, approvals: [{ role: '../x', ...key('e') }] }],
		[
			'with a fingerprint of another length',
			{ ...ROOT, root_keys: [key('a'), { ...key('b'), fingerprint: 'b'.repeat(64) }] },
		],
	])('%s', (_, root) => {
		expect(parse(root)).toEqual({ ok: false, fault: 'malformed' });
	});

	test('with an unknown key', () => {
		const text = TEXT.replace('  "version"', '  "comment": "x",\n  "version"');
		expect(parseTrustRoot(encodeText(text))).toEqual({ ok: false, fault: 'malformed' });
	});
});

describe('a trust root is not canonical', () => {
	test.each([
		['with another order of keys', TEXT.replace(/( {2}"log".*\n)( {2}"version".*\n)/, '$2$1')],
		['with white space', TEXT.replace(': 2', ':  2')],
		['with a key twice', TEXT.replace('  "version"', '  "version": 1,\n  "version"')],
		['without a final newline', TEXT.trimEnd()],
	])('%s', (_, text) => {
		expect(text).not.toBe(TEXT);
		expect(parseTrustRoot(encodeText(text))).toEqual({ ok: false, fault: 'not-canonical' });
	});
});
