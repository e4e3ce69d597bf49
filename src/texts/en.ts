import type { Delivery, RuleSet, Stage } from '../core/data/rules.ts';
import type { SignatureFault } from '../core/evidence/signature.ts';
import { visible } from '../core/format/name.ts';
import type { GitFaultCode } from '../core/git/object.ts';
import type {
	Expectation,
	Location,
	ProblemCode,
	ProblemDetails,
	TextFault,
} from '../core/problem.ts';
import type { PeriodTime } from '../core/readings/period-time.ts';
import type { ColumnName } from '../core/record/columns.ts';
import type { Quantity } from '../core/record/statement.ts';
import type {
	CheckId,
	CheckStatus,
	Difference,
	Finding,
	FindingCode,
	Verdict,
} from '../core/verification/report.ts';
import type { Diagnosis, DiagnosisCode, DiagnosisState, Examination } from '../node/diagnosis.ts';
import type { Notice, PublishedRun } from '../node/published.ts';
import type { Stop, StopCode } from '../node/stop.ts';
import type { Formats } from './format.ts';

export * from './en-submit.ts';

/** Every sentence for people, in English. Another language is another file of this shape. */

type Sentences<Details> = {
	readonly [Code in keyof Details]: (
		it: Readonly<Details[Code]> & { readonly location: Location },
	) => string;
};

const textFaults: Readonly<Record<TextFault, string>> = {
	'not-nfc': 'has letters in a decomposed Unicode form; type it again on this computer',
	'too-long': 'has more than 120 characters',
	control: 'has a control or text-direction character in it',
	formula: 'begins with = + - or @, which spreadsheets run as a formula',
};

const expectations: Readonly<Record<Expectation, string>> = {
	object: 'an object { ... }',
	list: 'a list [ ... ] with at least one entry where it may not be empty',
	text: 'text of 1 to 120 characters without control characters',
	entity: 'an entity id such as "library"',
	energy: 'kWh as text with at most 3 decimals, such as "500.000"',
	price: 'a price as text with at most 6 decimals, such as "0.18"',
	currency: 'three capital letters such as "EUR"',
	account: 'an account of letters, digits, spaces and . : _ -',
	integer: 'a whole number in the allowed range',
	fraction: 'two whole numbers [part, whole], part at most whole',
	rule: 'a stage whose "rule" is contract, proportional, equal, fixed, fixed-redistribute or priority',
	'delivery-rule': '{ "rule": "proportional" } or { "rule": "priority", "ranks": { ... } }',
	format: '"wattproof/rules/v1"',
	basis: '"monthly" or "interval"',
	'time-zone': 'a time zone such as "Europe/Berlin"',
	matrix: '"exact" or "chain"',
	warning: 'a warning code',
	'reason-code': '"meter-reading", "late-data", "configuration", "dispute" or "other"',
};

/** A figure where text is wanted can only have been written without quotes if as text it were good. */
function unquoted(found: string, expected: Expectation): string {
	const quotable =
		expected === 'price'
			? /^(0|[1-9][0-9]*)(\.[0-9]{1,6})?$/
			: expected === 'energy'
				? /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/
				: expected === 'text'
					? /^[0-9.]{1,40}$/
					: null;
	return quotable?.test(found) ? ` It has to stand in double quotes: "${found}".` : '';
}

/** The month of the folder in which a file lies; any month where it lies in none. */
const monthOf = ({ path }: Location) => /^data\/([0-9]{4}-[0-9]{2})\//.exec(path)?.[1] ?? '2026-10';

/** `1,234` may be a thousand or the decimals of one; every other grouping is plain. */
function thousands({ field, found }: { field: string; found: string }): string {
	const [, whole = '', rest = ''] = /^0*([0-9]{1,3}),([0-9]{3})$/.exec(found) ?? [];
	if (whole === '') {
		return `${field} is "${found}": write no thousands separators, and a point before decimals, such as 1234.5.`;
	}
	if (whole === '0') {
		return `${field} is "${found}": write a decimal point instead of the comma, 0.${rest}.`;
	}
	return `${field} is "${found}": the comma may part thousands or decimals. Write ${whole}${rest} or ${whole}.${rest}, whichever is meant.`;
}

const energy = (what: string) => (it: { field: string; found: string }) =>
	`${it.field} is "${it.found}": ${what}`;

/** Whether a column holds an entity's total of a month, and not readings of intervals. */
const isTotal = (field: string) => /_kwh$/.test(field);

/** By problem code: what was read, and what to write. */
export const problems: Sentences<ProblemDetails> = {
	'csv-bom': () =>
		'The file begins with a byte order mark. It is accepted as it is; nothing to do.',
	'csv-crlf': () => 'The lines end in CR LF, as Windows writes them. Accepted; nothing to do.',
	'csv-empty': () => 'The file is empty. Write the header line and at least one row.',
	'csv-spreadsheet-file': () =>
		'This is a spreadsheet workbook, not a CSV file. Open it and save it as "CSV UTF-8 (comma delimited)".',
	'csv-too-large': () =>
		'The file has more than 16 MiB or 200,000 lines. Take out what is not of this month, or split it.',
	'csv-utf16': () => 'The file is UTF-16 text. Save it as "CSV UTF-8 (comma delimited)".',
	'csv-not-utf8': () => 'The file is not UTF-8 text. Save it as "CSV UTF-8 (comma delimited)".',
	'csv-nul': () => 'The file has NUL bytes in it and is no text. Export it again as CSV UTF-8.',
	'csv-carriage-return': () =>
		'A carriage return stands alone here. End lines with LF or CR LF; save the file again as CSV.',
	'csv-separator': (it) =>
		`The columns are separated by ${it.separator === '\t' ? 'tabs' : `"${it.separator}"`}, not commas: "${it.found}". Save the file as "CSV UTF-8 (comma delimited)". In some countries Excel's "CSV" has semicolons all the same: then replace decimal commas by points first, and the semicolons by commas.`,
	'csv-lone-quote': () =>
		'A double quote stands in the middle of a cell. Remove it, or quote the whole cell and double the quote.',
	'csv-line-break-in-field': () =>
		'A quote is opened here and not closed on this line. Close it; a cell may not hold a line break.',
	'csv-blank-line': () => 'This line is blank. Remove it.',
	'csv-header-duplicate': (it) =>
		`The header "${it.found}" stands twice, first as column ${it.first}. Remove or rename one of them.`,
	'csv-header-unknown': (it) =>
		`The header "${it.found}" is not known. Accepted are ${it.accepted}, and private columns that begin with x_.`,
	'csv-header-missing': (it) =>
		`The header lacks the column "${it.field}". Add it; known columns are ${it.accepted}.`,
	'csv-cells': (it) =>
		`The number of cells is ${it.found} here and ${it.expected} in the header. Make them equal; usual causes are a decimal comma, which parts a figure in two, and a comma at the end of the line.`,
	'csv-no-rows': () => 'The file has a header but no rows. Add the rows, or leave the file out.',

	'csv-line-too-long': () =>
		'This line has more than 2 MiB, and the file is not read any further. Is it CSV at all? Export it again.',
	'problems-more': (it) =>
		`There are ${it.found} problems here, of which the first ${it.limit} are listed. Correct these, then look again.`,

	'energy-empty': (it) =>
		`${it.field} is empty. Write the kWh, 0 for none; an entity without data belongs in absent.csv.`,
	'energy-decimal-comma': energy('write a decimal point instead of the comma, such as 1234.5.'),
	'energy-thousands': thousands,
	'energy-sign': (it) =>
		isTotal(it.field)
			? `${it.field} is "${it.found}": write it without a sign. Negative energy belongs in the other column.`
			: `${it.field} is "${it.found}": write it without a sign. Energy that flows the other way is read at a metering point of its own.`,
	'energy-exponent': energy('write the number in full, without an exponent, such as 123000.'),
	'energy-unit': (it) =>
		/k *wh$/i.test(it.found)
			? `${it.field} is "${it.found}": write the number alone; the unit is always kWh.`
			: `${it.field} is "${it.found}": write the kWh alone; convert Wh (divide by 1000) or MWh (times 1000) first.`,
	'energy-decimals': energy('write at most 3 decimals: 0.001 kWh is 1 Wh.'),
	'energy-leading-zero': energy('write it without leading zeros, such as 7.5.'),
	'energy-not-a-number': (it) =>
		isTotal(it.field)
			? `${it.field} is "${it.found}": write a number. A missing reading belongs in absent.csv.`
			: `${it.field} is "${it.found}": write a number. For a missing reading stands a substitute value, declared as such.`,
	'energy-digits': energy('write the digits 0 to 9 and a decimal point, and nothing else.'),
	'energy-space': energy('remove the spaces around the number.'),
	'energy-too-large': energy('at most 999999999.999 kWh is accepted. Is the unit kWh?'),
	'energy-malformed': energy('write kWh as digits with a decimal point, such as 1234.5.'),
	'entity-malformed': (it) =>
		`${it.field} is "${it.found}". Write an id of lower-case letters, digits and hyphens, such as sports-hall.`,
	'entity-date-like': (it) =>
		`${it.field} is "${it.found}", which spreadsheets turn into a date or truth value. Choose another id.`,
	'period-malformed': (it) =>
		`${it.field} is "${it.found}". Write year and month as ${monthOf(it.location)}.`,
	'period-spreadsheet': (it) =>
		`${it.field} is "${it.found}": a spreadsheet rewrote it. Format the column as text and write ${it.expected}.`,
	'period-folder': (it) =>
		`The row says ${it.found}, but the file lies in the folder of ${it.expected}. Correct the period or move the file.`,
	'period-future': (it) =>
		`${it.period} has not ended yet. Wait until the next month, or correct the name of the folder.`,
	'quality-unknown': (it) =>
		`quality is "${it.found}". Write A (actual), C (calculated), S (substitute) or E (estimate).`,
	'note-missing': (it) =>
		`quality is ${it.quality}, but there is no note. Say in the column note where the figure comes from.`,
	'text-empty': (it) => `${it.field} is empty. Write a few words.`,
	'text-malformed': (it) => `${it.field} is "${it.found}": it ${textFaults[it.reason]}.`,
	'cost-center-malformed': (it) =>
		`cost_center is "${it.found}". Write up to 32 letters, digits and . _ / -, or leave it empty.`,
	'capacity-malformed': (it) =>
		`capacity_kw is "${it.found}". Write kW as a number such as 120.5, or leave it empty for no generator.`,

	'register-missing': () => 'There is no register of entities. Add data/entities.csv.',
	'register-validity': (it) =>
		`valid_to ${it.to} lies before valid_from ${it.from}. Correct one of them.`,
	'register-overlap': (it) =>
		`"${it.entity}" is already valid in some of these months by line ${it.first}. Make the rows follow each other.`,
	'register-too-large': (it) =>
		`${it.found} entities are valid in this period; at most ${it.limit} can be settled together. Give those that have left a valid_to.`,
	'entity-unknown': (it) =>
		`"${it.entity}" is not in the register.${it.suggestion === '' ? ' Add it to data/entities.csv, or correct the id.' : ` Did you mean "${it.suggestion}"?`}`,
	'entity-not-valid': (it) =>
		`"${it.entity}" is in the register, but not valid in ${it.period}. Remove the row or extend its validity.`,
	'entity-duplicate': (it) => `"${it.entity}" already has a row: ${it.first}. Keep one of them.`,
	'entity-silent': (it) =>
		`Nothing was received from "${it.entity}" for ${it.period}. Add its row, or declare it in absent.csv.`,
	'entity-absent-with-data': (it) =>
		`"${it.entity}" is declared absent, but has data: ${it.first}. Remove one of the two.`,

	'direction-unknown': (it) => `direction is "${it.found}". Write generation or consumption.`,
	'metering-points-missing': () =>
		'The rule set settles by interval, but nothing says which metering point belongs to whom. Add data/metering-points.csv.',
	'metering-points-too-many': (it) =>
		`${it.found} metering points are valid in this period; at most ${it.limit} can be settled together. Give those that are no longer read a valid_to.`,
	'metering-point-malformed': (it) =>
		`${it.field} is "${it.found}". Write an id of up to 63 letters, digits and . _ -, a letter or digit first, not digits alone, not beginning with x_, and not date, interval_start, kwh, metering_point or quality.`,
	'metering-point-overlap': (it) =>
		`"${it.metering_point}" is already valid in some of these months by line ${it.first}. Make the rows follow each other.`,
	'metering-point-unknown': (it) =>
		`"${it.metering_point}" is no known metering point. Add it to data/metering-points.csv, or correct the id; capitals matter.`,
	'metering-point-not-valid': (it) =>
		`"${it.metering_point}" is a metering point, but not valid in ${it.period}. Remove it here, or extend its validity in data/metering-points.csv.`,
	'metering-point-entity': (it) =>
		`"${it.metering_point}" is read for "${it.entity}", which is not valid in ${it.period}. End the metering point with its entity, or extend the entity in data/entities.csv.`,
	'entity-without-metering-point': (it) =>
		`"${it.entity}" has no metering point in ${it.period}. Add one to data/metering-points.csv, or declare it in absent.csv.`,

	'interval-malformed': (it) =>
		`${it.field} is "${it.found}". Write date, time with seconds and offset, such as ${monthOf(it.location)}-01T00:15:00+01:00.`,
	'interval-no-offset': (it) =>
		`${it.field} is "${it.found}", without an offset, so that the hour repeated in autumn would be ambiguous. Write ${it.found.replace(' ', 'T').slice(0, 16)}:00 and the offset, such as +01:00, or Z for UTC; day rows need none.`,
	'interval-off-grid': (it) =>
		`${it.field} is "${it.found}", where no interval of ${it.minutes} minutes starts. Write the start of the interval, not its end or the moment of reading.`,
	'interval-outside': (it) =>
		`${it.field} is "${it.found}", outside the period, whose intervals start from ${it.first} to ${it.last}. Take the row out; if starts and ends were mixed up, write starts.`,
	'period-time-zone': (it) =>
		`The time zone "${it.found}" is not known on this computer. Write it as the time-zone database does, such as "Europe/Berlin".`,
	'period-uneven': (it) =>
		`${it.period} is no whole number of intervals of ${it.minutes} minutes in ${it.found}, because its clocks change by less. Choose shorter intervals.`,
	'period-offset': (it) =>
		`The clocks of ${it.found} had an offset of odd seconds in ${it.period}, or skipped days around its bounds; such a month cannot be settled by interval.`,

	'reading-header': (it) =>
		`The header "${it.found}" is that of no interval file. Write ${it.accepted} (a row for each metering point and day), metering_point,interval_start,kwh (a row for each reading) or interval_start and then the metering points (a row for each interval).`,
	'reading-columns': (it) =>
		`There are ${it.found} columns of readings; the longest day of this month has ${it.expected} intervals. Write the headers 1 to ${it.expected}, and leave cells beyond a shorter day empty.`,
	'reading-beyond-day': (it) =>
		`Column ${it.field} is "${it.found}", but ${it.date} has ${it.intervals} intervals only. Write the values of the day in order of time, and leave the cells behind them empty.`,
	'reading-duplicate': (it) =>
		`"${it.metering_point}" already has a reading for ${it.interval}: ${it.first}. Keep one of them.`,
	'reading-sum-too-large': (it) =>
		`With this reading "${it.entity}" has more than ${it.limit} kWh in one direction in the interval from ${it.interval}. Is the unit kWh?`,
	'readings-missing': (it) =>
		`"${it.metering_point}" lacks ${it.missing} of ${it.intervals} readings: ${it.ranges}${it.more === '0' ? '' : ` and ${it.more} more ranges`}. Add them; what was not measured is declared in substitutes.csv, an entity without data in absent.csv.`,
	'date-malformed': (it) =>
		`${it.field} is "${it.found}". Write year, month and day as ${it.expected}.`,
	'date-outside': (it) =>
		`${it.field} is "${it.found}", outside the period, whose days are ${it.first} to ${it.last}. Take the row out or correct the date.`,
	'metering-point-absent': (it) =>
		`"${it.metering_point}" has data, but "${it.entity}" is declared absent. Remove one of the two.`,
	'substitute-unused': (it) =>
		`"${it.metering_point}" has no reading in these intervals. Add the substitute values to its file, or take this row out.`,
	'substitute-with-quality': (it) =>
		`These intervals of "${it.metering_point}" are read from a file with a column quality: ${it.first}. Say there that they are substitutes, and take this row out.`,

	'substitute-quality': (it) => `quality is "${it.found}". Write S (substitute) or E (estimate).`,
	'substitute-range': (it) =>
		`last_interval ${it.last} lies before first_interval ${it.first}. Correct one of them; both are starts of intervals, and both are included.`,
	'substitute-overlap': (it) =>
		`Some of these intervals of "${it.metering_point}" are already declared by line ${it.first}. Declare each once.`,

	'path-unexpected': (it) =>
		`"${it.found}" has no place here. Move or remove it; expected are ${it.accepted}.`,
	'path-malformed': () =>
		'The path has characters that not every system keeps. Use letters, digits and . _ - only, at most 200 characters.',
	'path-collision': (it) =>
		`The name differs from "${it.first}" in capitals only; some systems take them for one file. Rename one.`,
	'path-not-plain': () =>
		'This is a link, an executable or another special file. Only plain files have a place here; put one there.',
	'period-without-data': (it) =>
		`There is no data in data/${it.period}. Add it, or name another period.`,
	'final-changed': (it) =>
		`${it.period} is final by run ${it.run}: this file must stay as it was. Restore it; a correction goes into data/${it.period}/r${Number(it.run) + 1}/.`,
	'final-added': (it) =>
		`${it.period} is final by run ${it.run}: no file can be added here. A correction goes into data/${it.period}/r${Number(it.run) + 1}/.`,
	'final-removed': (it) =>
		`${it.period} is final by run ${it.run}: this file must not disappear. Restore it; to withdraw it, put one with its header alone into data/${it.period}/r${Number(it.run) + 1}/.`,
	'log-unreadable': (it) =>
		`The statements that ${it.period} builds on cannot be read. Run "npm run -s verify" to see why.`,
	'correction-gap': (it) =>
		`There are files for run ${it.run}, but none for run ${it.missing}. Runs are numbered without gaps; rename the folder.`,
	'correction-early': (it) =>
		`Run ${it.run} cannot be prepared before run ${it.next} is final. Take this file out until then.`,
	'period-before-log': (it) =>
		`The log begins with ${it.first}, so ${it.period} can never be finalized. Remove this folder.`,
	'correction-missing': (it) =>
		`Run ${it.run} needs a correction.json with reason_code, reason, requested_by and evidence.`,
	'correction-unchanged': (it) =>
		`The file equals the one it would replace, ${it.first}. Leave out what does not change.`,
	'correction-withdraws-nothing': () =>
		'The file has only a header, which withdraws an earlier file of that name, but there is none. Correct the name, or remove the file.',
	'correction-currency': (it) =>
		`The run before was valued in ${it.expected} (currency, decimals); this rule set has ${it.found || 'no price'}. A correction keeps both.`,

	'correction-locked': (it) =>
		`${it.period} is locked: its rule set lets it be corrected for ${it.days} days, later only after a dispute that two roles approve. Take this folder out.`,

	'proposal-code': () =>
		'This pull request changes data, and this file besides. Take it out, and propose it in a pull request of its own.',
	'proposal-configuration': (it) =>
		`This pull request has readings of ${it.period}, and changes the register or the rules besides. Take this file out, and propose it in a pull request of its own; only a correction with the reason code "configuration" has both.`,
	'proposal-periods': (it) =>
		`This pull request has data of ${it.period}, and of ${it.found} besides. Take this file out: each month goes into a pull request of its own.`,
	'proposal-record': () =>
		'Files below settlements/ are written by finalization and approval alone, and signed. Restore this one as it was; a correction goes into the folder of the month in data/.',
	'proposal-submitters': (it) =>
		`This pull request has the file ${it.first}, and this one besides. Take one of them out: each submitter sends the own file only, in a pull request of its own.`,
	'proposal-trust': () =>
		'Files below trust/ say who may sign, and are added by "npm run -s rotate -- --adopt" alone. Restore this one as it was.',

	'json-malformed': (it) =>
		`This is not strict JSON${it.found === '' ? '' : ` here: "${it.found}"`}. Check commas, quotes and brackets.`,
	'json-duplicate-key': (it) => `The key "${it.found}" stands twice. Keep one.`,
	'json-key-unknown': (it) => `The key "${it.found}" is not known here. Correct or remove it.`,
	'json-key-missing': (it) => `The key "${it.field}" is missing. Add it.`,
	'json-value': (it) =>
		`${it.field || 'The document'} is "${it.found}". Write ${expectations[it.expected]}.${unquoted(it.found, it.expected)}`,
	'rules-missing': (it) =>
		`No rule set is in force in ${it.period}. Add data/rules/${it.period}.json or an earlier one.`,
	'rules-basis': (it) =>
		it.found === 'interval'
			? 'Basis "interval" needs to say how long an interval is. Write "interval_minutes": 5, 15, 30 or 60.'
			: 'Basis "monthly" has no intervals. Remove "interval_minutes", or write "basis": "interval".',
	'rules-contract-order': () =>
		'The contract stage has to be the first of the allocation. Move it up.',
	'rules-keys-above-denominator': (it) =>
		`The keys add up to ${it.found}, more than the denominator ${it.denominator}. Lower them or raise it.`,
	'rules-agreement-duplicate': (it) =>
		`The agreement id "${it.found}" stands twice. Choose another.`,
	'rules-agreement-empty': (it) =>
		`Agreement "${it.id}" has neither cap_kwh nor share. Write one or both.`,
	'rules-agreement-self': (it) =>
		`Agreement "${it.id}" goes from an entity to itself. Correct from or to.`,
	'rules-entity-unknown': (it) =>
		`The rule set names "${it.entity}", which is not in the register. Correct the id or add the entity.`,
	'rules-key-missing': (it) =>
		`${it.field} has no entry for "${it.entity}", which takes part. Add one; 0 or a late rank is allowed.`,
	'rules-matrix-size': (it) =>
		`The matrix would have ${it.cells} cells, more than ${it.limit}. Write "matrix": "chain" in the rule set.`,

	'waiver-code': (it) =>
		`"${it.found}" is no warning that can be waived. Waivable are ${it.accepted}.`,
	'waiver-duplicate': (it) =>
		`The warning ${it.waived} of "${it.entity}" is already waived: ${it.first}. Keep one of the lines.`,
	'waiver-unused': (it) =>
		`The figures of "${it.entity}" raise no warning ${it.waived}. Remove the line or correct it.`,
	'warning-unwaived': (it) =>
		`The figures of "${it.entity}" raise the warning ${it.warning} (${it.detail}). Correct them, or accept them in waivers.csv.`,
};

