import { group, sum } from 'd3-array';
import { sankey } from 'd3-sankey';
import { area, curveBumpX } from 'd3-shape';
import { compareText } from '../core/problem.ts';
import { sumUnits } from '../core/settlement/apportion.ts';
import type { Named, Supply } from '../node/published.ts';
import { charts } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import { type Drawing, element, type Markup, widthOf, wrapText } from './svg.ts';

type Side = 'from' | 'to';

/** One entity on one side; whoever supplies and receives in one month stands on both. */
export interface SupplyNode extends Named {
	readonly side: Side;
	readonly energy_wh: bigint;
	readonly y: number;
	readonly height: number;
}

/** One supply, with its upper edge at either end; `color` is that of its supplier. */
export interface SupplyBand {
	readonly supply: Supply;
	readonly color: number;
	readonly width: number;
	readonly y: readonly [from: number, to: number];
}

export interface SupplyLayout {
	readonly nodes: readonly SupplyNode[];
	readonly bands: readonly SupplyBand[];
	readonly height: number;
}

/** Above this many entities a drawing is a knot; the table always stands. */
export const MOST_ENTITIES = 12;

/** The widest label, the middle between the labels, a node's own width and its distance to them. */
const LABEL = 196;
const MIDDLE = 272;
const NODE = 8;
const GAP = 8;
const ENERGY_HEIGHT = 200;
const SIZE = 13;
const LINE = 16;
const TOP = 26;

/**
 * Where the entities and the bands between them lie: the larger first, by id where equal, whatever
 * the order of the rows; across, from 0. `pitch` is the room that one label needs.
 */
export function layOutSupplies(supplies: readonly Supply[], pitch: number): SupplyLayout {
	const rows = supplies.filter(({ energy_wh }) => energy_wh > 0n);
	const sides = { from: rank(rows, 'from'), to: rank(rows, 'to') };
	const order = (side: Side, supply: Supply) =>
		sides[side].findIndex(({ entity }) => entity === supply[side].entity);
	const sorted = rows.toSorted(
		(a, b) => order('from', a) - order('from', b) || order('to', a) - order('to', b),
	);
	const count = Math.max(sides.from.length, sides.to.length);
	const height = Math.max(0, count - 1) * pitch + ENERGY_HEIGHT;
	const nodes = [...sides.from, ...sides.to].map((it) => ({ ...it, id: key(it.side, it) }));
	const links = sorted.map((supply) => ({
		source: key('from', supply.from),
		target: key('to', supply.to),
		value: Number(supply.energy_wh) / 1000,
		supply,
	}));
	if (links.length === 0) return { nodes: [], bands: [], height: 0 };
	const graph = sankey<(typeof nodes)[number], (typeof links)[number]>()
		.nodeId(({ id }) => id)
		.nodeSort(() => 0)
		.nodeWidth(NODE)
		.nodePadding(pitch)
		.extent([
			[0, 0],
			[MIDDLE, height],
		])({ nodes, links });
	return {
		nodes: graph.nodes.map(({ id: _id, y0 = 0, y1 = 0, ...node }) => ({
			entity: node.entity,
			name: node.name,
			side: node.side,
			energy_wh: node.energy_wh,
			y: y0,
			height: y1 - y0,
		})),
		bands: graph.links.map(({ supply, width = 0, y0 = 0, y1 = 0 }) => ({
			supply,
			color: order('from', supply) % 6,
			width,
			y: [y0 - width / 2, y1 - width / 2],
		})),
		height,
	};
}

const key = (side: Side, { entity }: Named) => `${side} ${entity}`;

/** The entities of one side, the larger first. */
function rank(rows: readonly Supply[], side: Side) {
	const groups = group(rows, (row) => row[side].entity);
	return [...groups.values()]
		.flatMap((own) => {
			const energy_wh = sumUnits(own.map((row) => row.energy_wh));
			return own.slice(0, 1).map((row) => ({ ...row[side], side, energy_wh }));
		})
		.toSorted((a, b) => {
			if (a.energy_wh !== b.energy_wh) return a.energy_wh > b.energy_wh ? -1 : 1;
			return compareText(a.entity, b.entity);
		});
}

