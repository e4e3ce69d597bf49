import type { TimeOf } from '../data/basis.ts';
import { readPeriodInput } from '../data/period-input.ts';
import { readRegister } from '../data/register.ts';
import { type Correction, readCorrection } from '../data/submission.ts';
import { lockOfNext } from '../evidence/lock.ts';
import { readLog } from '../evidence/log.ts';
import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { onlyFiles, withFiles } from '../format/sourced-files.ts';
import type { Proposal, ProposedChange } from '../history/proposal.ts';
import {
	ABSENT,
	CORRECTION,
	GUARDED_FOLDERS,
	METERING_POINTS,
	parseDataPath,
	REGISTER,
	SUBSTITUTES,
	WAIVERS,
} from '../paths.ts';
import { append, isInfo, type Problem, sortProblems, wholeFile } from '../problem.ts';
import type { Exception } from './exceptions.ts';
import { basisInForce, nextRunNumber, type Present } from './next-run.ts';
import { warningsOf } from './own-warnings.ts';
import { validate } from './validate.ts';

/** What a pull request is about, and everything in it that has to be put right. */
export interface Judgement {
	readonly about: 'nothing' | 'code' | 'configuration' | 'submission' | 'record';
	/** The month for which it has data, and the run that these would be part of. */
	readonly subject: { readonly period: Period; readonly run: number } | null;
	/** Sorted; info-level problems included. */
	readonly problems: readonly Problem[];
	/** Problems that the base has already and this pull request does not touch. */
	readonly before: number;
	/** Warnings and absences in its files, whether or not the month is complete. */
	readonly exceptions: readonly Exception[];
}

/** Judges a pull request as of a moment: what it touches, and what that does to the data. */
export function judge(proposal: Proposal, present: Present): Judgement {
	const { base, changes } = proposal;
	const files = proposedFiles(proposal);
	const periods = [...new Set(changes.flatMap(({ path }) => periodOfPath(path) ?? []))].toSorted();
	const [period = null] = periods;
	const subject = period === null ? null : { period, run: nextRunNumber(readLog(files), period) };
	const problems: Problem[] = [...scopeProblems(proposal, periods)];
	append(problems, lockProblems(files, changes, present.instant));
	const [found, known] = [findProblems(files, present), findProblems(base, present)];
	const before = new Set(known.problems.map((it) => JSON.stringify(it)));
	const touched = new Set(changes.map(({ path }) => path));
	const folders = new Set([...touched].flatMap(foldersOf));
	const concerns = (it: Problem) => {
		if (it.code === 'entity-silent') return spoke(base, it.entity, it.period, present.timeOf);
		const { path } = it.location;
		return touched.has(path) || folders.has(path) || !before.has(JSON.stringify(it));
	};
	const measured = measuredIn(files, subject, touched, present.timeOf);
	const own = found.problems.filter(concerns);
	const silent = found.problems.filter(({ code }) => code === 'entity-silent');
	const left = found.problems.filter((it) => !concerns(it) && !isInfo(it) && !silent.includes(it));
	return {
		about: subjectOf(changes),
		subject,
		problems: sortProblems([...problems, ...own]),
		before: left.length,
		exceptions: found.exceptions.filter(
			({ path, entity }) => touched.has(path) || measured.has(entity),
		),
	};
}

/** On interval basis, the entities whose readings come from the changed files: no row names them. */
function measuredIn(
	files: Files,
	subject: Judgement['subject'],
	touched: ReadonlySet<string>,
	timeOf: TimeOf,
): ReadonlySet<string> {
	if (subject === null) return new Set();
	const { period, run } = subject;
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const basis = basisInForce(files, period, register, timeOf);
	if (basis?.kind !== 'interval') return new Set();
	const { settled } = readPeriodInput(files, period, run, register, basis).input;
	const own = settled.filter(({ reading }) => reading.sources.some((path) => touched.has(path)));
	return new Set(own.map(({ entry }) => entry.entity));
}

/** The log of the base with the data as proposed: nothing that is proposed can loosen what is final. */
export function proposedFiles({ base, merged }: Proposal): Files {
	const isData = (path: string) => path.startsWith('data/');
	return withFiles(
		onlyFiles(base, (path) => !isData(path)),
		onlyFiles(merged, isData),
	);
}

