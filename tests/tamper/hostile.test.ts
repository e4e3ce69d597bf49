import { beforeAll, describe, expect, test } from 'vitest';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import type { FindingCode, Verdict } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { relist, resign, signFolder } from './forge.ts';
import { type Keys, type MutableFiles, makeKeys, makeLog, NEWEST } from './log.ts';

/** Files made to exhaust the verifier: it must say what is wrong, not stumble. */
let keys: Keys;
let log: Files;

beforeAll(async () => {
	keys = await makeKeys();
	log = await makeLog(keys, 'plain');
});

type Change = (files: MutableFiles) => void | Promise<void>;

async function expectVerdict(change: Change, verdict: Verdict, code: FindingCode): Promise<void> {
	const files: MutableFiles = new Map(log);
	await change(files);
	const report = await verify({ tree: { files, irregular: [], unavailable: [] }, pin: null });
	const codes = new Set(report.findings.map((it) => it.code));
	expect(codes).not.toContain('check-crashed');
	expect(codes).toContain(code);
	expect(report.verdict).toBe(verdict);
}

/** As the operator could sign it. */
const signed =
	(path: string, text: string): Change =>
	async (files) => {
		files.set(path, encodeText(text));
		relist(files, NEWEST);
		await resign(files, keys.finalizer, 5);
	};

const RULES = `${NEWEST}/rules.json`;
const INPUT = 'data/2026-04/north.csv';
const HEADER = 'entity,period,generated_kwh,consumed_kwh\n';

describe('an input made to exhaust is refused:', () => {
	test.each([
		['lists in lists', RULES, '['.repeat(400_000) + ']'.repeat(400_000)],
		['objects in objects', RULES, `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`],
		['a quote that never ends', INPUT, `${HEADER}"${'a'.repeat(2_000_000)}`],
		['a quote in every line', INPUT, HEADER + '"\n'.repeat(20_000)],
		['a row of a million cells', INPUT, `${HEADER}${','.repeat(1_000_000)}\n`],
		['an unknown entity in every line', INPUT, HEADER + 'hal,2026-04,1,1\n'.repeat(20_000)],
	])('%s', async (_, path, text) => {
		await expectVerdict(signed(path, text), 'TAMPERED', 'inputs-refused');
	});
});

describe('a manifest made to exhaust is malformed:', () => {
	test.each([
		['lists in lists', '['.repeat(60_000)],
		['objects in objects', '{"format":'.repeat(6000)],
	])('%s', async (_, text) => {
		const change: Change = async (files) => {
			files.set(`${NEWEST}/manifest.json`, encodeText(text));
			await signFolder(files, NEWEST, keys.finalizer);
		};
		await expectVerdict(change, 'TAMPERED', 'manifest-malformed');
	});
});

describe('a log made to exhaust is TAMPERED:', () => {
	const many = Array.from({ length: 200_000 }, (_, index) => String(index).padStart(7, '0'));

	test('a list of 200,000 files that are not there', async () => {
		const lines = many.map((it) => `${'a'.repeat(64)}  data/2026-04/${it}.csv\n`);
		const change: Change = (files) =>
			void files.set(`${NEWEST}/SHA256SUMS`, encodeText(lines.join('')));
		await expectVerdict(change, 'TAMPERED', 'list-changed');
	});

	test('200,000 files that no list names', async () => {
		const empty = new Uint8Array();
		const change: Change = (files) => {
			for (const it of many) files.set(`settlements/${it}`, empty);
		};
		await expectVerdict(change, 'TAMPERED', 'file-unlisted');
	});
});
