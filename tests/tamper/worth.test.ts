import { beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import type { FindOriginal } from '../../src/core/verification/evidence.ts';
import type { Report } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { relist, replaceText, resign } from './forge.ts';
import { CORRECTED, type Keys, type MutableFiles, makeKeys, makeLog, NEWEST } from './log.ts';

let keys: Keys;
let log: Files;

beforeAll(async () => {
	keys = await makeKeys();
	log = await makeLog(keys, 'plain');
});

const INPUT = 'data/2026-04/north.csv';
const STATEMENT = `${NEWEST}/statement.csv`;

/** As a Git history would: the bytes that a path once had. */
const fromHistory: FindOriginal = async (path) => log.get(path);
const nowhere: FindOriginal = async () => undefined;

async function verifyEdit(
	original: FindOriginal,
	change: (files: MutableFiles) => void | Promise<void>,
): Promise<Report> {
	const files: MutableFiles = new Map(log);
	await change(files);
	return verify({ tree: { files, irregular: [], unavailable: [] }, pin: null, original });
}

const finding = (report: Report, code: string, path: string) =>
	report.findings.find((it) => it.code === code && it.path === path);

/** The hall supplies what the others still lacked, and the rest goes to the grid. */
const MORE = { generated: 100_000n, surplus: 100_000n, delivered: 6_875n, exported: 93_125n };

describe('an edited input', () => {
	const edit = (files: MutableFiles) => replaceText(files, INPUT, '120.500', '220.500');

	test('shows the cell and its worth where the original is at hand', async () => {
		const report = await verifyEdit(fromHistory, edit);
		expect(report.verdict).toBe('TAMPERED');
		expect(finding(report, 'file-changed', INPUT)?.difference).toEqual({
			line: 2,
			column: 'generated_kwh',
			expected: '120.500',
			actual: '220.500',
		});
		expect(finding(report, 'record-differs', STATEMENT)?.difference).toMatchObject({
			line: 2,
			column: 'generated_kwh',
			expected: '120.500',
			actual: '220.500',
		});
		expect(report.worth).toMatchObject([{ period: '2026-04', run: 1, basis: 'settled' }]);
		const [hall, ...others] = report.worth[0]?.entities ?? [];
		expect(hall).toEqual({ entity: 'hall', energy_wh: MORE });
		const received = others.map(({ energy_wh }) => energy_wh.received ?? 0n);
		expect(received.reduce((sum, wh) => sum + wh, 0n)).toBe(6_875n);
	});

	test('shows its worth without the original too', async () => {
		const report = await verifyEdit(nowhere, edit);
		expect(finding(report, 'file-changed', INPUT)?.difference).toBeNull();
		expect(report.worth).toEqual((await verifyEdit(fromHistory, edit)).worth);
	});

	test('is worth nothing where the figures stay the same', async () => {
		const report = await verifyEdit(fromHistory, (files) =>
			replaceText(files, INPUT, ',5,42', ',5.0,42'),
		);
		expect(finding(report, 'file-changed', INPUT)?.difference).toMatchObject({
			line: 3,
			column: 'generated_kwh',
			expected: '5',
			actual: '5.0',
		});
		expect(report.verdict).toBe('TAMPERED');
		expect(report.worth).toEqual([]);
	});

	test('that a correction has replaced is worth something in the first run only', async () => {
		const report = await verifyEdit(fromHistory, (files) =>
			replaceText(files, 'data/2026-02/north.csv', '120.500', '120.501'),
		);
		expect(report.worth.map(({ period, run }) => `${period} r${run}`)).toEqual(['2026-02 r1']);
	});

	test('that no longer can be read is named with its line', async () => {
		const report = await verifyEdit(fromHistory, (files) =>
			replaceText(files, INPUT, '120.500', '120,500'),
		);
		expect(finding(report, 'inputs-refused', INPUT)).toMatchObject({ expected: '2' });
		expect(report.worth).toEqual([]);
	});
});

describe('an edited statement', () => {
	const edit = (files: MutableFiles) => replaceText(files, STATEMENT, '70.125', '60.125');
	const worth = [
		{
			period: '2026-04',
			run: 1,
			basis: 'stated',
			entities: [{ entity: 'library', energy_wh: { consumed: -10_000n } }],
		},
	];

	test('shows the cell and what it now states', async () => {
		const report = await verifyEdit(fromHistory, edit);
		expect(finding(report, 'file-changed', STATEMENT)?.difference).toEqual({
			line: 3,
			column: 'consumed_kwh',
			expected: '70.125',
			actual: '60.125',
		});
		expect(report.worth).toEqual(worth);
	});

	test('is worth the same without the original: it can be computed again', async () => {
		expect((await verifyEdit(nowhere, edit)).worth).toEqual(worth);
	});

	test('and signed by the operator shows what follows from the inputs', async () => {
		const report = await verifyEdit(nowhere, async (files) => {
			edit(files);
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		});
		expect(finding(report, 'record-differs', STATEMENT)?.difference).toEqual({
			line: 3,
			column: 'consumed_kwh',
			expected: '60.125',
			actual: '70.125',
		});
	});

	test('of a corrected run leaves the other runs alone', async () => {
		const path = `${CORRECTED}/statement.csv`;
		const report = await verifyEdit(nowhere, (files) =>
			replaceText(files, path, '130.500', '130.600'),
		);
		expect(report.worth).toMatchObject([
			{
				period: '2026-02',
				run: 2,
				basis: 'stated',
				entities: [{ entity: 'hall', energy_wh: { generated: 100n } }],
			},
		]);
	});
});

describe('whoever offers originals', () => {
	const edit = (files: MutableFiles) => replaceText(files, INPUT, '120.500', '220.500');

	test('is not believed without the digest', async () => {
		const liar: FindOriginal = async (path) => {
			const text = new TextDecoder().decode(log.get(path));
			return encodeText(text.replace('120.500', '999.999'));
		};
		const report = await verifyEdit(liar, edit);
		expect(finding(report, 'file-changed', INPUT)?.difference).toBeNull();
	});

	test('cannot soften the verdict by failing', async () => {
		const broken: FindOriginal = async () => {
			throw new Error('no network');
		};
		const report = await verifyEdit(broken, (files) =>
			replaceText(files, STATEMENT, '70.125', '60.125'),
		);
		expect(report.verdict).toBe('TAMPERED');
	});
});

describe('the clock of the machine', () => {
	test.each(['1999-01-01', '2199-01-01'])('plays no part: %s', async (date) => {
		vi.useFakeTimers({ now: new Date(date), toFake: ['Date'] });
		try {
			// New keys: certificates that were read before are not read again.
			const files = await makeLog(await makeKeys(), 'approved');
			const tree = { files, irregular: [], unavailable: [] };
			expect((await verify({ tree, pin: null })).verdict).toBe('UNCONFIRMED');
		} finally {
			vi.useRealTimers();
		}
	});
});
