import { verifier as words } from '../texts/chosen.ts';
import { make, save, sign } from './dom.ts';
import type { Answer, CheckView, FindingView, ReportView, TableView } from './messages.ts';

type ReportAnswer = Extract<Answer, { kind: 'report' }>;

const SIGNS = {
	VALID: 'check',
	TAMPERED: 'cross',
	UNTRUSTED: 'cross',
	INCOMPLETE: 'warning',
	PENDING: 'open',
	UNCONFIRMED: 'open',
} as const;

const CHECK_SIGNS = {
	passed: 'check',
	failed: 'cross',
	unavailable: 'warning',
	'not-asked': 'open',
	none: 'open',
} as const;

const FINDING_SIGNS = { bad: 'cross', open: 'warning', notice: 'open' } as const;

/** Lays out an outcome: the verdict first, then why, then everything else. */
export function showOutcome(
	place: HTMLElement,
	{ view, json, milliseconds }: ReportAnswer,
	circumstances: ReportView['facts'],
): void {
	const seconds = Object.values(milliseconds).reduce((sum, it) => sum + it, 0) / 1000;
	place.replaceChildren(
		make('p', { class: 'print-only kicker' }, words.certificate),
		verdictOf(view, 'h2'),
		listOf([...view.facts, ...circumstances], 'details'),
		...findingsOf(view),
		...view.worth.map((it) => tableOf(it)),
		section(words.checksTitle, make('ul', { class: 'checks' }, ...view.checks.map(checkOf))),
		...runsOf(view),
		keepOf(view, json),
		section(
			words.twin,
			...view.commands.flatMap(({ title, lines }) => [
				make('h3', {}, title),
				make('pre', { class: 'command' }, lines),
			]),
		),
		make('p', { class: 'note' }, words.clock(seconds.toFixed(1))),
	);
	place.hidden = false;
	place.querySelector('h2')?.focus();
}

/** What an attempt on the copy came to, in short. */
export function showAttempt(
	place: HTMLElement,
	{ view }: ReportAnswer,
	before: string,
	lesson: string,
): void {
	const [first] = view.findings;
	place.replaceChildren(
		...(before === '' ? [] : [make('p', { class: 'before' }, before)]),
		verdictOf(view, 'h3'),
		...(first ? [findingOf(first)] : []),
		// The check above may show a table of the same caption.
		...view.worth
			.slice(0, 1)
			.map((it) => tableOf(it, { name: `${words.try.title}: ${it.caption}` })),
		make('p', { class: 'lesson' }, lesson),
	);
	place.hidden = false;
	place.querySelector('h3')?.focus();
}

function verdictOf(view: ReportView, level: 'h2' | 'h3'): HTMLElement {
	const good = view.verdict === 'VALID';
	const bad = view.verdict === 'TAMPERED' || view.verdict === 'UNTRUSTED';
	const kind = good ? 'good' : bad ? 'bad' : 'open';
	const heading = make(level, { tabindex: '-1' }, sign(SIGNS[view.verdict]), view.verdict);
	const axes = view.axes.map(({ name, text }) => [name, text] as const);
	return make(
		'div',
		{ class: `verdict ${kind}`, 'data-verdict': view.verdict },
		heading,
		make('p', { class: 'means' }, view.means),
		listOf(axes, 'axes'),
		make('p', {}, view.next),
		make('p', { class: 'note' }, view.caveats.join(' ')),
	);
}

function listOf(rows: ReportView['facts'], kind: string): HTMLElement {
	const lines = rows.map(([name, value]) =>
		make('div', {}, make('dt', {}, name), make('dd', {}, value)),
	);
	return make('dl', { class: kind }, ...lines);
}

function runsOf({ runs }: ReportView): HTMLElement[] {
	if (runs.rows.length === 0) return [];
	return [section(words.runsTitle, tableOf(runs, { captionKind: 'visually-hidden' }))];
}

function findingsOf({ findings }: ReportView): HTMLElement[] {
	if (findings.length === 0) return [];
	const list = make(
		'ul',
		{ class: 'findings' },
		...findings.map((it) => make('li', {}, findingOf(it))),
	);
	return [section(words.findings, list)];
}

function findingOf({ sentence, details, severity }: FindingView): HTMLElement {
	return make(
		'div',
		{ class: `finding ${severity}` },
		make('p', {}, sign(FINDING_SIGNS[severity]), sentence),
		...(details.length > 0 ? [listOf(details, 'details')] : []),
	);
}

function checkOf(check: CheckView): HTMLElement {
	const summary = make(
		'summary',
		{},
		sign(CHECK_SIGNS[check.status]),
		make('span', { class: 'word' }, check.word),
		' ',
		make('span', {}, check.question),
	);
	const line = (name: string, text: string) => make('p', {}, make('strong', {}, name), ` ${text}`);
	const body = [line(words.proves, check.proves), line(words.leaves, check.leaves)];
	if (check.evidence !== '') body.push(line(words.evidence, check.evidence));
	return make(
		'li',
		{ 'data-check': check.id, 'data-status': check.status },
		make('details', {}, summary, ...body),
	);
}

function tableOf(
	{ caption, header, rows }: TableView,
	{ captionKind = '', name = caption } = {},
): HTMLElement {
	const kinds = header.map((_, column) => kindOf(rows[0]?.[column] ?? ''));
	const head = header.map((title, column) =>
		make('th', { scope: 'col', class: kinds[column] ?? '' }, title),
	);
	const body = rows.map(([first = '', ...rest]) =>
		make(
			'tr',
			{},
			make('th', { scope: 'row' }, first),
			...rest.map((cell, index) => make('td', { class: kinds[index + 1] ?? '' }, cell)),
		),
	);
	const table = make(
		'table',
		{ class: 'outcome-table' },
		make('caption', { class: captionKind }, caption),
		make('thead', {}, make('tr', {}, ...head)),
		make('tbody', {}, ...body),
	);
	const region = { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': name };
	return make('div', region, table);
}

/** How a column is set, by what stands in it. */
function kindOf(cell: string): string {
	if (/^[0-9a-f]{64}$/.test(cell)) return 'digest';
	return /^[-+]?[0-9]+\.[0-9]{3}$/.test(cell) ? 'number' : '';
}

function keepOf(view: ReportView, json: Uint8Array): HTMLElement {
	const button = (text: string, action: () => void) => {
		const element = make('button', { type: 'button' }, text);
		element.addEventListener('click', action);
		return element;
	};
	const name = view.log.replace(/[^a-z0-9]+/g, '-') || 'log';
	const bytes = json as Uint8Array<ArrayBuffer>;
	const buttons = [
		button(words.saveReport, () => save(`${name}-report.json`, bytes, 'application/json')),
		button(words.print, () => print()),
	];
	const { checkpoint } = view;
	if (checkpoint === null) return section(words.kept, make('p', { class: 'buttons' }, ...buttons));
	buttons.splice(
		1,
		0,
		button(words.saveCheckpoint, () => save(`${name}-checkpoint.txt`, checkpoint, 'text/plain')),
	);
	return section(
		words.kept,
		make('p', {}, words.keptHint),
		make('pre', { class: 'command', id: 'checkpoint-lines' }, checkpoint),
		make('p', { class: 'buttons' }, ...buttons),
	);
}

function section(title: string, ...children: readonly HTMLElement[]): HTMLElement {
	return make('section', {}, make('h2', {}, title), ...children);
}
