import type { PeriodInput } from '../data/period-input.ts';
import type { RuleSet } from '../data/rules.ts';
import { inputFolder } from '../paths.ts';
import { compareText, type Problem, wholeFile } from '../problem.ts';
import { findReadingWarnings } from '../settlement/reading-warnings.ts';
import { findWarnings, type History, type Warning } from '../settlement/warnings.ts';
import type { Exception } from './exceptions.ts';

/** Every warning of a period, by code and entity. */
export function allWarnings(
	input: PeriodInput,
	history: History,
	plausibility: RuleSet['plausibility'],
): readonly Warning[] {
	const monthly = findWarnings(input, history, plausibility);
	if (input.intervals === null) return monthly;
	const { series, time } = input.intervals;
	const settled = new Set(input.settled.map(({ entry }) => entry.entity));
	const more = findReadingWarnings(series, time, plausibility);
	return [...monthly, ...more.filter(({ entity }) => settled.has(entity))].toSorted((a, b) =>
		compareText(a.code, b.code),
	);
}

/** Every waiver must meet a warning, once; warnings that the rule set names must meet a waiver. */
export function waiverProblems(
	input: PeriodInput,
	warnings: readonly Warning[],
	{ plausibility }: RuleSet,
): Problem[] {
	const problems: Problem[] = [];
	const waived = new Map<string, number>();
	for (const { code, entity, row } of input.waivers) {
		const key = `${code} ${entity}`;
		const first = waived.get(key);
		const location = row.at('code');
		if (first !== undefined) {
			const place = `${location.path}:${first}`;
			problems.push({ code: 'waiver-duplicate', location, entity, waived: code, first: place });
		} else if (!warnings.some((it) => it.code === code && it.entity === entity)) {
			problems.push({ code: 'waiver-unused', location, entity, waived: code });
		}
		waived.set(key, row.line);
	}
	const settled = new Map(input.settled.map(({ reading }) => [reading.entity, reading]));
	for (const { code, entity, detail } of warnings) {
		const needed = plausibility?.waiver_required?.includes(code) ?? false;
		if (!needed || waived.has(`${code} ${entity}`)) continue;
		const location = settled.get(entity)?.place ?? wholeFile(inputFolder(input.period));
		problems.push({ code: 'warning-unwaived', location, entity, warning: code, detail });
	}
	return problems;
}

export function collectExceptions(
	input: PeriodInput,
	warnings: readonly Warning[],
	notices: readonly Problem[],
): readonly Exception[] {
	const places = new Map(input.settled.map(({ reading }) => [reading.entity, reading.place]));
	const waivers = new Map(input.waivers.map((it) => [`${it.code} ${it.entity}`, it]));
	return [
		...warnings.map(({ code, entity, detail }): Exception => {
			const { path, line } = places.get(entity) ?? { path: '', line: 0 };
			const waived_by = waivers.get(`${code} ${entity}`)?.approved_by ?? '';
			return { code, severity: 'warning', path, line, entity, detail, waived_by };
		}),
		...notices.map(({ code, location: { path, line } }): Exception => {
			return { code, severity: 'info', path, line, entity: '', detail: '', waived_by: '' };
		}),
		...input.absences.map(({ entity, reason, approved_by, row }): Exception => {
			const { path, line } = row.at('entity');
			const detail = `reason=${reason}`;
			return {
				code: 'absent',
				severity: 'info',
				path,
				line,
				entity,
				detail,
				waived_by: approved_by,
			};
		}),
	];
}
