import { MONTHLY, readBasis, type TimeOf } from '../data/basis.ts';
import { type PeriodInput, readPeriodInput } from '../data/period-input.ts';
import { type Register, readRegister } from '../data/register.ts';
import { type RuleSet, readRules, rulesGaps } from '../data/rules.ts';
import type { Correction } from '../data/submission.ts';
import { encodeText, type Files } from '../format/bytes.ts';
import { type Period, periodOf } from '../format/period.ts';
import { inputFolder, REGISTER } from '../paths.ts';
import { append, isInfo, type Problem, type Result, sortProblems, wholeFile } from '../problem.ts';
import type { PeriodTime } from '../readings/period-time.ts';
import { sumUnits } from '../settlement/apportion.ts';
import { settleIntervals } from '../settlement/intervals.ts';
import { CELL_LIMIT } from '../settlement/matrix.ts';
import { type Settlement, settle } from '../settlement/settle.ts';
import { appraise, type Value } from '../settlement/value.ts';
import type { History } from '../settlement/warnings.ts';
import { formatAllocations } from './allocations.ts';
import { type Change, changesBetween, formatDelta } from './delta.ts';
import { type Exception, formatExceptions } from './exceptions.ts';
import { formatJournal, type Posted } from './journal.ts';
import { allWarnings, collectExceptions, waiverProblems } from './judge-warnings.ts';
import { formatStatement, parseStatement, type StatementRow } from './statement.ts';

/** A configuration file by the path at which people edit it, and its exact bytes. */
export interface ConfigurationFile {
	readonly path: string;
	readonly bytes: Uint8Array;
}

export interface RunRequest {
	/** At least everything below `data/P/`. */
	readonly files: Files;
	readonly period: Period;
	readonly run: number;
	readonly register: Uint8Array;
	readonly rules: ConfigurationFile;
	/** The bytes of `data/metering-points.csv`; needed on interval basis alone. */
	readonly points: Uint8Array | undefined;
	readonly timeOf: TimeOf;
	readonly history: History;
	/** What run - 1 stated and posted; null for run 1. */
	readonly superseded: Posted | null;
	/** The moment of settlement, a UTC instant: periods that have not ended before it are refused. */
	readonly instant: string;
}

/** Sums over all entities of the statement, in Wh: exact integers, each below 2^53. */
export interface Totals {
	readonly generated_wh: number;
	readonly consumed_wh: number;
	readonly self_consumed_wh: number;
	readonly surplus_wh: number;
	readonly deficit_wh: number;
	readonly shared_wh: number;
	readonly exported_wh: number;
	readonly imported_wh: number;
}

/** What an earlier run stated and posted, from its statement and its rule set; null for other bytes. */
export function readPosted(
	statement: Uint8Array | undefined,
	rules: Uint8Array | undefined,
): Posted | null {
	const rows = parseStatement(statement ?? new Uint8Array());
	const read = readRules('rules.json', rules ?? new Uint8Array());
	if (rows === null || !read.ok) return null;
	return { rows, accounts: read.value.price?.accounts ?? null };
}

/** One computed run: what is filed, as values and as the exact bytes of its record files. */
export interface Run {
	readonly period: Period;
	readonly run: number;
	readonly rows: readonly StatementRow[];
	readonly settlement: Settlement;
	/** Null on monthly basis. */
	readonly time: PeriodTime | null;
	readonly exceptions: readonly Exception[];
	readonly correction: Correction | null;
	/** Against the run before; null for run 1. */
	readonly changes: readonly Change[] | null;
	/** Info-level problems: accepted as it is, and told. */
	readonly notices: readonly Problem[];
	readonly totals: Totals;
	/** Record and snapshot files by name, without `SHA256SUMS`, manifest and signatures. */
	readonly records: Files;
}

/** A run computed from its inputs alone, the same bytes everywhere, or every problem with them. */
export function computeRun(request: RunRequest): Result<Run> {
	const { files, period, run, instant } = request;
	const problems: Problem[] = [];
	if (period >= periodOf(instant)) {
		problems.push({ code: 'period-future', location: wholeFile(inputFolder(period)), period });
	}
	const register = readRegister(REGISTER, request.register);
	const rules = readRules(request.rules.path, request.rules.bytes);
	const basis = basisOf(request, register, rules);
	const { input, problems: found } = readPeriodInput(files, period, run, register, basis.basis);
	append(problems, basis.problems);
	append(
		problems,
		register.problems.filter((it) => !isInfo(it)),
	);
	append(problems, found);
	const notices = [...register.problems.filter(isInfo), ...input.notices];
	const refuse = () => ({ ok: false as const, problems: sortProblems([...problems, ...notices]) });
	if (!rules.ok) append(problems, rules.problems);
	else if (register.legible) {
		append(problems, configurationProblems(request, rules.value, input, register));
	}
	if (problems.length > 0 || !rules.ok) return refuse();

	const warnings = allWarnings(input, request.history, rules.value.plausibility);
	append(problems, waiverProblems(input, warnings, rules.value));
	const settlement = settleInput(input, rules.value);
	const limited = rules.value.matrix !== 'chain' && settlement.cells > CELL_LIMIT;
	if (limited) {
		const cells = String(settlement.cells);
		const location = wholeFile(request.rules.path);
		problems.push({ code: 'rules-matrix-size', location, cells, limit: String(CELL_LIMIT) });
	}
	if (problems.length > 0) return refuse();

	const exceptions = collectExceptions(input, warnings, notices);
	return {
		ok: true,
		value: writeRun(request, rules.value, input, settlement, { exceptions, notices }),
	};
}

