import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { pointedDigest } from '../core/evidence/large-file.ts';
import type { Files } from '../core/format/bytes.ts';
import { digestOf, partsOf, sizeOf } from '../core/format/sourced-files.ts';
import { GUARDED_FOLDERS } from '../core/paths.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { isThere, writeWhole } from './files.ts';
import { onGit, requirePlainForm, requirePlainRef } from './git-form.ts';
import { stop } from './stop.ts';

/** isomorphic-git over a file system that writes whole files only, so that a kill leaves no half object. */
function atomicFs(dir: string) {
	const gitdir = join(dir, '.git');
	const writeFile = async (path: string, data: Uint8Array | string) =>
		writeWhole(path, data, fs.existsSync(gitdir) ? gitdir : undefined);
	return { promises: { ...fs.promises, writeFile } };
}

/** A Git repository with its branch and the commit at its tip. */
export interface Repository {
	readonly dir: string;
	readonly gitdir: string;
	/** `refs/heads/<name>` */
	readonly branch: string;
	/** Null on a branch without commits. */
	readonly tip: string | null;
}

export interface Person {
	readonly name: string;
	readonly email: string;
}

interface TreeEntry {
	readonly mode: string;
	readonly oid: string;
}

/** The repository whose working tree is `dir`; stops where there is none or no branch is checked out. */
export async function openRepository(dir: string): Promise<Repository> {
	const gitdir = join(dir, '.git');
	if (isThere(gitdir) && !fs.statSync(gitdir).isDirectory()) {
		stop({ code: 'git-form', feature: 'a linked worktree' });
	}
	if (!isThere(join(gitdir, 'HEAD'))) stop({ code: 'not-a-repository', dir });
	await requirePlainForm(dir, gitdir);
	const head = fs.readFileSync(join(gitdir, 'HEAD'), 'utf8').trim();
	if (!head.startsWith('ref: refs/heads/')) stop({ code: 'no-branch' });
	const branch = head.slice('ref: '.length);
	requirePlainRef(join(gitdir, branch));
	return { dir, gitdir, branch, tip: await tipOf(dir, branch) };
}

/** The branch that is checked out now. */
export function checkedOut({ gitdir }: Repository): string {
	return fs
		.readFileSync(join(gitdir, 'HEAD'), 'utf8')
		.trim()
		.replace(/^ref: /, '');
}

export async function tipOf(dir: string, branch: string): Promise<string | null> {
	try {
		return await git.resolveRef({ fs, dir, ref: branch });
	} catch (error) {
		if (error instanceof git.Errors.NotFoundError) return null;
		throw error;
	}
}

/** Mode and object id of every file that a commit has at a path: below a folder, or the file itself. */
export function filesAt(
	repository: Repository,
	commit: string,
	path: string,
): Promise<ReadonlyMap<string, TreeEntry>> {
	return onGit(() => entriesAt(repository, commit, path));
}

async function entriesAt(
	{ dir }: Repository,
	commit: string,
	path: string,
): Promise<ReadonlyMap<string, TreeEntry>> {
	const files = new Map<string, TreeEntry>();
	const visit = async (entry: git.TreeEntry, at: string) => {
		if (entry.type !== 'tree') {
			files.set(at, { mode: entry.mode, oid: entry.oid });
			return;
		}
		const { tree } = await git.readTree({ fs, dir, oid: entry.oid });
		for (const inner of tree) await visit(inner, `${at}/${inner.path}`);
	};
	let { tree } = await git.readTree({ fs, dir, oid: commit });
	const segments = path.split('/');
	for (const [index, segment] of segments.entries()) {
		const entry = tree.find((it) => it.path === segment);
		if (entry === undefined) break;
		if (index === segments.length - 1) await visit(entry, path);
		else if (entry.type !== 'tree') break;
		else tree = (await git.readTree({ fs, dir, oid: entry.oid })).tree;
	}
	return files;
}

/** Guarded paths at which the working tree is not what the tip of the branch holds. */
export async function uncommittedPaths(repository: Repository, tree: Tree): Promise<string[]> {
	const committed = new Map<string, TreeEntry>();
	for (const folder of GUARDED_FOLDERS) {
		if (repository.tip === null) break;
		for (const [path, entry] of await filesAt(repository, repository.tip, folder)) {
			committed.set(path, entry);
		}
	}
	const present = new Set(tree.files.keys());
	const changed = [...tree.files.keys()].filter(
		(path) => committed.get(path)?.oid !== blobIdOf(tree.files, path),
	);
	const executable = [...committed].filter(([, { mode }]) => mode !== '100644');
	const altered: string[] = [];
	for (const path of changed) {
		const pointed = await isPointedTo(repository, tree.files, path, committed.get(path));
		if (!pointed) altered.push(path);
	}
	return [
		...altered,
		...[...committed.keys()].filter((path) => !present.has(path)),
		...executable.map(([path]) => path),
	].toSorted();
}