/** One sentence for any problem. */
export function problemText(problem: {
	readonly code: ProblemCode;
	readonly location: Location;
}): string {
	return visible((problems[problem.code] as (it: object) => string)(problem));
}

type StopOf<Code extends StopCode> = Extract<Stop, { code: Code }>;
const listOf = (paths: readonly string[]) =>
	`${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;

/** What a system means by the codes that people meet. */
const refusals: ReadonlyMap<string, string> = new Map([
	['EACCES', 'you are not permitted to do this'],
	['EISDIR', 'this is a folder'],
	['ENOENT', 'there is no such file or folder'],
	['ENOSPC', 'there is no space left'],
	['EPERM', 'you are not permitted to do this'],
	['EROFS', 'this file system is read-only'],
]);

/** By code: why a command stopped, and what to do. */
export const stops: { readonly [Code in StopCode]: (it: StopOf<Code>) => string } = {
	'no-such-folder': (it) => `There is no folder "${it.dir}". Correct --repo.`,
	'not-a-repository': (it) =>
		`${it.dir} is not the top folder of a Git repository. Run "git init" there first.`,
	'no-branch': () => 'No branch is checked out. Check out the main branch first.',
	'object-format': (it) =>
		`The repository uses ${it.format} object names; only sha1 is supported yet.`,
	'git-form': (it) =>
		`This repository uses ${it.feature}, which is not supported. Make a plain clone and run this there.`,
	'git-index': () =>
		'The index of this repository has a form that is not supported. Run "git update-index --no-split-index --index-version 2" first.',
	'git-ref': (it) =>
		`${it.path} holds no commit. Restore the branch first, such as with "git fsck".`,
	'git-damaged': (it) =>
		`Git's own files in this repository are damaged (${it.reason}). "git fsck" says where; otherwise make a new clone.`,
	'committed-incomplete': (it) =>
		`It is committed (${it.commit}), but the working tree is not complete yet (${it.reason}). Free space or permission, then run any of these commands again: it completes the files first.`,
	uncommitted: (it) =>
		`Not committed, so not signed: ${listOf(it.paths)}. Commit or undo these changes first.`,
	'another-running': (it) =>
		`Another change is at work here (process ${it.pid}). Wait for it to end; if there is no such process, remove .git/wattproof-transaction.`,
	'index-locked': (it) =>
		`Another Git program is at work here. Wait for it to end; if there is none, remove ${it.path}.`,
	'branch-locked': (it) =>
		`Another Git program is moving the branch. Wait for it to end; if there is none, remove ${it.path}.`,
	'branch-moved': (it) =>
		`${it.branch} has moved since the data was read. Nothing was written; run the command again.`,
	machine: (it) =>
		`${it.path}: ${refusals.get(it.reason) ?? 'the system refused it'} (${it.reason}).`,
	'file-unreadable': (it) =>
		`There, but cannot be read (${it.reason}): ${listOf(it.paths)}. Let this user read it, or restore it.`,
	'file-too-large': (it) =>
		`Too large to be read: ${listOf(it.paths)}. At most 64 MiB a file and 1 GiB in all are read.`,
	'file-moving': (it) =>
		`${it.path} was changed while it was read. Nothing was written; run the command again.`,
	'file-not-plain': (it) =>
		`Links, executables and other special files have no place here: ${listOf(it.paths)}. Put plain files there.`,
	'no-trust-root': () => 'There is no trust root in trust/. Begin a log with "npm run -s init".',
	'not-next': (it) =>
		`${it.period} cannot be finalized before ${it.expected}: months follow each other.`,
	locked: (it) =>
		`${it.period} is locked: its rule set lets it be corrected for ${it.days} days, later only after a dispute that two roles approve.`,
	'clock-behind': (it) =>
		`This computer's clock says ${it.now}, but the last run was finalized at ${it.last}. Set the clock.`,
	'approval-missing': (it) =>
		`Run ${it.run} of ${it.period} still lacks the approval of ${it.roles}. It has to come before the next run.`,
	'log-name': (it) =>
		`"${it.found}" is no name of a log. Write lower-case letters, digits and . / -, such as example.org/energy.`,
	'log-exists': (it) =>
		`The repository holds the log ${it.log}, which is not the sample. Remove data, settlements and trust by hand first, if it has to go.`,
	'keys-inside-repository': (it) =>
		`${it.dir} lies inside the repository. Private keys must never be there.`,
	'keys-exist': (it) =>
		`${it.path} exists already. Keys are never overwritten; choose an empty folder.`,
	'key-unreadable': (it) => `${it.path} cannot be read as a private key.`,
	'key-public': (it) => `${it.path} is a certificate (public key). Give the private key.`,
	'key-not-in-force': (it) =>
		`The key ${it.fingerprint} may not sign sequence ${it.sequence} under the trust root in force.`,
	'nothing-final': (it) => `${it.period} has no final run yet.`,
	'approval-not-newest': (it) =>
		`Only the newest run can be approved, which is ${it.newest}; what ${it.period} lacked came too late.`,
	'approval-exists': (it) => `${it.path} is there already. An approval is given once.`,
	'role-unknown': (it) =>
		`The trust root asks for no approval of "${it.role}". ${it.roles === '' ? 'It asks for none.' : `Its roles are ${it.roles}.`}`,
	'key-not-for-role': (it) =>
		`The key ${it.fingerprint} may not approve as ${it.role} under the trust root in force.`,
	'correction-exists': (it) =>
		`${it.folder} holds files already. Go on there, or remove the folder to begin again.`,
	'no-such-input': (it) => `There is no file "${it.name}" to replace. The files are ${it.names}.`,
	'root-too-early': (it) =>
		`A new trust root can be in force from sequence ${it.earliest} on, not ${it.from}: what is signed stays as it was judged. Make the draft again.`,
	'root-refused': () =>
		'No trust root can be made of this: every key has one role, and the threshold is at most the number of root keys.',
	'root-threshold': (it) =>
		`Only ${it.actual} of the ${it.expected} root keys that are needed have signed. Have the others sign with --sign.`,
	'draft-exists': (it) =>
		`${it.folder} holds files already. Name a new folder, so that no signature of an earlier draft is among them.`,
	'draft-refused': (it) =>
		`Nothing was adopted: ${firstFinding(it.finding)} Correct the folder of the draft.`,
	'root-adopted': (it) => `Trust root ${it.version} is in the log already, as it lies here.`,
	'key-not-root': (it) =>
		`The key ${it.fingerprint} is no root key, neither of this trust root nor of the one before it. Nothing was signed.`,
	'approver-malformed': (it) =>
		`"${it.found}" is no role with a certificate. Write them as finance=../finance.asc, the role in lower-case letters, digits and hyphens.`,
	'no-root-draft': (it) =>
		`${it.folder} holds no draft: a trust root and the one before it, which it names. Make one with --draft.`,
	'certificate-refused': (it) =>
		`${it.path} is no certificate of the accepted kind: ed25519, one user id, no subkeys, no expiry (gpg --quick-gen-key NAME ed25519 sign never).`,
	'key-not-in-root': (it) => `${it.fingerprint} has no such place in the trust root in force.`,
	'trust-append-only': (it) =>
		`${it.path} is in the log already with other bytes; trust/ only grows.`,
	'number-malformed': (it) =>
		`"${it.found}" is no number that fits here. Write a whole number from 1.`,
	'key-younger': (it) =>
		`This computer's clock says ${it.now}, but the key was made at ${it.created}. Set the clock.`,
	'passphrase-missing': () =>
		'A passphrase is needed. Set WATTPROOF_PASSPHRASE, or run this on a terminal to be asked.',
	'passphrase-differs': () => 'The two passphrases differ. Nothing was made; run it again.',
	'passphrase-wrong': (it) => `The passphrase does not open ${it.path}.`,
	'period-malformed': (it) => `"${it.found}" is no period. Write year and month as 2026-10.`,
	'checkpoint-malformed': (it) =>
		`${it.path} is no checkpoint. It has four lines: the log, a number, a root hash, and "commit" with its id.`,
	'incident-open': (it) =>
		`${firstFinding(it.finding)} Until a run acknowledges that, nothing is added to the log. To go on, say what happened: finalize with --acknowledge "...".`,
	'nothing-to-acknowledge': () =>
		'There is nothing to acknowledge: no final file was altered and restored. Leave out --acknowledge.',
	'reason-malformed': (it) =>
		`"${it.found}" cannot stand in a manifest. Write a sentence of at most 120 characters without control characters.`,
	'publish-uncommitted': (it) =>
		`The site would show more than what is committed and verified: ${listOf(it.paths)}. Commit it, or take it away.`,
	'publish-planted': (it) =>
		`Files in public/ would stand in place of pages and evidence that are made: ${listOf(it.paths)}. Take them away.`,
	'history-shallow': () =>
		'This copy has not the whole history, and a site can only be published with it. Run "git fetch --unshallow"; in a workflow set "fetch-depth: 0" for the checkout.',
	'git-missing': () => 'Git itself is needed for this and is not on this computer. Install it.',
	'git-refused': (it) => `git ${it.command}: ${it.reason}`,
	'base-unknown': (it) =>
		`"${it.base}" is neither the full id of a commit nor a branch of this copy. Name the commit into which the pull request is to be merged.`,
	'base-unrelated': (it) =>
		`This copy has no commit from which ${it.base} and HEAD both come, so what was changed cannot be told. Fetch the whole history ("git fetch --unshallow"; in a workflow "fetch-depth: 0").`,
	'history-unreadable': (it) =>
		`What is committed cannot be read here: ${it.reason}. Fetch the whole history without a filter, or make a new clone.`,
	'pin-malformed': (it) =>
		`"${it.found}" is neither the digest of a trust root (64 digits) nor the fingerprint of a key (40). Digits are 0 to 9 and a to f; spaces between them need quotes around it all.`,
	'nothing-submitted': (it) => `There is no data for ${it.period} in data/${it.period}.`,
	'already-final': (it) =>
		`${it.period} is final by run ${it.run}. A correction goes into data/${it.period}/r${it.next}/, with a correction.json; "npm run -s correct" prepares both.`,
	'log-not-intact': (it) =>
		`The log does not verify (${it.verdict}), so nothing is added to it.${it.finding === null ? '' : ` ${firstFinding(it.finding)}`} Run "npm run -s verify" to see more.`,
	'site-missing': (it) =>
		`There is no ${it.path} here, so there is no portal to name. Leave out the options that describe it.`,
	'site-of-sample': () =>
		'The portal would still carry the name and address of the sample. Say whose it is: --organization "..." --contact name@example.com.',
	'site-refused': (it) => `The portal cannot be described so: ${it.reason}`,
	'out-inside-record': (it) =>
		`${it.dir} lies inside data, settlements or trust. Choose another folder.`,
	'no-run-draft': (it) =>
		`${it.folder} holds no draft of a run: no manifest.json that this program has written. Make one with --unsigned.`,
	'run-unsigned': (it) =>
		`${it.path} is not there: nobody has signed. Run "gpg --armor --detach-sign ${it.manifest}" where the finalizer's key is.`,
	'signature-refused': (it) =>
		`${it.path} is no signature to take: ${signatureFaults[it.fault]}. Nothing was committed.`,
	'draft-outdated': (it) =>
		`What was signed is not what this repository gives now (${it.path}): the branch has moved since, or the draft was changed. Nothing was committed; begin again with --unsigned.`,
	'draft-ahead': (it) =>
		`This computer's clock says ${it.now}, but the draft was made at ${it.drafted}. Set the clock, or begin again with --unsigned.`,
};

export function stopText(stop: Stop): string {
	return visible((stops[stop.code] as (it: Stop) => string)(stop));
}

const signatureFaults: Readonly<Record<SignatureFault, string>> = {
	armor: 'it is no signature file in the one accepted form; line ends and added text count',
	checksum: 'its checksum is wrong: it was damaged or edited',
	packet: 'it is no single signature',
	version: 'it is a signature of a version that is not accepted',
	type: 'it is not a signature over the bytes of a file',
	algorithm: 'it is made with an algorithm that is not accepted',
	subpacket: 'it carries details that are not accepted',
	scalar: 'its numbers are out of range',
	certificate: 'the certificate of its key is missing or not the pinned one',
	cryptography: 'it is not over these bytes, or not by this key',
};
const signatureFault = ({ actual }: Finding) =>
	new Map(Object.entries(signatureFaults)).get(actual) ?? actual;

