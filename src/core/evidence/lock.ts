import { readRules } from '../data/rules.ts';
import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import type { Run } from '../record/run.ts';
import { manifestsOf, readLog, readTrustRoots } from './log.ts';
import { requiredRoles, rootAt, type TrustRoot } from './trust-root.ts';

const DAY_MS = 86_400_000;
/** A dispute reopens a locked period where at least so many roles have to approve it. */
const DISPUTE_ROLES = 2;

/**
 * The days after which a run may no longer be made, null while it may: the rule set of the period's
 * first run locks it so long after that run became final, and no later rule set unlocks it. A dispute
 * is excepted where two roles have to approve it.
 */
export function lockOf(
	run: Pick<Run, 'correction'>,
	first: { readonly finalized_at: string; readonly rules: Uint8Array | undefined },
	instant: string,
	root: TrustRoot,
): number | null {
	if (run.correction === null) return null;
	const rules = readRules('rules.json', first.rules ?? new Uint8Array());
	const days = rules.ok ? rules.value.lock_after_days : undefined;
	if (days === undefined) return null;
	const disputed = run.correction.reason_code === 'dispute';
	if (disputed && requiredRoles(root).length >= DISPUTE_ROLES) return null;
	return Date.parse(instant) > Date.parse(first.finalized_at) + days * DAY_MS ? days : null;
}

/** The same from the files of a log, for a run that would be the next one in it. */
export function lockOfNext(
	files: Files,
	period: Period,
	run: Pick<Run, 'correction'>,
	instant: string,
): number | null {
	const log = manifestsOf(readLog(files));
	const first = log.find((it) => it.period === period && it.run === 1);
	const root = rootAt(readTrustRoots(files), (log.at(-1)?.manifest.sequence ?? 0) + 1);
	if (first === undefined || root === undefined) return null;
	const { finalized_at } = first.manifest;
	return lockOf(
		run,
		{ finalized_at, rules: files.get(`${first.folder}/rules.json`) },
		instant,
		root,
	);
}
