import { formatDigestList, listedInputs } from '../../src/core/evidence/digest-list.ts';
import {
	manifestsOf,
	readLog,
	readTrustRoots,
	signaturesDigestOf,
} from '../../src/core/evidence/log.ts';
import { formatManifest, type Manifest } from '../../src/core/evidence/manifest.ts';
import { rootAt } from '../../src/core/evidence/trust-root.ts';
import { decodeText, digest, encodeText } from '../../src/core/format/bytes.ts';
import { parseRunPath, pathsBelow, SIGNATURE } from '../../src/core/paths.ts';
import { type MutableFiles, type Signer, signBytes } from './log.ts';

/** What attackers do to files: each change fails loudly where it would change nothing. */
export function textOf(files: MutableFiles, path: string): string {
	const bytes = files.get(path);
	const text = bytes === undefined ? null : decodeText(bytes);
	if (text === null) throw new Error(`no text at ${path}`);
	return text;
}

export function replaceText(files: MutableFiles, path: string, from: string, to: string): void {
	const text = textOf(files, path);
	if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
	files.set(path, encodeText(text.replace(from, to)));
}

export function rewrite(
	files: MutableFiles,
	path: string,
	change: (bytes: Uint8Array) => Uint8Array,
): void {
	const bytes = files.get(path);
	if (bytes === undefined) throw new Error(`no file ${path}`);
	files.set(path, change(bytes));
}

export function remove(files: MutableFiles, path: string): void {
	if (!files.delete(path)) throw new Error(`no file ${path}`);
}

export function removeFolder(files: MutableFiles, folder: string): void {
	for (const path of pathsBelow(files.keys(), folder)) remove(files, path);
}

export function rename(files: MutableFiles, from: string, to: string): void {
	rewrite(files, from, (bytes) => bytes);
	files.set(to, files.get(from) ?? new Uint8Array());
	remove(files, from);
}

/** The list of a folder with the present digests: of the paths that a finalizer would list. */
export function relist(
	files: MutableFiles,
	folder: string,
	keep: (path: string) => boolean = () => true,
): void {
	const place = parseRunPath(`${folder}/x`);
	if (place === null) throw new Error(folder);
	const paths = [
		...listedInputs(files.keys(), place.period, place.run),
		...pathsBelow(files.keys(), folder).filter((it) => /\.(csv|json)$/.test(it)),
	].filter((path) => keep(path) && path !== `${folder}/manifest.json`);
	const list = new Map(paths.map((it) => [it, digest(files.get(it) ?? new Uint8Array())]));
	files.set(`${folder}/SHA256SUMS`, formatDigestList(list));
}

/** The list rewritten by hand: its text may be anything. */
export function rewriteList(
	files: MutableFiles,
	folder: string,
	change: (lines: readonly string[]) => readonly string[],
): void {
	const lines = textOf(files, `${folder}/SHA256SUMS`).trimEnd().split('\n');
	files.set(`${folder}/SHA256SUMS`, encodeText(`${change(lines).join('\n')}\n`));
}

/**
 * Every manifest from a sequence on, bound anew to its list, its predecessor, the run it supersedes
 * and its trust root, and signed; the first of them edited as well. Whoever holds the finalizer's
 * key can always do this.
 */
export async function resign(
	files: MutableFiles,
	signer: Signer,
	from: number,
	edit: (manifest: Manifest) => Manifest = (manifest) => manifest,
): Promise<void> {
	const last = manifestsOf(readLog(files)).at(-1)?.manifest.sequence ?? 0;
	for (let sequence = from; sequence <= last; sequence++) {
		const chain = manifestsOf(readLog(files));
		const run = chain.find(({ manifest }) => manifest.sequence === sequence);
		if (run === undefined) continue;
		const before = chain.findLast(({ manifest }) => manifest.sequence < sequence);
		const superseded = chain.find((it) => it.period === run.period && it.run === run.run - 1);
		const root = rootAt(readTrustRoots(files), sequence);
		const bytes = files.get(`${run.folder}/SHA256SUMS`);
		const list = new TextDecoder().decode(bytes).trimEnd().split('\n');
		const sizes = list.map((line) => files.get(line.slice(66))?.length ?? 0);
		const digestOf = (bytes: Uint8Array | null | undefined) => digest(bytes ?? new Uint8Array());
		const bound: Manifest = {
			...run.manifest,
			previous: before
				? {
						sequence: before.manifest.sequence,
						manifest_sha256: digestOf(before.bytes),
						signatures_sha256: signaturesDigestOf(files, before.folder),
					}
				: null,
			supersedes: superseded
				? { run: superseded.run, manifest_sha256: digestOf(superseded.bytes) }
				: null,
			trust_root: { version: root?.version ?? 0, sha256: digestOf(root?.bytes) },
			files: {
				sha256: digestOf(bytes),
				count: list.length,
				bytes: sizes.reduce((sum, size) => sum + size, 0),
			},
		};
		const manifest = sequence === from ? edit(bound) : bound;
		files.set(`${run.folder}/manifest.json`, formatManifest(manifest));
		await signFolder(files, run.folder, signer);
	}
}

/** A new signature over the manifest of a folder, whatever its bytes are now. */
export async function signFolder(
	files: MutableFiles,
	folder: string,
	signer: Signer,
): Promise<void> {
	const manifest = files.get(`${folder}/manifest.json`) ?? new Uint8Array();
	const signature = await signBytes(manifest, signer, '2026-06-01T00:00:00Z');
	files.set(`${folder}/${SIGNATURE}`, signature);
}

/** The manifest's text rewritten by hand, then signed. */
export async function rewriteManifest(
	files: MutableFiles,
	folder: string,
	signer: Signer,
	change: (text: string) => string,
): Promise<void> {
	const path = `${folder}/manifest.json`;
	const before = textOf(files, path);
	const after = change(before);
	if (after === before) throw new Error(`${path} is unchanged`);
	files.set(path, encodeText(after));
	await signFolder(files, folder, signer);
}
