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
	const end = content.findIndex((byte, at) => byte === 10 && content[at + 1] === 10);
	const head = decodeText(end < 0 ? content : content.subarray(0, end));
	const lines = (head ?? latin1(end < 0 ? content : content.subarray(0, end))).split('\n');
	const ids = { tree: [] as string[], parent: [] as string[] };
	let index = 0;
	for (const key of ['tree', 'parent'] as const) {
		for (; lines[index]?.startsWith(`${key} `); index++) {
			const id = lines[index]?.slice(key.length + 1) ?? '';
			if (!isObjectId(id, format)) return null;
			ids[key].push(id);
		}
	}
	const [tree] = ids.tree;
	const author = /^author (.*) [0-9]+ [+-][0-9]{4}$/.exec(lines[index] ?? '')?.[1];
	const seconds = /^committer .* ([0-9]+) [+-][0-9]{4}$/.exec(lines[index + 1] ?? '')?.[1];
	if (ids.tree.length !== 1 || tree === undefined) return null;
	if (author === undefined || seconds === undefined) return null;
	return { tree, parents: ids.parent, author, date: instantOf(Number(seconds)) };
}

function latin1(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

const LAST_SECOND = 253_402_300_799;

function instantOf(seconds: number): string {
	if (seconds > LAST_SECOND) return '';
	return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
