import {
	accessSync,
	constants,
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../core/format/bytes.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { plain } from '../texts/chosen.ts';
import { isThere, partName, readWholeTree, writeWhole } from './files.ts';
import {
	checkedOut,
	fileAt,
	filesAt,
	openRepository,
	type Person,
	type Repository,
	stage,
	tipOf,
	uncommittedPaths,
	writeCommit,
} from './repository.ts';
import { errorCode, onMachine, stop, stopOf } from './stop.ts';

/** What a commit does to the repository, in the words of its message. */
export interface Change {
	/** Folders or files that the commit no longer holds. */
	readonly remove: readonly string[];
	readonly add: Files;
	readonly message: string;
	readonly author: Person;
}

/** The journal of a transaction: who is at work, and between which commits. */
interface Journal {
	readonly pid: number;
	readonly branch: string;
	readonly before: string | null;
	readonly after: string;
	readonly remove: readonly string[];
	readonly add: readonly string[];
}

const journalPath = ({ gitdir }: Repository) => join(gitdir, 'wattproof-transaction');
const indexLock = ({ gitdir }: Repository) => join(gitdir, 'index.lock');
const refLock = ({ gitdir }: Repository, branch: string) => join(gitdir, `${branch}.lock`);

/**
 * Commits a change and brings index and working tree to it. The commit point is the rename that moves
 * the branch from exactly the tip that was read: a kill before it leaves the old state, one after it
 * the new commit, whose working tree `recover` completes at the next start.
 */
export async function commitChange(repository: Repository, change: Change): Promise<string> {
	const { remove, add, message, author } = change;
	const removed = await removedFiles(repository, remove, add);
	requireWritable(repository, [...add.keys(), ...removed]);
	const after = await writeCommit(repository, { remove, add }, message, author, new Date());
	const journal: Journal = {
		pid: process.pid,
		branch: repository.branch,
		before: repository.tip,
		after,
		remove: removed,
		add: [...add.keys()],
	};
	claim(repository, journalPath(repository), JSON.stringify(journal), () => {
		const pid = String(readJournal(journalPath(repository))?.pid ?? '');
		return stop({ code: 'another-running', pid });
	});
	try {
		lockIndex(repository);
		// From here on the lock is ours, and only ours may be removed.
		await moveBranch(repository, after).catch((error: unknown) => {
			rmSync(indexLock(repository), { force: true });
			throw error;
		});
	} catch (error) {
		rmSync(journalPath(repository), { force: true });
		throw error;
	}
	try {
		await complete(repository, journal, add);
	} catch (error) {
		// The branch has moved: nothing is lost, and the next start goes on from the journal.
		const reason = stopOf(error);
		if (reason === null || !('reason' in reason)) throw error;
		stop({ code: 'committed-incomplete', commit: after.slice(0, 12), reason: reason.reason });
	}
	return after;
}

/** Stops before anything is committed where the working tree could not follow. */
function requireWritable({ dir }: Repository, paths: readonly string[]): void {
	const folders = paths.map((path) => {
		let folder = dirname(path);
		while (folder !== '.' && !isThere(join(dir, folder))) folder = dirname(folder);
		return join(dir, folder);
	});
	for (const folder of new Set(folders)) {
		onMachine(folder, () => accessSync(folder, constants.W_OK | constants.X_OK));
	}
}

async function removedFiles(
	repository: Repository,
	remove: readonly string[],
	add: Files,
): Promise<string[]> {
	if (repository.tip === null) return [];
	const paths: string[] = [];
	for (const path of remove) {
		paths.push(...(await filesAt(repository, repository.tip, path)).keys());
	}
	return paths.filter((path) => !add.has(path));
}

/** Creates a file that must not be there yet, with its content from the first moment on. */
function claim({ gitdir }: Repository, path: string, content: string, taken: () => never): void {
	const part = join(gitdir, partName());
	try {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(part, content);
		linkSync(part, path);
	} catch (error) {
		const reason = errorCode(error);
		if (reason === 'EEXIST') taken();
		if (reason === null) throw error;
		stop({ code: 'machine', path, reason });
	} finally {
		rmSync(part, { force: true });
	}
}

/** Git's own lock on the index: while it is held, no other Git program changes the index. */
function lockIndex(repository: Repository): void {
	const path = indexLock(repository);
	claim(repository, path, `wattproof ${process.pid}\n`, () => stop({ code: 'index-locked', path }));
}

/** Compare-and-swap of the branch by Git's own protocol: lock file, comparison, rename. */
async function moveBranch(repository: Repository, after: string): Promise<void> {
	const { dir, branch, gitdir, tip } = repository;
	const path = refLock(repository, branch);
	claim(repository, path, `${after}\n`, () => stop({ code: 'branch-locked', path }));
	try {
		// A person may have changed the branch, or gone to another one, while a passphrase was asked for.
		const same = checkedOut(repository) === branch && (await tipOf(dir, branch)) === tip;
		if (!same) stop({ code: 'branch-moved', branch });
		const place = join(gitdir, branch);
		// Git leaves empty folders where branches with a slash once were.
		if (existsSync(place) && statSync(place).isDirectory())
			onMachine(place, () => rmdirSync(place));
		onMachine(place, () => renameSync(path, place));
	} catch (error) {
		rmSync(path, { force: true });
		throw error;
	}
}

/** Brings working tree and index to a commit that the branch has reached, then ends the transaction. */
async function complete(repository: Repository, journal: Journal, add: Files): Promise<void> {
	for (const path of journal.remove) removeFile(repository.dir, path);
	for (const [path, bytes] of add) writeWhole(join(repository.dir, path), bytes, repository.gitdir);
	await stage(repository, add, journal.remove);
	rmSync(indexLock(repository), { force: true });
	rmSync(journalPath(repository), { force: true });
}

/** Removes a file, and the folders that it leaves empty, as Git does. */
function removeFile(dir: string, path: string): void {
	rmSync(join(dir, path), { force: true });
	for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
		const place = join(dir, folder);
		if (!existsSync(place) || readdirSync(place).length > 0) return;
		rmdirSync(place);
	}
}

