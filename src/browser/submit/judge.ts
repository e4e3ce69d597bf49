import { type BasisRules, MONTHLY, readBasis } from '../../core/data/basis.ts';
import { readLoosely } from '../../core/data/loose-table.ts';
import { type MeteringPoint, pointsIn } from '../../core/data/metering-points.ts';
import { readPeriodInput } from '../../core/data/period-input.ts';
import type { Register } from '../../core/data/register.ts';
import type { Reading } from '../../core/data/submission.ts';
import { encodeText } from '../../core/format/bytes.ts';
import { formatTable } from '../../core/format/csv.ts';
import { isPeriod, type Period } from '../../core/format/period.ts';
import { ABSENT, inputFolder, rulesPath, SUBSTITUTES, WAIVERS } from '../../core/paths.ts';
import { append, isInfo, type Problem, sortProblems, wholeFile } from '../../core/problem.ts';
import { periodTimeOf } from '../../zones/period-time.ts';
import { basisIn, type SubmitData } from './data.ts';
import { intervalNames } from './interval-names.ts';
import type { Figures } from './months.ts';

/** What the commands would say of one file more in a month of the repository. */
export interface Judged {
	readonly problems: readonly Problem[];
	readonly ok: boolean;
	/** What it says of whom, by id. */
	readonly readings: readonly (Figures & Pick<Reading, 'entity'>)[];
}

/** Judges a file by the readers that the commands have, beside what the month holds already. */
export function judge(data: SubmitData, period: Period, path: string, bytes: Uint8Array): Judged {
	const register = registerOf(data);
	const { basis, problems: amiss } = basisOf(data, period, register);
	const interval = basisIn(data, period) === 'interval';
	const replaced = data.open[path] ?? '';
	const files = new Map<string, Uint8Array>();
	const folder = inputFolder(period);
	let untold = false;
	for (const [name, text] of Object.entries(data.open)) {
		if (!name.startsWith(`${folder}/`) || name === path) continue;
		if (text === '') untold = true;
		if (text !== '' || !interval) files.set(name, encodeText(text));
	}
	const texts = [bytes, encodeText(replaced)];
	const concerned =
		basis?.kind === 'interval'
			? ofEntities(register, entitiesNamed(texts, basis.points.points, period))
			: register;
	const read = (it: Uint8Array) =>
		readPeriodInput(new Map([...files, [path, it]]), period, 1, concerned, basis);
	const { input, problems: found } = read(bytes);
	const named = intervalNames(bytes)?.points;
	const about = (problem: Problem) => {
		if (problem.location.path === path) return true;
		// What a file holds that the page does not know may be what is missing here.
		if (problem.code === 'readings-missing') return !untold || named?.has(problem.metering_point);
		if (problem.code === 'problems-more') return interval && problem.location.path === folder;
		// Of two rows of one entity the later is named; which that is depends on names of files.
		return 'first' in problem && problem.first.startsWith(`${path}:`);
	};
	const problems = [...found, ...input.notices].filter(about);
	if (basis === null) append(problems, amiss);
	if (replaced !== '') {
		problems.push(...silenced(read(encodeText(replaced)).problems, found));
	}
	const final = data.finals[period];
	if (final !== undefined) {
		const location = wholeFile(path);
		problems.push({ code: 'final-added', location, period, run: String(final) });
	}
	const own = input.settled.map(({ reading }) => reading);
	return {
		problems: sortProblems(problems),
		ok: problems.every(isInfo),
		readings: own.filter(({ sources }) => sources.includes(path)),
	};
}

/** The basis of a month as the commands have it. */
function basisOf(data: SubmitData, period: Period, register: Register) {
	const [from, rules] = data.bases.find(([first]) => first <= period) ?? [];
	if (from === undefined || rules === undefined) return { basis: MONTHLY, problems: [] };
	const points = data.points === '' ? undefined : encodeText(data.points);
	const path = rulesPath(from);
	return readBasis({ period, rules, path, register, points, timeOf: periodTimeOf });
}