function missingNumbers({ expected, actual }: Finding): string {
	const last = String(Number(actual) - 1);
	return Number(last) > Number(expected)
		? `Sequence numbers ${expected} to ${last} are missing before ${actual}: their runs were`
		: `Sequence number ${expected} is missing before ${actual}: its run was`;
}

/** Where the signed bytes of a changed file are known: the first line that differs. */
export function differenceText({ line, column, expected, actual }: Difference): string {
	const [old, now] = [expected, actual].map((side) => side || reportWords.nothing);
	return `line ${line}${column === '' ? '' : `, ${column}`}: ${old} -> ${now}`;
}

function firstFinding(finding: Finding): string {
	const { difference } = finding;
	const where = difference === null ? '' : ` (${differenceText(difference)})`;
	return findingSentence(finding).replace(/\.$/, `${where}.`);
}

const file = (it: Finding) => it.path;
const run = (it: Finding) => `run ${it.run} of ${it.period}`;

/** One sentence for any finding. */
export function findingSentence(finding: Finding): string {
	return visible(findings[finding.code](finding));
}

/** By finding code: what a check saw, in one sentence. */
export const findings: { readonly [Code in FindingCode]: (it: Finding) => string } = {
	'check-crashed': (it) => `The check stumbled and says nothing: ${it.actual}.`,
	'path-malformed': (it) => `${file(it)} has a name that a log does not allow.`,
	'path-collision': (it) => `${file(it)} and ${it.expected} differ in capitals only.`,
	'file-irregular': (it) => `${file(it)} is no plain file (${it.actual}).`,
	'file-unavailable': (it) => `${file(it)} is there but cannot be read (${it.actual}).`,
	'log-empty': () => 'There is no finalized run to verify.',
	'root-missing': () => 'There is no trust root, so no signature can be judged.',
	'root-malformed': (it) => `${file(it)} is not a trust root in canonical form (${it.actual}).`,
	'root-unknown-format': (it) =>
		`${file(it)} is written in a newer format than this verifier knows.`,
	'root-chain': (it) =>
		`${file(it)} does not continue the trust root before it: ${it.expected} was due, it says ${it.actual}.`,
	'root-signature': (it) =>
		`${file(it)} is no good signature over the trust root: ${signatureFault(it)}.`,
	'root-threshold': (it) =>
		`${file(it)} is signed by ${it.actual} of the ${it.expected} root keys it needs.`,
	'root-not-pinned': (it) =>
		`The trust root ${it.actual} is not the one you noted, ${it.expected}.`,
	'certificate-missing': (it) => `${file(it)} is missing.`,
	'certificate-changed': (it) => `${file(it)} is not the certificate that the trust root pins.`,
	'certificate-malformed': (it) => `${file(it)} is no certificate of the accepted kind.`,
	'trust-unlisted': (it) => `${file(it)} lies under trust/, but no trust root names it.`,
	'signature-missing': (it) => `${file(it)} is missing: ${run(it)} is not signed.`,
	'signature-wrong': (it) => `${file(it)} does not sign this manifest: ${signatureFault(it)}.`,
	'signature-unknown-key': (it) =>
		`${file(it)} is by a key that the trust root does not know, ${it.actual}.`,
	'signature-key-not-in-force': (it) =>
		`${file(it)} is by ${it.actual}, which may not sign this run.`,
	'manifest-missing': (it) => `${file(it)} is missing.`,
	'manifest-malformed': (it) => `${file(it)} is not a manifest in canonical form (${it.actual}).`,
	'manifest-unknown-format': (it) =>
		`${file(it)} is written in a newer format than this verifier knows.`,
	'manifest-place': (it) => `${file(it)} describes ${it.actual}, but lies at ${it.expected}.`,
	'sequence-duplicate': (it) => `Two manifests have the sequence number ${it.actual}.`,
	'sequence-gap': (it) => `${missingNumbers(it)} removed or cannot be read.`,
	'previous-mismatch': (it) =>
		`${file(it)} does not continue the run before it, which was changed or replaced.`,
	'signatures-mismatch': (it) =>
		`Signatures of the run before ${run(it)} were added, changed or removed afterwards.`,
	'supersedes-mismatch': (it) =>
		`${file(it)} does not say truly what it supersedes (${it.expected} was due, it says ${it.actual}).`,
	'run-gap': (it) => `${run(it)} corrects a run that is not there.`,
	'period-gap': (it) =>
		`${it.expected} was to be finalized next, not ${it.actual}: a month is missing.`,
	'time-order': (it) =>
		`${file(it)} says ${it.actual}, which cannot be: it has to come after ${it.expected}.`,
	'log-mismatch': (it) => `${file(it)} belongs to the log ${it.actual}, not ${it.expected}.`,
	'root-mismatch': (it) => `${file(it)} names another trust root than the one in force.`,
	'engine-unknown': (it) =>
		`${file(it)} was computed by version ${it.actual} of the specification, which this verifier does not know.`,
	'list-missing': (it) => `${file(it)} is missing.`,
	'list-changed': (it) => `${file(it)} is not the list that was signed.`,
	'list-malformed': (it) =>
		`${file(it)} is not a list of digests in the accepted form (line ${it.actual}); its lines end in LF alone, never in CR LF.`,
	'list-totals': (it) =>
		`${file(it)} names ${it.actual} (files, bytes); the manifest says ${it.expected}.`,
	'list-foreign': (it) => `${file(it)} names a file that is not of this run: ${it.actual}.`,
	'list-incomplete': (it) => `${file(it)} lacks a line of the run before: ${it.expected}.`,
	'file-missing': (it) => `${file(it)} is missing.`,
	'file-changed': (it) => `${file(it)} is not what was finalized.`,
	'file-unlisted': (it) => `${file(it)} lies among finalized files, but none of them lists it.`,
	'correction-open': (it) => `${file(it)} holds a correction that is not final yet.`,
	'approval-missing': (it) => `The approval of ${it.expected} for ${run(it)} is missing.`,
	'approval-wrong': (it) => `${file(it)} does not approve this manifest: ${signatureFault(it)}.`,
	'approval-not-in-force': (it) => `${file(it)} is by ${it.actual}, which has no such role.`,
	'inputs-refused': (it) =>
		`The inputs of ${run(it)} cannot be settled any more: ${it.actual} in ${it.path}.`,
	'record-differs': (it) => `${file(it)} does not follow from the inputs.`,
	'basis-differs': (it) => `${file(it)} says basis ${it.actual}; its rule set says ${it.expected}.`,
	'time-zone-differs': (it) =>
		`${file(it)}: the clocks that it records (${it.expected}) are not those of the time-zone data of this program (${it.actual}). The recorded ones count.`,
	'totals-differ': (it) => `${file(it)} says ${it.expected}; the inputs give ${it.actual}.`,
	'lock-broken': (it) => `${run(it)} was made after its period was locked.`,
	'recomputation-blocked': (it) =>
		`${run(it)} could not be computed again: ${it.actual} is not to be had.`,

	'history-absent': (it) =>
		`The history is not whole: object ${it.actual} is not here. A shallow or partial copy cannot be verified; get a full one (git fetch --unshallow).`,
	'history-broken': (it) => `The Git evidence cannot be read: ${gitFault(it.actual)}.`,
	'history-no-beginning': (it) =>
		`No commit of the main line holds ${file(it)}, so the history has no beginning to judge from.`,
	'history-altered': (it) =>
		`${file(it)} ${alterations(it)} after it was final, by ${by(it.altered_in)}. It was not restored.`,
	'history-restored': (it) =>
		`${file(it)} ${alterations(it)} after it was final, by ${by(it.altered_in)}, and restored by ${by(it.restored_in)}. ${acknowledgment(it)}`,
	'history-acknowledged': (it) =>
		`${file(it)} ${alterations(it)} after it was final, by ${by(it.altered_in)}, and restored by ${by(it.restored_in)}. A later manifest acknowledges it, ${it.expected === '' ? 'by automation only' : `approved as ${it.expected.replaceAll(' ', ', ')}`}.`,
	'history-side-branch': (it) =>
		`${file(it)} ${alterations(it)} on a side branch by ${by(it.altered_in)}. The main line did not take it over.`,
	'incident-unmatched': (it) =>
		it.effect === 'unavailable'
			? `Whether ${file(it)} was changed in ${it.expected} and restored in ${it.actual}, as a manifest acknowledges, could not be read.`
			: `A manifest acknowledges a change of ${file(it)} in ${it.expected}, restored in ${it.actual}, which the history does not show.`,
	'file-differs': (it) => `${file(it)} is not as the last commit has it.`,
	'file-uncommitted': (it) =>
		`${file(it)} is not committed, so the history says nothing about it. Commit it, or take it away.`,
	'source-off-main': (it) =>
		it.effect === 'unavailable'
			? `${run(it)} names commit ${it.expected} as its source, which is not in the part of the main line that could be read.`
			: `${run(it)} names commit ${it.expected} as its source, and the main line does not have it: the history was rewritten, or the run was not made from it.`,
	'source-late': (it) => `${run(it)} names a source commit that already contains the run.`,
	'source-lacks': (it) =>
		it.effect === 'unavailable'
			? `What the source commit of ${run(it)} (${it.expected}) holds as ${file(it)} could not be read.`
			: `The source commit of ${run(it)} (${it.expected}) does not hold ${file(it)} as it was settled.`,
	'source-format': (it) =>
		`${run(it)} names a source commit of a ${it.expected} repository; this one is another.`,
	'checkpoint-log': (it) =>
		`Your checkpoint is of the log ${it.expected}; this one is ${it.actual}.`,
	'checkpoint-ahead': (it) =>
		`Your checkpoint has ${it.expected} manifests, this log only ${it.actual}: newer runs were removed, or this copy is older than your checkpoint. Get the newest copy and check again.`,
	'checkpoint-root': () =>
		'The manifests up to your checkpoint are not the ones that you noted: the log was rewritten.',
	'checkpoint-commit': (it) =>
		it.effect === 'unavailable'
			? `The commit of your checkpoint (${it.expected}) is not in the part of the main line that could be read.`
			: `The commit of your checkpoint (${it.expected}) is not on the main line: the history was rewritten, or this copy is older than your checkpoint.`,
};

const gitFaults: Readonly<Record<GitFaultCode, string>> = {
	'bundle-malformed': 'the file is no Git bundle, or a damaged one',
	'bundle-unsupported': 'it is a bundle of a kind that is not known here',
	'pack-malformed': 'a pack is damaged',
	'pack-truncated': 'a pack is cut off',
	'pack-checksum': 'the checksum of a pack is wrong',
	'pack-trailing': 'there are bytes after the end of a pack',
	'delta-malformed': 'a delta in a pack is damaged',
	'delta-base-missing': 'an object is built on one that is not there',
	'object-malformed': 'an object is not in the one form that Git gives it',
	'object-wrong': 'an object is not the one its name says',
	'ref-malformed': 'a branch does not name a commit',
	'branch-unknown': 'there is no branch "main", and no single other branch',
	unreadable:
		'it could not be had. A wrong address, a broken connection and a server that does not allow other sites to ask (CORS) look the same from here; a clone of your own works always',
	'repository-unsupported': 'it is a repository or server of a kind that is not known here',
	limit: 'it is larger than what is read here',
};

/** A fault of Git evidence from its code and detail. */
function gitFault(text: string): string {
	const [code = '', ...detail] = text.split(' ');
	const words = new Map(Object.entries(gitFaults)).get(code);
	return words === undefined ? text : `${words} (${detail.join(' ')})`;
}

/** What the manifests say of a restored alteration, as far as they count. */
function acknowledgment({ expected }: Finding): string {
	if (expected === 'approval') return 'The manifest that acknowledges it is not approved yet.';
	if (expected === 'unknown') return 'Whether a manifest acknowledges that could not be read.';
	return 'No manifest acknowledges that.';
}

/** Whose commit, and when by the committer's clock. */
function by(note: Finding['altered_in']): string {
	if (note === null) return 'a commit that is not known';
	return `${note.author.slice(0, 120)} in ${note.commit.slice(0, 12)} (${note.date || 'no date'})`;
}

function alterations({ actual }: Finding): string {
	switch (actual) {
		case 'removed':
			return 'was removed';
		case 'added':
			return 'was added';
		case 'mode':
			return 'lost its plain file mode';
		default:
			return 'was changed';
	}
}

/** The checks as questions, and what passing them means. */
export const checks: Readonly<Record<CheckId, string>> = {
	hygiene: 'Are all guarded files plain files with safe names?',
	'trust-root': 'Is the trust root unbroken, and are its certificates the pinned ones?',
	pin: 'Is it the trust root that you noted?',
	signatures: 'Is every run signed by a finalizer in force at the time?',
	manifests: 'Is every manifest in its one form and place?',
	chain: 'Do the runs form one log without gaps?',
	contents: 'Is every file bit for bit the one that was signed, and nothing added?',
	approvals: 'Has everybody approved who has to?',
	recomputation: 'Do the records follow from the inputs, computed again?',
	history: 'Was anything changed and restored in the Git history?',
	'source-commits': 'Were the inputs on the main line when they were settled?',
	checkpoint: 'Does the log continue the checkpoint that you kept?',
};

export const statuses: Readonly<Record<CheckStatus, string>> = {
	passed: 'passed',
	failed: 'FAILED',
	unavailable: 'unavailable',
	'not-asked': 'not asked',
	none: 'none',
};

/** What each verdict says, and what to do next. */
export const verdicts: Readonly<
	Record<Verdict, { readonly means: string; readonly next: string }>
> = {
	VALID: {
		means: 'Nothing that was finalized has changed, and every figure follows from its inputs.',
		next: 'Keep this report with its last sequence number and its checkpoint, and compare them at your next check.',
	},
	TAMPERED: {
		means: 'Something that was finalized has been altered.',
		next: 'Do not use these figures. Ask the operator what happened; Git can restore the files.',
	},
	UNTRUSTED: {
		means: 'The files are intact, but signed by somebody other than those you trust.',
		next: 'Ask for the digest of the trust root by another way than this repository.',
	},
	INCOMPLETE: {
		means: 'Not everything could be checked, so nothing is confirmed.',
		next: 'Get what is missing and verify again.',
	},
	PENDING: {
		means: 'Everything holds, but the newest run still lacks an approval.',
		next: 'Wait for the approval, then verify again.',
	},
	UNCONFIRMED: {
		means: 'Everything holds, but you have not said whose signature you trust.',
		next: 'Compare the digest of the trust root with one that you got on paper or by phone, then verify with --root.',
	},
};

/** Beside every verdict (docs/spec/verification.md). */
export const caveats = {
	valid: 'VALID does not mean that the readings were true.',
	tampered: 'TAMPERED does not mean malice.',
	files:
		'The Git history was not looked at: a removed newest run, or a change undone since, is not seen.',
	history:
		'A rewritten history looks like a sound one to whoever kept nothing: compare with a checkpoint kept elsewhere.',
};

const count = (number: number, one: string, many = `${one}s`) =>
	`${number} ${number === 1 ? one : many}`;

/** Column titles of the energy quantities. */
export const quantities: Readonly<Record<Quantity, string>> = {
	generated: 'Generated',
	consumed: 'Consumed',
	self_consumed: 'Own use',
	surplus: 'Surplus',
	deficit: 'Deficit',
	delivered: 'Supplied',
	received: 'Received',
	exported: 'To grid',
	imported: 'From grid',
	estimated: 'Estimated',
};

/** The digest is left open: one that is read here is no check of this repository. */
const verifyNext =
	'Next: git push, then npm run -s verify -- --root <the digest of the trust root that you noted>';

/** What the report of a verification says beside verdict, checks and findings. */
export const reportWords = {
	program: 'Program',
	log: 'Log',
	scope: 'Scope',
	pin: 'Pin',
	noPin: 'none (--root)',
	/** Only what holds is worth noting. */
	note: 'Note',
	last: 'Last',
	files: (files: number) => `files (${files} listed)`,
	history: (files: number, commits: number) =>
		`files (${files} listed) and history (${count(commits, 'commit')})`,
	checkpoint: 'Checkpoint, to keep outside this repository',
	sequence: (sequence: number, sha256: string) => `sequence ${sequence}, manifest ${sha256}`,
	noRunOf: (period: string) => `The log has no run of ${period}.`,
	elsewhere: (findings: number, periods: readonly string[]) =>
		`${count(findings, 'finding')} ${findings === 1 ? 'concerns' : 'concern'} other periods: ${listOf(periods)}`,
	more: (number: number) => `and ${number} more like it (--json has all)`,
	expected: 'expected',
	found: 'found',
	signed: 'signed',
	computed: 'computed',
	nothing: '(nothing)',
	noOriginal: 'its original is not to be had here (no Git history, or not in it), or it is no text',
	trustRoot: 'Trust root',
};

