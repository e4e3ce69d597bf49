import { digest, type Files } from '../format/bytes.ts';
import { type Period, shiftPeriod } from '../format/period.ts';
import { sizeOf, withFiles } from '../format/sourced-files.ts';
import { approvalPath, DIGEST_LIST, MANIFEST, runFolder } from '../paths.ts';
import { compareText } from '../problem.ts';
import type { Run } from '../record/run.ts';
import { formatDigestList, listDigests } from './digest-list.ts';
import { lockOf } from './lock.ts';
import { type LogEntry, manifestsOf, readLog, readTrustRoots, signaturesDigestOf } from './log.ts';
import { formatManifest, type Manifest, SPEC_VERSION } from './manifest.ts';
import { finalizersAt, requiredRoles, rootAt, type TrustRoot } from './trust-root.ts';

/** Why a run cannot be the next of the log. */
export type Obstacle =
	| { readonly code: 'no-trust-root' }
	| { readonly code: 'not-next'; readonly period: Period; readonly expected: Period }
	| { readonly code: 'locked'; readonly period: Period; readonly days: string }
	| { readonly code: 'clock-behind'; readonly now: string; readonly last: string }
	| {
			readonly code: 'approval-missing';
			readonly period: Period;
			readonly run: string;
			readonly roles: string;
	  };

/** A run folder complete but for the signature over `manifest.json`. */
export interface Draft {
	readonly folder: string;
	readonly manifest: Omit<Manifest, 'format'>;
	/** Exactly what is to be signed. */
	readonly signable: Uint8Array;
	/** Fingerprints of the keys that may sign it. */
	readonly finalizers: readonly string[];
	/** By path: records, snapshots, `SHA256SUMS` and `manifest.json`. */
	readonly files: Files;
}

/** Where and when a run is made: what its bytes cannot be computed from. */
export interface Occasion {
	/** Tip of the main branch when the inputs were read; SHA-1 object id. */
	readonly commit: string;
	/** The present, a UTC instant. */
	readonly instant: string;
	/** Version of the program. */
	readonly version: string;
	/** Restored alterations that the run acknowledges, in any order; none where absent. */
	readonly incidents?: readonly Incident[];
}

export type Incident = Manifest['incidents'][number];

/** The next run folder of the log, ready to be signed, or what stands in its way (docs/spec/log.md). */
export function draftRun(
	files: Files,
	run: Run,
	occasion: Occasion,
):
	| { readonly ok: true; readonly draft: Draft }
	| { readonly ok: false; readonly obstacle: Obstacle } {
	const log = manifestsOf(readLog(files));
	const last = log.at(-1);
	const sequence = (last?.manifest.sequence ?? 0) + 1;
	const root = rootAt(readTrustRoots(files), sequence);
	if (root === undefined) return { ok: false, obstacle: { code: 'no-trust-root' } };
	const obstacle = obstacleTo(files, run, log, occasion.instant, root);
	if (obstacle !== null) return { ok: false, obstacle };

	const folder = runFolder(run.period, run.run);
	const records = new Map([...run.records].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
	const all = withFiles(files, records);
	const list = listDigests(all, run.period, run.run, [...records.keys()]);
	const listBytes = formatDigestList(list);
	const sizes = [...list.keys()].map((path) => sizeOf(all, path) ?? 0);
	const before = log.find((it) => it.period === run.period && it.run === run.run - 1);
	const manifest: Draft['manifest'] = {
		log: root.log,
		sequence,
		period: run.period,
		run: run.run,
		...kindOf(run),
		previous: last?.bytes
			? {
					sequence: last.manifest.sequence,
					manifest_sha256: digest(last.bytes),
					signatures_sha256: signaturesDigestOf(files, last.folder),
				}
			: null,
		supersedes: before?.bytes ? { run: before.run, manifest_sha256: digest(before.bytes) } : null,
		trust_root: { version: root.version, sha256: digest(root.bytes) },
		files: {
			sha256: digest(listBytes),
			count: list.size,
			bytes: sizes.reduce((sum, size) => sum + size, 0),
		},
		engine: { spec: SPEC_VERSION, version: occasion.version },
		basis: basisOf(run),
		totals: run.totals,
		source: { object_format: 'sha1', commit: occasion.commit },
		incidents: (occasion.incidents ?? []).toSorted(
			(a, b) => compareText(a.path, b.path) || compareText(a.altered_in, b.altered_in),
		),
		finalized_at: occasion.instant,
	};
	const signable = formatManifest(manifest);
	const added = new Map([
		...records,
		[`${folder}/${DIGEST_LIST}`, listBytes],
		[`${folder}/${MANIFEST}`, signable],
	]);
	const finalizers = finalizersAt(root, sequence).map((key) => key.fingerprint);
	return { ok: true, draft: { folder, manifest, signable, finalizers, files: added } };
}

function obstacleTo(
	files: Files,
	run: Run,
	log: readonly (LogEntry & { manifest: Manifest })[],
	instant: string,
	root: TrustRoot,
): Obstacle | null {
	const initial = log.findLast(({ manifest }) => manifest.run === 1);
	const expected = initial === undefined ? run.period : shiftPeriod(initial.period, 1);
	if (run.run === 1 && run.period !== expected) {
		return { code: 'not-next', period: run.period, expected };
	}
	const last = log.at(-1);
	if (last === undefined) return null;
	const { finalized_at, sequence } = last.manifest;
	if (instant < finalized_at) return { code: 'clock-behind', now: instant, last: finalized_at };
	const first = log.find((it) => it.period === run.period && it.run === 1);
	if (first !== undefined) {
		const rules = files.get(`${first.folder}/rules.json`);
		const { finalized_at } = first.manifest;
		const days = lockOf(run, { finalized_at, rules }, instant, root);
		if (days !== null) return { code: 'locked', period: run.period, days: String(days) };
	}
	// A manifest binds the approvals of the one before it: afterwards none can be added.
	const judge = rootAt(readTrustRoots(files), sequence);
	const missing = (judge === undefined ? [] : requiredRoles(judge)).filter(
		(role) => !files.has(approvalPath(last.folder, role)),
	);
	if (missing.length === 0) return null;
	const { period, run: number } = last;
	return { code: 'approval-missing', period, run: String(number), roles: missing.join(', ') };
}

/** The bounds that the run was settled with: whoever checks it needs no zone data of its own. */
function basisOf({ time }: Run): Manifest['basis'] {
	if (time === null) return { kind: 'monthly' };
	return { kind: 'interval', ...time, offsets: [...time.offsets] };
}

/** What a manifest says of why its run was made. */
export function kindOf({ correction }: Run): Pick<Manifest, 'kind' | 'reason'> {
	if (correction === null) return { kind: 'initial', reason: null };
	const { reason_code: reason } = correction;
	return { kind: reason === 'dispute' ? 'dispute' : 'correction', reason };
}
