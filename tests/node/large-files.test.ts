import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pointedDigest } from '../../src/core/evidence/large-file.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { audit, auditFolder } from '../../src/node/audit.ts';
import { check } from '../../src/node/check.ts';
import { runGit } from '../history/honest-log.ts';
import {
	asLong,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	monthFiles,
} from '../support/interval-months.ts';
import { type Scratch, scratchLog, totalsText, writeFiles } from '../support/scratch.ts';

/** Inputs that Git LFS keeps: the history holds pointers, the working tree the bytes. */
const PATH = 'data/2026-01/long.csv';
const LIST = 'settlements/2026-01/r1/SHA256SUMS';
const long = asLong(intervalMonth('2026-01'));

/** What `git lfs pointer` prints of a file, by the specification of the format. */
function pointerTo(text: string): string {
	const oid = createHash('sha256').update(text).digest('hex');
	const size = Buffer.byteLength(text);
	return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}

/** A log whose first month came through Git LFS: a pointer is committed, its bytes are checked out. */
async function pointedLog(): Promise<Scratch> {
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, [PATH]: pointerTo(long) });
	writeFileSync(join(log.dir, PATH), long);
	const result = await log.finalize('2026-01');
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	return log;
}

test('the list of a run has the digest that the pointer has', async () => {
	const { dir } = await pointedLog();
	const pointer = runGit(dir, ['show', `main:${PATH}`]);
	const [, oid] = /^oid sha256:([0-9a-f]{64})$/m.exec(pointer) ?? [];
	const lines = readFileSync(join(dir, LIST), 'utf8').split('\n');
	expect(lines).toContain(`${oid}  ${PATH}`);
	expect(pointedDigest(encodeText(`${pointer}\n`))).toBe(oid);
});

test('with the bytes checked out the log is VALID, and goes on', async () => {
	const log = await pointedLog();
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect([report.verdict, report.scope, ...report.findings]).toEqual([
		'VALID',
		'files and history',
	]);
	await log.commit({ ...monthFiles('2026-02') });
	writeFileSync(join(log.dir, PATH), long);
	expect((await log.finalize('2026-02')).ok).toBe(true);
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});

test.each(Object.entries(INTERVAL_CONFIGURATION))(
	'%s may be a pointer, too',
	async (path, text) => {
		const pointed = { ...INTERVAL_CONFIGURATION, [path]: pointerTo(text) };
		const log = await scratchLog([], { ...pointed, ...monthFiles('2026-01') });
		writeFileSync(join(log.dir, path), text);
		expect((await log.finalize('2026-01')).ok).toBe(true);
		expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
	},
);

test('what one month has as a file, another may have as a pointer to the same bytes', async () => {
	const absent = 'entity,reason,approved_by\noffice,closed for works,Eva Lind\n';
	const log = await scratchLog([]);
	for (const [period, text] of [
		['2026-01', absent],
		['2026-02', pointerTo(absent)],
		['2026-03', absent],
	] as const) {
		const totals = totalsText(period).replace(/office.*\n/, '');
		await log.commit({
			[`data/${period}/all.csv`]: totals,
			[`data/${period}/absent.csv`]: text,
		});
		if (period >= '2026-02') writeFileSync(join(log.dir, 'data/2026-02/absent.csv'), absent);
		expect((await log.finalize(period)).ok).toBe(true);
		expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
	}
});

test('where only pointers are checked out the log is INCOMPLETE, and nobody is accused', async () => {
	const { dir, trust } = await pointedLog();
	writeFileSync(join(dir, PATH), pointerTo(long));
	const bundle = join(dir, '.git/whole.bundle');
	runGit(dir, ['bundle', 'create', '-q', bundle, 'main']);
	const pin = trust.root_sha256;
	for (const report of [await auditFolder(dir, pin), await audit({ dir, bundle, pin })]) {
		expect(report.verdict).toBe('INCOMPLETE');
		expect(report.findings.map((it) => `${it.code} ${it.path} ${it.actual}`)).toEqual([
			`file-unavailable ${PATH} lfs-pointer`,
			`recomputation-blocked settlements/2026-01/r1 ${PATH}`,
		]);
	}
	rmSync(join(dir, '.git'), { recursive: true });
	expect((await auditFolder(dir, pin)).verdict).toBe('INCOMPLETE');
});

test('a pointer to other bytes, and other bytes than the pointer names, are TAMPERED', async () => {
	const log = await pointedLog();
	const other = long.replace(',2.037\n', ',2.038\n');
	for (const text of [pointerTo(other), other, pointerTo(long).replace('size ', 'size 0')]) {
		writeFileSync(join(log.dir, PATH), text);
		const report = await auditFolder(log.dir, log.trust.root_sha256);
		expect(report.verdict).toBe('TAMPERED');
		const codes = report.findings.map(({ code }) => code);
		expect(codes).toEqual(expect.arrayContaining(['file-changed', 'file-differs']));
	}
	await expect(log.finalize('2026-02')).rejects.toMatchObject({
		stop: { code: 'uncommitted', paths: [PATH] },
	});
	await log.commit({ [PATH]: pointerTo(other) });
	writeFileSync(join(log.dir, PATH), long);
	const committed = await auditFolder(log.dir, log.trust.root_sha256);
	expect(committed.verdict).toBe('TAMPERED');
	expect(committed.findings.map(({ code }) => code)).toContain('history-altered');
});

test('the check of a pull request sees the pointer alone, and refuses it', async () => {
	const { dir } = await scratchLog([], INTERVAL_CONFIGURATION);
	runGit(dir, ['reset', '-q', '--hard']);
	runGit(dir, ['switch', '-q', '-c', 'january']);
	writeFiles(dir, { [PATH]: pointerTo(long) });
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', 'x']);
	const now = new Date('2026-02-03T00:00:00Z');
	const { ok, problems } = await check({ dir, base: 'main', now, due_day: 5 });
	expect([ok, ...problems.map(({ code }) => code)]).toEqual([false, 'reading-header']);
});

test('a record of the log is no pointer', async () => {
	const { dir, trust, commit } = await pointedLog();
	const path = 'settlements/2026-01/r1/statement.csv';
	const text = readFileSync(join(dir, path), 'utf8');
	await commit({ [path]: pointerTo(text) });
	expect((await auditFolder(dir, trust.root_sha256)).verdict).toBe('TAMPERED');
	writeFileSync(join(dir, path), text);
	expect((await auditFolder(dir, trust.root_sha256)).verdict).toBe('TAMPERED');
});

const NONE: Readonly<Record<string, string>> = {
	'another version': pointerTo(long).replace('spec/v1', 'spec/v2'),
	'line ends of another system': pointerTo(long).replaceAll('\n', '\r\n'),
	'no line end': pointerTo(long).trimEnd(),
	capitals: pointerTo(long).toUpperCase(),
	'another key': pointerTo(long).replace('oid', 'ext-0-x sha256:00\noid'),
	'a byte order mark': `\ufeff${pointerTo(long)}`,
	nothing: '',
};

test.each(Object.entries(NONE))('no pointer: %s', (_, text) => {
	expect(pointedDigest(encodeText(text))).toBe(null);
});
