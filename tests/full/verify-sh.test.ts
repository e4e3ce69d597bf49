import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digest, encodeText, type Files } from '../../src/core/format/bytes.ts';
import { rootPath } from '../../src/core/paths.ts';
import type { Tree } from '../../src/core/verification/evidence.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { readTree } from '../../src/node/files.ts';
import { relist, replaceText, resign, rewriteList, rewriteManifest } from '../tamper/forge.ts';
import {
	type Keys,
	LOG_KINDS,
	type LogKind,
	type MutableFiles,
	makeKeys,
	makeLog,
	NEWEST,
} from '../tamper/log.ts';
import { MUTATIONS } from '../tamper/mutations.ts';
import { BLIND, UNWRITABLE } from './verify-sh/blind.ts';
import { enclose, smuggle, UNUSUAL } from './verify-sh/logs.ts';
import { find, type Outcome, SHELLS, verifyBy, writeTree } from './verify-sh/run.ts';

/** The script that needs none of our code, held against the verifier: weaker, never stricter. */
let keys: Keys;
let scratch = '';
const logs = new Map<LogKind, Files>();

beforeAll(async () => {
	scratch = mkdtempSync(join(tmpdir(), 'wattproof-test-'));
	keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const PROGRAMS = ['gpgv', 'gpg', 'sha256sum', 'sed', 'grep', 'awk', 'sort', 'find', 'mktemp', 'rm'];
const pinOf = (files: Files | undefined, version = 1) =>
	digest(files?.get(rootPath(version)) ?? new Uint8Array());
const treeOf = (files: Files): Tree => ({ files, irregular: [], unavailable: [] });
const lastLine = ({ stdout }: Outcome) => stdout.trimEnd().split('\n').at(-1) ?? '';

/** A new folder for one log, its temporary files and whatever lies elsewhere. */
function place() {
	const dir = mkdtempSync(join(scratch, 'log-'));
	const at = (name: string) => {
		mkdirSync(join(dir, name), { recursive: true });
		return join(dir, name);
	};
	return { dir, log: at('log'), temporary: at('temporary'), home: at('home'), other: at('other') };
}

/** Whether the script says OK, in the same words in every shell, leaving nothing behind. */
async function saysOk(at: ReturnType<typeof place>, pin: string): Promise<boolean> {
	const said: string[] = [];
	for (const shell of SHELLS) {
		const env = { TMPDIR: at.temporary, HOME: at.home };
		const outcome = await verifyBy(shell, [pin, at.log], { env });
		expect(outcome.stdout).toMatch(/^[\n -~]*$/);
		expect(lastLine(outcome)).toMatch(outcome.status === 0 ? /^OK: / : /^FAILED: ./);
		expect(outcome.status).toBeOneOf([0, 1]);
		expect([...readdirSync(at.temporary), ...readdirSync(at.home)]).toEqual([]);
		said.push(outcome.stdout);
	}
	expect(new Set(said).size).toBe(1);
	return said[0]?.includes('\nOK: ') ?? false;
}

test.each([...PROGRAMS, 'sh'])('%s is on this machine', (program) => {
	expect(find(program)).not.toBe(null);
});

describe.concurrent('says OK where the verifier says VALID, else not, but for the list:', () => {
	const blind = new Set(Object.values(BLIND).flat());
	for (const { name, change, verdict, log = 'plain' } of MUTATIONS) {
		const original = () => logs.get(log) ?? new Map();
		if (UNWRITABLE.has(name)) continue;
		test(name, async () => {
			const files: MutableFiles = new Map(original());
			const tree = { ...treeOf(files), ...((await change(files, keys)) ?? {}) };
			const at = place();
			writeTree(at.log, tree, original(), at.other);
			const pin = pinOf(original());
			const report = await verify({ tree: readTree(at.log), pin });
			// On disk the row is what it is in the table.
			expect(report.verdict === 'VALID').toBe(verdict === 'VALID');
			expect(await saysOk(at, pin)).toBe(verdict === 'VALID' || blind.has(name));
			rmSync(at.dir, { recursive: true });
		});
	}
});

test('every mutation of the lists is one of the table, and one cannot be written', () => {
	const verdicts = new Map(MUTATIONS.map((it) => [it.name, it.verdict]));
	const blind = Object.values(BLIND).flat();
	expect(new Set(blind).size).toBe(blind.length);
	for (const name of blind) expect(verdicts.get(name), name).toBe('TAMPERED');
	expect([...UNWRITABLE].filter((name) => verdicts.has(name))).toHaveLength(1);
});

describe.concurrent('accepts what the verifier accepts:', () => {
	for (const [name, change] of Object.entries(UNUSUAL)) {
		test(name, async () => {
			const files: MutableFiles = new Map(logs.get('plain'));
			const at = place();
			await change(files, keys, at.other);
			writeTree(at.log, treeOf(files), files, at.other);
			const report = await verify({ tree: readTree(at.log), pin: pinOf(files) });
			expect(report.verdict, JSON.stringify(report.findings)).toBe('VALID');
			expect(await saysOk(at, pinOf(files))).toBe(true);
		});
	}

	test('a pin of the second trust root', async () => {
		const at = place();
		const files = logs.get('successor') ?? new Map();
		writeTree(at.log, treeOf(files), files, at.other);
		expect(await saysOk(at, pinOf(files, 2))).toBe(true);
	});

	test('what is no part of the log', async () => {
		const at = place();
		const files: MutableFiles = new Map(logs.get('plain'));
		for (const path of ['data/a\nb', 'data/2026-05/-rf \u001b[2J.csv', 'data/.DS_Store', 'x']) {
			files.set(path, encodeText('x'));
		}
		writeTree(at.log, treeOf(files), files, at.other);
		for (const empty of ['2026-03/.empty folder\n', '2026-05/r1/manifest.json']) {
			mkdirSync(join(at.log, 'settlements', empty), { recursive: true });
		}
		mkdirSync(join(at.log, rootPath(2)));
		symlinkSync('nowhere', join(at.log, 'data/link'));
		const report = await verify({ tree: readTree(at.log), pin: pinOf(files) });
		expect(report.verdict).toBe('VALID');
		expect(await saysOk(at, pinOf(files))).toBe(true);
	});
});

type Change = (files: MutableFiles) => unknown;
const added =
	(path: string): Change =>
	(files) =>
		files.set(path, encodeText('x'));
const HOSTILE: Readonly<Record<string, Change>> = {
	'a name with a line break': added(`${NEWEST}/a\nsettlements`),
	'a name of one option': added('trust/-rf'),
	'a name with blanks': added(`${NEWEST}/manifest.json x`),
	'a name for the terminal': added('data/2026-04/\u001b]0;title\u0007.csv'),
	'a name with a backslash': added(`${NEWEST}/a\\nb`),
	'a listed name for the terminal': async (files) => {
		rewriteList(files, NEWEST, (it) => [...it, `${'0'.repeat(64)}  z\u001b[2J`]);
		await resign(files, keys.finalizer, 5);
	},
	'a text for the terminal': (files) =>
		replaceText(files, `${NEWEST}/manifest.json`, '"initial"', '"\u001b[2J"'),
	'a number beyond all': (files) =>
		rewriteManifest(files, NEWEST, keys.finalizer, (text) =>
			text.replace('"sequence": 5', `"sequence": ${'9'.repeat(400)}`),
		),
	'a list that reads the standard input': async (files) => {
		rewriteList(files, NEWEST, (it) => [`${'0'.repeat(64)}  -`, ...it]);
		await resign(files, keys.finalizer, 5);
	},
	'nothing but line ends': (files) => files.set(rootPath(1), encodeText('\n\n')),
	'a certificate with a second key': (files) => smuggle(files, keys),
	'a signature that brings its own text': (files) => enclose(files, keys),
	'a correction that leaves out the reading it replaces': async (files) => {
		const folder = 'settlements/2026-02/r2';
		relist(files, folder, (path) => path !== 'data/2026-02/north.csv');
		await resign(files, keys.finalizer, 3);
	},
};

describe.concurrent('refuses, printing nothing that is no text:', () => {
	for (const [name, change] of Object.entries(HOSTILE)) {
		test(name, async () => {
			const files: MutableFiles = new Map(logs.get('plain'));
			await change(files);
			const at = place();
			writeTree(at.log, treeOf(files), files, at.other);
			const pin = pinOf(files);
			expect((await verify({ tree: readTree(at.log), pin })).verdict).toBe('TAMPERED');
			expect(await saysOk(at, pin)).toBe(false);
		});
	}

	test.each(['data', 'settlements', 'trust', 'data/2026-03', 'trust/keys', NEWEST])(
		'a link in place of %s',
		async (folder) => {
			const files = logs.get('plain') ?? new Map();
			const at = place();
			writeTree(at.log, treeOf(files), files, at.other);
			renameSync(join(at.log, folder), join(at.other, 'away'));
			symlinkSync(join(at.other, 'away'), join(at.log, folder));
			const pin = pinOf(files);
			expect((await verify({ tree: readTree(at.log), pin })).verdict).toBe('TAMPERED');
			expect(await saysOk(at, pin)).toBe(false);
		},
	);
});

describe('the command', () => {
	const written = () => {
		const at = place();
		const files = logs.get('plain') ?? new Map();
		writeTree(at.log, treeOf(files), files, at.other);
		return { at, pin: pinOf(files), files };
	};

	test('prints a line for each run, what it does not check, and OK', async () => {
		const { at, pin, files } = written();
		const { stdout, stderr, status } = await verifyBy('sh', [pin, at.log]);
		const [first, ...rest] = stdout.split('\n');
		const manifest = files.get('settlements/2026-01/r1/manifest.json') ?? new Uint8Array();
		expect(first).toBe(`1  2026-01 r1  8 files  ${digest(manifest)}`);
		expect(rest.slice(0, 4).map((it) => it.slice(0, 13))).toEqual([
			'2  2026-02 r1',
			'3  2026-02 r2',
			'4  2026-03 r1',
			'5  2026-04 r1',
		]);
		expect(rest[5]).toMatch(/^Not checked: /);
		expect(rest.at(-2)).toBe('OK: 5 runs, last sequence 5, period 2026-04 run 1');
		expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
	});

	test('takes any name of a folder, and the current one without', async () => {
		const { at, pin } = written();
		for (const name of ['-n', ' a\nb ', 'c=d', '*']) {
			renameSync(at.log, join(at.other, name));
			expect((await verifyBy('sh', [pin, name], { cwd: at.other })).status, name).toBe(0);
			renameSync(join(at.other, name), at.log);
		}
		expect((await verifyBy('sh', [pin], { cwd: at.log })).status).toBe(0);
		const env = { TMPDIR: '.', HOME: at.home };
		expect((await verifyBy('sh', [pin, at.log], { cwd: at.other, env })).status).toBe(0);
		expect(readdirSync(at.other)).toEqual([]);
	});

	test('explains its usage', async () => {
		const { at, pin } = written();
		for (const args of [[], ['x'], [pin.toUpperCase()], [`${pin}\n`.repeat(2)], [pin, '.', '.']]) {
			const { status, stdout, stderr } = await verifyBy('sh', args, { cwd: at.log });
			expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
			expect(stderr).toMatch(/^usage: /);
		}
	});

	test('fails without a log', async () => {
		const { at, pin } = written();
		const nowhere = await verifyBy('sh', [pin, join(at.dir, 'nowhere')]);
		expect(nowhere.status).toBe(1);
		expect(lastLine(nowhere)).toBe('FAILED: the check could not be completed');
		expect(lastLine(await verifyBy('sh', [pin, at.other]))).toBe('FAILED: there is no log here');
	});

	test('names the program that is missing', async () => {
		const { at, pin } = written();
		for (const missing of ['gpgv', 'sha256sum', 'awk']) {
			const folder = join(at.dir, `without-${missing}`);
			mkdirSync(folder);
			for (const program of [...PROGRAMS, 'sh'].filter((it) => it !== missing)) {
				symlinkSync(find(program) ?? '', join(folder, program));
			}
			const outcome = await verifyBy('sh', [pin, at.log], { env: { PATH: folder } });
			expect(outcome.status).toBe(1);
			expect(lastLine(outcome)).toBe(`FAILED: there is no program ${missing}`);
		}
	});

	test('leaves nothing behind when it is stopped', async () => {
		const { at, pin } = written();
		for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
			const env = { TMPDIR: at.temporary };
			const { status, stdout } = await verifyBy('sh', [pin, at.log], { env, signal });
			expect(status).toBe(1);
			expect(stdout).not.toContain('OK');
			expect(readdirSync(at.temporary)).toEqual([]);
		}
	});
});
