import { join } from 'node:path';
import { effectiveFiles } from '../core/data/period-files.ts';
import { type Correction, readCorrection } from '../core/data/submission.ts';
import { lockOfNext } from '../core/evidence/lock.ts';
import { readLog } from '../core/evidence/log.ts';
import { formatJson } from '../core/format/json.ts';
import { isPeriod, type Period } from '../core/format/period.ts';
import { CORRECTION, inputFolder, pathsBelow } from '../core/paths.ts';
import type { Result } from '../core/problem.ts';
import { nextRunNumber } from '../core/record/next-run.ts';
import { readWholeTree, writeWhole } from './files.ts';
import { instantOf } from './present.ts';
import { stop } from './stop.ts';

export interface CorrectRequest {
	readonly dir: string;
	readonly period: Period;
	/** Names of files of the period that are to be replaced, such as `estates.csv`. */
	readonly names: readonly string[];
	readonly correction: Readonly<Record<keyof Correction, string>>;
}

/** The folder of a prepared correction and the files in it that are to be edited. */
export interface Prepared {
	readonly folder: string;
	readonly edit: readonly string[];
}

/**
 * Prepares `data/P/rN/` of a final period: `correction.json`, and copies of the files to replace.
 * Commits nothing: the copies are still as they were.
 */
export function prepareCorrection(request: CorrectRequest): Result<Prepared> {
	const { dir, period, names, correction } = request;
	if (!isPeriod(period)) stop({ code: 'period-malformed', found: period });
	const { files } = readWholeTree(dir);
	const run = nextRunNumber(readLog(files), period);
	if (run === 1) stop({ code: 'nothing-final', period });
	const folder = inputFolder(period, run);
	if (pathsBelow(files.keys(), folder).length > 0) stop({ code: 'correction-exists', folder });

	const effective = effectiveFiles(files, period, run - 1);
	const originals = names.map((name) => {
		const path = effective.get(name);
		const bytes = path === undefined ? undefined : files.get(path);
		if (bytes === undefined) {
			return stop({ code: 'no-such-input', name, names: [...effective.keys()].join(', ') });
		}
		return { path: `${folder}/${name}`, bytes };
	});
	const path = `${folder}/${CORRECTION}`;
	const { reason_code, reason, requested_by, evidence } = correction;
	const bytes = formatJson({ reason_code, reason, requested_by, evidence });
	const read = readCorrection(path, bytes);
	if (!read.ok) return read;
	for (const original of originals) writeWhole(join(dir, original.path), original.bytes);
	writeWhole(join(dir, path), bytes);
	return { ok: true, value: { folder, edit: originals.map((it) => it.path) } };
}

/** Says at once what finalization would say when all the work of a correction is done. */
export function requireUnlocked(
	dir: string,
	period: Period,
	reason_code: Correction['reason_code'],
	now: Date,
): void {
	const { files } = readWholeTree(dir);
	const correction = { reason_code, reason: '', requested_by: '', evidence: '' };
	const days = lockOfNext(files, period, { correction }, instantOf(now));
	if (days !== null) stop({ code: 'locked', period, days: String(days) });
}
