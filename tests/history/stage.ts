import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { chance } from '../support/communities.ts';
import { type HonestLog, type LogKind, makeHonestLogs } from './honest-log.ts';
import type { HistoryMutation } from './mutation.ts';
import { HISTORY_MUTATIONS } from './mutations.ts';
import { openSite, type Site } from './site.ts';

/** The honest logs of a test file, made before its first test and removed after its last. */
export function useHonestLogs() {
	const made: Partial<Awaited<ReturnType<typeof makeHonestLogs>>> = {};
	beforeAll(async () => void Object.assign(made, await makeHonestLogs()));
	afterAll(() => rmSync(made.folder ?? '', { recursive: true, force: true }));
	const logOf = (which: LogKind): HonestLog => {
		const log = made.logs?.get(which);
		if (log === undefined) throw new Error(`no log ${which}`);
		return log;
	};
	return {
		logOf,
		placeOf: (name: string) => join(made.folder ?? '', name),
		/** A copy of a log in which a test may do what it likes. */
		open: (which: LogKind, name: string): Site =>
			openSite(logOf(which), join(made.folder ?? '', name)),
	};
}

export type HonestLogs = ReturnType<typeof useHonestLogs>;

/** What a verifier is handed after a row has been carried out. */
export interface Staged {
	/** Null for what only a bundle shows. */
	readonly dir: string | null;
	/** Null for what only a folder shows. */
	readonly bundle: string | null;
	readonly pin: string;
	readonly checkpoint: string | undefined;
	readonly remove: () => void;
}

export async function stage(
	{ name, log = 'approved', change, only }: HistoryMutation,
	{ open }: HonestLogs,
): Promise<Staged> {
	const site = open(log, name);
	const { dir } = site;
	const setting = (await change(site)) ?? {};
	const { pin = site.log.pin, checkpoint } = setting;
	const bundle = only === 'folder' ? null : (setting.bundle ?? `${dir}.bundle`);
	if (bundle !== null && setting.bundle === undefined) {
		site.git('bundle', 'create', '-q', bundle, 'main');
	}
	const remove = () => {
		for (const path of [dir, setting.dir ?? dir]) rmSync(path, { recursive: true, force: true });
	};
	return { dir: only === 'bundle' ? null : (setting.dir ?? dir), bundle, pin, checkpoint, remove };
}

/** All rows in mode full, else some from a seed that is printed. */
export function someRows(count: number) {
	const seed = Date.now() % 10_000;
	const next = chance(seed);
	const rows = [...HISTORY_MUTATIONS];
	while (!inject('full') && rows.length > count) rows.splice(next(rows.length), 1);
	const all = inject('full');
	return { rows, extent: all ? 'all rows' : `a sample from seed ${seed}` };
}
