import { createHash } from 'node:crypto';
import fs, { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf, sizeOf } from '../../src/core/format/sourced-files.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { readTree, readWholeTree } from '../../src/node/files.ts';
import { scratchFolder, scratchLog, writeFiles } from '../support/scratch.ts';

const MEBIBYTE = 1024 * 1024;

/** A file of that size without content on disk. */
function writeSparse(path: string, size: number): void {
	writeFileSync(path, '');
	truncateSync(path, size);
}

/** Notes which files are read; of large ones nothing is handed out, so that none fills the memory. */
function watchReading(): string[] {
	const read: string[] = [];
	const original = fs.readFileSync;
	const watched = (path: string, options?: 'utf8') => {
		read.push(path);
		if (fs.statSync(path).size > MEBIBYTE) return Buffer.alloc(0);
		return options === undefined ? original(path) : original(path, options);
	};
	Object.assign(fs, { readFileSync: watched });
	syncBuiltinESMExports();
	onTestFinished(() => {
		Object.assign(fs, { readFileSync: original });
		syncBuiltinESMExports();
	});
	return read;
}

function stopsWith(code: string, paths: readonly string[]) {
	return expect.objectContaining({ stop: expect.objectContaining({ code, paths }) });
}

test('a file beyond the limit is named and never opened', () => {
	const dir = scratchFolder();
	writeFiles(dir, { 'data/2026-01/a.csv': 'a', 'data/2026-01/c.csv': 'c' });
	const large = join(dir, 'data/2026-01/b.csv');
	writeSparse(large, 10 * 1024 * MEBIBYTE);
	const read = watchReading();
	const { files, unavailable } = readTree(dir);
	expect(unavailable).toEqual([{ path: 'data/2026-01/b.csv', reason: 'too-large' }]);
	expect([...files.keys()]).toEqual(['data/2026-01/a.csv', 'data/2026-01/c.csv']);
	expect(read).not.toContain(large);
	expect(() => readWholeTree(dir)).toThrow(stopsWith('file-too-large', ['data/2026-01/b.csv']));
});

test('what fits below the sum of all is read, and what does not is named', () => {
	const dir = scratchFolder();
	mkdirSync(join(dir, 'data'));
	for (let index = 10; index < 26; index++) {
		writeSparse(join(dir, `data/${index}.csv`), 64 * MEBIBYTE);
	}
	const read = watchReading();
	expect(readTree(dir).unavailable).toEqual([]);
	expect(read.filter((path) => path.endsWith('.csv'))).toHaveLength(16);
	truncateSync(join(dir, 'data/20.csv'), 64 * MEBIBYTE - 1);
	writeFiles(dir, { 'data/30.csv': '12', 'data/31.csv': '1' });
	expect(readTree(dir).unavailable).toEqual([{ path: 'data/30.csv', reason: 'all-too-large' }]);
	expect(readTree(dir).files.has('data/31.csv')).toBe(true);
	truncateSync(join(dir, 'data/10.csv'), 64 * MEBIBYTE + 1);
	expect(readTree(dir).unavailable).toEqual([{ path: 'data/10.csv', reason: 'too-large' }]);
});

test('data that nobody signed accuses no signed file, however large it is', async () => {
	const { dir, finalize, trust } = await scratchLog(['2026-01', '2026-02']);
	await finalize('2026-01');
	watchReading();
	writeSparse(join(dir, 'data/2026-02/junk.csv'), 10 * 1024 * MEBIBYTE);
	expect((await verify({ tree: readTree(dir), pin: trust.root_sha256 })).verdict).toBe('VALID');
	const before = fs.statSync(join(dir, 'data/2026-01/all.csv')).size;
	for (let index = 10; index < 26; index++) {
		const size = 64 * MEBIBYTE - (index === 25 ? before : 0);
		writeSparse(join(dir, `data/2026-02/${index}.csv`), size);
	}
	const { verdict } = await verify({ tree: readTree(dir), pin: trust.root_sha256 });
	expect(verdict).toBe('INCOMPLETE');
});

test('a link or an executable is no data', () => {
	const dir = scratchFolder();
	writeFiles(dir, { 'data/2026-01/a.csv': 'a', 'elsewhere.csv': 'b' });
	symlinkSync(join(dir, 'elsewhere.csv'), join(dir, 'data/2026-01/b.csv'));
	expect(() => readWholeTree(dir)).toThrow(stopsWith('file-not-plain', ['data/2026-01/b.csv']));
	expect([...readTree(dir).files.keys()]).toEqual(['data/2026-01/a.csv']);
	chmodSync(join(dir, 'data/2026-01/a.csv'), 0o755);
	const odd = ['data/2026-01/a.csv', 'data/2026-01/b.csv'];
	expect(() => readWholeTree(dir)).toThrow(stopsWith('file-not-plain', odd));
});

test('large data stays on disk, and what changes while it is used stops the command', () => {
	const dir = scratchFolder();
	const [path, large] = ['data/2026-01/a.csv', `entity\n${'a'.repeat(70_000)}\n`];
	writeFiles(dir, { [path]: large, 'data/2026-01/b.csv': 'b' });
	const read = watchReading();
	const { files } = readTree(dir);
	expect(read.filter((it) => it.endsWith('.csv'))).toEqual([join(dir, 'data/2026-01/b.csv')]);
	const sha256 = createHash('sha256').update(large).digest('hex');
	expect([digestOf(files, path), sizeOf(files, path)]).toEqual([sha256, large.length]);
	expect(Buffer.from(files.get(path) ?? []).toString()).toBe(large);
	writeFiles(dir, { [path]: large.replace('a\n', 'b\n') });
	expect(() => files.get(path)).toThrow(
		expect.objectContaining({ stop: { code: 'file-moving', path } }),
	);
});
