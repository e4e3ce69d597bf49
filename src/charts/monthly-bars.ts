import { max, min } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import type { Period } from '../core/format/period.ts';
import { charts } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import { type Drawing, element, type Markup, round, widthOf } from './svg.ts';

/** What is stacked, month over month. */
export interface BarSeries {
	readonly name: string;
	/** On which side of zero: given above and taken below, say. */
	readonly side: 'above' | 'below';
}

export interface BarData {
	readonly series: readonly BarSeries[];
	/** In their order, with gaps already in: `values` in Wh beside `series`, null without data. */
	readonly months: readonly {
		readonly period: Period;
		readonly values: readonly bigint[] | null;
	}[];
}

/** One part of one stack, in pixels. */
export interface Bar {
	readonly series: number;
	readonly period: Period;
	readonly wh: bigint;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export interface BarLayout {
	readonly bars: readonly Bar[];
	/** Middle of each month, and whether it has data. */
	readonly months: readonly { period: Period; x: number; empty: boolean }[];
	/** Values of the axis, in kWh, and where they lie. */
	readonly ticks: readonly { kwh: number; y: number }[];
	readonly zero: number;
}

/** The box of the bars themselves. */
export interface Box {
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
}

/** Where every part of every stack lies: the first series next to zero, the others outward. */
export function layOutBars({ series, months }: BarData, box: Box): BarLayout {
	const sum = (values: readonly bigint[] | null, side: BarSeries['side']) =>
		kwhOf((values ?? []).reduce((all, wh, i) => (series[i]?.side === side ? all + wh : all), 0n));
	const highest = max(months, ({ values }) => sum(values, 'above')) ?? 0;
	const lowest = -(max(months, ({ values }) => sum(values, 'below')) ?? 0);
	const empty = highest === 0 && lowest === 0;
	const y = scaleLinear()
		.domain([min([lowest, 0]) ?? 0, empty ? 1 : highest])
		.range([box.bottom, box.top])
		.nice(5);
	const x = scaleBand<Period>()
		.domain(months.map(({ period }) => period))
		.range([box.left, box.right])
		.paddingInner(0.36)
		.paddingOuter(0.2);
	const bars = months.flatMap(({ period, values }) => {
		const ends = { above: 0n, below: 0n };
		return (values ?? []).flatMap((wh, index): Bar[] => {
			const side = series[index]?.side;
			if (side === undefined || wh === 0n) return [];
			const from = ends[side];
			ends[side] += wh;
			const sign = side === 'above' ? 1 : -1;
			const edges = [y(sign * kwhOf(from)), y(sign * kwhOf(ends[side]))];
			const top = Math.min(...edges);
			const height = Math.max(...edges) - top;
			const width = x.bandwidth();
			return [{ series: index, period, wh, x: x(period) ?? 0, y: top, width, height }];
		});
	});
	return {
		bars,
		months: months.map(({ period, values }) => ({
			period,
			x: (x(period) ?? 0) + x.bandwidth() / 2,
			empty: values === null,
		})),
		ticks: y.ticks(5).map((kwh) => ({ kwh, y: y(kwh) })),
		zero: y(0),
	};
}

/** For places on a drawing only: what is printed stays in whole Wh. */
function kwhOf(wh: bigint): number {
	return Number(wh) / 1000;
}

const WIDTH = 680;
const SIZE = 12;
const KEY_HEIGHT = 20;

/** Stacked bars of an account's months; the page holds a table of the same data. */
export function drawMonthlyBars(
	data: BarData,
	format: Pick<Formats, 'count' | 'month' | 'monthShort'>,
	title: string,
): Drawing {
	const key = placeKey(data.series);
	const keyHeight = ((key.at(-1)?.row ?? 0) + 1) * KEY_HEIGHT;
	const measure = layOutBars(data, { left: 0, right: 1, top: 0, bottom: 1 });
	const scale = measure.ticks.map(({ kwh }) => format.count(Math.abs(kwh)));
	const left = Math.max(24, ...scale.map((text) => widthOf(text, SIZE))) + 8;
	const box = { left, right: WIDTH, top: keyHeight + 32, bottom: keyHeight + 252 };
	const layout = layOutBars(data, box);
	const years = layout.months.filter(({ period }, index) => {
		return index === 0 || period.endsWith('-01');
	});
	const content = [
		...key.flatMap((place, index) => drawKey(place, index)),
		element('text', { class: 'quiet', x: 0, y: box.top - 14 }, charts.unit),
		...layout.ticks.map(({ kwh, y }) => drawTick(format.count(Math.abs(kwh)), y, box)),
		...drawStacks(data, layout),
		element('path', { class: 'zero-line', d: `M${round(left)} ${round(layout.zero)}H${WIDTH}` }),
		...layout.months.flatMap(({ period, x, empty }) => {
			const at = { class: 'quiet', x, 'text-anchor': 'middle' };
			const label = element('text', { ...at, y: box.bottom + 18 }, format.monthShort(period));
			const gap = element('text', { ...at, y: layout.zero - 6 }, charts.gap);
			return empty ? [label, gap] : [label];
		}),
		...years.map(({ period, x }) => {
			const at = { class: 'quiet', x, y: box.bottom + 34, 'text-anchor': 'middle' };
			return element('text', at, period.slice(0, 4));
		}),
	];
	const description = charts.bars(
		data.series.map(({ name }) => name),
		data.months.map(({ period }) => format.month(period)),
		data.months.filter(({ values }) => values === null).map(({ period }) => format.month(period)),
	);
	return { width: WIDTH, height: box.bottom + 42, title, description, content };
}

interface KeyPlace {
	readonly name: string;
	readonly x: number;
	readonly row: number;
}

/** The names of the series from left to right, in as many rows as they need. */
function placeKey(series: readonly BarSeries[]): readonly KeyPlace[] {
	let [x, row] = [0, 0];
	return series.map(({ name }) => {
		const width = widthOf(name, SIZE) + 42;
		if (x > 0 && x + width > WIDTH) [x, row] = [0, row + 1];
		const place = { name, x, row };
		x += width;
		return place;
	});
}

function drawKey({ name, x, row }: KeyPlace, index: number): Markup[] {
	const y = row * KEY_HEIGHT;
	return [
		element('rect', { class: `c${index % 6}`, x, y: y + 2, width: 12, height: 12 }),
		element('text', { x: x + 18, y: y + 12 }, name),
	];
}

function drawTick(text: string, y: number, { left }: Box): Markup {
	return element(
		'g',
		{ class: 'quiet' },
		element('path', { class: 'grid', d: `M${round(left)} ${round(y)}H${WIDTH}` }),
		element('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' }, text),
	);
}

/** One path a series; one title a part would be more bytes than all the rest. */
function drawStacks({ series }: BarData, { bars }: BarLayout): Markup[] {
	return series.map(({ name }, index) => {
		const parts = bars.filter((bar) => bar.series === index);
		const d = parts.map(({ x, y, width, height }) => {
			return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
		});
		return element(
			'path',
			{ class: `bar c${index % 6}`, d: d.join('') },
			element('title', {}, name),
		);
	});
}
