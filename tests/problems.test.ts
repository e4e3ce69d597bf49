import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftRun } from '../src/core/evidence/draft.ts';
import { encodeText, type Files, sameBytes } from '../src/core/format/bytes.ts';
import type { Problem } from '../src/core/problem.ts';
import { computeNextRun } from '../src/core/record/next-run.ts';
import { judge } from '../src/core/record/proposal.ts';
import { validate } from '../src/core/record/validate.ts';
import { readTree } from '../src/node/files.ts';
import { presentAt } from '../src/node/present.ts';
import { placeOf } from '../src/node/print.ts';
import { problemText, problems as sentences } from '../src/texts/en.ts';
import {
	dayHeader,
	dayRows,
	LONG_HEADER,
	longRows,
	pointOf,
	timeOf,
	valuesOf,
} from './support/readings.ts';

/**
 * `tests/problems/<code>/` differs from `tests/problems/base/` by its `data/` and by what these name,
 * one a line: `final.txt` periods that are final before the differences are made, `generate.txt`
 * generators below, `remove.txt` files that are gone, `period.txt` the one period to validate.
 * With `proposal.txt` the differences are a pull request, and these are its other changes, each with
 * the mode; `before/` is the base's own difference then.
 */
const FOLDER = join(import.meta.dirname, 'problems');
const NOW = '2026-06-15T00:00:00Z';
const codes = Object.keys(sentences).toSorted();
const folders = readdirSync(FOLDER).filter((name) => name !== 'base');

const base = readTree(join(FOLDER, 'base')).files;
const HEADER = 'entity,period,generated_kwh,consumed_kwh';

/** Inputs whose size is the problem. */
const generators: Readonly<Record<string, () => Files>> = {
	'too-many-entities': () => campus(9001, () => '0,1'),
	'too-many-lines': () =>
		new Map([['data/2026-05/south.csv', encodeText(`${HEADER}\n${'\n'.repeat(200_001)}`)]]),
	'too-many-cells': () => campus(634, (index) => (index < 317 ? '1,0' : '0,1')),
	hours: () => hours('2026-05'),
	'hours-of-march': () => hours('2026-03'),
	'hours-with-quality': () => {
		const { time, points } = monthOf('2026-05', [POINTS[2]]);
		const month = { time, points, values: valuesOf(1, time.intervals, 1) };
		const rows = longRows(month, ',A').join('\n');
		return new Map([['data/2026-05/south.csv', encodeText(`${LONG_HEADER},quality\n${rows}\n`)]]);
	},
	'line-too-long': () => {
		const line = `o1,${'2'.repeat(2 * 1024 * 1024)}`;
		return new Map([['data/2026-05/west.csv', encodeText(`${LONG_HEADER}\n${line},1\n`)]]);
	},
	'many-problems': () => {
		const rows = Array.from({ length: 102 }, (_, hour) => `o1,2026-05-01,${hour}`);
		return new Map([['data/2026-05/west.csv', encodeText(`${LONG_HEADER}\n${rows.join('\n')}\n`)]]);
	},
	'too-many-metering-points': () => {
		const rows = Array.from(
			{ length: 20_001 - 2 },
			(_, it) => `o${it},office,consumption,2026-01,`,
		);
		const text = `${POINTS_HEADER}\n${POINTS.slice(0, 2).join('\n')}\n${rows.join('\n')}\n`;
		return new Map([['data/metering-points.csv', encodeText(text)]]);
	},
};

const POINTS_HEADER = 'metering_point,entity,direction,valid_from,valid_to';
const POINTS = [
	'h1,hall,generation,2026-01,',
	'l1,library,consumption,2026-01,',
	'o1,office,consumption,2026-01,',
] as const;

function monthOf(period: string, rows: readonly string[]) {
	const points = rows.map((row, index) => {
		const [id = '', entity = '', direction] = row.split(',');
		const way = direction === 'generation' ? direction : 'consumption';
		return pointOf(id, entity, way, index + 2);
	});
	return { time: timeOf(period, 'Europe/Berlin', 60), points };
}

/** A month on interval basis: day rows of the three entities, 1 kWh an hour each. */
function hours(period: string): Files {
	const rules = { format: 'wattproof/rules/v1', basis: 'interval', interval_minutes: 60 };
	const more = { time_zone: 'Europe/Berlin', allocation: [{ rule: 'proportional' }] };
	const file = (rows: readonly string[]) => {
		const { time, points } = monthOf(period, rows);
		const values = points.map(() => Array<number>(time.intervals).fill(1000));
		const month = dayRows({ time, points, values });
		return encodeText(`${[dayHeader(time), ...month].join('\n')}\n`);
	};
	return new Map([
		[`data/rules/${period}.json`, encodeText(JSON.stringify({ ...rules, ...more }))],
		['data/metering-points.csv', encodeText(`${[POINTS_HEADER, ...POINTS].join('\n')}\n`)],
		[`data/${period}/north.csv`, file(POINTS.slice(0, 2))],
		[`data/${period}/south.csv`, file(POINTS.slice(2))],
	]);
}

function campus(size: number, energy: (index: number) => string): Files {
	const ids = Array.from({ length: size }, (_, index) => `e${String(index).padStart(4, '0')}`);
	const register = ids.map((id) => `${id},Entity ${id},,2026-01,`);
	const totals = ids.map((id, index) => `${id},2026-05,${energy(index)}`);
	const file = (lines: readonly string[]) => encodeText(`${lines.join('\n')}\n`);
	return new Map([
		['data/entities.csv', file(['entity,name,cost_center,valid_from,valid_to', ...register])],
		['data/2026-05/north.csv', file([HEADER, ...totals])],
	]);
}

