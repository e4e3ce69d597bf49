import { tenthsOf } from '../../core/format/energy.ts';
import type { Period } from '../../core/format/period.ts';
import { site, submit } from '../../texts/chosen.ts';
import { type Formats, isolate } from '../../texts/format.ts';
import { make } from '../dom.ts';
import { basisIn, type SubmitData } from './data.ts';
import type { Judged } from './judge.ts';
import { type EarlierFigures, earlierOf, type Figures } from './months.ts';

const words = submit.result;
/** More tables than this nobody reads here. */
const SHOWN = 12;

/** In one sentence what the readings come to, with the month before where they are of one entity. */
export function sayResult(
	data: SubmitData,
	{ readings }: Judged,
	period: Period,
	format: Formats,
): string {
	const month = format.month(period);
	const [only] = readings;
	if (only === undefined) return '';
	if (readings.length > 1) {
		const sum = (quantity: keyof Figures) =>
			format.energy(readings.reduce((all, it) => all + it[quantity], 0n));
		const [generated, consumed] = [sum('generated_wh'), sum('consumed_wh')];
		return words.several({ entities: readings.length, month, generated, consumed });
	}
	const name = isolate(nameOf(data, only.entity));
	const now = words.says({ name, month, result: resultOf(only, format) });
	const before = earlierOf(data, only.entity, period);
	if (before === null) return `${now} ${words.nothingBefore}`;
	const change = changeOfResult(only, before, format);
	const result = resultOf(before, format);
	return `${now} ${words.before({ month: format.month(before.period), result, change })}`;
}

/** A table of figures for each entity: now, the month before, change. */
export function showReadings(
	data: SubmitData,
	{ readings }: Judged,
	period: Period,
	format: Formats,
): readonly Node[] {
	const tables = readings.slice(0, SHOWN).map((it) =>
		figuresTable({
			name: nameOf(data, it.entity),
			now: it,
			before: earlierOf(data, it.entity, period),
			interval: basisIn(data, period) === 'interval',
			format,
		}),
	);
	const rest = readings.length - SHOWN;
	return rest > 0 ? [...tables, make('p', {}, words.more(rest))] : tables;
}

interface Compared {
	readonly name: string;
	readonly now: Figures;
	readonly before: EarlierFigures | null;
	/** Own use is told where it does not follow from the other two. */
	readonly interval: boolean;
	readonly format: Formats;
}

function figuresTable({ name, now, before, interval, format }: Compared): HTMLElement {
	const month = before === null ? words.columns.before : format.month(before.period);
	const heads = [
		words.columns.figure,
		words.columns.now,
		before === null || before.final ? month : words.notFinal(month),
		words.columns.change,
	];
	const energies = [
		[words.rows.generated, now.generated_wh, before?.generated_wh],
		[words.rows.consumed, now.consumed_wh, before?.consumed_wh],
		...(interval
			? [[words.rows.own, now.self_consumed_wh, before?.self_consumed_wh] as const]
			: []),
	] as const;
	const row = (label: string, ...cells: readonly string[]) =>
		make(
			'tr',
			{},
			make('th', { scope: 'row' }, label),
			...cells.map((it) => make('td', { class: 'number' }, it === '' ? site.absent : it)),
		);
	const body = energies.map(([label, wh, old]) =>
		row(
			label,
			format.energy(wh),
			old === undefined ? '' : format.energy(old),
			old === undefined || old === 0n ? '' : format.percentChange(tenthsOf(wh - old, old)),
		),
	);
	const old = before === null ? '' : shortOf(before, format);
	body.push(row(words.rows.result, shortOf(now, format), old, changeOfResult(now, before, format)));
	const head = heads.map((it, at) =>
		make('th', at > 0 ? { scope: 'col', class: 'number' } : { scope: 'col' }, it),
	);
	return make(
		'table',
		{ class: 'compared' },
		make('caption', {}, make('bdi', {}, name)),
		make('thead', {}, make('tr', {}, ...head)),
		make('tbody', {}, ...body),
	);
}

function resultOf(figures: Figures, format: Formats): string {
	const { surplus_wh, deficit_wh } = balanceOf(figures);
	const { surplus, deficit, both, even } = words;
	const [up, down] = [format.energy(surplus_wh), format.energy(deficit_wh)];
	if (surplus_wh > 0n && deficit_wh > 0n) return both(surplus(up), deficit(down));
	if (surplus_wh === deficit_wh) return even;
	return surplus_wh > 0n ? surplus(up) : deficit(down);
}

/** For a cell of a table. */
function shortOf(figures: Figures, format: Formats): string {
	const { surplus_wh, deficit_wh } = balanceOf(figures);
	const { surplus, deficit, both } = words.short;
	const [up, down] = [format.energy(surplus_wh), format.energy(deficit_wh)];
	if (surplus_wh > 0n && deficit_wh > 0n) return both(up, down);
	return deficit_wh > 0n ? deficit(down) : surplus(up);
}

/** By how much a surplus or a deficit is larger; nothing where a month has both or the other. */
function changeOfResult(now: Figures, before: Figures | null, format: Formats): string {
	if (before === null) return '';
	const [a, b] = [balanceOf(now), balanceOf(before)];
	const change = (it: bigint, old: bigint, ...others: readonly bigint[]) =>
		it > 0n && old > 0n && others.every((other) => other === 0n)
			? format.percentChange(tenthsOf(it - old, old))
			: '';
	return (
		change(a.surplus_wh, b.surplus_wh, a.deficit_wh, b.deficit_wh) ||
		change(a.deficit_wh, b.deficit_wh, a.surplus_wh, b.surplus_wh)
	);
}

/** On interval basis a month can have both. */
function balanceOf({ generated_wh, consumed_wh, self_consumed_wh }: Figures) {
	const surplus_wh = generated_wh - self_consumed_wh;
	return { surplus_wh, deficit_wh: consumed_wh - self_consumed_wh };
}

export function nameOf({ entities }: SubmitData, entity: string): string {
	return entities.findLast(([id]) => id === entity)?.[1] ?? entity;
}
