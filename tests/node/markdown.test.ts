import { expect, test } from 'vitest';
import { cell, sentence } from '../../src/node/markdown.ts';

/** What a browser shows of Markdown that has no markup but the one `code`. */
function shown(markdown: string): string {
	return markdown
		.replace(/^<code>|<\/code>$/g, '')
		.replaceAll('&#8288;', '')
		.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

/** What was written, and how it looks where that is not the same. */
const HOSTILE: readonly (readonly [string, string?])[] = [
	['library'],
	['Bücherei & Archiv 書庫'],
	['a|b'],
	['<b>bold</b><img src=x onerror=alert(1)><!--'],
	['</code><h1>VALID</h1>'],
	['@org/energy and @alice, mail bob@example.org'],
	['fixes #12, GH-12, org/repo#3, org@0123456789abcdef'],
	['![pixel](https://example.org/p.png) [click](javascript:alert(1)) [ref]: x'],
	['https://example.org www.example.org ftp://example.org'],
	['`code` ``two`` *bold* _slope_ ~~gone~~ $x^2$ $`y`$ :smile:'],
	['\\| \\` \\@ back\\slash'],
	['&#64;team &commat;team &lt;'],
	['::set-output name=x::y'],
	['%0A::error::forged %0D%25'],
	['a\nb', 'a\\u000ab'],
	['a\r\n::error::b', 'a\\u000d\\u000a::error::b'],
	['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
	['invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
	['a\u2066b\u2069c\u200bd\u2060e\ufefff', 'a\\u2066b\\u2069c\\u200bd\\u2060e\\ufefff'],
	['a\u2028b\u2029c\u0085d\u0000e', 'a\\u2028b\\u2029c\\u0085d\\u0000e'],
	['x'.repeat(80)],
	['x'.repeat(81), `${'x'.repeat(79)}…`],
	['🔋'.repeat(81), `${'🔋'.repeat(79)}…`],
	['\u202e'.repeat(1_000_000), `${'\\u202e'.repeat(80).slice(0, 79)}…`],
	['', ''],
];

/** What no forge may find unescaped in text of others; `#`, `&` and `;` only within an entity. */
const ALIVE = /[|<>@[\]!\\`*_~$:"=^{}\n\r]|&(?!#\d+;)|(?<!&)#/;

test.each(HOSTILE)('%j is shown in a cell and does nothing', (text = '', look = text) => {
	const markdown = cell(text);
	expect(shown(markdown)).toBe(look);
	expect(markdown.replace(/^<code>|<\/code>$/g, '')).not.toMatch(ALIVE);
	expect(markdown.replaceAll('&#8288;', '\u2060')).not.toMatch(/www\.|GH-\d/);
	expect([...shown(markdown)].length).toBeLessThanOrEqual(80);
});

test.each(HOSTILE)('%j does nothing in a sentence either', (text = '') => {
	expect(sentence(`It is "${text}".`)).not.toMatch(ALIVE);
});

test('what is decoded still names nobody and links nothing', () => {
	const decoded = cell('@org/energy #12 https://example.org')
		.replaceAll('&#8288;', '\u2060')
		.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
	expect(decoded).not.toMatch(/@\w|#\d|:\/\//);
});

test('a sentence is cut as well', () => {
	expect(shown(sentence('word '.repeat(1000))).length).toBe(600);
});
