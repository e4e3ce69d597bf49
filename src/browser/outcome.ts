import { verifier as words } from '../texts/en.ts';
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

/** Lays out an outcome: the verdict first, then why, then everything else. */
export function showOutcome(place: HTMLElement, { view, json, milliseconds }: ReportAnswer): void {
	const seconds = Object.values(milliseconds).reduce((sum, it) => sum + it, 0) / 1000;
	place.replaceChildren(
		make('p', { class: 'print-only kicker' }, words.certificate),
		verdictOf(view, 'h2'),
		factsOf(view),
		...findingsOf(view),
		...view.worth.map(tableOf),
		section(words.checksTitle, make('ul', { class: 'checks' }, ...view.checks.map(checkOf))),
		section(words.runsTitle, tableOf(view.runs)),
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
		...view.worth.slice(0, 1).map(tableOf),
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
	const axes = view.axes.map(({ name, text }) =>
		make('div', {}, make('dt', {}, name), make('dd', {}, text)),
	);
	return make(
		'div',
		{ class: `verdict ${kind}`, 'data-verdict': view.verdict },
		heading,
		make('p', { class: 'means' }, view.means),
		make('dl', { class: 'axes' }, ...axes),
		make('p', {}, view.next),
		make('p', { class: 'note' }, view.caveats.join(' ')),
	);
}

function factsOf({ facts }: ReportView): HTMLElement {
	const rows = facts.map(([name, value]) =>
		make('div', {}, make('dt', {}, name), make('dd', {}, value)),
	);
	return make('dl', { class: 'details' }, ...rows);
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

function findingOf({ sentence, details, severe }: FindingView): HTMLElement {
	const rows = details.map(([name, value]) =>
		make('div', {}, make('dt', {}, name), make('dd', {}, value)),
	);
	return make(
		'div',
		{ class: severe ? 'finding severe' : 'finding' },
		make('p', {}, sign(severe ? 'cross' : 'open'), sentence),
		...(rows.length > 0 ? [make('dl', { class: 'details' }, ...rows)] : []),
	);
}

function checkOf(check: CheckView): HTMLElement {
	const summary = make(
		'summary',
		{},
		sign(CHECK_SIGNS[check.status]),
		make('span', { class: 'word' }, check.word),
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

function tableOf({ caption, header, rows }: TableView): HTMLElement {
	const head = make('tr', {}, ...header.map((title) => make('th', { scope: 'col' }, title)));
	const body = rows.map(([first = '', ...rest]) =>
		make(
			'tr',
			{},
			make('th', { scope: 'row' }, first),
			...rest.map((cell) => make('td', {}, cell)),
		),
	);
	const table = make(
		'table',
		{ class: 'outcome-table' },
		make('caption', {}, caption),
		make('thead', {}, head),
		make('tbody', {}, ...body),
	);
	const region = { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption };
	return make('div', region, table);
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
