import { decodeText, digest, encodeText, type Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { digestOf } from '../format/sourced-files.ts';
import { inputFolder, isLegalPath, parseDataPath, pathsBelow } from '../paths.ts';
import { compareText } from '../problem.ts';

/** Lower-case hexadecimal SHA-256 by repository-relative path, in byte order of the paths. */
export type DigestList = ReadonlyMap<string, string>;

/** Some 40,000 files. Each line of a forged list is a finding or two, and a report has to be written. */
export const LIST_BYTES = 4 * 1024 * 1024;

/** `SHA256SUMS` as GNU sha256sum reads it: `<digest>  <path>` lines, sorted by bytes. */
export function formatDigestList(digests: DigestList): Uint8Array {
	const sorted = [...digests].toSorted(([a], [b]) => compareText(a, b));
	return encodeText(sorted.map(([path, sha256]) => `${sha256}  ${path}\n`).join(''));
}

/**
 * The list, or the 1-based number of the first line that is not exactly as docs/spec/log.md says; 1
 * where the bytes are no text or too many.
 */
export function parseDigestList(
	bytes: Uint8Array,
):
	| { readonly ok: true; readonly list: DigestList }
	| { readonly ok: false; readonly line: number } {
	const text = bytes.length > LIST_BYTES ? null : decodeText(bytes);
	if (text === null) return { ok: false, line: 1 };
	const lines = text.split('\n');
	const list = new Map<string, string>();
	let previous = '';
	for (const [index, line] of lines.entries()) {
		if (index === lines.length - 1) {
			return line === '' && index > 0 ? { ok: true, list } : { ok: false, line: index + 1 };
		}
		const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
		if (sha256 === undefined || path === undefined) return { ok: false, line: index + 1 };
		if (!isLegalPath(path) || path <= previous) return { ok: false, line: index + 1 };
		list.set(path, sha256);
		previous = path;
	}
	return { ok: false, line: lines.length };
}

/** Every data file that the list of run N must name: those of all runs up to N, replaced ones too. */
export function listedInputs(files: Iterable<string>, period: Period, run: number): string[] {
	return pathsBelow(files, inputFolder(period)).filter((path) => {
		const parsed = parseDataPath(path);
		return parsed?.kind === 'submission' && parsed.run <= run;
	});
}

/** The list of a run: its inputs and its record files, with their digests in `files`. */
export function listDigests(
	files: Files,
	period: Period,
	run: number,
	records: readonly string[],
): DigestList {
	const paths = [...listedInputs(files.keys(), period, run), ...records];
	return new Map(paths.map((path) => [path, digestOf(files, path) ?? digest(new Uint8Array())]));
}
