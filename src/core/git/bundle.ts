import { decodeText } from '../format/bytes.ts';
import { fault, type GitResult, isObjectId, type ObjectFormat, type ObjectId } from './object.ts';
import { isRefName } from './refs.ts';

/** What stands before the pack of a bundle (Git's bundle format, versions 2 and 3). */
export interface BundleHeader {
	readonly format: ObjectFormat;
	/** Empty where the bundle holds all objects; else how it was thinned out. */
	readonly filter: string;
	/** Commits that whoever opens the bundle must have already. */
	readonly prerequisites: readonly ObjectId[];
	readonly refs: ReadonlyMap<string, ObjectId>;
	/** Where the pack begins. */
	readonly end: number;
}

const HEADER_LIMIT = 4 * 1024 * 1024;
const SIGNATURE = /^# v([0-9]+) git bundle$/;

export function parseBundleHeader(bytes: Uint8Array): GitResult<BundleHeader> {
	const end = headerEnd(bytes);
	const text = end < 0 ? null : decodeText(bytes.subarray(0, end - 2));
	if (text === null) return fault('bundle-malformed', 'header');
	const [first = '', ...lines] = text.split('\n');
	const version = SIGNATURE.exec(first)?.[1];
	if (version === undefined) return fault('bundle-malformed', 'header');
	if (version !== '2' && version !== '3') return fault('bundle-unsupported', `version ${version}`);
	let format: ObjectFormat = 'sha1';
	let filter = '';
	const prerequisites: ObjectId[] = [];
	const refs = new Map<string, ObjectId>();
	for (const line of lines) {
		const [, name, value] = (version === '3' && /^@([^=]*)=?(.*)$/s.exec(line)) || [];
		if (name !== undefined) {
			// Whoever knows a capability has to know it before the first id.
			const early = prerequisites.length + refs.size === 0;
			if (early && name === 'object-format' && (value === 'sha1' || value === 'sha256')) {
				format = value;
			} else if (early && name === 'filter' && value) filter = value;
			else return fault('bundle-unsupported', line.slice(0, 80));
			continue;
		}
		const [, minus, id = '', rest = ''] = /^(-?)([0-9a-f]+)(?: (.*))?$/s.exec(line) ?? [];
		if (!isObjectId(id, format)) return fault('bundle-malformed', line.slice(0, 80));
		if (minus === '-') prerequisites.push(id);
		else if (!isRefName(rest) || refs.has(rest)) {
			return fault('bundle-malformed', line.slice(0, 80));
		} else refs.set(rest, id);
	}
	return { ok: true, value: { format, filter, prerequisites, refs, end } };
}

/** The position after the blank line; -1 where there is none within the limit. */
function headerEnd(bytes: Uint8Array): number {
	const limit = Math.min(bytes.length, HEADER_LIMIT);
	for (let at = 1; at < limit; at++) {
		if (bytes[at] === 10 && bytes[at - 1] === 10) return at + 1;
	}
	return -1;
}