/** A repository ready for a change: nothing left over from a killed run, nothing uncommitted. */
export async function openClean(
	dir: string,
): Promise<{ readonly repository: Repository; readonly tree: Tree }> {
	let repository = await openRepository(dir);
	if (await recover(repository)) {
		process.stderr.write(`${plain.recovered}\n`);
		repository = await openRepository(dir);
	}
	const tree = readWholeTree(dir);
	const paths = await uncommittedPaths(repository, tree);
	if (paths.length > 0) stop({ code: 'uncommitted', paths });
	return { repository, tree };
}

/**
 * Completes or forgets what a killed run of this program left behind; true where a commit that had
 * been reached was completed. Stops where that program is still at work.
 */
async function recover(repository: Repository): Promise<boolean> {
	removeParts(repository);
	const path = journalPath(repository);
	if (!isThere(path)) return false;
	const journal = readJournal(path);
	if (journal !== null && isAlive(journal.pid)) {
		stop({ code: 'another-running', pid: String(journal.pid) });
	}
	releaseLocks(repository, journal);
	const reached =
		journal !== null && (await tipOf(repository.dir, journal.branch)) === journal.after;
	if (!reached) {
		rmSync(path, { force: true });
		return false;
	}
	const add = new Map<string, Uint8Array>();
	for (const file of journal.add) add.set(file, await fileAt(repository, journal.after, file));
	await complete(repository, journal, add);
	return true;
}

/** Nothing is completed outside the repository, whoever has written the journal. */
function isOurs({ branch, remove, add }: Journal): boolean {
	const inside = (path: string) =>
		path.split('/').every((it) => !['', '.', '..', '.git'].includes(it));
	return [branch, ...remove, ...add].every((it) => typeof it === 'string' && inside(it));
}

/** Null where the journal is no journal of ours: then nothing can be said to have moved. */
function readJournal(path: string): Journal | null {
	// One that cannot be read may be at work: it must not be taken for none.
	const text = isThere(path) ? onMachine(path, () => readFileSync(path, 'utf8')) : '';
	try {
		const journal = JSON.parse(text) as Partial<Journal> | null;
		const whole = journal?.pid && journal.branch && journal.after && journal.remove && journal.add;
		return whole && isOurs(journal as Journal) ? (journal as Journal) : null;
	} catch {
		return null;
	}
}

function isAlive(pid: number): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return errorCode(error) === 'EPERM';
	}
}

/** Removes half-written files of processes that are gone. */
function removeParts({ gitdir }: Repository): void {
	for (const name of readdirSync(gitdir)) {
		const pid = /^wattproof-([0-9]+)-[0-9]+\.part$/.exec(name)?.[1];
		if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(gitdir, name), { force: true });
	}
}

/** Removes the locks that the dead transaction held, and no others. */
function releaseLocks(repository: Repository, journal: Journal | null): void {
	if (journal === null) return;
	const held: [string, string][] = [
		[indexLock(repository), `wattproof ${journal.pid}\n`],
		[refLock(repository, journal.branch), `${journal.after}\n`],
	];
	for (const [path, content] of held) {
		if (existsSync(path) && readFileSync(path, 'utf8') === content) rmSync(path);
	}
}
