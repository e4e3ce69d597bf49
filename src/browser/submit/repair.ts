import { type CellChange, proposeRepair, type Repair } from '../../core/data/repair.ts';
import type { DecimalMark } from '../../core/data/written-energy.ts';
import { visible } from '../../core/format/name.ts';
import { site, submit } from '../../texts/chosen.ts';
import { make } from '../dom.ts';

const words = submit.repair;
const SHOWN = 200;

/** What a repair is asked to do, and what has been answered for it. */
export interface RepairRequest {
	/** The file as it is. */
	readonly bytes: Uint8Array;
	readonly mark: DecimalMark | null;
	/** The page that lists the problems. */
	readonly reference: string;
	readonly answer: (mark: DecimalMark) => void;
	readonly apply: (repair: Repair) => void;
}

/** What a repair would change, before and after, and the button that asks for it; null for nothing. */
export function repairOffer(request: RepairRequest): readonly Node[] | null {
	const { bytes, mark, reference, answer, apply } = request;
	const repair = proposeRepair(bytes, mark);
	if (repair === null) return null;
	const asked = mark === null ? repair : (proposeRepair(bytes, null) ?? repair);
	const count = changesOf(repair);
	const parts: Node[] = count > 0 ? [make('p', {}, words.intro)] : [];
	if (repair.form.length > 0) {
		parts.push(make('ul', {}, ...repair.form.map((it) => make('li', {}, words.form[it]))));
	}
	if (asked.question !== null) parts.push(question(asked.question, mark, answer));
	if (repair.mixed !== null) {
		const [point, comma] = repair.mixed.map(({ found }) => visible(found));
		parts.push(
			make('p', { class: 'warning' }, words.mixed({ point: point ?? '', comma: comma ?? '' })),
		);
	}
	for (const it of repair.lost.slice(0, SHOWN)) {
		parts.push(make('p', { class: 'warning' }, words.lost({ ...it, found: visible(it.found) })));
	}
	if (repair.cells.length > 0) parts.push(...changeTable(repair, reference));
	if (count > 0 && repair.question === null) {
		const button = make(
			'button',
			{ type: 'button', class: 'main', id: 'repair-apply' },
			words.apply(count),
		);
		button.addEventListener('click', () => apply(repair));
		parts.push(make('p', { class: 'buttons' }, button));
	}
	return parts;
}

export function changesOf({ form, cells }: Repair): number {
	return form.length + cells.length;
}

function question(
	asked: NonNullable<Repair['question']>,
	mark: DecimalMark | null,
	answer: (mark: DecimalMark) => void,
): HTMLElement {
	const sign = asked.found.includes('.') ? '.' : ',';
	const choice = (it: DecimalMark) => {
		const id = it === '.' ? 'mark-point' : 'mark-comma';
		const input = make('input', { type: 'radio', name: 'mark', value: it, id });
		input.checked = mark === it;
		input.addEventListener('change', () => answer(it));
		const text = it === sign ? words.decimals : words.thousands;
		const said = text({ sign, reading: asked.readings[it] });
		return make('label', { class: 'choice' }, input, ` ${said}`);
	};
	return make(
		'fieldset',
		{},
		make('legend', {}, words.question({ ...asked, found: visible(asked.found) })),
		choice('.'),
		choice(','),
	);
}

function problemOf(code: CellChange['code'], reference: string): readonly Node[] {
	if (code === null) return [];
	return [make('a', { href: `${reference}#${code}` }, make('code', {}, code))];
}

function changeTable({ cells }: Repair, reference: string): readonly Node[] {
	const { columns, caption } = words;
	const heads = Object.entries(columns).map(([key, it]) =>
		make('th', { scope: 'col', class: key === 'line' ? 'number' : 'text' }, it),
	);
	const rows = cells
		.slice(0, SHOWN)
		.map((it) =>
			make(
				'tr',
				{},
				make('th', { scope: 'row', class: 'number' }, String(it.line)),
				make('td', {}, it.field),
				make('td', {}, make('del', {}, visible(it.found))),
				make('td', {}, make('ins', {}, visible(it.after))),
				make('td', {}, ...problemOf(it.code, reference)),
			),
		);
	const table = make(
		'table',
		{ class: 'changes' },
		make('caption', {}, caption),
		make('thead', {}, make('tr', {}, ...heads)),
		make('tbody', {}, ...rows),
	);
	const label = site.scroll(caption);
	const parts: Node[] = [
		make('section', { class: 'scroll', tabindex: '0', 'aria-label': label }, table),
	];
	const rest = cells.length - SHOWN;
	if (rest > 0) parts.push(make('p', {}, words.more(rest)));
	return parts;
}
