import type { Basis } from '../core/data/basis.ts';
import { pointsIn } from '../core/data/metering-points.ts';
import { effectiveFiles } from '../core/data/period-files.ts';
import { readPeriodInput } from '../core/data/period-input.ts';
import { readRegister } from '../core/data/register.ts';
import { readingFiles } from '../core/data/submission.ts';
import { readLog } from '../core/evidence/log.ts';
import type { Files } from '../core/format/bytes.ts';
import { isPeriod, type Period, shiftPeriod } from '../core/format/period.ts';
import type { ObjectId } from '../core/git/object.ts';
import type { GitEvidence } from '../core/git/repository.ts';
import { type Proposal, type ProposalRead, readProposal } from '../core/history/proposal.ts';
import { historyReader } from '../core/history/reader.ts';
import { REGISTER, runFolder } from '../core/paths.ts';
import { isInfo } from '../core/problem.ts';
import { readingChanges } from '../core/readings/changes.ts';
import {
	basisInForce,
	computeNextRun,
	nextRunNumber,
	openPeriods,
} from '../core/record/next-run.ts';
import { type Judgement, judge, proposedFiles } from '../core/record/proposal.ts';
import { parseStatement, type StatementRow } from '../core/record/statement.ts';

import { periodTimeOf } from '../zones/period-time.ts';
import { folderEvidence } from './git-evidence.ts';
import { balanceOf, type OpenPeriod, type OwnBalance, readOpenPeriod } from './open-period.ts';
import { instantOf, presentAt } from './present.ts';
import type { Named } from './published.ts';
import { tipOf } from './repository.ts';
import { stop } from './stop.ts';

export interface CheckRequest {
	/** A clone whose HEAD is the pull request, merged or not. Nothing in it is executed. */
	readonly dir: string;
	/** The commit into which it is to be merged: its full id, or the name of a branch. */
	readonly base: string;
	readonly now: Date;
	readonly due_day: number;
}

/** What a pull request is found to be, with what it would mean for its month. */
export interface Checked extends Judgement {
	readonly base: ObjectId;
	readonly head: ObjectId;
	readonly ok: boolean;
	/** The changed paths. */
	readonly paths: readonly string[];
	/** Null where it has no data of a month that is open. */
	readonly month: ProposedMonth | null;
}

export interface ProposedMonth {
	readonly open: OpenPeriod;
	/** With what the figures are compared; null where there is nothing. */
	readonly against: { readonly period: Period; readonly run: number | null } | null;
	/** The entities whose readings the changed files have, by id; of a correction those that change. */
	readonly figures: readonly (Named & {
		readonly now: OwnBalance;
		readonly before: OwnBalance | null;
	})[];
	/** On interval basis, readings that were there before and are others now; the first of them. */
	readonly readings: ReturnType<typeof readingChanges> | null;
	/** The whole month as it would be settled; null where it is refused or not complete. */
	readonly settlement: ProposedSettlement | null;
}

export interface ProposedSettlement {
	/** Those with a row, by id; `before` is null for those that had none. */
	readonly lines: readonly (Named & {
		readonly row: StatementRow;
		readonly before: StatementRow | null;
	})[];
	/** Whether there is a settlement without this pull request: of the run before, or of the base. */
	readonly compared: boolean;
}

/** Checks the HEAD of a clone against a base commit; stops where that cannot be done. */
export async function check(request: CheckRequest): Promise<Checked> {
	const { dir, now, due_day } = request;
	const evidence = await openEvidence(dir);
	const base = await baseOf(request, evidence);
	const proposal = proposalOf(
		request.base,
		await readProposal(historyReader(evidence), base, evidence.head),
	);
	const judgement = judge(proposal, presentAt(instantOf(now)));
	const ok = judgement.problems.every(isInfo);
	const month = readMonth(proposal, judgement.subject, ok, due_day);
	const paths = proposal.changes.map(({ path }) => path);
	return { ...judgement, base, head: evidence.head, ok, paths, month };
}

async function openEvidence(dir: string): Promise<GitEvidence> {
	const git = await folderEvidence(dir);
	if (git === null) return stop({ code: 'not-a-repository', dir });
	if (git.ok) return git.value;
	const { code, detail } = git.fault;
	return stop({ code: 'history-unreadable', reason: `${code} ${detail}` });
}

async function baseOf({ dir, base }: CheckRequest, { read }: GitEvidence): Promise<ObjectId> {
	const plain = /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/.test(base) && !base.includes('..');
	if (!plain) return stop({ code: 'base-unknown', base });
	const isId = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(base);
	const id = isId ? base : await tipOf(dir, base);
	const object = id === null ? null : await read(id);
	if (id === null || object === null) return stop({ code: 'base-unknown', base });
	// Shallow copies lack it: then more has to be fetched, and the name is right.
	if (object.state !== 'here') return stop({ code: 'base-unrelated', base });
	return object.object.type === 'commit' ? id : stop({ code: 'base-unknown', base });
}

