/** Where a problem is. Lines and columns count from 1; 0 means the file as a whole. */
export interface Location {
	readonly path: string;
	readonly line: number;
	readonly column: number;
}

interface Found {
	readonly found: string;
}
interface Field extends Found {
	readonly field: string;
}
interface Entity {
	readonly entity: string;
}
interface Point {
	readonly metering_point: string;
}

/** How many readings of a metering point are missing, and the first ranges of their intervals. */
interface MissingReadings {
	readonly missing: string;
	readonly intervals: string;
	readonly ranges: string;
	/** How many ranges are not shown. */
	readonly more: string;
}

/** What each problem code carries besides its location: data, from which `texts/` makes sentences. */
export interface ProblemDetails {
	'csv-bom': object;
	'csv-crlf': object;
	'csv-empty': object;
	'csv-spreadsheet-file': object;
	'csv-too-large': object;
	'csv-utf16': object;
	'csv-not-utf8': object;
	'csv-nul': object;
	'csv-carriage-return': object;
	'csv-separator': Found & { readonly separator: string };
	'csv-lone-quote': object;
	'csv-line-break-in-field': object;
	'csv-blank-line': object;
	'csv-header-duplicate': Found & { readonly first: string };
	'csv-header-unknown': Found & { readonly accepted: string };
	'csv-header-missing': { readonly field: string; readonly accepted: string };
	'csv-cells': Found & { readonly expected: string };
	'csv-no-rows': object;
	'csv-line-too-long': object;
	'problems-more': Found & { readonly limit: string };

	'energy-empty': Field;
	'energy-decimal-comma': Field;
	'energy-thousands': Field;
	'energy-sign': Field;
	'energy-exponent': Field;
	'energy-unit': Field;
	'energy-decimals': Field;
	'energy-leading-zero': Field;
	'energy-not-a-number': Field;
	'energy-digits': Field;
	'energy-space': Field;
	'energy-too-large': Field;
	'energy-malformed': Field;
	'entity-malformed': Field;
	'entity-date-like': Field;
	'period-malformed': Field;
	'period-spreadsheet': Field & { readonly expected: string };
	'period-folder': Found & { readonly expected: string };
	'period-future': { readonly period: string };
	'quality-unknown': Found;
	'note-missing': { readonly quality: string };
	'text-empty': Field;
	'text-malformed': Field & { readonly reason: TextFault };
	'cost-center-malformed': Found;
	'capacity-malformed': Found;

	'register-missing': object;
	'register-validity': { readonly from: string; readonly to: string };
	'register-overlap': Entity & { readonly first: string };
	'register-too-large': Found & { readonly limit: string };
	'entity-unknown': Entity & { readonly suggestion: string };
	'entity-not-valid': Entity & { readonly period: string };
	'entity-duplicate': Entity & { readonly first: string };
	'entity-silent': Entity & { readonly period: string };
	'entity-absent-with-data': Entity & { readonly first: string };

	'direction-unknown': Found;
	'metering-points-missing': object;
	'metering-points-too-many': Found & { readonly limit: string };
	'metering-point-malformed': Field;
	'metering-point-overlap': Point & { readonly first: string };
	'metering-point-unknown': Point;
	'metering-point-not-valid': Point & { readonly period: string };
	'metering-point-entity': Point & Entity & { readonly period: string };
	'entity-without-metering-point': Entity & { readonly period: string };

	'interval-malformed': Field;
	'interval-no-offset': Field;
	'interval-off-grid': Field & { readonly minutes: string };
	'interval-outside': Field & { readonly first: string; readonly last: string };
	'period-time-zone': Found;
	'period-uneven': Found & { readonly period: string; readonly minutes: string };
	'period-offset': Found & { readonly period: string };

	'reading-header': Found & { readonly accepted: string };
	'reading-columns': Found & { readonly expected: string };
	'reading-beyond-day': Field & { readonly date: string; readonly intervals: string };
	'reading-duplicate': Point & { readonly interval: string; readonly first: string };
	'reading-sum-too-large': Entity & { readonly interval: string; readonly limit: string };
	'readings-missing': Point & MissingReadings;
	'date-malformed': Field & { readonly expected: string };
	'date-outside': Field & { readonly first: string; readonly last: string };
	'metering-point-absent': Point & Entity;
	'substitute-unused': Point;
	'substitute-with-quality': Point & { readonly first: string };

