import { execFileSync } from 'node:child_process';
import { sameBytes } from '../../../src/core/format/bytes.ts';
import type { GitEvidence } from '../../../src/core/git/repository.ts';

/** What native Git says of a repository, and repositories that native Git has made. */

const PERSON = 'A. Lindqvist';
const CONFIG = {
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: PERSON,
	GIT_AUTHOR_EMAIL: 'a@example.org',
	GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
	GIT_COMMITTER_NAME: PERSON,
	GIT_COMMITTER_EMAIL: 'a@example.org',
	GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

export function git(dir: string, args: readonly string[], input?: Uint8Array | string): Buffer {
	const env = { ...process.env, ...CONFIG };
	const maxBuffer = 2 ** 30;
	return execFileSync('git', ['-C', dir, ...args], { env, input, maxBuffer, stdio: 'pipe' });
}

export function gitText(dir: string, args: readonly string[], input?: Uint8Array | string): string {
	return git(dir, args, input).toString('utf8').trimEnd();
}

export interface NativeObject {
	readonly type: string;
	readonly content: Uint8Array;
}

/** Objects as `git cat-file` has them: those asked for, or all. */
export function objectsOf(dir: string, ids?: readonly string[]): Map<string, NativeObject> {
	const which = ids === undefined ? ['--batch-all-objects'] : [];
	const input = ids === undefined ? undefined : `${ids.join('\n')}\n`;
	const bytes = git(dir, ['cat-file', '--batch', ...which], input);
	const objects = new Map<string, NativeObject>();
	for (let at = 0; at < bytes.length; ) {
		const end = bytes.indexOf(10, at);
		const [id = '', type = '', size = ''] = bytes.toString('latin1', at, end).split(' ');
		if (type === 'missing') throw new Error(`native Git has no ${id}`);
		const next = end + 1 + Number(size);
		objects.set(id, { type, content: new Uint8Array(bytes.subarray(end + 1, next)) });
		at = next + 1;
	}
	return objects;
}

/** The ids of what a bundle of these revisions would hold. */
export function reachable(dir: string, revisions: readonly string[]): string[] {
	const listed = gitText(dir, ['rev-list', '--objects', '--no-object-names', ...revisions]);
	return listed === '' ? [] : listed.split('\n');
}

/** Ids at which a reader does not have exactly what native Git has. */
export async function differences(
	evidence: GitEvidence,
	objects: ReadonlyMap<string, NativeObject>,
): Promise<string[]> {
	const wrong: string[] = [];
	for (const [id, { type, content }] of objects) {
		const read = await evidence.read(id);
		const same =
			read.state === 'here' && read.object.type === type && sameBytes(read.object.content, content);
		if (!same) wrong.push(`${type} ${id}: ${read.state}`);
	}
	return wrong;
}
