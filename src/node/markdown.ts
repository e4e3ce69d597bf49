import { visible } from '../core/format/name.ts';
import { pullRequest } from '../texts/chosen.ts';
import type { Named } from './published.ts';

/** Characters of one cell; what is longer is cut. */
const CELL = 80;
const SENTENCE = 600;

/** What a reader of Markdown may take for more than itself. Letters of all scripts are themselves. */
const SPECIAL = /[^\p{L}\p{N}\p{M} .,;+()'%/\u2013\u2014\u2026-]/gu;
/** `www.` becomes a link, and GH-1 a reference, without any special character. */
const LINKED = /www(?=\.)|GH(?=-)/gi;
/** Stands where nothing is seen, and parts what a forge would link or notify. */
const JOINER = '&#8288;';
const PARTED = new Set(['@', '#', ':', '!', '$', '~', '&']);

/**
 * A cell of text that came from outside, for Markdown that a forge shows: one line that is never
 * markup, a link, a mention, a reference or a formula. What one would not see is shown as escapes.
 */
export function cell(text: string): string {
	const shown = escaped(text, CELL);
	return shown === '' ? '' : `<code>${shown}</code>`;
}

/** The same for a sentence of ours with words of others in it. */
export function sentence(text: string): string {
	return escaped(text, SENTENCE);
}

function escaped(text: string, most: number): string {
	// Far longer text is cut before it is looked at.
	return cut(visible(text.slice(0, 2 * most + 2)), most)
		.replaceAll(LINKED, `$&${MARK}`)
		.replaceAll(SPECIAL, (character) => {
			if (character === MARK) return JOINER;
			const entity = `&#${character.codePointAt(0)};`;
			return PARTED.has(character) ? entity + JOINER : entity;
		});
}

/** Never left in visible text, which has it as an escape. */
const MARK = '\u2060';

/** At most so many characters, the last one an ellipsis where there were more. */
export function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	const characters = [...text.slice(0, 2 * most + 2)];
	return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** A table of cells that are Markdown already; figures from column `figures` on stand to the right. */
export function table(
	header: readonly string[],
	rows: readonly (readonly string[])[],
	figures: number,
): string {
	const rule = header.map((_, column) => (column < figures ? '---' : '---:'));
	return [header, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A table of at most so many items, each one or several rows, and how many are left out. */
export function shortened<Item>(
	columns: readonly string[],
	items: readonly Item[],
	rowsOf: (item: Item) => readonly (readonly string[])[],
	{ figures, most }: { readonly figures: number; readonly most: number },
): string[] {
	const shown = table(columns, items.slice(0, most).flatMap(rowsOf), figures);
	return items.length > most ? [shown, pullRequest.more(items.length - most)] : [shown];
}

/** The id, which is how files name an entity, and the name that people know. */
export function nameOf({ entity, name }: Named): string {
	return name === entity || name === '' ? cell(entity) : `${cell(name)} ${cell(entity)}`;
}
