import { entriesIn, readRegister } from '../core/data/register.ts';
import { type RuleSet, readRules } from '../core/data/rules.ts';
import { type Correction, readCorrection } from '../core/data/submission.ts';
import { parseDigestList } from '../core/evidence/digest-list.ts';
import { type LogEntry, readLog, readTrustRoots } from '../core/evidence/log.ts';
import type { Manifest } from '../core/evidence/manifest.ts';
import { readSignature } from '../core/evidence/signature.ts';
import { requiredRoles, rootAt, type TrustRoot } from '../core/evidence/trust-root.ts';
import { digest, type Files } from '../core/format/bytes.ts';
import { parseUnits } from '../core/format/energy.ts';
import type { Period } from '../core/format/period.ts';
import { approvalPath, CORRECTION, DIGEST_LIST, inputFolder, SIGNATURE } from '../core/paths.ts';
import { compareText } from '../core/problem.ts';
import { parseAllocations } from '../core/record/allocations.ts';
import { type Change, parseDelta } from '../core/record/delta.ts';
import { type Exception, parseExceptions } from '../core/record/exceptions.ts';
import {
	type Money,
	parseStatement,
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from '../core/record/statement.ts';
import { sumUnits } from '../core/settlement/apportion.ts';

export interface Named {
	readonly entity: string;
	readonly name: string;
}

/** Who supplied whom; `amount` in minor units, null without a price. */
export interface Supply {
	readonly from: Named;
	readonly to: Named;
	readonly energy_wh: bigint;
	readonly amount: bigint | null;
}

/** An exception with its `detail` taken apart: quantities in Wh, everything else as words. */
export interface Notice extends Exception, Named {
	readonly energy_wh: Readonly<Record<string, bigint>>;
	readonly words: Readonly<Record<string, string>>;
}

/** A finalized run as the files of its own folder tell it; nothing here has been verified. */
export interface PublishedRun {
	/** `S-2026-05-r1` */
	readonly id: string;
	readonly period: Period;
	readonly run: number;
	readonly manifest: Manifest;
	readonly manifest_sha256: string;
	/** Fingerprint of the key that the signature names. */
	readonly signer: string;
	readonly approvals: readonly { readonly role: string; readonly given: boolean }[];
	/** `pending`: the current run, still without an approval that its trust root asks for. */
	readonly status: 'final' | 'revised' | 'superseded' | 'pending';
	/** The run that replaced this one, and the one in force now; null where it is this one. */
	readonly supersededBy: number | null;
	readonly current: number;
	readonly rules: RuleSet;
	/** By entity; `row` is null for those that had nothing to report. */
	readonly lines: readonly (Named & { readonly row: StatementRow | null })[];
	readonly sums: Readonly<Record<Quantity, bigint>>;
	/** Null without a price. */
	readonly money: Money | null;
	/** The signed totals, in Wh. */
	readonly totals: Readonly<Record<keyof Manifest['totals'], bigint>>;
	/** Whether what was supplied, what was received and the signed total are one number. */
	readonly balanced: boolean;
	readonly supplies: readonly Supply[];
	/** Null for a first run; otherwise the entities for which anything changed. */
	readonly changes: {
		readonly lines: readonly (Named & Change)[];
		readonly unchanged: number;
	} | null;
	/** Why this run replaces the one before, in the words of who asked for it; null for a first run. */
	readonly correction: Correction | null;
	/** Warnings first, otherwise as in the record. */
	readonly notices: readonly Notice[];
	/** The files that the manifest binds, by path. */
	readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

export interface Published {
	/** By period and run. */
	readonly runs: readonly PublishedRun[];
	/** The run in force of each period, the newest period first. */
	readonly current: readonly PublishedRun[];
	/** Digest of the newest trust root; null while there is none. */
	readonly root: { readonly version: number; readonly sha256: string } | null;
}

/** Everything the pages show, from the files of a repository. Throws where a run cannot be read. */
export function readPublished(files: Files): Published {
	const log = readLog(files);
	const roots = readTrustRoots(files);
	const runs = log.map((entry) => {
		const following = log.filter(({ period, run }) => period === entry.period && run > entry.run);
		return readRun(files, entry, roots, following);
	});
	const current = runs.filter(({ supersededBy }) => supersededBy === null).toReversed();
	const root = roots.at(-1);
	return {
		runs,
		current,
		root: root ? { version: root.version, sha256: digest(root.bytes) } : null,
	};
}

function readRun(
	files: Files,
	{ folder, period, run, bytes, document }: LogEntry,
	roots: readonly TrustRoot[],
	following: readonly LogEntry[],
): PublishedRun {
	const file = (name: string) => files.get(`${folder}/${name}`) ?? new Uint8Array();
	if (!document.ok || bytes === null) return unreadable(folder, 'manifest.json');
	const manifest = document.value;
	const signature = readSignature(file(SIGNATURE));
	if (!signature.ok) return unreadable(folder, SIGNATURE);
	const list = parseDigestList(file(DIGEST_LIST));
	if (!list.ok) return unreadable(folder, DIGEST_LIST);
	const rules = readRules(`${folder}/rules.json`, file('rules.json'));
	if (!rules.ok) return unreadable(folder, 'rules.json');
	const rows = parseStatement(file('statement.csv')) ?? unreadable(folder, 'statement.csv');
	const exceptions =
		parseExceptions(file('exceptions.csv')) ?? unreadable(folder, 'exceptions.csv');

	const name = namer(file('entities.csv'), period, rows);
	const { lines, notices } = arrangeRows(rows, exceptions, name);
	const sums = sumQuantities(rows);
	const totals = Object.fromEntries(
		Object.entries(manifest.totals).map(([key, wh]) => [key, BigInt(wh)]),
	) as PublishedRun['totals'];
	const root = rootAt(roots, manifest.sequence);
	const approvals = (root === undefined ? [] : requiredRoles(root)).map((role) => {
		return { role, given: files.has(approvalPath(folder, role)) };
	});
	const superseded = following.length > 0;
	return {
		id: statementId(period, run),
		period,
		run,
		manifest,
		manifest_sha256: digest(bytes),
		signer: signature.facts.fingerprint,
		approvals,
		status: superseded
			? 'superseded'
			: approvals.some(({ given }) => !given)
				? 'pending'
				: run > 1
					? 'revised'
					: 'final',
		supersededBy: following[0]?.run ?? null,
		current: following.at(-1)?.run ?? run,
		rules: rules.value,
		lines,
		sums,
		money: sumMoney(rows),
		totals,
		balanced: sums.delivered === sums.received && sums.received === totals.shared_wh,
		supplies: readSupplies(folder, file('allocations.csv'), name, rules.value),
		changes: manifest.supersedes === null ? null : readChanges(folder, file('delta.csv'), name),
		correction: run === 1 ? null : readReason(files, period, run),
		notices,
		files: [...list.list].map(([path, sha256]) => ({ path, sha256 })),
	};
}

/** The rows of a run and its exceptions as pages show them: absent entities too, warnings first. */
export function arrangeRows(
	rows: readonly StatementRow[],
	exceptions: readonly Exception[],
	name: (entity: string) => Named,
): Pick<PublishedRun, 'lines' | 'notices'> {
	const notices = exceptions
		.map((it) => ({ ...it, ...name(it.entity), ...readDetail(it) }))
		.toSorted((a, b) => rank(a) - rank(b));
	const absent = exceptions.filter(({ code }) => code === 'absent');
	const lines = [
		...rows.map((row) => ({ ...name(row.entity), row })),
		...absent.map(({ entity }) => ({ ...name(entity), row: null })),
	].toSorted((a, b) => compareText(a.entity, b.entity));
	return { lines, notices };
}

function readReason(files: Files, period: Period, run: number): Correction {
	const path = `${inputFolder(period, run)}/${CORRECTION}`;
	const read = readCorrection(path, files.get(path) ?? new Uint8Array());
	return read.ok ? read.value : unreadable(inputFolder(period, run), CORRECTION);
}

/** A site must not leave out a run that it cannot show. */
export function unreadable(folder: string, name: string): never {
	throw new Error(`${folder}/${name} cannot be read. Run "npm run -s verify" to learn why.`);
}

export function statementId(period: Period, run: number): string {
	return `S-${period}-r${run}`;
}

/** Names as the run's own snapshot of the register has them; an unknown entity is its id. */
export function namer(register: Uint8Array, period: Period, rows: readonly StatementRow[]) {
	const { entries } = readRegister('entities.csv', register);
	const valid = entriesIn(entries, period).values();
	const names = new Map([...entries, ...valid, ...rows].map((it) => [it.entity, it.name]));
	return (entity: string): Named => ({ entity, name: names.get(entity) ?? entity });
}

function rank({ severity }: Exception): number {
	return severity === 'warning' ? 0 : 1;
}

/** The data of an exception, taken apart. */
export function readDetail({ code, detail }: Exception): Pick<Notice, 'energy_wh' | 'words'> {
	// A reason is free text and may itself hold the separators.
	const pairs = code === 'absent' || detail === '' ? [detail] : detail.split(';');
	const energy_wh: Record<string, bigint> = {};
	const words: Record<string, string> = {};
	for (const pair of pairs) {
		const [, key = '', text = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
		if (code !== 'absent' && /^[0-9]+$/.test(text)) energy_wh[key] = BigInt(text);
		else if (key !== '') words[key] = text;
	}
	return { energy_wh, words };
}

export function sumQuantities(rows: readonly StatementRow[]): Record<Quantity, bigint> {
	return Object.fromEntries(
		QUANTITIES.map((quantity) => [
			quantity,
			sumUnits(rows.map((row) => quantityOf(row, quantity))),
		]),
	) as Record<Quantity, bigint>;
}

export function sumMoney(rows: readonly StatementRow[]): Money | null {
	const amounts = rows.flatMap(({ money }) => money ?? []);
	const [first] = amounts;
	if (first === undefined) return null;
	const debit = sumUnits(amounts.map((it) => it.debit));
	return { ...first, debit, credit: sumUnits(amounts.map((it) => it.credit)) };
}

export function readSupplies(
	folder: string,
	bytes: Uint8Array,
	name: (entity: string) => Named,
	{ price }: RuleSet,
): readonly Supply[] {
	const rows = parseAllocations(bytes) ?? unreadable(folder, 'allocations.csv');
	return rows.map(({ from, to, energy_kwh, amount }) => {
		const energy_wh = parseUnits(energy_kwh, 3);
		const units = price ? parseUnits(amount, price.minor_digits) : null;
		if (energy_wh === null || (price && units === null)) unreadable(folder, 'allocations.csv');
		return { from: name(from), to: name(to), energy_wh, amount: units };
	});
}

function readChanges(
	folder: string,
	bytes: Uint8Array,
	name: (entity: string) => Named,
): PublishedRun['changes'] {
	const all = parseDelta(bytes) ?? unreadable(folder, 'delta.csv');
	const lines = all
		.filter(({ energy_wh, money }) => {
			const units = [...Object.values(energy_wh), money?.debit ?? 0n, money?.credit ?? 0n];
			return units.some((it) => it !== 0n);
		})
		.map((change) => ({ ...change, ...name(change.entity) }));
	return { lines, unchanged: all.length - lines.length };
}
