import type { Run } from '../record/run.ts';
import { requiredRoles, type TrustRoot } from './trust-root.ts';

const DAY_MS = 86_400_000;
/** A dispute reopens a locked period where at least so many roles have to approve it. */
const DISPUTE_ROLES = 2;

/**
 * Whether a run may no longer be made: its rule set locks the period so many days after the first
 * run became final. A dispute is excepted where two roles have to approve it.
 */
export function isLocked(
	run: Pick<Run, 'lock_after_days' | 'correction'>,
	firstFinalizedAt: string,
	instant: string,
	root: TrustRoot,
): boolean {
	const { lock_after_days: days, correction } = run;
	if (days === null || correction === null) return false;
	const disputed = correction.reason_code === 'dispute';
	if (disputed && requiredRoles(root).length >= DISPUTE_ROLES) return false;
	return Date.parse(instant) > Date.parse(firstFinalizedAt) + days * DAY_MS;
}
