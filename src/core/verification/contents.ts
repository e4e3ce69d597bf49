import { listedInputs, parseDigestList } from '../evidence/digest-list.ts';
import { sizeOf } from '../format/sourced-files.ts';
import {
	DIGEST_LIST,
	inputFolder,
	isLegalPath,
	MANIFEST,
	mayHoldManifest,
	parseDataPath,
	parseRunPath,
	pathsBelow,
	SIGNATURE,
} from '../paths.ts';
import { append } from '../problem.ts';
import { firstDifference } from './difference.ts';
import { type Evidence, found, type RunEvidence } from './evidence.ts';
import type { Finding } from './report.ts';

/** Paths that the log guards: everything of settlements and trust, and the data of finalized periods. */
export function guardedPaths({ tree, runs }: Evidence): string[] {
	const periods = new Set(runs.map((run) => run.period));
	const all = [
		...tree.files.keys(),
		...tree.irregular.map((it) => it.path),
		...tree.unavailable.map((it) => it.path),
	];
	return all.filter((path) => {
		const [folder = '', period = ''] = path.split('/');
		// A folder that cannot be read may hold any of it.
		return folder === 'settlements' || folder === 'trust' || period === '' || periods.has(period);
	});
}

/** Guarded paths are plain files with names that mean one file on every system. */
export function checkHygiene(evidence: Evidence): readonly Finding[] {
	const paths = guardedPaths(evidence);
	const guarded = new Set(paths);
	const findings: Finding[] = [];
	const seen = new Map<string, string>();
	for (const path of guarded) {
		if (!isLegalPath(path)) findings.push(found('hygiene', 'tampered', 'path-malformed', { path }));
		const folded = path.toLowerCase();
		const first = seen.get(folded);
		if (first !== undefined) {
			findings.push(found('hygiene', 'tampered', 'path-collision', { path, expected: first }));
		}
		seen.set(folded, path);
	}
	for (const { path, kind } of evidence.tree.irregular) {
		if (!guarded.has(path)) continue;
		findings.push(found('hygiene', 'tampered', 'file-irregular', { path, actual: kind }));
	}
	for (const { path, reason } of evidence.tree.unavailable) {
		if (!guarded.has(path)) continue;
		// What is signed, and who signs, has a limit far below that of reading.
		const oversized = reason === 'too-large' && /(\/manifest\.json|\.asc)$|^trust\//.test(path);
		const effect = oversized ? 'tampered' : 'unavailable';
		findings.push(found('hygiene', effect, 'file-unavailable', { path, actual: reason }));
	}
	return findings;
}

/** Each run's list is the signed one, its files are the listed ones, and nothing else lies there. */
export async function checkContents(
	evidence: Evidence,
	progress: (done: number, total: number) => void,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	for (const [index, run] of evidence.runs.entries()) {
		progress(index, evidence.runs.length);
		append(findings, listFindings(evidence, run));
		append(findings, await fileFindings(evidence, run));
	}
	append(findings, unlistedFindings(evidence));
	return dedupe(findings);
}

function listFindings(evidence: Evidence, run: RunEvidence): Finding[] {
	const path = `${run.folder}/${DIGEST_LIST}`;
	const place = { path, period: run.period, run: run.run };
	const { files } = evidence.tree;
	const bytes = files.get(path);
	if (bytes === undefined) {
		return evidence.isAway(path) ? [] : [found('contents', 'tampered', 'list-missing', place)];
	}
	const findings: Finding[] = [];
	const actual = evidence.digestOf(path) ?? '';
	const expected = run.manifest?.files.sha256;
	if (expected !== undefined && expected !== actual) {
		findings.push(found('contents', 'tampered', 'list-changed', { ...place, expected, actual }));
	}
	const parsed = parseDigestList(bytes);
	if (!parsed.ok) {
		const line = String(parsed.line);
		findings.push(found('contents', 'tampered', 'list-malformed', { ...place, actual: line }));
		return findings;
	}
	for (const listed of parsed.list.keys()) {
		if (belongs(listed, run)) continue;
		findings.push(found('contents', 'tampered', 'list-foreign', { ...place, actual: listed }));
	}
	append(findings, inheritedLines(evidence, run, parsed.list));
	if (run.manifest === null) return findings;
	const sizes = [...parsed.list.keys()].map((listed) => sizeOf(files, listed));
	const { count, bytes: total } = run.manifest.files;
	// Sizes count only where every file is here unchanged; otherwise that is the finding.
	const whole = sizes.every((size) => size !== undefined);
	const sum = sizes.reduce((left: number, size) => left + (size ?? 0), 0);
	const intact = [...parsed.list].every(([listed, sha256]) => evidence.digestOf(listed) === sha256);
	if (parsed.list.size !== count || (whole && intact && sum !== total)) {
		const values = { expected: `${count} ${total}`, actual: `${parsed.list.size} ${sum}` };
		findings.push(found('contents', 'tampered', 'list-totals', { ...place, ...values }));
	}
	return findings;
}

