import { holdsOrNames } from '../evidence/large-file.ts';
import type { Commit } from '../git/commit.ts';
import { frame, type GitFault, type Hash, hexOf, type ObjectId } from '../git/object.ts';
import type { GitEvidence } from '../git/repository.ts';
import { type Guards, type Interval, newGuards } from '../history/guard.ts';
import { type MainLine, readMainLine } from '../history/main-line.ts';
import {
	type HistoryReader,
	historyReader,
	isBelow,
	type Leaf,
	type Leaves,
	leavesBelow,
} from '../history/reader.ts';
import { readSideBranches, type SideChange } from '../history/side.ts';
import { sourceFaults } from '../history/sources.ts';
import { type Walk, walkMainLine } from '../history/walk.ts';
import { GUARDED_FOLDERS, inputFolder, parseDataPath, parseRunPath, rootPath } from '../paths.ts';
import { guardedPaths } from './contents.ts';
import { allManifestsRead, type Evidence, type FindOriginal, found } from './evidence.ts';
import { acknowledged, doubted, matches, mayMatch, readIncidents } from './incidents.ts';
import type { CommitNote, Finding } from './report.ts';
import type { VerifiedRoot } from './trust.ts';

/** What the Git history tells of a log; judged by the functions below. */
export interface History {
	readonly reader: HistoryReader;
	readonly line: MainLine;
	readonly walk: Walk;
	readonly guards: Guards;
	readonly side: readonly SideChange[];
	/** The guarded folders of the head. */
	readonly head: Leaves;
	readonly roots: readonly VerifiedRoot[];
	/** Finds final bytes again, if the history still holds them. */
	readonly original: FindOriginal;
}

interface ReadingOptions {
	/** Whether the tree at hand may differ from that of the head. */
	readonly worktree: boolean;
	readonly progress: (done: number, total: number) => void;
}

/** Reads the history of a log whose trust roots have been verified; the first one tells its beginning. */
export async function readHistory(
	git: GitEvidence,
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
	{ worktree, progress }: ReadingOptions,
): Promise<History> {
	const reader = historyReader(git);
	const root = evidence.tree.files.get(rootPath(1)) ?? new Uint8Array();
	const line = await readMainLine(reader, await blobId(git, root));
	const tree = (await reader.commit(git.head))?.tree;
	const head =
		tree === undefined
			? { leaves: new Map<string, Leaf>(), unread: GUARDED_FOLDERS }
			: await leavesBelow(reader, tree, GUARDED_FOLDERS);
	const known = await knownIds(git, evidence, head.leaves, worktree);
	const guards = newGuards(reader, known);
	const walk = await walkMainLine(reader, line, evidence, roots, guards, progress);
	const side = await readSideBranches(reader, line, guards);
	const original: FindOriginal = async (path, sha256) => {
		const id = guards.idOf(path, sha256);
		return (id === null ? null : await reader.blob(id)) ?? undefined;
	};
	return { reader, line, walk, guards, side, head, roots, original };
}

async function blobId(
	{ format, hash }: { format: GitEvidence['format']; hash: Hash },
	bytes: Uint8Array,
) {
	const { all, content } = frame('blob', bytes.length);
	content.set(bytes);
	return hexOf(await hash(format, all));
}

/**
 * Git ids of the head's files by the digest of their bytes, where the bytes at hand are the head's: a
 * tree that was read from it has been named by its bytes already.
 */
async function knownIds(
	git: GitEvidence,
	{ tree, digestOf }: Evidence,
	head: ReadonlyMap<string, Leaf>,
	worktree: boolean,
): Promise<ReadonlyMap<string, ObjectId>> {
	const known = new Map<string, ObjectId>();
	for (const [path, { id }] of head) {
		const bytes = tree.files.get(path);
		const sha256 = digestOf(path);
		if (bytes === undefined || sha256 === undefined || known.has(sha256)) continue;
		if (!worktree || (await blobId(git, bytes)) === id) known.set(sha256, id);
	}
	return known;
}

/** A folder whose guarded files are not those of its head; a bundle has no other files. */
export async function checkWorktree(
	{ reader, head, walk }: History,
	evidence: Evidence,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const { tree } = evidence;
	const guarded = new Set(guardedPaths(evidence));
	const highest = new Map(evidence.runs.map(({ period, run }) => [period, run]));
	const open = [...highest].map(([period, run]) => inputFolder(period, run + 1));
	for (const path of guarded) {
		const bytes = tree.files.get(path);
		const leaf = head.leaves.get(path);
		if (bytes === undefined || isBelow(path, open) || isBelow(path, head.unread)) continue;
		if (leaf === undefined) {
			findings.push(found('history', 'unavailable', 'file-uncommitted', placed(path)));
		} else if ((await blobId(reader.git, bytes)) !== leaf.id) {
			const blob = (await reader.blob(leaf.id)) ?? new Uint8Array();
			if (holdsOrNames(path, blob, evidence.digestOf(path) ?? '')) continue;
			findings.push(found('history', 'tampered', 'file-differs', placed(path)));
		}
	}
	const irregular = new Set(tree.irregular.map(({ path }) => path));
	const periods = new Set([...walk.runs.values()].map(({ period }) => period));
	for (const path of head.leaves.keys()) {
		if (isBelow(path, open)) continue;
		const [folder = '', period = ''] = path.split('/');
		const final = folder !== 'data' || periods.has(period);
		const here = tree.files.has(path) || irregular.has(path) || evidence.isAway(path);
		if (!here && final) findings.push(found('history', 'tampered', 'file-differs', placed(path)));
	}
	return findings;
}

