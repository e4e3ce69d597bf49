import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText, type Files } from '../core/format/bytes.ts';
import { GUARDED_FOLDERS } from '../core/paths.ts';
import { type Finalized, finalize } from './finalize.ts';
import { writeKeyFile } from './keys.ts';
import { createTrust, readmeWithRoot, requireReplaceable } from './new-log.ts';
import { problemLines } from './print.ts';
import { committer } from './repository.ts';
import { SAMPLE_LOG, SAMPLE_SITE, SAMPLE_START, sampleRuns } from './sample.ts';
import { formatSiteSettings, SITE_SETTINGS } from './site-settings.ts';
import { commitChange, openClean } from './transaction.ts';

/** A sample log in a repository, open for further runs until `discardKeys` is called. */
export interface SampleLog {
	readonly root_sha256: string;
	/** Path of the finalizer's private key, in a folder of its own outside the repository. */
	readonly key: string;
	readonly finalizeAt: (period: string, at: Date) => Promise<Finalized>;
	readonly discardKeys: () => void;
}

/** Replaces whatever log a repository holds by the sample: data in one commit, then one for each run. */
export async function createSampleLog(
	dir: string,
	data: Files,
	progress: (finalized: Finalized) => void,
): Promise<SampleLog> {
	const trust = await createTrust(SAMPLE_LOG, new Date(`${SAMPLE_START}-01T08:00:00Z`), '');
	const { repository, tree } = await openClean(dir);
	requireReplaceable(tree.files);
	const begin = {
		remove: [...GUARDED_FOLDERS],
		add: new Map([
			...data,
			...trust.files,
			...readmeWithRoot(dir, trust.root_sha256),
			...portalOfSample(dir),
		]),
		message: `data: make the sample campus anew\n\nTrust-root-SHA256: ${trust.root_sha256}\n`,
		author: await committer(repository),
	};
	const keys = mkdtempSync(join(tmpdir(), 'wattproof-keys-'));
	const key = join(keys, 'finalizer.private.asc');
	const discardKeys = () => rmSync(keys, { recursive: true, force: true });
	const finalizeAt = async (period: string, at: Date) => {
		const result = await finalize({ dir, period, key, passphrase: async () => '', now: at });
		if (result.ok) return result.value;
		throw new Error(`the sample is refused:\n${problemLines(result.problems)}`);
	};
	try {
		writeKeyFile(key, trust.finalizer.secret);
		await commitChange(repository, begin);
		for (const { period, at } of sampleRuns()) progress(await finalizeAt(period, at));
	} catch (error) {
		discardKeys();
		throw error;
	}
	return { root_sha256: trust.root_sha256, key, finalizeAt, discardKeys };
}

/** The portal speaks for the sample again, where there is one. */
function portalOfSample(dir: string): [string, Uint8Array][] {
	if (!existsSync(join(dir, SITE_SETTINGS))) return [];
	return [[SITE_SETTINGS, encodeText(formatSiteSettings(SAMPLE_SITE))]];
}
