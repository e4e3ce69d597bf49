import { expect, inject, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { readBySpecification, readReadings } from '../../../src/core/readings/read.ts';
import { chance } from '../../support/communities.ts';
import {
	dayHeader,
	dayRows,
	inParts,
	LONG_HEADER,
	longRows,
	type Month,
	pointsOf,
	requestOf,
	shuffled,
	timeOf,
	valuesOf,
	wideHeader,
	wideRows,
} from '../../support/readings.ts';
import { mutate } from '../mutate.ts';

/** Whatever the bytes are and however they come, the scanners and the specification read the same. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const FILES = full ? 5_000 : 150;

type Chance = (range: number) => number;

/** Months with a change of clocks and without, small enough that thousands of files can be read. */
const MONTHS = [
	['2026-10', 'Europe/Berlin', 60],
	['2026-03', 'Europe/Berlin', 60],
	['2026-10', 'Australia/Lord_Howe', 30],
	['2026-11', 'America/New_York', 60],
	['2026-02', 'Africa/Casablanca', 60],
	['2026-05', 'Asia/Kathmandu', 60],
] as const;
const SHAPES = [[9], [1, 2, 3], [33], [7, 8, 9, 15, 16, 17], [63, 4, 6]];

function monthOf(next: Chance): Month {
	const [period, zone, minutes] = MONTHS[next(MONTHS.length)] ?? MONTHS[0];
	const points = pointsOf(3, SHAPES[next(SHAPES.length)]);
	const time = timeOf(period, zone, minutes);
	return { time, points, values: valuesOf(points.length, time.intervals, next(1e6)) };
}

/** A few rows of a month in one of its forms and one of their orders. */
function sheetOf(next: Chance, month: Month): Uint8Array {
	const qualities = ['', ',A', ',', ',E', ',S', ',C'];
	const quality = next(3);
	const long = longRows(month).map((row) => row + (quality === 0 ? qualities[1 + next(5)] : ''));
	const forms = [
		() => [LONG_HEADER + (quality === 0 ? ',quality' : ''), long] as const,
		() => [dayHeader(month.time), dayRows(month)] as const,
		() => [wideHeader(month), wideRows(month)] as const,
	];
	const [header, all] = forms[next(3)]?.() ?? ['', []];
	const from = next(all.length);
	const some = all.slice(from, from + 5 + next(120));
	const rows = next(3) === 0 ? shuffled(next, some) : some;
	const ends = [() => '\n', () => '\r\n', () => (next(9) === 0 ? '\r\n' : '\n')];
	const end = ends[next(6)] ?? (() => '\n');
	return encodeText([header, ...rows].map((row) => odd(next, row) + end()).join(''));
}

/** Now and then a row that people send by mistake: blank, twice, too long, or with a gap. */
function odd(next: Chance, row: string): string {
	if (next(150) > 0) return row;
	const others = [`${row}\n`, `${row}\n${row}`, `${row}7`, `${row},`, row.replace(/,[^,]*,/, ',,')];
	return others[next(others.length)] ?? row;
}

/** Damage that leaves most of a row as it was, which is what a scanner could overlook. */
function nudge(next: Chance, bytes: Uint8Array): Uint8Array {
	const at = next(Math.max(1, bytes.length));
	const with_ = [48, 49, 57, 44, 46, 10, 13, 90, 43, 45, 58, 32, 34, 0, 195, 101][next(16)] ?? 0;
	const put = Uint8Array.of(with_);
	const cut = next(3);
	return Uint8Array.from([
		...bytes.subarray(0, at),
		...(cut === 0 ? [] : put),
		...bytes.subarray(cut === 1 ? at : at + 1),
	]);
}

function damaged(next: Chance, sheets: readonly Uint8Array[]): Uint8Array {
	if (next(3) === 0) return mutate(next, sheets);
	let bytes = sheets[0] ?? new Uint8Array();
	for (let times = next(6); times > 0; times--) bytes = nudge(next, bytes);
	return bytes;
}

test('mutated files are read the same by the scanners in parts and by the specification', () => {
	const next = chance(seed);
	const counted = { files: 0, points: 0, problems: 0 };
	while (counted.files < FILES) {
		const month = monthOf(next);
		const sheets = Array.from({ length: 3 }, () => sheetOf(next, month));
		const count = 1 + next(2);
		const files = Object.fromEntries(
			Array.from({ length: count }, (_, index) => [
				`${index}.csv`,
				damaged(next, [...sheets.slice(index), ...sheets]),
			]),
		);
		const row = { at: () => ({ path: 'data/substitutes.csv', line: 2, column: 1 }) };
		const substitute = {
			first: next(300),
			last: 300 + next(300),
			quality: 'E',
			note: 'n',
		} as const;
		const [point] = month.points;
		const declared = {
			...substitute,
			point: point?.id ?? '',
			row: { ...row, line: 2, cell: () => '' },
		};
		const request = requestOf(month, files, {
			substitutes: next(3) === 0 ? [declared] : [],
			strangers: new Map([[month.points[2]?.id ?? '', 'not-valid']]),
			points: next(3) === 0 ? month.points.slice(0, 2) : month.points,
			absent: next(6) === 0 ? new Set([month.points[0]?.entity ?? '']) : new Set(),
		});
		const size = [1 + next(40), 40 + next(5000), 1e6][next(3)] ?? 1;
		const fast = readReadings(request, inParts(request.files, size));
		const slow = readBySpecification(request);
		counted.files += count;
		counted.problems += slow.problems.length;
		counted.points += slow.seen.size;
		const name = `seed ${seed}, file ${counted.files}, parts of ${size}`;
		expect(fast, name).toEqual(slow);
	}
	expect(Math.min(counted.points, counted.problems)).toBeGreaterThan(FILES / 2);
	console.info(`readings: WATTPROOF_SEED=${seed}, ${JSON.stringify(counted)}`);
});
