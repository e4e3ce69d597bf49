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
const MODES: ReadonlyMap<number, string> = new Map(
	[FOLDER, PLAIN_FILE, '100755', '120000', '160000'].map((mode) => [
		Number.parseInt(mode, 8),
		mode,
	]),
);
const MODE_DIGITS = 6;
/** Beyond, what is read of a tree takes far more memory than its bytes. */
const MOST_ENTRIES = 100_000;

/** A tree that has been read. */
export interface ParsedTree {
	readonly entries: readonly TreeEntry[];
	readonly content: Uint8Array;
	/** Whether each name had to be compared with all others. */
	readonly doubtful: boolean;
}

export const NO_TREE: ParsedTree = { entries: [], content: new Uint8Array(), doubtful: false };

/**
 * The entries of a tree in their order; null where it is not canonical: another mode, a name that is
 * empty, holds `/` or means `.`, `..` or `.git`, names out of order or twice, more names than anybody
 * has in one folder. What Git shows of such a tree depends on the program.
 */
export function parseTree(content: Uint8Array, format: ObjectFormat): readonly TreeEntry[] | null {
	return parseTreeLike(content, format, NO_TREE)?.entries ?? null;
}

/**
 * As `parseTree`. The entries with which another tree begins and ends too are the same objects: two
 * trees of one folder mostly differ in one entry.
 */
export function parseTreeLike(
	content: Uint8Array,
	format: ObjectFormat,
	other: ParsedTree,
): ParsedTree | null {
	const idBytes = ID_BYTES[format];
	const like = other.doubtful ? NO_TREE : other;
	const head = sharedHead(content, like, idBytes);
	const tail = sharedTail(content, like, head.bytes, idBytes);
	const last = like.entries[head.count - 1];
	let entries = like.entries.slice(0, head.count);
	let previous = last === undefined ? null : nameBefore(head.bytes - idBytes - 1, last);
	let doubtful = false;
	for (let at = head.bytes; at < content.length; ) {
		// The rest is known only if an entry ends where it begins.
		const rest = at === content.length - tail.bytes ? like.entries.slice(-tail.count) : [];
		if (entries.length + Math.max(1, rest.length) > MOST_ENTRIES) return null;
		const end = content.indexOf(0, at);
		const entry = rest[0] ?? readEntry(content, at, end, idBytes);
		if (entry === null) return null;
		const current = { from: at + entry.mode.length + 1, to: end, folder: entry.mode === FOLDER };
		if (previous !== null && !isBefore(content, previous, current)) return null;
		// In Git's order others may stand between a file and a folder of one name: `a`, `a.csv`, `a/`.
		doubtful ||= current.folder && entries.at(-1)?.name.startsWith(entry.name) === true;
		doubtful ||= !isAscii(entry.name);
		if (rest.length > 0) {
			entries = entries.concat(rest);
			break;
		}
		entries.push(entry);
		previous = current;
		at = end + 1 + idBytes;
	}
	const names = doubtful ? new Set(entries.map(({ name }) => name)).size : entries.length;
	return names === entries.length ? { entries, content, doubtful } : null;
}

/** So many entries, in so many bytes. */
interface Shared {
	readonly count: number;
	readonly bytes: number;
}

function sharedHead(content: Uint8Array, { entries, content: known }: ParsedTree, idBytes: number) {
	const length = Math.min(content.length, known.length);
	let same = 0;
	while (same < length && content[same] === known[same]) same++;
	return wholeEntries(same, idBytes, (index) => entries[index]);
}

/** Of what is left after the head. */
function sharedTail(
	content: Uint8Array,
	{ entries, content: known }: ParsedTree,
	head: number,
	idBytes: number,
): Shared {
	const length = Math.min(content.length, known.length) - head;
	let same = 0;
	while (same < length && content[content.length - same - 1] === known[known.length - same - 1]) {
		same++;
	}
	return wholeEntries(same, idBytes, (index) => entries.at(-1 - index));
}

/** How many entries fit into so many bytes; their names are ASCII. */
function wholeEntries(
	most: number,
	idBytes: number,
	entryOf: (index: number) => TreeEntry | undefined,
): Shared {
	let bytes = 0;
	for (let count = 0; ; count++) {
		const entry = entryOf(count);
		const size = entry === undefined ? most : entry.mode.length + entry.name.length + 2 + idBytes;
		if (entry === undefined || bytes + size > most) return { count, bytes };
		bytes += size;
	}
}

function nameBefore(to: number, { mode, name }: TreeEntry): Name {
	return { from: to - name.length, to, folder: mode === FOLDER };
}

function readEntry(
	content: Uint8Array,
	from: number,
	end: number,
	idBytes: number,
): TreeEntry | null {
	const space = content.indexOf(SPACE, from);
	if (end < 0 || space < 0 || space > end || end + 1 + idBytes > content.length) return null;
	const mode = modeOf(content, from, space);
	const name = mode === undefined ? '' : nameOf(content, space + 1, end);
	if (mode === undefined || !isSafeName(name)) return null;
	return { mode, name, id: hexOf(content, end + 1, end + 1 + idBytes) };
}

/** Such names are equal only where their bytes are. */
function isAscii(name: string): boolean {
	return !/[\u0080-\uffff]/.test(name);
}

const SPACE = 0x20;
const ZERO = 0x30;

function modeOf(content: Uint8Array, from: number, to: number): string | undefined {
	if (to - from > MODE_DIGITS || content[from] === ZERO) return undefined;
	let mode = 0;
	for (let at = from; at < to; at++) {
		const digit = (content[at] ?? 0) - ZERO;
		if (digit < 0 || digit > 7) return undefined;
		mode = mode * 8 + digit;
	}
	return MODES.get(mode);
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
		from + shared < to ? (content[from + shared] ?? 0) : folder ? SLASH : 0;
	return after(a) < after(b);
}

const SLASH = 0x2f;
/** Filled anew for each name: text of one piece is cheaper as a key than text put together. */
const characters: number[] = [];

/**
 * Names that are not UTF-8 are no legal paths of a log anyway: each byte becomes a character. Where
 * that gives the name of another entry, the tree is refused.
 */
function nameOf(content: Uint8Array, from: number, to: number): string {
	characters.length = to - from;
	let bits = 0;
	for (let at = from; at < to; at++) {
		const byte = content[at] ?? 0;
		characters[at - from] = byte;
		bits |= byte;
	}
	const text = to - from > LONGEST_NAME ? null : String.fromCharCode.apply(null, characters);
	if (text !== null && bits < 128) return text;
	return decodeText(content.subarray(from, to)) ?? text ?? '';
}

/** As in file systems; a longer name that is not UTF-8 is as good as none. */
const LONGEST_NAME = 4096;

/** What Windows and macOS take for `.git`: a stream of it, its short name, ignored characters. */
const GIT_FOLDER = /^(\.git|git~1)[ .]*([:\\].*)?$/is;
const IGNORED_BY_MACOS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

function isSafeName(name: string): boolean {
	if (name === '' || name === '.' || name === '..' || name.includes('/')) return false;
	return !GIT_FOLDER.test(name.replace(IGNORED_BY_MACOS, ''));
}
