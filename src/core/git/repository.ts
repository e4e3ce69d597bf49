import { decodeText } from '../format/bytes.ts';
import { parseBundleHeader } from './bundle.ts';
import { inflate, inflateStart } from './inflate.ts';
import {
	fault,
	frame,
	type GitFault,
	type GitObject,
	type GitResult,
	type Hash,
	hexOf,
	ID_BYTES,
	isObjectId,
	LIMITS,
	type Limits,
	type ObjectFormat,
	type ObjectId,
	type ObjectType,
	pureHash,
} from './object.ts';
import { openPack, type Pack } from './pack.ts';

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
	const { format, refs, prerequisites, filter } = header.value;
	const main = mainBranch(refs);
	if (main === null) return fault('branch-unknown', [...refs.keys()].join(' ').slice(0, 200));
	const thin = prerequisites.length > 0 || filter !== '';
	const pack = await openPack({
		bytes: bytes.subarray(header.value.end),
		format,
		hash,
		limits,
		thin,
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

/** `main` where there is one, else the only branch there is. */
function mainBranch(
	refs: ReadonlyMap<string, ObjectId>,
): Pick<GitEvidence, 'branch' | 'head'> | null {
	const branches = [...refs].filter(([name]) => name.startsWith('refs/heads/'));
	const candidates = branches.length > 0 ? branches : [...refs].filter(([name]) => name === 'HEAD');
	const chosen = refs.get(MAIN) === undefined ? candidates : [[MAIN, refs.get(MAIN)] as const];
	const [[branch, head] = []] = chosen;
	if (chosen.length !== 1 || branch === undefined || head === undefined) return null;
	return { branch, head };
}

const MAIN = 'refs/heads/main';

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
	let left = limits;
	const paths = folder.paths.filter((path) => /^objects\/pack\/pack-[0-9a-f]+\.pack$/.test(path));
	for (const path of paths.toSorted()) {
		const bytes = await folder.read(path).catch(() => null);
		if (bytes === null) return fault('unreadable', path);
		const request = { bytes, format, hash, limits: left, thin: false };
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
		return bytes === null ? { state: 'absent' } : readLoose(bytes, id, { format, hash, limits });
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

const TYPES: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const LONGEST_HEADER = 32;

/** A loose object, inflated to exactly the size it declares, and named by its own bytes. */
async function readLoose(
	bytes: Uint8Array,
	id: ObjectId,
	{ format, hash, limits }: { format: ObjectFormat; hash: Hash; limits: Limits },
): Promise<Read> {
	const broken = (code: GitFault['code'], detail: string): Read => ({
		state: 'broken',
		fault: { code, detail },
	});
	const start = new Uint8Array(LONGEST_HEADER);
	inflateStart(bytes, start);
	const header = decodeText(start.subarray(0, Math.max(0, start.indexOf(0)))) ?? '';
	const [, name = '', digits = ''] = /^([a-z]+) (0|[1-9][0-9]{0,11})$/.exec(header) ?? [];
	const type = TYPES.find((it) => it === name);
	if (type === undefined) return broken('object-malformed', id);
	const size = Number(digits);
	if (size > limits.object) return broken('limit', `${size} bytes ${id}`);
	const { all, content } = frame(type, size);
	const framed = all.slice(0, all.length - size);
	if (inflate(bytes, 0, all) !== bytes.length) return broken('object-malformed', id);
	if (!framed.every((byte, at) => byte === all[at])) return broken('object-malformed', id);
	if (hexOf(await hash(format, all)) !== id) return broken('object-wrong', id);
	return { state: 'here', object: { type, content } };
}

/** The branch that is checked out and its tip. */
async function readHead(
	folder: GitFolder,
): Promise<GitResult<Pick<GitEvidence, 'branch' | 'head'>>> {
	const text = async (path: string) => {
		if (!folder.paths.includes(path)) return null;
		const bytes = await folder.read(path).catch(() => null);
		return bytes === null ? null : decodeText(bytes);
	};
	if (folder.paths.some((path) => path.startsWith('reftable/'))) {
		return fault('repository-unsupported', 'reftable');
	}
	const head = ((await text('HEAD')) ?? '').trimEnd();
	if (isId(head)) return { ok: true, value: { branch: 'HEAD', head } };
	const branch = /^ref: (refs\/heads\/[^\s]+)$/.exec(head)?.[1];
	if (branch === undefined) return fault('ref-malformed', `HEAD ${head.slice(0, 80)}`);
	const loose = (await text(branch))?.trimEnd();
	const tip = loose ?? packedRef((await text('packed-refs')) ?? '', branch);
	if (tip === undefined) return fault('branch-unknown', branch);
	return isId(tip)
		? { ok: true, value: { branch, head: tip } }
		: fault('ref-malformed', `${branch} ${tip.slice(0, 80)}`);
}

function isId(text: string): boolean {
	return isObjectId(text, 'sha1') || isObjectId(text, 'sha256');
}

function packedRef(text: string, name: string): string | undefined {
	const line = text.split('\n').find((it) => !/^[#^]/.test(it) && it.endsWith(` ${name}`));
	return line?.slice(0, line.indexOf(' '));
}
