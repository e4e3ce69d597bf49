import { QUANTITIES } from '../core/record/statement.ts';

/** The energy columns of a statement's tables, in their order: estimates stand in the exceptions. */
export const COLUMNS = QUANTITIES.filter((quantity) => quantity !== 'estimated');

export const MONEY = ['debit', 'credit'] as const;
