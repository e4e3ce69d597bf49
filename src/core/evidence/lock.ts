import { readRules } from '../data/rules.ts';
import type { Run } from '../record/run.ts';
import { requiredRoles, type TrustRoot } from './trust-root.ts';

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
