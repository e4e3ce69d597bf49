import { type Drawing, drawingInPage, element, type Markup, wrapText } from './svg.ts';

/** The colors of `styles/charts.css` on paper: programs that open the file know no variables. */
export const FILE_STYLE = `
text { fill: #1b1f22; font: 12px system-ui, "Helvetica Neue", "Liberation Sans", sans-serif; }
.title { font-size: 17px; font-weight: 600; }
.strong { font-weight: 600; }
.quiet, .quiet text { fill: #5a646c; }
.source { fill: #5a646c; font-size: 10px; }
.grid, .zero-line, .line { fill: none; stroke: #d3d9dc; }
.zero-line { stroke: #1b1f22; }
.line { stroke: #0072b2; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.bar { stroke: #ffffff; }
.band { fill-opacity: 0.25; stroke-width: 0.75; }
.node { fill: #1b1f22; }
.c0 { fill: #0072b2; }
.c1 { fill: #c25400; }
.c2 { fill: #00805d; }
.c3 { fill: #a8588a; }
.c4 { fill: #8f6500; }
.c5 { fill: #5b6770; }
.band.c0 { stroke: #0072b2; }
.band.c1 { stroke: #c25400; }
.band.c2 { stroke: #00805d; }
.band.c3 { stroke: #a8588a; }
.band.c4 { stroke: #8f6500; }
.band.c5 { stroke: #5b6770; }
.h0, .h1, .h2, .h3, .h4, .h5 { fill: #0072b2; }
.h0 { fill-opacity: 0.12; }
.h1 { fill-opacity: 0.26; }
.h2 { fill-opacity: 0.42; }
.h3 { fill-opacity: 0.6; }
.h4 { fill-opacity: 0.8; }
.gap { fill: none; stroke: #5a646c; stroke-width: 0.5; }
`;

const MARGIN = 24;
/** A digest fits on one line of this width. */
const LEAST = 600;
const HEAD = 22;
const SOURCE = 15;
const PAPER = '#ffffff';

/**
 * The drawing as a file of its own, which says where it is from: `sources` are lines such as the
 * organization, the statement and the digest of its manifest.
 */
export function drawingAsFile(drawing: Drawing, sources: readonly string[]): string {
	const inner = Math.max(drawing.width, LEAST);
	const width = inner + 2 * MARGIN;
	const heads = wrapText(drawing.title, inner, 17, 3);
	const feet = sources.flatMap((source) => wrapText(source, inner, 10, 4));
	const top = MARGIN + heads.length * HEAD + 8;
	const bottom = top + drawing.height + 8;
	const height = bottom + feet.length * SOURCE + MARGIN;
	const lines = (texts: readonly string[], name: string, first: number, step: number): Markup[] =>
		texts.map((text, index) => {
			return element('text', { class: name, x: MARGIN, y: first + index * step }, text);
		});
	const whole: Drawing = {
		...drawing,
		width,
		height,
		description: [drawing.description, ...sources].join(' '),
		content: [
			// No text of others is in the style, so nothing in it needs escaping.
			{ markup: `<style>${FILE_STYLE}</style>` },
			element('rect', { width, height, fill: PAPER }),
			...lines(heads, 'title', MARGIN + 14, HEAD),
			element('g', { transform: `translate(${MARGIN} ${top})` }, ...drawing.content),
			...lines(feet, 'source', bottom + SOURCE, SOURCE),
		],
	};
	const markup = drawingInPage(whole, 'figure');
	return `${markup.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')}\n`;
}
