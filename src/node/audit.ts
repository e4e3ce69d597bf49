import { readFileSync } from 'node:fs';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../core/evidence/checkpoint.ts';
import { historyReader } from '../core/history/reader.ts';
import { treeAt } from '../core/history/tree-at.ts';
import { keptCheckpoint, type Report } from '../core/verification/report.ts';
import { type VerificationRequest, verify } from '../core/verification/verify.ts';
import { periodTimeOf } from '../zones/period-time.ts';
import { readTree, writeWhole } from './files.ts';
import { bundleEvidence, folderEvidence } from './git-evidence.ts';
import { onMachine, stop } from './stop.ts';

export interface Audit {
	/** The folder to verify, with the history of its head if it is a Git repository. */
	readonly dir: string;
	/** Verify this bundle instead of the folder. */
	readonly bundle?: string;
	/** Digest of the trust root that the user noted elsewhere. */
	readonly pin: string | null;
	/** File with a checkpoint that the user kept. */
	readonly checkpoint?: string;
	readonly progress?: VerificationRequest['progress'];
}

/** Verifies a log: the files of a folder and its history, or those of a bundle. */
export async function audit(request: Audit): Promise<Report> {
	const { dir, bundle, pin, progress } = request;
	if (pin !== null && !PIN.test(pin)) stop({ code: 'pin-malformed', found: pin });
	const common = {
		pin,
		timeOf: periodTimeOf,
		...(progress && { progress }),
		...(request.checkpoint !== undefined && { checkpoint: readCheckpoint(request.checkpoint) }),
	};
	const opening = (done: number, total: number) => progress?.('history', done, total);
	if (bundle === undefined) {
		const git = await folderEvidence(dir, opening);
		const tree = readTree(dir);
		return verify(git === null ? { ...common, tree } : { ...common, tree, git, worktree: true });
	}
	const git = await bundleEvidence(bundle, opening);
	const empty = { files: new Map(), irregular: [], unavailable: [] };
	const tree = git.ok ? await treeAt(historyReader(git.value), git.value.head) : empty;
	return verify({ ...common, tree, git });
}

/** Verifies a folder with its history, under the pinned digest of a trust root if any. */
export function auditFolder(dir: string, pin: string | null): Promise<Report> {
	return audit({ dir, pin });
}

/** Writes the checkpoint of a log that holds; false where there is none to keep. */
export function keepCheckpoint(report: Report, path: string): boolean {
	const kept = keptCheckpoint(report);
	if (kept !== null) writeWhole(path, formatCheckpoint(kept));
	return kept !== null;
}

/** A SHA-256, or the fingerprint of a key. */
const PIN = /^([0-9a-f]{64}|[0-9a-f]{40})$/;

function readCheckpoint(path: string): Checkpoint {
	const noted = parseCheckpoint(new Uint8Array(onMachine(path, () => readFileSync(path))));
	return noted ?? stop({ code: 'checkpoint-malformed', path });
}
