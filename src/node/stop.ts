import type { Obstacle } from '../core/evidence/draft.ts';
import type { SignatureFault } from '../core/evidence/signature.ts';
import type { Finding } from '../core/verification/report.ts';

/** Why a command stops without being wrong itself: the state of the machine, the key, the log. */
export interface StopDetails {
	'no-such-folder': { readonly dir: string };
	'not-a-repository': { readonly dir: string };
	'no-branch': object;
	'object-format': { readonly format: string };
	'git-form': { readonly feature: string };
	'git-index': object;
	'git-ref': { readonly path: string };
	'git-damaged': { readonly reason: string };
	'committed-incomplete': { readonly commit: string; readonly reason: string };
	uncommitted: { readonly paths: readonly string[] };
	'another-running': { readonly pid: string };
	'index-locked': { readonly path: string };
	'branch-locked': { readonly path: string };
	'branch-moved': { readonly branch: string };
	machine: { readonly path: string; readonly reason: string };
	'file-unreadable': { readonly paths: readonly string[]; readonly reason: string };
	'file-too-large': { readonly paths: readonly string[] };
	'file-moving': { readonly path: string };
	'file-not-plain': { readonly paths: readonly string[] };
	'log-name': { readonly found: string };
	'log-exists': { readonly log: string };
	'keys-inside-repository': { readonly dir: string };
	'keys-exist': { readonly path: string };
	'key-unreadable': { readonly path: string };
	'key-public': { readonly path: string };
	'key-not-in-force': { readonly fingerprint: string; readonly sequence: string };
	'nothing-final': { readonly period: string };
	'approval-not-newest': { readonly period: string; readonly newest: string };
	'approval-exists': { readonly path: string };
	'role-unknown': { readonly role: string; readonly roles: string };
	'key-not-for-role': { readonly fingerprint: string; readonly role: string };
	'correction-exists': { readonly folder: string };
	'no-such-input': { readonly name: string; readonly names: string };
	'root-too-early': { readonly from: string; readonly earliest: string };
	'root-refused': object;
	'root-threshold': { readonly actual: string; readonly expected: string };
	'draft-exists': { readonly folder: string };
	'draft-refused': { readonly finding: Finding };
	'root-adopted': { readonly version: string };
	'key-not-root': { readonly fingerprint: string };
	'approver-malformed': { readonly found: string };
	'no-root-draft': { readonly folder: string };
	'certificate-refused': { readonly path: string };
	'key-not-in-root': { readonly fingerprint: string };
	'trust-append-only': { readonly path: string };
	'number-malformed': { readonly found: string };
	'key-younger': { readonly now: string; readonly created: string };
	'passphrase-missing': object;
	'passphrase-differs': object;
	'passphrase-wrong': { readonly path: string };
	'period-malformed': { readonly found: string };
	'incident-open': { readonly finding: Finding };
	'nothing-to-acknowledge': object;
	'reason-malformed': { readonly found: string };
	'publish-uncommitted': { readonly paths: readonly string[] };
	'publish-planted': { readonly paths: readonly string[] };
	'history-shallow': object;
	'git-missing': object;
	'git-refused': { readonly command: string; readonly reason: string };
	'base-unknown': { readonly base: string };
	'base-unrelated': { readonly base: string };
	'history-unreadable': { readonly reason: string };
	'pin-malformed': { readonly found: string };
	'checkpoint-malformed': { readonly path: string };
	'nothing-submitted': { readonly period: string };
	'already-final': { readonly period: string; readonly run: string; readonly next: string };
	/** `finding`: the first that stands in the way, where verification was asked. */
	'log-not-intact': { readonly verdict: string; readonly finding: Finding | null };
	'site-missing': { readonly path: string };
	'site-of-sample': object;
	'site-refused': { readonly reason: string };
	'out-inside-record': { readonly dir: string };
	'no-run-draft': { readonly folder: string };
	'run-unsigned': { readonly path: string; readonly manifest: string };
	'signature-refused': { readonly path: string; readonly fault: SignatureFault };
	'draft-outdated': { readonly path: string };
	'draft-ahead': { readonly now: string; readonly drafted: string };
}

export type Stop =
	| Obstacle
	| {
			[Code in keyof StopDetails]: { readonly code: Code } & Readonly<StopDetails[Code]>;
	  }[keyof StopDetails];
export type StopCode = Stop['code'];

/** Ends a command with one sentence; `texts/` has it by code. */
export class StopError extends Error {
	readonly stop: Stop;
	constructor(stop: Stop) {
		super(stop.code);
		this.stop = stop;
	}
}

export function stop(reason: Stop): never {
	throw new StopError(reason);
}

/** Runs a file operation; what the machine refuses becomes one sentence with the path. */
export function onMachine<Value>(path: string, work: () => Value): Value {
	try {
		return work();
	} catch (error) {
		throw machineError(path, error);
	}
}

function machineError(path: string, error: unknown): unknown {
	const code = errorCode(error);
	if (error instanceof StopError || code === null) return error;
	return new StopError({ code: 'machine', path, reason: code });
}

/** What to say of an error that ended a command; null where it is a bug. */
export function stopOf(error: unknown): Stop | null {
	if (error instanceof StopError) return error.stop;
	const reason = errorCode(error);
	if (reason === null || !(error instanceof Error)) return null;
	const path = 'path' in error ? String(error.path) : error.message;
	return { code: 'machine', path, reason };
}

/** `ENOENT` and the like; null where the error is not the file system's. */
export function errorCode(error: unknown): string | null {
	if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
	return String(error.code);
}
