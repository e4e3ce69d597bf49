import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FILE_STYLE } from '../../src/charts/file.ts';

const tokens = readFileSync('src/styles/tokens.css', 'utf8');
const sheet = readFileSync('src/styles/charts.css', 'utf8');
const SERIES = [0, 1, 2, 3, 4, 5].map((index) => `c${index}`);

/** The values of a variable in a style sheet: light first, then dark. */
function colors(text: string, name: string): readonly string[] {
	return [...text.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6})`, 'g'))].map(([, it = '']) => it);
}

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5]
		.map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
		.map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'])('%s', (scheme) => {
	const index = scheme === 'light' ? 0 : 1;

	test.each(SERIES)('%s stands out from the paper', (name) => {
		const [color, paper] = [colors(sheet, name)[index], colors(tokens, 'paper')[index]];
		expect(contrast(color ?? '', paper ?? '')).toBeGreaterThanOrEqual(3);
	});
});

test('a file has the colors of the page on paper', () => {
	for (const name of SERIES) {
		expect(FILE_STYLE).toContain(`\n.${name} { fill: ${colors(sheet, name)[0]}; }`);
	}
	for (const name of ['ink', 'quiet', 'rule', 'paper']) {
		expect(FILE_STYLE, name).toContain(colors(tokens, name)[0]);
	}
});

test('every class of a drawing that a page styles, a file styles too', () => {
	const page = [...sheet.matchAll(/\.chart \.([a-z0-9-]+)/g)].map(([, name]) => name);
	for (const name of page) expect(FILE_STYLE).toMatch(new RegExp(`\\.${name}\\b`));
});
