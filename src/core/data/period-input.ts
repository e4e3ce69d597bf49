import type { Files } from '../format/bytes.ts';
import { entityFault } from '../format/name.ts';
import type { Period } from '../format/period.ts';
import { inputFolder } from '../paths.ts';
import { append, isInfo, type Problem, wholeFile } from '../problem.ts';
import type { PeriodTime } from '../readings/period-time.ts';
import type { Series } from '../readings/series.ts';
import type { Basis } from './basis.ts';
import { readIntervalSubmissions } from './interval-input.ts';
import { effectiveFiles, pathProblems, replacementProblems } from './period-files.ts';
import { ENTITY_LIMIT, entriesIn, type Register, type RegisterEntry } from './register.ts';
import {
	type Reading,
	readDeclarations,
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
	/** What each of them generated and consumed in each interval; null on monthly basis. */
	readonly intervals: { readonly series: Series; readonly time: PeriodTime } | null;
}

export interface PeriodInputRead {
	readonly input: PeriodInput;
	readonly problems: readonly Problem[];
	/** The entities that readings and absences name, whether or not what they say is good. */
	readonly mentioned: ReadonlySet<string>;
}

/** Above this size, or after so many problems, no spelling is suggested: each costs a pass over all ids. */
const SUGGESTION_LIMIT = 500;

/**
 * What `data/` says about one run of a period under a register and on a basis (null: one that cannot
 * be had), and every problem in it. Under a register that cannot be read only the form of the files
 * is judged, and nobody is settled.
 */
export function readPeriodInput(
	files: Files,
	period: Period,
	run: number,
	register: Register,
	basis: Basis | null,
): PeriodInputRead {
	const { entries, doubtful, legible } = register;
	const effective = effectiveFiles(files, period, run);
	const { read, intervals } = readOnBasis(files, effective, { period, run }, register, basis);
	const { submissions, problems: found } = read;
	const notices = found.filter(isInfo);
	const problems = found.filter((problem) => !isInfo(problem));
	append(problems, pathProblems(files, period, run, basis?.kind === 'monthly'));
	append(problems, replacementProblems(files, period, run));
	const mentioned = new Set(read.mentioned.keys());
	const about = { ...submissions, notices, period, run, intervals };

	if (!legible) return { input: { ...about, settled: [] }, problems, mentioned };
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
	return { input: { ...about, settled }, problems, mentioned };
}

interface ReadOnBasis {
	readonly read: SubmissionsRead;
	readonly intervals: PeriodInput['intervals'];
}

function readOnBasis(
	files: Files,
	effective: ReadonlyMap<string, string>,
	at: Pick<PeriodInput, 'period' | 'run'>,
	register: Register,
	basis: Basis | null,
): ReadOnBasis {
	switch (basis?.kind) {
		case 'monthly': {
			const read = readSubmissions(files, effective, at.period, at.run);
			return { read, intervals: null };
		}
		case 'interval': {
			const read = readIntervalSubmissions(files, effective, at, basis, register);
			return { read, intervals: { series: read.series, time: basis.time } };
		}
		case undefined: {
			const declared = readDeclarations(files, effective, at.period, at.run);
			const submissions = { ...declared.declarations, readings: [], notices: [] };
			return { read: { ...declared, submissions, legible: false }, intervals: null };
		}
	}
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
		if (row === null || judged.has(entity) || entityFault(entity) !== null) continue;
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
