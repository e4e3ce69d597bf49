import {
	QUANTITIES,
	type Quantity,
	quantityOf,
	type StatementRow,
} from '../core/record/statement.ts';
import { pullRequest, quantities } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import type { ProposedMonth, ProposedSettlement } from './check.ts';
import { nameOf, table } from './markdown.ts';

const words = pullRequest.settlement;
const SHOWN: readonly Quantity[] = [
	'generated',
	'consumed',
	'delivered',
	'received',
	'exported',
	'imported',
];

type Line = ProposedSettlement['lines'][number];

/** The whole month as it would be settled: who gains, who loses, how much. Empty until it is complete. */
export function settlementPart(
	{ open, settlement }: ProposedMonth,
	formats: Formats,
	most: number,
): string[] {
	if (settlement === null) return [];
	const { lines, compared } = settlement;
	const money = lines.find(({ row }) => row.money !== null)?.row.money ?? null;
	const header = [words.entity, ...SHOWN.map((it) => quantities[it]), words.effect];
	const body = lines
		.slice(0, most)
		.map((line) => [
			nameOf(line),
			...SHOWN.map((it) => formats.energy(quantityOf(line.row, it))),
			compared ? changeOf(line, formats) : effectOf(line.row, formats),
		]);
	const sums = SHOWN.map((it) =>
		formats.energy(lines.reduce((sum, { row }) => sum + quantityOf(row, it), 0n)),
	);
	const explained = compared ? words.compared(money === null) : money ? words.paid : words.alone;
	const changed = lines.filter(({ row, before }) => differ(row, before)).length;
	const said = compared ? [words.sum({ changed, all: lines.length })] : [];
	return [
		`### ${words.heading(open.period)}`,
		words.note,
		table(header, [...body, [words.total, ...sums, '']], 1),
		...(lines.length > most ? [pullRequest.more(lines.length - most)] : []),
		[explained, ...said].join(' '),
	];
}

function differ(row: StatementRow, before: StatementRow | null): boolean {
	if (before === null || netOf(row) !== netOf(before)) return true;
	return QUANTITIES.some((it) => quantityOf(row, it) !== quantityOf(before, it));
}

/** To be paid to the entity, in minor units; 0 without a price. */
function netOf({ money }: StatementRow): bigint {
	return money === null ? 0n : money.credit - money.debit;
}

function sharedOf(row: StatementRow): bigint {
	return row.delivered_wh + row.received_wh;
}

/** Without anything to compare: what sharing means for the entity. */
function effectOf(row: StatementRow, formats: Formats): string {
	const { money, delivered_wh, received_wh } = row;
	if (money !== null) {
		const net = netOf(row);
		if (net === 0n) return words.nothing;
		const amount = `${formats.amount(net < 0n ? -net : net, money.minor_digits)} ${money.currency}`;
		return net > 0n ? words.isPaid(amount) : words.pays(amount);
	}
	const parts: string[] = [];
	if (delivered_wh > 0n) parts.push(words.supplies(formats.energy(delivered_wh)));
	if (received_wh > 0n) parts.push(words.receives(formats.energy(received_wh)));
	return parts.length === 0 ? words.nothing : formats.list(parts);
}

/** What changes for the entity against the settlement without the pull request. */
function changeOf({ row, before }: Line, formats: Formats): string {
	const priced = row.money !== null && (before === null || before.money !== null);
	const change = priced
		? netOf(row) - (before === null ? 0n : netOf(before))
		: sharedOf(row) - (before === null ? 0n : sharedOf(before));
	if (change === 0n) return words.same;
	const size = change < 0n ? -change : change;
	const amount =
		row.money !== null && priced
			? `${formats.amount(size, row.money.minor_digits)} ${row.money.currency}`
			: formats.energy(size);
	return change > 0n ? words.gains(amount) : words.loses(amount);
}
