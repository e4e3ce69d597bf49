/** A part of a line: as it stands, as code, or standing out. */
export interface Piece {
	readonly kind: 'text' | 'code' | 'strong';
	readonly text: string;
}

export type Block =
	| { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
	| { readonly kind: 'list'; readonly items: readonly (readonly Piece[])[] }
	| { readonly kind: 'code'; readonly text: string };

/** A document of `docs/` that is also a page of the site. */
export interface PlainDocument {
	readonly title: string;
	readonly introduction: readonly Block[];
	readonly sections: readonly { readonly heading: string; readonly blocks: readonly Block[] }[];
}

/**
 * The few forms of Markdown that such a document has: title, headings, paragraphs, lists of one level,
 * code. Throws on any other, so that a page never shows less than the document says.
 */
export function parseDocument(text: string): PlainDocument {
	const [first = '', ...parts] = text.split(/^(?=## )/m);
	const [, title, rest = ''] = /^# ([^\n]+)\n(.*)$/s.exec(first) ?? [];
	if (title === undefined) throw new Error('a document begins with "# " and its title');
	const sections = parts.map((part) => {
		const end = part.indexOf('\n');
		return { heading: part.slice('## '.length, end), blocks: parseBlocks(part.slice(end)) };
	});
	return { title, introduction: parseBlocks(rest), sections };
}

// Blank lines part blocks, but not those within a fence.
const BLOCK = /^```[a-z]*\n(?:.*\n)*?```$|^(?!```).+(?:\n(?!```).+)*/gm;
const FENCE = /^```[a-z]*\n(.*?)\n```$/s;
const OTHER_FORM = /^(#|>|\||\s|[0-9]+\. |[-*_]{3}|[*+] |!\[|<)/m;

function parseBlocks(text: string): readonly Block[] {
	if (text.replaceAll(BLOCK, '').trim() !== '') throw new Error(`an open fence: ${text}`);
	return (text.match(BLOCK) ?? []).map((chunk): Block => {
		const [, code] = FENCE.exec(chunk) ?? [];
		if (code !== undefined) return { kind: 'code', text: code };
		if (chunk.startsWith('- ')) {
			const items = chunk.slice(2).split('\n- ');
			const lines = items.map((item) => item.replaceAll(/\n {2}(?=[^\s-])/g, ' '));
			return { kind: 'list', items: lines.map(parseLine) };
		}
		if (OTHER_FORM.test(chunk)) throw new Error(`a form that pages do not have: ${chunk}`);
		return { kind: 'paragraph', pieces: parseLine(chunk.replaceAll('\n', ' ')) };
	});
}

const PIECE = /`(?<code>[^`]+)`|\*\*(?<strong>[^*`]+)\*\*|(?<text>[^`*]+)/y;

function parseLine(line: string): readonly Piece[] {
	const pieces: Piece[] = [];
	PIECE.lastIndex = 0;
	while (PIECE.lastIndex < line.length) {
		const groups = PIECE.exec(line)?.groups;
		const text = groups?.['text'];
		if (groups === undefined || line.includes('\n') || text?.includes('](')) {
			throw new Error(`a form that pages do not have: ${line}`);
		}
		const [kind, part = ''] =
			text !== undefined
				? (['text', text] as const)
				: groups['code'] !== undefined
					? (['code', groups['code']] as const)
					: (['strong', groups['strong']] as const);
		pieces.push({ kind, text: part });
	}
	return pieces;
}

/** Terms that share a definition. */
export interface Entry {
	readonly terms: readonly string[];
	readonly definition: readonly Piece[];
}

/** The entries of a list: `**term**, **term**: definition`, several in an item that belong together. */
export function entriesOf(blocks: readonly Block[]): readonly Entry[] {
	return blocks.flatMap((block) => {
		if (block.kind !== 'list') throw new Error('a glossary has terms in lists and nothing else');
		return block.items.flatMap(readEntries);
	});
}

function readEntries(pieces: readonly Piece[]): readonly Entry[] {
	const entries: { terms: string[]; definition: Piece[] }[] = [];
	let open: string[] = [];
	for (const [index, piece] of pieces.entries()) {
		const next = pieces[index + 1]?.text ?? '';
		const last = entries.at(-1);
		if (piece.kind === 'strong' && next.startsWith(':')) {
			entries.push({ terms: [...open, piece.text], definition: [] });
			open = [];
		} else if (piece.kind === 'strong' && next === ', ' && leadsToTerm(pieces, index)) {
			open.push(piece.text);
		} else if (open.length > 0) {
		} else if (last === undefined) {
			throw new Error(`an entry begins with its term: ${piece.text}`);
		} else if (last.definition.length === 0 && piece.text.startsWith(': ')) {
			last.definition.push({ ...piece, text: piece.text.slice(2) });
		} else {
			last.definition.push(piece);
		}
	}
	return entries;
}

/** Whether the terms that a comma parts end in the colon of a definition. */
function leadsToTerm(pieces: readonly Piece[], from: number): boolean {
	for (let index = from; pieces[index]?.kind === 'strong'; index += 2) {
		const text = pieces[index + 1]?.text ?? '';
		if (text !== ', ') return text.startsWith(':');
	}
	return false;
}

/** What an address has of a term: `trust root` is at `#trust-root`. */
export function anchorOf(term: string): string {
	return term.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
