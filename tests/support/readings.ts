import type { Direction, MeteringPoint } from '../../src/core/data/metering-points.ts';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import { formatEnergy } from '../../src/core/format/energy.ts';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import type { ReadingsRequest } from '../../src/core/readings/read.ts';
import { periodTimeOf } from '../../src/zones/period-time.ts';
import { chance } from './communities.ts';

/** Months of readings as files of all three forms. */

export type Minutes = PeriodTime['interval_minutes'];

export function timeOf(period: string, zone: string, minutes: Minutes): PeriodTime {
	const time = periodTimeOf(period, zone, minutes);
	if ('fault' in time) throw new Error(time.fault);
	return time;
}

export function pointOf(id: string, entity: string, direction: Direction, line: number) {
	return { id, entity, direction, valid_from: '2020-01', valid_to: '', line } as const;
}

/** Points of some entities, by id: ids of all lengths, each second one generating. */
export function pointsOf(count: number, lengths: readonly number[] = [9]): MeteringPoint[] {
	return Array.from({ length: count }, (_, index) => {
		const length = lengths[index % lengths.length] ?? 9;
		const id = `M${String(index).padStart(length - 1, '0')}`;
		const direction = index % 2 === 0 ? 'consumption' : 'generation';
		return pointOf(id, `entity-${Math.floor(index / 3)}`, direction, index + 2);
	}).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Wh by point and interval. */
export type Values = readonly (readonly number[])[];

export function valuesOf(count: number, intervals: number, seed: number): Values {
	const next = chance(seed);
	return Array.from({ length: count }, (_, point) =>
		Array.from({ length: intervals }, () => {
			const size = next(20);
			return size === 0
				? 0
				: size === 1
					? next(5) * 1000
					: size === 2
						? next(1e8)
						: next(900 + point);
		}),
	);
}

/** kWh as people and systems write them: with and without zeros at the end. */
export function kwhText(wh: number): string {
	const text = formatEnergy(BigInt(wh));
	return wh % 3 === 0 ? text : text.replace(/\.?0+$/, '');
}

export interface Month {
	readonly time: PeriodTime;
	readonly points: readonly MeteringPoint[];
	readonly values: Values;
}

export function longRows({ time, points, values }: Month, quality = ''): string[] {
	const starts = Array.from({ length: time.intervals }, (_, index) => intervalStart(time, index));
	return points.flatMap(({ id }, point) =>
		starts.map(
			(start, index) => `${id},${start},${kwhText(values[point]?.[index] ?? 0)}${quality}`,
		),
	);
}

export const LONG_HEADER = 'metering_point,interval_start,kwh';

export function dayHeader(time: PeriodTime): string {
	const longest = Math.max(...localDays(time).map(({ intervals }) => intervals));
	return ['metering_point,date', ...Array.from({ length: longest }, (_, it) => it + 1)].join(',');
}

export function dayRows({ time, points, values }: Month): string[] {
	const days = localDays(time);
	const longest = Math.max(...days.map(({ intervals }) => intervals));
	return points.flatMap(({ id }, point) =>
		days.map(({ date, first, intervals }) => {
			const cells = Array.from({ length: longest }, (_, index) =>
				index < intervals ? kwhText(values[point]?.[first + index] ?? 0) : '',
			);
			return `${id},${date},${cells.join(',')}`;
		}),
	);
}

export const wideHeader = ({ points }: Month) =>
	['interval_start', ...points.map(({ id }) => id)].join(',');

export function wideRows({ time, points, values }: Month): string[] {
	return Array.from({ length: time.intervals }, (_, index) =>
		[
			intervalStart(time, index),
			...points.map((_it, point) => kwhText(values[point]?.[index] ?? 0)),
		].join(','),
	);
}

export function fileOf(header: string, rows: readonly string[], end = '\n'): Uint8Array {
	return encodeText([header, ...rows, ''].join(end));
}

/** A request for files of a month, by their names in it. */
export function requestOf(
	{ time, points }: Pick<Month, 'time' | 'points'>,
	files: Readonly<Record<string, Uint8Array>>,
	others: Partial<ReadingsRequest> = {},
): ReadingsRequest {
	const folder = `data/${intervalStart(time, 0).slice(0, 7)}`;
	const named = Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes] as const);
	return {
		files: new Map(named),
		paths: named.map(([path]) => path),
		withdrawable: () => false,
		time,
		points,
		strangers: new Map(),
		absent: new Set(),
		substitutes: [],
		...others,
	};
}

/** The files as a reader of large ones gives them: in parts of a size. */
export function inParts(files: Files, size: number): (path: string) => Iterable<Uint8Array> {
	return (path) => {
		const bytes = files.get(path) ?? new Uint8Array();
		const count = Math.ceil(bytes.length / size);
		return Array.from({ length: count }, (_, it) => bytes.slice(it * size, (it + 1) * size));
	};
}

export function shuffled<Item>(next: (range: number) => number, items: readonly Item[]): Item[] {
	const keyed = items.map((item) => ({ item, key: next(2 ** 31) }));
	return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

/** The sums of a month, added up value by value. */
export function sumsOf({ time, points, values }: Month) {
	const entities = [...new Set(points.map(({ entity }) => entity))].toSorted();
	const sums = { generation: new Map<string, number>(), consumption: new Map<string, number>() };
	for (const [index, { entity, direction }] of points.entries()) {
		for (const [interval, wh] of (values[index] ?? []).entries()) {
			const key = `${entity} ${interval}`;
			sums[direction].set(key, (sums[direction].get(key) ?? 0) + wh);
		}
	}
	const row = (of: Map<string, number>) =>
		Uint32Array.from(
			entities.flatMap((entity) =>
				Array.from({ length: time.intervals }, (_, it) => of.get(`${entity} ${it}`) ?? 0),
			),
		);
	const [generated, consumed] = [row(sums.generation), row(sums.consumption)];
	return { intervals: time.intervals, entities, generated, consumed };
}
