import { type DigestList, parseDigestList } from '../evidence/digest-list.ts';
import { POINTER_BYTES, pointedDigest } from '../evidence/large-file.ts';
import { type LogEntry, manifestsOf, readLog } from '../evidence/log.ts';
import type { Manifest } from '../evidence/manifest.ts';
import { digest, type Files } from '../format/bytes.ts';
import { onlyFiles, digestOf as sha256Of, sizeOf } from '../format/sourced-files.ts';
import { DIGEST_LIST, mayHoldManifest } from '../paths.ts';
import type { CheckId, Effect, Finding, FindingCode } from './report.ts';

/** What a verifier holds: the files of a repository, and what it could not read of them. */
export interface Tree {
	/** Every regular file below `data/`, `settlements/` and `trust/` whose bytes are here. */
	readonly files: Files;
	/** What is no plain file of mode 100644. */
	readonly irregular: readonly { readonly path: string; readonly kind: string }[];
	/** Files that are there, but whose bytes could not be had. */
	readonly unavailable: readonly { readonly path: string; readonly reason: string }[];
}

/** Bytes of a file as it once was, found by their SHA-256: whoever returns them need not be trusted. */
export type FindOriginal = (path: string, sha256: string) => Promise<Uint8Array | undefined>;

/** A run as the checks see it: its manifest and list where these can be read. */
export interface RunEvidence extends LogEntry {
	readonly manifest: Manifest | null;
	readonly list: DigestList | null;
}

/** What every check works on; nothing in it has been checked yet. */
export interface Evidence {
	readonly tree: Tree;
	readonly pin: string | null;
	readonly original: FindOriginal;
	/** By period and run. */
	readonly runs: readonly RunEvidence[];
	readonly byFolder: ReadonlyMap<string, RunEvidence>;
	/** Those with a readable manifest, by sequence number. */
	readonly chain: readonly (RunEvidence & { readonly manifest: Manifest })[];
	/** Whether a path is there, itself or its folder, but its bytes could not be had. */
	readonly isAway: (path: string) => boolean;
	/** Digest of a file of the tree, computed once. */
	readonly digestOf: (path: string) => string | undefined;
}

export function gatherEvidence(
	held: Tree,
	pin: string | null,
	original: FindOriginal,
	known: ReadonlyMap<string, string> = new Map(),
): Evidence {
	const digests = new Map(known);
	const log = readLog(held.files);
	const runs = log.map((entry): RunEvidence => {
		const bytes = held.files.get(`${entry.folder}/${DIGEST_LIST}`);
		const parsed = bytes === undefined ? null : parseDigestList(bytes);
		const manifest = entry.document.ok ? entry.document.value : null;
		return { ...entry, manifest, list: parsed?.ok ? parsed.list : null };
	});
	const tree = withoutPointers(held, runs);
	const digestOf = (path: string) => {
		if (!tree.files.has(path)) return undefined;
		const sha256 = digests.get(path) ?? sha256Of(tree.files, path);
		if (sha256 !== undefined) digests.set(path, sha256);
		return sha256;
	};
	const byFolder = new Map(runs.map((run) => [run.folder, run]));
	const chain = manifestsOf(log).flatMap(({ folder, manifest }) => {
		const run = byFolder.get(folder);
		return run === undefined ? [] : [{ ...run, manifest }];
	});
	const isAway = (path: string) =>
		tree.unavailable.some((it) => it.path === path || path.startsWith(`${it.path}/`));
	return { tree, pin, original: checked(original), runs, byFolder, chain, isAway, digestOf };
}

/**
 * The tree without listed inputs that are Git LFS pointers to exactly the listed bytes: these are
 * there by name and were not fetched, which accuses nobody.
 */
function withoutPointers(tree: Tree, runs: readonly RunEvidence[]): Tree {
	const { files } = tree;
	const away = new Set<string>();
	for (const [path, sha256] of runs.flatMap(({ list }) => [...(list ?? [])])) {
		if (!path.startsWith('data/') || (sizeOf(files, path) ?? 0) > POINTER_BYTES) continue;
		if (pointedDigest(files.get(path) ?? new Uint8Array()) === sha256) away.add(path);
	}
	if (away.size === 0) return tree;
	const pointers = [...away].map((path) => ({ path, reason: 'lfs-pointer' }));
	return {
		...tree,
		files: onlyFiles(files, (path) => !away.has(path)),
		unavailable: [...tree.unavailable, ...pointers],
	};
}

/** Whether every manifest that is there can be read: else one may say what no other does. */
export function allManifestsRead({ runs, tree }: Evidence): boolean {
	const legible = runs.every(({ document }) => document.ok || document.fault !== 'unknown-format');
	return legible && !tree.unavailable.some(({ path }) => mayHoldManifest(path));
}

/** Whoever offers an original is asked for its digest; whoever fails to has none. */
function checked(original: FindOriginal): FindOriginal {
	return async (path, sha256) => {
		const bytes = await original(path, sha256).catch(() => undefined);
		return bytes !== undefined && digest(bytes) === sha256 ? bytes : undefined;
	};
}

/** A finding of one check, with everything empty that is not given. */
export function found(
	check: CheckId,
	effect: Effect,
	code: FindingCode,
	rest: Partial<Omit<Finding, 'check' | 'effect' | 'code'>> = {},
): Finding {
	const none = {
		path: '',
		period: '',
		run: 0,
		expected: '',
		actual: '',
		difference: null,
		altered_in: null,
		restored_in: null,
	} as const;
	return { code, check, effect, ...none, ...rest };
}
