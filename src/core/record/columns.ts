import { isPeriod } from '../format/period.ts';

/** The record files of a run, without `.csv`, in the order in which people meet them. */
export const RECORDS = ['statement', 'allocations', 'exceptions', 'delta', 'journal'] as const;
export type RecordName = (typeof RECORDS)[number];

/** What the cells of a column are: `decimal` is energy or money, exact as text alone. */
export type CellKind = 'period' | 'integer' | 'decimal' | 'text';

const KINDS = {
	period: 'period',
	run: 'integer',
	supersedes: 'integer',
	line: 'integer',
	debit: 'decimal',
	credit: 'decimal',
	amount: 'decimal',
	energy_kwh: 'decimal',
	generated_kwh: 'decimal',
	consumed_kwh: 'decimal',
	self_consumed_kwh: 'decimal',
	surplus_kwh: 'decimal',
	deficit_kwh: 'decimal',
	delivered_kwh: 'decimal',
	received_kwh: 'decimal',
	exported_kwh: 'decimal',
	imported_kwh: 'decimal',
	estimated_kwh: 'decimal',
	entity: 'text',
	name: 'text',
	cost_center: 'text',
	from: 'text',
	to: 'text',
	currency: 'text',
	account: 'text',
	text: 'text',
	code: 'text',
	severity: 'text',
	path: 'text',
	detail: 'text',
	waived_by: 'text',
} as const satisfies Readonly<Record<string, CellKind>>;

/** A column of one or several record files; one name means the same in all of them. */
export type ColumnName = keyof typeof KINDS;
export const COLUMN_KINDS: Readonly<Record<ColumnName, CellKind>> = KINDS;

/** Columns that tell the rows of a record apart; the rows of exceptions have only all of theirs. */
export const RECORD_KEYS: Readonly<Record<RecordName, readonly ColumnName[]>> = {
	statement: ['period', 'run', 'entity'],
	allocations: ['period', 'run', 'from', 'to'],
	exceptions: [],
	delta: ['period', 'run', 'entity'],
	journal: ['period', 'run', 'line'],
};

export function isColumn(name: string): name is ColumnName {
	return Object.hasOwn(KINDS, name);
}

const FORMS: Readonly<Record<CellKind, (text: string) => boolean>> = {
	period: isPeriod,
	integer: (text) => /^(0|[1-9][0-9]{0,8})$/.test(text),
	decimal: (text) => text.length <= 1000 && /^[+-]?[0-9]+(\.[0-9]+)?$/.test(text),
	text: () => true,
};

export function isOfKind(text: string, kind: CellKind): boolean {
	return FORMS[kind](text);
}
