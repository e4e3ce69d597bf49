import { isPeriod, type Period } from './format/period.ts';
import { compareText } from './problem.ts';

/** The layout of an operator's repository (docs/spec/layout.md): every path has its home here. */
export const REGISTER = 'data/entities.csv';
export const METERING_POINTS = 'data/metering-points.csv';
export const GUARDED_FOLDERS = ['data', 'settlements', 'trust'] as const;
export const ABSENT = 'absent.csv';
export const WAIVERS = 'waivers.csv';
export const SUBSTITUTES = 'substitutes.csv';
export const CORRECTION = 'correction.json';
export const DIGEST_LIST = 'SHA256SUMS';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.json.asc';

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const PATH_LIMIT = 200;

/** Whether a path may stand in the log: known characters only, so that it means one file everywhere. */
export function isLegalPath(path: string): boolean {
	return path.length <= PATH_LIMIT && path.split('/').every((segment) => SEGMENT.test(segment));
}

export function inputFolder(period: Period, run = 1): string {
	return run === 1 ? `data/${period}` : `data/${period}/r${run}`;
}

export function runFolder(period: Period, run: number): string {
	return `settlements/${period}/r${run}`;
}

export function approvalPath(folder: string, role: string): string {
	return `${folder}/approvals/${role}.asc`;
}

export function rulesPath(period: Period): string {
	return `data/rules/${period}.json`;
}

export function rootPath(version: number): string {
	return `trust/root-${version}.json`;
}

export function rootSignaturePath(version: number, fingerprint: string): string {
	return `${rootPath(version)}.${fingerprint}.asc`;
}

export function certificatePath(fingerprint: string): string {
	return `trust/keys/${fingerprint}.asc`;
}

/** Whether a path is that of a trust root, of a signature over one, or of a certificate. */
export function isTrustPath(path: string): boolean {
	return /^trust\/(root-[1-9][0-9]*\.json(\.[0-9a-f]{40}\.asc)?|keys\/[0-9a-f]{40}\.asc)$/.test(
		path,
	);
}

/** A path below `data/`, by what it holds; null where nothing of that name has a place. */
export type DataPath =
	| { readonly kind: 'register' }
	| { readonly kind: 'metering-points' }
	| { readonly kind: 'rules'; readonly period: Period }
	| {
			readonly kind: 'submission';
			readonly period: Period;
			readonly run: number;
			readonly name: string;
	  };

export function parseDataPath(path: string): DataPath | null {
	if (path === REGISTER) return { kind: 'register' };
	if (path === METERING_POINTS) return { kind: 'metering-points' };
	const rules = /^data\/rules\/([^/]+)\.json$/.exec(path)?.[1];
	if (rules !== undefined) return isPeriod(rules) ? { kind: 'rules', period: rules } : null;
	const match = /^data\/([^/]+)\/(?:r([1-9][0-9]{0,3})\/)?([^/]+)$/.exec(path);
	const [, period, run, name] = match ?? [];
	if (period === undefined || name === undefined || !isPeriod(period)) return null;
	const correction = run !== undefined;
	if (correction && Number(run) < 2) return null;
	if (!name.endsWith('.csv') && !(correction && name === CORRECTION)) return null;
	return { kind: 'submission', period, run: correction ? Number(run) : 1, name };
}

/** The run that a path below `settlements/` belongs to. */
export function parseRunPath(
	path: string,
): { readonly period: Period; readonly run: number; readonly rest: string } | null {
	const match = /^settlements\/([^/]+)\/r([1-9][0-9]{0,3})\/(.+)$/.exec(path);
	const [, period, run, rest] = match ?? [];
	if (period === undefined || run === undefined || rest === undefined) return null;
	return isPeriod(period) ? { period, run: Number(run), rest } : null;
}

/** Whether a path that cannot be read may be, or hold, the manifest of a run. */
export function mayHoldManifest(path: string): boolean {
	return /^settlements(\/[0-9-]{7}(\/r[0-9]{1,4}(\/manifest\.json)?)?)?$/.test(path);
}

/** The paths directly or deeper below a folder, in byte order. */
export function pathsBelow(paths: Iterable<string>, folder: string): string[] {
	const prefix = `${folder}/`;
	const below: string[] = [];
	for (const path of paths) if (path.startsWith(prefix)) below.push(path);
	return below.sort(compareText);
}
