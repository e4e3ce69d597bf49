import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { CELLS, DAYS_OF_MONTH, MINUTES, PERIOD, QUARTERS, STARTS, ZONE } from './month.ts';

export type Layout = 'long' | 'day-rows';

/** An operator's repository with one month of readings, a file for each entity. */
export interface Community {
	readonly metering_points: number;
	readonly layout: Layout;
	readonly dir: string;
	readonly paths: readonly string[];
	readonly bytes: number;
}

export const POINTS_OF_ENTITY = 5;
/** Whatever changes the data changes this, and the digests. */
const VERSION = 1;

/** Of all files below `data/`, by size and layout: the generator makes these bytes or none. */
const DIGESTS: Readonly<Record<string, string>> = {
	'50-long': '24bb93bc54c36ad149d2a8d2271d52ac63a933c6c03e154d9c0fef7f859b1cbe',
	'50-day-rows': '4115b65bda55c81903bca668d77ef52e534effcd55cc42d83453344a44063099',
	'1000-long': '75514ce5ee79401a3038e2ae80d5e2a4f83a88d35f9bb25e65b88e7389751b74',
	'1000-day-rows': '5cf23c320196ba3b7305b256820fae8b1360ad33de740f917067e99e26f4f1f5',
};

/** Makes the repository, or takes the one made before; reads all of it into the system's cache. */
export function communityOf(metering_points: number, layout: Layout): Community {
	const name = `${metering_points}-${layout}`;
	const dir = resolve(`tests/bench/node_modules/.cache/month-${VERSION}/${name}`);
	if (!existsSync(dir)) {
		const aside = `${dir}.${process.pid}`;
		rmSync(aside, { recursive: true, force: true });
		make(metering_points, layout, aside);
		renameSync(aside, dir);
	}
	const paths = readdirSync(join(dir, 'data', PERIOD))
		.toSorted()
		.map((it) => `data/${PERIOD}/${it}`);
	const hash = createHash('sha256');
	let bytes = 0;
	for (const path of [...SETTINGS, ...paths]) {
		const content = readFileSync(join(dir, path));
		hash.update(`${path} ${content.length}\n`).update(content);
		if (paths.includes(path)) bytes += content.length;
	}
	const digest = hash.digest('hex');
	if (DIGESTS[name] !== digest) throw new Error(`${name}: made ${digest}`);
	return { metering_points, layout, dir, paths, bytes };
}

/** All its files: the settings, then the readings. */
export function filesOf({ paths }: Community): readonly string[] {
	return [...SETTINGS, ...paths];
}

const SETTINGS = ['data/entities.csv', 'data/metering-points.csv', `data/rules/${PERIOD}.json`];

const RULES = {
	format: 'wattproof/rules/v1',
	basis: 'interval',
	interval_minutes: MINUTES,
	time_zone: ZONE,
	allocation: [{ rule: 'proportional' }],
	matrix: 'chain',
};

function make(metering_points: number, layout: Layout, dir: string): void {
	for (const folder of ['rules', PERIOD]) mkdirSync(join(dir, 'data', folder), { recursive: true });
	const write = (path: string, content: string | Uint8Array) =>
		writeFileSync(join(dir, path), content);
	const entities = Array.from({ length: metering_points / POINTS_OF_ENTITY }, (_, index) => index);
	const rows = entities.map((it) => `${entityId(it)},Building ${it + 1},,2025-01,\n`);
	write('data/entities.csv', `entity,name,cost_center,valid_from,valid_to\n${rows.join('')}`);
	const points = Array.from({ length: metering_points }, (_, it) => {
		const direction = generates(it) ? 'generation' : 'consumption';
		return `${pointId(it)},${entityId(Math.floor(it / POINTS_OF_ENTITY))},${direction},2025-01,\n`;
	});
	write(
		'data/metering-points.csv',
		`metering_point,entity,direction,valid_from,valid_to\n${points.join('')}`,
	);
	write(`data/rules/${PERIOD}.json`, `${JSON.stringify(RULES, null, 2)}\n`);
	for (const entity of entities) {
		const own = Array.from({ length: POINTS_OF_ENTITY }, (_, i) => entity * POINTS_OF_ENTITY + i);
		write(`data/${PERIOD}/${entityId(entity)}.csv`, formatReadings(own, layout));
	}
}

export function entityId(index: number): string {
	return `ent-${String(index + 1).padStart(4, '0')}`;
}

export function pointId(index: number): string {
	return `MTR-${String(index + 1).padStart(5, '0')}`;
}

export function generates(index: number): boolean {
	return index % 2 === 1;
}

/** The readings of some metering points as a file. */
function formatReadings(points: readonly number[], layout: Layout): string {
	const lines: string[] = [];
	if (layout === 'long') {
		lines.push('metering_point,interval_start,kwh\n');
		for (const point of points) {
			const id = pointId(point);
			readingsOf(point).forEach((wh, at) => {
				lines.push(`${id},${STARTS[at]},${formatKwh(wh)}\n`);
			});
		}
		return lines.join('');
	}
	const cells = Array.from({ length: CELLS }, (_, index) => index + 1);
	lines.push(`metering_point,date,${cells.join(',')}\n`);
	for (const point of points) {
		const texts = Array.from(readingsOf(point), formatKwh);
		for (const { date, first, intervals } of DAYS_OF_MONTH) {
			const values = texts.slice(first, first + intervals).join(',');
			lines.push(`${pointId(point)},${date},${values}${','.repeat(CELLS - intervals)}\n`);
		}
	}
	return lines.join('');
}

/** 1234 becomes `1.234`. */
export function formatKwh(wh: number): string {
	const digits = String(wh).padStart(4, '0');
	return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/**
 * What one metering point reads, in Wh: a household or a roof of its own size. Whole numbers all the
 * way, so that every machine makes the same.
 */
export function readingsOf(point: number): Uint32Array {
	const chance = chanceFrom(point);
	const size = 40 + (chance() % 160);
	const readings = new Uint32Array(QUARTERS.length);
	let cloud = 0;
	QUARTERS.forEach((quarter, at) => {
		if (quarter === 0) cloud = 15 + (chance() % 86);
		readings[at] = generates(point)
			? roof(quarter, size, cloud, chance())
			: household(quarter, size, chance());
	});
	return readings;
}

/** Nothing before 6 and after 18 o'clock, most at noon. */
function roof(quarter: number, size: number, cloud: number, noise: number): number {
	if (quarter < 24 || quarter >= 72) return 0;
	const height = (quarter - 23) * (72 - quarter);
	return Math.floor((height * size * cloud * (80 + (noise % 41))) / 1_200_000);
}

/** Some at night, more in the morning and most in the evening, and now and then a kettle. */
function household(quarter: number, size: number, noise: number): number {
	const hour = quarter >> 2;
	const level = hour < 6 ? 4 : hour < 9 ? 9 : hour < 17 ? 6 : hour < 22 ? 13 : 7;
	const kettle = noise % 37 === 0 ? 180 : 0;
	return Math.floor((size * level * (60 + (noise % 81))) / 1000) + kettle;
}

/** A generator of 31-bit numbers with a seed of its own (Park and Miller's, in whole numbers). */
export function chanceFrom(seed: number): () => number {
	let state = (((seed + 1) * 48_271) % 2_147_483_647) + 1;
	const next = () => {
		// Below 2^53: exact.
		state = (state * 48_271) % 2_147_483_647;
		return state;
	};
	for (let warm = 0; warm < 8; warm++) next();
	return next;
}