function proposalOf(base: string, read: ProposalRead): Proposal {
	switch (read.state) {
		case 'read':
			return read.proposal;
		case 'unrelated':
			return stop({ code: 'base-unrelated', base });
		case 'unreadable':
			return stop({ code: 'history-unreadable', reason: read.paths.slice(0, 5).join(', ') });
	}
}

function readMonth(
	proposal: Proposal,
	subject: Judgement['subject'],
	ok: boolean,
	due_day: number,
): ProposedMonth | null {
	const files = proposedFiles(proposal);
	// The last month that can be written has no month after it in which readings could be due.
	if (subject === null || !isPeriod(shiftPeriod(subject.period, 1))) return null;
	const { period, run } = subject;
	if (!openPeriods(files).includes(period)) return null;
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const open = readOpenPeriod(files, period, run, register, due_day);
	const against = againstOf(files, period, run);
	const earlier = against === null ? new Map<string, OwnBalance>() : balancesOf(files, against);
	const touched = new Set(proposal.changes.map(({ path }) => path));
	const basis = basisInForce(files, period, register, periodTimeOf);
	const { settled } = readPeriodInput(files, period, run, register, basis).input;
	const own = settled.filter(({ reading }) => reading.sources.some((path) => touched.has(path)));
	const figures = own
		.map(({ entry, reading }) => ({
			entity: entry.entity,
			name: entry.name,
			now: balanceOf(reading),
			before: earlier.get(entry.entity) ?? null,
		}))
		.filter(({ now, before }) => run === 1 || !sameBalance(now, before));
	const settlement = ok ? settlementOf(proposal.base, files, open) : null;
	const entities = new Set(own.map(({ entry }) => entry.entity));
	const readings = changedReadings(proposal, files, { period, run }, basis, entities);
	return { open, against, figures, readings, settlement };
}

/** As many as a person looks through. */
const READINGS_SHOWN = 200;

function changedReadings(
	{ base, changes }: Proposal,
	files: Files,
	{ period, run }: { readonly period: Period; readonly run: number },
	basis: Basis | null,
	entities: ReadonlySet<string>,
): ProposedMonth['readings'] {
	if (basis?.kind !== 'interval') return null;
	const names = new Set(changes.map(({ path }) => path.split('/').at(-1)));
	const touched = (of: Files) => {
		const paths = readingFiles(effectiveFiles(of, period, run));
		return { files: of, paths: paths.filter((path) => names.has(path.split('/').at(-1))) };
	};
	const points = pointsIn(basis.points.points, period).filter((it) => entities.has(it.entity));
	return readingChanges(touched(base), touched(files), basis.time, points, READINGS_SHOWN);
}

/** The run that a correction replaces, or the month before. */
function againstOf(files: Files, period: Period, run: number): ProposedMonth['against'] {
	if (run > 1) return { period, run: run - 1 };
	const before = shiftPeriod(period, -1);
	const final = nextRunNumber(readLog(files), before) - 1;
	if (final > 0) return { period: before, run: final };
	return openPeriods(files).includes(before) ? { period: before, run: null } : null;
}

function balancesOf(
	files: Files,
	{ period, run }: NonNullable<ProposedMonth['against']>,
): ReadonlyMap<string, OwnBalance> {
	if (run !== null) {
		return new Map(statementOf(files, period, run).map((row) => [row.entity, balanceOf(row)]));
	}
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const basis = basisInForce(files, period, register, periodTimeOf);
	const { settled } = readPeriodInput(files, period, 1, register, basis).input;
	return new Map(settled.map(({ reading }) => [reading.entity, balanceOf(reading)]));
}

function statementOf(files: Files, period: Period, run: number): readonly StatementRow[] {
	const bytes = files.get(`${runFolder(period, run)}/statement.csv`);
	return parseStatement(bytes ?? new Uint8Array()) ?? [];
}

function sameBalance(a: OwnBalance, b: OwnBalance | null): boolean {
	return a.generated_wh === b?.generated_wh && a.consumed_wh === b.consumed_wh;
}

function settlementOf(
	base: Files,
	files: Files,
	{ period, run, preliminary }: OpenPeriod,
): ProposedSettlement | null {
	if (preliminary === null) return null;
	const end = `${shiftPeriod(period, 1)}-01T00:00:00Z`;
	const without = computeNextRun(base, period, presentAt(end));
	const earlier =
		without.state === 'computed'
			? without.run.rows
			: run > 1
				? statementOf(files, period, run - 1)
				: null;
	const rows = new Map((earlier ?? []).map((row) => [row.entity, row]));
	const lines = preliminary.lines.flatMap(({ entity, name, row }) =>
		row === null ? [] : [{ entity, name, row, before: rows.get(entity) ?? null }],
	);
	return { lines, compared: earlier !== null };
}
