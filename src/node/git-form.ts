import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { isThere } from './files.ts';
import { errorCode, StopError, stop } from './stop.ts';

/** Stops at forms of a repository that isomorphic-git would misread rather than refuse. */
export async function requirePlainForm(dir: string, gitdir: string): Promise<void> {
	const format = await git.getConfig({ fs, dir, path: 'extensions.objectformat' });
	if (format !== undefined && format !== 'sha1') stop({ code: 'object-format', format });
	const refs = await git.getConfig({ fs, dir, path: 'extensions.refstorage' });
	if (refs !== undefined && refs !== 'files') stop({ code: 'git-form', feature: 'reftable' });
	if (isThere(join(gitdir, 'objects/info/alternates'))) {
		stop({ code: 'git-form', feature: 'objects shared with another repository' });
	}
	const path = join(gitdir, 'index');
	if (isThere(path)) requirePlainIndex(fs.readFileSync(path));
}

function requirePlainIndex(index: Buffer): void {
	const version = index.length >= 12 ? index.readUInt32BE(4) : 0;
	const trailer = index.subarray(-20);
	const unhashed = trailer.every((byte) => byte === 0);
	const plain =
		index.subarray(0, 4).toString('latin1') === 'DIRC' && (version === 2 || version === 3);
	if (!plain || unhashed || index.includes('link\0\0')) stop({ code: 'git-index' });
	const sum = createHash('sha1').update(index.subarray(0, -20)).digest();
	if (!sum.equals(trailer)) stop({ code: 'git-damaged', reason: 'index' });
}

/** A branch file that holds anything but an object id is no branch, and no reason to fall back. */
export function requirePlainRef(path: string): void {
	if (!isThere(path) || fs.statSync(path).isDirectory()) return;
	if (!/^[0-9a-f]{40}\n?$/.test(fs.readFileSync(path, 'utf8'))) stop({ code: 'git-ref', path });
}

/** Asks isomorphic-git; what it cannot make sense of is damage, and no bug. */
export async function onGit<Value>(work: () => Promise<Value>): Promise<Value> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof StopError || errorCode(error) !== null) throw error;
		const { NotFoundError } = git.Errors;
		const missing = error instanceof NotFoundError ? `no ${error.data.what}` : null;
		const reason = missing ?? (error instanceof Error ? error.name : String(error));
		return stop({ code: 'git-damaged', reason });
	}
}
