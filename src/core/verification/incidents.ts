import type { Incident } from '../evidence/draft.ts';
import { requiredRoles } from '../evidence/trust-root.ts';
import type { ObjectId } from '../git/object.ts';
import type { Interval } from '../history/guard.ts';
import { approvalPath } from '../paths.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './report.ts';
import { type VerifiedRoot, verifiedRootAt } from './trust.ts';

/** What a manifest acknowledges (docs/spec/log.md, "incidents"). */
export interface Acknowledgment extends Incident {
	/** Roles that approved the manifest; null while one of them is still to come. */
	readonly roles: readonly string[] | null;
}

export function readIncidents(
	{ chain, tree, isAway }: Evidence,
	roots: readonly VerifiedRoot[],
): readonly Acknowledgment[] {
	return chain.flatMap(({ folder, manifest }) => {
		const root = verifiedRootAt(roots, manifest.sequence)?.root;
		const required = root === undefined ? [] : requiredRoles(root);
		const paths = required.map((role) => approvalPath(folder, role));
		const approved = paths.every((path) => tree.files.has(path) || isAway(path));
		const roles = approved ? required : null;
		return manifest.incidents.map((it) => ({ ...it, roles }));
	});
}

/** Whether an acknowledgment is of exactly what a finding tells. */
export function matches(it: Acknowledgment, finding: Finding): boolean {
	const { path, altered_in, restored_in } = finding;
	const commits = altered_in?.commit === it.altered_in && restored_in?.commit === it.restored_in;
	return commits && path === it.path;
}

/** Whether it could be of an alteration of which not all is known. */
export function mayMatch(
	it: Acknowledgment,
	{ path, from, altered }: Interval,
	places: ReadonlyMap<ObjectId, number>,
): boolean {
	const place = places.get(it.altered_in);
	return path === it.path && place !== undefined && from <= place && place <= altered;
}

/** `expected` names the roles that stand for it, or says that they are still to come. */
export function acknowledged(finding: Finding, { roles }: Acknowledgment): Finding {
	if (roles === null) return { ...finding, expected: 'approval' };
	const expected = roles.join(' ');
	return { ...finding, code: 'history-acknowledged', effect: 'notice', expected };
}

/** What cannot be read may acknowledge it. */
export function doubted(finding: Finding, doubtful: boolean): Finding {
	return doubtful ? { ...finding, effect: 'unavailable', expected: 'unknown' } : finding;
}
