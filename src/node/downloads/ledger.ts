import { encodeText, type Files } from '../../core/format/bytes.ts';
import { visible } from '../../core/format/name.ts';
import { runFolder } from '../../core/paths.ts';
import type { ColumnName } from '../../core/record/columns.ts';
import { downloads } from '../../texts/chosen.ts';
import { type PublishedRun, unreadable } from '../published.ts';
import { readRecord } from './record-table.ts';

/** What may stand in a posting: less than the record could hold if nobody had verified it. */
const SAFE: Readonly<Partial<Record<ColumnName, RegExp>>> = {
	account: /^[A-Za-z0-9][A-Za-z0-9 .:_-]{0,63}$/,
	cost_center: /^([A-Za-z0-9][A-Za-z0-9._/-]{0,31})?$/,
	entity: /^[a-z][a-z0-9-]{0,62}$/,
	currency: /^[A-Z]{3}$/,
	debit: /^[0-9]+(\.[0-9]+)?$/,
	credit: /^[0-9]+(\.[0-9]+)?$/,
};

/**
 * `journal.csv` as a ledger that hledger reads, one transaction for the run; null without a price.
 * Names of entities stand only in comments of the file, where nothing is obeyed: in the comment of a
 * posting, `date:` or a date in brackets would move it.
 */
export function formatLedger(files: Files, run: PublishedRun): Uint8Array | null {
	const table = readRecord(files, run, 'journal');
	const { price } = run.rules;
	if (table === null || price === undefined) return null;
	const lines = table.rows.map((cells) => {
		return (name: ColumnName) => {
			const text = cells[table.columns.indexOf(name)] ?? '';
			const agreed = name !== 'currency' || text === price.currency;
			if (agreed && SAFE[name]?.test(text)) return text;
			return unreadable(runFolder(run.period, run.run), 'journal.csv');
		};
	});
	const { currency, minor_digits } = price;
	const accounts = [
		price.accounts.debit,
		price.accounts.credit,
		...lines.map((it) => it('account')),
	];
	const posted = lines.map((cell) => {
		const due = /[1-9]/.test(cell('credit'));
		const units = due ? `-${cell('credit')}` : cell('debit');
		const center = cell('cost_center');
		const tags = [`entity:${cell('entity')}`, ...(center === '' ? [] : [`cost_center:${center}`])];
		const account = accountName(cell('account'));
		return { account, money: cell('currency'), units, tags: tags.join(', ') };
	});
	const width = Math.max(0, ...posted.map(({ account }) => account.length));
	const widest = Math.max(0, ...posted.map(({ units }) => units.length));
	const postings = posted.map(({ account, money, units, tags }) => {
		return `    ${account.padEnd(width)}  ${money} ${units.padStart(widest)}  ; ${tags}`;
	});
	const mark = run.status === 'pending' ? '!' : '*';
	const names = run.lines.map(({ entity, name }) => `${entity}  ${name}`);
	const text = [
		...downloads.ledger.head(run).map(comment),
		'',
		...[downloads.ledger.names, ...names].map(comment),
		'',
		'decimal-mark .',
		`commodity ${currency} 1000.${'0'.repeat(minor_digits)}`,
		...[...new Set(accounts.map(accountName))].toSorted().map((it) => `account ${it}`),
		'',
		...(postings.length === 0
			? [comment(downloads.ledger.nothing)]
			: [
					`${lastDay(run.period)} ${mark} (${run.id}) ${downloads.ledger.description(run)}`,
					...postings,
				]),
	];
	return encodeText(`${text.join('\n')}\n`);
}

function comment(text: string): string {
	return `; ${visible(text)}`;
}

/** An account as hledger takes it for one: two blanks would end it, an empty part is none. */
function accountName(account: string): string {
	return account.replaceAll(/(?<=[ :]) | (?=[ :]|$)/g, '%20').replaceAll(/:(?=:|$)/g, '%3A');
}

function lastDay(period: string): string {
	const [year, month] = period.split('-').map(Number);
	return new Date(Date.UTC(year ?? 0, month ?? 0, 0)).toISOString().slice(0, 10);
}
