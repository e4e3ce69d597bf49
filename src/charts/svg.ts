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
	const ems = [...graphemes.segment(text)].map(({ segment }) => {
		if (
			/^[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]|^\p{Emoji_Presentation}/u.test(
				segment,
			)
		)
			return 1.05;
		if (/^[mwMW@%]/.test(segment)) return 0.88;
		if (/^[A-Z&]/.test(segment)) return 0.68;
		return /^[ijltfr.,:;|!'()[\] ]/.test(segment) ? 0.34 : 0.57;
	});
	return ems.reduce((sum, em) => sum + em, 0) * size;
}

/** A text in at most `limit` lines of a width; what does not fit ends in an ellipsis. */
export function wrapText(text: string, width: number, size: number, limit: number): string[] {
	const lines: string[] = [];
	let rest = visible(text).trim();
	while (rest !== '' && lines.length < limit) {
		const last = lines.length === limit - 1;
		const { line, left } = fitLine(rest, width, size, last);
		lines.push(line);
		rest = left;
	}
	return lines;
}

function fitLine(text: string, width: number, size: number, last: boolean) {
	if (widthOf(text, size) <= width) return { line: text, left: '' };
	const room = last ? width - size : width;
	const pieces = [...graphemes.segment(text)].map(({ segment }) => segment);
	let count = pieces.length;
	while (count > 1 && widthOf(pieces.slice(0, count).join(''), size) > room) count -= 1;
	const start = pieces.slice(0, count).join('');
	if (last) return { line: `${start.trimEnd()}…`, left: '' };
	// At a space where there is one, otherwise in the middle of a word that is too long.
	const space = pieces[count] === ' ' ? start.length : start.lastIndexOf(' ');
	const end = space > 0 ? space : start.length;
	return { line: text.slice(0, end).trimEnd(), left: text.slice(end).trimStart() };
}
