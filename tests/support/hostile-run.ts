import { decodeText, encodeText, type Files } from '../../src/core/format/bytes.ts';
import { formatTable, readTable } from '../../src/core/format/csv.ts';
import { runFolder } from '../../src/core/paths.ts';
import { COLUMN_KINDS } from '../../src/core/record/columns.ts';

/** Names that some reader of some format would obey; the first three no register accepts. */
export const HOSTILE_NAMES = [
	'=1+1',
	'\u202egnp.exe \u2066x\u2069',
	'@SUM(A1:A9)',
	'<script>alert(1)</script>&amp;"\'',
	'date:2020-02-30, [1999-01-01] x:y ; z',
	'constructor',
	'__proto__',
	'_x003D_1+1',
	'M'.repeat(120),
	'",\u2028;|`$(reboot)',
] as const;

/** Accounts that the rule set accepts and a ledger would read as something else. */
export const HOSTILE_ACCOUNTS = { debit: '6050  EUR 99 : :x', credit: '4050:: ' } as const;

/** The tree with hostile names and accounts in one run, the signed digests left as they were. */
export function makeHostile(files: Files, period: string, run: number): Files {
	const folder = runFolder(period, run);
	const changed = new Map(files);
	const edit = (name: string, change: (text: string) => string) => {
		const text = decodeText(files.get(`${folder}/${name}`) ?? new Uint8Array()) ?? '';
		changed.set(`${folder}/${name}`, encodeText(change(text)));
	};
	const cells = (column: string, values: readonly string[]) => (text: string) => {
		const known = { required: [], optional: Object.keys(COLUMN_KINDS) };
		const { header, rows } = readTable('', encodeText(text), known);
		const changedRows = rows.map((row, at) =>
			header.map((it) => (it === column ? (values[at % values.length] ?? '') : row.cell(it))),
		);
		return formatTable(header, changedRows);
	};
	edit('statement.csv', cells('name', HOSTILE_NAMES));
	edit('entities.csv', () => 'entity,name,cost_center,valid_from,valid_to\n');
	edit('journal.csv', (text) =>
		text
			.replaceAll(',6050,', `,${HOSTILE_ACCOUNTS.debit},`)
			.replaceAll(',4050,', `,${HOSTILE_ACCOUNTS.credit},`),
	);
	edit('rules.json', (text) =>
		text
			.replace('"6050"', `"${HOSTILE_ACCOUNTS.debit}"`)
			.replace('"4050"', `"${HOSTILE_ACCOUNTS.credit}"`),
	);
	return changed;
}
