import { holdsOrNames, mayBePointer } from '../evidence/large-file.ts';
import { isPeriod } from '../format/period.ts';
import type { ObjectId } from '../git/object.ts';
import { MANIFEST, METERING_POINTS, REGISTER, rulesPath } from '../paths.ts';
import { compareText } from '../problem.ts';
import type { Evidence } from '../verification/evidence.ts';
import type { Guards } from './guard.ts';
import type { MainLine } from './main-line.ts';
import { type HistoryReader, leafAt, leavesBelow } from './reader.ts';
import type { FinalRun } from './walk.ts';

/** What a run's source commit fails to be (docs/spec/verification.md, "Source commits"). */
export type SourceFault =
	| { readonly kind: 'format'; readonly actual: string }
	| { readonly kind: 'off-main' }
	| { readonly kind: 'late' }
	| { readonly kind: 'unknown'; readonly path: string }
	| { readonly kind: 'lacks'; readonly path: string };

/**
 * Compares a run with the commit that its manifest names as the source: on the main line, before
 * the run, and holding every input, the register and rule set of the snapshots, and the manifest
 * before it.
 */
export async function sourceFaults(
	reader: HistoryReader,
	line: MainLine,
	guards: Guards,
	{ list, manifest, folder }: Evidence['chain'][number],
	{ final, previous }: { readonly final: FinalRun | undefined; readonly previous: string | null },
): Promise<readonly SourceFault[]> {
	const { object_format, commit } = manifest.source;
	if (object_format !== reader.git.format) return [{ kind: 'format', actual: object_format }];
	const at = line.indexOf.get(commit);
	const source = at === undefined ? undefined : line.commits[at];
	if (at === undefined || source === undefined) return [{ kind: 'off-main' }];
	const faults: SourceFault[] = [];
	if (final !== undefined && at >= final.since) faults.push({ kind: 'late' });
	const require = async (path: string | null, sha256: string | undefined, signed: string) => {
		// Without a list, or with a foreign one, that is the finding.
		if (sha256 === undefined) return;
		const leaf = path === null ? undefined : await leafAt(reader, source.tree, path);
		// A run that was made again lists other bytes than those that became final.
		const id = guards.idOf(signed, sha256);
		const open = leaf && leaf.id !== id && (id === null || mayBePointer(path ?? signed));
		const bytes = open ? await reader.blob(leaf.id) : null;
		if (leaf === null || (open && bytes === null)) {
			faults.push({ kind: 'unknown', path: path ?? signed });
			return;
		}
		const same =
			bytes === null
				? leaf !== undefined && leaf.id === id
				: holdsOrNames(path ?? signed, bytes, sha256);
		if (!same) faults.push({ kind: 'lacks', path: path ?? signed });
	};
	for (const [path, sha256] of list ?? []) {
		if (path.startsWith('data/')) await require(path, sha256, path);
	}
	const [register, rules] = [`${folder}/entities.csv`, `${folder}/rules.json`];
	await require(REGISTER, list?.get(register), register);
	const points = `${folder}/metering-points.csv`;
	if (list?.has(points)) await require(METERING_POINTS, list.get(points), points);
	const inForce = await rulesInForce(reader, source.tree, manifest.period);
	if (inForce === 'unknown') faults.push({ kind: 'unknown', path: rules });
	else await require(inForce, list?.get(rules), rules);
	if (previous !== null) {
		const path = `${previous}/${MANIFEST}`;
		await require(path, manifest.previous?.manifest_sha256, path);
	}
	return faults;
}

/** Path of the rule set in force in a period, as a commit has it; null where it has none. */
async function rulesInForce(
	reader: HistoryReader,
	tree: ObjectId,
	period: string,
): Promise<string | 'unknown' | null> {
	const { leaves, unread } = await leavesBelow(reader, tree, ['data/rules']);
	if (unread.length > 0) return 'unknown';
	const periods = [...leaves.keys()]
		.map((path) => /^data\/rules\/([^/]+)\.json$/.exec(path)?.[1] ?? '')
		.filter((it) => isPeriod(it) && it <= period)
		.toSorted(compareText);
	const last = periods.at(-1);
	return last === undefined ? null : rulesPath(last);
}
