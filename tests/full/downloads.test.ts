import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeText, digest, type Files } from '../../src/core/format/bytes.ts';
import { rootPath, runFolder } from '../../src/core/paths.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { formatEvidencePack } from '../../src/node/downloads/evidence-pack.ts';
import { formatLedger } from '../../src/node/downloads/ledger.ts';
import { readRecord } from '../../src/node/downloads/record-table.ts';
import { readTree } from '../../src/node/files.ts';
import { type PublishedRun, readPublished } from '../../src/node/published.ts';
import { HOSTILE_ACCOUNTS, makeHostile } from '../support/hostile-run.ts';
import { scratchFolder, writeFiles } from '../support/scratch.ts';
import { find } from './verify-sh/run.ts';

/** The downloads in the hands of the programs they are made for. */
const { files } = readTree('.');
const published = readPublished(files);
const script = new Uint8Array(readFileSync('scripts/verify.sh'));
const pin = digest(files.get(rootPath(1)) ?? new Uint8Array());

test.each(['hledger', 'gpgv', 'gpg', 'sha256sum', 'unzip'])('%s is on this machine', (program) => {
	expect(find(program)).not.toBe(null);
});

function run(program: string, args: readonly string[], cwd = '.') {
	// gpg keeps a folder of its own at home.
	const options = { cwd, env: { ...process.env, HOME: scratchFolder() } };
	const { status, stdout, stderr } = spawnSync(program, args, { ...options, encoding: 'utf8' });
	return { status, stdout, stderr };
}

