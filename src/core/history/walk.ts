import { signatureFault } from '../evidence/certificate.ts';
import type { Manifest } from '../evidence/manifest.ts';
import { readSignature } from '../evidence/signature.ts';
import { requiredRoles } from '../evidence/trust-root.ts';
import { digest } from '../format/bytes.ts';
import type { ObjectId } from '../git/object.ts';
import {
	approvalPath,
	DIGEST_LIST,
	GUARDED_FOLDERS,
	inputFolder,
	isTrustPath,
	MANIFEST,
	parseDataPath,
	parseRunPath,
	rootPath,
	runFolder,
	SIGNATURE,
} from '../paths.ts';
import type { Evidence } from '../verification/evidence.ts';
import { certificateOf, type VerifiedRoot, verifiedRootAt } from '../verification/trust.ts';
import { type Adoption, watchAdoption } from './adoption.ts';
import type { Guards } from './guard.ts';
import type { MainCommit, MainLine } from './main-line.ts';
import { changedLeaves, type HistoryReader, isBelow, type Leaf, leavesBelow } from './reader.ts';
import { listOf, signedManifest } from './signed.ts';

/** A run as the history has it: final from the commit in which it first lay there, signed. */
export interface FinalRun {
	readonly folder: string;
	readonly period: string;
	readonly run: number;
	readonly manifest: Manifest;
	/** Place on the main line. */
	readonly since: number;
	/** False where its list cannot be had: then nobody can say what else may not lie there. */
	readonly listed: boolean;
}

export interface Walk {
	readonly runs: ReadonlyMap<string, FinalRun>;
	/** Places of commits whose tree could not be read whole. */
	readonly unread: readonly number[];
}

interface Walker {
	readonly reader: HistoryReader;
	readonly evidence: Evidence;
	readonly roots: readonly VerifiedRoot[];
	readonly guards: Guards;
	readonly runs: Map<string, FinalRun>;
	readonly adoption: Adoption;
	/** False where a trust root cannot be read: whose approval it asks for is not known. */
	readonly trusted: boolean;
}

/**
 * Walks the main line from its beginning, guarding every path from the commit in which it became
 * final: those that a signed list names, the run's own files, good approvals, adopted trust roots with
 * what belongs to them, and the closed folders against additions (docs/spec/verification.md, "History").
 */
export async function walkMainLine(
	reader: HistoryReader,
	line: MainLine,
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
	guards: Guards,
	progress: (done: number, total: number) => void,
): Promise<Walk> {
	const { files, unavailable } = evidence.tree;
	const trusted =
		!unavailable.some(({ path }) => path.startsWith('trust')) &&
		!files.has(rootPath(roots.length + 1));
	const adoption = watchAdoption(reader, evidence, roots);
	const walker: Walker = { reader, evidence, roots, guards, runs: new Map(), adoption, trusted };
	const unread: number[] = [];
	let before: ObjectId | null = null;
	for (const [at, commit] of line.commits.entries()) {
		if (at % 64 === 0) progress(at, line.commits.length);
		const seen: Seen = await changesOf(walker, before, commit);
		if (!seen.whole) unread.push(at);
		for (const { path, after } of seen.changes) await guards.note(path, at, after);
		const appeared = await finalizeTouched(walker, seen.changes, commit, at);
		for (const { path, after } of appeared) await guardAppearance(walker, path, at, after);
		before = seen.whole ? commit.tree : null;
	}
	return { runs: walker.runs, unread };
}

/** What a path is from a commit on; undefined where that cannot be read. */
interface Appearance {
	readonly path: string;
	readonly after: Leaf | null | undefined;
}

interface Seen {
	readonly changes: readonly Appearance[];
	/** False where a tree of the commit cannot be read. */
	readonly whole: boolean;
}

/**
 * What a commit changes, and what all its paths are where the tree before it is not known: an object
 * that is missing hides what it holds, and nothing after it.
 */
async function changesOf(
	{ reader, guards }: Walker,
	before: ObjectId | null,
	commit: MainCommit,
): Promise<Seen> {
	const known = before === null ? null : await changedLeaves(reader, before, commit.tree);
	if (known !== null) return { changes: known, whole: true };
	const { leaves, unread } = await leavesBelow(reader, commit.tree, GUARDED_FOLDERS);
	const gone = [...guards.paths()].filter((path) => !leaves.has(path));
	const changes = [
		...[...leaves].map(([path, after]) => ({ path, after })),
		...gone.map((path) => ({ path, after: isBelow(path, unread) ? undefined : null })),
	];
	return { changes, whole: unread.length === 0 };
}

/** Makes final what a commit has completed; returns its changes, and what else lies among the final. */
async function finalizeTouched(
	walker: Walker,
	changes: readonly Appearance[],
	commit: MainCommit,
	at: number,
): Promise<readonly Appearance[]> {
	const { reader, guards, runs } = walker;
	const touched = new Set<string>();
	for (const { path } of changes) {
		const place = parseRunPath(path);
		if (place !== null) touched.add(runFolder(place.period, place.run));
	}
	const appeared = [...changes];
	if (changes.some(({ path }) => path.startsWith('trust/'))) {
		const { leaves } = await leavesBelow(reader, commit.tree, ['trust']);
		// With a root, what was there before it may become part of it.
		if (await walker.adoption.advance(leaves)) {
			for (const [path, after] of leaves) appeared.push({ path, after });
		}
	}
	for (const folder of touched) {
		const run = runs.has(folder) ? null : await finalizeAt(walker, folder, commit, at);
		if (run === null) continue;
		const folders = [folder, inputFolder(run.period)];
		const { leaves } = await leavesBelow(reader, commit.tree, folders);
		for (const [path, after] of leaves) appeared.push({ path, after });
		// What came too early for a correction may be one from now on.
		const input = `${inputFolder(run.period)}/`;
		for (const path of [...guards.paths()]) {
			if (path.startsWith(input) && !isClosed(path, runs)) guards.release(path, at);
		}
	}
	return appeared;
}

