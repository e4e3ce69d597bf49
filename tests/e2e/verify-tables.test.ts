import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseCheckpoint } from '../../src/core/evidence/checkpoint.ts';
import { digest } from '../../src/core/format/bytes.ts';
import { historyReader } from '../../src/core/history/reader.ts';
import { treeAt } from '../../src/core/history/tree-at.ts';
import type { Tree } from '../../src/core/verification/evidence.ts';
import type { Report } from '../../src/core/verification/report.ts';
import { formatReport } from '../../src/core/verification/report-json.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { audit } from '../../src/node/audit.ts';
import { bundleOf } from '../../src/node/bundle.ts';
import { folderEvidence } from '../../src/node/git-evidence.ts';
import { VERSION } from '../../src/node/version.ts';
import { HISTORY_MUTATIONS } from '../history/mutations.ts';
import { stage, useHonestLogs } from '../history/stage.ts';
import { chance } from '../support/communities.ts';
import { treeText } from '../support/tree-text.ts';
import { openVerifier, useVerifier } from '../support/verifier-page.ts';
import { type Keys, LOG_KINDS, type LogKind, makeKeys, makeLog } from '../tamper/log.ts';
import { MUTATIONS } from '../tamper/mutations.ts';

/** Every attack of the two tables, in Node and in a browser: the reports are the same, byte for byte. */

const full = inject('full');
const verifier = useVerifier();

const textOf = (report: Report, name: string, version: string) =>
	new TextDecoder().decode(formatReport(report, { name, version }));

describe('a changed tree', () => {
	const seed = Date.now() % 10_000;
	const next = chance(seed);
	const rows = full ? MUTATIONS : MUTATIONS.filter(() => next(MUTATIONS.length) < 24);
	const logs = new Map<LogKind, ReadonlyMap<string, Uint8Array>>();
	let keys: Keys;
	let page: Page;
	beforeAll(async () => {
		keys = await makeKeys();
		const kinds = new Set(rows.map(({ log = 'plain' }) => log));
		for (const kind of LOG_KINDS.filter((it) => kinds.has(it))) {
			logs.set(kind, await makeLog(keys, kind));
		}
		// A page that browsers lend their cryptography to, and that takes the script of a test.
		({ page } = await openVerifier(verifier.browser(), verifier.address(), { bypassCSP: true }));
		const { code } = await bundleOf('../../tests/support/verify-entry.ts');
		await page.addScriptTag({ content: code });
	});
	afterAll(() => page?.context().close());

	test(`gives one report in both: ${rows.length} of ${MUTATIONS.length}, seed ${seed}`, async () => {
		for (const { name, log = 'plain', change } of rows) {
			const files = new Map(logs.get(log));
			const pin = digest(files.get('trust/root-1.json') ?? new Uint8Array());
			const seen = await change(files, keys);
			const tree: Tree = { files, irregular: [], unavailable: [], ...(seen ?? {}) };
			const words = `reportOn(${JSON.stringify(treeText(tree))}, ${JSON.stringify(pin)})`;
			expect(await page.evaluate(words), name).toBe(
				textOf(await verify({ tree, pin }), 'test', '0'),
			);
		}
	}, 1_800_000);
});

function testHistories() {
	const made = useHonestLogs();
	interface Given {
		readonly pin: string;
		readonly checkpoint: string | undefined;
	}

	async function expectSame(id: 'bundle' | 'folder', path: string, given: Given, report: Report) {
		const it = await verifier.open();
		await it.page.fill('#pin', given.pin);
		if (given.checkpoint !== undefined) await it.give('kept', given.checkpoint);
		await it.give(id, path);
		expect(await it.check()).toBe(report.verdict);
		const { bytes } = await it.saved('Save the report (JSON)');
		expect(new TextDecoder().decode(bytes)).toBe(textOf(report, 'wattproof', VERSION));
		expect(it.complaints).toEqual([]);
		await it.close();
	}

	/** What a folder's Git data say, without its working files, which no browser is shown. */
	async function auditGit(dir: string, { pin, checkpoint }: Given): Promise<Report> {
		const git = await folderEvidence(dir);
		if (git === null) throw new Error(`${dir} has no Git data`);
		const empty: Tree = { files: new Map(), irregular: [], unavailable: [] };
		const tree = git.ok ? await treeAt(historyReader(git.value), git.value.head) : empty;
		const noted = checkpoint === undefined ? null : parseCheckpoint(readFileSync(checkpoint));
		return verify({ tree, git, pin, ...(noted !== null && { checkpoint: noted }) });
	}

	test.each(HISTORY_MUTATIONS.map((row) => [row.name, row] as const))(
		'%s gives one report in both',
		async (_, row) => {
			const { dir, bundle, pin, checkpoint, remove } = await stage(row, made);
			const given = { pin, checkpoint };
			if (bundle !== null) {
				const common = { dir: '.', bundle, pin, ...(checkpoint !== undefined && { checkpoint }) };
				await expectSame('bundle', bundle, given, await audit(common));
			}
			// The folder of a linked worktree has no Git data of its own.
			if (dir !== null && lstatSync(join(dir, '.git')).isDirectory()) {
				await expectSame('folder', dir, given, await auditGit(dir, given));
			}
			remove();
		},
		1_800_000,
	);
}

if (full) describe('a changed history', testHistories);
