import { readFileSync, writeFileSync } from 'node:fs';
import { drawTables } from './figure.ts';
import { nameOf, noiseOf } from './judge.ts';
import { HEADS, tableRows } from './print.ts';
import { RESULTS, type Results } from './run.ts';

/** Writes the figures of the last run into `docs/performance.md`, between two marks, and its figure. */
const PAGE = 'docs/performance.md';
const [BEGIN, END] = ['<!-- figures of intervals -->\n', '<!-- end of figures -->'];

const results: Results = JSON.parse(readFileSync(RESULTS, 'utf8'));
const { machine, node, load, tables, cliffs, browsers, verdicts } = results;

function formatRows(rows: readonly (readonly string[])[]): string {
	const [head = [], ...others] = rows;
	const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
	return [head, rule, ...others].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

const conditions = `${machine}, Node ${node.slice(1)}; load of the system ${load
	.map((it) => it.toFixed(1))
	.join(' before and ')} after`;
const sections = tables.map((table) => {
	const mb = (table.bytes / 1e6).toFixed(1);
	const noise = noiseOf(table).toFixed(2);
	const text = `**${nameOf(table)}**, ${table.files} files, ${mb} MB in all; noise ${noise}:`;
	return `${text}\n\n${formatRows([HEADS, ...tableRows(table)])}\n`;
});
const limits = verdicts.map(({ what, value, most, holds }) => [
	what,
	value < 10 ? value.toFixed(2) : value.toFixed(0),
	String(most),
	holds ? 'ok' : '**does not hold**',
]);
const variants = cliffs.map(({ name, milliseconds, ratio }) => [
	name,
	milliseconds.toFixed(1),
	ratio.toFixed(2),
]);
const recomputed = browsers.map((table) => {
	const all = Object.entries(table.milliseconds).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`);
	return `* ${nameOf(table)}: ${all.join(', ')}\n`;
});
const text = [
	`${conditions}. Least of the rounds in ms, median beside it.\n\n`,
	...sections,
	'One file of 300 metering points, long, in one process, least of six rounds:\n\n',
	`${formatRows([['', 'ms', 'ratio'], ...variants])}\n`,
	'Recomputed in a worker and in a fresh Node, the same code, from bytes in memory:\n\n',
	`${recomputed.join('')}\n`,
	'What the ratios may be at most:\n\n',
	formatRows([['', 'measured', 'at most', ''], ...limits]),
].join('');

const page = readFileSync(PAGE, 'utf8');
const [before, rest = ''] = page.split(BEGIN);
const after = rest.slice(rest.indexOf(END));
if (!rest.includes(END)) throw new Error(`${PAGE} has no place for figures`);
writeFileSync(PAGE, `${before}${BEGIN}\n${text}\n${after}`);
writeFileSync('docs/performance.svg', drawTables(tables, [`${conditions}.`]));
