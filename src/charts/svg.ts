import { visible } from '../core/format/name.ts';

/** Markup that `element` made: no text gets into a drawing unescaped. */
export interface Markup {
	readonly markup: string;
}

/** A figure before it is known whether it goes into a page or a file; lengths in its own pixels. */
export interface Drawing {
	readonly width: number;
	readonly height: number;
	/** What it is called, and what somebody who does not see it is told. */
	readonly title: string;
	readonly description: string;
	readonly content: readonly Markup[];
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of SVG; texts among the children are escaped, numbers have at most 2 decimals. */
export function element(
	name: string,
	attributes: Attributes,
	...children: readonly (Markup | string)[]
): Markup {
	const written = Object.entries(attributes).flatMap(([key, value]) => {
		if (value === undefined) return [];
		return ` ${key}="${typeof value === 'number' ? round(value) : escapeText(value)}"`;
	});
	const inside = children.map((it) => (typeof it === 'string' ? escapeText(it) : it.markup));
	const start = `<${name}${written.join('')}`;
	return { markup: inside.length === 0 ? `${start}/>` : `${start}>${inside.join('')}</${name}>` };
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text for HTML and XML alike; what XML cannot hold, and what turns the direction, as escapes. */
export function escapeText(text: string): string {
	return visible(text)
		.replaceAll(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
		.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Two decimals, so that the last digit of a float never shows in the bytes. */
export function round(value: number): number {
	return Math.round(value * 100) / 100 + 0; // no -0
}

/** The drawing as part of a page; `id` is the page's own for it. */
export function drawingInPage(drawing: Drawing, id: string): string {
	const { width, height, title, description, content } = drawing;
	const attributes = {
		class: 'chart',
		viewBox: `0 0 ${round(width)} ${round(height)}`,
		width,
		height,
		preserveAspectRatio: 'xMinYMin',
		role: 'img',
		'aria-labelledby': `${id}-title`,
		'aria-describedby': `${id}-description`,
	};
	return element(
		'svg',
		attributes,
		element('title', { id: `${id}-title` }, title),
		element('desc', { id: `${id}-description` }, description),
		...content,
	).markup;
}

const graphemes = new Intl.Segmenter('en');

/** About how wide a text is, in pixels: no font is at hand when a page is built. */
export function widthOf(text: string, size: number): number {
	return piecesOf(text).reduce((sum, piece) => sum + emsOf(piece), 0) * size;
}

const piecesOf = (text: string) => [...graphemes.segment(text)].map(({ segment }) => segment);

const FULL =
	/^[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]|^\p{Emoji_Presentation}/u;

function emsOf(piece: string): number {
	if (FULL.test(piece)) return 1.05;
	if (/^[mwMW@%]/.test(piece)) return 0.95;
	if (/^[A-Z&]/.test(piece)) return 0.68;
	return /^[ijltfr.,:;|!'()[\] ]/.test(piece) ? 0.34 : 0.57;
}

/** A text in at most `limit` lines of a width; what does not fit ends in an ellipsis. */
export function wrapText(text: string, width: number, size: number, limit: number): string[] {
	const lines: string[] = [];
	let rest = piecesOf(visible(text).trim());
	while (rest.length > 0 && lines.length < limit) {
		const { line, left } = fitLine(rest, width / size, lines.length === limit - 1);
		lines.push(line);
		rest = left;
	}
	return lines;
}

/** The first line of pieces, at most so many ems wide, and what is left of them. */
function fitLine(pieces: readonly string[], ems: number, last: boolean) {
	const whole = countFitting(pieces, ems);
	if (whole === pieces.length) return { line: pieces.join(''), left: [] };
	if (last) {
		const start = pieces.slice(0, Math.max(1, countFitting(pieces, ems - 1)));
		return { line: `${start.join('').trimEnd()}…`, left: [] };
	}
	// At a space where there is one, otherwise in the middle of a word that is too long.
	const space = pieces.lastIndexOf(' ', whole);
	const end = Math.max(1, space > 0 ? space : whole);
	const left = pieces.slice(end);
	return {
		line: pieces.slice(0, end).join('').trimEnd(),
		left: left.slice(left[0] === ' ' ? 1 : 0),
	};
}

function countFitting(pieces: readonly string[], ems: number): number {
	let width = 0;
	const over = pieces.findIndex((piece) => {
		width += emsOf(piece);
		return width > ems;
	});
	return over < 0 ? pieces.length : over;
}
