import type { MeteringPoint } from '../../../src/core/data/metering-points.ts';
import { isInfo } from '../../../src/core/problem.ts';
import { readReadings } from '../../../src/core/readings/read.ts';
import {
	chanceFrom,
	entityId,
	formatKwh,
	generates,
	POINTS_OF_ENTITY,
	readingsOf,
} from './community.ts';
import { PERIOD, STARTS, TIME } from './month.ts';

/** A file that an ordinary system may write, and how much longer than the sorted one it may take. */
interface Variant {
	readonly name: string;
	readonly most: number;
	readonly id: (point: number) => string;
	readonly kwh: (wh: number, row: number) => string;
	readonly end: string;
	readonly order: 'by-point' | 'by-time' | 'shuffled';
}

export interface Cliff {
	readonly name: string;
	readonly milliseconds: number;
	readonly ratio: number;
	readonly most: number;
}

const POINTS = 300;
const ROUNDS = 6;
const PATH = `data/${PERIOD}/all.csv`;
const PART = 256 * 1024;

const SORTED: Variant = {
	name: 'sorted',
	most: 1,
	id: (point) => `MTR-${String(point + 1).padStart(5, '0')}`,
	kwh: formatKwh,
	end: '\n',
	order: 'by-point',
};
const VARIANTS: readonly Variant[] = [
	SORTED,
	{ ...SORTED, name: 'CRLF', most: 1.6, end: '\r\n' },
	{ ...SORTED, name: 'readings of 1,000 kWh', most: 1.6, kwh: (wh) => formatKwh(wh + 1e6) },
	{
		...SORTED,
		name: 'ids of 33 characters',
		most: 1.6,
		id: (point) => `DE0001234567800000000000000${String(point).padStart(6, '0')}`,
	},
	{
		...SORTED,
		name: 'one bad row in 100',
		most: 1.6,
		kwh: (wh, row) => (row % 100 === 57 ? `-${formatKwh(wh)}` : formatKwh(wh)),
	},
	{ ...SORTED, name: 'by time', most: 1.8, order: 'by-time' },
	{ ...SORTED, name: 'shuffled', most: 4.5, order: 'shuffled' },
];

/** Reads all variants in turns, in this process; the least of the rounds counts. */
export function measureCliffs(): readonly Cliff[] {
	const prepared = VARIANTS.map((variant) => ({ variant, bytes: fileOf(variant) }));
	const least = new Map<string, number>();
	for (let round = 0; round < ROUNDS; round++) {
		for (const { variant, bytes } of round % 2 === 0 ? prepared : prepared.toReversed()) {
			const time = readOnce(variant, bytes);
			least.set(variant.name, Math.min(time, least.get(variant.name) ?? Number.POSITIVE_INFINITY));
		}
	}
	const sorted = least.get(SORTED.name) ?? 0;
	return VARIANTS.map(({ name, most }) => {
		const milliseconds = least.get(name) ?? 0;
		return { name, milliseconds, ratio: milliseconds / sorted, most };
	});
}

function readOnce({ name, id }: Variant, bytes: Uint8Array): number {
	const points = Array.from(
		{ length: POINTS },
		(_, point): MeteringPoint => ({
			id: id(point),
			entity: entityId(Math.floor(point / POINTS_OF_ENTITY)),
			direction: generates(point) ? 'generation' : 'consumption',
			valid_from: '2025-01',
			valid_to: '',
			line: point + 2,
		}),
	);
	const request = {
		files: new Map([[PATH, bytes]]),
		paths: [PATH],
		withdrawable: () => false,
		time: TIME,
		points,
		strangers: new Map(),
		absent: new Set<string>(),
		substitutes: [],
	};
	const started = performance.now();
	const { problems } = readReadings(request, () => partsIn(bytes));
	const milliseconds = performance.now() - started;
	const refused = problems.some((problem) => !isInfo(problem));
	if (refused !== (name === 'one bad row in 100')) throw new Error(`${name}: ${problems[0]?.code}`);
	return milliseconds;
}

function* partsIn(bytes: Uint8Array): Iterable<Uint8Array> {
	for (let at = 0; at < bytes.length; at += PART) yield bytes.subarray(at, at + PART);
}

function fileOf({ id, kwh, end, order }: Variant): Uint8Array {
	const rows: string[] = [];
	for (let point = 0; point < POINTS; point++) {
		const name = id(point);
		readingsOf(point).forEach((wh, at) => {
			rows.push(`${name},${STARTS[at]},${kwh(wh, rows.length)}${end}`);
		});
	}
	const ordered = order === 'by-point' ? rows : order === 'by-time' ? byTime(rows) : shuffle(rows);
	const lines = [`metering_point,interval_start,kwh${end}`, ...ordered];
	return new TextEncoder().encode(lines.join(''));
}

function byTime(rows: readonly string[]): readonly string[] {
	return STARTS.flatMap((_, at) =>
		Array.from({ length: POINTS }, (_, point) => rows[point * STARTS.length + at] ?? ''),
	);
}

function shuffle(rows: readonly string[]): readonly string[] {
	const shuffled = [...rows];
	const chance = chanceFrom(7);
	for (let at = shuffled.length - 1; at > 0; at--) {
		const other = chance() % (at + 1);
		[shuffled[at], shuffled[other]] = [shuffled[other] ?? '', shuffled[at] ?? ''];
	}
	return shuffled;
}