/** Who may sign, as the holders of root keys read it. */
export const rootWords = {
	title: (it: { version: number; log: string; effective_from_sequence: number }) =>
		`Trust root ${it.version} of ${it.log}, in force from sequence ${it.effective_from_sequence}`,
	digest: (sha256: string) => `Digest  ${sha256}`,
	rootKeys: (threshold: number, keys: number) =>
		`Root keys, to change this list: ${threshold} of ${keys} ${threshold === 1 ? 'has' : 'have'} to sign.`,
	finalizers: (keys: number) =>
		keys === 0
			? 'Finalizer keys: none, so nothing can be finalized.'
			: 'Finalizer keys: one of these signs a run.',
	approvers: (keys: number) =>
		keys === 0
			? 'Approvals: none. One finalizer key alone makes a run final.'
			: 'Approvals: each role signs too, by one of its keys.',
	approver: (role: string, name: string) => `${role}: ${name}`,
	nobody: '(its certificate is not here)',
	changes: { kept: '', new: 'new', ends: 'ends', removed: 'removed' },
} as const;

type DiagnosisOf<Code extends DiagnosisCode> = Extract<Diagnosis, { code: Code }>;

/** By code: what `doctor` found, and what to do. */
const diagnoses: { readonly [Code in DiagnosisCode]: (it: DiagnosisOf<Code>) => string } = {
	'history-whole': () => 'The whole history is here.',
	'history-shallow': () =>
		'This copy has only the newest commits, so nothing can be verified in it. Run "git fetch --unshallow"; in a workflow set "fetch-depth: 0".',
	'history-partial': () =>
		'This copy fetches objects only when they are asked for, so the history is not here. Make a plain clone, without --filter.',
	'history-unread': (it) => `The repository could not be looked at. ${it.reason}`,
	'repository-refused': (it) => it.reason,
	'branch-main': () => 'The branch main is checked out.',
	'branch-other': (it) =>
		`The branch ${it.branch} is checked out, but the workflows and pages are about main. Run "git switch main", or "git branch -M main" where main has another name.`,
	'trust-intact': (it) =>
		`The trust root of ${it.log}, version ${it.version}, holds. Compare its digest with the one on your paper: ${it.sha256}`,
	'trust-missing': () => 'There is no trust root, so nothing can be signed. Run "init".',
	'trust-sample': () =>
		'This is still the sample, whose keys were thrown away. Run "init" to begin a log of your own.',
	'trust-refused': (it) =>
		`The trust root does not hold. ${findingSentence(it.finding)} Undo that change, or fetch trust/ from a good copy.`,
	'trust-unread': (it) => `The trust root could not be judged. ${findingSentence(it.finding)}`,
	'trust-unjudged': () =>
		'This depends on the trust root, which could not be relied on. Put that right first.',
	'finalizer-in-force': (it) =>
		`The key ${it.fingerprint} may sign the next run, sequence ${it.sequence}.`,
	'finalizer-none': (it) =>
		`No key may sign the next run, sequence ${it.sequence}. Name one with "rotate --add-finalizer" (docs/rotate.md).`,
	'key-in-force': (it) =>
		`This is the finalizer key ${it.fingerprint}, and no one else may read the file. It was not unlocked.`,
	'key-unusable': (it) => keyFaults.get(it.reason) ?? it.reason,
	'key-inside': (it) =>
		`${it.path} lies inside the repository. Move it out, and if it was ever committed, name a new key (docs/rotate.md).`,
	'key-open': (it) => `Others on this computer may read ${it.path}. Run "chmod 600" on it.`,
	'key-other': (it) =>
		it.role === ''
			? `The key ${it.fingerprint} is not in the trust root. Give the file of the finalizer key.`
			: it.role === 'retired'
				? `The key ${it.fingerprint} was or will be a finalizer's, but may not sign the next run. Give the file of the one that may.`
				: `The key ${it.fingerprint} is for "${it.role}", and may not make a month final. Give the file of the finalizer key.`,
	'approvals-required': (it) =>
		`Besides the finalizer, every run needs the approval of ${listOf(it.roles)}.`,
	'approvals-none': () =>
		'No role has to approve: the finalizer key alone makes a month final, and the portal says so. docs/rotate.md shows how to ask for approvals.',
	'private-keys-none': () => 'No private key lies among the files here.',
	'private-keys-inside': (it) =>
		`A private key lies inside the repository: ${listOf(it.paths)}. Move it out. If it was ever committed or copied, it is known to others: name a new key (docs/rotate.md).`,
	'attributes-set': () => 'Git leaves the bytes of data, settlements and trust as they are.',
	'attributes-missing': (it) =>
		`.gitattributes lacks ${it.lines.map((line) => `"${line}"`).join(' and ')}. Add that at its end: else Git may change line ends, and signatures no longer fit.`,
	'attributes-overridden': (it) =>
		`Git would change bytes of the log (${listOf(it.found)}). Remove the later line of .gitattributes, or the other file of attributes, that says so.`,
	'attributes-unread': () =>
		'.gitattributes has its three lines, but Git did not say whether another file overrides them. Install Git, and run this in a repository.',
	'data-readable': (it) =>
		`Register and rule sets can be read; ${count(Number(it.entities), 'entity', 'entities')} in the register.`,
	'data-refused': (it) =>
		`${count(Number(it.count), 'problem')} in register or rules; "validate" lists all. ${it.first}`,
	'register-empty': () =>
		'The register names no entity yet. Write whoever is settled into data/entities.csv.',
	'site-filled': (it) => `The portal speaks for ${it.organization}.`,
	'site-absent': () =>
		'There is no src/site.json here, so nothing is known of a portal or a forge.',
	'site-refused': (it) => it.reason,
	'site-of-sample': (it) =>
		`src/site.json still has the sample's ${it.keys.join(' and ')}. Write your own there.`,
	'site-repository': (it) =>
		it.expected === ''
			? 'src/site.json names a forge but no repository. Write the web address of the repository as "repository_url".'
			: `The remote "origin" is ${it.expected}, but src/site.json has another "repository_url". Write that address there.`,
	'site-nowhere': (it) =>
		`src/site.json says that the portal is at ${it.address}. Write where it will be as "site_url" and "base_path".`,
	'site-branch': (it) =>
		`src/site.json says that the branch is ${it.branch}. Write "main": the workflows know no other.`,
	'workflows-sound': (it) => `They are whole and keep every rule: ${it.names.join(', ')}.`,
	'workflows-missing': (it) =>
		`.github/workflows lacks ${it.names.join(', ')}. Take them from the release of this program that you use.`,
	'workflows-unsound': (it) =>
		`Workflows break rules: ${listOf(it.faults)}. Take the file from the release that you use; src/node/workflow-rules.ts has the rules by name.`,
	'owners-named': (it) => `${it.path} names no placeholder.`,
	'owners-missing': () =>
		'There is no .github/CODEOWNERS, or it names nobody, so nobody is asked to look at a change. Take it from the release that you use, and name your people.',
	'owners-placeholder': (it) =>
		`${it.path} still names ${listOf(it.names)}. Write your own teams or people there.`,
	'owners-unknown': (it) =>
		`GitHub does not accept these lines of CODEOWNERS: ${listOf(it.lines)}. Name teams and people that can write to the repository.`,
	'file-unreadable': (it) => `Not readable: ${listOf(it.paths)}.`,
	'not-on-github': () =>
		'src/site.json names no repository on GitHub, and of other forges no settings are read. See docs/setup.md for what to look at there.',
	'forge-silent': (it) => `GitHub did not say: ${it.reason}.`,
	'repository-read': (it) => `GitHub knows ${it.name}, and its main branch is main.`,
	'repository-branch': (it) =>
		`On GitHub the default branch is ${it.branch}. Make main the default branch: Settings, General.`,
	'environment-guarded': () =>
		'The environment "finalize" gives its secrets to main alone, and somebody has to agree.',
	'environment-missing': () =>
		'There is no environment "finalize". Make it: Settings, Environments.',
	'environment-branches': () =>
		'The environment "finalize" is not limited to main. Choose "Selected branches and tags" there, with main alone.',
	'environment-reviewers': () =>
		'Nobody has to agree before the environment "finalize" gives its key. Name required reviewers there, where your plan has them; else keep the key on your own computer (docs/setup.md).',
	'secrets-there': () =>
		'The environment "finalize" holds both secrets, and no other place of this repository does.',
	'secrets-missing': (it) =>
		`The environment "finalize" lacks the secret ${it.names.join(' and ')}. Add it there.`,
	'secrets-everywhere': (it) =>
		`${it.names.join(' and ')} is also a secret of the whole repository, where every workflow can read it. Remove it there: Settings, Secrets and variables, Actions.`,
	'rules-complete': () =>
		'main takes no forced push, cannot be removed, and changes by pull requests that pass "Data check" and that owners have seen.',
	'rules-open': () =>
		'main takes no forced push and cannot be removed. It asks for no pull request: whoever may write can push past the check, which the daily verification would tell afterwards.',
	'rules-missing': (it) =>
		`The rules of main lack: ${it.names.map((name) => ruleNames.get(name) ?? name).join(', ')}. Add that: Settings, Rules, Rulesets. Older "branch protection rules" are not looked at.`,
	'bypass-there': (it) => `${it.who} may pass the rules that would stop the workflow "Finalize".`,
	'bypass-unneeded': () => 'No rule of main stops the push of the workflow "Finalize".',
	'bypass-missing': () =>
		'The rules of main would stop the push of the workflow "Finalize", because GitHub Actions may not pass them. Choose one of the ways of docs/setup.md, "Who may push".',
	'pages-from-workflow': () => 'Pages takes the portal from the workflow "Publish".',
	'pages-missing': () => 'Pages is not switched on. Choose GitHub Actions: Settings, Pages.',
	'pages-from-branch': () =>
		'Pages takes the portal from a branch. Choose GitHub Actions as the source: Settings, Pages.',
	'variables-right': () => 'The daily verification knows the digest of the trust root.',
	'variable-missing': (it) =>
		it.name === 'WATTPROOF_ROOT'
			? 'The variable WATTPROOF_ROOT is missing. Write the digest on your paper there: Settings, Secrets and variables, Actions, Variables.'
			: 'The variable WATTPROOF_CHECKPOINT is missing, so that a newest run removed by force shows to nobody. Write there the four lines that "verify" prints.',
	'variable-other': (it) =>
		`The variable WATTPROOF_ROOT is "${it.found.slice(0, 80)}", which is the digest of no version of the trust root here. Compare both with your paper.`,
};

const keyFaults: ReadonlyMap<string, string> = new Map([
	['missing', 'There is no such file. Give the file of the finalizer key.'],
	['public', 'This file holds a public key. Give the private one that "init" made.'],
	['no-key', 'This file holds no private key. Give the one that "init" made.'],
]);

const ruleNames: ReadonlyMap<string, string> = new Map([
	['deletion', 'restrict deletions'],
	['non_fast_forward', 'block force pushes'],
	['pull_request', 'require a pull request'],
	['required_status_checks', 'require the status check "Data check"'],
	['code_owners', 'require review from Code Owners'],
]);

/** One sentence or two for any diagnosis. */
export function diagnosisText(it: Diagnosis): string {
	return visible((diagnoses[it.code] as (it: Diagnosis) => string)(it));
}

export const doctorWords = {
	states: { ok: 'ok', problem: 'PROBLEM', unknown: 'unknown' } satisfies Record<
		DiagnosisState,
		string
	>,
	checks: {
		history: 'History',
		branch: 'Branch',
		trust: 'Trust root',
		finalizer: 'Finalizer',
		key: 'Key file',
		approvals: 'Approvals',
		'private-keys': 'Private keys',
		attributes: 'Line ends',
		data: 'Register and rules',
		site: 'Portal',
		workflows: 'Workflows',
		owners: 'Owners',
		repository: 'GitHub: repository',
		environment: 'GitHub: environment',
		secrets: 'GitHub: secrets',
		rules: 'GitHub: rules of main',
		bypass: 'GitHub: who may pass them',
		pages: 'GitHub: Pages',
		variables: 'GitHub: variables',
	} satisfies Record<Examination, string>,
	sum: (it: { ok: number; problems: number; unknown: number }) =>
		[`${it.ok} in order`, count(it.problems, 'problem'), `${it.unknown} could not be checked`].join(
			', ',
		),
};

/** What the commands say apart from problems, stops and findings. */
/** What is said about a pull request; names and figures in it are Markdown already. */
export const pullRequest = {
	name: 'Data check',
	accepted: '\u2714 Data check: this can be accepted',
	refused: (problems: number) => `\u2718 Data check: ${count(problems, 'problem')} to solve`,
	about: (it: { period: string; run: number; files: string; more: number }) =>
		`${it.period}, run ${it.run}: ${it.files}${it.more > 0 ? ` and ${it.more} more` : ''}`,
	before: (problems: number) =>
		`${count(problems, 'further problem')} in files that this pull request does not touch ${problems === 1 ? 'was' : 'were'} there before and ${problems === 1 ? 'does' : 'do'} not count against it.`,
	more: (rows: number) => `and ${rows} more; the command "check" lists all of them.`,
	further: (annotations: number) =>
		`${annotations} more of these are not shown here. The summary of this check lists them.`,
	cut: 'The rest is left out here, because a forge takes no more. The command "check" shows all of it.',
	problems: { heading: 'What has to be put right', columns: ['Where', 'Code', 'What to do'] },
	warnings: {
		heading: 'What should be looked at',
		note: 'None of this refuses the file. Correct the figures, or say in the pull request why they are right.',
		columns: ['Where', 'Code', 'What it says'],
	},
	figures: {
		heading: 'This file against last month',
		correction: (run: number) => `This correction against run ${run}`,
		columns: (against: string) => ['Entity', 'kWh', 'Now', against, 'Change'],
		first: 'Before',
		run: (it: { period: string; run: number | null }) =>
			it.run === null ? `${it.period}, not final` : `${it.period}, run ${it.run}`,
		rows: { generated: 'Generated', consumed: 'Consumed', result: 'Result' },
		result: (surplus: boolean, energy: string) => `${surplus ? 'Surplus' : 'Deficit'} ${energy}`,
		/** On interval basis a month can have both. */
		both: (surplus: string, deficit: string) => `Surplus ${surplus}, deficit ${deficit}`,
		none: 'No reading changes.',
		nothing: '\u2014',
	},
	readings: {
		heading: (count: string) => `Readings that change: ${count}`,
		columns: ['Metering point', 'Interval', 'Before (kWh)', 'Now (kWh)'],
		more: (count: string) => `${count} more readings change; the files show them.`,
		nothing: '\u2014',
	},
	received: {
		heading: 'What is still missing',
		done: (done: string, all: string, period: string) =>
			`${done} of ${all} entities have submitted for ${period} or are declared absent.`,
		missing: (names: string) => `Missing: ${names}.`,
		faulty: (names: string) => `To be corrected: ${names}.`,
		nobody: 'Nobody is missing.',
		more: (names: number) => `${names} more`,
	},
	settlement: {
		heading: (period: string) => `PRELIMINARY: ${period} if this is merged`,
		note: 'Figures in kWh can still change. Nothing of this is signed, and none of it is a statement.',
		entity: 'Entity',
		total: 'Total',
		effect: 'Effect',
		compared: (energy: boolean) =>
			energy
				? 'Effect: who has more (gains) or less (loses) of its energy shared than without this pull request.'
				: 'Effect: who is to be paid more (gains) or less (loses), against the settlement without this pull request.',
		alone: 'Effect: how much each supplies to others or receives from them, instead of the grid.',
		paid: 'Effect: who is to be paid for what it supplies, and who is to pay for what it receives.',
		gains: (amount: string) => `gains ${amount}`,
		loses: (amount: string) => `loses ${amount}`,
		supplies: (energy: string) => `supplies ${energy}`,
		receives: (energy: string) => `receives ${energy}`,
		isPaid: (amount: string) => `is paid ${amount}`,
		pays: (amount: string) => `pays ${amount}`,
		same: 'as before',
		nothing: 'neither',
		sum: (it: { changed: number; all: number }) =>
			`The settlement changes for ${it.changed} of ${count(it.all, 'entity', 'entities')}.`,
	},
	next: {
		heading: 'What happens next',
		refused:
			'Put right what is listed above with another commit on the same branch. This check then runs again by itself; nothing is accepted before it passes.',
		nothing: 'This pull request changes nothing, so there is nothing to accept.',
		code: 'This pull request changes no data, so this check has nothing to say about it.',
		configuration:
			'Whoever answers for register and rules reviews this. Once merged, it counts for every month that is not final; final months keep their own copy.',
		collecting: (it: { period: string; due: string }) =>
			`The energy team reviews and merges this. ${it.period} can be settled as soon as nobody is missing; readings are due on ${it.due}.`,
		complete: (period: string) =>
			`The energy team reviews and merges this. ${period} is complete then and can be finalized; until that is done, figures can still change.`,
		faulty: (period: string) =>
			`The energy team reviews and merges this. Before ${period} can be settled, the problems that were there before have to be solved.`,
		correction: (it: { period: string; run: number }) =>
			`The energy team reviews and merges this. Run ${it.run} of ${it.period} can be finalized then; until that is done, run ${it.run - 1} stays in force.`,
	},
} as const;

