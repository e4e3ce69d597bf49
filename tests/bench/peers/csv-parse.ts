import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { formatAllocations } from '../../../src/core/record/allocations.ts';
import { formatStatement } from '../../../src/core/record/statement.ts';
import { settleIntervals } from '../../../src/core/settlement/intervals.ts';
import { DAYS_OF_MONTH, PERIOD, STARTS } from '../intervals/month.ts';

/** The whole job by csv-parse, each field held to its form, and our settlement of what it read. */
const [dir = '', layout = '', out = ''] = process.argv.slice(2);
const ENERGY = /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/;
const read = (path: string) => readFileSync(join(dir, path));
const rowsOf = (bytes: Buffer): string[][] =>
	parse(bytes, { record_delimiter: ['\n', '\r\n'], relax_column_count: true });

const [, ...register] = rowsOf(read('data/entities.csv'));
const entities = register.map(([entity = '']) => entity).toSorted();
const rowOf = new Map(entities.map((entity, row) => [entity, row]));
const [, ...pointRows] = rowsOf(read('data/metering-points.csv'));
const points = new Map(
	pointRows.map(([id = '', entity = '', direction = '']) => {
		return [id, { row: rowOf.get(entity) ?? 0, direction, seen: new Uint8Array(STARTS.length) }];
	}),
);
const size = entities.length * STARTS.length;
const [generated, consumed] = [new Uint32Array(size), new Uint32Array(size)];
const starts = new Map(STARTS.map((start, at) => [start, at]));
const days = new Map(DAYS_OF_MONTH.map((day) => [day.date, day]));

function take(id: string, at: number, kwh: string): void {
	const point = points.get(id);
	if (point === undefined || point.seen[at] !== 0 || !ENERGY.test(kwh)) refuse(id, kwh);
	point.seen[at] = 1;
	const [whole = '', fraction = ''] = kwh.split('.');
	const series = point.direction === 'generation' ? generated : consumed;
	const place = point.row * STARTS.length + at;
	series[place] = (series[place] ?? 0) + Number(whole + fraction.padEnd(3, '0'));
}

function refuse(...cells: readonly unknown[]): never {
	throw new Error(`refused: ${cells.join(' ')}`);
}

function takeLong(row: readonly string[]): void {
	const [id = '', start = '', kwh = ''] = row;
	const at = starts.get(start);
	if (row.length !== 3 || at === undefined) refuse(...row);
	take(id, at, kwh);
}

function takeDay(row: readonly string[]): void {
	const [id = '', date = '', ...cells] = row;
	const day = days.get(date);
	if (row.length !== 102 || day === undefined) refuse(...row);
	cells.forEach((kwh, cell) => {
		if (cell < day.intervals) take(id, day.first + cell, kwh);
		else if (kwh !== '') refuse(...row);
	});
}

const folder = `data/${PERIOD}`;
const digests = readdirSync(join(dir, folder))
	.toSorted()
	.map((name) => {
		const bytes = read(`${folder}/${name}`);
		const [, ...rows] = rowsOf(bytes);
		for (const row of rows) layout === 'long' ? takeLong(row) : takeDay(row);
		return `${createHash('sha256').update(bytes).digest('hex')}  ${folder}/${name}\n`;
	});
for (const [id, { seen }] of points) if (seen.includes(0)) refuse(id, 'missing');

const series = { intervals: STARTS.length, entities, generated, consumed };
const rules = { allocation: [{ rule: 'proportional' as const }], matrix: 'chain' as const };
const { positions, flows } = settleIntervals(series, rules);
const names = new Map(
	register.map(([entity = '', name = '', center = '']) => [entity, { name, center }]),
);
const statement = positions.map((position) => ({
	...position,
	name: names.get(position.entity)?.name ?? '',
	cost_center: names.get(position.entity)?.center ?? '',
	estimated_wh: 0n,
	money: null,
}));
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'statement.csv'), formatStatement(PERIOD, 1, statement, false));
writeFileSync(join(out, 'allocations.csv'), formatAllocations(PERIOD, 1, flows, null));
writeFileSync(join(out, 'SHA256SUMS'), digests.join(''));
