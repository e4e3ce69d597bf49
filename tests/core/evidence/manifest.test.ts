import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	formatManifest,
	type Manifest,
	parseManifest,
	signaturesDigest,
} from '../../../src/core/evidence/manifest.ts';
import { decodeText, digest, encodeText } from '../../../src/core/format/bytes.ts';

const A = 'a'.repeat(64);

const MANIFEST: Manifest = {
	format: 'wattproof/manifest/v1',
	log: 'example.org/energy',
	sequence: 3,
	period: '2026-02',
	run: 2,
	kind: 'correction',
	reason: 'meter-reading',
	previous: { sequence: 2, manifest_sha256: A, signatures_sha256: A },
	supersedes: { run: 1, manifest_sha256: A },
	trust_root: { version: 1, sha256: A },
	files: { sha256: A, count: 9, bytes: 4000 },
	engine: { spec: 1, version: '0.1.0' },
	basis: { kind: 'monthly' },
	totals: {
		generated_wh: 125_500,
		consumed_wh: 132_375,
		self_consumed_wh: 25_250,
		surplus_wh: 100_250,
		deficit_wh: 107_125,
		shared_wh: 100_250,
		exported_wh: 0,
		imported_wh: 6_875,
	},
	source: { object_format: 'sha1', commit: '5'.repeat(40) },
	incidents: [{ path: 'data/2026-01/a.csv', altered_in: '1', restored_in: '2', reason: 'x' }],
	finalized_at: '2026-03-20T08:00:00Z',
};

const parseText = (text: string) => parseManifest(encodeText(text));
const TEXT = decodeText(formatManifest(MANIFEST)) ?? '';

/** A value with all keys of all its objects in reverse. */
function reversed(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(reversed);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).toReversed();
	return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

describe('a manifest', () => {
	test('survives being written and read', () => {
		expect(parseText(TEXT)).toEqual({ ok: true, value: MANIFEST });
	});

	test('has one order of keys, at every level, whatever the order in memory', () => {
		const shuffled = reversed(MANIFEST) as Manifest;
		expect(formatManifest(shuffled)).toEqual(encodeText(TEXT));
		expect(parseText(`${JSON.stringify(shuffled, null, 2)}\n`)).toEqual({
			ok: false,
			fault: 'not-canonical',
		});
	});

	test('that is accepted has only one form', () => {
		const bytes = encodeText(TEXT);
		fc.assert(
			fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
				const changed = bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
				const parsed = parseManifest(changed);
				if (parsed.ok) expect(formatManifest(parsed.value)).toEqual(changed);
			}),
			{ numRuns: 1000 },
		);
	});

	test('of a newer format is told from none', () => {
		const newer = TEXT.replace('manifest/v1', 'manifest/v2');
		expect(parseText(newer)).toEqual({ ok: false, fault: 'unknown-format' });
		expect(parseText('{ "format": "wattproof/manifest/v2" }')).toMatchObject({
			fault: 'unknown-format',
		});
		const root = TEXT.replace('manifest/v1', 'trust-root/v1');
		expect(parseText(root)).toEqual({ ok: false, fault: 'malformed' });
	});

	test('has at most 65,535 bytes', () => {
		const room = 65_535 - TEXT.length + '0.1.0'.length;
		const of = (length: number) =>
			formatManifest({ ...MANIFEST, engine: { spec: 1, version: '0'.repeat(length) } });
		expect(of(room)).toHaveLength(65_535);
		expect(parseManifest(of(room)).ok).toBe(true);
		expect(parseManifest(of(room + 1))).toEqual({ ok: false, fault: 'too-large' });
	});
});

