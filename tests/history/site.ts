import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { draftRun, type Incident } from '../../src/core/evidence/draft.ts';
import { formatManifest, type Manifest } from '../../src/core/evidence/manifest.ts';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import { approvalPath, SIGNATURE } from '../../src/core/paths.ts';
import { computeNextRun } from '../../src/core/record/next-run.ts';
import { readTree } from '../../src/node/files.ts';
import { signDetached } from '../../src/node/keys.ts';
import { presentAt } from '../../src/node/present.ts';
import { writeFiles } from '../support/scratch.ts';
import { type HonestLog, runGit, type Signer } from './honest-log.ts';

/** What a run is made of, where it is not what the product would take. */
export interface Making {
	readonly source?: string;
	readonly incidents?: readonly Incident[];
	readonly instant?: string;
	/** Files of the finalizer's working copy that are not those of the repository. */
	readonly own?: Readonly<Record<string, string>>;
	readonly edit?: (manifest: Manifest) => Manifest;
}

/** A copy of an honest log in which somebody is at work. */
export interface Site {
	readonly dir: string;
	readonly log: HonestLog;
	/** Runs git there, as Mallory. */
	readonly git: (...args: string[]) => string;
	readonly tip: () => string;
	readonly read: (path: string) => string;
	readonly write: (files: Readonly<Record<string, string | null>>) => void;
	/** Writes files (null removes), commits all there is, and returns the commit. */
	readonly commit: (files?: Readonly<Record<string, string | null>>, message?: string) => string;
	/** The next run of a period as the holder of the finalizer key makes it, committed. */
	readonly run: (period: string, making?: Making) => Promise<string>;
	/** The approval of a run, committed. */
	readonly approve: (folder: string, instant?: string) => Promise<string>;
	readonly sign: (path: string, signer: Signer, instant: string) => Promise<string>;
}

export const LATER = '2026-06-15T08:00:00Z';

/** Copies an honest log into a folder that does not exist yet. */
export function openSite(log: HonestLog, dir: string): Site {
	cpSync(log.dir, dir, { recursive: true });
	return siteAt(log, dir);
}

export function siteAt(log: HonestLog, dir: string): Site {
	const git = (...args: string[]) => runGit(dir, args);
	const tip = () => git('rev-parse', 'HEAD');
	const read = (path: string) => readFileSync(join(dir, path), 'utf8');
	const write: Site['write'] = (files) => {
		for (const [path, text] of Object.entries(files)) {
			if (text === null) rmSync(join(dir, path), { recursive: true });
			else writeFiles(dir, { [path]: text });
		}
	};
	const commit: Site['commit'] = (files = {}, message = 'change') => {
		write(files);
		git('add', '-A');
		git('commit', '-qm', message);
		return tip();
	};
	const sign: Site['sign'] = (path, signer, instant) =>
		signDetached(encodeText(read(path)), signer.key, new Date(instant));
	const run: Site['run'] = async (period, making = {}) => {
		const { own = {}, source = tip() } = making;
		const files = new Map([...readTree(dir).files, ...encoded(own)]);
		const made = await makeRun(files, period, { source, ...making }, log.finalizer);
		for (const [path, bytes] of made) {
			mkdirSync(dirname(join(dir, path)), { recursive: true });
			writeFileSync(join(dir, path), bytes);
		}
		return commit({}, `settlement: finalize ${period}`);
	};
	const approve: Site['approve'] = async (folder, instant = LATER) => {
		const text = await sign(`${folder}/manifest.json`, log.finance, instant);
		return commit({ [approvalPath(folder, 'finance')]: text }, 'settlement: approve');
	};
	return { dir, log, git, tip, read, write, commit, run, approve, sign };
}

function encoded(files: Readonly<Record<string, string>>): [string, Uint8Array][] {
	return Object.entries(files).map(([path, text]) => [path, encodeText(text)]);
}

/** The files of the next run of a period. */
export async function makeRun(
	files: Files,
	period: string,
	making: Making & { readonly source: string },
	{ key }: Signer,
): Promise<Files> {
	const { source, instant = LATER, incidents = [], edit = (it) => it } = making;
	const next = computeNextRun(files, period, presentAt(instant));
	if (next.state !== 'computed') throw new Error(`${period}: ${JSON.stringify(next)}`);
	const occasion = { commit: source, instant, version: '0.1.0', incidents };
	const drafted = draftRun(files, next.run, occasion);
	if (!drafted.ok) throw new Error(`${period}: ${drafted.obstacle.code}`);
	const { draft } = drafted;
	const manifest = formatManifest(edit({ ...draft.manifest, format: 'wattproof/manifest/v1' }));
	const signature = encodeText(await signDetached(manifest, key, new Date(instant)));
	const { folder } = draft;
	return new Map([
		...draft.files,
		[`${folder}/manifest.json`, manifest],
		[`${folder}/${SIGNATURE}`, signature],
	]);
}
