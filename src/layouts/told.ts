import { decodeText } from '../core/format/bytes.ts';
import { cellsOf, formatTable, readTable } from '../core/format/csv.ts';
import { PRIVATE_COLUMN } from '../core/format/private-columns.ts';

const TOLD = {
	required: [],
	optional: [
		'entity',
		'period',
		'generated_kwh',
		'consumed_kwh',
		'quality',
		'note',
		'code',
		'reason',
		'approved_by',
		'metering_point',
		'first_interval',
		'last_interval',
		'direction',
		'valid_from',
		'valid_to',
	],
};

/** The rows of a file at the lines where they stand, without columns that are nobody else's. */
export function toldOf(path: string, bytes: Uint8Array): string {
	const { header, rows } = readTable(path, bytes, TOLD);
	const names = header.filter((name) => TOLD.optional.includes(name));
	const lines: string[] = [names.join(',')];
	for (const row of rows) {
		while (lines.length < row.line - 1) lines.push('');
		lines.push(formatTable(names.map(row.cell), []).trimEnd());
	}
	return rows.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Columns of interval files that say which readings there are; the others hold them. */
const PLACES = ['metering_point', 'date', 'interval_start', 'quality'];

/**
 * An interval file as it stands, with a 0 for each reading: it still says which there are and in
 * which lines, and hardly takes any room once it is compressed.
 */
export function withoutReadings(bytes: Uint8Array): string {
	const lines = (decodeText(bytes) ?? '').replace(/^\ufeff/, '').split(/\r?\n/);
	const header = cellsIn(lines[0] ?? '');
	const kept = header.flatMap((name, index) => (PRIVATE_COLUMN.test(name) ? [] : [index]));
	const told = lines.slice(1).map((line) => {
		const cells = cellsIn(line);
		// Of another width it is no row: readers have to find it so.
		if (cells.length !== header.length) return '';
		const shown = kept.map((index) => {
			const cell = cells[index] ?? '';
			return PLACES.includes(header[index] ?? '') || cell === '' ? cell : '0';
		});
		return formatTable(shown, []).trimEnd();
	});
	return [kept.map((index) => header[index]).join(','), ...told].join('\n');
}

function cellsIn(line: string): readonly string[] {
	const read = cellsOf(line);
	return 'cells' in read ? read.cells : [];
}