describe('a manifest is not canonical', () => {
	test.each([
		['with a byte more', `${TEXT}\n`],
		['with a byte less', TEXT.trimEnd()],
		['with tabs', TEXT.replaceAll('  ', '\t')],
		['in one line', `${JSON.stringify(MANIFEST)}\n`],
		['with CRLF', TEXT.replaceAll('\n', '\r\n')],
		['with a key twice', TEXT.replace('  "run": 2', '  "run": 1,\n  "run": 2')],
		['with 2.0', TEXT.replace('"run": 2', '"run": 2.0')],
		['with 2e0', TEXT.replace('"run": 2', '"run": 2e0')],
		['with -0', TEXT.replace('"exported_wh": 0', '"exported_wh": -0')],
		['with an escaped letter', TEXT.replace('"monthly"', '"m\\u006fnthly"')],
		['with an escaped slash', TEXT.replace('example.org/energy', 'example.org\\/energy')],
	])('%s', (_, text) => {
		expect(text).not.toBe(TEXT);
		expect(parseText(text)).toEqual({ ok: false, fault: 'not-canonical' });
	});
});

describe('a manifest is malformed', () => {
	test.each([
		['when it is empty', ''],
		['when it is null', 'null\n'],
		['when it is a list', '[]\n'],
		['with a byte order mark', `\ufeff${TEXT}`],
		['with a comment', `// x\n${TEXT}`],
		['with something after it', `${TEXT}{}`],
		['with a trailing comma', TEXT.replace('Z"\n}', 'Z",\n}')],
		['with an unknown key', TEXT.replace('  "run"', '  "x": 1,\n  "run"')],
		['with a key of every object', TEXT.replace('  "run"', '  "__proto__": {},\n  "run"')],
		['with a key less', TEXT.replace(/ {2}"reason".*\n/, '')],
		['with a fraction', TEXT.replace('"run": 2', '"run": 2.5')],
		['with a number as text', TEXT.replace('"run": 2', '"run": "2"')],
		['with run 0', TEXT.replace('"run": 2', '"run": 0')],
		['with a negative total', TEXT.replace('"imported_wh": 6875', '"imported_wh": -1')],
		['beyond 2^53', TEXT.replace('125500', '9007199254740993')],
		['with an unknown kind', TEXT.replace('"correction"', '"other"')],
		['with an unknown basis', TEXT.replace('"monthly"', '"yearly"')],
		['with a month 13', TEXT.replace('2026-02', '2026-13')],
		['with a local time', TEXT.replace('08:00:00Z', '08:00:00+01:00')],
		['with a fraction of a second', TEXT.replace('08:00:00Z', '08:00:00.000Z')],
		['with hour 24', TEXT.replace('08:00:00Z', '24:00:00Z')],
		['with an upper-case digest', TEXT.replace(A, A.toUpperCase())],
		['with a short digest', TEXT.replace(A, A.slice(1))],
		['with an upper-case log', TEXT.replace('example.org', 'Example.org')],
		['with a short commit', TEXT.replace('5'.repeat(40), '5'.repeat(39))],
	])('%s', (_, text) => {
		expect(text).not.toBe(TEXT);
		expect(parseText(text)).toEqual({ ok: false, fault: 'malformed' });
	});

	test('when it is no UTF-8', () => {
		const bytes = encodeText(TEXT.replace('meter', 'm?ter')).map((byte) =>
			byte === 0x3f ? 0xff : byte,
		);
		expect(parseManifest(bytes)).toEqual({ ok: false, fault: 'malformed' });
	});
});

describe('the digest of signatures', () => {
	const [one, two] = [encodeText('one'), encodeText('two')];
	const lines = `${digest(one)}  r1/approvals/audit.asc\n${digest(two)}  r1/manifest.json.asc\n`;

	test('is the one of a list that GNU sha256sum would write', () => {
		const signatures = new Map([
			['r1/manifest.json.asc', two],
			['r1/approvals/audit.asc', one],
		]);
		expect(signaturesDigest(signatures)).toBe(digest(encodeText(lines)));
	});

	test('tells which file holds which signature', () => {
		const exchanged = new Map([
			['r1/manifest.json.asc', one],
			['r1/approvals/audit.asc', two],
		]);
		expect(signaturesDigest(exchanged)).not.toBe(digest(encodeText(lines)));
	});

	test('of none is the one of nothing', () => {
		expect(signaturesDigest(new Map())).toBe(digest(new Uint8Array()));
	});
});
