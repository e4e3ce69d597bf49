import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { METERING_POINTS, SUBSTITUTES } from '../paths.ts';
import { append, type Problem } from '../problem.ts';
import { type ReadingsRead, readReadings } from '../readings/read.ts';
import type { Series } from '../readings/series.ts';
import type { Basis } from './basis.ts';
import {
	type MeteringPoint,
	type MeteringPoints,
	pointProblems,
	pointsIn,
} from './metering-points.ts';
import { entriesIn, type Register } from './register.ts';
import {
	mayBeEmpty,
	type Reading,
	readDeclarations,
	readingFiles,
	type SubmissionsRead,
} from './submission.ts';
import { readSubstitutes } from './substitutes.ts';

/** What the effective files (name to path) of a run on interval basis say, and every problem in them. */
export function readIntervalSubmissions(
	files: Files,
	effective: ReadonlyMap<string, string>,
	{ period, run }: { readonly period: Period; readonly run: number },
	{ time, points }: Extract<Basis, { kind: 'interval' }>,
	register: Register,
): SubmissionsRead & { readonly series: Series } {
	const declared = readDeclarations(files, effective, period, run);
	const problems = [...declared.problems];
	const valid = new Set(entriesIn(register.entries, period).keys());
	const absent = new Set(declared.declarations.absences.map(({ entity }) => entity));
	const known = { valid, doubtful: register.doubtful };
	append(problems, pointProblems(points, period, known, absent));
	const measured = pointsIn(points.points, period).filter(({ entity }) => valid.has(entity));
	const path = effective.get(SUBSTITUTES);
	const bytes = path === undefined ? undefined : files.get(path);
	const declaration =
		path === undefined || bytes === undefined
			? { substitutes: [], problems: [] }
			: readSubstitutes(path, bytes, time, points, period);
	append(problems, declaration.problems);
	const owners = new Map(measured.map(({ id, entity }) => [id, entity]));
	for (const { point, row } of declaration.substitutes) {
		const entity = owners.get(point) ?? '';
		if (!absent.has(entity)) continue;
		const location = row.at('metering_point');
		problems.push({ code: 'metering-point-absent', location, metering_point: point, entity });
	}
	const read = readReadings({
		files,
		paths: readingFiles(effective),
		withdrawable: (it) => mayBeEmpty(it, period),
		time,
		points: measured,
		strangers: strangersOf(points, measured),
		absent,
		substitutes: declaration.substitutes,
	});
	append(problems, read.problems);
	const seen = measured.filter(({ id }) => read.seen.has(id)).map(({ entity }) => entity);
	const mentioned = new Map([...seen.map((it) => [it, null] as const), ...declared.mentioned]);
	const submissions = {
		...declared.declarations,
		readings: readingsOf(read, measured, absent),
		notices: [],
	};
	// Silence is told by the reader, who knows of whom there is nothing at all.
	return { submissions, mentioned, legible: false, problems, series: read.series };
}

/** Ids that the register of metering points has and that do not count in the period, or in doubt. */
function strangersOf(
	{ points, doubtful }: MeteringPoints,
	measured: readonly MeteringPoint[],
): ReadonlyMap<string, 'not-valid' | null> {
	const counted = new Set(measured.map(({ id }) => id));
	const others = points.filter(({ id }) => !counted.has(id) && !doubtful.has(id));
	return new Map([
		...others.map(({ id }) => [id, 'not-valid'] as const),
		...[...doubtful].map((id) => [id, null] as const),
	]);
}

/** The sums of every entity of which no reading is missing, by id. */
function readingsOf(
	{ series, estimated, problems, seen }: ReadingsRead,
	points: readonly MeteringPoint[],
	absent: ReadonlySet<string>,
): readonly Reading[] {
	const missing = missingPoints(problems);
	const first = new Map<string, MeteringPoint>();
	const sources = new Map<string, Set<string>>();
	const incomplete = new Set<string>(absent);
	for (const point of points) {
		if (!first.has(point.entity)) first.set(point.entity, point);
		const paths = sources.get(point.entity) ?? new Set();
		sources.set(point.entity, paths.add(seen.get(point.id)?.path ?? ''));
		if (!seen.has(point.id) || missing.has(point.id)) incomplete.add(point.entity);
	}
	return series.entities.flatMap((entity, index): Reading[] => {
		const point = first.get(entity);
		if (point === undefined || incomplete.has(entity)) return [];
		const { wh = 0n, quality = 'A' } = estimated.get(entity) ?? {};
		const place = { path: METERING_POINTS, line: point.line, column: 1 };
		const from = [...(sources.get(entity) ?? [])];
		return [{ entity, ...sumsOf(series, index), estimated_wh: wh, quality, place, sources: from }];
	});
}

function missingPoints(problems: readonly Problem[]): ReadonlySet<string> {
	return new Set(
		problems.flatMap((it) => (it.code === 'readings-missing' ? [it.metering_point] : [])),
	);
}

function sumsOf({ intervals, generated, consumed }: Series, index: number) {
	// 2^32 in each of at most 8,928 intervals: far below 2^53.
	let [generation, consumption, both] = [0, 0, 0];
	for (let at = index * intervals; at < (index + 1) * intervals; at++) {
		const [up, down] = [generated[at] ?? 0, consumed[at] ?? 0];
		generation += up;
		consumption += down;
		both += Math.min(up, down);
	}
	return {
		generated_wh: BigInt(generation),
		consumed_wh: BigInt(consumption),
		self_consumed_wh: BigInt(both),
	};
}
