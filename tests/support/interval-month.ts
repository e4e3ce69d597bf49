import { encodeText, type Files } from '../../src/core/format/bytes.ts';

const HEADER = 'metering_point,entity,direction,valid_from,valid_to';
const POINTS = [
	'h1,hall,generation,2026-01,',
	'l1,library,consumption,2026-01,',
	'o1,office,consumption,2026-01,',
];

export function rulesText(time_zone: string): string {
	const rules = {
		format: 'wattproof/rules/v1',
		basis: 'interval',
		interval_minutes: 60,
		time_zone,
		allocation: [{ rule: 'proportional' }],
	};
	return `${JSON.stringify(rules, null, 2)}\n`;
}

export function pointsText(points: readonly string[] = POINTS): string {
	return `${[HEADER, ...points].join('\n')}\n`;
}

/** May 2026 of the base of `tests/problems/` by the hour in day rows, a kWh in each. */
export function intervalMonth(points: readonly string[] = POINTS): Files {
	const hours = Array.from({ length: 24 }, (_, hour) => hour + 1);
	const header = `metering_point,date,${hours.join()}`;
	const days = Array.from({ length: 31 }, (_, day) => String(day + 1).padStart(2, '0'));
	const rows = points
		.map((it) => it.split(',')[0])
		.flatMap((id) => days.map((day) => `${id},2026-05-${day},${hours.map(() => '1').join()}`));
	const files = {
		'data/rules/2026-05.json': rulesText('Europe/Berlin'),
		'data/metering-points.csv': pointsText(points),
		'data/2026-05/all.csv': `${[header, ...rows].join('\n')}\n`,
	};
	return new Map(Object.entries(files).map(([path, text]) => [path, encodeText(text)]));
}
