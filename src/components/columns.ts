/** The energy columns of a statement's tables, in their order. */
export const COLUMNS = [
	'generated',
	'consumed',
	'self_consumed',
	'surplus',
	'deficit',
	'delivered',
	'received',
	'exported',
	'imported',
] as const;

export const MONEY = ['debit', 'credit'] as const;
