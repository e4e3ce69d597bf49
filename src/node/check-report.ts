import { tenthsOf } from '../core/format/energy.ts';
import { isInfo, type Problem } from '../core/problem.ts';
import type { Exception } from '../core/record/exceptions.ts';
import { problemText, pullRequest as words } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import type { Checked, ProposedMonth } from './check.ts';
import { settlementPart } from './check-settlement.ts';
import { cell, nameOf, sentence, shortened } from './markdown.ts';
import type { OwnBalance } from './open-period.ts';
import { exceptionText, placeOf } from './print.ts';

/** What forges take: a job summary of 1,024 KiB, a comment of 64 KB. */
export const SUMMARY_BYTES = 1_000_000;
export const COMMENT_BYTES = 60_000;
/** Rows of one table, the longest first. */
const ROWS = [2000, 500, 100, 25, 5];

/**
 * A checked pull request as Markdown of at most so many bytes: tables are shortened until it fits.
 * Everything in it that others wrote has gone through `cell` or `sentence`.
 */
export function checkReport(checked: Checked, formats: Formats, bytes: number): string {
	for (const rows of ROWS) {
		const text = `${partsOf(checked, formats, rows).join('\n\n')}\n`;
		if (Buffer.byteLength(text) <= bytes) return text;
	}
	const [heading = ''] = partsOf(checked, formats, 0);
	return `${heading}\n\n${words.cut}\n\n${nextStep(checked, formats)}\n`;
}

function partsOf(checked: Checked, formats: Formats, rows: number): readonly string[] {
	const { problems, ok, month, before, subject, paths } = checked;
	const errors = problems.filter((it) => !isInfo(it)).length;
	const parts = [`## ${ok ? words.accepted : words.refused(errors)}`];
	if (subject !== null) {
		const files = paths.slice(0, 3).map(cell).join(', ');
		parts.push(words.about({ ...subject, files, more: Math.max(0, paths.length - 3) }));
	}
	parts.push(...problemPart(checked, rows));
	if (before > 0) parts.push(words.before(before));
	if (month !== null) parts.push(...figuresPart(month, formats, rows));
	if (month !== null) parts.push(...readingsPart(month, formats, rows));
	parts.push(...warningPart(checked, rows));
	if (month !== null) parts.push(...receivedPart(month, formats, rows));
	if (month !== null) parts.push(...settlementPart(month, formats, rows));
	return [...parts, `### ${words.next.heading}`, nextStep(checked, formats)];
}

function problemPart({ problems }: Checked, most: number): string[] {
	if (problems.length === 0) return [];
	const { heading, columns } = words.problems;
	const errorsFirst = problems.toSorted((a, b) => Number(isInfo(a)) - Number(isInfo(b)));
	const rows = (it: Problem) => [[cell(placeOf(it)), it.code, sentence(problemText(it))]];
	return [`### ${heading}`, ...shortened(columns, errorsFirst, rows, { figures: 3, most })];
}

function warningPart({ exceptions }: Checked, most: number): string[] {
	if (exceptions.length === 0) return [];
	const { heading, columns, note } = words.warnings;
	const rows = (it: Exception) => [
		[
			cell(it.line === 0 ? it.path : `${it.path}:${it.line}`),
			cell(it.code),
			sentence(exceptionText(it)),
		],
	];
	return [`### ${heading}`, note, ...shortened(columns, exceptions, rows, { figures: 3, most })];
}

function figuresPart(month: ProposedMonth, formats: Formats, most: number): string[] {
	const { figures, against, open } = month;
	const { heading, correction, columns, first, run, none } = words.figures;
	const title = open.run > 1 ? correction(open.run - 1) : heading;
	if (figures.length === 0) return open.run > 1 ? [`### ${title}`, none] : [];
	const rows = (it: ProposedMonth['figures'][number]) => {
		const whom = [nameOf(it), '', ''];
		return figureRows(it, formats).map((row, index) => [whom[index] ?? '', ...row]);
	};
	const header = columns(against === null ? first : run(against));
	return [`### ${title}`, ...shortened(header, figures, rows, { figures: 2, most })];
}