function listIn(code: string, name: string): readonly string[] {
	const path = join(FOLDER, code, name);
	return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

/** The files with the next run of a period final, except for the signature, which no data rule reads. */
function withFinal(files: Files, period: string): Files {
	const next = computeNextRun(files, period, presentAt(NOW));
	if (next.state !== 'computed') throw new Error(`${period} is ${next.state}`);
	const occasion = { commit: '0'.repeat(40), instant: '2026-06-05T08:00:00Z', version: '0.0.0' };
	const drafted = draftRun(files, next.run, occasion);
	if (!drafted.ok) throw new Error(drafted.obstacle.code);
	return new Map([...files, ...drafted.draft.files]);
}

function baseOf(code: string): Files {
	const before = new Map([...base, ...readTree(join(FOLDER, code, 'before')).files]);
	return listIn(code, 'final.txt').reduce(withFinal, before);
}

function filesOf(code: string): Files {
	const files = new Map(baseOf(code));
	for (const name of listIn(code, 'generate.txt')) {
		const generate = generators[name];
		if (generate === undefined) throw new Error(`${code}: no generator ${name}`);
		for (const [path, bytes] of generate()) files.set(path, bytes);
	}
	for (const path of listIn(code, 'remove.txt')) {
		if (!files.delete(path)) throw new Error(`${code}: the base has no ${path}`);
	}
	return new Map([...files, ...readTree(join(FOLDER, code)).files]);
}

function linesOf(files: Files, period: string | null = null): readonly string[] {
	return linesFor(validate(files, presentAt(NOW), period).problems);
}

/** What is said of a folder's differences as a pull request. */
function linesOfProposal(code: string): readonly string[] {
	const [before, merged] = [baseOf(code), filesOf(code)];
	const others = listIn(code, 'proposal.txt').filter((line) => line !== '');
	const changes = [...new Set([...before.keys(), ...merged.keys()])].flatMap((path) => {
		const [old, now] = [before.get(path), merged.get(path)];
		if (old !== undefined && now !== undefined && sameBytes(old, now)) return [];
		const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
		return [{ path, kind, plain: true } as const];
	});
	const special = others.map((line) => {
		const [mode, path = ''] = line.split(' ');
		return { path, kind: 'added', plain: mode === '100644' } as const;
	});
	return linesFor(
		judge({ base: before, merged, changes: [...changes, ...special] }, presentAt(NOW)).problems,
	);
}

function linesFor(problems: readonly Problem[]): readonly string[] {
	return problems.map((it) => `${placeOf(it)} ${it.code} ${problemText(it)}`);
}

test('the base has no problem', () => {
	const nothing = { problems: [], exceptions: [] };
	expect(validate(base, presentAt(NOW), null)).toEqual({ periods: ['2026-05'], ...nothing });
});

test('every code has a folder, and no folder is without a code', () => {
	expect(folders.toSorted()).toEqual(codes);
});

test('every code has a heading in docs/problems.md in alphabetical order, and no other is there', () => {
	const text = readFileSync(join(FOLDER, '../../docs/problems.md'), 'utf8');
	const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
	expect(headings).toEqual(codes);
});

test.each(codes)('%s', (code) => {
	const expected = listIn(code, 'expected.txt');
	const [period = null] = listIn(code, 'period.txt');
	const proposed = existsSync(join(FOLDER, code, 'proposal.txt'));
	const lines = proposed ? linesOfProposal(code) : linesOf(filesOf(code), period);
	expect(lines).toEqual(expected);
	expect(expected.filter((line) => line.includes(` ${code} `))).not.toEqual([]);
});

test('problems of several files come all together, by path, line and column', () => {
	const rows = ['office,2026-04,5 kWh,-42', 'libary,2026-05,0,1', 'hall,2026-05,1,1'];
	const south = encodeText(`${[HEADER, ...rows].join('\n')}\n`);
	const register = new TextDecoder().decode(base.get('data/entities.csv'));
	const files = new Map([
		...base,
		['data/notes.txt', encodeText('')],
		['data/2026-05/south.csv', south],
		['data/2026-06/all.csv', encodeText(`${HEADER}\n`)],
		['data/entities.csv', encodeText(`${register}annex,,Cost 1,2026-06,\n`)],
		['data/rules/2026-05.json', encodeText('{ "format": 1 }')],
	]);
	expect(linesOf(files).map((line) => line.split(' ', 2).join(' '))).toEqual([
		'data/2026-05/south.csv:2:8 period-folder',
		'data/2026-05/south.csv:2:16 energy-unit',
		'data/2026-05/south.csv:2:22 energy-sign',
		'data/2026-05/south.csv:3:1 entity-unknown',
		'data/2026-05/south.csv:4:1 entity-duplicate',
		'data/2026-06 period-future',
		'data/2026-06/all.csv:1:1 csv-no-rows',
		'data/entities.csv:5:7 text-empty',
		'data/entities.csv:5:8 cost-center-malformed',
		'data/notes.txt path-unexpected',
		'data/rules/2026-05.json:1:1 json-key-missing',
		'data/rules/2026-05.json:1:1 json-key-missing',
		'data/rules/2026-05.json:1:1 json-key-missing',
		'data/rules/2026-05.json:1:13 json-value',
	]);
});