export const plain = {
	usage: (name: string) =>
		`(Options come after --, as in: npm run -s ${name} -- --help, which lists them.)`,
	checkpointSaved: (path: string) =>
		`The checkpoint is in ${path}. Keep it where nobody else can write.`,
	noCheckpoint: 'There is no checkpoint worth keeping, so none was written.',
	publishing: 'Building the site with its evidence.',
	published: (files: readonly { name: string; bytes: number; sha256: string }[]) =>
		[
			'The site is in dist/. Its evidence, in dist/verify/:',
			...files.map(({ name, bytes, sha256 }) => `  ${sha256}  ${name} (${bytes} bytes)`),
			'',
			'Next: put dist/ on your web server, and tell the digests by another way than the site.',
		].join('\n'),
	unpublished:
		'This site has no evidence of its own to check: its page "Check it yourself" takes a clone or a bundle. "npm run -s publish" makes a site with its evidence, from a full clone.',
	dataRefused: (errors: number) =>
		`${count(errors, 'problem')} to solve.\n\nNext: correct the lines above and run this again.`,
	warningsListed: (unwaived: number) =>
		`${count(unwaived, 'warning')} that nobody has accepted: look at the figures, and correct them or accept them in waivers.csv, before they are signed.`,
	dataGood: (periods: readonly string[]) =>
		periods.length === 0
			? 'The data is in order. No period is open.'
			: `The data is in order. Open: ${periods.join(', ')}.\n\nNext: npm run -s settle -- --period ${periods[0]}`,
	extent: (runs: number, last: { sequence: number; period: string; run: number }) =>
		`${count(runs, 'run')}, the last is sequence ${last.sequence}: ${last.period} run ${last.run}`,
	noRun: 'no run',
	preview: (it: { period: string; run: number }) =>
		`Preview of ${it.period}, run ${it.run}, in kWh. Not final: figures can still change.`,
	previewNext: (period: string) =>
		`Next: commit the data, then npm run -s finalize -- --period ${period} --key FILE`,
	unwaived: 'Nobody has accepted it.',
	changes: (it: { period: string; run: number }) =>
		`Change against ${it.period} run ${it.run - 1} (kWh):`,
	noChange: (it: { period: string; run: number }) =>
		`No energy figure changes against ${it.period} run ${it.run - 1}.`,
	passphrase: (key: string) => `Passphrase of ${key}: `,
	newPassphrase: 'Passphrase for the two new keys (empty for none): ',
	samePassphrase: 'The same once more: ',
	finalized: (
		it: { period: string; run: number; sequence: number },
		manifest_sha256: string,
		commit: string,
		unwaived: number,
	) =>
		[
			`${it.period} run ${it.run} is final: sequence ${it.sequence}, commit ${commit.slice(0, 12)}.`,
			`Manifest  ${manifest_sha256}`,
			unwaived === 0
				? 'No warning is signed that nobody has accepted.'
				: `Signed with ${count(unwaived, 'warning')} that nobody has accepted.`,
			'',
			verifyNext,
		].join('\n'),
	drafted: (
		it: { period: string; run: number; sequence: number },
		manifest_sha256: string,
		manifest: string,
	) =>
		[
			`${it.period} run ${it.run} is computed as sequence ${it.sequence}. It is not signed, so not final.`,
			`Manifest  ${manifest_sha256}`,
			'',
			'Compare that digest where the finalizer\'s key is, with "sha256sum", and sign there:',
			`gpg --armor --detach-sign ${manifest}`,
			'',
			'Next: npm run -s finalize -- --signed FOLDER, with the signature beside the manifest',
		].join('\n'),
	finalizeUsage:
		'error: finalize takes --period with --key, --period with --unsigned, or --signed alone',
	recovered: 'An earlier run of this program was interrupted; its files are complete now.',
	finalizing: (it: { period: string; run: number }) => `Finalizing ${it.period} run ${it.run} ...`,
	approving: (it: {
		manifest: { period: string; run: number; sequence: number; finalized_at: string };
		manifest_sha256: string;
		correction: { reason: string; requested_by: string; evidence: string } | null;
	}) => {
		const { period, run, sequence, finalized_at } = it.manifest;
		const head = `You approve ${period} run ${run}, sequence ${sequence}, verified and computed again (kWh):`;
		const why = it.correction === null ? [] : [statement.changes.reason(it.correction)];
		const facts = [`Finalized  ${finalized_at}`, `Manifest   ${it.manifest_sha256}`];
		return [head, ...facts, ...why].join('\n');
	},
	approved: (it: {
		manifest: { period: string; run: number };
		manifest_sha256: string;
		role: string;
		missing: readonly string[];
		commit: string;
	}) =>
		[
			`${it.manifest.period} run ${it.manifest.run} is approved as ${it.role}, commit ${it.commit.slice(0, 12)}.`,
			`Manifest  ${it.manifest_sha256}`,
			'',
			it.missing.length > 0 ? `Next: the approval of ${it.missing.join(', ')}` : verifyNext,
		].join('\n'),
	rotateUsage: 'One of --draft, --sign with --key, or --adopt is needed, each with a folder.',
	rootDrafted: (
		it: { root: { version: number; effective_from_sequence: number }; next: number },
		folder: string,
	) => {
		const { version, effective_from_sequence: from } = it.root;
		const later =
			it.next < from
				? [`The next run, sequence ${it.next}, is still signed under trust root ${version - 1}.`]
				: [];
		return [
			`Trust root ${version} lies unsigned in ${folder}.`,
			...later,
			'',
			`Next: each root key holder reads it and runs npm run -s rotate -- --sign ${folder} --key FILE`,
		].join('\n');
	},
	rootSigned: (it: { root: { version: number }; signature: string }, folder: string) =>
		[
			`You have signed trust root ${it.root.version}: ${it.signature}`,
			'',
			`Next: when enough holders have signed, npm run -s rotate -- --adopt ${folder}`,
		].join('\n'),
	rootAdopted: (it: { root: { version: number }; sha256: string; commit: string }) =>
		[
			`Trust root ${it.root.version} is in the log, commit ${it.commit.slice(0, 12)}.`,
			`Digest  ${it.sha256}`,
			'',
			'Next: git push, and give the digest to your auditors; those who noted an earlier one may keep it',
		].join('\n'),
	prepared: (period: string, it: { folder: string; edit: readonly string[] }) =>
		[
			`${it.folder} is prepared.`,
			'',
			it.edit.length > 0
				? `Next: correct ${it.edit.join(', ')}, then npm run -s validate -- --period ${period}`
				: `Next: put the files that change into it, or correct the register or the rules; then npm run -s validate -- --period ${period}`,
		].join('\n'),
	begun: (it: { root_sha256: string; root_key: string; finalizer_key: string }) =>
		[
			'A new log has begun. Write this digest of its trust root on paper, and give it to your auditors:',
			'',
			`  ${it.root_sha256}`,
			'',
			`Root key       ${it.root_key}   (keep it offline)`,
			`Finalizer key  ${it.finalizer_key}`,
			'',
			'Next: fill data/entities.csv, add data/YYYY-MM/yours.csv, then npm run -s validate',
			'      npm run -s doctor says what else an installation needs',
		].join('\n'),
	sampled: (root: string) =>
		`The sample is new; its keys are gone.\n\nNext: npm run -s verify -- --root ${root}`,
	storyTitle: 'A month on a made-up campus, in a scratch repository:\n',
	storyBegins: (months: number) =>
		`          ${months} months of a campus have been settled, signed and committed.`,
	storyFinalized: (it: { period: string; sequence: number }) =>
		`          ${it.period} is settled and finalized as sequence ${it.sequence} of the log.`,
	storyValid: 'Every file is as it was signed, and every figure follows from its inputs.',
	storyChanged: (path: string) => `          Now one digit of ${path} is changed.`,
	storyTampered: 'The verifier names the cell, and what the change would be worth:',
	storyRestored: 'The digit is restored, and everything holds again.',
	building: '\nBuilding the portal ...',
	serving: (address: string) => `The portal is ready; Ctrl-C ends it.\n${address}`,
};

/** Every sentence of the site, in English, by the place where it stands. */

const reasons: Readonly<Record<string, string>> = {
	'meter-reading': 'corrected meter readings',
	'late-data': 'data that came late',
	configuration: 'corrected register or rules',
	dispute: 'a dispute that was settled',
	other: 'another reason',
};

const qualities: Readonly<Record<string, string>> = {
	S: 'substitute values',
	E: 'estimates',
};

const fields: Readonly<Record<string, string>> = {
	generated_wh: 'generation',
	consumed_wh: 'consumption',
};

type Facts = Pick<Notice, 'code' | 'detail' | 'energy_wh' | 'words'>;
type EnergyFormat = Pick<Formats, 'energy'>;
type Sentence = (it: Facts, format: EnergyFormat) => string;

const kwh = (it: Facts, format: EnergyFormat, key: string) =>
	`${format.energy(it.energy_wh[key] ?? 0n)} kWh`;
const field = (it: Facts) => fields[it.words['field'] ?? ''] ?? 'a figure';
/** The first and last interval of a run by their starts, as clocks there show them. */
const span = ({ words: { from = '', to = '' } }: Facts) => {
	const clock = (start: string) => `${start.slice(0, 16).replace('T', ' ')} (${start.slice(19)})`;
	return `from the interval of ${clock(from)} to that of ${clock(to)}`;
};

/** What each code of `exceptions.csv` says to a reader of the statement, on the site and in a terminal. */
const notices: Readonly<Record<string, Sentence>> = {
	absent: (it) => `Nothing to report for the period: ${it.words['reason'] ?? ''}.`,
	'above-capacity': (it, format) =>
		`Generation of ${kwh(it, format, 'actual')} is more than the installed capacity can give ` +
		`in the month, ${kwh(it, format, 'expected')}.`,
	estimates: (it, format) =>
		`${kwh(it, format, 'estimated_wh')} of generation and consumption are ` +
		`${qualities[it.words['quality'] ?? ''] ?? 'not measured'}, not meter readings.`,
	'generation-without-generator': (it, format) =>
		`Generation of ${kwh(it, format, 'generated_wh')} where the register has no generator.`,
	'same-as-last-month': (it, format) =>
		`Exactly the figures of the month before: generation ${kwh(it, format, 'generated_wh')}, ` +
		`consumption ${kwh(it, format, 'consumed_wh')}.`,
	spike: (it, format) =>
		`The ${field(it)} of ${kwh(it, format, 'actual')} is far above the highest of the last ` +
		`12 months, ${kwh(it, format, 'expected')}.`,
	'unit-slip': (it, format) =>
		`The ${field(it)} of ${kwh(it, format, 'actual')} differs from the usual ` +
		`${kwh(it, format, 'expected')} by about a factor of 1000: perhaps Wh or MWh instead of kWh.`,
	'common-zero-run': (it) =>
		`The ${field(it)} is exactly zero ${span(it)}, in the same intervals as that of ` +
		`${it.words['with'] ?? ''}; ${it.energy_wh['entities'] ?? 0n} entities have this gap: perhaps ` +
		'readings were lost and stand as zero.',
	'lump-after-gap': (it, format) =>
		`The ${field(it)} is zero ${span(it)}, and the next interval has ` +
		`${kwh(it, format, 'actual')} where ${kwh(it, format, 'expected')} are usual: perhaps it holds ` +
		'what was not read before.',
	'night-generation': (it, format) =>
		`Generation between midnight and 3 o'clock comes to ${kwh(it, format, 'actual')}, longest ` +
		`${span(it)}; up to ${kwh(it, format, 'expected')} would pass. No photovoltaic plant gives that.`,
	'stuck-meter': (it, format) =>
		`The ${field(it)} is exactly ${kwh(it, format, 'actual')} in every interval ${span(it)}: ` +
		'perhaps the meter is stuck.',
	'twin-series': (it) =>
		`The ${field(it)} equals that of ${it.words['twin'] ?? ''} in every interval of ` +
		`${it.energy_wh['days'] ?? 0n} days, first of ${(it.words['from'] ?? '').slice(0, 10)}: perhaps ` +
		'one meter is counted twice.',
	'csv-bom': () => 'The file begins with a byte order mark; accepted and hashed as it is.',
	'csv-crlf': () => 'The lines end as Windows writes them; accepted and hashed as they are.',
};

const stages: { readonly [Rule in Stage['rule']]: string } = {
	contract: 'by agreed contracts',
	proportional: 'in proportion to what each lacks',
	equal: 'in equal shares',
	fixed: 'by fixed shares',
	'fixed-redistribute': 'by fixed shares, handing on what is not needed',
	priority: 'by rank',
};

const deliveries: { readonly [Rule in Delivery['rule']]: string } = {
	proportional: 'Suppliers give in proportion to their surplus.',
	priority: 'Suppliers give by rank.',
};

const status: { readonly [Status in PublishedRun['status']]: string } = {
	final: 'Final',
	revised: 'Revised',
	superseded: 'Superseded',
	pending: 'Pending',
};

const home = {
	title: 'Status',
	heading: 'Energy settlements',
	introduction: [
		(organization: string) =>
			`Every month, ${organization} settles the energy that its buildings generate: what one ` +
			'does not use itself supplies the others before the grid does.',
		() =>
			'Each month ends in a statement that is computed from meter readings by published ' +
			'rules, signed, and never changed; a correction is a further statement beside it.',
		() =>
			'Readings, rules, results and signatures lie together in one Git repository, so that ' +
			'anyone can compute and check them again without trusting this site.',
	],
	latest: 'Latest statement',
	read: (id: string) => `Read statement ${id}`,
	all: (count: string) => `All ${count} periods`,
	check: 'Check it yourself',
	checkHere: 'In your browser, from a copy of your own or from this site:',
	checkIntroduction:
		'This site shows what was published; it does not vouch for itself. To check every ' +
		'statement and its signature, and to compute it again, run this in a copy of the repository:',
	command: (root: string) => `npm run -s verify -- --root ${root}`,
	repository: 'The repository',
	shared: (energy: string) => `${energy} kWh shared`,
	rootWarning: (version: number) =>
		`The 64 characters are the digest of trust root ${version}, which says whose signatures count. ` +
		'Compare them with a digest that you were given in another way: on paper, by telephone, from ' +
		'your auditor. A digest read only here proves nothing, because whoever could alter the ' +
		'statements could alter this page too.',
	noRoot: 'There is no trust root yet. The command "npm run -s init" makes one.',
};

const settlements = {
	title: 'Settlements',
	description: (organization: string) => `The settled months of ${organization}.`,
	introduction:
		'One row for each month, the newest first. Months at the top without a statement are still ' +
		'open. A statement never changes; where a month was corrected, the row shows the run in ' +
		'force, which links to the ones before it.',
	caption: 'Months',
	unit: 'energy in kWh',
	columns: {
		period: 'Period',
		status: 'Status',
		statement: 'Current run',
		finalized: 'Finalized on',
		shared: 'Shared inside',
		manifest: 'Manifest',
	},
	emptyHeading: 'No month is settled yet',
	empty:
		'As soon as the first month is final, its statement stands here and stays under the same ' +
		'address. Until then there is nothing to read and nothing to check.',
};

type Basis =
	| { readonly kind: 'monthly' }
	| ({ readonly kind: 'interval' } & Pick<
			PeriodTime,
			'time_zone' | 'interval_minutes' | 'intervals'
	  >);

/** An interval of so many minutes, as people call it. */
const intervalWords = {
	5: 'five minutes',
	15: 'quarter-hour',
	30: 'half-hour',
	60: 'hour',
} as const;

function basisText(basis: Basis, count: (number: number) => string): string {
	if (basis.kind === 'monthly') return 'Netted by month';
	const each = intervalWords[basis.interval_minutes];
	return `Netted in each ${each}, ${basis.time_zone}, ${count(basis.intervals)} intervals`;
}