/** Whether a run's list may name a path: inputs of this period up to the run, and its own records. */
function belongs(path: string, run: RunEvidence): boolean {
	const data = parseDataPath(path);
	if (data !== null) {
		return data.kind === 'submission' && data.period === run.period && data.run <= run.run;
	}
	const place = parseRunPath(path);
	if (place === null || !path.startsWith(`${run.folder}/`)) return false;
	return !isSignatureFile(place.rest) && !place.rest.includes('/');
}

/** Files of a run folder that the list cannot name, because they come after it. */
function isSignatureFile(name: string): boolean {
	return (
		name === DIGEST_LIST || name === MANIFEST || name === SIGNATURE || name.startsWith('approvals/')
	);
}

/** Of the earlier runs' inputs, a later run lists the same ones with the same digests, and no others. */
function inheritedLines(
	evidence: Evidence,
	run: RunEvidence,
	list: ReadonlyMap<string, string>,
): Finding[] {
	const before = evidence.runs.find((it) => it.period === run.period && it.run === run.run - 1);
	if (before?.list == null) return [];
	const path = `${run.folder}/${DIGEST_LIST}`;
	const place = { path, period: run.period, run: run.run };
	const earlier = (listed: string) => {
		const data = parseDataPath(listed);
		return data?.kind === 'submission' && data.run < run.run;
	};
	const lost = [...before.list]
		.filter(([listed, sha256]) => earlier(listed) && list.get(listed) !== sha256)
		.map(([listed, sha256]) => {
			const values = { expected: `${sha256}  ${listed}`, actual: list.get(listed) ?? '' };
			return found('contents', 'tampered', 'list-incomplete', { ...place, ...values });
		});
	const added = [...list.keys()]
		.filter((listed) => earlier(listed) && !before.list?.has(listed))
		.map((actual) => found('contents', 'tampered', 'list-foreign', { ...place, actual }));
	return [...lost, ...added];
}

async function fileFindings(evidence: Evidence, run: RunEvidence): Promise<Finding[]> {
	const { files } = evidence.tree;
	const findings: Finding[] = [];
	for (const [path, expected] of run.list ?? []) {
		const place = { path, period: run.period, run: run.run, expected };
		const actual = evidence.digestOf(path);
		if (actual === undefined) {
			if (evidence.isAway(path)) continue;
			findings.push(found('contents', 'tampered', 'file-missing', place));
		} else if (actual !== expected) {
			const original = await evidence.original(path, expected);
			const bytes = original && files.get(path);
			const difference = original && bytes ? firstDifference(path, original, bytes) : null;
			findings.push(
				found('contents', 'tampered', 'file-changed', { ...place, actual, difference }),
			);
		}
	}
	return findings;
}

/** Whatever lies under `settlements/`, or in the data of a finalized period, and no list names. */
function unlistedFindings(evidence: Evidence): Finding[] {
	const { files } = evidence.tree;
	const listed = new Set<string>();
	const findings: Finding[] = [];
	// Where a list cannot be had, nobody can say what it names.
	const silent = new Set<string>();
	for (const run of evidence.runs) {
		for (const path of run.list?.keys() ?? []) listed.add(path);
		if (evidence.isAway(`${run.folder}/${DIGEST_LIST}`)) silent.add(run.period);
	}
	// A folder of which nothing can be read is no run of the log.
	for (const { path } of evidence.tree.unavailable) {
		const place = parseRunPath(path);
		if (place?.rest === DIGEST_LIST) silent.add(place.period);
	}
	const unlisted = (path: string, period: string, run: number) => {
		const effect = silent.has(period) ? 'unavailable' : 'tampered';
		findings.push(found('contents', effect, 'file-unlisted', { path, period, run }));
	};
	for (const path of pathsBelow(files.keys(), 'settlements')) {
		const place = parseRunPath(path);
		if (listed.has(path) || (place !== null && isSignatureFile(place.rest))) continue;
		unlisted(path, place?.period ?? '', place?.run ?? 0);
	}
	for (const { path } of evidence.tree.unavailable) {
		const place = parseRunPath(path);
		// Of a folder without rights only its own name is seen.
		const signature =
			place !== null && (isSignatureFile(place.rest) || isSignatureFile(`${place.rest}/`));
		const holds = [...listed].some((it) => it === path || it.startsWith(`${path}/`));
		// Whatever it holds, that it is there is enough.
		const known = holds || signature || mayHoldManifest(path);
		if (path.startsWith('settlements') && !known)
			unlisted(path, place?.period ?? '', place?.run ?? 0);
	}
	const highest = new Map(evidence.runs.map((run) => [run.period, run]));
	for (const [period, { run }] of highest) {
		const folder = inputFolder(period, run + 1);
		const open = new Set(
			listedInputs(files.keys(), period, run + 1).filter((path) => path.startsWith(`${folder}/`)),
		);
		for (const path of pathsBelow(files.keys(), inputFolder(period))) {
			if (!listed.has(path) && !open.has(path)) unlisted(path, period, run);
		}
		if (open.size > 0) {
			findings.push(found('contents', 'notice', 'correction-open', { path: folder, period, run }));
		}
	}
	return findings;
}

/** A file that several runs list is reported once, for the earliest of them. */
function dedupe(findings: readonly Finding[]): readonly Finding[] {
	const seen = new Set<string>();
	return findings.filter(({ code, path, expected, actual }) => {
		const key = `${code} ${path} ${expected} ${actual}`;
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}
