import type { CheckStatus, Verdict } from '../core/verification/report.ts';
import type { ProgramAddress } from './program.ts';

/** Where the evidence comes from, in the order of its independence from the operator. */
export type Source =
	| { readonly kind: 'bundle'; readonly file: Blob }
	/** Paths below `.git` with their files. */
	| { readonly kind: 'folder'; readonly files: readonly (readonly [string, Blob])[] }
	/** Addresses of this site's bundles: the one without large files first, then the whole one. */
	| { readonly kind: 'site'; readonly addresses: readonly string[] }
	/** `classic`: the program that asks servers of the older protocols. */
	| { readonly kind: 'server'; readonly address: string; readonly classic: ProgramAddress };

/** What the visitor does to the copy before it is verified, to see what is noticed. */
export interface Attempt {
	readonly kind: AttemptKind;
	readonly path: string;
	/** From 1; the header is line 1. */
	readonly line: number;
	/** From 0. */
	readonly column: number;
	readonly value: string;
}

export type AttemptKind =
	| 'change'
	| 'change-and-list'
	| 'sign-again'
	| 'new-root'
	| 'drop-middle'
	| 'drop-newest';

/** One job: the worker answers it and is ended. */
export interface Job {
	readonly source: Source;
	/** As it was typed or dropped; empty where nothing was. */
	readonly pin: string;
	readonly checkpoint: Uint8Array | null;
	readonly attempt: Attempt | null;
}

/** One check as the page shows it. */
export interface CheckView {
	readonly id: string;
	readonly status: CheckStatus;
	readonly word: string;
	readonly question: string;
	readonly evidence: string;
	readonly proves: string;
	readonly leaves: string;
}

export interface FindingView {
	/** `open`: could not be checked, or is not there yet. */
	readonly severity: 'bad' | 'open' | 'notice';
	readonly sentence: string;
	readonly details: readonly (readonly [string, string])[];
}

export interface TableView {
	readonly caption: string;
	readonly header: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** A verification in words; the page only lays it out. */
export interface ReportView {
	readonly verdict: Verdict;
	readonly means: string;
	readonly next: string;
	readonly axes: readonly { readonly name: string; readonly text: string }[];
	readonly facts: readonly (readonly [string, string])[];
	readonly findings: readonly FindingView[];
	readonly worth: readonly TableView[];
	readonly checks: readonly CheckView[];
	readonly runs: TableView;
	readonly caveats: readonly string[];
	readonly commands: readonly { readonly title: string; readonly lines: string }[];
	/** The four lines to keep; null where there is nothing worth keeping. */
	readonly checkpoint: string | null;
	/** Digest of the newest trust root, to be remembered; empty where there is none. */
	readonly root: string;
	readonly log: string;
}

/** A CSV file that the visitor may try to change. */
export interface Sheet {
	readonly path: string;
	readonly period: string;
	readonly rows: readonly (readonly string[])[];
}

export type Answer =
	| {
			readonly kind: 'progress';
			readonly text: string;
			readonly done: number;
			readonly total: number;
	  }
	| {
			readonly kind: 'report';
			readonly view: ReportView;
			readonly json: Uint8Array;
			readonly sheets: readonly Sheet[];
			readonly milliseconds: Readonly<Record<string, number>>;
	  }
	| { readonly kind: 'stopped'; readonly text: string };
