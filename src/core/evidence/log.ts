import type { Files } from '../format/bytes.ts';
import type { Period } from '../format/period.ts';
import { MANIFEST, parseRunPath, pathsBelow, rootPath, runFolder, SIGNATURE } from '../paths.ts';
import { compareText } from '../problem.ts';
import { parseStatement } from '../record/statement.ts';
import type { Balance } from '../settlement/settle.ts';
import { HISTORY_PERIODS, type History } from '../settlement/warnings.ts';
import type { Document } from './canonical.ts';
import { type Manifest, parseManifest, signaturesDigest } from './manifest.ts';
import { parseTrustRoot, type TrustRoot } from './trust-root.ts';

/** A run folder of `settlements/` with what its manifest says, if it is one. */
export interface LogEntry {
	readonly period: Period;
	readonly run: number;
	readonly folder: string;
	/** Exact bytes of `manifest.json`; null where the folder has none. */
	readonly bytes: Uint8Array | null;
	readonly document: Document<Manifest>;
}

/** The runs of a log, by period and run number. */
export function readLog(files: Files): readonly LogEntry[] {
	const folders = new Map<string, { period: Period; run: number }>();
	for (const path of pathsBelow(files.keys(), 'settlements')) {
		const place = parseRunPath(path);
		if (place !== null) folders.set(runFolder(place.period, place.run), place);
	}
	return [...folders]
		.map(([folder, { period, run }]): LogEntry => {
			const bytes = files.get(`${folder}/${MANIFEST}`) ?? null;
			const document: Document<Manifest> =
				bytes === null ? { ok: false, fault: 'malformed' } : parseManifest(bytes);
			return { period, run, folder, bytes, document };
		})
		.toSorted((a, b) => (a.period === b.period ? a.run - b.run : a.period < b.period ? -1 : 1));
}

/** The manifests that can be read, by sequence number. */
export function manifestsOf(
	log: readonly LogEntry[],
): readonly (LogEntry & { manifest: Manifest })[] {
	return log
		.flatMap((entry) => (entry.document.ok ? [{ ...entry, manifest: entry.document.value }] : []))
		.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
}

/** Everything signed over a run's manifest: the finalizer's signature and the approvals. */
function signaturesOf(files: Files, folder: string): Files {
	const paths = [`${folder}/${SIGNATURE}`, ...pathsBelow(files.keys(), `${folder}/approvals`)];
	return new Map(
		paths.flatMap((path) => {
			const bytes = files.get(path);
			return bytes === undefined ? [] : [[path, bytes] as const];
		}),
	);
}

export function signaturesDigestOf(files: Files, folder: string): string {
	return signaturesDigest(signaturesOf(files, folder));
}

/** `trust/root-1.json` and on, as far as they follow each other and can be read. */
export function readTrustRoots(
	files: Files,
): readonly (TrustRoot & { readonly bytes: Uint8Array })[] {
	const roots: (TrustRoot & { readonly bytes: Uint8Array })[] = [];
	for (let version = 1; ; version++) {
		const bytes = files.get(rootPath(version));
		const document = bytes === undefined ? null : parseTrustRoot(bytes);
		if (bytes === undefined || !document?.ok || document.value.version !== version) return roots;
		roots.push({ ...document.value, bytes });
	}
}

/**
 * What the log held before a sequence number: the folders of the highest runs of lower sequence, for
 * the last 12 periods earlier than `period` (docs/spec/warnings.md).
 */
export function earlierRuns(
	log: readonly LogEntry[],
	period: Period,
	sequence: number,
): ReadonlyMap<Period, string> {
	const latest = new Map<Period, string>();
	for (const entry of log) {
		if (!entry.document.ok || entry.period >= period) continue;
		if (entry.document.value.sequence < sequence) latest.set(entry.period, entry.folder);
	}
	return new Map([...latest].toSorted(([a], [b]) => compareText(a, b)).slice(-HISTORY_PERIODS));
}

/** What each entity generated and consumed, by its id. */
export type Figures = ReadonlyMap<string, Balance>;

/**
 * The figures of earlier statements; null where one of them cannot be read. `known` keeps those of
 * these runs, by folder, for the next call: a year of months shares eleven of its twelve.
 */
export function readHistory(
	runs: ReadonlyMap<Period, string>,
	statements: (folder: string) => Uint8Array | undefined,
	known: Map<string, Figures> = new Map(),
): History | null {
	const history = new Map<Period, Figures>();
	const kept = new Map<string, Figures>();
	for (const [period, folder] of runs) {
		const figures = known.get(folder) ?? readFigures(statements(folder));
		if (figures === null) return null;
		history.set(period, figures);
		kept.set(folder, figures);
	}
	known.clear();
	for (const [folder, figures] of kept) known.set(folder, figures);
	return history;
}

function readFigures(statement: Uint8Array = new Uint8Array()): Figures | null {
	const rows = parseStatement(statement);
	return rows === null ? null : figuresOf(rows);
}

export function figuresOf(rows: readonly Balance[]): Figures {
	return new Map(
		rows.map(({ entity, generated_wh, consumed_wh }) => {
			return [entity, { entity, generated_wh, consumed_wh }];
		}),
	);
}
