import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fault, type GitResult, type Hash, LIMITS } from '../core/git/object.ts';
import {
	type GitEvidence,
	type GitFolder,
	openBundle,
	openFolder,
} from '../core/git/repository.ts';
import { errorCode, onMachine } from './stop.ts';

/** Faster than the core's own; the same ids. */
const nodeHash: Hash = (format, bytes) => createHash(format).update(bytes).digest();

type Progress = (done: number, total: number) => void;

/** The Git repository of a folder as evidence; null where the folder has none. */
export async function folderEvidence(
	dir: string,
	progress?: Progress,
): Promise<GitResult<GitEvidence> | null> {
	const place = join(dir, '.git');
	if (!existsSync(place)) return null;
	try {
		const options = progress === undefined ? { hash: nodeHash } : { hash: nodeHash, progress };
		return await openFolder(gitFolder(place), options);
	} catch (error) {
		const reason = errorCode(error);
		if (reason === null) throw error;
		return fault('unreadable', `.git ${reason}`);
	}
}

/** A bundle file as evidence. */
export function bundleEvidence(path: string, progress?: Progress): Promise<GitResult<GitEvidence>> {
	const bytes = onMachine(path, () => {
		if (statSync(path).size > LIMITS.total) return null;
		return plain(readFileSync(path));
	});
	if (bytes === null) return Promise.resolve(fault('limit', path));
	return openBundle(
		bytes,
		progress === undefined ? { hash: nodeHash } : { hash: nodeHash, progress },
	);
}

/** The same bytes, not a copy: a bundle would need its memory twice. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
	return new Uint8Array(buffer, byteOffset, length);
}

/** What a reader needs of a `.git` folder, or of the two that a linked worktree has. */
function gitFolder(place: string): GitFolder {
	const own = lstatSync(place).isDirectory() ? place : linkedFolder(place);
	const common = join(own, 'commondir');
	const shared = existsSync(common) ? resolve(own, readFileSync(common, 'utf8').trim()) : own;
	const paths = new Map<string, string>();
	const visit = (path: string) => {
		const at = join(shared, path);
		const stats = lstatSync(at, { throwIfNoEntry: false });
		if (stats?.isDirectory()) {
			for (const name of readdirSync(at)) visit(`${path}/${name}`);
		} else if (stats?.isFile()) paths.set(path, at);
		// Links lead in circles or to devices; no Git makes them here.
	};
	for (const path of ['objects', 'refs', 'packed-refs', 'reftable']) visit(path);
	const head = join(own, 'HEAD');
	if (lstatSync(head, { throwIfNoEntry: false })?.isFile()) paths.set('HEAD', head);
	const read = async (path: string) => {
		const at = paths.get(path) ?? path;
		if (statSync(at).size > LIMITS.total) throw new Error('EFBIG');
		return plain(await readFile(at));
	};
	return { paths: [...paths.keys()], read };
}

function linkedFolder(file: string): string {
	const target = /^gitdir: (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
	return resolve(file, '..', target);
}
