import { spawnSync } from 'node:child_process';
import fs, { existsSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { TimeOf } from '../../src/core/data/basis.ts';
import { parseManifest } from '../../src/core/evidence/manifest.ts';
import { historyReader } from '../../src/core/history/reader.ts';
import { treeAt } from '../../src/core/history/tree-at.ts';
import type { Report } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { readTree } from '../../src/node/files.ts';
import { finalize } from '../../src/node/finalize.ts';
import { folderEvidence } from '../../src/node/git-evidence.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';
import {
	asDays,
	asLong,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	monthFiles,
	onlyPoints,
	POINTS_TEXT,
} from '../support/interval-months.ts';
import { commandWords } from '../support/person.ts';
import { type Scratch, scratchLog } from '../support/scratch.ts';

/** A log on interval basis from its first reading to its verification. */

/** A log with the given months on interval basis, the last of them still open. */
async function intervalLog(
	months: readonly string[],
	extra: Readonly<Record<string, string>> = {},
): Promise<Scratch> {
	const files = Object.assign({}, ...months.map((it) => monthFiles(it)));
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...files, ...extra });
	for (const month of months) {
		const result = await log.finalize(month);
		if (!result.ok) throw new Error(JSON.stringify(result.problems));
	}
	return log;
}

const seen = ({ findings }: Report) => findings.map((it) => `${it.effect} ${it.code} ${it.path}`);

/** A log as the verifier of scope `files` reads it, with the zone data of some machine. */
function verifyFolder({ dir, trust }: Scratch, timeOf: TimeOf): Promise<Report> {
	return verify({ tree: readTree(dir), pin: trust.root_sha256, timeOf });
}

test('a month with a clock change is finalized with its bounds, and is VALID', async () => {
	const log = await intervalLog(['2026-03']);
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect([report.verdict, ...seen(report)]).toEqual(['VALID']);
	const bytes = readTree(log.dir).files.get('settlements/2026-03/r1/manifest.json');
	const parsed = parseManifest(bytes ?? new Uint8Array());
	expect(parsed).toMatchObject({
		value: {
			basis: {
				kind: 'interval',
				time_zone: 'Europe/Berlin',
				interval_minutes: 60,
				utc_start: '2026-02-28T23:00:00Z',
				utc_end: '2026-03-31T22:00:00Z',
				intervals: 743,
				offsets: [
					{ from: '2026-02-28T23:00:00Z', minutes: 60 },
					{ from: '2026-03-29T01:00:00Z', minutes: 120 },
				],
			},
		},
	});
});

test('one digit of a reading: TAMPERED, with the cell and what it is worth', async () => {
	const log = await intervalLog(['2026-01']);
	const path = 'data/2026-01/north.csv';
	const [header = '', first = '', ...rest] = monthFiles('2026-01')[path]?.split('\n') ?? [];
	const cells = first.split(',');
	// The cell of 12 o'clock.
	const noon = 2 + 12;
	const before = cells[noon] ?? '';
	cells[noon] = before.replace(/^2/, '3');
	writeFileSync(join(log.dir, path), [header, cells.join(','), ...rest].join('\n'));
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect(report.verdict).toBe('TAMPERED');
	const changed = report.findings.find((it) => it.code === 'file-changed');
	expect(changed).toMatchObject({
		path,
		difference: { line: 2, column: '13', expected: before, actual: cells[noon] },
	});
	const [worth] = report.worth;
	expect(worth).toMatchObject({ period: '2026-01', run: 1, basis: 'settled' });
	const hall = worth?.entities.find(({ entity }) => entity === 'hall')?.energy_wh;
	expect(hall).toMatchObject({ generated: 1000n, surplus: 1000n });
});

test('other zone data, or none, is worth a notice and changes no verdict', async () => {
	const log = await intervalLog(['2026-03']);
	const path = 'settlements/2026-03/r1/manifest.json';
	const notice = [`notice time-zone-differs ${path}`];
	const later: TimeOf = (period, zone, minutes) => {
		const time = periodTimeOf(period, zone, minutes);
		if ('fault' in time) return time;
		const offsets = time.offsets.map((it, index) =>
			index === 0 ? it : { ...it, from: '2026-03-30T01:00:00Z' },
		);
		return { ...time, offsets };
	};
	for (const timeOf of [later, () => ({ fault: 'zone-unknown' }) as const]) {
		const report = await verifyFolder(log, timeOf);
		expect([report.verdict, ...seen(report)]).toEqual(['VALID', ...notice]);
	}
	vi.stubGlobal('Intl', undefined);
	onTestFinished(() => void vi.unstubAllGlobals());
	expect(periodTimeOf('2026-03', 'Europe/Berlin', 60)).toEqual({ fault: 'zone-unknown' });
	const without = await auditFolder(log.dir, log.trust.root_sha256);
	expect([without.verdict, ...seen(without)]).toEqual(['VALID', ...notice]);
});

test('time zone and language of the computer change neither records nor verdict', async () => {
	const { dir, trust } = await intervalLog(['2026-03']);
	const words = commandWords('verify', ['--repo', dir, '--root', trust.root_sha256, '--json']);
	const reports = [
		{ TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
		{ TZ: 'Nowhere/Nothing', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
	].map((env) => {
		const [program = '', ...args] = words;
		const run = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } });
		expect([run.status, run.stderr]).toEqual([0, '']);
		return run.stdout;
	});
	expect(new Set(reports).size).toBe(1);
});

