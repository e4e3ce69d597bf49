import { beforeAll, expect, test } from 'vitest';
import type { Checkpoint } from '../../../src/core/evidence/checkpoint.ts';
import { logRoot } from '../../../src/core/evidence/checkpoint.ts';
import type { MainLine } from '../../../src/core/history/main-line.ts';
import { checkCheckpoint, checkpointOf } from '../../../src/core/verification/checkpoint.ts';
import { gatherEvidence, type Tree } from '../../../src/core/verification/evidence.ts';
import { FOLDERS, type MutableFiles, makeKeys, makeLog, NEWEST } from '../../tamper/log.ts';

const LOG = 'example.org/test';
const [OLD, HEAD] = ['1'.repeat(40), '2'.repeat(40)];
const AUTHOR = { author: 'A <a@b>', date: '' };
const LINE: MainLine = {
	commits: [
		{ id: OLD, tree: '', parents: ['0'.repeat(40)], ...AUTHOR },
		{ id: HEAD, tree: '', parents: [OLD], ...AUTHOR },
	],
	indexOf: new Map([
		[OLD, 0],
		[HEAD, 1],
	]),
	earlier: new Set(['0'.repeat(40)]),
	complete: true,
};

let files: MutableFiles;
beforeAll(async () => {
	files = await makeLog(await makeKeys(), 'plain');
});

function evidenceOf(tree: Partial<Tree> = {}) {
	const whole = { files, irregular: [], unavailable: [], ...tree };
	return gatherEvidence(whole, null, async () => undefined);
}

const manifests = () =>
	FOLDERS.map((folder) => files.get(`${folder}/manifest.json`) ?? new Uint8Array());

const notedAt = (sequence: number, commit = OLD): Checkpoint => ({
	log: LOG,
	sequence,
	root: logRoot(manifests().slice(0, sequence)),
	commit,
});

function said(noted: Checkpoint, tree: Partial<Tree> = {}, line: MainLine | null = LINE) {
	const findings = checkCheckpoint(noted, evidenceOf(tree), LOG, line);
	return findings.map(({ code, effect }) => `${code} ${effect}`);
}

test('what is kept now is what the log is now', () => {
	expect(checkpointOf(evidenceOf(), LOG, LINE)).toEqual(notedAt(5, HEAD));
	expect(checkpointOf(evidenceOf(), LOG, null)).toBeNull();
	expect(checkpointOf(evidenceOf({ files: new Map() }), LOG, LINE)).toBeNull();
});

test('every earlier state of the log is a prefix of it', () => {
	for (const sequence of [1, 2, 3, 4, 5]) {
		expect(said(notedAt(sequence))).toEqual([]);
		expect(said(notedAt(sequence, '0'.repeat(40)))).toEqual([]);
	}
});

test('another log, another past, another commit', () => {
	expect(said({ ...notedAt(1), log: 'example.com/other' })).toEqual(['checkpoint-log untrusted']);
	const other = { ...notedAt(3), root: notedAt(2).root };
	expect(said(other)).toEqual(['checkpoint-root tampered']);
	const elsewhere = notedAt(3, '9'.repeat(40));
	expect(said(elsewhere)).toEqual(['checkpoint-commit tampered']);
	expect(said(elsewhere, {}, { ...LINE, complete: false })).toEqual([
		'checkpoint-commit unavailable',
	]);
	expect(said(elsewhere, {}, null)).toEqual([]);
	expect(said({ ...notedAt(5), sequence: 6 })).toEqual(['checkpoint-ahead tampered']);
});

test('a manifest that cannot be read is none that was removed', () => {
	const path = `${NEWEST}/manifest.json`;
	const without = new Map([...files].filter(([it]) => it !== path));
	expect(said(notedAt(5), { files: without })).toEqual(['checkpoint-ahead tampered']);
	const unavailable = [{ path, reason: 'absent' }];
	expect(said(notedAt(5), { files: without, unavailable })).toEqual([
		'checkpoint-ahead unavailable',
	]);
	const middle = `${FOLDERS[1]}/manifest.json`;
	const rest = new Map([...files].filter(([it]) => it !== middle));
	const away = [{ path: middle, reason: 'absent' }];
	expect(said(notedAt(3), { files: rest, unavailable: away })).toEqual([
		'checkpoint-root unavailable',
	]);
});
