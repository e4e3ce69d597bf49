import { decodeText } from '../format/bytes.ts';
import { hexOf, ID_BYTES, type ObjectFormat, type ObjectId } from './object.ts';

/** What a tree says of one name. */
export interface TreeEntry {
	/** Octal, as Git writes it: `40000`, `100644`, `100755`, `120000`, `160000`. */
	readonly mode: string;
	readonly name: string;
	readonly id: ObjectId;
}

export const FOLDER = '40000';
export const PLAIN_FILE = '100644';
const MODES: ReadonlySet<string> = new Set([FOLDER, PLAIN_FILE, '100755', '120000', '160000']);

/**
 * The entries of a tree in their order; null where it is not canonical: another mode, a name that is
 * empty, holds `/` or means `.`, `..` or `.git`, names out of order or twice. What Git shows of such
 * a tree depends on the program.
 */
export function parseTree(content: Uint8Array, format: ObjectFormat): readonly TreeEntry[] | null {
	const entries: TreeEntry[] = [];
	const idBytes = ID_BYTES[format];
	let previous = { from: 0, to: 0, folder: false };
	for (let at = 0; at < content.length; ) {
		const space = content.indexOf(0x20, at);
		const end = content.indexOf(0, at);
		const next = end + 1 + idBytes;
		if (space < 0 || space - at > 6 || end < space || next > content.length) return null;
		const mode = ascii(content, at, space);
		const name = nameOf(content.subarray(space + 1, end));
		if (!MODES.has(mode) || !isSafeName(name)) return null;
		const current = { from: space + 1, to: end, folder: mode === FOLDER };
		if (entries.length > 0 && !isBefore(content, previous, current)) return null;
		entries.push({ mode, name, id: hexOf(content, end + 1, next) });
		previous = current;
		at = next;
	}
	return entries;
}

interface Name {
	readonly from: number;
	readonly to: number;
	readonly folder: boolean;
}

/** Git orders names by their bytes, those of folders as if `/` followed. */
function isBefore(content: Uint8Array, a: Name, b: Name): boolean {
	const shared = Math.min(a.to - a.from, b.to - b.from);
	for (let index = 0; index < shared; index++) {
		const difference = (content[a.from + index] ?? 0) - (content[b.from + index] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	const after = ({ from, to, folder }: Name) =>
		from + shared < to ? (content[from + shared] ?? 0) : folder ? 0x2f : 0;
	// A file and a folder of one name are in order for Git, and still one name twice.
	return a.to - a.from !== b.to - b.from && after(a) < after(b);
}

function ascii(content: Uint8Array, from: number, to: number): string {
	let text = '';
	for (let at = from; at < to; at++) text += String.fromCharCode(content[at] ?? 0);
	return text;
}

/** Names that are not UTF-8 are no legal paths of a log anyway: each byte becomes a character. */
function nameOf(bytes: Uint8Array): string {
	return decodeText(bytes) ?? ascii(bytes, 0, bytes.length);
}

function isSafeName(name: string): boolean {
	if (name === '' || name === '.' || name === '..' || name.includes('/')) return false;
	return !/^(\.git|git~1)[ .]*$/i.test(name);
}
