import './globals.ts';
import { fetch as fetchBranch, type GitHttpRequest, getRemoteInfo2 } from 'isomorphic-git';
import http from 'isomorphic-git/http/web';
import { LIMITS } from '../core/git/object.ts';
import type { ClassicAnswer } from './classic.ts';

/**
 * A program of its own, loaded for servers that speak only the older protocols: asks by
 * isomorphic-git for the main branch, and hands over the pack as it came.
 */
self.addEventListener('message', async ({ data }: MessageEvent<string>) => {
	try {
		postMessage(await askFor(data));
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		postMessage({ kind: 'failed', text } satisfies ClassicAnswer);
	}
});

const MAIN = 'refs/heads/main';

async function askFor(url: string): Promise<ClassicAnswer> {
	const { refs = [] } = await getRemoteInfo2({ http, url, protocolVersion: 1 });
	const ids = new Map(refs.map(({ ref, oid }) => [ref, oid]));
	const branch = ids.has(MAIN) ? MAIN : 'HEAD';
	const head = ids.get(branch);
	if (head === undefined) return { kind: 'no-branch', refs: [...ids.keys()].join(' ') };
	let pack: Uint8Array | null = null;
	const keep = (bytes: Uint8Array) => {
		pack = bytes;
	};
	const wanted = { url, ref: branch, remoteRef: branch, singleBranch: true, tags: false };
	const fs = memoryFiles(keep);
	// Its own reading of the pack is cut off: it would believe what is in it, at any length.
	await fetchBranch({ fs, http: { request }, dir: '/', ...wanted }).catch((error: unknown) => {
		if (pack === null) throw error;
	});
	if (pack === null) throw new Error('no pack came');
	return { kind: 'pack', pack, branch, head };
}

/** A request whose answer may not be larger than what is read here. */
async function request(asked: GitHttpRequest) {
	const answer = await http.request(asked);
	async function* counted() {
		let size = 0;
		for await (const part of answer.body ?? []) {
			size += part.length;
			if (size > LIMITS.total) throw new Error(`${size} bytes`);
			postMessage({ kind: 'progress', size } satisfies ClassicAnswer);
			yield part;
		}
	}
	return { ...answer, body: counted() };
}

const CONFIG = '[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n';

/** As much of a file system as fetching takes; whoever writes a pack ends there. */
function memoryFiles(keep: (pack: Uint8Array) => void) {
	const files = new Map<string, Uint8Array | string>([['/.git/config', CONFIG]]);
	const missing = (path: string) => Object.assign(new Error(path), { code: 'ENOENT' });
	const readFile = async (path: string, options?: { encoding?: string } | string) => {
		const found = files.get(path);
		if (found === undefined) throw missing(path);
		const bytes = typeof found === 'string' ? new TextEncoder().encode(found) : found;
		return options === undefined ? bytes : new TextDecoder().decode(bytes);
	};
	const writeFile = async (path: string, content: Uint8Array | string) => {
		if (path.endsWith('.pack') && typeof content !== 'string') {
			keep(content);
			throw new Error('kept');
		}
		files.set(path, content);
	};
	const stat = async (path: string) => {
		throw missing(path);
	};
	const nothing = async () => {};
	const promises = {
		...{ readFile, writeFile, stat, lstat: stat, readlink: stat },
		...{ mkdir: nothing, rmdir: nothing, unlink: nothing, symlink: nothing },
		readdir: async () => [],
	};
	return { promises };
}
