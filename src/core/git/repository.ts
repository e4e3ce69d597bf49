import { decodeText } from '../format/bytes.ts';
import { parseBundleHeader } from './bundle.ts';
import { readLoose } from './loose.ts';
import {
	fault,
	type GitFault,
	type GitObject,
	type GitResult,
	type Hash,
	ID_BYTES,
	isObjectId,
	LIMITS,
	type Limits,
	type ObjectFormat,
	type ObjectId,
	pureHash,
} from './object.ts';
import { openPack, type Pack } from './pack.ts';
import { newMemory } from './pack-memory.ts';
import { branchOfHead, mainBranch, packedRefs, type Tip } from './refs.ts';

/** What became of reading one object: it is here, it is absent, or what is here is none. */
export type Read =
	| { readonly state: 'here'; readonly object: GitObject }
	| { readonly state: 'absent' }
	| { readonly state: 'broken'; readonly fault: GitFault };

/** A repository as evidence: nothing in it is believed but what hashes to the id asked for. */
export interface GitEvidence {
	readonly format: ObjectFormat;
	/** The branch whose history is meant, and the commit at its tip. */
	readonly branch: string;
	readonly head: ObjectId;
	readonly read: (id: ObjectId) => Promise<Read>;
	readonly hash: Hash;
}

export interface OpenOptions {
	readonly hash?: Hash;
	readonly limits?: Limits;
	readonly progress?: (done: number, total: number) => void;
}

/** A bundle as evidence: its main branch and the objects of its pack (docs/spec/git.md). */
export async function openBundle(
	bytes: Uint8Array,
	{ hash = pureHash, limits = LIMITS, progress }: OpenOptions = {},
): Promise<GitResult<GitEvidence>> {
	const header = parseBundleHeader(bytes);
	if (!header.ok) return header;
	const { format, refs, prerequisites } = header.value;
	const main = mainBranch(refs);
	if (main === null) return fault('branch-unknown', [...refs.keys()].join(' ').slice(0, 200));
	const pack = await openPack({
		bytes: bytes.subarray(header.value.end),
		format,
		hash,
		limits,
		thin: prerequisites.length > 0,
		...(progress && { progress }),
	});
	if (!pack.ok) return pack;
	const read = async (id: ObjectId) => readPacks([pack.value], id);
	return { ok: true, value: { format, ...main, read, hash } };
}

/** A pack that was transferred without a bundle around it, with the branch it was asked for. */
export async function openTransferred(
	bytes: Uint8Array,
	tip: Pick<GitEvidence, 'format' | 'branch' | 'head'>,
	{ hash = pureHash, limits = LIMITS, progress }: OpenOptions = {},
): Promise<GitResult<GitEvidence>> {
	const request = { bytes, format: tip.format, hash, limits, thin: true };
	const pack = await openPack(progress === undefined ? request : { ...request, progress });
	if (!pack.ok) return pack;
	return { ok: true, value: { ...tip, hash, read: async (id) => readPacks([pack.value], id) } };
}

/** A `.git` folder as a shell hands it over: paths below it, and their bytes when they are asked for. */
export interface GitFolder {
	readonly paths: readonly string[];
	/** Rejects where the bytes cannot be had. */
	readonly read: (path: string) => Promise<Uint8Array>;
}

/**
 * A clone as evidence. Of its folder it takes `HEAD`, refs, packs and loose objects; it ignores what
 * would redirect a reader: pack indexes, `shallow`, grafts, replacements.
 */
export async function openFolder(
	folder: GitFolder,
	{ hash = pureHash, limits = LIMITS, progress }: OpenOptions = {},
): Promise<GitResult<GitEvidence>> {
	const tip = await readHead(folder);
	if (!tip.ok) return tip;
	const { branch, head } = tip.value;
	const format: ObjectFormat = head.length === ID_BYTES.sha1 * 2 ? 'sha1' : 'sha256';
	const packs: Pack[] = [];
	const memory = newMemory();
	let left = limits;
	const paths = folder.paths.filter((path) => /^objects\/pack\/pack-[0-9a-f]+\.pack$/.test(path));
	for (const path of paths.toSorted()) {
		const bytes = await folder.read(path).catch(() => null);
		if (bytes === null) return fault('unreadable', path);
		const request = { bytes, format, hash, limits: left, thin: false, memory };
		const pack = await openPack(progress ? { ...request, progress } : request);
		if (!pack.ok) return fault(pack.fault.code, `${path} ${pack.fault.detail}`);
		packs.push(pack.value);
		const { objects, total } = pack.value.used;
		left = { ...left, objects: left.objects - objects, total: left.total - total };
	}
	const loose = new Set(
		folder.paths.filter((path) => /^objects\/[0-9a-f]{2}\/[0-9a-f]+$/.test(path)),
	);
	const read = async (id: ObjectId): Promise<Read> => {
		const packed = readPacks(packs, id);
		const path = `objects/${id.slice(0, 2)}/${id.slice(2)}`;
		if (packed.state !== 'absent' || !loose.has(path)) return packed;
		const bytes = await folder.read(path).catch(() => null);
		if (bytes === null) return { state: 'broken', fault: fault('unreadable', path).fault };
		const object = await readLoose(bytes, id, { format, hash, limits });
		return object.ok
			? { state: 'here', object: object.value }
			: { state: 'broken', fault: object.fault };
	};
	return { ok: true, value: { format, branch, head, read, hash } };
}

function readPacks(packs: readonly Pack[], id: ObjectId): Read {
	for (const pack of packs) {
		const object = pack.read(id);
		if (object !== undefined) return { state: 'here', object };
	}
	return { state: 'absent' };
}

/** The branch that is checked out and its tip; what is there and cannot be read is never passed over. */
async function readHead(folder: GitFolder): Promise<GitResult<Tip>> {
	const text = async (path: string): Promise<GitResult<string | null>> => {
		if (!folder.paths.includes(path)) return { ok: true, value: null };
		const bytes = await folder.read(path).catch(() => null);
		if (bytes === null) return fault('unreadable', path);
		const value = decodeText(bytes);
		return value === null ? fault('ref-malformed', path) : { ok: true, value };
	};
	if (folder.paths.some((path) => path.startsWith('reftable/'))) {
		return fault('repository-unsupported', 'reftable');
	}
	const top = await text('HEAD');
	if (!top.ok) return top;
	const head = (top.value ?? '').trimEnd();
	if (isId(head)) return { ok: true, value: { branch: 'HEAD', head } };
	const branch = branchOfHead(head);
	if (branch === undefined) return fault('ref-malformed', `HEAD ${head.slice(0, 80)}`);
	const loose = await text(branch);
	if (!loose.ok) return loose;
	const packed = loose.value === null ? await text('packed-refs') : null;
	if (packed?.ok === false) return packed;
	const tips =
		packed === null ? [(loose.value ?? '').trimEnd()] : packedRefs(packed.value ?? '', branch);
	const [tip] = tips;
	if (tip === undefined) return fault('branch-unknown', branch);
	return tips.length === 1 && isId(tip)
		? { ok: true, value: { branch, head: tip } }
		: fault('ref-malformed', `${branch} ${tip.slice(0, 80)}`);
}

function isId(text: string): boolean {
	return isObjectId(text, 'sha1') || isObjectId(text, 'sha256');
}