test('what follows in the register of metering points concerns no final month', async () => {
	const log = await intervalLog(['2026-01']);
	const moved = POINTS_TEXT.replace(
		'o1,office,consumption,2026-01,',
		'o1,library,consumption,2026-01,',
	);
	await log.commit({ 'data/metering-points.csv': moved });
	const february = onlyPoints(intervalMonth('2026-02'), ['o1']);
	const substitutes = [
		'metering_point,first_interval,last_interval,quality,note',
		'o1,2026-02-01T00:00:00+01:00,2026-02-01T05:00:00+01:00,S,meter exchanged',
	];
	await log.commit({
		'data/2026-02/west.csv': asDays(february),
		'data/2026-02/substitutes.csv': `${substitutes.join('\n')}\n`,
	});
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect([report.verdict, ...seen(report)]).toEqual(['VALID']);
	await log.commit({ 'data/metering-points.csv': null });
	expect((await auditFolder(log.dir, log.trust.root_sha256)).verdict).toBe('VALID');
});

test('the snapshot of the metering points is that of the source commit', async () => {
	const log = await intervalLog(['2026-01']);
	const git = await folderEvidence(log.dir);
	if (!git?.ok) throw new Error('no history');
	const tree = await treeAt(historyReader(git.value), git.value.head);
	const path = 'settlements/2026-01/r1/metering-points.csv';
	expect(new TextDecoder().decode(tree.files.get(path))).toBe(POINTS_TEXT);
	for (const text of [POINTS_TEXT.replace('o1,office', 'o1,library'), null]) {
		const files = new Map(readTree(log.dir).files);
		if (text === null) files.delete(path);
		else files.set(path, new TextEncoder().encode(text));
		const pin = log.trust.root_sha256;
		const report = await verify({ tree: { ...tree, files }, pin });
		expect(report.verdict).toBe('TAMPERED');
		expect(seen(report)[0]).toBe(
			`tampered ${text === null ? 'file-missing' : 'file-changed'} ${path}`,
		);
	}
});

test('large files lie on disk until they are read, and verify as small ones do', async () => {
	const [month, path] = [intervalMonth('2026-01'), 'data/2026-01/long.csv'];
	const long = asLong(month);
	expect(long.length).toBeGreaterThan(64 * 1024);
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, [path]: long });
	const result = await log.finalize('2026-01');
	expect(result.ok).toBe(true);
	const small = await intervalLog(['2026-01']);
	const read = ({ dir }: Scratch, name: string) =>
		readTree(dir).files.get(`settlements/2026-01/r1/${name}`);
	for (const name of ['statement.csv', 'allocations.csv', 'exceptions.csv']) {
		expect(read(log, name), name).toEqual(read(small, name));
	}
	const intact = await auditFolder(log.dir, log.trust.root_sha256);
	expect([intact.verdict, ...seen(intact)]).toEqual(['VALID']);
	writeFileSync(join(log.dir, path), long.replace(',2.037\n', ',2.038\n'));
	const changed = await auditFolder(log.dir, log.trust.root_sha256);
	expect(changed.verdict).toBe('TAMPERED');
	expect(changed.findings.find((it) => it.code === 'file-changed')).toMatchObject({
		path,
		difference: { column: 'kwh', expected: '2.037', actual: '2.038' },
	});
});

test('a large file that changes before the run is committed stops it, and nothing is final', async () => {
	const [month, path] = [intervalMonth('2026-01'), 'data/2026-01/long.csv'];
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, [path]: asLong(month) });
	const place = join(log.dir, path);
	// Verification follows the signature: the first thing of it that is told of is late enough.
	const progress = () => writeFileSync(place, asLong(month).replace(',2.037\n', ',2.038\n'));
	const now = new Date('2026-02-06T08:00:00Z');
	const request = { dir: log.dir, period: '2026-01', key: log.key, now };
	const moving = finalize({ ...request, passphrase: async () => '', progress });
	await expect(moving).rejects.toMatchObject({
		stop: { code: 'log-not-intact', finding: { code: 'check-crashed', actual: 'file-moving' } },
	});
	expect(existsSync(join(log.dir, 'settlements'))).toBe(false);
	writeFileSync(place, asLong(month));
	expect((await log.finalize('2026-01')).ok).toBe(true);
});

test('a large file that nobody may read is named, and its run is not called altered', async () => {
	const path = 'data/2026-01/long.csv';
	const long = { [path]: asLong(intervalMonth('2026-01')) };
	const log = await scratchLog([], { ...INTERVAL_CONFIGURATION, ...long });
	expect((await log.finalize('2026-01')).ok).toBe(true);
	const original = fs.accessSync;
	const refuse = (place: string, mode?: number) => {
		if (place.endsWith(path))
			throw Object.assign(new Error('denied'), { code: 'EACCES', syscall: 'access' });
		original(place, mode);
	};
	Object.assign(fs, { accessSync: refuse });
	syncBuiltinESMExports();
	onTestFinished(() => {
		Object.assign(fs, { accessSync: original });
		syncBuiltinESMExports();
	});
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect(report.verdict).toBe('INCOMPLETE');
	expect(seen(report)).toContain(`unavailable file-unavailable ${path}`);
	await expect(log.finalize('2026-02')).rejects.toMatchObject({
		stop: { code: 'file-unreadable', paths: [path] },
	});
});
