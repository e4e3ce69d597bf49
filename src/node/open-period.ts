import { type PeriodInput, readPeriodInput } from '../core/data/period-input.ts';
import { entriesIn, type Register, type RegisterEntry } from '../core/data/register.ts';
import { readRules } from '../core/data/rules.ts';
import type { Correction, Reading } from '../core/data/submission.ts';
import type { Files } from '../core/format/bytes.ts';
import { type Period, shiftPeriod } from '../core/format/period.ts';
import { isInfo, type Problem, wholeFile } from '../core/problem.ts';
import { basisInForce, computeNextRun } from '../core/record/next-run.ts';
import type { Run } from '../core/record/run.ts';
import { periodTimeOf } from '../zones/period-time.ts';
import { presentAt } from './present.ts';
import {
	arrangeRows,
	type Named,
	namer,
	type PublishedRun,
	readSupplies,
	sumMoney,
	sumQuantities,
} from './published.ts';

/** What an entity's own readings come to, in Wh: known before anybody else has sent theirs. */
export interface OwnBalance {
	readonly generated_wh: bigint;
	readonly consumed_wh: bigint;
	readonly self_consumed_wh: bigint;
	readonly surplus_wh: bigint;
	readonly deficit_wh: bigint;
}

type Energy = Pick<Reading, 'generated_wh' | 'consumed_wh' | 'self_consumed_wh'>;

/** An entity that a period waits for. `faulty`: what it sent cannot be read as it is. */
export interface Submitter extends Named {
	readonly state: 'submitted' | 'absent' | 'missing' | 'faulty';
	/** Null unless submitted. */
	readonly own: OwnBalance | null;
	/** Why it has nothing to report; empty unless absent. */
	readonly reason: string;
}

/** What a statement would say if the period were final as it stands. */
export type Preliminary = Pick<
	PublishedRun,
	'lines' | 'sums' | 'money' | 'totals' | 'supplies' | 'notices'
>;

/** A period, or the correction of one, that no final statement has taken up yet. */
export interface OpenPeriod {
	readonly period: Period;
	/** 1, or the number of a correction that is being prepared. */
	readonly run: number;
	/** Why the run before it is to be replaced; null for a first run, or where nothing readable says so. */
	readonly correction: Correction | null;
	/** Until which day readings are to be sent, `YYYY-MM-DD`. */
	readonly due: string;
	/** `faulty`: something has to be put right before anything can be computed. */
	readonly state: 'collecting' | 'complete' | 'faulty';
	/** The entities valid in the period, by id. */
	readonly submitters: readonly Submitter[];
	/** Null until everybody has submitted or is declared absent, and the data are without fault. */
	readonly preliminary: Preliminary | null;
	/** Everything that is wrong, silence of an entity not included. */
	readonly problems: readonly Problem[];
}

/** The day of the following month until which readings of a period are to be sent. */
export function dueDate(period: Period, due_day: number): string {
	return `${shiftPeriod(period, 1)}-${String(due_day).padStart(2, '0')}`;
}

/** How far the next run of a period has come. The same at any time: no clock is asked. */
export function readOpenPeriod(
	files: Files,
	period: Period,
	run: number,
	register: Register,
	due_day: number,
): OpenPeriod {
	// The earliest moment at which the period could be final: whether that has come, others judge.
	const next = computeNextRun(files, period, presentAt(`${shiftPeriod(period, 1)}-01T00:00:00Z`));
	const basis = basisInForce(files, period, register, periodTimeOf);
	const { input, mentioned } = readPeriodInput(files, period, run, register, basis);
	const about = { period, run, correction: input.correction, due: dueDate(period, due_day) };
	const submitters = arrangeSubmitters(input, mentioned, entriesIn(register.entries, period));
	if (next.state === 'computed') {
		const preliminary = previewOf(next.run);
		return { ...about, state: 'complete', submitters, preliminary, problems: [] };
	}
	const problems: Problem[] = next.state === 'refused' ? [...next.problems] : [];
	if (next.state === 'log-unreadable') {
		problems.push({ code: 'log-unreadable', location: wholeFile('settlements'), period });
	}
	const faults = problems.filter((it) => it.code !== 'entity-silent' && !isInfo(it));
	const state = faults.length > 0 ? 'faulty' : 'collecting';
	return { ...about, state, submitters, preliminary: null, problems: faults };
}

function arrangeSubmitters(
	input: Pick<PeriodInput, 'settled' | 'absences'>,
	mentioned: Pick<ReadonlySet<string>, 'has'>,
	valid: ReadonlyMap<string, RegisterEntry>,
): readonly Submitter[] {
	const readings = new Map(input.settled.map(({ reading }) => [reading.entity, reading]));
	const reasons = new Map(input.absences.map(({ entity, reason }) => [entity, reason]));
	const submitter = ({ entity, name }: RegisterEntry): Submitter => {
		const reading = readings.get(entity);
		const reason = reasons.get(entity);
		const named = { entity, name, own: null, reason: '' };
		if (reading !== undefined) return { ...named, state: 'submitted', own: balanceOf(reading) };
		if (reason !== undefined) return { ...named, state: 'absent', reason };
		return { ...named, state: mentioned.has(entity) ? 'faulty' : 'missing' };
	};
	const entries = [...valid.values()];
	return entries.toSorted((a, b) => (a.entity < b.entity ? -1 : 1)).map(submitter);
}

export function balanceOf({ generated_wh, consumed_wh, self_consumed_wh }: Energy): OwnBalance {
	return {
		generated_wh,
		consumed_wh,
		self_consumed_wh,
		surplus_wh: generated_wh - self_consumed_wh,
		deficit_wh: consumed_wh - self_consumed_wh,
	};
}

function previewOf({ period, rows, exceptions, totals, records }: Run): Preliminary {
	const record = (name: string) => records.get(name) ?? new Uint8Array();
	const name = namer(record('entities.csv'), period, rows);
	const rules = readRules('rules.json', record('rules.json'));
	if (!rules.ok) throw new Error(`the rules of ${period} were computed with and cannot be read`);
	const { lines, notices } = arrangeRows(rows, exceptions, name);
	return {
		lines,
		notices,
		sums: sumQuantities(rows),
		money: sumMoney(rows),
		totals: Object.fromEntries(
			Object.entries(totals).map(([key, wh]) => [key, BigInt(wh)]),
		) as Preliminary['totals'],
		supplies: readSupplies(`data/${period}`, record('allocations.csv'), name, rules.value),
	};
}