const statement = {
	kicker: 'Settlement statement',
	title: (id: string, days: string) => `Statement ${id}, ${days}`,
	description: (organization: string, days: string) =>
		`Who generated, used, shared and drew how much energy at ${organization}, ${days}.`,
	supersededBanner: 'This statement was replaced. In force is',
	head: {
		heading: 'About this statement',
		id: 'Statement',
		period: 'Period',
		status: 'Status',
		finalized: 'Finalized',
		basis: 'Basis',
		rules: 'Rules',
		replaces: 'Replaces',
		replacedBy: 'Replaced by',
		manifest: 'Manifest',
		signer: 'Signed by key',
		approvals: 'Approvals',
		verification: 'Verification',
	},
	none: 'None',
	basis: basisText,
	reason: (code: string | null) => `because of ${reasons[code ?? ''] ?? code}`,
	/** How energy was shared, in as few words as a head block has room for. */
	rules: ({ allocation, delivery, excluded }: RuleSet) => {
		const steps = allocation.map((stage) => {
			const limit = 'limit' in stage ? stage.limit : undefined;
			const share = limit ? ` (at most ${limit[0]}/${limit[1]} of the surplus)` : '';
			return stages[stage.rule] + share;
		});
		const shared = `Surplus is shared ${steps.join(', then ')}.`;
		const outside = excluded?.length ? ` Not sharing: ${excluded.join(', ')}.` : '';
		return `${shared} ${deliveries[delivery?.rule ?? 'proportional']}${outside}`;
	},
	manifestStart: (groups: string) => `${groups} …`,
	manifestFull: 'full digest',
	signerEnd: (groups: string) => `… ${groups}`,
	automation: 'Signed by automation only: no approval is asked for',
	approval: (role: string, given: boolean) => (given ? `${role}: given` : `${role}: missing`),
	unchecked: 'Not checked in this browser.',
	check: 'Check it',
	figures: {
		heading: 'The month in five figures',
		generated: 'Generated',
		consumed: 'Consumed',
		shared: 'Shared inside',
		imported: 'From grid',
		exported: 'To grid',
		unit: 'kWh',
	},
	/** The month on its own basis beside what another would have given. */
	netting: {
		caption: 'Netted otherwise, for comparison',
		unit: 'kWh',
		figure: 'Figure',
		here: 'This statement',
		month: 'Netted by month',
		change: 'Difference',
		rows: {
			self_consumed: 'Own use',
			shared: 'Shared inside',
			imported: 'From grid',
			exported: 'To grid',
		},
		note:
			'Only the first column is signed. The second was computed for this page, from the sums of ' +
			'the month and under the same rules: it is part of no record, and nothing follows from it.',
	},
	profile: {
		heading: 'By day and hour',
		figures: {
			consumed: (month: string) => `Consumed by all entities, ${month}`,
			generated: (month: string) => `Generated by all entities, ${month}`,
			shared: (month: string) => `Shared inside, ${month}`,
		},
		caption: 'The same by day, all entities together',
		unit: 'kWh',
		day: 'Day',
		columns: {
			consumed: 'Consumed',
			generated: 'Generated',
			shared: 'Shared inside',
		},
		change: (day: string, intervals: string) =>
			`On ${day} clocks were changed: that day has ${intervals} intervals, and after the change ` +
			'its cells stand beside the hours of the scale.',
		every: 'Each interval as CSV',
		unreadable:
			'Not shown: the readings cannot be read, or do not come to the signed totals. Verification ' +
			'says why.',
	},
	control: (supplied: string, received: string) =>
		`Control: supplied ${supplied} = received ${received}`,
	controlBroken: (supplied: string, received: string, signed: string) =>
		`Control: supplied ${supplied}, received ${received}, signed total ${signed} do not agree`,
	controlMark: { agrees: 'agrees', differs: 'differs' },
	largest: {
		supplier: 'Largest supplier:',
		receiver: 'Largest receiver:',
		energy: (energy: string) => `${energy} kWh`,
	},
	entities: {
		heading: 'Entities',
		caption: 'Table 1. Each entity',
		unit: 'energy in kWh',
		unitMoney: (currency: string) => `energy in kWh, value in ${currency}`,
		entity: 'Entity',
		total: 'Total',
		absentNote: '— means absent: the entity had nothing to report, which is not the same as zero.',
		columns: { ...quantities, debit: 'Debit', credit: 'Credit' },
	},
	supplies: {
		heading: 'Who supplied whom',
		caption: 'Table 2. Energy shared between entities',
		from: 'From',
		to: 'To',
		energy: 'Energy',
		amount: 'Value',
		total: 'Total',
		empty: 'No energy was shared: no entity had a surplus that another could use.',
		/** By the side that makes the columns. */
		matrixRows: { from: 'To', to: 'From' },
		matrixUnit: {
			from: 'energy in kWh, a column for each supplier',
			to: 'energy in kWh, a column for each receiver',
		},
		matrixNote:
			'Cells above a quarter of the largest are colored, and the fuller the larger they are.',
	},
	changes: {
		heading: (id: string) => `Change against ${id}`,
		caption: (id: string) => `Table 3. Difference to ${id}`,
		unchanged: (count: number) =>
			count === 0
				? 'Every entity has changed.'
				: count === 1
					? 'One further entity is unchanged.'
					: `${count} further entities are unchanged.`,
		reason: (it: { reason: string; requested_by: string; evidence: string }) =>
			`${it.reason.replace(/[.]?$/, '.')} Requested by ${it.requested_by}${it.evidence === '' ? '' : `; evidence: ${it.evidence}`}.`,
		none: 'No figure changed.',
	},
	notices: {
		heading: 'Exceptions',
		empty: 'None: no figure raised a warning and no entity was absent.',
		file: 'File',
		warning: 'Warning',
		info: 'Note',
		waived: (name: string) => `Accepted by ${name}.`,
		text: (it: Facts, format: EnergyFormat) =>
			notices[it.code]?.(it, format) ?? `${it.code}: ${it.detail}`,
		place: (path: string, line: number) => (line > 0 ? `${path}, line ${line}` : path),
	},
	evidence: {
		heading: 'Evidence',
		introduction: (count: string) =>
			'The signature covers the manifest, the manifest holds the digest of the list SHA256SUMS, ' +
			`and the list holds the digests of these ${count} files: the readings as they came in, ` +
			'the register and rules in force, and the result.',
		caption: 'SHA-256 digests of everything this statement rests on',
		path: 'File',
		sha256: 'SHA-256',
	},
	remarks: {
		heading: 'How to read this statement',
		signs:
			'All quantities are magnitudes without a sign; the column says the direction. Generated = ' +
			'own use + supplied + to grid; consumed = own use + received + from grid. Only changes ' +
			'carry + or −.',
		money:
			'Debit is what an entity owes for energy received, credit what it is due for energy supplied.',
		invoice: 'This statement is not an invoice: it holds no tax and asks for no payment.',
		contact: 'Questions about a figure:',
	},
	footer: (id: string, sha256: string) => `${id} · manifest SHA-256 ${sha256}`,
	/** The two halves around the page number and before the number of pages. */
	page: ['Page ', ' of '],
};

/** What each check shows when it passes, and what it leaves open. */
const meanings: Readonly<Record<CheckId, { readonly proves: string; readonly leaves: string }>> = {
	hygiene: {
		proves: 'No file can hide behind a name or be a link to something else.',
		leaves: 'It says nothing about what the files hold.',
	},
	'trust-root': {
		proves: 'The list of those who may sign was changed only by those entitled to.',
		leaves: 'Whether it is the operator’s list, only your own note tells.',
	},
	pin: {
		proves: 'The list of signers is the one that you got by another way.',
		leaves: 'It is as good as the way by which you got it.',
	},
	signatures: {
		proves: 'Every run was signed, byte for byte, by a key that was entitled to at that number.',
		leaves: 'Not who held the key, and not that the figures are right.',
	},
	manifests: {
		proves: 'There is one reading of every manifest, and it lies where it says.',
		leaves: 'It compares form and place only.',
	},
	chain: {
		proves: 'No run in the middle was taken out, put in, or moved.',
		leaves: 'Runs removed from the end leave no gap: a checkpoint shows them.',
	},
	contents: {
		proves: 'Every input and every record is bit for bit what was signed, and nothing was added.',
		leaves: 'Not that the readings were true when they were sent.',
	},
	approvals: {
		proves: 'Everybody who has to approve has signed the same manifest.',
		leaves: 'That they looked at it is their word.',
	},
	recomputation: {
		proves:
			'The published figures follow from the inputs by the published rules: computed again here.',
		leaves: 'Not that the inputs were true or the rules fair.',
	},
	history: {
		proves:
			'Since a file was final, no commit of the main line has changed it, not even for a day.',
		leaves: 'Whoever can rewrite the whole history can leave that out: a checkpoint shows it.',
	},
	'source-commits': {
		proves: 'Every run was made from what stood on the main line before it.',
		leaves: 'Not who wrote those commits: names in commits are claims.',
	},
	checkpoint: {
		proves: 'The log continues what you saw at your last visit; nobody has rewritten it since.',
		leaves: 'Nothing about the time before your checkpoint.',
	},
};

const attempts = {
	change: {
		name: 'Change one figure',
		lesson:
			'The digest of the file no longer fits the signed list. Whoever can write files, but holds no key, is noticed here.',
	},
	'change-and-list': {
		name: 'Change it, and correct the list and the manifest too',
		lesson: 'All digests fit again, but the signature over the manifest does not.',
	},
	'sign-again': {
		name: 'And sign that again with another key',
		lesson: 'The signature is sound, but its key is not one that the trust root names.',
	},
	'new-root': {
		name: 'And replace the trust root by one that names that key',
		lesson:
			'Everything fits together: a log of the forger’s own. Only the digest that you noted elsewhere tells it from the real one.',
	},
	'drop-middle': {
		name: 'Drop a month from the middle',
		lesson: 'Each manifest holds the digest of the one before it, so a gap shows.',
	},
	'drop-newest': {
		name: 'Drop the newest month',
		lesson:
			'What is left is a sound, shorter log. Nothing in it can tell you; the checkpoint that you kept does.',
	},
} as const;

/** The page on which an auditor verifies. */
export const verifier = {
	title: 'Check it yourself',
	description: 'Verifies every settlement in your own browser, against the Git history.',
	lead: 'This page checks, in your browser, that nothing has changed since it was final, and computes every figure again. Nothing is sent anywhere.',
	noScript:
		'Checking here needs JavaScript. Without it, use a clone of the repository and the command below.',
	trustTitle: 'Why believe this page?',
	trust: [
		'You need not. It is served by the operator, who could serve another one. To rule the operator out:',
	],
	trustSteps: [
		'Get the digest of the trust root another way: on paper, by telephone, in a signed letter.',
		'Use the saved verifier, a single file whose SHA-256 you can compare, or the command line, or no program of ours at all (sha256sum, gpgv, git log).',
		'Keep your checkpoint. It is the only thing that shows a history rewritten by those who hold the keys.',
	],
	source: {
		legend: 'Where does the evidence come from?',
		hint: 'The higher up, the less it depends on the operator.',
		bundle: 'A Git bundle',
		bundleHint: 'One file, made from any clone: git bundle create log.bundle main',
		chooseFile: 'Choose the bundle, or drop it here',
		folder: 'A folder: my own clone',
		folderHint: 'Read are the commits and objects of its .git folder; not its working files.',
		chooseFolder: 'Choose the clone’s folder, or drop it here',
		site: 'The bundle that this site publishes',
		siteHint: 'Chosen by the operator. With a checkpoint of your own that matters little.',
		siteMissing:
			'This copy of the site was built without its evidence; "npm run -s publish" makes a site with it.',
		server: 'A Git server',
		serverHint: 'Works where the server allows other sites to ask (CORS).',
		serverAddress: 'Address of the repository',
		chosen: (name: string) => `Chosen: ${name}`,
		chosenFolder: (name: string, files: number) =>
			`Chosen: ${name}, ${count(files, 'file')} of its Git data`,
		noGit: (name: string) =>
			`There is no Git data in "${name}". Choose the folder of a clone, with its .git folder in it.`,
	},
	pin: {
		legend: 'Whose signature do you accept?',
		hint: 'Got from the operator by another way than this site. Without it the best verdict is UNCONFIRMED.',
		label: 'Digest of the trust root, or fingerprint of a root key',
		file: 'Or a file that you kept: trust root (root-1.json) or checkpoint',
		remembered: (date: string) =>
			`Filled in from your last visit with this browser (${date}). That is worth as much as this browser’s storage: it shows changes since, not that the first visit was right.`,
		checkpoint: (sequence: number) => `Checkpoint at sequence ${sequence} will be compared.`,
		notUnderstood: 'That is neither 64 nor 40 hexadecimal digits.',
		fileNotUnderstood: 'That file is neither a trust root nor a checkpoint.',
		forget: 'Forget it',
	},
	check: 'Check',
	stop: 'Stop',
	again: 'Check again',
	choose: 'Choose where the evidence comes from first.',
	progress: {
		loading: 'Loading the verifier',
		reading: 'Reading the objects',
		files: 'Reading the files',
		checking: (question: string) => question,
	},
	unavailable: 'The verifier could not be loaded from this site. Nothing was checked.',
	confirm:
		'Compare the digest of the trust root with one that you got on paper or by phone, give it above, and check again.',
	insecure:
		'This page came over an unprotected connection, where browsers check no signatures. Open it by https, or use the saved verifier.',
	stumbled: (text: string) => `The verifier stumbled and says nothing: ${text}`,
	noScriptCommand: 'npm run -s verify -- --root DIGEST',
	outcome: 'Outcome',
	axes: {
		contents: 'Contents',
		signer: 'Signer',
		unchanged: (files: number, runs: number) =>
			`unchanged: ${count(files, 'file')} in ${count(runs, 'run')}, computed again with the same result`,
		altered: 'altered',
		unknown: 'not all could be checked',
		yours: 'named by the trust root that you gave',
		unconfirmed: 'not compared with anything of yours',
		others: 'not those whom you gave',
		forged: 'not proven',
	},
	facts: {
		log: 'Log',
		extent: 'Extent',
		history: 'History',
		scope: 'Scope',
		root: 'Trust root',
		program: 'Program',
		evidence: 'Evidence',
		pin: 'You accept',
		nothing: 'nothing was given',
		checked: 'Checked at',
		commits: (commits: number, head: string) =>
			`${count(commits, 'commit')} of the main line, up to ${head}`,
	},
	findings: 'What was found',
	details: {
		expected: 'expected',
		found: 'found',
		place: 'where',
		cell: (line: number, column: string) =>
			column === '' ? `line ${line}` : `line ${line}, ${column}`,
		was: 'was',
		is: 'is',
		by: 'by',
		when: 'when',
		commit: 'commit',
		restored: 'restored in',
	},
	worth: (period: string, run: number, settled: boolean) =>
		settled
			? `What the change in ${period} run ${run} is worth, if it were settled`
			: `What the altered statement of ${period} run ${run} says differently`,
	unit: 'kWh',
	entity: 'Entity',
	checksTitle: 'Every check',
	proves: 'Shows:',
	leaves: 'Leaves open:',
	evidence: 'Evidence:',
	runsTitle: 'Every run',
	runsHeader: ['No.', 'Period', 'Run', 'Final since', 'Manifest', 'Result'],
	intact: 'holds',
	notIntact: 'see above',
	kept: 'Keep this',
	keptHint:
		'The checkpoint is four lines. Kept where nobody else can change it, it shows at your next visit whether anything was rewritten in between.',
	saveReport: 'Save the report (JSON)',
	saveCheckpoint: 'Save the checkpoint',
	print: 'Print as a certificate',
	twin: 'The same without this page',
	commandTitle: 'On the command line, in a clone',
	byHandTitle: 'By hand, without any program of ours',
	clock: (seconds: string) => `Checked in ${seconds} s in this browser.`,
	certificate: 'Certificate of verification',
	saved: {
		title: 'The saved verifier',
		text: 'This page as one file, which needs no network and no site: keep it, and open it from your own disk with a bundle or a clone. Compare its SHA-256 with one that you got elsewhere; whoever builds the same sources gets the same file.',
		link: 'Save the verifier',
		lead: 'This file checks, in your browser and without any network, that nothing in a Git bundle or clone has changed since it was final, and computes every figure again.',
	},
	try: {
		title: 'Try to break it',
		lead: 'Everything happens in your browser’s copy. Pick a figure, change it, and go as far as you like: each step is what somebody with more power could do.',
		first: 'Check something above first; then its figures can be changed here.',
		file: 'File',
		row: 'Row',
		cell: 'Cell',
		value: 'Write instead',
		steps: 'What to do to the copy',
		run: 'Try it',
		restore: 'Restore the copy and check',
		scope:
			'Judged by the files and your digest, without the Git history, which a forger of this strength would write anew as well.',
		without: (verdict: string) =>
			`Without a checkpoint the verdict is ${verdict}. With the one from your check above it is:`,
		restored: 'The copy is as it was, and so is the verdict.',
		same: 'That is what stands there already: nothing was changed.',
		attempts,
	},
	meanings,
} as const;

