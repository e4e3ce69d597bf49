import { fault, type GitResult, LIMITS } from '../core/git/object.ts';
import { type GitEvidence, openBundle, openFolder } from '../core/git/repository.ts';
import { fetchClassic } from './classic.ts';
import { webHash } from './hash.ts';
import type { Source } from './messages.ts';
import { fetchPack, speaksClassic } from './server.ts';

type Progress = (done: number, total: number) => void;

/** Opens the evidence; what is wrong with it, or with the way to it, is a fault and never an exception. */
export async function openSource(
	source: Source,
	progress: Progress,
): Promise<GitResult<GitEvidence>> {
	const options = { hash: webHash, progress };
	switch (source.kind) {
		case 'bundle': {
			if (source.file.size > LIMITS.total) return fault('limit', `${source.file.size} bytes`);
			return openBundle(await bytesOf(source.file), options);
		}
		case 'folder': {
			const files = new Map(source.files);
			const read = async (path: string) => {
				const file = files.get(path);
				if (file === undefined || file.size > LIMITS.total) throw new Error(path);
				return bytesOf(file);
			};
			return openFolder({ paths: [...files.keys()], read }, options);
		}
		case 'site':
			return openPublished(source.addresses, progress);
		case 'server':
			return openServer(source, progress);
	}
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
	return new Uint8Array(await file.arrayBuffer());
}

/** What a server has, in whichever protocol it speaks. */
async function openServer(
	{ address, classic }: Extract<Source, { kind: 'server' }>,
	progress: Progress,
): Promise<GitResult<GitEvidence>> {
	const found = await fetchPack(address, progress);
	if (found.ok || !(await speaksClassic(address))) return found;
	return fetchClassic(address, classic, progress);
}

/** The first bundle that is there. */
async function openPublished(
	addresses: readonly string[],
	progress: Progress,
): Promise<GitResult<GitEvidence>> {
	for (const address of addresses) {
		const response = await fetch(address).catch(() => null);
		if (response === null) return fault('unreadable', address);
		if (!response.ok) continue;
		const bytes = new Uint8Array(await response.arrayBuffer());
		return openBundle(bytes, { hash: webHash, progress });
	}
	return fault('unreadable', addresses.join(' '));
}