/** Whether what is committed at a path is a Git LFS pointer to the bytes that are there. */
async function isPointedTo(
	{ dir }: Repository,
	files: Files,
	path: string,
	entry: TreeEntry | undefined,
): Promise<boolean> {
	if (entry === undefined || !path.startsWith('data/')) return false;
	const { blob } = await onGit(() => git.readBlob({ fs, dir, oid: entry.oid }));
	const sha256 = pointedDigest(blob);
	return sha256 !== null && sha256 === digestOf(files, path);
}

function blobIdOf(files: Files, path: string): string {
	const hash = createHash('sha1').update(`blob ${sizeOf(files, path)}\0`);
	for (const part of partsOf(files, path)) hash.update(part);
	return hash.digest('hex');
}

function blobId(bytes: Uint8Array): string {
	return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export async function fileAt(
	{ dir }: Repository,
	commit: string,
	filepath: string,
): Promise<Uint8Array> {
	return (await onGit(() => git.readBlob({ fs, dir, oid: commit, filepath }))).blob;
}

/**
 * Writes a commit on top of `parent` that removes the given folders or files and then adds the given
 * files. No ref moves: until then nobody sees it.
 */
export function writeCommit(
	repository: Repository,
	change: { readonly remove: readonly string[]; readonly add: Files },
	message: string,
	author: Person,
	date: Date,
): Promise<string> {
	return onGit(() => writeObjects(repository, change, message, author, date));
}

async function writeObjects(
	{ dir, tip }: Repository,
	change: { readonly remove: readonly string[]; readonly add: Files },
	message: string,
	author: Person,
	date: Date,
): Promise<string> {
	const root = tip === null ? null : (await git.readCommit({ fs, dir, oid: tip })).commit.tree;
	const added = new Map<string, string>();
	for (const [path, blob] of change.add) {
		added.set(path, await git.writeBlob({ fs: atomicFs(dir), dir, blob }));
	}
	const tree = await rewriteTree(dir, root, '', change.remove, added);
	const stamp = { ...author, timestamp: Math.floor(date.getTime() / 1000), timezoneOffset: 0 };
	return git.writeCommit({
		fs: atomicFs(dir),
		dir,
		commit: {
			message,
			tree: tree ?? (await git.writeTree({ fs: atomicFs(dir), dir, tree: [] })),
			parent: tip === null ? [] : [tip],
			author: stamp,
			committer: stamp,
		},
	});
}

/** The id of a tree with some paths removed and some set; null where nothing is left in it. */
async function rewriteTree(
	dir: string,
	oid: string | null,
	prefix: string,
	remove: readonly string[],
	add: ReadonlyMap<string, string>,
): Promise<string | null> {
	const old = oid === null ? [] : (await git.readTree({ fs, dir, oid })).tree;
	const entries = new Map(old.map((entry) => [entry.path, entry]));
	for (const path of remove) {
		const rest = path.startsWith(prefix) ? path.slice(prefix.length) : '';
		if (rest !== '' && !rest.includes('/')) entries.delete(rest);
	}
	const below = new Set<string>();
	for (const path of [...remove, ...add.keys()]) {
		const [name = '', ...deeper] = path.startsWith(prefix)
			? path.slice(prefix.length).split('/')
			: [];
		if (deeper.length > 0) below.add(name);
	}
	for (const name of below) {
		const entry = entries.get(name);
		const inner = entry?.type === 'tree' ? entry.oid : null;
		const tree = await rewriteTree(dir, inner, `${prefix}${name}/`, remove, add);
		if (tree === null) entries.delete(name);
		else entries.set(name, { path: name, mode: '040000', oid: tree, type: 'tree' });
	}
	for (const [path, blob] of add) {
		const name = path.startsWith(prefix) ? path.slice(prefix.length) : '/';
		if (name.includes('/')) continue;
		entries.set(name, { path: name, mode: '100644', oid: blob, type: 'blob' });
	}
	if (entries.size === 0) return null;
	return git.writeTree({ fs: atomicFs(dir), dir, tree: [...entries.values()] });
}

/** Makes the index agree with what was written and removed, byte for byte, whatever autocrlf says. */
export async function stage(
	{ dir }: Repository,
	written: Files,
	removed: readonly string[],
): Promise<void> {
	const common = { fs: atomicFs(dir), dir, cache: {} };
	await onGit(async () => {
		for (const [filepath, bytes] of written) {
			await git.updateIndex({ ...common, filepath, oid: blobId(bytes), add: true });
		}
		for (const filepath of removed) await git.remove({ ...common, filepath });
	});
}

/** Who commits: the repository's configuration, then the environment, then the product itself. */
export async function committer({ dir }: Repository): Promise<Person> {
	const configured = async (path: string) => (await git.getConfig({ fs, dir, path })) as unknown;
	const name = (await configured('user.name')) ?? process.env['GIT_AUTHOR_NAME'];
	const email = (await configured('user.email')) ?? process.env['GIT_AUTHOR_EMAIL'];
	return {
		name: typeof name === 'string' && name !== '' ? name : 'Wattproof',
		email: typeof email === 'string' && email !== '' ? email : 'wattproof@localhost',
	};
}

export async function initRepository(dir: string): Promise<Repository> {
	await git.init({ fs: atomicFs(dir), dir, defaultBranch: 'main' });
	return openRepository(dir);
}
