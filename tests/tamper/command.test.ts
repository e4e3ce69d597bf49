import { spawn } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { EXIT_CODES } from '../../src/core/verification/report.ts';
import { chance } from '../support/communities.ts';
import { scratchFolder, writeFiles } from '../support/scratch.ts';
import { type Keys, LOG_KINDS, type LogKind, type MutableFiles, makeKeys, makeLog } from './log.ts';
import type { Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

/** The table once more, from folders and by the command, as an auditor meets it. */

let keys: Keys;
const logs = new Map<LogKind, ReadonlyMap<string, Uint8Array>>();

beforeAll(async () => {
	keys = await makeKeys();
	for (const kind of LOG_KINDS) logs.set(kind, await makeLog(keys, kind));
});

/** Writes a mutated log; null where a file system cannot hold it for a user who may read everything. */
async function writeMutation(mutation: Mutation): Promise<{ dir: string; pin: string } | null> {
	const log = logs.get(mutation.log ?? 'plain') ?? new Map();
	const files: MutableFiles = new Map(log);
	const { irregular = [], unavailable = [] } = (await mutation.change(files, keys)) ?? {};
	if (unavailable.length > 0 || irregular.some(({ kind }) => kind === 'special')) return null;
	const pin = digest(log.get('trust/root-1.json') ?? new Uint8Array());
	const dir = scratchFolder();
	const links = new Set(irregular.filter(({ kind }) => kind === 'link').map(({ path }) => path));
	for (const path of links) files.delete(path);
	try {
		writeFiles(dir, files);
	} catch {
		return null;
	}
	for (const path of links) {
		writeFiles(dir, { [`${path}.target`]: '' });
		symlinkSync(`${join(dir, path)}.target`, join(dir, path));
	}
	for (const { path, kind } of irregular) {
		if (kind === 'executable') chmodSync(join(dir, path), 0o755);
	}
	return { dir, pin };
}

function verifyCommand(dir: string, pin: string): Promise<{ code: number | null; out: string }> {
	const args = ['scripts/verify.ts', '--repo', dir, '--root', pin];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	let out = '';
	child.stdout.on('data', (chunk) => {
		out += chunk;
	});
	return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
}

const SAMPLE = 5;
const seed = Date.now() % 10_000;
const next = chance(seed);
const rows = [...MUTATIONS];
while (!inject('full') && rows.length > SAMPLE) rows.splice(next(rows.length), 1);
const extent = inject('full') ? 'all rows' : `a sample from seed ${seed}`;

test(`the command says what the table says (${extent})`, async () => {
	const unwritable: string[] = [];
	for (const mutation of rows) {
		const written = await writeMutation(mutation);
		if (written === null) {
			unwritable.push(mutation.name);
			continue;
		}
		const { code, out } = await verifyCommand(written.dir, written.pin);
		expect(out, mutation.name).toMatch(new RegExp(`^${mutation.verdict} `));
		expect(code, mutation.name).toBe(EXIT_CODES[mutation.verdict]);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
		expect(out.replaceAll('\n', ''), mutation.name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
	}
	console.log(
		`written and verified: ${rows.length - unwritable.length}, not writable: ${unwritable}`,
	);
	expect(unwritable.length).toBeLessThanOrEqual(MUTATIONS.length / 8);
});