/** Whose metering points interval files name: of nobody else anything is missing there. */
function entitiesNamed(
	texts: readonly Uint8Array[],
	points: readonly MeteringPoint[],
	period: Period,
): ReadonlySet<string> {
	const named = new Set(texts.flatMap((it) => [...(intervalNames(it)?.points ?? [])]));
	const concerned = pointsIn(points, period).filter(({ id }) => named.has(id));
	return new Set(concerned.map(({ entity }) => entity));
}

function ofEntities(register: Register, entities: ReadonlySet<string>): Register {
	return { ...register, entries: register.entries.filter(({ entity }) => entities.has(entity)) };
}

/** Entities of which the file that is replaced had a row, and the new one has none. */
function silenced(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
	const isSilent = (it: Problem) => it.code === 'entity-silent';
	const known = new Set(before.filter(isSilent).map((it) => JSON.stringify(it)));
	return after.filter((it) => isSilent(it) && !known.has(JSON.stringify(it)));
}

function registerOf({ entities, doubtful }: SubmitData): Register {
	const entries = entities.map(([entity, name, valid_from, valid_to], index) => ({
		entity,
		name,
		cost_center: '',
		valid_from,
		valid_to,
		capacity_w: null,
		line: index + 2,
	}));
	return { entries, doubtful: new Set(doubtful), legible: true, problems: [] };
}

/** The figures of a month as the file of its entity: the same text that the commands accept. */
export function typedFile(
	entity: string,
	period: Period,
	generated: string,
	consumed: string,
): Uint8Array {
	const header = ['entity', 'period', 'generated_kwh', 'consumed_kwh'];
	return encodeText(formatTable(header, [[entity, period, generated, consumed]]));
}

/** The entity and the month that a file is of; null where its rows differ or say nothing. */
export function subjectOf(
	data: SubmitData,
	bytes: Uint8Array,
	chosen: Period,
): { readonly entity: string | null; readonly period: Period | null } {
	const names = intervalNames(bytes);
	if (names !== null) {
		const period = names.period ?? chosen;
		const { basis } = basisOf(data, period, registerOf(data));
		const points = basis?.kind === 'interval' ? basis.points.points : [];
		const [entity = null, ...others] = entitiesNamed([bytes], points, period);
		return { entity: others.length === 0 ? entity : null, period: names.period };
	}
	const [header, ...rows] = readLoosely(bytes)?.rows ?? [];
	const single = (field: string) => {
		const column = header?.cells.indexOf(field) ?? -1;
		const values = new Set(rows.map(({ cells }) => cells[column] ?? ''));
		const [value = ''] = values;
		return column < 0 || values.size !== 1 ? null : value;
	};
	const period = single('period');
	return { entity: single('entity'), period: period !== null && isPeriod(period) ? period : null };
}

/** Whether a file is clearly one that months on the other basis take. */
export function isOfOtherBasis(bytes: Uint8Array, basis: BasisRules['basis']): boolean {
	if (basis === 'monthly') return intervalNames(bytes) !== null;
	const [header] = readLoosely(bytes)?.rows ?? [];
	return ['generated_kwh', 'consumed_kwh'].every((it) => header?.cells.includes(it));
}

/** Where a file belongs: under the entity's name, or its own where it is of several. */
export function placeOf(period: Period, entity: string, fileName: string): string {
	const words = fileName
		.toLowerCase()
		.replace(/\.[^.]*$/, '')
		.split(/[^a-z0-9]+/);
	const own =
		words
			.filter((it) => it !== '')
			.join('-')
			.slice(0, 63) || 'readings';
	const taken = [ABSENT, SUBSTITUTES, WAIVERS].includes(`${own}.csv`);
	return `${inputFolder(period)}/${entity || (taken ? 'readings' : own)}.csv`;
}