function basisOf(request: RunRequest, register: Register, rules: Result<RuleSet>) {
	// Under rules that cannot be read, files are held to the simpler form.
	if (!rules.ok) return { basis: MONTHLY, problems: [] };
	const { period, points, timeOf } = request;
	const { path } = request.rules;
	return readBasis({ period, rules: rules.value, path, register, points, timeOf });
}

function settleInput({ settled, intervals }: PeriodInput, rules: RuleSet): Settlement {
	if (intervals !== null) return settleIntervals(intervals.series, rules);
	return settle(
		settled.map(({ reading }) => reading),
		rules,
	);
}

function configurationProblems(
	{ rules, superseded }: RunRequest,
	ruleSet: RuleSet,
	input: PeriodInput,
	{ entries, doubtful }: Register,
): Problem[] {
	const excluded = new Set(ruleSet.excluded);
	const participants = input.settled
		.map(({ entry }) => entry.entity)
		.filter((entity) => !excluded.has(entity));
	const registered = new Set([...entries.map(({ entity }) => entity), ...doubtful]);
	const problems = [...rulesGaps(rules.path, rules.bytes, registered, participants)];
	const money = superseded?.rows.find((row) => row.money !== null)?.money;
	if (money) {
		// A delta adds up only within one currency.
		const expected = `${money.currency} ${money.minor_digits}`;
		const { price } = ruleSet;
		const found = price ? `${price.currency} ${price.minor_digits}` : '';
		if (found !== expected) {
			problems.push({
				code: 'correction-currency',
				location: wholeFile(rules.path),
				found,
				expected,
			});
		}
	}
	return problems;
}

function writeRun(
	request: RunRequest,
	rules: RuleSet,
	input: PeriodInput,
	settlement: Settlement,
	{ exceptions, notices }: Pick<Run, 'exceptions' | 'notices'>,
): Run {
	const { period, run, superseded } = request;
	const method = rules.matrix ?? 'exact';
	const value = rules.price ? appraise(settlement, rules.price, method) : null;
	const rows = statementRows(input, settlement, value);
	const before = superseded ?? { rows: [], accounts: null };
	const changes = changesBetween(before.rows, rows);
	const texts: [string, string][] = [
		['statement.csv', formatStatement(period, run, rows, rules.price !== undefined)],
		['allocations.csv', formatAllocations(period, run, settlement.flows, value)],
		['exceptions.csv', formatExceptions(exceptions)],
	];
	if (run > 1) texts.push(['delta.csv', formatDelta(period, run, run - 1, changes)]);
	if (rules.price) {
		texts.push(['journal.csv', formatJournal(period, run, before, rows, rules.price)]);
	}
	const records = new Map(texts.map(([name, text]) => [name, encodeText(text)]));
	records.set('entities.csv', request.register);
	records.set('rules.json', request.rules.bytes);
	if (input.intervals !== null && request.points !== undefined) {
		records.set('metering-points.csv', request.points);
	}
	const { correction } = input;
	return {
		period,
		run,
		rows,
		settlement,
		time: input.intervals?.time ?? null,
		exceptions,
		notices,
		correction,
		changes: superseded === null ? null : changes,
		totals: totalsOf(rows),
		records,
	};
}

function statementRows(
	input: PeriodInput,
	settlement: Settlement,
	value: Value | null,
): readonly StatementRow[] {
	const positions = new Map(settlement.positions.map((it) => [it.entity, it]));
	return input.settled.flatMap(({ entry, reading }) => {
		const position = positions.get(entry.entity);
		if (position === undefined) return [];
		const { name, cost_center } = entry;
		return [
			{
				...position,
				name,
				cost_center,
				estimated_wh: reading.estimated_wh,
				money: value && {
					currency: value.currency,
					minor_digits: value.minor_digits,
					debit: value.debits.get(entry.entity) ?? 0n,
					credit: value.credits.get(entry.entity) ?? 0n,
				},
			},
		];
	});
}

function totalsOf(rows: readonly StatementRow[]): Totals {
	const total = (field: `${string}_wh` & keyof StatementRow) =>
		Number(sumUnits(rows.map((row) => row[field])));
	return {
		generated_wh: total('generated_wh'),
		consumed_wh: total('consumed_wh'),
		self_consumed_wh: total('self_consumed_wh'),
		surplus_wh: total('surplus_wh'),
		deficit_wh: total('deficit_wh'),
		shared_wh: total('received_wh'),
		exported_wh: total('exported_wh'),
		imported_wh: total('imported_wh'),
	};
}
