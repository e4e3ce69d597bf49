import { digest, type Files } from './bytes.ts';

/** Bytes that lie elsewhere. Whatever is asked of it, and however often, is of the same bytes. */
export interface FileSource {
	readonly size: number;
	/** The bytes in parts; a part is good only until the next one is taken. */
	readonly parts: () => Iterable<Uint8Array>;
	/** Lower-case hexadecimal SHA-256. */
	readonly digest: () => string;
}

type Entries = ReadonlyMap<string, Uint8Array | FileSource>;

/** Files of which large ones stay where they are until somebody asks for them, and after that too. */
class SourcedFiles implements ReadonlyMap<string, Uint8Array> {
	readonly all: Entries;

	constructor(all: Entries) {
		this.all = all;
	}

	get size(): number {
		return this.all.size;
	}

	has(path: string): boolean {
		return this.all.has(path);
	}

	get(path: string): Uint8Array | undefined {
		const entry = this.all.get(path);
		return entry === undefined || entry instanceof Uint8Array ? entry : wholeOf(entry);
	}

	keys() {
		return this.all.keys();
	}

	*entries(): MapIterator<[string, Uint8Array]> {
		for (const path of this.all.keys()) yield [path, this.get(path) ?? new Uint8Array()];
	}

	*values(): MapIterator<Uint8Array> {
		for (const [, bytes] of this.entries()) yield bytes;
	}

	[Symbol.iterator]() {
		return this.entries();
	}

	forEach(each: (bytes: Uint8Array, path: string, files: Files) => void): void {
		for (const [path, bytes] of this.entries()) each(bytes, path, this);
	}
}

function wholeOf(source: FileSource): Uint8Array {
	const whole = new Uint8Array(source.size);
	let at = 0;
	for (const part of source.parts()) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

function entryOf(files: Files, path: string): Uint8Array | FileSource | undefined {
	return files instanceof SourcedFiles ? files.all.get(path) : files.get(path);
}

/** Files by path, some of them by where they lie. */
export function filesOf(entries: Entries): Files {
	return new SourcedFiles(entries);
}

/** The files with others added or put in their place; nothing is read for it. */
export function withFiles(files: Files, added: Files): Files {
	const below: Entries = files instanceof SourcedFiles ? files.all : files;
	return new SourcedFiles(new Map([...below, ...added]));
}

/** The files of some paths; nothing is read for it. */
export function onlyFiles(files: Files, keep: (path: string) => boolean): Files {
	const kept = new Map<string, Uint8Array | FileSource>();
	for (const path of files.keys()) {
		const entry = keep(path) ? entryOf(files, path) : undefined;
		if (entry !== undefined) kept.set(path, entry);
	}
	return new SourcedFiles(kept);
}

/** The bytes of a file in parts, so that it need not be in memory whole; none where there is no file. */
export function partsOf(files: Files, path: string): Iterable<Uint8Array> {
	const entry = entryOf(files, path);
	if (entry === undefined) return [];
	return entry instanceof Uint8Array ? [entry] : entry.parts();
}

/** Lower-case hexadecimal SHA-256 of a file; undefined where there is none. */
export function digestOf(files: Files, path: string): string | undefined {
	const entry = entryOf(files, path);
	if (entry === undefined) return undefined;
	return entry instanceof Uint8Array ? digest(entry) : entry.digest();
}

/** The number of bytes of a file; undefined where there is none. */
export function sizeOf(files: Files, path: string): number | undefined {
	const entry = entryOf(files, path);
	return entry instanceof Uint8Array ? entry.length : entry?.size;
}