/** Nothing final was ever altered on the main line, but for what a later manifest acknowledges. */
export function checkHistory(history: History, evidence: Evidence): readonly Finding[] {
	const { line, guards, side } = history;
	const findings = gapFindings(history);
	if (line.commits.length === 0 && line.complete) {
		const path = rootPath(1);
		findings.push(found('history', 'unavailable', 'history-no-beginning', { path }));
	}
	const incidents = readIncidents(evidence, history.roots);
	const unmatched = new Set(incidents);
	for (const interval of guards.intervals()) {
		const finding = intervalFinding(history, interval);
		const match = incidents.find((it) => matches(it, finding));
		if (match !== undefined) unmatched.delete(match);
		const unknown = interval.unsure && incidents.some((it) => mayMatch(it, interval, line.indexOf));
		const doubtful = unknown || (interval.restored !== null && !allManifestsRead(evidence));
		findings.push(match === undefined ? doubted(finding, doubtful) : acknowledged(finding, match));
	}
	const whole = findings.every(({ effect }) => effect !== 'unavailable');
	for (const { path, altered_in, restored_in } of unmatched) {
		const values = { ...placed(path), expected: altered_in, actual: restored_in };
		const effect = whole ? 'tampered' : 'unavailable';
		findings.push(found('history', effect, 'incident-unmatched', values));
	}
	for (const { path, alteration, id, commit } of side) {
		const values = { ...placed(path), actual: alteration, altered_in: note(id, commit) };
		findings.push(found('history', 'notice', 'history-side-branch', values));
	}
	return findings;
}

function intervalFinding({ line }: History, interval: Interval): Finding {
	const at = (place: number | null): CommitNote | null => {
		const commit = place === null ? undefined : line.commits[place];
		return commit === undefined ? null : note(commit.id, commit);
	};
	const { path, alteration, altered, restored } = interval;
	return found('history', 'tampered', restored === null ? 'history-altered' : 'history-restored', {
		...placed(path),
		actual: alteration,
		altered_in: at(altered),
		restored_in: at(restored),
	});
}

/** What of the history could not be read: then nobody can say that nothing happened in it. */
function gapFindings({ reader, line, walk }: History): Finding[] {
	const findings: Finding[] = [];
	for (const [id, gap] of reader.gaps) findings.push(gapFinding(id, gap));
	if (findings.length === 0 && (!line.complete || walk.unread.length > 0)) {
		findings.push(gapFinding(line.commits[0]?.parents[0] ?? '', 'absent'));
	}
	return findings;
}

function gapFinding(id: ObjectId, gap: GitFault | 'absent'): Finding {
	if (gap === 'absent') return found('history', 'unavailable', 'history-absent', { actual: id });
	const actual = `${gap.code} ${gap.detail}`;
	return found('history', 'unavailable', 'history-broken', { actual });
}

/** A repository that cannot be read at all. */
export function unreadable({ code, detail }: GitFault): Finding {
	return found('history', 'unavailable', 'history-broken', { actual: `${code} ${detail}` });
}

function note(commit: ObjectId, { author, date }: Commit): CommitNote {
	return { commit, author, date };
}

function placed(path: string): Pick<Finding, 'path' | 'period' | 'run'> {
	const place = parseRunPath(path) ?? parseDataPath(path);
	const located = place !== null && 'run' in place;
	return { path, period: located ? place.period : '', run: located ? place.run : 0 };
}

/** Every run was made from what the main line held, as its manifest claims. */
export async function checkSources(
	{ reader, line, walk, guards }: History,
	evidence: Evidence,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const bySequence = new Map(evidence.chain.map((run) => [run.manifest.sequence, run]));
	for (const run of evidence.chain) {
		const { commit } = run.manifest.source;
		const place = { path: `${run.folder}/manifest.json`, period: run.period, run: run.run };
		const faults = await sourceFaults(reader, line, guards, run, {
			final: walk.runs.get(run.folder),
			previous: bySequence.get(run.manifest.sequence - 1)?.folder ?? null,
		});
		for (const fault of faults) {
			const values = { ...place, expected: commit };
			switch (fault.kind) {
				case 'format':
					values.expected = fault.actual;
					findings.push(found('source-commits', 'unavailable', 'source-format', values));
					break;
				case 'off-main': {
					const effect = line.complete ? 'tampered' : 'unavailable';
					findings.push(found('source-commits', effect, 'source-off-main', values));
					break;
				}
				case 'late':
					findings.push(found('source-commits', 'tampered', 'source-late', values));
					break;
				case 'unknown':
				case 'lacks': {
					const effect = fault.kind === 'lacks' ? 'tampered' : 'unavailable';
					const lacking = { ...values, path: fault.path };
					findings.push(found('source-commits', effect, 'source-lacks', lacking));
				}
			}
		}
	}
	return findings;
}
