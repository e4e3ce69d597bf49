import { intervalNames } from '../browser/submit/interval-names.ts';
import type { MeteringPoint } from '../core/data/metering-points.ts';
import { decodeText } from '../core/format/bytes.ts';
import { cellsOf, formatTable, readTable } from '../core/format/csv.ts';
import { PRIVATE_COLUMN } from '../core/format/private-columns.ts';
import { grouped } from '../node/grouped.ts';

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
 * An interval file as it stands, with a 0 for each reading of the given metering points: it still says
 * which there are and in which lines, and hardly takes any room once it is compressed.
 */
export function withoutReadings(bytes: Uint8Array, points: ReadonlySet<string>): string {
	const lines = (decodeText(bytes) ?? '').replace(/^\ufeff/, '').split(/\r?\n/);
	const header = cellsIn(lines[0] ?? '');
	const point = header.indexOf('metering_point');
	const kept = header.flatMap((name, index) => (PRIVATE_COLUMN.test(name) ? [] : [index]));
	const told = lines.slice(1).map((line) => {
		const cells = cellsIn(line);
		// Of another width it is no row: readers have to find it so.
		if (cells.length !== header.length) return '';
		const shown = kept.map((index) => {
			const [name = '', cell = ''] = [header[index], cells[index]];
			const id = point < 0 ? name : (cells[point] ?? '');
			return PLACES.includes(name) || cell === '' || !points.has(id) ? cell : '0';
		});
		return formatTable(shown, []).trimEnd();
	});
	return [kept.map((index) => header[index]).join(','), ...told].join('\n');
}

/**
 * The metering points of entities that one of some interval files names all points of: nobody who
 * submits another file needs their readings.
 */
export function settledPoints(
	texts: readonly Uint8Array[],
	points: readonly MeteringPoint[],
): ReadonlySet<string> {
	const files = texts.map((bytes) => intervalNames(bytes)?.points ?? new Set());
	const settled = [...grouped(points, ({ entity }) => entity).values()].filter((own) =>
		files.some((named) => own.every(({ id }) => named.has(id))),
	);
	return new Set(settled.flatMap((own) => own.map(({ id }) => id)));
}

function cellsIn(line: string): readonly string[] {
	const read = cellsOf(line);
	return 'cells' in read ? read.cells : [];
}