/** Who supplied whom; null where nothing was shared, or among too many for a drawing. */
export function drawSupplies(
	supplies: readonly Supply[],
	format: EnergyFormat,
	title: string,
): Drawing | null {
	const shared = supplies.filter(({ energy_wh }) => energy_wh > 0n);
	const entities = new Set(shared.flatMap(({ from, to }) => [from.entity, to.entity]));
	if (entities.size === 0 || entities.size > MOST_ENTITIES) return null;
	const lines = shared.flatMap(({ from, to }) => [nameLines(from).length, nameLines(to).length]);
	const label = (Math.max(...lines) + 1) * LINE;
	const { nodes, bands, height } = layOutSupplies(supplies, label + 4);
	const words = charts.supplies;
	// A label is centered on its node, and may be higher than it.
	const top = TOP + label / 2;
	const room = (side: Side) =>
		Math.max(...nodes.filter((node) => node.side === side).map((it) => labelWidth(it, format)));
	const left = room('from') + GAP;
	const head = { class: 'quiet', y: SIZE };
	const count = (side: Side) => sum(nodes, (node) => (node.side === side ? 1 : 0));
	const total = format.energy(sumUnits(shared.map(({ energy_wh }) => energy_wh)));
	return {
		width: left + MIDDLE + GAP + room('to'),
		height: top + height + label / 2,
		title,
		description: words.description(count('from'), count('to'), total),
		content: [
			element('text', { ...head, x: left - GAP, 'text-anchor': 'end' }, words.from),
			element('text', { ...head, x: left + MIDDLE + GAP }, words.to),
			...bands.map((band) => drawBand(band, left, top, format)),
			...nodes.flatMap((node) => drawNode(node, left, top, bands, format)),
		],
	};
}

type EnergyFormat = Pick<Formats, 'energy'>;

const energyLine = ({ energy_wh }: SupplyNode, format: EnergyFormat) =>
	charts.supplies.energy(format.energy(energy_wh));

function labelWidth(node: SupplyNode, format: EnergyFormat): number {
	// Names are set bolder than the estimate.
	const names = nameLines(node).map((it) => widthOf(it, SIZE) * 1.1);
	return Math.ceil(Math.max(...names, widthOf(energyLine(node, format), SIZE)));
}

const nameLines = ({ name }: Named) => wrapText(name, LABEL, SIZE, 2);

function drawBand(
	{ supply, color, width, y }: SupplyBand,
	left: number,
	top: number,
	format: EnergyFormat,
): Markup {
	const [from, to] = [top + y[0], top + y[1]];
	const shape = area<readonly [x: number, y: number]>()
		.x(([x]) => x)
		.y0(([, it]) => it)
		.y1(([, it]) => it + width)
		.curve(curveBumpX)
		.digits(2);
	const d = shape([
		[left + NODE, from],
		[left + MIDDLE - NODE, to],
	]);
	const names = [supply.from.name, supply.to.name] as const;
	const title = charts.supplies.flow(...names, format.energy(supply.energy_wh));
	return element('path', { class: `band c${color}`, d: d ?? '' }, element('title', {}, title));
}

function drawNode(
	node: SupplyNode,
	left: number,
	top: number,
	bands: readonly SupplyBand[],
	format: EnergyFormat,
): Markup[] {
	const given = node.side === 'from';
	const color = bands.find(({ supply }) => supply.from.entity === node.entity)?.color ?? 0;
	const lines = nameLines(node);
	const x = given ? left - GAP : left + MIDDLE + GAP;
	const first = top + node.y + node.height / 2 - ((lines.length + 1) * LINE) / 2 + SIZE;
	const at = { x, 'text-anchor': given ? 'end' : undefined };
	return [
		element('rect', {
			class: given ? `c${color}` : 'node',
			x: given ? left : left + MIDDLE - NODE,
			y: top + node.y,
			width: NODE,
			height: Math.max(1, node.height),
		}),
		...lines.map((line, index) => {
			return element('text', { ...at, class: 'strong', y: first + index * LINE }, line);
		}),
		element('text', { ...at, y: first + lines.length * LINE }, energyLine(node, format)),
	];
}
