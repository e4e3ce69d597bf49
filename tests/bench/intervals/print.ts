import type { BrowserTable } from './browsers.ts';
import type { Cliff } from './cliffs.ts';
import { nameOf, noiseOf, type Verdict } from './judge.ts';
import type { Table } from './rounds.ts';

/** One table as rows of text, ours first. */
export function tableRows({ standings }: Table): readonly (readonly string[])[] {
	const ours = standings.find(({ id }) => id === 'ours');
	const ratio = (own: number | null | undefined, other: number | null) =>
		own == null || other == null ? '' : (own / other).toFixed(2);
	return standings.map((it) => [
		it.name,
		it.wall_ms.toFixed(0),
		it.median_ms.toFixed(0),
		it.cpu_ms?.toFixed(0) ?? '',
		it.peak_mib?.toFixed(0) ?? '',
		...(it.id === 'ours'
			? ['', '', '', '']
			: [
					ratio(ours?.wall_ms, it.wall_ms),
					it.paired?.toFixed(2) ?? '',
					ratio(ours?.cpu_ms, it.cpu_ms),
					ratio(ours?.peak_mib, it.peak_mib),
				]),
	]);
}

export const HEADS = [
	'',
	'ms',
	'median',
	'CPU ms',
	'MiB',
	'ours / it',
	'paired',
	'of CPU',
	'of memory',
];

export function tableText(table: Table): string {
	const rows = [HEADS, ...tableRows(table)];
	const widths = HEADS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
	const lines = rows.map((row) =>
		row
			.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
			.join('  ')
			.trimEnd(),
	);
	const mb = (table.bytes / 1e6).toFixed(1);
	const head = `${nameOf(table)}: ${table.files} files, ${mb} MB, noise ${noiseOf(table).toFixed(2)}`;
	return [head, ...lines].join('\n  ');
}

export function verdictText({ what, value, most, holds }: Verdict): string {
	const figure = value < 10 ? value.toFixed(2) : value.toFixed(0);
	return `${holds ? 'ok            ' : 'does not hold'} ${what}: ${figure}, at most ${most}`;
}

export function cliffText(cliffs: readonly Cliff[]): string {
	const lines = cliffs.map(({ name, milliseconds, ratio }) => {
		return `  ${name.padEnd(24)} ${milliseconds.toFixed(1).padStart(6)}  ${ratio.toFixed(2)}`;
	});
	return ['One file of 300 metering points, long, in one process, ms:', ...lines].join('\n');
}

export function browserText({ milliseconds, ...table }: BrowserTable): string {
	const all = Object.entries(milliseconds).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`);
	return `${nameOf(table)}, recomputed: ${all.join(', ')}`;
}
