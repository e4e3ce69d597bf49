import { decodeText, type Files, sameBytes } from '../format/bytes.ts';
import { entityFault } from '../format/name.ts';
import type { Period } from '../format/period.ts';
import {
	CORRECTION,
	inputFolder,
	isLegalPath,
	parseDataPath,
	pathsBelow,
	SUBSTITUTES,
} from '../paths.ts';
import { append, isInfo, type Problem, wholeFile } from '../problem.ts';
import { ENTITY_LIMIT, entriesIn, type Register, type RegisterEntry } from './register.ts';
import {
	type Reading,
	readSubmissions,
	type Submissions,
	type SubmissionsRead,
} from './submission.ts';

/** Everything that one run of a period is computed from, without contradiction. */
export interface PeriodInput extends Submissions {
	readonly period: Period;
	readonly run: number;
	/** The valid entities that are not absent, by entity id. */
	readonly settled: readonly { readonly entry: RegisterEntry; readonly reading: Reading }[];
}

/** Names that only the interval basis gives a meaning. */
const RESERVED = new Set([SUBSTITUTES]);
/** Above this size, or after so many problems, no spelling is suggested: each costs a pass over all ids. */
const SUGGESTION_LIMIT = 500;

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
		if (parsed.name === CORRECTION || RESERVED.has(parsed.name)) continue;
		if ((effective.get(parsed.name)?.run ?? 0) < parsed.run) {
			effective.set(parsed.name, { run: parsed.run, path });
		}
	}
	return new Map([...effective].map(([name, { path }]) => [name, path]));
}

/**
 * What `data/` says about one run of a period under a register, and every problem in it. Under a
 * register that cannot be read only the form of the files is judged, and nobody is settled.
 */
export function readPeriodInput(
	files: Files,
	period: Period,
	run: number,
	{ entries, doubtful, legible }: Register,
): { readonly input: PeriodInput; readonly problems: readonly Problem[] } {
	const effective = effectiveFiles(files, period, run);
	const read = readSubmissions(files, effective, period, run);
	const { submissions, problems: found } = read;
	const notices = found.filter(isInfo);
	const problems = found.filter((problem) => !isInfo(problem));
	append(problems, pathProblems(files, period, run));
	append(problems, replacementProblems(files, period, run));

	if (!legible) {
		return { input: { ...submissions, notices, period, run, settled: [] }, problems };
	}
	const valid = entriesIn(entries, period);
	if (valid.size > ENTITY_LIMIT) {
		const limit = String(ENTITY_LIMIT);
		const location = wholeFile(inputFolder(period));
		problems.push({ code: 'register-too-large', location, found: String(valid.size), limit });
	}
	const registered = new Set(entries.map(({ entity }) => entity));
	const readings = new Map<string, Reading>();
	const placed = { readings, valid, registered, doubtful, period };
	for (const reading of submissions.readings) placeReading(reading, placed, problems);
	const absent = absentEntities(submissions, placed, problems);
	const strangers = unreadStrangers(read, placed, problems);
	for (const entity of [...valid.keys()].toSorted()) {
		// What could not be read is already a problem of its own; silence is told apart from it.
		if (!read.legible || read.mentioned.has(entity) || absent.has(entity)) continue;
		if (strangers.some((other) => distance(other, entity) <= 2)) continue;
		const location = wholeFile(inputFolder(period));
		problems.push({ code: 'entity-silent', location, entity, period });
	}
	const settled = [...valid.values()]
		.toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
		.flatMap((entry) => {
			const reading = readings.get(entry.entity);
			return reading === undefined ? [] : [{ entry, reading }];
		});
	return { input: { ...submissions, notices, period, run, settled }, problems };
}

/**
 * Ids that belong to nobody valid, as they would be spelled; those in rows that are bad for another
 * reason become problems here, because no reading of theirs was placed.
 */
function unreadStrangers(
	{ mentioned, submissions }: SubmissionsRead,
	placed: Placed,
	problems: Problem[],
): readonly string[] {
	const { valid, doubtful } = placed;
	const judged = new Set([...submissions.readings, ...submissions.absences].map((it) => it.entity));
	const strangers = [...mentioned].filter(([id]) => !valid.has(id) && !doubtful.has(id));
	for (const [entity, row] of strangers) {
		if (judged.has(entity) || entityFault(entity) !== null) continue;
		problems.push(strangerProblem(entity, row.at('entity'), placed, problems));
	}
	if (strangers.length > SUGGESTION_LIMIT || valid.size > SUGGESTION_LIMIT) return [];
	return strangers.map(([id]) =>
		id
			.trim()
			.toLowerCase()
			.replaceAll(/[\s_]+/g, '-')
			.slice(0, 63),
	);
}

interface Placed {
	readonly readings: Map<string, Reading>;
	readonly valid: ReadonlyMap<string, RegisterEntry>;
	readonly registered: ReadonlySet<string>;
	readonly doubtful: ReadonlySet<string>;
	readonly period: Period;
}

function placeReading(reading: Reading, placed: Placed, problems: Problem[]): void {
	const { entity, place: location } = reading;
	const earlier = placed.readings.get(entity);
	if (!placed.valid.has(entity) && placed.doubtful.has(entity)) return;
	if (!placed.valid.has(entity)) {
		problems.push(strangerProblem(entity, location, placed, problems));
	} else if (earlier !== undefined) {
		const { path, line } = earlier.place;
		problems.push({ code: 'entity-duplicate', location, entity, first: `${path}:${line}` });
	} else {
		placed.readings.set(entity, reading);
	}
}

function absentEntities(
	{ absences }: Submissions,
	placed: Placed,
	problems: Problem[],
): ReadonlySet<string> {
	const absent = new Map<string, number>();
	for (const { entity, row } of absences) {
		const location = row.at('entity');
		const earlier = absent.get(entity);
		const reading = placed.readings.get(entity);
		if (!placed.valid.has(entity) && placed.doubtful.has(entity)) continue;
		if (!placed.valid.has(entity)) {
			problems.push(strangerProblem(entity, location, placed, problems));
		} else if (earlier !== undefined) {
			const first = `${location.path}:${earlier}`;
			problems.push({ code: 'entity-duplicate', location, entity, first });
		} else if (reading !== undefined) {
			const { path, line } = reading.place;
			problems.push({
				code: 'entity-absent-with-data',
				location,
				entity,
				first: `${path}:${line}`,
			});
		}
		absent.set(entity, row.line);
	}
	return new Set(absent.keys());
}

function strangerProblem(
	entity: string,
	location: Problem['location'],
	{ registered, valid, period }: Placed,
	told: readonly Problem[],
): Problem {
	if (registered.has(entity)) return { code: 'entity-not-valid', location, entity, period };
	const many = valid.size > SUGGESTION_LIMIT || told.length > SUGGESTION_LIMIT;
	const known = many ? [] : [...valid.keys()];
	const suggestion = known.find((other) => distance(entity, other) <= 2) ?? '';
	return { code: 'entity-unknown', location, entity, suggestion };
}

/** Levenshtein distance of two short words. */
function distance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
}

function pathProblems(files: Files, period: Period, run: number): Problem[] {
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
		} else if (parsed === null || RESERVED.has(name)) {
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
function replacementProblems(files: Files, period: Period, run: number): Problem[] {
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