	'substitute-quality': Found;
	'substitute-range': { readonly first: string; readonly last: string };
	'substitute-overlap': Point & { readonly first: string };

	'path-unexpected': Found & { readonly accepted: string };
	'path-malformed': Found;
	'path-collision': Found & { readonly first: string };
	'path-not-plain': object;
	'period-without-data': { readonly period: string };
	'final-changed': { readonly period: string; readonly run: string };
	'final-added': { readonly period: string; readonly run: string };
	'final-removed': { readonly period: string; readonly run: string };
	'log-unreadable': { readonly period: string };
	'correction-gap': { readonly run: string; readonly missing: string };
	'correction-early': { readonly run: string; readonly next: string };
	'period-before-log': { readonly period: string; readonly first: string };
	'correction-missing': { readonly run: string };
	'correction-unchanged': { readonly first: string };
	'correction-withdraws-nothing': object;
	'correction-currency': Found & { readonly expected: string };
	'correction-locked': { readonly period: string; readonly days: string };

	'proposal-code': object;
	'proposal-configuration': { readonly period: string };
	'proposal-periods': Found & { readonly period: string };
	'proposal-record': object;
	'proposal-submitters': { readonly first: string };
	'proposal-trust': object;

	'json-malformed': Found;
	'json-duplicate-key': Found;
	'json-key-unknown': Found;
	'json-key-missing': { readonly field: string };
	'json-value': Field & { readonly expected: Expectation };
	'rules-missing': { readonly period: string };
	'rules-basis': Found;
	'rules-contract-order': object;
	'rules-keys-above-denominator': Found & { readonly denominator: string };
	'rules-agreement-duplicate': Found;
	'rules-agreement-empty': { readonly id: string };
	'rules-agreement-self': { readonly id: string };
	'rules-entity-unknown': Entity;
	'rules-key-missing': Entity & { readonly field: string };
	'rules-matrix-size': { readonly cells: string; readonly limit: string };

	'waiver-code': Found & { readonly accepted: string };
	'waiver-duplicate': Entity & { readonly waived: string; readonly first: string };
	'waiver-unused': Entity & { readonly waived: string };
	'warning-unwaived': Entity & { readonly warning: string; readonly detail: string };
}

export type ProblemCode = keyof ProblemDetails;
export type TextFault = 'not-nfc' | 'too-long' | 'control' | 'formula';
/** What a value of a JSON file has to be. */
export type Expectation =
	| 'object'
	| 'list'
	| 'text'
	| 'entity'
	| 'energy'
	| 'price'
	| 'currency'
	| 'account'
	| 'integer'
	| 'fraction'
	| 'rule'
	| 'delivery-rule'
	| 'format'
	| 'basis'
	| 'time-zone'
	| 'matrix'
	| 'warning'
	| 'reason-code';

export type Problem = {
	[Code in ProblemCode]: { readonly code: Code; readonly location: Location } & Readonly<
		ProblemDetails[Code]
	>;
}[ProblemCode];

export type Result<Value> =
	| { readonly ok: true; readonly value: Value }
	| { readonly ok: false; readonly problems: readonly Problem[] };

/** Problems that describe what was accepted and hashed as it is; every other one refuses the data. */
const INFO: ReadonlySet<ProblemCode> = new Set(['csv-bom', 'csv-crlf']);

export function isInfo(problem: Problem): boolean {
	return INFO.has(problem.code);
}

/** The problems in the order they are shown: path, line, column, code; then as they were found. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
	return problems.toSorted(
		(a, b) =>
			compareText(a.location.path, b.location.path) ||
			a.location.line - b.location.line ||
			a.location.column - b.location.column ||
			compareText(a.code, b.code),
	);
}

/** Order of UTF-16 code units, which for the ASCII used in ids and paths is byte order. */
export function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

export function wholeFile(path: string): Location {
	return { path, line: 0, column: 0 };
}

/** Adds items to a list. A spread `push` overflows the stack with as many as one file can hold. */
export function append<Item>(list: Item[], more: Iterable<Item>): void {
	for (const item of more) list.push(item);
}

/** A bug: something the program itself must never let happen. */
export function impossible(what: string): never {
	throw new Error(`impossible: ${what}`);
}
