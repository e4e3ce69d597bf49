import { decodeText } from '../format/bytes.ts';
import { isObjectId, type ObjectFormat, type ObjectId } from './object.ts';

/** What the verifier reads of a commit; author and date are claims of whoever made it. */
export interface Commit {
	readonly tree: ObjectId;
	readonly parents: readonly ObjectId[];
	/** Name and address, as they stand there. */
	readonly author: string;
	/** UTC instant of the committer's clock; empty where it is none. */
	readonly date: string;
}

/** The head of a commit; null where it is not in Git's form. */
export function parseCommit(content: Uint8Array, format: ObjectFormat): Commit | null {
	const head = lines(content);
	const tree = /^tree ([0-9a-f]+)$/.exec(head.next().value ?? '')?.[1] ?? '';
	const parents: ObjectId[] = [];
	let line = head.next().value ?? '';
	for (; line.startsWith('parent '); line = head.next().value ?? '') {
		parents.push(line.slice('parent '.length));
	}
	const author = /^author (.*) [0-9]+ [+-][0-9]{4}$/s.exec(line)?.[1];
	const committer = head.next().value ?? '';
	const seconds = /^committer .* ([0-9]+) [+-][0-9]{4}$/s.exec(committer)?.[1];
	if (![tree, ...parents].every((id) => isObjectId(id, format))) return null;
	if (author === undefined || seconds === undefined) return null;
	return { tree, parents, author, date: instantOf(Number(seconds)) };
}

/** Longer ones are nobody's name and address. */
const LONGEST_LINE = 8192;

/** The lines before the first empty one, as UTF-8 or else a character for each byte. */
function* lines(content: Uint8Array): Generator<string, undefined> {
	for (let at = 0; at < content.length; ) {
		const end = content.indexOf(10, at);
		const line = content.subarray(at, end < 0 ? content.length : end);
		if (line.length === 0 || line.length > LONGEST_LINE) return;
		yield decodeText(line) ?? String.fromCharCode(...line);
		at += line.length + 1;
	}
}

const LAST_SECOND = 253_402_300_799;

function instantOf(seconds: number): string {
	if (seconds > LAST_SECOND) return '';
	return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
