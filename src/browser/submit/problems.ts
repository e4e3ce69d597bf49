import { cellAt, readLoosely } from '../../core/data/loose-table.ts';
import { visible } from '../../core/format/name.ts';
import { isInfo, type Problem } from '../../core/problem.ts';
import { problemText, site, submit } from '../../texts/chosen.ts';
import { make, sign } from '../dom.ts';
import { intervalNames } from './interval-names.ts';

const words = submit.problems;
/** More than this nobody reads in one go; what is shown is enough to begin with. */
const PROBLEMS = 100;
const ROWS = 200;

/** The list of problems as the commands have it: place, code, sentence. */
export function problemList(problems: readonly Problem[], reference: string): readonly Node[] {
	const shown = problems.slice(0, PROBLEMS).map((problem) => {
		const { line } = problem.location;
		const place = line > 0 ? `${words.line(line)} ` : '';
		const link = make(
			'a',
			{ href: `${reference}#${problem.code}` },
			make('code', {}, problem.code),
		);
		return make(
			'li',
			{ class: isInfo(problem) ? 'info' : 'fault' },
			sign(isInfo(problem) ? 'open' : 'cross'),
			make('span', {}, place, link, ' ', make('span', { class: 'sentence' }, problemText(problem))),
		);
	});
	const rest = problems.length - PROBLEMS;
	const list = make('ul', { class: 'problems' }, ...shown);
	return rest > 0 ? [list, make('p', {}, words.more(rest))] : [list];
}

/** Rows of readings, each of a hundred cells, that are shown where something is wrong in them. */
const READING_ROWS = 20;

/**
 * The rows of a file with what is wrong beside each cell, of an interval file those with problems
 * alone; null where there are none, or nobody could say what they are.
 */
export function fileTable(bytes: Uint8Array, problems: readonly Problem[]): HTMLElement | null {
	const table = readLoosely(bytes);
	const [header, ...rows] = table?.rows ?? [];
	if (table === null || header === undefined) return null;
	const byLine = new Map<number, Problem[]>();
	for (const problem of problems) {
		// Of the form of the whole file no cell is to blame.
		if (isInfo(problem) || problem.code === 'csv-separator') continue;
		const { line } = problem.location;
		byLine.set(line, [...(byLine.get(line) ?? []), problem]);
	}
	const line = (row: typeof header, tag: 'th' | 'td') => {
		const found = byLine.get(row.line) ?? [];
		const cells = row.cells.map((text, index) => {
			const here = found.filter(
				(it) => indexOf(it, row.text, table.separator, header.cells) === index,
			);
			return cell(text, here, tag);
		});
		return make(
			'tr',
			{},
			make('th', { scope: 'row', class: 'number' }, String(row.line)),
			...cells,
		);
	};
	const readings = intervalNames(bytes) !== null;
	const shown = readings ? rows.filter((row) => byLine.has(row.line)) : rows;
	const most = readings ? READING_ROWS : ROWS;
	if (readings && shown.length === 0 && !byLine.has(header.line)) return null;
	const rest = shown.length - most;
	const caption = submit.table[readings ? 'faults' : 'caption'];
	const element = make(
		'table',
		{ class: 'read' },
		make('caption', {}, caption),
		make('thead', {}, headRow(line(header, 'th'))),
		make('tbody', {}, ...shown.slice(0, most).map((row) => line(row, 'td'))),
	);
	const label = site.scroll(caption);
	const place = make('section', { class: 'scroll', tabindex: '0', 'aria-label': label }, element);
	if (rest > 0) place.append(make('p', {}, submit.table.more(rest)));
	return place;
}

function headRow(row: HTMLTableRowElement): HTMLTableRowElement {
	const [first] = row.cells;
	first?.replaceWith(make('th', { scope: 'col', class: 'number' }, submit.table.line));
	return row;
}

function cell(text: string, problems: readonly Problem[], tag: 'th' | 'td'): HTMLElement {
	const faults = problems.map((it) =>
		make('span', { class: 'fault' }, `${it.code}: ${problemText(it)}`),
	);
	const attributes: Record<string, string> = tag === 'th' ? { scope: 'col' } : {};
	if (problems.length > 0) attributes['class'] = 'bad';
	return make(tag, attributes, make('bdi', { class: 'value' }, visible(text)), ...faults);
}

/** By its name where the problem says it, else by the character where it begins. */
function indexOf(
	problem: Problem,
	text: string,
	separator: string,
	header: readonly string[],
): number {
	const named =
		'field' in problem && problem.location.line > 1 ? header.indexOf(problem.field) : -1;
	return named >= 0 ? named : cellAt(text, separator, problem.location.column);
}
