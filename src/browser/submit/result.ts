import { tenthsOf } from '../../core/format/energy.ts';
import type { Period } from '../../core/format/period.ts';
import { site, submit } from '../../texts/chosen.ts';
import { type Formats, isolate } from '../../texts/format.ts';
import { make } from '../dom.ts';
import type { SubmitData } from './data.ts';
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
	const change = changeOfNet(only, before, format);
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
	const tables = readings
		.slice(0, SHOWN)
		.map((it) =>
			figuresTable(nameOf(data, it.entity), it, earlierOf(data, it.entity, period), format),
		);
	const rest = readings.length - SHOWN;
	return rest > 0 ? [...tables, make('p', {}, words.more(rest))] : tables;
}

function figuresTable(
	name: string,
	now: Figures,
	before: EarlierFigures | null,
	format: Formats,
): HTMLElement {
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
	body.push(row(words.rows.result, shortOf(now, format), old, changeOfNet(now, before, format)));
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
	const net = netOf(figures);
	if (net === 0n) return words.even;
	return net > 0n ? words.surplus(format.energy(net)) : words.deficit(format.energy(-net));
}

/** For a cell of a table. */
function shortOf(figures: Figures, format: Formats): string {
	const net = netOf(figures);
	const { surplus, deficit } = words.short;
	return net < 0n ? deficit(format.energy(-net)) : surplus(format.energy(net));
}

/** By how much a surplus or a deficit is larger; nothing where one became the other. */
function changeOfNet(now: Figures, before: Figures | null, format: Formats): string {
	const [net, old] = [netOf(now), before === null ? 0n : netOf(before)];
	if (old === 0n || net > 0n !== old > 0n) return '';
	return format.percentChange(tenthsOf(size(net) - size(old), size(old)));
}

function netOf({ generated_wh, consumed_wh }: Figures): bigint {
	return generated_wh - consumed_wh;
}

function size(wh: bigint): bigint {
	return wh < 0n ? -wh : wh;
}

export function nameOf({ entities }: SubmitData, entity: string): string {
	return entities.findLast(([id]) => id === entity)?.[1] ?? entity;
}
