import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anchorOf, entriesOf, parseDocument } from '../../src/node/document.ts';

const read = (name: string) => parseDocument(readFileSync(`docs/${name}.md`, 'utf8'));
const text = (kind: string, part: string) => ({ kind, text: part });

test('a document is its title, its introduction and its sections', () => {
	const source = [
		'# Words\n\nOne *is* wrong.',
		'## a-code\n\nWrite `x`, **never** y.\n\n```csv\na\n\n# b\n```\n\n- one\n  line\n- two',
	];
	const document = parseDocument(`${source[0]?.replaceAll('*', '')}\n\n${source[1]}\n`);
	expect(document).toEqual({
		title: 'Words',
		introduction: [{ kind: 'paragraph', pieces: [text('text', 'One is wrong.')] }],
		sections: [
			{
				heading: 'a-code',
				blocks: [
					{
						kind: 'paragraph',
						pieces: [
							text('text', 'Write '),
							text('code', 'x'),
							text('text', ', '),
							text('strong', 'never'),
							text('text', ' y.'),
						],
					},
					{ kind: 'code', text: 'a\n\n# b' },
					{ kind: 'list', items: [[text('text', 'one line')], [text('text', 'two')]] },
				],
			},
		],
	});
});

test.each([
	['no title', 'Words\n'],
	['emphasis', '# T\n\nOne *is* enough.\n'],
	['a link', '# T\n\nSee [there](x.md).\n'],
	['a table', '# T\n\n| a |\n|---|\n'],
	['a third heading', '# T\n\n### Deep\n'],
	['markup', '# T\n\n<b>bold</b>\n'],
	['a list in a list', '# T\n\n- one\n  - two\n'],
	['a numbered list', '# T\n\n1. one\n'],
	['a heading in a fence', '# T\n\n```\n## b\n```\n'],
	['an open fence', '# T\n\n```\nnever closed\n'],
	['an open code', '# T\n\nWrite `x.\n'],
])('%s is refused', (_, source) => {
	expect(() => parseDocument(source)).toThrow();
});

test('every bold beginning of an item of the glossary is a term with an anchor of its own', () => {
	const source = readFileSync('docs/glossary.md', 'utf8');
	const entries = read('glossary').sections.flatMap(({ blocks }) => entriesOf(blocks));
	const terms = entries.flatMap((it) => it.terms);
	const before = [...source.matchAll(/\*\*([^*]+)\*\*(?=:)/g)].map(([, term]) => term);
	expect(entries.map((it) => it.terms.at(-1))).toEqual(before);
	expect(terms).toContain('surplus');
	expect(terms).toContain('trust root');
	const anchors = terms.map(anchorOf);
	expect(new Set(anchors).size).toBe(anchors.length);
	for (const { terms, definition } of entries) expect(definition, terms[0]).not.toEqual([]);
});

test('the problems keep every word of their document', () => {
	const { introduction, sections } = read('problems');
	const all = [introduction, ...sections.map((it) => it.blocks)].flat();
	const words = all.flatMap((block) =>
		block.kind === 'code'
			? block.text
			: (block.kind === 'list' ? block.items.flat() : block.pieces).map((it) => it.text).join(''),
	);
	const plain = (it: string) => it.replaceAll(/[`*\s]|^- /gm, '');
	const source = readFileSync('docs/problems.md', 'utf8').replaceAll(/^(#.*|```.*)$/gm, '');
	expect(plain(words.join(''))).toBe(plain(source));
});
