import { isMeteringPoint } from '../data/metering-points.ts';
import { cellAt, type IntervalFile, type Line } from './interval-file.ts';
import { tell } from './problem-list.ts';
import type { Ground } from './tally.ts';

/** As many different strangers as are told once each; those beyond are told row by row. */
const STRANGER_LIMIT = 1_000;

/** The index of the metering point that a cell names; -1, and told once a file, where it does not count. */
export function pointAt(
	file: IntervalFile,
	ground: Ground,
	line: Line,
	cell: number,
	metering_point: string,
): number {
	const point = ground.pointOf.get(metering_point);
	if (point !== undefined) return point;
	const told = `point ${metering_point}`;
	if (file.told.has(told)) return -1;
	if (file.told.size < STRANGER_LIMIT) file.told.add(told);

	const { list } = file;
	const location = cellAt(file, line, cell);
	if (!isMeteringPoint(metering_point)) {
		const [field, found] = ['metering_point', metering_point];
		tell(list, { code: 'metering-point-malformed', location, field, found });
		return -1;
	}
	const entity = ground.absent.get(metering_point);
	const fault = ground.strangers.get(metering_point);
	if (entity !== undefined) {
		tell(list, { code: 'metering-point-absent', location, metering_point, entity });
	} else if (fault === 'not-valid') {
		const { period } = ground;
		tell(list, { code: 'metering-point-not-valid', location, metering_point, period });
	} else if (fault === undefined) {
		tell(list, { code: 'metering-point-unknown', location, metering_point });
	}
	// In doubt its row of the register is a problem already.
	return -1;
}
