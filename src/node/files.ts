import {
	closeSync,
	copyFileSync,
	existsSync,
	fsyncSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { GUARDED_FOLDERS } from '../core/paths.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { errorCode, onMachine } from './stop.ts';

const FILE_LIMIT = 64 * 1024 * 1024;
const TOTAL_LIMIT = 1024 * 1024 * 1024;

/**
 * The files below `data/`, `settlements/` and `trust/` of a folder. What is no plain file, and what
 * cannot be read or is beyond the limits, is named and not followed.
 */
export function readTree(dir: string): Tree {
	const files = new Map<string, Uint8Array>();
	const irregular: { path: string; kind: string }[] = [];
	const unavailable: { path: string; reason: string }[] = [];
	const modes = hasModes(dir);
	let total = 0;
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
			total += stats.size;
			if (stats.size > FILE_LIMIT || total > TOTAL_LIMIT) {
				unavailable.push({ path, reason: 'too-large' });
				return;
			}
			files.set(path, new Uint8Array(readFileSync(join(dir, path))));
		} catch (error) {
			const reason = errorCode(error);
			if (reason === null) throw error;
			const wholeFolder = (GUARDED_FOLDERS as readonly string[]).includes(path);
			if (reason !== 'ENOENT' || !wholeFolder) unavailable.push({ path, reason });
		}
	};
	for (const folder of GUARDED_FOLDERS) visit(folder);
	return { files, irregular, unavailable };
}

/** Whether the file system tells executables apart; Git notes it where it does not. */
function hasModes(dir: string): boolean {
	if (process.platform === 'win32') return false;
	const config = join(dir, '.git', 'config');
	return (
		!existsSync(config) || !/^\s*filemode\s*=\s*false\s*$/im.test(readFileSync(config, 'utf8'))
	);
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
