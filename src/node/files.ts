import {
	accessSync,
	closeSync,
	constants,
	copyFileSync,
	fsyncSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileSource, filesOf } from '../core/format/sourced-files.ts';
import { GUARDED_FOLDERS, parseDataPath } from '../core/paths.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { fileSource } from './file-source.ts';
import { errorCode, onMachine, stop } from './stop.ts';

const FILE_LIMIT = 64 * 1024 * 1024;
const TOTAL_LIMIT = 1024 * 1024 * 1024;
/** What submitters send is kept in memory up to this size, and all of it together up to that one. */
const KEPT_FILE = 64 * 1024;
const KEPT_TOTAL = 32 * 1024 * 1024;

/**
 * The files below `data/`, `settlements/` and `trust/` of a folder. What is no plain file, and what
 * cannot be read or is beyond the limits, is named and not followed.
 */
export function readTree(dir: string): Tree {
	const files = new Map<string, Uint8Array | FileSource>();
	const irregular: { path: string; kind: string }[] = [];
	const unavailable: { path: string; reason: string }[] = [];
	const modes = hasModes(dir);
	let total = 0;
	let kept = 0;
	const read = (path: string, size: number) => {
		const place = join(dir, path);
		const sent = parseDataPath(path)?.kind === 'submission';
		if (sent && (size > KEPT_FILE || kept + size > KEPT_TOTAL)) {
			accessSync(place, constants.R_OK);
			return fileSource(place, path, size);
		}
		if (sent) kept += size;
		return new Uint8Array(readFileSync(place));
	};
	const visit = (path: string) => {
		try {
			const stats = lstatSync(join(dir, path));
			if (stats.isDirectory()) {
				for (const name of readdirSync(join(dir, path)).toSorted()) visit(`${path}/${name}`);
				return;
			}
			if (!stats.isFile()) {
				irregular.push({ path, kind: stats.isSymbolicLink() ? 'link' : 'special' });
				return;
			}
			if (modes && (stats.mode & 0o111) !== 0) {
				irregular.push({ path, kind: 'executable' });
			}
			const large = stats.size > FILE_LIMIT;
			if (large || total + stats.size > TOTAL_LIMIT) {
				// A size that no signed file may have accuses it; that others fill the limit does not.
				unavailable.push({ path, reason: large ? 'too-large' : 'all-too-large' });
				return;
			}
			total += stats.size;
			files.set(path, read(path, stats.size));
		} catch (error) {
			const reason = errorCode(error);
			if (reason === null) throw error;
			const wholeFolder = (GUARDED_FOLDERS as readonly string[]).includes(path);
			if (reason !== 'ENOENT' || !wholeFolder) unavailable.push({ path, reason });
		}
	};
	for (const folder of GUARDED_FOLDERS) visit(folder);
	return { files: filesOf(files), irregular, unavailable };
}

/**
 * The same, all of it: whoever computes from a tree must not take what cannot be read for what is not
 * there. Verification alone has a verdict for that.
 */
export function readWholeTree(dir: string): Tree {
	const tree = readTree(dir);
	const [first] = tree.unavailable;
	if (first !== undefined) {
		const { reason } = first;
		const paths = tree.unavailable.filter((it) => it.reason === reason).map(({ path }) => path);
		if (reason.endsWith('too-large')) stop({ code: 'file-too-large', paths });
		stop({ code: 'file-unreadable', paths, reason });
	}
	const odd = tree.irregular.map(({ path }) => path);
	if (odd.length > 0) stop({ code: 'file-not-plain', paths: odd });
	return tree;
}

/** Whether the file system tells executables apart; Git notes it where it does not. */
function hasModes(dir: string): boolean {
	if (process.platform === 'win32') return false;
	try {
		const config = readFileSync(join(dir, '.git', 'config'), 'utf8');
		return !/^\s*filemode\s*=\s*false\s*$/im.test(config);
	} catch {
		// A file that permissions can hide lies where there are permissions.
		return true;
	}
}

/** Whether something is there; stops where the machine does not tell. */
export function isThere(path: string): boolean {
	try {
		statSync(path);
		return true;
	} catch (error) {
		const reason = errorCode(error);
		if (reason === null) throw error;
		if (reason === 'ENOENT' || reason === 'ENOTDIR') return false;
		return stop({ code: 'machine', path, reason });
	}
}

let parts = 0;

/** A name that no other process writes to, and that tells which process to ask. */
export function partName(): string {
	return `wattproof-${process.pid}-${++parts}.part`;
}

/** Renames; where the part lies on another file system, a copy beside the target is renamed instead. */
function moveInto(part: string, path: string): void {
	try {
		renameSync(part, path);
	} catch (error) {
		if (errorCode(error) !== 'EXDEV') throw error;
		const beside = `${path}.part`;
		copyFileSync(part, beside);
		renameSync(beside, path);
		rmSync(part, { force: true });
	}
}

/**
 * Writes a file whole or not at all: other processes see the old bytes or the new ones. Until then
 * they lie in `partFolder`, which has to be on the same file system.
 */
export function writeWhole(
	path: string,
	bytes: Uint8Array | string,
	partFolder = dirname(path),
): void {
	onMachine(path, () => {
		mkdirSync(dirname(path), { recursive: true });
		const part = join(partFolder, partName());
		try {
			const file = openSync(part, 'w', 0o644);
			try {
				writeFileSync(file, bytes);
				fsyncSync(file);
			} finally {
				closeSync(file);
			}
			moveInto(part, path);
		} catch (error) {
			rmSync(part, { force: true });
			throw error;
		}
	});
}
