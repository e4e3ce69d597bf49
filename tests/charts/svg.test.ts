import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawingAsFile } from '../../src/charts/file.ts';
import { drawProfile } from '../../src/charts/heat-map.ts';
import { drawMonthlyBars } from '../../src/charts/monthly-bars.ts';
import { drawSupplies } from '../../src/charts/sankey.ts';
import { drawSparkline } from '../../src/charts/sparkline.ts';
import { type Drawing, drawingInPage, element, wrapText } from '../../src/charts/svg.ts';
import { visible } from '../../src/core/format/name.ts';
import { formatsFor } from '../../src/texts/format.ts';
import { HOSTILE, supply } from './supplies.ts';

const format = formatsFor('en-GB');

function drawingsWith(text: string): readonly (readonly [string, Drawing | null])[] {
	const bars = {
		series: [{ name: text, side: 'above' as const }],
		months: [{ period: '2026-05', values: [1000n] }],
	};
	const profile = { slots: 24, days: [{ label: text, values: [1n, null] }] };
	return [
		['sankey', drawSupplies([supply(text, 'to', 1n, text)], format, text)],
		['bars', drawMonthlyBars(bars, format, text)],
		['sparkline', drawSparkline([1n, null], text)],
		['heat map', drawProfile(profile, format, text)],
	];
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
};

/** Elements and texts of markup, read more strictly than XML asks for; throws on anything else. */
function readStrictly(markup: string): { names: string[]; texts: string[] } {
	const token = /<(\/?)([a-z]+)((?: [A-Za-z:-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy;
	const [open, names, texts]: [string[], string[], string[]] = [[], [], []];
	let end = 0;
	for (const [whole, close, name = '', attributes = '', empty, text] of markup.matchAll(token)) {
		end += whole.length;
		for (const [entity] of `${attributes}${text ?? ''}`.matchAll(/&[^;]{0,8};?/g)) {
			if (!(entity in ENTITIES)) throw new Error(`entity ${entity}`);
		}
		if (text !== undefined) texts.push(text.replaceAll(/&[^;]+;/g, (it) => ENTITIES[it] ?? ''));
		else if (close === '/') {
			if (open.pop() !== name) throw new Error(`closes ${name}`);
		} else {
			names.push(name);
			if (empty === '') open.push(name);
		}
	}
	if (end !== markup.length) throw new Error(`not markup: ${markup.slice(end, end + 40)}`);
	if (open.length > 0) throw new Error(`open: ${open}`);
	if (/[^\n\u0020-\u007e\u00a0-\ufffd\u{10000}-\u{10ffff}]|\p{Surrogate}/u.test(markup)) {
		throw new Error('a character that XML does not hold');
	}
	return { names, texts };
}

const OWN = ['svg', 'title', 'desc', 'style', 'rect', 'text', 'path', 'g', 'circle'];

describe.each(HOSTILE.map((text) => [text.slice(0, 30), text]))('%j', (_, text) => {
	test('is text in every figure, in page and file', () => {
		for (const [name, drawing] of drawingsWith(text)) {
			if (drawing === null) throw new Error(name);
			for (const markup of [drawingInPage(drawing, 'it'), drawingAsFile(drawing, [text])]) {
				const { names } = readStrictly(markup);
				expect(
					names.filter((it) => !OWN.includes(it)),
					name,
				).toEqual([]);
				expect(markup, name).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
			}
			expect(Number.isFinite(drawing.width * drawing.height), name).toBe(true);
		}
	});
});

test('whatever text goes in comes out as the same text, with what one would not see', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
			const { markup } = element('text', { title: text }, text);
			const { names, texts } = readStrictly(markup);
			expect(names).toEqual(['text']);
			expect(texts).toEqual([visible(text)]);
		}),
	);
});

test.each([
	['short', 200, ['short']],
	['two words here', 70, ['two words', 'here']],
	['unbreakablewordthatislong', 60, ['unbreaka', 'blewor…']],
	['', 60, []],
])('%j in %d pixels', (text, width, lines) => {
	expect(wrapText(text, width, 13, 2)).toEqual(lines);
});

test('a file says its title, its source and the digest, and needs nothing else', () => {
	const [[, drawing] = []] = drawingsWith('Library');
	if (!drawing) throw new Error('not drawn');
	const digest = 'ab'.repeat(32);
	const file = drawingAsFile(drawing, ['Source: Campus, S-2026-05-r1', `SHA-256 ${digest}`]);
	const { texts } = readStrictly(file);
	for (const text of ['Library', 'Source: Campus, S-2026-05-r1', `SHA-256 ${digest}`]) {
		expect(texts).toContain(text);
	}
	expect(file.startsWith('<svg xmlns="http://www.w3.org/2000/svg" ')).toBe(true);
	expect(file.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|var\(|href/);
});