function readingsPart({ readings }: ProposedMonth, formats: Formats, most: number): string[] {
	if (readings === null || readings.count === 0) return [];
	const { heading, columns, more, nothing } = words.readings;
	const energy = (wh: bigint | null) => (wh === null ? nothing : formats.energy(wh));
	// Starts of intervals are written by us, and are to be copied as they are.
	const rows = ({ metering_point, interval, before, after }: (typeof readings.changes)[number]) => [
		[cell(metering_point), `<code>${interval}</code>`, energy(before), energy(after)],
	];
	const parts = [
		`### ${heading(formats.count(readings.count))}`,
		...shortened(columns, readings.changes, rows, { figures: 2, most }),
	];
	const hidden = readings.count - readings.changes.length;
	return hidden === 0 ? parts : [...parts, more(formats.count(hidden))];
}

function figureRows(
	{ now, before }: ProposedMonth['figures'][number],
	formats: Formats,
): string[][] {
	const { rows, nothing, result, both } = words.figures;
	const net = (it: OwnBalance) => it.surplus_wh - it.deficit_wh;
	const size = (wh: bigint) => formats.energy(wh < 0n ? -wh : wh);
	const resultOf = (it: OwnBalance) => {
		if (it.surplus_wh === 0n || it.deficit_wh === 0n) return result(net(it) >= 0n, size(net(it)));
		return both(formats.energy(it.surplus_wh), formats.energy(it.deficit_wh));
	};
	const line = (label: string, key: 'generated_wh' | 'consumed_wh') => {
		const old = before === null ? nothing : formats.energy(before[key]);
		const change = before === null ? nothing : changeOf(now[key], before[key], formats);
		return [label, formats.energy(now[key]), old, change];
	};
	const turned = before === null ? nothing : formats.energyChange(net(now) - net(before));
	return [
		line(rows.generated, 'generated_wh'),
		line(rows.consumed, 'consumed_wh'),
		[rows.result, resultOf(now), before === null ? nothing : resultOf(before), turned],
	];
}

function changeOf(now: bigint, before: bigint, formats: Formats): string {
	if (before === 0n) return formats.energyChange(now);
	return formats.percentChange(tenthsOf(now - before, before));
}

function receivedPart({ open }: ProposedMonth, formats: Formats, most: number): string[] {
	const { heading, done, missing, faulty, nobody, more } = words.received;
	const of = (state: string) => open.submitters.filter((it) => it.state === state);
	const list = (entities: ReturnType<typeof of>) => {
		const shown = entities.slice(0, most).map(({ entity }) => cell(entity));
		if (entities.length > most) shown.push(more(entities.length - most));
		return formats.list(shown);
	};
	const [silent, wrong] = [of('missing'), of('faulty')];
	const received = open.submitters.length - silent.length - wrong.length;
	const counts = [received, open.submitters.length].map((it) => formats.count(it));
	const lines = [done(counts[0] ?? '', counts[1] ?? '', open.period)];
	if (silent.length > 0) lines.push(missing(list(silent)));
	if (wrong.length > 0) lines.push(faulty(list(wrong)));
	if (silent.length + wrong.length === 0) lines.push(nobody);
	return [`### ${heading}`, lines.join(' ')];
}

/** What happens next, in a sentence or two. */
export function nextStep({ ok, about, month }: Checked, formats: Formats): string {
	const { next } = words;
	if (!ok) return next.refused;
	if (about !== 'submission' || month === null) {
		return about === 'nothing' || about === 'code' ? next[about] : next.configuration;
	}
	const { period, run, state } = month.open;
	if (state === 'faulty') return next.faulty(period);
	if (state === 'collecting') {
		return next.collecting({ period, due: formats.date(`${month.open.due}T00:00:00Z`) });
	}
	return run > 1 ? next.correction({ period, run }) : next.complete(period);
}
