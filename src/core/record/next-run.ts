import { type Basis, MONTHLY, readBasis, type TimeOf } from '../data/basis.ts';
import { submittedPeriods, submittedRuns } from '../data/period-files.ts';
import type { Register } from '../data/register.ts';
import { readRules } from '../data/rules.ts';
import { earlierRuns, type LogEntry, readHistory, readLog } from '../evidence/log.ts';
import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { METERING_POINTS, parseDataPath, REGISTER, rulesPath, runFolder } from '../paths.ts';
import { type Problem, wholeFile } from '../problem.ts';
import { computeRun, type Run, readPosted } from './run.ts';

/** What is to be said about the run of a period that would be finalized next. */
export type NextRun =
	| { readonly state: 'computed'; readonly run: Run }
	| { readonly state: 'refused'; readonly run: number; readonly problems: readonly Problem[] }
	| { readonly state: 'nothing-submitted' }
	/** The highest run is final, and no data asks for another. */
	| { readonly state: 'already-final'; readonly run: number }
	/** An earlier statement that this run builds on cannot be read. */
	| { readonly state: 'log-unreadable' };

/** 1, or one more than the highest run of the period in the log. */
export function nextRunNumber(log: readonly LogEntry[], period: Period): number {
	return Math.max(0, ...log.filter((it) => it.period === period).map((it) => it.run)) + 1;
}

/** The period with which the log begins; null while it is empty. Earlier ones can never join it. */
export function firstPeriod(log: readonly LogEntry[]): Period | null {
	return log.map((it) => it.period).toSorted()[0] ?? null;
}

/** Periods with data that no run has taken up yet, ascending; none before the log begins. */
export function openPeriods(files: Files): readonly Period[] {
	const log = readLog(files);
	const first = firstPeriod(log);
	return submittedPeriods(files).filter((period) => {
		if (first !== null && period < first) return false;
		const next = nextRunNumber(log, period);
		return submittedRuns(files, period).some((submitted) => submitted >= next);
	});
}

/** What a settlement takes from the machine: the present, a UTC instant, and how its zones tell time. */
export interface Present {
	readonly instant: string;
	readonly timeOf: TimeOf;
}

/** The next run of a period, computed from the data and the configuration in force. */
export function computeNextRun(files: Files, period: Period, present: Present): NextRun {
	const log = readLog(files);
	const run = nextRunNumber(log, period);
	if (!submittedRuns(files, period).some((submitted) => submitted >= run)) {
		return run === 1 ? { state: 'nothing-submitted' } : { state: 'already-final', run: run - 1 };
	}
	const register = files.get(REGISTER);
	const path = rulesInForce(files, period);
	const rules = path === null ? undefined : files.get(path);
	const missing: Problem[] = [];
	if (register === undefined) {
		missing.push({ code: 'register-missing', location: wholeFile(REGISTER) });
	}
	if (path === null || rules === undefined) {
		missing.push({ code: 'rules-missing', location: wholeFile(rulesPath(period)), period });
	}
	if (register === undefined || path === null || rules === undefined) {
		return { state: 'refused', run, problems: missing };
	}
	const statement = (folder: string) => files.get(`${folder}/statement.csv`);
	const history = readHistory(earlierRuns(log, period, Number.POSITIVE_INFINITY), statement);
	const previous = runFolder(period, run - 1);
	const superseded =
		run === 1 ? null : readPosted(statement(previous), files.get(`${previous}/rules.json`));
	if (history === null || (run > 1 && superseded === null)) return { state: 'log-unreadable' };
	const points = files.get(METERING_POINTS);
	const configuration = { register, rules: { path, bytes: rules }, points };
	const request = { files, period, run, ...configuration, history, superseded, ...present };
	const result = computeRun(request);
	if (result.ok) return { state: 'computed', run: result.value };
	return { state: 'refused', run, problems: result.problems };
}

/** The basis of a period under the configuration in force; null where that cannot be told. */
export function basisInForce(
	files: Files,
	period: Period,
	register: Register,
	timeOf: TimeOf,
): Basis | null {
	const path = rulesInForce(files, period);
	const rules = path === null ? null : readRules(path, files.get(path) ?? new Uint8Array());
	if (path === null || !rules?.ok) return MONTHLY;
	const points = files.get(METERING_POINTS);
	return readBasis({ period, rules: rules.value, path, register, points, timeOf }).basis;
}

/** The rule set in force in a period: the latest file from that period or before it. */
export function rulesInForce(files: Files, period: Period): string | null {
	const from = [...files.keys()].flatMap((path) => {
		const parsed = parseDataPath(path);
		return parsed?.kind === 'rules' && parsed.period <= period ? [parsed.period] : [];
	});
	const latest = from.toSorted().at(-1);
	return latest === undefined ? null : rulesPath(latest);
}