/** Months that are not final yet, the calendar, entities, comparisons and where inputs come from. */
const periods = {
	status: {
		collecting: 'Collecting',
		complete: 'Complete',
		faulty: 'To be corrected',
		upcoming: 'Not started',
	},
	board: {
		heading: (month: string) => `In progress: ${month}`,
		submitted: (done: string, all: string) =>
			`${done} of ${all} entities have submitted or are declared absent.`,
		due: (day: string) => `Readings are due on ${day}.`,
		figures: 'The figures so far',
		problems: 'What has to be put right',
		states: {
			submitted: 'Submitted',
			absent: 'Absent',
			missing: 'Missing',
			faulty: 'To be corrected',
		},
		periods: 'Months and their status',
		open: 'not final',
		corrections: (count: number) =>
			count === 1 ? 'A correction is being prepared' : 'Corrections are being prepared',
		correction: 'The statement shown stays in force until the correction is final.',
	},
	preliminary: {
		word: 'PRELIMINARY',
		kicker: 'Preliminary figures',
		correction: 'A correction that is being prepared',
		replaces: 'Would replace',
		reason: 'Reason',
		read: 'What it would change',
		changes: (id: string) => `What would change against ${id}`,
		title: (days: string) => `Preliminary: ${days}`,
		description: (organization: string, days: string) =>
			`How far the month ${days} of ${organization} has come. Not final: figures can change.`,
		banner:
			'Figures can still change. Nothing on this page is signed, and none of it is a statement.',
		margin: (days: string) => `PRELIMINARY. Figures can change. ${days}`,
		about: 'About this month',
		basis: 'Basis',
		status: 'Status',
		due: 'Readings due',
		progress: 'Received',
		missing: 'Waiting for',
		none: 'Nobody',
		count: (done: string, all: string) => `${done} of ${all} entities`,
		own: 'Each entity by itself',
		ownCaption: 'What each entity has reported',
		ownNote:
			'Surplus and deficit follow from an entity’s own readings. Who supplies whom, and the totals, ' +
			'are computed when every entity has submitted or is declared absent: one missing month ' +
			'changes the share of everybody else.',
		readings: 'Readings',
		figures: 'The month in five figures, not final',
		exceptions: 'Exceptions so far',
		problems: 'What has to be put right',
		problemsNote:
			'The readings received have faults, and no figures are shown until they are put right. Each ' +
			'line names the file, what was read in it, and what to write.',
		absentNote: '— means absent or missing, which is not the same as zero.',
	},
	runs: {
		heading: 'The runs of this month',
		introduction:
			'Every run stays under its own address for good. The newest is in force; each says why it ' +
			'replaced the one before.',
		caption: 'Runs, the newest first',
		columns: {
			run: 'Statement',
			status: 'Status',
			finalized: 'Finalized on',
			shared: 'Shared inside',
			change: 'Change',
			reason: 'Reason',
			compare: 'Compare',
		},
		first: 'First run',
		compare: (id: string) => `with ${id}`,
	},
	calendar: {
		title: 'Calendar',
		description: (organization: string) =>
			`When the readings of which month are due at ${organization}.`,
		introduction: (day: string) =>
			`The readings of a month are due on day ${day} of the month after it. A month becomes final ` +
			'when all have been received or declared absent, and cannot change after that.',
		ahead: 'Ahead',
		aheadCaption: 'Open and coming months',
		yearCaption: (year: string) => `Months of ${year}`,
		columns: { period: 'Month', due: 'Readings due', status: 'Status', statement: 'Statement' },
		emptyHeading: 'No month has begun yet',
		empty: 'As soon as the first readings are there, this page says which are due when.',
	},
	inputs: {
		link: 'Where each input comes from',
		title: (id: string) => `Inputs of ${id}`,
		description: (days: string) => `The files from which the statement of ${days} was computed.`,
		kicker: 'Inputs and where they come from',
		introduction: (id: string) =>
			`Statement ${id} was computed from these files and nothing else. The digests are those of ` +
			'the list that its signature covers: a file with another digest is another file.',
		back: (id: string) => `Statement ${id}`,
		caption: 'Input files',
		columns: { path: 'File', kind: 'What it holds', rows: 'Rows', sha256: 'SHA-256' },
		/** What an interval file has on a row. */
		forms: {
			long: 'a row for each reading',
			days: 'a row for each day',
			wide: 'a row for each interval',
		},
		kinds: {
			submission: 'Readings',
			absences: 'Absences',
			substitutes: 'Readings that were not measured',
			waivers: 'Accepted warnings',
			correction: 'Reason of a correction',
			register: 'Register as it was then',
			'metering-points': 'Metering points as they were then',
			rules: 'Rule set as it was then',
		},
		replaced: (run: number) => `replaced in run ${run}`,
		source: 'Source commit',
		sourceNote:
			'The state of the repository from which the files were read. Each of the readings stands there ' +
			'under the same path; register, metering points and rule set were copied from it beside the statement.',
		show: 'at the commit',
	},
	entities: {
		title: 'Entities',
		description: (organization: string) =>
			`The energy accounts of everybody who shares at ${organization}.`,
		introduction: 'Sums of the last twelve final months. Each name leads to the account by month.',
		caption: (from: string, to: string) => `${from} to ${to}`,
		unit: 'energy in kWh',
		entity: 'Entity',
		columns: {
			consumed: 'Consumed',
			generated: 'Generated',
			received: 'Received',
			delivered: 'Supplied',
		},
		trend: 'Consumed by month',
		trendOf: (name: string) => `Consumed by month: ${name}`,
		change: 'Membership',
		joined: (month: string) => `since ${month}`,
		left: (month: string) => `until ${month}`,
		emptyHeading: 'No entities yet',
		empty: 'As soon as the register names entities, their accounts stand here.',
	},
	account: {
		kicker: 'Energy account',
		title: (name: string) => `Account of ${name}`,
		description: (name: string, organization: string) =>
			`What ${name} generated, consumed, supplied and received at ${organization}, month by month.`,
		about: 'About this account',
		id: 'Id',
		cost_center: 'Cost center',
		joined: 'Since',
		left: 'Until',
		beginning: 'The first month settled',
		open: 'No end known',
		figure: (name: string) => `What ${name} consumed (above) and gave (below), by month`,
		months: 'Month by month',
		caption: 'The last twelve final months',
		period: 'Month',
		total: 'Sum of these months',
		year: (month: string) => `Year to date, from ${month}`,
		none: 'No month with this entity is final yet.',
		outside: 'not settled',
		absent: 'absent',
		note:
			'Every figure is that of the statement to which the month leads; where a month was ' +
			'corrected, of the run in force. — means that there is no figure, which is not the same as zero.',
		bases: (months: string) =>
			`Not all of these months have one basis: ${months} are netted by interval, the others by ` +
			'month. Own use, surplus and deficit differ for that alone.',
		all: 'All entities',
	},
	compare: {
		title: (before: string, after: string) => `${after} against ${before}`,
		description: (before: string, after: string) =>
			`Every figure that differs between ${before} and ${after}.`,
		kicker: 'Comparison',
		heading: (before: string, after: string) => `${after} against ${before}`,
		introduction: (before: string, after: string) =>
			`Only figures that differ, from ${before} to ${after}. A change beyond 25% is marked.`,
		bases: (before: string, after: string) =>
			`The two have no common basis (before: ${before}; after: ${after}): own use, surplus, deficit ` +
			'and what follows from them differ for that alone.',
		totals: 'Totals',
		totalsCaption: 'All entities together',
		entities: 'By entity',
		caption: 'What changed for each entity',
		unit: 'energy in kWh',
		unitMoney: (currency: string) => `energy in kWh, value in ${currency}`,
		columns: {
			entity: 'Entity',
			quantity: 'Figure',
			before: 'Before',
			after: 'After',
			change: 'Change',
			percent: 'In percent',
			mark: 'Mark',
		},
		quantities: { ...quantities, debit: 'Debit', credit: 'Credit' },
		large: 'Over 25%',
		joined: 'Joined',
		left: 'Left',
		joinedList: (names: string) => `Joined: ${names}.`,
		leftList: (names: string) => `Left: ${names}.`,
		same: 'No figure differs.',
		unchanged: (count: number) =>
			count === 1 ? 'One further entity is unchanged.' : `${count} further entities are unchanged.`,
		read: (id: string) => `Read ${id}`,
	},
	against: {
		heading: 'Change against last month',
		caption: (table: number, id: string) => `Table ${table}. Change against ${id}`,
		generated: 'Generated',
		consumed: 'Consumed',
		percent: '%',
		mark: 'Mark',
		total: 'Total',
		more: 'Every figure that differs',
	},
} as const;

/** The words in and around figures. */
export const charts = {
	unit: 'kWh',
	gap: '—',
	download: 'Download this figure (SVG)',
	source: (organization: string, what: string) => `Source: ${organization}, ${what}`,
	manifest: (id: string, sha256: string) => `Manifest of ${id}, SHA-256 ${sha256}`,
	bars: (series: readonly string[], months: readonly string[], gaps: readonly string[]) =>
		`Stacked bars, one a month, from ${months[0] ?? ''} to ${months.at(-1) ?? ''}, in kWh: ` +
		`${listOf(series)}.${gaps.length === 0 ? '' : ` Without data: ${listOf(gaps)}.`} ` +
		'The table of the same months holds every figure.',
	sparkline: (months: number, gaps: number) =>
		`Line over ${months} months${gaps === 0 ? '' : `, ${gaps} of them without data`}.`,
	supplies: {
		title: (month: string) => `Who supplied whom, ${month}`,
		figure: 'Figure 1. Energy from supplier to receiver',
		from: 'Supplied',
		to: 'Received',
		energy: (energy: string) => `${energy} kWh`,
		flow: (from: string, to: string, energy: string) => `${from} to ${to}: ${energy} kWh`,
		description: (from: number, to: number, total: string) =>
			`Bands from those who supplied (${from}) to those who received (${to}), as wide as the ` +
			`energy; ${total} kWh together. Table 2 holds every figure.`,
	},
	profile: {
		description: (days: number, slots: number, highest: string) =>
			`One row a day (${days}), one cell an interval (${slots} a day); the fuller the color, the ` +
			`more energy, up to ${highest} kWh.`,
		unit: 'Energy of one interval in kWh',
		upTo: (energy: string) => `up to ${energy}`,
		gap: 'no data',
	},
} as const;

/** By rule of a stage, in a whole sentence. */
const stageSentences: { readonly [Rule in Stage['rule']]: string } = {
	contract:
		'First come the agreements between two entities, in their order: each gives what was agreed, ' +
		'but never more than the giver has left over or the receiver lacks.',
	proportional:
		'Surplus is shared in proportion to what each entity lacks: who lacks twice as much receives ' +
		'twice as much, and nobody more than it lacks.',
	equal:
		'Surplus is shared in equal parts among all that lack energy; what one of them cannot use goes ' +
		'to the others in equal parts.',
	fixed:
		'Every entity has a fixed share of the surplus; what it cannot use of its share stays with ' +
		'those who generated it.',
	'fixed-redistribute':
		'Every entity has a fixed share of the surplus; what it cannot use of its share goes to the ' +
		'others by their shares.',
	priority:
		'Surplus is shared by rank: the second rank receives something only when the first lacks ' +
		'nothing, and inside a rank it is shared in proportion to what each lacks.',
};

const limitSentence = (stage: Stage) => {
	const limit = 'limit' in stage ? stage.limit : undefined;
	return limit ? ` This step hands out at most ${limit[0]}/${limit[1]} of the surplus.` : '';
};

const deliverySentences: { readonly [Rule in Delivery['rule']]: string } = {
	proportional: 'Those with a surplus supply it in proportion to their surplus.',
	priority:
		'Those with a surplus supply it by rank: the second rank supplies something only when the ' +
		'first has nothing left.',
};

const leftOver =
	'Every share is a whole number of watt-hours (0.001 kWh). Shares are rounded down first; the ' +
	'watt-hours left over then go, one each, to the shares that lost most by rounding, and between ' +
	'equal ones to the entity whose id comes first in the alphabet. So the parts always add up to ' +
	'the whole.';

const leftOverByInterval =
	'In each interval shares are computed to the millionth of a watt-hour, so that no interval is ' +
	'rounded to whole watt-hours. The sums of the month are then rounded to watt-hours (0.001 kWh): ' +
	'down first; the watt-hours left over go, one each, to the sums that lost most by rounding, and ' +
	'between equal ones to the entity whose id comes first in the alphabet. So the parts always add ' +
	'up to the whole.';

