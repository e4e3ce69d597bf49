import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shiftPeriod } from '../../src/core/format/period.ts';
import { RULES_TEXT } from './scratch.ts';

/** Real data and worked cases that lie beside the checkout and are never part of it. */
export const SHARED = resolve('../shared');
export const sharedIsHere = existsSync(SHARED);

/** Rows of a simple CSV file by its header. */
export function sharedRows(path: string): Record<string, string>[] {
	const [header = '', ...lines] = readFileSync(join(SHARED, path), 'utf8').trimEnd().split('\n');
	const names = header.split(',');
	return lines.map((line) => {
		const cells = line.split(',');
		return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
	});
}

/** A campus as an operator's `data/` folder: register by who reports when, one rule set, the totals. */
export function campusData(name: string): { periods: string[]; files: Record<string, string> } {
	const folder = `data/${name}/period-totals`;
	const periods = readdirSync(join(SHARED, folder))
		.map((file) => file.slice(0, 7))
		.toSorted();
	const seen = new Map<string, Set<string>>();
	const files: Record<string, string> = { 'data/rules/2000-01.json': RULES_TEXT };
	for (const period of periods) {
		files[`data/${period}/all.csv`] = readFileSync(join(SHARED, folder, `${period}.csv`), 'utf8');
		for (const { entity = '' } of sharedRows(`${folder}/${period}.csv`)) {
			seen.set(entity, (seen.get(entity) ?? new Set()).add(period));
		}
	}
	const rows = [...seen].flatMap(([entity, months]) => spans(months).map((it) => [entity, it]));
	const lines = rows.map(([entity, span]) => `${entity},${entity},,${span}`);
	files['data/entities.csv'] = `entity,name,cost_center,valid_from,valid_to\n${lines.join('\n')}\n`;
	return { periods, files };
}

/** Unbroken spans of months, as `valid_from,valid_to`. */
function spans(months: ReadonlySet<string>): string[] {
	const sorted = [...months].toSorted();
	const starts = sorted.filter((month) => !months.has(shiftPeriod(month, -1)));
	const ends = sorted.filter((month) => !months.has(shiftPeriod(month, 1)));
	return starts.map((start, index) => `${start},${ends[index]}`);
}
