import { encodeText, type Files } from '../../core/format/bytes.ts';
import { isTrustPath, parseRunPath } from '../../core/paths.ts';
import { downloads } from '../../texts/chosen.ts';
import type { Published, PublishedRun } from '../published.ts';
import { zipFiles } from './archive.ts';

/** What a pack holds besides the log. */
export interface PackExtras {
	readonly organization: string;
	/** `scripts/verify.sh`. */
	readonly script: Uint8Array;
}

/**
 * The log up to a run, as a ZIP archive in which both verifiers have all that they ask for: its
 * inputs, records, manifests and signatures, those of every run before it, and all of `trust/`.
 */
export function formatEvidencePack(
	files: Files,
	{ runs }: Pick<Published, 'runs'>,
	run: PublishedRun,
	{ organization, script }: PackExtras,
): Uint8Array {
	const included = runs.filter(({ manifest }) => manifest.sequence <= run.manifest.sequence);
	const listed = new Set(included.flatMap((it) => it.files.map(({ path }) => path)));
	const folders = new Set(included.map((it) => `${it.period} ${it.run}`));
	const inLog = (path: string) => {
		const at = parseRunPath(path);
		if (at !== null) return folders.has(`${at.period} ${at.run}`);
		return listed.has(path) || isTrustPath(path);
	};
	const pack = new Map<string, Uint8Array>();
	for (const path of files.keys()) {
		const bytes = inLog(path) ? files.get(path) : undefined;
		if (bytes !== undefined) pack.set(`${run.id}/${path}`, bytes);
	}
	pack.set(`${run.id}/scripts/verify.sh`, script);
	const readme = downloads.pack.readme(run, organization, included.length);
	pack.set(`${run.id}/README.txt`, encodeText(readme));
	return zipFiles(pack);
}
