import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import { finalize } from '../../src/node/finalize.ts';
import type { KeyPair } from '../../src/node/keys.ts';
import { createTrust, type NewTrust } from '../../src/node/new-log.ts';
import { initRepository, openRepository } from '../../src/node/repository.ts';
import { commitChange } from '../../src/node/transaction.ts';

/** A throw-away repository with a log of its own. Nothing in it outlives the test. */
export interface Scratch {
	readonly dir: string;
	readonly trust: NewTrust;
	/** Path of the finalizer's private key. */
	readonly key: string;
	/** Writes files (text by path) into the working tree and commits them; null removes a file. */
	readonly commit: (files: Readonly<Record<string, string | null>>) => Promise<string>;
	/** Finalizes the next run of a period on the 6th of the month after it, or at a given instant. */
	readonly finalize: (period: string, at?: string) => ReturnType<typeof finalize>;
	/** Writes a private key to a file outside the repository. */
	readonly saveKey: (name: string, pair: KeyPair) => string;
}

export const REGISTER_TEXT = [
	'entity,name,cost_center,valid_from,valid_to',
	'hall,Sports Hall,100,2026-01,',
	'library,Library,200,2026-01,',
	'office,Office,300,2026-01,',
	'',
].join('\n');

export const RULES_TEXT = JSON.stringify({
	format: 'wattproof/rules/v1',
	basis: 'monthly',
	time_zone: 'Europe/Berlin',
	allocation: [{ rule: 'proportional' }],
});

/** The totals file of a month of the three entities: the hall generates. */
export function totalsText(period: string, generated = '120.500'): string {
	return [
		'entity,period,generated_kwh,consumed_kwh',
		`hall,${period},${generated},20.25`,
		`library,${period},0,70.125`,
		`office,${period},5,42`,
		'',
	].join('\n');
}

/** A folder that is removed when the test has finished. */
export function scratchFolder(): string {
	const dir = mkdtempSync(join(tmpdir(), 'wattproof-test-'));
	onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

export function writeFiles(dir: string, files: Files | Readonly<Record<string, string>>): void {
	const entries = Symbol.iterator in files ? files : Object.entries(files);
	for (const [path, bytes] of entries) {
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), bytes as string | Uint8Array);
	}
}

/** A repository with register, rule set, trust root and the totals of the given months, nothing final. */
export async function scratchLog(
	months: readonly string[],
	extra: Readonly<Record<string, string>> = {},
): Promise<Scratch> {
	const dir = scratchFolder();
	const keys = scratchFolder();
	const trust = await createTrust('example.org/test', new Date('2015-01-01T00:00:00Z'), '');
	await initRepository(dir);
	const commit: Scratch['commit'] = async (files) => {
		const entries = Object.entries(files);
		const add = entries.flatMap(([path, text]) =>
			text === null ? [] : [[path, encodeText(text)] as const],
		);
		const remove = entries.flatMap(([path, text]) => (text === null ? [path] : []));
		const author = { name: 'Test', email: 'test@example.org' };
		const change = { remove, add: new Map(add), message: 'test: change\n', author };
		return commitChange(await openRepository(dir), change);
	};
	const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
	await commit({
		'data/entities.csv': REGISTER_TEXT,
		'data/rules/2026-01.json': RULES_TEXT,
		...Object.fromEntries(months.map((it) => [`data/${it}/all.csv`, totalsText(it)])),
		...Object.fromEntries([...trust.files].map(([path, bytes]) => [path, text(bytes)])),
		...extra,
	});
	const saveKey: Scratch['saveKey'] = (name, pair) => {
		writeFileSync(join(keys, name), pair.secret);
		return join(keys, name);
	};
	const key = saveKey('finalizer.private.asc', trust.finalizer);
	return {
		dir,
		trust,
		key,
		commit,
		saveKey,
		finalize: (period, at = after(period)) =>
			finalize({ dir, period, key, passphrase: async () => '', now: new Date(at) }),
	};
}

function after(period: string): string {
	const month = Number(period.slice(5));
	const year = Number(period.slice(0, 4)) + (month === 12 ? 1 : 0);
	return `${year}-${String((month % 12) + 1).padStart(2, '0')}-06T08:00:00Z`;
}
