import { decodeText } from '../format/bytes.ts';
import { canInflateTo, inflate, inflateStart } from './inflate.ts';
import {
	fault,
	frame,
	type GitObject,
	type GitResult,
	type Hash,
	hexOf,
	type Limits,
	type ObjectFormat,
	type ObjectId,
	type ObjectType,
} from './object.ts';

const TYPES: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const LONGEST_HEADER = 32;

/** A loose object, inflated to exactly the size it declares, and named by its own bytes. */
export async function readLoose(
	bytes: Uint8Array,
	id: ObjectId,
	{ format, hash, limits }: { format: ObjectFormat; hash: Hash; limits: Limits },
): Promise<GitResult<GitObject>> {
	const start = new Uint8Array(LONGEST_HEADER);
	inflateStart(bytes, start);
	const header = decodeText(start.subarray(0, Math.max(0, start.indexOf(0)))) ?? '';
	const [, name = '', digits = ''] = /^([a-z]+) (0|[1-9][0-9]{0,11})$/.exec(header) ?? [];
	const type = TYPES.find((it) => it === name);
	if (type === undefined) return fault('object-malformed', id);
	const size = Number(digits);
	if (size > limits.object) return fault('limit', `${size} bytes ${id}`);
	if (!canInflateTo(size, bytes.length)) return fault('object-malformed', id);
	const { all, content } = frame(type, size);
	const framed = all.slice(0, all.length - size);
	if (inflate(bytes, 0, all) !== bytes.length) return fault('object-malformed', id);
	if (!framed.every((byte, at) => byte === all[at])) return fault('object-malformed', id);
	if (hexOf(await hash(format, all)) !== id) return fault('object-wrong', id);
	return { ok: true, value: { type, content } };
}
