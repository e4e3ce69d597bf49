import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { charts } from '../texts/chosen.ts';
import { type Drawing, element, round } from './svg.ts';

export interface SparklineLayout {
	/** The path; a month between two gaps is a point of no length, which round ends make visible. */
	readonly path: string;
	/** The last month with data. */
	readonly last: { readonly x: number; readonly y: number } | null;
}

const [WIDTH, HEIGHT, MARGIN] = [120, 28, 4];

/** Where a line over months runs, from zero up; null is a gap. */
export function layOutSparkline(values: readonly (bigint | null)[]): SparklineLayout {
	const points = values.map((wh, month) => ({
		month,
		kwh: wh === null ? null : Number(wh) / 1000,
	}));
	const x = scaleLinear([0, Math.max(1, values.length - 1)], [MARGIN, WIDTH - MARGIN]);
	const highest = max(points, ({ kwh }) => kwh ?? 0) ?? 0;
	const y = scaleLinear([0, highest === 0 ? 1 : highest], [HEIGHT - MARGIN, MARGIN]);
	const drawn = line<(typeof points)[number]>()
		.defined(({ kwh }) => kwh !== null)
		.x(({ month }) => x(month))
		.y(({ kwh }) => y(kwh ?? 0))
		.digits(2);
	const last = points.findLast(({ kwh }) => kwh !== null);
	return {
		path: drawn(points) ?? '',
		last: last === undefined ? null : { x: round(x(last.month)), y: round(y(last.kwh ?? 0)) },
	};
}

/** A word-sized line over the last months, for lists; the figures stand elsewhere on the page. */
export function drawSparkline(values: readonly (bigint | null)[], title: string): Drawing {
	const { path, last } = layOutSparkline(values);
	const gaps = values.filter((it) => it === null).length;
	const content = [
		element('path', { class: 'line', d: path }),
		...(last === null ? [] : [element('circle', { class: 'c0', cx: last.x, cy: last.y, r: 2.5 })]),
	];
	const description = charts.sparkline(values.length, gaps);
	return { width: WIDTH, height: HEIGHT, title, description, content };
}
