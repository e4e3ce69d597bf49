/** Of a `.git` folder only these are evidence; an index of a pack never is. */
const EVIDENCE = /^(HEAD$|packed-refs$|objects\/|refs\/|reftable\/)/;

export type GitFiles = readonly (readonly [string, File])[];

/**
 * The evidence among the files of a chosen folder: a clone, its `.git`, or a bare repository. Where
 * there is a `.git`, nothing beside it counts: working files may have the names of evidence.
 */
export function gitFilesOf(files: Iterable<File>): GitFiles {
	const below = [...files].map((file) => ({
		file,
		path: file.webkitRelativePath.replace(/^[^/]+\//, ''),
	}));
	const clone = below.some(({ path }) => /^\.git(\/|$)/.test(path));
	return below.flatMap(({ file, path }): GitFiles => {
		const inside = clone ? (/^\.git\/(.*)$/.exec(path)?.[1] ?? '') : path;
		return EVIDENCE.test(inside) && !inside.endsWith('.idx') ? [[inside, file]] : [];
	});
}

/** The evidence in a dropped folder; read is no more of it than that. */
export async function gitFilesIn(entry: FileSystemEntry): Promise<GitFiles> {
	if (!isFolder(entry)) return [];
	const inner = await childrenOf(entry);
	const git = inner.find(({ name }) => name === '.git');
	// A linked worktree has its repository elsewhere: what lies beside its `.git` is no evidence.
	if (git !== undefined && !isFolder(git)) return [];
	const top = git === undefined ? inner : await childrenOf(git);
	const found: [string, File][] = [];
	const visit = async (path: string, one: FileSystemEntry): Promise<void> => {
		if (isFolder(one)) {
			if (!EVIDENCE.test(`${path}/`)) return;
			for (const child of await childrenOf(one)) await visit(`${path}/${child.name}`, child);
		} else if (EVIDENCE.test(path) && !path.endsWith('.idx')) {
			found.push([path, await fileOf(one as FileSystemFileEntry)]);
		}
	};
	for (const one of top) await visit(one.name, one);
	return found;
}

// Not by its class: browsers have it under different names.
function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
	return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
	return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A browser hands out the names of a folder in portions, and an empty one at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
	const reader = folder.createReader();
	const all: FileSystemEntry[] = [];
	for (;;) {
		const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
			reader.readEntries(resolve, reject),
		);
		if (some.length === 0) return all;
		all.push(...some);
	}
}
