import type { Finding } from '../core/verification/report.ts';

/** What `doctor` looks at, in its order; those after `owners` on the forge alone, when it is asked. */
export const EXAMINATIONS = [
	'history',
	'branch',
	'trust',
	'finalizer',
	'key',
	'approvals',
	'private-keys',
	'attributes',
	'data',
	'site',
	'workflows',
	'owners',
	'repository',
	'environment',
	'secrets',
	'rules',
	'bypass',
	'pages',
	'variables',
] as const;
export type Examination = (typeof EXAMINATIONS)[number];

/** `unknown`: could not be checked, which is never taken for `ok`. */
export type DiagnosisState = 'ok' | 'problem' | 'unknown';

/** By state and code: what the sentence of a diagnosis needs. */
interface Details {
	ok: {
		'history-whole': object;
		'branch-main': object;
		'trust-intact': { readonly log: string; readonly version: string; readonly sha256: string };
		'finalizer-in-force': { readonly fingerprint: string; readonly sequence: string };
		'key-in-force': { readonly fingerprint: string };
		'approvals-required': { readonly roles: readonly string[] };
		'approvals-none': object;
		'private-keys-none': object;
		'attributes-set': object;
		'data-readable': { readonly entities: string };
		'site-filled': { readonly organization: string };
		'workflows-sound': { readonly names: readonly string[] };
		'owners-named': { readonly path: string };
		'repository-read': { readonly name: string };
		'environment-guarded': object;
		'secrets-there': object;
		'rules-complete': object;
		'rules-open': object;
		'bypass-there': { readonly who: string };
		'bypass-unneeded': object;
		'pages-from-workflow': object;
		'variables-right': object;
	};
	problem: {
		'repository-refused': { readonly reason: string };
		'history-shallow': object;
		'history-partial': object;
		'branch-other': { readonly branch: string };
		'trust-missing': object;
		'trust-sample': object;
		'trust-refused': { readonly finding: Finding };
		'finalizer-none': { readonly sequence: string };
		'key-unusable': { readonly reason: string };
		'key-inside': { readonly path: string };
		'key-open': { readonly path: string };
		'key-other': { readonly fingerprint: string; readonly role: string };
		'private-keys-inside': { readonly paths: readonly string[] };
		'attributes-missing': { readonly lines: readonly string[] };
		'attributes-overridden': { readonly found: readonly string[] };
		'data-refused': { readonly count: string; readonly first: string };
		'register-empty': object;
		'site-refused': { readonly reason: string };
		'site-of-sample': { readonly keys: readonly string[] };
		'site-repository': { readonly expected: string };
		'site-nowhere': { readonly address: string };
		'site-branch': { readonly branch: string };
		'workflows-missing': { readonly names: readonly string[] };
		'workflows-unsound': { readonly faults: readonly string[] };
		'owners-missing': object;
		'owners-placeholder': { readonly path: string; readonly names: readonly string[] };
		'owners-unknown': { readonly lines: readonly string[] };
		'repository-branch': { readonly branch: string };
		'environment-missing': object;
		'environment-branches': object;
		'environment-reviewers': object;
		'secrets-missing': { readonly names: readonly string[] };
		'secrets-everywhere': { readonly names: readonly string[] };
		'rules-missing': { readonly names: readonly string[] };
		'bypass-missing': object;
		'pages-missing': object;
		'pages-from-branch': object;
		'variable-missing': { readonly name: string };
		'variable-other': { readonly found: string };
	};
	unknown: {
		'file-unreadable': { readonly paths: readonly string[] };
		'history-unread': { readonly reason: string };
		'trust-unread': { readonly finding: Finding };
		'trust-unjudged': object;
		'site-absent': object;
		'not-on-github': object;
		'forge-silent': { readonly reason: string };
		'attributes-unread': object;
	};
}

type Coded<State extends DiagnosisState> = {
	[Code in keyof Details[State]]: { readonly code: Code } & Details[State][Code];
}[keyof Details[State]];

/** What one examination found. */
export type Diagnosis = {
	[State in DiagnosisState]: { readonly check: Examination; readonly state: State } & Coded<State>;
}[DiagnosisState];
export type DiagnosisCode = Diagnosis['code'];

export function ok(check: Examination, it: Coded<'ok'>): Diagnosis {
	return { check, state: 'ok', ...it };
}

export function problem(check: Examination, it: Coded<'problem'>): Diagnosis {
	return { check, state: 'problem', ...it };
}

export function unknown(check: Examination, it: Coded<'unknown'>): Diagnosis {
	return { check, state: 'unknown', ...it };
}
