import { submittedPeriods, submittedRuns } from '../data/period-files.ts';
import { readRegister } from '../data/register.ts';
import { readRules } from '../data/rules.ts';
import { type DigestList, parseDigestList } from '../evidence/digest-list.ts';
import { readLog } from '../evidence/log.ts';
import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { digestOf } from '../format/sourced-files.ts';
import {
	DIGEST_LIST,
	inputFolder,
	isLegalPath,
	parseDataPath,
	pathsBelow,
	REGISTER,
	runFolder,
} from '../paths.ts';
import { append, type Problem, sortProblems, wholeFile } from '../problem.ts';
import type { Exception } from './exceptions.ts';
import {
	computeNextRun,
	firstPeriod,
	nextRunNumber,
	openPeriods,
	type Present,
} from './next-run.ts';

/** What was looked at, and everything that is wrong with it. */
export interface Validation {
	/** Periods whose next run was computed. */
	readonly periods: readonly Period[];
	/** Sorted; info-level problems included. */
	readonly problems: readonly Problem[];
	/** Warnings and absences of the runs that could be computed. */
	readonly exceptions: readonly Exception[];
}

/**
 * Every problem of `data/`: register, rule sets, all open periods (or one), and edits of what is
 * already final.
 */
export function validate(files: Files, present: Present, only: Period | null): Validation {
	const problems: Problem[] = [...configurationProblems(files), ...strayFiles(files)];
	const exceptions: Exception[] = [];
	const open = openPeriods(files).filter((period) => only === null || period === only);
	for (const period of open) {
		const next = computeNextRun(files, period, present);
		if (next.state === 'refused') append(problems, next.problems);
		if (next.state === 'computed') {
			append(problems, next.run.notices);
			append(exceptions, next.run.exceptions.filter(concernsEntity));
		}
		if (next.state === 'log-unreadable') {
			const location = wholeFile('settlements');
			problems.push({ code: 'log-unreadable', location, period });
		}
	}
	const periods = new Set([...submittedPeriods(files), ...readLog(files).map((it) => it.period)]);
	for (const period of periods) {
		if (only === null || period === only) append(problems, finalProblems(files, period));
	}
	const first = firstPeriod(readLog(files));
	for (const period of first === null ? [] : periods) {
		if (first === null || period >= first || (only !== null && period !== only)) continue;
		const location = wholeFile(inputFolder(period));
		problems.push({ code: 'period-before-log', location, period, first });
	}
	if (only !== null && !periods.has(only)) {
		const location = wholeFile(inputFolder(only));
		problems.push({ code: 'period-without-data', location, period: only });
	}
	return { periods: open, problems: sortProblems(distinct(problems)), exceptions };
}

/** The others are notices on the form of a file, which are among the problems already. */
function concernsEntity({ entity }: Exception): boolean {
	return entity !== '';
}

function configurationProblems(files: Files): Problem[] {
	const register = files.get(REGISTER);
	const problems: Problem[] = [];
	if (register === undefined) {
		problems.push({ code: 'register-missing', location: wholeFile(REGISTER) });
	} else {
		append(problems, readRegister(REGISTER, register).problems);
	}
	for (const path of files.keys()) {
		if (parseDataPath(path)?.kind !== 'rules') continue;
		const rules = readRules(path, files.get(path) ?? new Uint8Array());
		if (!rules.ok) append(problems, rules.problems);
	}
	return problems;
}

/** Files below `data/` that have no place there; those inside a period are named with the period. */
function strayFiles(files: Files): Problem[] {
	const periods = new Set(submittedPeriods(files));
	return pathsBelow(files.keys(), 'data').flatMap((path): Problem[] => {
		const inPeriod = periods.has(path.split('/')[1] ?? '');
		if (inPeriod || (parseDataPath(path) !== null && isLegalPath(path))) return [];
		const accepted = `${REGISTER}, data/rules/YYYY-MM.json, data/YYYY-MM/*.csv`;
		return [{ code: 'path-unexpected', location: wholeFile(path), found: path, accepted }];
	});
}

/** Edits, additions and removals among the data files that the newest run of a period lists. */
function finalProblems(files: Files, period: Period): Problem[] {
	const run = nextRunNumber(readLog(files), period) - 1;
	if (run === 0) return [];
	const list = listOf(files, period, run);
	if (list === null) return [];
	const at = { period, run: String(run) };
	const submitted = new Set(submittedRuns(files, period));
	const problems: Problem[] = [];
	for (const [path, sha256] of list) {
		const location = wholeFile(path);
		if (!path.startsWith('data/')) continue;
		const actual = digestOf(files, path);
		if (actual === undefined) problems.push({ code: 'final-removed', location, ...at });
		else if (actual !== sha256) problems.push({ code: 'final-changed', location, ...at });
	}
	for (const path of pathsBelow(files.keys(), inputFolder(period))) {
		const parsed = parseDataPath(path);
		const later = parsed?.kind === 'submission' && parsed.run > run;
		// Where a run is missing in between, that gap is the problem.
		if (later && parsed.run > run + 1 && submitted.has(parsed.run - 1)) {
			const [given, next] = [String(parsed.run), String(run + 1)];
			problems.push({ code: 'correction-early', location: wholeFile(path), run: given, next });
		}
		if (list.has(path) || later) continue;
		problems.push({ code: 'final-added', location: wholeFile(path), ...at });
	}
	return problems;
}

function listOf(files: Files, period: Period, run: number): DigestList | null {
	const bytes = files.get(`${runFolder(period, run)}/${DIGEST_LIST}`);
	const parsed = parseDigestList(bytes ?? new Uint8Array());
	// A list that cannot be read is a matter of verification, not of the data.
	return parsed.ok ? parsed.list : null;
}

function distinct(problems: readonly Problem[]): Problem[] {
	return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
