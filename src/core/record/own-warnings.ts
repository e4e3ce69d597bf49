import { readPeriodInput } from '../data/period-input.ts';
import { readRegister } from '../data/register.ts';
import { readRules } from '../data/rules.ts';
import { earlierRuns, readHistory, readLog } from '../evidence/log.ts';
import type { Files } from '../format/bytes.ts';
import { REGISTER } from '../paths.ts';
import { append, type Problem } from '../problem.ts';
import type { Exception } from './exceptions.ts';
import { allWarnings, collectExceptions, waiverProblems } from './judge-warnings.ts';
import {
	basisInForce,
	computeNextRun,
	nextRunNumber,
	openPeriods,
	type Present,
	rulesInForce,
} from './next-run.ts';

/**
 * Warnings and absences of the open periods that cannot be computed yet: whoever submits early hears
 * of them then, and not when the last one submits.
 */
export function warningsOf(
	files: Files,
	present: Present,
): { readonly problems: readonly Problem[]; readonly exceptions: readonly Exception[] } {
	const log = readLog(files);
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const problems: Problem[] = [];
	const exceptions: Exception[] = [];
	for (const period of openPeriods(files)) {
		if (computeNextRun(files, period, present).state !== 'refused') continue;
		const path = rulesInForce(files, period);
		const rules = readRules(path ?? '', files.get(path ?? '') ?? new Uint8Array());
		const statement = (folder: string) => files.get(`${folder}/statement.csv`);
		const history = readHistory(earlierRuns(log, period, Number.POSITIVE_INFINITY), statement);
		if (!rules.ok || history === null) continue;
		const basis = basisInForce(files, period, register, present.timeOf);
		const run = nextRunNumber(log, period);
		const { input } = readPeriodInput(files, period, run, register, basis);
		const warnings = allWarnings(input, history, rules.value.plausibility);
		const read = new Set(input.settled.map(({ reading }) => reading.entity));
		// A row that is missing or cannot be read says nothing about its waiver.
		const judged = { ...input, waivers: input.waivers.filter(({ entity }) => read.has(entity)) };
		append(problems, waiverProblems(judged, warnings, rules.value));
		append(exceptions, collectExceptions(input, warnings, []));
	}
	return { problems, exceptions };
}
