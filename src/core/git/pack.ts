import {
	fault,
	type GitFault,
	type GitObject,
	type GitResult,
	type Hash,
	hexOf,
	ID_BYTES,
	type Limits,
	type ObjectFormat,
	type ObjectId,
} from './object.ts';
import { newContents } from './pack-contents.ts';
import { resolveDeltas } from './pack-deltas.ts';
import {
	type Entries,
	newEntries,
	type Opening,
	PACK_HEADER,
	PACK_TYPES,
	scanEntries,
} from './pack-entries.ts';
import { type Memory, newMemory, newScratch } from './pack-memory.ts';
import { newNames } from './pack-names.ts';

/** A pack whose every object has been unpacked once and named by its own bytes. */
export interface Pack {
	readonly ids: ReadonlyMap<ObjectId, unknown>;
	/** What it has cost of the limits. */
	readonly used: Pick<Limits, 'objects' | 'total'>;
	/** Undefined where the pack does not hold it. */
	readonly read: (id: ObjectId) => GitObject | undefined;
}

export interface PackRequest {
	/** Held as long as the pack is read; nobody may change them. */
	readonly bytes: Uint8Array;
	readonly format: ObjectFormat;
	readonly hash: Hash;
	readonly limits: Limits;
	/** Whether deltas may build on objects that are not in the pack; these are then absent. */
	readonly thin: boolean;
	/** Shared by the packs of one repository. */
	readonly memory?: Memory;
	readonly progress?: (done: number, total: number) => void;
}

const MAGIC = 0x5041434b;

/**
 * Opens a pack (Git's pack format, version 2) without its index, which nobody vouches for: every
 * object is inflated to exactly its declared size, every delta resolved, every id computed.
 */
export async function openPack(request: PackRequest): Promise<GitResult<Pack>> {
	const { bytes, format, hash, limits, memory = newMemory() } = request;
	const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const idBytes = ID_BYTES[format];
	if (bytes.length < PACK_HEADER + idBytes) return fault('pack-truncated', bytes.length);
	const plain = head.getUint32(0) === MAGIC && head.getUint32(4) === 2;
	if (!plain) return fault('pack-malformed', 'header');
	const count = head.getUint32(8);
	if (count > limits.objects) return fault('limit', `${count} objects`);
	const body = bytes.subarray(0, bytes.length - idBytes);
	const sum = hexOf(await hash(format, body));
	const entries = newEntries(count);
	const contents = newContents(body, entries, memory);
	const names = newNames(hash, format, entries.ids);
	const scratch = newScratch();
	const opening: Opening = { bytes: body, format, limits, entries, names, contents, scratch };
	const share = (pass: 0 | 1) => (done: number) =>
		request.progress?.(Math.floor(((pass + done) / 2) * bytes.length), bytes.length);
	const scanned = await scanEntries(opening, share(0));
	if (scanned !== null) return { ok: false, fault: scanned };
	if (sum !== hexOf(bytes, body.length)) return fault('pack-checksum', sum);
	const resolved =
		(await resolveDeltas(opening, share(1))) ?? (request.thin ? null : missingBase(entries));
	if (resolved !== null) return { ok: false, fault: resolved };
	const ids = new Map<ObjectId, number>();
	for (const [index, id] of entries.ids.entries()) if (id !== undefined) ids.set(id, index);
	const read = (id: ObjectId) => {
		const index = ids.get(id);
		const type = index === undefined ? undefined : PACK_TYPES[entries.types[index] ?? 0];
		if (index === undefined || type === undefined) return undefined;
		return { type, content: contents.of(index) };
	};
	return { ok: true, value: { ids, used: { objects: count, total: entries.total }, read } };
}

/** Every delta without an object builds, near or far, on one whose base was named and never met. */
function missingBase({ baseIds, bases }: Entries): GitFault | null {
	for (const [index, id] of baseIds) {
		if (bases[index] === -1) return fault('delta-base-missing', id).fault;
	}
	return null;
}