describe('hledger', () => {
	/** What the record posts, per account, in the units of hledger's register. */
	function posted(tree: Files, of: PublishedRun): readonly string[] {
		const table = readRecord(tree, of, 'journal');
		return (table?.rows ?? []).map((cells) => {
			const cell = (name: 'debit' | 'credit') => cells[table?.columns.indexOf(name) ?? -1] ?? '';
			const due = /[1-9]/.test(cell('credit'));
			return due ? `-${cell('credit')}` : cell('debit');
		});
	}

	function writeLedger(tree: Files, of: PublishedRun): string {
		const path = join(scratchFolder(), `${of.id}.journal`);
		writeFileSync(path, formatLedger(tree, of) ?? '');
		return path;
	}

	test.each(published.runs)('reads what the journal of $id posts', (it) => {
		const path = writeLedger(files, it);
		const checked = run('hledger', ['-f', path, 'check', '--strict']);
		expect(checked).toEqual({ status: 0, stdout: '', stderr: '' });
		const { stdout } = run('hledger', ['-f', path, 'register', '-O', 'csv']);
		const amounts = [...stdout.matchAll(/,"EUR (-?[0-9.]+)","[^"]*"$/gm)].map(([, text]) => text);
		expect(amounts).toEqual(posted(files, it));
	});

	test('takes the ledgers of all runs together', () => {
		const ledgers = published.runs.flatMap((it) => ['-f', writeLedger(files, it)]);
		expect(run('hledger', [...ledgers, 'check', '--strict']).status).toBe(0);
	});

	test('refuses an account that was not declared', () => {
		const first = published.runs[0];
		if (first === undefined) throw new Error('the sample has no run');
		const path = writeLedger(files, first);
		writeFileSync(path, readFileSync(path, 'utf8').replace('account 6050\n', ''));
		expect(run('hledger', ['-f', path, 'check', '--strict']).status).not.toBe(0);
	});

	test('obeys no name and no account', () => {
		const newest = published.runs.at(-1);
		if (newest === undefined) throw new Error('the sample has no run');
		const tree = makeHostile(files, newest.period, newest.run);
		const hostile = readPublished(tree).runs.at(-1);
		if (hostile === undefined) throw new Error('the run is lost');
		const path = writeLedger(tree, hostile);
		const checked = run('hledger', ['-f', path, 'check', '--strict']);
		expect(checked).toEqual({ status: 0, stdout: '', stderr: '' });
		const { stdout } = run('hledger', ['-f', path, 'accounts', '--used']);
		expect(stdout.trimEnd().split('\n')).toHaveLength(Object.keys(HOSTILE_ACCOUNTS).length);
		const tags = run('hledger', ['-f', path, 'tags']).stdout;
		expect(tags.trimEnd().split('\n').toSorted()).toEqual(['cost_center', 'entity']);
		const dates = run('hledger', ['-f', path, 'stats']).stdout;
		expect(dates).not.toMatch(/1999|2020/);
	});
});

describe('an evidence pack', () => {
	function unpack(it: PublishedRun): string {
		const folder = scratchFolder();
		const bytes = formatEvidencePack(files, published, it, { organization: 'X', script });
		writeFileSync(join(folder, 'pack.zip'), bytes);
		expect(run('unzip', ['-q', 'pack.zip'], folder)).toEqual({ status: 0, stdout: '', stderr: '' });
		return join(folder, it.id);
	}

	test.each(published.runs)('of $id passes its own script, and the verifier', async (it) => {
		const folder = unpack(it);
		const { status, stdout } = run('sh', ['scripts/verify.sh', pin], folder);
		expect(status, stdout).toBe(0);
		const { sequence } = it.manifest;
		expect(stdout).toContain(`OK: ${sequence} runs, last sequence ${sequence}, `);
		expect(stdout).toContain(it.manifest_sha256);
		expect((await verify({ tree: readTree(folder), pin })).verdict).toBe('VALID');
	});

	test('is checked by hand with the commands of its README', () => {
		for (const it of published.runs.slice(-2)) {
			const folder = unpack(it);
			const readme = readFileSync(join(folder, 'README.txt'), 'utf8');
			const commands = readme.match(/^ {2}(sha256sum|gpgv?) .*$/gm) ?? [];
			expect(commands).toHaveLength(6);
			const all = run('sh', ['-ec', commands.join('\n')], folder);
			expect(all.status, all.stderr).toBe(0);
			expect(all.stderr).toContain('Good signature');
			for (const digests of [pin, it.manifest.files.sha256]) expect(all.stdout).toContain(digests);
			expect(all.stdout.match(/: OK$/gm)).toHaveLength(it.files.length);
			expect(readme.match(/sh scripts\/verify\.sh/g)).toHaveLength(1);
		}
	});

	test.each([
		['a reading', (it: PublishedRun) => it.files[0]?.path ?? ''],
		['a record', (it: PublishedRun) => `${runFolder(it.period, it.run)}/statement.csv`],
		['the manifest', (it: PublishedRun) => `${runFolder(it.period, it.run)}/manifest.json`],
	])('with %s altered passes neither way', (_, pathOf) => {
		const it = published.runs.at(-1);
		if (it === undefined) throw new Error('the sample has no run');
		const folder = unpack(it);
		const path = join(folder, pathOf(it));
		writeFileSync(path, readFileSync(path, 'utf8').replace(/[1-9](?=[^1-9]*$)/, '0'));
		expect(run('sh', ['scripts/verify.sh', pin], folder).status).toBe(1);
		const readme = readFileSync(join(folder, 'README.txt'), 'utf8');
		const commands = readme.match(/^ {2}(sha256sum|gpgv?) .*$/gm) ?? [];
		expect(run('sh', ['-ec', commands.join('\n')], folder).status).not.toBe(0);
	});

	test('is read alike by another program', () => {
		const it = published.runs[0];
		if (it === undefined) throw new Error('the sample has no run');
		const bytes = formatEvidencePack(files, published, it, { organization: 'X', script });
		const folder = scratchFolder();
		mkdirSync(join(folder, 'ours'));
		const entries = Object.entries(unzipSync(bytes));
		writeFiles(join(folder, 'ours'), new Map(entries));
		writeFileSync(join(folder, 'pack.zip'), bytes);
		expect(run('unzip', ['-q', 'pack.zip', '-d', 'theirs'], folder).status).toBe(0);
		expect(run('diff', ['-r', 'ours', 'theirs'], folder)).toEqual({
			status: 0,
			stdout: '',
			stderr: '',
		});
		const listing = run('unzip', ['-Z', '-T', 'pack.zip'], folder).stdout;
		expect(listing.match(/19800101\.120000/g)).toHaveLength(entries.length);
		expect(decodeText(bytes.slice(0, 2))).toBe('PK');
	});
});
