import { MONTHLY } from '../../core/data/basis.ts';
import { readLoosely } from '../../core/data/loose-table.ts';
import { readPeriodInput } from '../../core/data/period-input.ts';
import type { Register } from '../../core/data/register.ts';
import type { Reading } from '../../core/data/submission.ts';
import { encodeText } from '../../core/format/bytes.ts';
import { formatTable } from '../../core/format/csv.ts';
import { isPeriod, type Period } from '../../core/format/period.ts';
import { ABSENT, inputFolder, WAIVERS } from '../../core/paths.ts';
import { isInfo, type Problem, sortProblems, wholeFile } from '../../core/problem.ts';
import type { SubmitData } from './data.ts';

/** What the commands would say of one file more in a month of the repository. */
export interface Judged {
	readonly problems: readonly Problem[];
	readonly ok: boolean;
	/** What it says of whom, by id. */
	readonly readings: readonly Pick<Reading, 'entity' | 'generated_wh' | 'consumed_wh'>[];
}

/** Judges a file by the readers that the commands have, beside what the month holds already. */
export function judge(data: SubmitData, period: Period, path: string, bytes: Uint8Array): Judged {
	const files = new Map<string, Uint8Array>();
	const folder = `${inputFolder(period)}/`;
	for (const [name, text] of Object.entries(data.open)) {
		if (name.startsWith(folder)) files.set(name, encodeText(text));
	}
	files.set(path, bytes);
	const run = (data.finals[period] ?? 0) + 1;
	const { input, problems: found } = readPeriodInput(files, period, 1, registerOf(data), MONTHLY);
	const about = (problem: Problem) =>
		problem.location.path === path ||
		// Of two rows of one entity the later is named; which that is depends on names of files.
		('first' in problem && problem.first.startsWith(`${path}:`));
	const problems = [...found, ...input.notices].filter(about);
	const replaced = data.open[path];
	if (replaced !== undefined) {
		files.set(path, encodeText(replaced));
		const before = readPeriodInput(files, period, 1, registerOf(data), MONTHLY).problems;
		problems.push(...silenced(before, found));
	}
	if (run > 1) {
		const location = wholeFile(path);
		problems.push({ code: 'final-added', location, period, run: String(run - 1) });
	}
	const own = input.settled.map(({ reading }) => reading);
	return {
		problems: sortProblems(problems),
		ok: problems.every(isInfo),
		readings: own.filter(({ sources }) => sources.includes(path)),
	};
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

/** What a file of several rows says that it is of; null where its rows differ or say nothing. */
export function subjectOf(bytes: Uint8Array): {
	readonly entity: string | null;
	readonly period: Period | null;
} {
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
	const taken = [ABSENT, WAIVERS].includes(`${own}.csv`);
	return `${inputFolder(period)}/${entity || (taken ? 'readings' : own)}.csv`;
}
