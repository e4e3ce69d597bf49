/** Of a `.git` folder only these are evidence; an index of a pack never is. */
const EVIDENCE = /^(HEAD$|packed-refs$|objects\/|refs\/|reftable\/)/;

export type GitFiles = readonly (readonly [string, File])[];

/** The evidence among the files of a chosen folder: a clone, its `.git`, or a bare repository. */
export function gitFilesOf(files: Iterable<File>): GitFiles {
	const found: [string, File][] = [];
	for (const file of files) {
		const path = gitPath(file.webkitRelativePath);
		if (path !== null) found.push([path, file]);
	}
	return found;
}

function gitPath(path: string): string | null {
	const [, inside] = /^(?:[^/]+\/)??\.git\/(.*)$/.exec(path) ?? [];
	const below = inside ?? path.replace(/^[^/]+\//, '');
	return EVIDENCE.test(below) && !below.endsWith('.idx') ? below : null;
}

/** The evidence in a dropped folder; read is no more of it than that. */
export async function gitFilesIn(entry: FileSystemEntry): Promise<GitFiles> {
	if (!(entry instanceof FileSystemDirectoryEntry)) return [];
	const inner = await childrenOf(entry);
	const git = inner.find(({ name, isDirectory }) => name === '.git' && isDirectory);
	const top = git instanceof FileSystemDirectoryEntry ? await childrenOf(git) : inner;
	const found: [string, File][] = [];
	const visit = async (path: string, one: FileSystemEntry): Promise<void> => {
		if (one instanceof FileSystemDirectoryEntry) {
			if (!EVIDENCE.test(`${path}/`)) return;
			for (const child of await childrenOf(one)) await visit(`${path}/${child.name}`, child);
		} else if (EVIDENCE.test(path) && !path.endsWith('.idx')) {
			found.push([path, await fileOf(one as FileSystemFileEntry)]);
		}
	};
	for (const one of top) await visit(one.name, one);
	return found;
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
