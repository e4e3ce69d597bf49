import { decodeText, encodeText } from '../core/format/bytes.ts';
import {
	fault,
	type GitResult,
	isObjectId,
	LIMITS,
	type ObjectFormat,
} from '../core/git/object.ts';
import { type GitEvidence, openTransferred } from '../core/git/repository.ts';
import { webHash } from './hash.ts';

type Progress = (done: number, total: number) => void;

const FLUSH = '0000';
const DELIMITER = '0001';
/** Files up to this size come with the history; a larger one is asked for when it is needed. */
const FILTER = 'filter blob:limit=1m';

/**
 * A repository's main branch from a server that speaks Git's protocol version 2 over HTTP and allows
 * other sites to ask. Nothing it says is believed: the pack is opened like any other.
 */
export async function fetchPack(
	address: string,
	progress: Progress,
): Promise<GitResult<GitEvidence>> {
	const base = baseOf(address);
	const advertised = await ask(`${base}/info/refs?service=git-upload-pack`);
	if (!advertised.ok) return advertised;
	const capabilities = lines(advertised.value);
	if (!capabilities.includes(VERSION)) return fault('repository-unsupported', 'protocol');
	const format: ObjectFormat = capabilities.includes('object-format=sha256') ? 'sha256' : 'sha1';
	const fetches = capabilities.find((line) => line.startsWith('fetch')) ?? '';

	const listed = await ask(`${base}/git-upload-pack`, [
		packet('command=ls-refs\n'),
		packet(`object-format=${format}\n`),
		DELIMITER,
		packet('ref-prefix refs/heads/\n'),
		packet('ref-prefix HEAD\n'),
		FLUSH,
	]);
	if (!listed.ok) return listed;
	const refs = new Map<string, string>();
	for (const line of lines(listed.value)) {
		const [id = '', name = ''] = line.split(' ');
		if (isObjectId(id, format)) refs.set(name, id);
	}
	const wanted = refs.get(MAIN) ?? refs.get('HEAD');
	if (wanted === undefined) return fault('branch-unknown', [...refs.keys()].join(' '));

	const branch = refs.has(MAIN) ? MAIN : 'HEAD';
	const filtered = fetches.includes('filter');
	const request = { base, format, progress };
	const pack = await fetchObjects(request, wanted, filtered);
	if (!pack.ok) return pack;
	const options = { hash: webHash, progress };
	const opened = await openTransferred(pack.value, { format, branch, head: wanted }, options);
	if (!opened.ok || !filtered) return opened;
	const read: GitEvidence['read'] = async (id) => {
		const here = await opened.value.read(id);
		if (here.state !== 'absent') return here;
		const more = await fetchObjects(request, id, false);
		if (!more.ok) return here;
		const large = await openTransferred(more.value, { format, branch, head: id }, options);
		return large.ok ? large.value.read(id) : { state: 'broken', fault: large.fault };
	};
	return { ok: true, value: { ...opened.value, read } };
}

const MAIN = 'refs/heads/main';
const VERSION = 'version 2';

function baseOf(address: string): string {
	return address.replace(/\/+$/, '');
}

/** Whether a server answers a question without our header, in a protocol older than version 2. */
export async function speaksClassic(address: string): Promise<boolean> {
	const target = `${baseOf(address)}/info/refs?service=git-upload-pack`;
	const response = await fetch(target, { credentials: 'omit' }).catch(() => null);
	if (!response?.ok) return false;
	const [first, ...rest] = lines(new Uint8Array(await response.arrayBuffer()));
	return first === '# service=git-upload-pack' && !rest.includes(VERSION);
}

/** The pack of an object and all that it needs, without large files if so filtered. */
async function fetchObjects(
	{ base, format, progress }: { base: string; format: ObjectFormat; progress: Progress },
	id: string,
	filtered: boolean,
): Promise<GitResult<Uint8Array>> {
	const body = [
		packet('command=fetch'),
		packet(`object-format=${format}`),
		DELIMITER,
		packet('ofs-delta'),
		packet('no-progress'),
		...(filtered ? [packet(FILTER)] : []),
		packet(`want ${id}\n`),
		packet('done\n'),
		FLUSH,
	];
	const answered = await ask(`${base}/git-upload-pack`, body, progress);
	if (!answered.ok) return answered;
	const pack = packOf(answered.value);
	return pack === null ? fault('pack-truncated', base) : { ok: true, value: pack };
}

async function ask(
	address: string,
	body?: readonly string[],
	progress?: Progress,
): Promise<GitResult<Uint8Array>> {
	const request = body && {
		method: 'POST',
		body: encodeText(body.join('')) as Uint8Array<ArrayBuffer>,
	};
	const headers = {
		'Git-Protocol': 'version=2',
		...(body && {
			'Content-Type': 'application/x-git-upload-pack-request',
			Accept: 'application/x-git-upload-pack-result',
		}),
	};
	// A server that does not allow other sites and one that is not there look the same from here.
	const response = await fetch(address, { ...request, headers, credentials: 'omit' }).catch(
		() => null,
	);
	if (response === null) return fault('unreadable', address);
	if (!response.ok) return fault('unreadable', `${address} HTTP ${response.status}`);
	const chunks: Uint8Array[] = [];
	let size = 0;
	for (const reader = response.body?.getReader(); reader; ) {
		const { done, value } = await reader.read();
		if (done) break;
		size += value.length;
		if (size > LIMITS.total) return fault('limit', `${size} bytes`);
		chunks.push(value);
		progress?.(size, 0);
	}
	const all = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		all.set(chunk, at);
		at += chunk.length;
	}
	return { ok: true, value: all };
}

/** A line of Git's protocol: its length in four hexadecimal digits, then itself. */
function packet(text: string): string {
	return (text.length + 4).toString(16).padStart(4, '0') + text;
}

/** The packets of an answer, without the marks between them. */
function* packets(bytes: Uint8Array): Generator<Uint8Array> {
	for (let at = 0; at + 4 <= bytes.length; ) {
		const digits = decodeText(bytes.subarray(at, at + 4)) ?? '';
		if (!/^[0-9a-f]{4}$/.test(digits)) return;
		const length = Number.parseInt(digits, 16);
		if (length >= 4) yield bytes.subarray(at + 4, at + length);
		at += Math.max(length, 4);
	}
}

function lines(bytes: Uint8Array): string[] {
	return [...packets(bytes)].map((line) => (decodeText(line) ?? '').trimEnd());
}

const PACK_BAND = 1;

/** The pack of a fetch, from the first of its side bands; null where there is none. */
function packOf(bytes: Uint8Array): Uint8Array | null {
	const parts: Uint8Array[] = [];
	let begun = false;
	for (const part of packets(bytes)) {
		if (begun && part[0] === PACK_BAND) parts.push(part.subarray(1));
		begun ||= decodeText(part)?.trimEnd() === 'packfile';
	}
	if (!begun) return null;
	const pack = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
	let at = 0;
	for (const part of parts) {
		pack.set(part, at);
		at += part.length;
	}
	return pack;
}
