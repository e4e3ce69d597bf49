import type { MeteringPoint } from '../data/metering-points.ts';
import type { Substitute } from '../data/substitutes.ts';
import type { Files } from '../format/bytes.ts';
import { partsOf } from '../format/sourced-files.ts';
import { append, compareText, type Location, type Problem, sortProblems } from '../problem.ts';
import { findFirst, type Repeat } from './duplicates.ts';
import { missingProblems } from './missing.ts';
import { intervalStart, type PeriodTime } from './period-time.ts';
import { tell, toldOf } from './problem-list.ts';
import { readFile } from './read-file.ts';
import type { Pass } from './rows.ts';
import { makeScanners } from './scanners.ts';
import type { Series } from './series.ts';
import { emptyTally, type Ground, groundOf, QUALITIES, seriesOf, type Tally } from './tally.ts';

export interface ReadingsRequest {
	readonly files: Files;
	/** The effective interval files, in any order. */
	readonly paths: readonly string[];
	/** Whether a header alone is accepted in a file: it withdraws one of an earlier run. */
	readonly withdrawable: (path: string) => boolean;
	readonly time: PeriodTime;
	/** The metering points valid in the period, by id. */
	readonly points: readonly MeteringPoint[];
	/** All other ids that the register of metering points has: 'not-valid' in the period, or null in doubt. */
	readonly strangers: ReadonlyMap<string, 'not-valid' | null>;
	/** Entities that have nothing to report. */
	readonly absent: ReadonlySet<string>;
	readonly substitutes: readonly Substitute[];
}

export interface ReadingsRead {
	/** Complete and exact if no problem refuses the data. */
	readonly series: Series;
	/** Of entities that have any: Wh of readings of quality S or E, and the worse of the two. */
	readonly estimated: ReadonlyMap<string, { readonly wh: bigint; readonly quality: 'S' | 'E' }>;
	/** Where the first reading of each metering point stands, by path, then line. */
	readonly seen: ReadonlyMap<string, Location>;
	/** Notices included; of one file at most 100 and their number. */
	readonly problems: readonly Problem[];
}

/** The bytes of a file, in parts of any size. */
type Parts = (path: string) => Iterable<Uint8Array>;

/** What the interval files of a period say (docs/spec/layout.md), and every problem in them. */
export function readReadings(
	request: ReadingsRequest,
	parts: Parts = (path) => partsOf(request.files, path),
): ReadingsRead {
	return read(request, parts, true);
}

/** The same by the specification alone, line by line. */
export function readBySpecification(request: ReadingsRequest): ReadingsRead {
	return read(request, (path) => partsOf(request.files, path), false);
}

function read(request: ReadingsRequest, parts: Parts, fast: boolean): ReadingsRead {
	const { tally, ground, problems } = takeAll(request, parts, fast);
	return {
		series: seriesOf(tally, request.time.intervals),
		estimated: estimatedOf(tally),
		seen: seenOf(tally, ground, request.paths.toSorted(compareText)),
		problems: sortProblems(problems),
	};
}

/** The tally of all files, and every problem in them. */
export function takeAll(
	request: ReadingsRequest,
	parts: Parts = (path) => partsOf(request.files, path),
	fast = true,
): { readonly tally: Tally; readonly ground: Ground; readonly problems: readonly Problem[] } {
	const { time, points, strangers, absent, substitutes } = request;
	const paths = request.paths.toSorted(compareText);
	const ground = groundOf(time, points, strangers, absent, substitutes);
	const tally = emptyTally(ground);
	const scanners = fast ? makeScanners(ground) : null;
	const repeats: Repeat[] = [];
	const pass: Pass = {
		ground,
		tally,
		repeated: ({ list }, point, interval, location) => {
			if (location === null) return;
			const metering_point = points[point]?.id ?? '';
			const start = intervalStart(time, interval);
			const code = 'reading-duplicate';
			// Where the first one stands is looked up afterwards: only data that is refused asks for it.
			if (tell(list, { code, location, metering_point, interval: start, first: '' })) {
				repeats.push({ point, interval, list, index: list.kept.length - 1 });
			}
		},
	};
	const read = paths.map((path, number) => {
		const file = readFile(pass, path, number, parts(path), scanners);
		const silent = file.form !== null && file.rows === 0 && file.list.count === 0;
		if (silent && !request.withdrawable(path)) {
			tell(file.list, { code: 'csv-no-rows', location: { path, line: 1, column: 1 } });
		}
		return file;
	});
	if (repeats.length > 0) findFirst(repeats, ground, paths, parts, scanners);
	const problems = read.flatMap(({ list }) => [...toldOf(list)]);
	if (read.every(({ list }) => list.legible)) append(problems, missingProblems(tally, ground));
	return { tally, ground, problems };
}

function estimatedOf({ entities, estimated, worst }: Tally): ReadingsRead['estimated'] {
	return new Map(
		entities.flatMap((entity, index) => {
			const quality = QUALITIES[worst[index] ?? 0];
			if (quality !== 'S' && quality !== 'E') return [];
			return [[entity, { wh: BigInt(estimated[index] ?? 0), quality }] as const];
		}),
	);
}

function seenOf(
	{ firstFile, firstLine }: Tally,
	{ points }: Ground,
	paths: readonly string[],
): ReadingsRead['seen'] {
	return new Map(
		points.flatMap(({ id }, point) => {
			const line = firstLine[point] ?? 0;
			if (line === 0) return [];
			return [[id, { path: paths[firstFile[point] ?? 0] ?? '', line, column: 1 }] as const];
		}),
	);
}