/** The pages that explain, and what a statement says of its own calculation. */
export const explain = {
	pages: {
		learn: 'How it works',
		glossary: 'Glossary',
		problems: 'Problems in data',
		keys: 'Keys',
	},
	footer: 'Reference',
	/** The language of docs/glossary.md and docs/problems.md, which are pages too. */
	documents: 'en',
	parts: {
		label: 'How it works',
		learn: 'How it is calculated',
		valid: 'What VALID means',
		threats: 'Who could cheat',
	},
	/** The steps of a rule set, a sentence or two each. */
	stageSentences: ({ allocation }: RuleSet) =>
		allocation.map((stage) => stageSentences[stage.rule] + limitSentence(stage)),
	calculation: {
		heading: 'How this was calculated',
		/** At most five sentences. */
		rule: ({ allocation, delivery, excluded, interval_minutes }: RuleSet) => {
			const [only, ...more] = allocation;
			const each = interval_minutes === undefined ? null : intervalWords[interval_minutes];
			const shared =
				only !== undefined && more.length === 0
					? stageSentences[only.rule] + limitSentence(only)
					: `Surplus is shared in this order: ${allocation.map(({ rule }) => stages[rule]).join(', then ')}.`;
			const outside = excluded?.length
				? ` ${excluded.join(', ')} take no part: their surplus goes to the grid, and the grid covers what they lack.`
				: '';
			return (
				`${each === null ? 'What' : `In each ${each}, what`} an entity generates it uses itself ` +
				'first; what is left over is its surplus, and what its consumption still lacks its ' +
				`deficit. ${shared} ${deliverySentences[delivery?.rule ?? 'proportional']} ` +
				`What nobody needs goes to the grid, and the grid covers the rest.${outside}`
			);
		},
		rounding: (basis: Basis) => (basis.kind === 'monthly' ? leftOver : leftOverByInterval),
		basis: (basis: Basis, count: (number: number) => string) =>
			basis.kind === 'monthly'
				? 'Basis: totals of the calendar month. Generation and consumption of the same entity are netted ' +
					'over the whole month, not hour by hour; by the hour there would be less own use and more ' +
					'surplus and deficit.'
				: `Basis: readings. ${basisText(basis, count)}, each settled by itself; what is generated at ` +
					'noon covers nothing at night. Netted over the whole month there would be more own use, ' +
					'and less surplus and deficit.',
		learn: 'Worked through with figures',
		question: 'Question a figure',
		/** What a message about a statement begins with. */
		subject: (id: string) => `Question about a figure in ${id}`,
	},
	learn: {
		title: 'How it is calculated',
		description: 'From the meters to the statement, step by step, with the figures of a month.',
		lead: 'Six steps lead from the meters to a statement. Nothing in them needs more than a pocket calculator, and everybody who does them gets the same watt-hours.',
		example: (days: string) =>
			`The figures beside the steps are those of ${days}, the newest month that is final:`,
		/** Beside the steps stands one interval of the month. */
		exampleOf: (minutes: keyof typeof intervalWords, when: string, days: string) =>
			`The newest month that is final, ${days}, is settled in each ${intervalWords[minutes]} by ` +
			`itself. The figures beside the steps are those of one of them, which begins on ${when}; ` +
			'every other goes the same way, and their sums are those of the statement:',
		/** The start of an interval: its day, and what clocks show. */
		start: (day: string, clock: string, offset: string) => `${day} at ${clock} (UTC${offset})`,
		empty:
			'No month is final yet, so the steps stand here in words. As soon as one is, its figures stand beside them.',
		unit: 'kWh',
		unitWh: 'Wh',
		own: {
			heading: 'Each entity by itself',
			text: 'What an entity generates it uses itself first. Own use is therefore the smaller of generation and consumption. What is left of the generation is its surplus; what is left of the consumption is its deficit. No entity has both.',
			caption: 'Own use, surplus and deficit of two entities',
			columns: {
				generated: quantities.generated,
				consumed: quantities.consumed,
				self_consumed: quantities.self_consumed,
				surplus: quantities.surplus,
				deficit: quantities.deficit,
			},
			entity: 'Entity',
		},
		pool: {
			heading: 'What there is to share',
			text: 'All surpluses are added up, and all deficits. No more can be shared than there is surplus, and no more than is lacking.',
			caption: 'What there was to share',
			surplus: 'All surpluses',
			deficit: 'All deficits',
			shared: 'Shared inside',
		},
		receiver: {
			heading: 'What each receives',
			text: 'The rule set of the month says how the surplus is shared:',
			words:
				'The rule set of a month says how the surplus is shared. The most usual rule is in proportion: the share of an entity is the energy shared, times its deficit, divided by all deficits.',
			caption: (name: string) => `What ${name} received`,
			shared: 'Energy shared',
			times: (name: string) => `times the deficit of ${name}`,
			divided: 'divided by all deficits',
			whole: 'gives, rounded down',
			remainder: 'and a remainder of the division of',
			one: 'from what rounding left over',
			received: 'Received',
			plain: (name: string, received: string, deficit: string) =>
				`By these rules ${name} received ${received} kWh of the ${deficit} kWh that it lacked.`,
		},
		rounding: {
			heading: 'The last watt-hours',
			text: leftOver,
			byInterval: leftOverByInterval,
			left: (parts: number, left: string) =>
				`Here ${count(parts, 'share')} had to be rounded, and together they left ${left} Wh over.`,
			leftMillionths: (parts: number, left: string) =>
				`In this interval ${count(parts, 'share')} had to be rounded to millionths, and together they left ${left} millionths of a watt-hour over.`,
			none: 'Here the division left nothing over.',
			place: (name: string, place: number, more: boolean) =>
				`By the size of its remainder ${name} is number ${place} of them, so it received ${more ? 'one of them more' : 'none of them'}.`,
			whole: (name: string) => `The share of ${name} was a whole number.`,
		},
		giver: {
			heading: 'What each supplies',
			words:
				'The energy shared is taken from the surpluses in the same way: in proportion to them, or by rank where the rule set says so.',
			all: (name: string, supplied: string) =>
				`All of it was needed. So ${name}, like everybody with a surplus, supplied the whole of it: ${supplied} kWh.`,
			part: (name: string, supplied: string, surplus: string) =>
				`${name} supplied ${supplied} kWh of its surplus of ${surplus} kWh.`,
			caption: (name: string) => `What ${name} supplied`,
			times: (name: string) => `times the surplus of ${name}`,
			divided: 'divided by all surpluses',
			supplied: 'Supplied',
		},
		rest: {
			heading: 'The rest, and who supplied whom',
			text: 'Surplus that nobody inside could use goes to the grid; deficit that no surplus covered comes from the grid. The table of who supplied whom is then filled so that every row adds up to what a giver supplied and every column to what a receiver received, to the watt-hour.',
			giver: (name: string, it: { surplus: string; supplied: string; exported: string }) =>
				`${name}: surplus ${it.surplus} − supplied ${it.supplied} = to grid ${it.exported} kWh.`,
			receiver: (name: string, it: { deficit: string; received: string; imported: string }) =>
				`${name}: deficit ${it.deficit} − received ${it.received} = from grid ${it.imported} kWh.`,
			pair: (giver: string, receiver: string, energy: string) =>
				`From ${giver} to ${receiver}: ${energy} kWh.`,
			nothing: 'In this month nothing was shared.',
			month: (days: string) => `Added up over ${days}:`,
		},
		value: {
			heading: 'What it is worth',
			text: 'Where the rule set has a price, the energy shared times that price, rounded half up, is the value of the month. It is shared among the receivers by what they received, and among the givers by what they supplied, with the last cents treated like the last watt-hours. Debits and credits therefore add up to the same sum.',
			example: (shared: string, price: string, value: string) =>
				`${shared} kWh × ${price} per kWh = ${value}.`,
		},
		bases: {
			heading: 'By the month or by the interval',
			text: 'A rule set says on which basis a month is netted. On the basis of months, the two sums of a month are all that counts: what a roof generates in June covers also what is used in June nights. On the basis of intervals, all six steps are done in each hour, half-hour or quarter-hour by itself, from the readings of that interval, and the results are added up: what is generated at noon covers only what is used at noon. The second way asks for many more readings and comes closer to what flowed; it finds less own use and, as a rule, more energy bought from the grid and sold to it.',
			example: (id: string) => `For example, ${id} and what the same month would have been:`,
			day: 'An interval is named by its start. Where clocks change, a day has 23 or 25 hours, and a month an hour less or more: the statement says how many intervals it has, and of which time zone.',
		},
		rules: {
			heading: 'Other rules',
			text: 'A rule set can also share by agreements between two entities, in equal parts, by fixed shares or by rank, in several steps one after another, and limit a step to a part of the surplus. Each statement says which rules it used, and its evidence holds the rule set itself.',
		},
		again: {
			heading: 'Compute it yourself',
			text: 'In a copy of the repository, this computes every month from its readings again and compares it with the record, byte for byte.',
			command: (period: string) => `npm run -s verify -- --period ${period}`,
			link: 'Or check it in your browser',
		},
	},
	valid: {
		title: 'What VALID means',
		description: 'What the word says that a verification ends in, and what it does not say.',
		lead: 'A verification ends in one of six words. It is made by you, on this site’s checking page or with a program of your own; no page of this site gives itself that word.',
		means: {
			heading: 'VALID means',
			points: [
				'Every file that a statement rests on is, bit for bit, the one that was signed, and nothing was added or taken away.',
				'Every signature was made by a key that was entitled to it, under the list of keys that you have accepted.',
				'Every figure was computed again from the readings by the published rules, with the same result.',
				'The months form one unbroken log; and where the history was looked at, nothing final was ever changed on the main line, not even for a day.',
			],
		},
		not: {
			heading: 'VALID does not mean',
			points: [
				'that the meter readings were true. What came in wrong was settled wrong, and signed.',
				'that the rules are fair, or those that were agreed. They are published, so that you can judge.',
				'that nobody can sign anew. Whoever holds all keys can write another history; the checkpoint that you kept shows it.',
				'that the person named as signer sat at the keyboard. It was the key.',
				'anything about tomorrow. It holds for the evidence that was checked, at the moment of the check.',
			],
		},
		verdicts: {
			heading: 'The six words',
			caption: 'What each word says, and what to do then',
			columns: { verdict: 'Verdict', means: 'What it says', next: 'What to do' },
		},
		checks: {
			heading: 'What is checked',
			caption: 'Every check, what it shows, and what it leaves open',
			columns: { check: 'Question', shows: 'Shows', leaves: 'Leaves open' },
		},
	},
	threats: {
		title: 'Who could cheat, and what would show it',
		description: 'Who could do what to a settlement, and what would show it, in plain words.',
		lead: 'A signature and a history make cheating visible, not impossible. This is what each person could do who has a hand in a settlement, and where it would come to light.',
		caption: 'Who could do what, and what would show it',
		columns: { who: 'Who', what: 'Could', shows: 'What would show it' },
		rows: [
			{
				who: 'A stranger who gets at the files',
				what: 'change a figure, or remove or add a file, in a month that is final.',
				shows: 'Any verification: the signed list of digests no longer fits.',
			},
			{
				who: 'The same, more patiently',
				what: 'change a figure for a day, and put it back before anybody looks.',
				shows: 'A verification with the Git history: it names the commit.',
			},
			{
				who: 'The same, with force',
				what: 'cut off the newest months, together with their commits.',
				shows: 'Nothing in what is left. Your checkpoint shows it.',
			},
			{
				who: 'Whoever sends readings',
				what: 'send untrue ones.',
				shows: 'No signature can. Figures that look wrong raise a warning in the statement.',
			},
			{
				who: 'Whoever signs the statements',
				what: 'sign a figure that does not follow from the readings, or leave a warning out.',
				shows: 'Any verification: everything is computed again.',
			},
			{
				who: 'The same, with force',
				what: 'sign a month and all later ones again, with a history to fit.',
				shows: 'The approvals of others, where they are asked for; otherwise your checkpoint.',
			},
			{
				who: 'Whoever approves',
				what: 'approve what is wrong, or withhold an approval.',
				shows: 'The former is a person’s word. Without an approval the month stays pending.',
			},
			{
				who: 'Holders of the root keys',
				what: 'name other keys, or drop the approvals, from a later month on.',
				shows: 'The list of keys has a new version, and every report says which one it used.',
			},
			{
				who: 'All who hold keys, together',
				what: 'write another history that is as sound as the first.',
				shows: 'Your checkpoint, and nothing else.',
			},
			{
				who: 'Whoever runs this web site',
				what: 'show pages that do not follow from the repository, this one included.',
				shows: 'A verification of a copy on your own computer, with the saved verifier.',
			},
			{
				who: 'The authors of this program',
				what: 'make the verifier say what they like.',
				shows: 'The check by hand: it uses none of this program.',
			},
		],
		now: {
			heading: 'How it stands here',
			automation:
				'Each statement is signed by one key, and no approval by a person is asked for. Whoever holds that key can sign every month again.',
			approvals: (roles: string) =>
				`Besides the key that signs, a statement needs the approval of: ${roles}.`,
			keys: 'Who may sign, with all fingerprints',
		},
		remedies: {
			heading: 'What you can do',
			points: [
				'Note the digest of the trust root once, from paper or by telephone, and give it at every check.',
				'Keep the four lines of the checkpoint from every visit where nobody else can write.',
				'Verify your own copy of the repository, with the saved verifier or by hand.',
				'Compare checkpoints with somebody else who keeps them.',
				'Look at the readings of your own entity: only you know whether they are true.',
			],
		},
	},
	glossary: {
		description: 'One word for one thing: the terms of the statements, the files and the pages.',
	},
	problems: {
		title: 'Problems and what to write instead',
		description: 'Every problem that data can have, by its code, and what to write instead.',
		index: 'All codes',
		example: 'For example:',
	},
	keys: {
		title: 'Keys',
		description: 'Fingerprints of everybody who may sign, and how to confirm them elsewhere.',
		lead: 'These are the keys that the repository names. They decide whose signatures count.',
		warning:
			'A fingerprint that you read here proves nothing: whoever could alter the statements could alter this page too. Compare it with one that you got in another way.',
		empty: 'There is no trust root yet, so nobody can sign anything.',
		root: (version: number) => `Trust root ${version}`,
		former: (version: number) => `Trust root ${version}, no longer in force`,
		validity: (from: number, to: number | null) =>
			to === null
				? `From No. ${from} of the log`
				: to < from
					? 'Never in force'
					: `No. ${from} to ${to} of the log`,
		digest: 'Digest (SHA-256) of',
		caption: (version: number) => `Keys that trust root ${version} names`,
		columns: {
			purpose: 'May',
			fingerprint: 'Fingerprint',
			holder: 'Says its certificate',
			validity: 'Counts',
		},
		rootKey: (threshold: number, keys: number) =>
			`Change this list (${threshold} of ${keys} needed)`,
		finalizer: 'Finalize statements',
		approver: (role: string) => `Approve as ${role}`,
		noApprovals:
			'No approval is asked for: statements are signed by automation only, with one finalizer key.',
		holderNote:
			'The name is what the maker of the key typed; nobody has checked it. Numbers count the runs of the log, in the order in which they were signed.',
		confirm: {
			heading: 'How to confirm them elsewhere',
			points: [
				'On paper: ask for a signed letter with the digest of the trust root, and keep it with your files.',
				'By telephone: call a number that you know from elsewhere, not from this page, and read the digest to each other in its groups of four.',
				'From another copy: somebody who cloned the repository long ago can compute the digest too.',
			],
			commands: 'In a copy of the repository, this computes the digest of the trust root:',
			fingerprints: 'this shows the fingerprint of each certificate:',
			verify: 'and this verifies everything under the digest that you were given:',
			given: '<the digest that you were given>',
		},
	},
} as const;

/** Every sentence of the files that a statement offers, and of the list of them. */
export const downloads = {
	basis: (basis: Basis) => basisText(basis, String),
	heading: 'Downloads',
	introduction:
		'The CSV files are the record, byte for byte. Spreadsheet, JSON and ledger are made from them ' +
		'and decide nothing.',
	/** Each kind of file: what it is called, and what it is for. */
	kinds: {
		record: ['CSV', 'The record: the files that were signed.'],
		workbook: ['XLSX', 'A copy to work with in a spreadsheet, without formulas. Not the record.'],
		profile: [
			'Load profile',
			'All entities together in each interval, from the readings. Not the record.',
		],
		json: ['JSON', 'The whole statement in one document, for programs.'],
		ledger: ['Ledger', 'The journal for hledger, balanced to the smallest unit.'],
		pack: ['Evidence pack', 'To file and to check without this site: the log up to this run.'],
		signature: ['Signature', 'What was signed, its signature, and the digests of all files.'],
		site: ['Data package', 'Describes the records of all periods, for programs.'],
	},
	records: {
		statement: 'What each entity generated, used, shared and drew',
		allocations: 'Who supplied whom',
		exceptions: 'What a reader of the statement should know',
		delta: 'Change against the run before',
		journal: 'Postings',
	},
	columns: {
		period: 'Calendar month that was settled',
		run: 'Number of the computation of the period; above 1 it is a correction',
		supersedes: 'Run that this one replaces',
		line: 'Number of the posting; in exceptions line of the input file, 0 for none',
		debit: 'Owed for energy received; in a delta its change, in a journal the amount on this side',
		credit: 'Due for energy supplied; in a delta its change, in a journal the amount on this side',
		amount: 'Value of the energy',
		energy_kwh: 'Energy supplied',
		generated_kwh: 'Energy generated',
		consumed_kwh: 'Energy consumed',
		self_consumed_kwh:
			'Own use: the smaller of generated and consumed, of the month or of each interval, added up',
		surplus_kwh: 'Generated less own use',
		deficit_kwh: 'Consumed less own use',
		delivered_kwh: 'Supplied to other entities',
		received_kwh: 'Received from other entities',
		exported_kwh: 'To the grid',
		imported_kwh: 'From the grid',
		estimated_kwh: 'Part of generated and consumed that is estimated or substituted',
		entity: 'Id of whoever is settled',
		name: 'Name of the entity in the register',
		cost_center: 'Cost center of the entity in the register',
		from: 'Entity that supplied',
		to: 'Entity that received',
		currency: 'ISO 4217 code',
		account: 'Account of the ledger',
		text: 'What the posting is for',
		code: 'Kind of exception',
		severity: 'warning or info',
		path: 'Input file',
		detail: 'Data of the exception, key=value joined by ;',
		waived_by: 'Who accepted the exception; empty where nobody had to',
	} satisfies Readonly<Record<ColumnName, string>>,
	dataPackage: {
		title: (organization: string) => `Energy settlements of ${organization}`,
		description:
			'The record files of every finalized run: canonical CSV in UTF-8, energy in kWh with three ' +
			'decimals. A correction is a further run of the same period; the highest run is in force.',
	},
	workbook: {
		sheets: {
			statement: 'Statement',
			allocation: 'Allocation',
			inputs: 'Inputs',
			about: 'About',
		},
		inputs: { path: 'file', rows: 'rows', bytes: 'bytes', sha256: 'sha256' },
		about: {
			fact: 'About this workbook',
			value: 'Value',
			record: 'Record',
			notTheRecord:
				'The CSV is the record. This workbook is a copy of it; where they differ, the CSV is right.',
			statement: 'Statement',
			organization: 'Organization',
			period: 'Period',
			run: 'Run',
			status: 'Status when made',
			statuses: (run: PublishedRun) => statusSentence(run),
			basis: 'Basis',
			finalized: 'Finalized at',
			manifest: 'SHA-256 of the manifest',
			signer: 'Signed by key',
			total: (name: string) => `Total ${name.replace('_', '-')}, kWh`,
			exceptions: 'Exceptions (exceptions.csv)',
			numbers: 'Numbers',
			longNumbers:
				'Energy in kWh. A spreadsheet keeps 15 digits: a longer number stands here as text.',
			use: 'Use',
			notAnInvoice: 'Not an invoice: it holds no tax and asks for no payment.',
		},
	},
	ledger: {
		head: (run: PublishedRun) => [
			`Statement ${run.id}, as a journal for hledger`,
			statusSentence(run),
			'The record is journal.csv; this file says the same. Not an invoice.',
			`manifest SHA-256 ${run.manifest_sha256}`,
		],
		names: 'Entities as the register calls them:',
		nothing: 'This run posts nothing.',
		description: (run: PublishedRun) => `Energy shared ${run.period} r${run.run}`,
	},
	pack: {
		readme: (run: PublishedRun, organization: string, runs: number) =>
			packReadme(run, organization, runs),
	},
} as const;

function statusSentence(run: PublishedRun): string {
	const missing = run.approvals.filter(({ given }) => !given).map(({ role }) => role);
	switch (run.status) {
		case 'final':
			return 'Final';
		case 'revised':
			return `Final; it replaces run ${run.run - 1}`;
		case 'superseded':
			return `Superseded: run ${run.current} of ${run.period} is in force`;
		case 'pending':
			return `NOT FINAL YET: approval missing (${missing.join(', ')})`;
	}
}

function packReadme(run: PublishedRun, organization: string, runs: number): string {
	const { manifest } = run;
	const folder = `settlements/${run.period}/r${run.run}`;
	const root = `trust/root-${manifest.trust_root.version}.json`;
	const pending =
		run.status === 'pending' ? ['', `${statusSentence(run)}. Step 1 fails until it is given.`] : [];
	return [
		`Evidence pack of statement ${run.id}`,
		organization,
		'',
		`Log              ${manifest.log}`,
		`Sequence         ${manifest.sequence}`,
		`Finalized at     ${manifest.finalized_at}`,
		`Manifest SHA-256 ${run.manifest_sha256}`,
		...pending,
		'',
		'What is here',
		'',
		`  ${folder}/`,
		'                 the record (CSV), the register and rules in force, what was signed',
		`  data/          the readings as they came in`,
		'  trust/         whose signatures count, and their keys',
		'  scripts/       verify.sh, a script to read first and to run',
		'',
		`The runs before this one are here too (${runs} in all): each manifest holds the digest of the`,
		'one before it. Later runs are not: whether this statement was replaced since, the portal says.',
		'',
		'You need one thing that is not here: the digest of the trust root, 64 characters that you were',
		'given on paper, by telephone or by your auditor. One read from this pack proves nothing.',
		'',
		'1. All at once, with gpgv and sha256sum, no network and no program of ours but the script:',
		'',
		'  sh scripts/verify.sh <the digest>',
		'',
		`It ends in "OK: ${runs} runs, last sequence ${manifest.sequence}, ..." and says what it does not check.`,
		'',
		'2. This run by hand, from the folder of this file. The trust root: the digest that you noted?',
		'',
		`  sha256sum ${root}`,
		'',
		'(Where you noted the digest of another version: each holds that of the version before it.)',
		`The key: its certificate_sha256 under finalizer_keys in ${root}?`,
		'',
		`  sha256sum trust/keys/${run.signer}.asc`,
		'',
		'The signature: "Good signature" by that key?',
		'',
		`  gpg --dearmor < trust/keys/${run.signer}.asc > finalizer.gpg`,
		`  gpgv --keyring ./finalizer.gpg ${folder}/manifest.json.asc ${folder}/manifest.json`,
		'',
		`The list of digests: its own digest, under files in ${folder}/manifest.json?`,
		'',
		`  sha256sum ${folder}/SHA256SUMS`,
		'',
		'Every file of this run: "OK" on each line?',
		'',
		`  sha256sum --strict -c ${folder}/SHA256SUMS`,
		'',
		'By hand you see neither added files nor approvals nor the runs before.',
		'',
		'Neither way computes the figures again. The command "npm run -s verify -- --root <the digest>"',
		'in a copy of the repository does, and the page /verify/ of the portal does it in a browser.',
		'No way shows whether the readings were true.',
		'',
	].join('\n');
}

export const site = {
	lang: 'en',
	name: 'Energy settlements',
	skip: 'Skip to the content',
	navigation: 'Main',
	pages: {
		home: 'Status',
		settlements: 'Settlements',
		entities: 'Entities',
		calendar: 'Calendar',
		submit: 'Submit',
		verify: 'Check it yourself',
	},
	home,
	settlements,
	statement,
	periods,
	status,
	absent: '—',
	scroll: (caption: string) => `${caption} (scrolls sideways)`,
	notFound: {
		title: 'Page not found',
		text:
			'There is no page at this address. Statements keep their addresses for good: if you followed ' +
			'a link to one, it was mistyped or the statement was never published.',
		back: 'All settlements',
	},
	footer: {
		contact: 'Contact:',
		claim: 'This site shows what was published. It does not vouch for itself.',
	},
} as const;
