import { decodeText, type Files, sameBytes } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import {
	CORRECTION,
	inputFolder,
	isLegalPath,
	parseDataPath,
	pathsBelow,
	SUBSTITUTES,
} from '../paths.ts';
import { type Problem, wholeFile } from '../problem.ts';

/** Runs for which `data/P/` holds files, ascending; empty where the period has none. */
export function submittedRuns(files: Files, period: Period): readonly number[] {
	const runs = new Set<number>();
	for (const path of pathsBelow(files.keys(), inputFolder(period))) {
		const parsed = parseDataPath(path);
		if (parsed?.kind === 'submission') runs.add(parsed.run);
	}
	return [...runs].toSorted((a, b) => a - b);
}

/** Periods for which `data/` holds files, ascending. */
export function submittedPeriods(files: Files): readonly Period[] {
	const periods = new Set<Period>();
	for (const path of files.keys()) {
		const parsed = parseDataPath(path);
		if (parsed?.kind === 'submission') periods.add(parsed.period);
	}
	return [...periods].toSorted();
}

/** For each file name of a period, the path in the highest run up to `run` (docs/spec/layout.md). */
export function effectiveFiles(
	files: Files,
	period: Period,
	run: number,
): ReadonlyMap<string, string> {
	const effective = new Map<string, { run: number; path: string }>();
	for (const path of pathsBelow(files.keys(), inputFolder(period))) {
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'submission' || parsed.run > run) continue;
		if (parsed.name === CORRECTION) continue;
		if ((effective.get(parsed.name)?.run ?? 0) < parsed.run) {
			effective.set(parsed.name, { run: parsed.run, path });
		}
	}
	return new Map([...effective].map(([name, { path }]) => [name, path]));
}

/** Files in the folder of a period that have no place in it, and gaps between its runs. */
export function pathProblems(
	files: Files,
	period: Period,
	run: number,
	monthly: boolean,
): Problem[] {
	const problems: Problem[] = [];
	const seen = new Map<string, string>();
	for (const path of pathsBelow(files.keys(), inputFolder(period))) {
		const location = wholeFile(path);
		const parsed = parseDataPath(path);
		const name = path.split('/').at(-1) ?? '';
		if (runOf(path, period) > run) continue;
		const folded = path.toLowerCase();
		const first = seen.get(folded);
		if (!isLegalPath(path)) {
			problems.push({ code: 'path-malformed', location, found: path });
		} else if (parsed === null || (monthly && name === SUBSTITUTES)) {
			const accepted = `${inputFolder(period)}/*.csv`;
			problems.push({ code: 'path-unexpected', location, found: path, accepted });
		} else if (first !== undefined) {
			problems.push({ code: 'path-collision', location, found: path, first });
		}
		seen.set(folded, path);
	}
	const runs = submittedRuns(files, period);
	for (let missing = 2; missing < Math.max(run, ...runs); missing++) {
		if (runs.includes(missing)) continue;
		const later = runs.find((other) => other > missing) ?? run;
		const location = wholeFile(inputFolder(period, later));
		problems.push({
			code: 'correction-gap',
			location,
			run: String(later),
			missing: String(missing),
		});
	}
	return problems;
}

/** The run whose folder a path lies in; 1 for the period's own. */
function runOf(path: string, period: Period): number {
	const folder = path.slice(inputFolder(period).length + 1).split('/')[0] ?? '';
	return Number(/^r([1-9][0-9]{0,3})$/.exec(folder)?.[1] ?? 1);
}

/** A correction holds only what changed: a file equal to the one it replaces is a mistake. */
export function replacementProblems(files: Files, period: Period, run: number): Problem[] {
	if (run === 1) return [];
	const before = effectiveFiles(files, period, run - 1);
	const folder = inputFolder(period, run);
	const problems: Problem[] = [];
	for (const path of pathsBelow(files.keys(), folder)) {
		const name = path.slice(folder.length + 1);
		const bytes = files.get(path);
		if (name === CORRECTION || bytes === undefined) continue;
		const replaced = before.get(name);
		const original = replaced === undefined ? undefined : files.get(replaced);
		const location = wholeFile(path);
		if (original !== undefined && replaced !== undefined) {
			if (!sameBytes(bytes, original)) continue;
			problems.push({ code: 'correction-unchanged', location, first: replaced });
		} else if (!/\n[^\r\n]/.test(decodeText(bytes) ?? '\n?')) {
			problems.push({ code: 'correction-withdraws-nothing', location });
		}
	}
	return problems;
}
