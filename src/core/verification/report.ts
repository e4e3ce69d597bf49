import type { Checkpoint } from '../evidence/checkpoint.ts';
import type { Period } from '../format/period.ts';
import type { Totals } from '../record/run.ts';
import type { Quantity } from '../record/statement.ts';

/** The checks of docs/spec/verification.md in their order. */
export const CHECKS = [
	'hygiene',
	'trust-root',
	'pin',
	'signatures',
	'manifests',
	'chain',
	'contents',
	'approvals',
	'recomputation',
	'history',
	'source-commits',
	'checkpoint',
] as const;
export type CheckId = (typeof CHECKS)[number];

/** `not-asked`: nothing was given to check against. `none`: there is nothing to check. */
export type CheckStatus = 'passed' | 'failed' | 'unavailable' | 'not-asked' | 'none';

export type Verdict = 'VALID' | 'TAMPERED' | 'UNTRUSTED' | 'INCOMPLETE' | 'PENDING' | 'UNCONFIRMED';

/** What a finding does to the verdict; a notice does nothing. */
export type Effect = 'tampered' | 'untrusted' | 'unavailable' | 'pending' | 'notice';

export const FINDING_CODES = [
	'check-crashed',
	'path-malformed',
	'path-collision',
	'file-irregular',
	'file-unavailable',
	'log-empty',
	'root-missing',
	'root-malformed',
	'root-unknown-format',
	'root-chain',
	'root-signature',
	'root-threshold',
	'root-not-pinned',
	'certificate-missing',
	'certificate-changed',
	'certificate-malformed',
	'trust-unlisted',
	'signature-missing',
	'signature-wrong',
	'signature-unknown-key',
	'signature-key-not-in-force',
	'manifest-missing',
	'manifest-malformed',
	'manifest-unknown-format',
	'manifest-place',
	'sequence-duplicate',
	'sequence-gap',
	'previous-mismatch',
	'signatures-mismatch',
	'supersedes-mismatch',
	'run-gap',
	'period-gap',
	'time-order',
	'log-mismatch',
	'root-mismatch',
	'engine-unknown',
	'list-missing',
	'list-changed',
	'list-malformed',
	'list-totals',
	'list-foreign',
	'list-incomplete',
	'file-missing',
	'file-changed',
	'file-unlisted',
	'correction-open',
	'approval-missing',
	'approval-wrong',
	'approval-not-in-force',
	'inputs-refused',
	'record-differs',
	'totals-differ',
	'basis-differs',
	'time-zone-differs',
	'lock-broken',
	'recomputation-blocked',
	'history-absent',
	'history-broken',
	'history-no-beginning',
	'history-altered',
	'history-restored',
	'history-acknowledged',
	'history-side-branch',
	'incident-unmatched',
	'file-differs',
	'file-uncommitted',
	'source-off-main',
	'source-late',
	'source-lacks',
	'source-format',
	'checkpoint-log',
	'checkpoint-ahead',
	'checkpoint-root',
	'checkpoint-commit',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** The first place at which a text file differs from what was finalized. */
export interface Difference {
	/** From 1. */
	readonly line: number;
	/** Header name of the cell; empty where the file has no cells or the whole line differs. */
	readonly column: string;
	readonly expected: string;
	readonly actual: string;
}

/** A commit and whose it claims to be. */
export interface CommitNote {
	readonly commit: string;
	/** Name and address. */
	readonly author: string;
	/** UTC instant by the committer's clock. */
	readonly date: string;
}

/** One thing that a check saw. `expected` and `actual` are digests or other data, never sentences. */
export interface Finding {
	readonly code: FindingCode;
	readonly check: CheckId;
	readonly effect: Effect;
	/** Empty where it concerns the log as a whole. */
	readonly path: string;
	readonly period: Period | '';
	/** 0 where it concerns no run. */
	readonly run: number;
	readonly expected: string;
	readonly actual: string;
	readonly difference: Difference | null;
	/** The commit of the main line that made it so; null where that is not known. */
	readonly altered_in: CommitNote | null;
	/** The commit that undid it; null where it stands, or is not known. */
	readonly restored_in: CommitNote | null;
}

/** What an alteration is worth: the change of each entity's figures, in Wh, where it is not zero. */
export interface Worth {
	readonly period: Period;
	readonly run: number;
	/** `settled`: the altered inputs, settled. `stated`: the altered statement as it reads. */
	readonly basis: 'settled' | 'stated';
	readonly entities: readonly {
		readonly entity: string;
		readonly energy_wh: Readonly<Partial<Record<Quantity, bigint>>>;
	}[];
}

export interface CheckResult {
	readonly id: CheckId;
	readonly status: CheckStatus;
	/** How much was looked at: runs, files, keys. */
	readonly evidence: Readonly<Record<string, number | string>>;
}

export interface RunSummary {
	readonly sequence: number;
	readonly period: Period;
	readonly run: number;
	readonly kind: string;
	readonly finalized_at: string;
	readonly manifest_sha256: string;
	readonly totals: Totals;
	/** No finding concerns this run. */
	readonly intact: boolean;
}

/** The history that was read: its branch, tip and oldest commit that counts, and how many there are. */
export interface HistorySummary {
	readonly branch: string;
	readonly head: string;
	readonly beginning: string;
	readonly commits: number;
}

/** The outcome of a verification. The verdict covers the scope, and the whole log. */
export interface Report {
	readonly verdict: Verdict;
	readonly scope: 'files' | 'files and history';
	readonly log: string;
	readonly pin: string | null;
	/** The versions of the trust root, with the digests that a person may pin. */
	readonly trust_roots: readonly { readonly version: number; readonly sha256: string }[];
	readonly approvals_required: boolean;
	/** Null at scope `files`, and where no history could be read. */
	readonly history: HistorySummary | null;
	/** What to keep until the next visit; null where the log is not whole or has no history. */
	readonly checkpoint: Checkpoint | null;
	readonly checks: readonly CheckResult[];
	readonly findings: readonly Finding[];
	readonly worth: readonly Worth[];
	readonly runs: readonly RunSummary[];
}

/** Precedence of docs/spec/verification.md; VALID needs every check passed under a pinned root. */
export function verdictOf(findings: readonly Finding[], pinned: boolean): Verdict {
	const has = (effect: Effect) => findings.some((finding) => finding.effect === effect);
	if (has('tampered')) return 'TAMPERED';
	if (has('untrusted')) return 'UNTRUSTED';
	if (has('unavailable')) return 'INCOMPLETE';
	if (has('pending')) return 'PENDING';
	return pinned ? 'VALID' : 'UNCONFIRMED';
}

export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
	VALID: 0,
	TAMPERED: 1,
	UNTRUSTED: 2,
	INCOMPLETE: 3,
	PENDING: 4,
	UNCONFIRMED: 5,
};

/** The checkpoint of a log that holds: only that is worth keeping. */
export function keptCheckpoint({ verdict, checkpoint }: Report): Checkpoint | null {
	const holds = verdict === 'VALID' || verdict === 'PENDING' || verdict === 'UNCONFIRMED';
	return holds ? checkpoint : null;
}
