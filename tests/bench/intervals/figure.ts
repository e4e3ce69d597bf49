import { drawingAsFile } from '../../../src/charts/file.ts';
import { type Drawing, element, type Markup } from '../../../src/charts/svg.ts';
import { nameOf } from './judge.ts';
import type { Standing, Table } from './rounds.ts';

const LEFT = 200;
const RIGHT = 640;
const WIDTH = 700;
const ROW = 20;
const HEAD = 30;
const GAP = 14;

/** The least time of everybody, a dot each, on a scale on which equal ratios are equally far apart. */
export function drawTables(tables: readonly Table[], sources: readonly string[]): string {
	const times = tables.flatMap(({ standings }) => standings.map(({ wall_ms }) => wall_ms));
	const from = Math.floor(Math.log10(Math.min(...times)));
	const until = Math.ceil(Math.log10(Math.max(...times)));
	const place = (ms: number) => LEFT + ((Math.log10(ms) - from) / (until - from)) * (RIGHT - LEFT);
	const content: Markup[] = [];
	let y = 0;
	for (const table of tables) {
		content.push(element('text', { class: 'strong', x: 0, y: y + 16 }, nameOf(table)));
		const top = y + HEAD;
		const bottom = top + table.standings.length * ROW;
		for (let power = from; power <= until; power++) {
			const x = place(10 ** power);
			content.push(element('path', { class: 'grid', d: `M${x.toFixed(2)} ${top}V${bottom}` }));
		}
		table.standings
			.toSorted((a, b) => a.wall_ms - b.wall_ms)
			.forEach((standing, row) => {
				content.push(...drawRow(standing, top + row * ROW + ROW / 2, place(standing.wall_ms)));
			});
		y = bottom + GAP;
	}
	for (let power = from; power <= until; power++) {
		const at = { class: 'quiet', x: place(10 ** power), y: y + 4, 'text-anchor': 'middle' };
		content.push(element('text', at, power < 3 ? `${10 ** power} ms` : `${10 ** (power - 3)} s`));
	}
	const drawing: Drawing = {
		width: WIDTH,
		height: y + 10,
		title: 'A month of interval data, the whole job: least time of each',
		description: tables
			.map((table) => {
				const all = table.standings.map((it) => `${it.name} ${timeText(it.wall_ms)}`);
				return `${nameOf(table)}: ${all.join(', ')}.`;
			})
			.join(' '),
		content,
	};
	return drawingAsFile(drawing, sources);
}

function drawRow({ id, name, wall_ms }: Standing, y: number, x: number): Markup[] {
	const ours = id === 'ours';
	return [
		element('text', { class: ours ? 'strong' : undefined, x: 8, y: y + 4 }, name),
		element('path', { class: 'grid', d: `M${LEFT} ${y}H${x.toFixed(2)}` }),
		element('circle', { class: ours ? 'c1' : 'c5', cx: x, cy: y, r: ours ? 5 : 4 }),
		element('text', { class: ours ? 'strong' : 'quiet', x: x + 9, y: y + 4 }, timeText(wall_ms)),
	];
}

export function timeText(ms: number): string {
	return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