/** Folders above a file; some problems are those of a folder. */
function foldersOf(path: string): string[] {
	const parts = path.split('/');
	return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function findProblems(files: Files, present: Present) {
	const { problems, exceptions } = validate(files, present, null);
	const more = warningsOf(files, present);
	const all = [...problems, ...more.problems];
	const distinct = [...new Map(all.map((it) => [JSON.stringify(it), it])).values()];
	return { problems: distinct, exceptions: [...exceptions, ...more.exceptions] };
}

function isGuarded(path: string): boolean {
	return GUARDED_FOLDERS.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** The period in whose folder a path lies, whatever it is. */
function periodOfPath(path: string): Period | null {
	return /^data\/([0-9]{4}-(?:0[1-9]|1[0-2]))(?:\/|$)/.exec(path)?.[1] ?? null;
}

function subjectOf(changes: readonly ProposedChange[]): Judgement['about'] {
	if (changes.length === 0) return 'nothing';
	const paths = changes.map(({ path }) => path);
	if (paths.some((path) => periodOfPath(path) !== null)) return 'submission';
	if (paths.some((path) => path === 'data' || path.startsWith('data/'))) return 'configuration';
	return paths.some(isGuarded) ? 'record' : 'code';
}

/** Everything that a pull request touches and must not, or must not together. */
function scopeProblems({ merged, changes }: Proposal, periods: readonly Period[]): Problem[] {
	const paths = changes.map(({ path }) => path);
	const data = paths.some((path) => path === 'data' || path.startsWith('data/'));
	const [period = ''] = periods;
	const configured = configurationMayChange(merged, changes);
	const problems = changes.flatMap(({ path, plain }): Problem[] => {
		const location = wholeFile(path);
		const [top = ''] = path.split('/');
		if (top === 'settlements') return [{ code: 'proposal-record', location }];
		if (top === 'trust') return [{ code: 'proposal-trust', location }];
		if (top !== 'data') return data ? [{ code: 'proposal-code', location }] : [];
		if (!plain) return [{ code: 'path-not-plain', location }];
		const own = periodOfPath(path);
		if (own === null && isConfiguration(path) && period !== '' && !configured) {
			return [{ code: 'proposal-configuration', location, period }];
		}
		if (own === null || own === period) return [];
		return [{ code: 'proposal-periods', location, period, found: own }];
	});
	return [...problems, ...submitterProblems(changes, period)];
}

function isConfiguration(path: string): boolean {
	return [REGISTER, METERING_POINTS].includes(path) || parseDataPath(path)?.kind === 'rules';
}

/** A correction of the configuration changes it together with its reason. */
function configurationMayChange(merged: Files, changes: readonly ProposedChange[]): boolean {
	return correctionsIn(merged, changes).some(
		({ correction }) => correction.reason_code === 'configuration',
	);
}

function correctionsIn(
	files: Files,
	changes: readonly ProposedChange[],
): readonly { path: string; period: Period; run: number; correction: Correction }[] {
	return changes.flatMap(({ path }) => {
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'submission' || parsed.name !== CORRECTION) return [];
		const read = readCorrection(path, files.get(path) ?? new Uint8Array());
		return read.ok ? [{ ...parsed, path, correction: read.value }] : [];
	});
}

/** A submitter has one file a month, under one name; a file may be given another name. */
function submitterProblems(changes: readonly ProposedChange[], period: Period): Problem[] {
	const files = changes.filter(({ path }) => {
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'submission' || parsed.period !== period || parsed.run > 1) return false;
		return ![ABSENT, WAIVERS, SUBSTITUTES].includes(parsed.name);
	});
	const kinds = files.map(({ kind }) => kind).toSorted();
	const renamed = kinds.length === 2 && kinds[0] === 'added' && kinds[1] === 'removed';
	const [first, ...others] = files;
	if (first === undefined || renamed) return [];
	return others.map(({ path }): Problem => {
		return { code: 'proposal-submitters', location: wholeFile(path), first: first.path };
	});
}

/** Corrections that come too late to be finalized. */
function lockProblems(
	files: Files,
	changes: readonly ProposedChange[],
	instant: string,
): Problem[] {
	return correctionsIn(files, changes).flatMap(({ path, period, correction }): Problem[] => {
		const days = lockOfNext(files, period, { correction }, instant);
		if (days === null) return [];
		const location = wholeFile(path);
		return [{ code: 'correction-locked', location, period, days: String(days) }];
	});
}

/** Whether an entity had a row in the files of the next run of a period, or was declared absent. */
function spoke(base: Files, entity: string, period: Period, timeOf: TimeOf): boolean {
	const run = nextRunNumber(readLog(base), period);
	const register = readRegister(REGISTER, base.get(REGISTER) ?? new Uint8Array());
	const basis = basisInForce(base, period, register, timeOf);
	return readPeriodInput(base, period, run, register, basis).mentioned.has(entity);
}