/** Guards what is final as it first appears, and what may not appear at all. */
async function guardAppearance(
	walker: Walker,
	path: string,
	at: number,
	after: Leaf | null | undefined,
): Promise<void> {
	const { reader, guards, adoption } = walker;
	if (after == null || guards.isFinal(path)) return;
	const trust = isTrustPath(path);
	if (trust || isApproval(walker, path, at)) {
		const content = await reader.blob(after.id);
		// What cannot be read may belong there.
		if (content === null) return;
		const final = trust
			? await adoption.holds(path, content)
			: await isGoodApproval(walker, path, content);
		if (final) return guards.add(path, digest(content), at, after);
		// What is no approval was never final; while it lies there, that check judges it.
		if (!trust || !adoption.known()) return;
	}
	if (isClosed(path, walker.runs)) await guards.add(path, null, at, after);
}

/** Whether an approval is one: a good signature over the manifest by a holder of the role. */
async function isGoodApproval(
	{ reader, evidence, roots, guards, runs, trusted }: Walker,
	path: string,
	signature: Uint8Array,
): Promise<boolean> {
	const place = parseRunPath(path);
	const run = place === null ? undefined : runs.get(runFolder(place.period, place.run));
	if (run === undefined) return false;
	const manifest = `${run.folder}/${MANIFEST}`;
	const id = guards.finalId(manifest);
	const bytes = id === null ? null : await reader.blob(id);
	const profile = readSignature(signature);
	const root = verifiedRootAt(roots, run.manifest.sequence)?.root;
	const key = root?.approvals.find(
		({ role, fingerprint }) =>
			path === approvalPath(run.folder, role) &&
			profile.ok &&
			profile.facts.fingerprint === fingerprint,
	);
	if (!trusted || bytes === null) return true;
	const certificate = key && certificateOf(evidence, key);
	if (certificate === undefined) return key !== undefined;
	return (await signatureFault(bytes, signature, certificate)) === null;
}

/** Whether an approval may still be added: its role is asked for, and no later run was final before. */
function isApproval({ runs, roots, trusted }: Walker, path: string, at: number): boolean {
	const place = parseRunPath(path);
	const run = place === null ? undefined : runs.get(runFolder(place.period, place.run));
	if (run === undefined) return false;
	const { sequence } = run.manifest;
	const root = verifiedRootAt(roots, sequence)?.root;
	const roles = root === undefined ? [] : requiredRoles(root);
	const asked = roles.some((role) => path === approvalPath(run.folder, role));
	if (!asked && (trusted || place?.rest.startsWith('approvals/') !== true)) return false;
	return ![...runs.values()].some((it) => it.manifest.sequence > sequence && it.since < at);
}

/** Whether a path that no list names may not be there. */
function isClosed(path: string, runs: ReadonlyMap<string, FinalRun>): boolean {
	if (path.startsWith('trust/')) return true;
	const place = parseRunPath(path);
	if (place !== null) return runs.get(runFolder(place.period, place.run))?.listed === true;
	const [folder, period = ''] = path.split('/');
	if (folder !== 'data' || !runs.has(runFolder(period, 1))) return false;
	let last = 0;
	for (let run = runs.get(runFolder(period, 1)); run !== undefined; last++) {
		if (!run.listed) return false;
		run = runs.get(runFolder(period, last + 2));
	}
	const data = parseDataPath(path);
	return data?.kind !== 'submission' || data.run !== last + 1;
}

/** Where a run folder of a commit holds a manifest signed by a key in force, all it names is final. */
async function finalizeAt(
	walker: Walker,
	folder: string,
	commit: MainCommit,
	at: number,
): Promise<FinalRun | null> {
	const { reader, evidence, roots, guards, runs } = walker;
	const place = parseRunPath(`${folder}/${MANIFEST}`);
	if (place === null) return null;
	const folders = [folder, inputFolder(place.period)];
	const { leaves, unread } = await leavesBelow(reader, commit.tree, folders);
	const bytesAt = async (name: string) => {
		const leaf = leaves.get(`${folder}/${name}`);
		return leaf === undefined ? null : reader.blob(leaf.id);
	};
	const [manifestBytes, signature] = [await bytesAt(MANIFEST), await bytesAt(SIGNATURE)];
	if (manifestBytes === null || signature === null) return null;
	const manifest = await signedManifest(evidence, roots, manifestBytes, signature);
	if (manifest === null) return null;
	const { period, run } = place;
	if (manifest.period !== period || manifest.run !== run) return null;
	const list = listOf(evidence, folder, manifest, await bytesAt(DIGEST_LIST));
	const final = { folder, period, run, manifest, since: at, listed: list !== null };
	runs.set(folder, final);
	const add = (path: string, sha256: string) => {
		const leaf = leaves.get(path) ?? (isBelow(path, unread) ? undefined : null);
		return guards.add(path, sha256, at, leaf);
	};
	await add(`${folder}/${MANIFEST}`, digest(manifestBytes));
	await add(`${folder}/${SIGNATURE}`, digest(signature));
	await add(`${folder}/${DIGEST_LIST}`, manifest.files.sha256);
	for (const [path, sha256] of list ?? []) await add(path, sha256);
	return final;
}
