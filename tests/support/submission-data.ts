import type { SubmitData } from '../../src/browser/submit/data.ts';
import { readMeteringPoints } from '../../src/core/data/metering-points.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { settledPoints, withoutReadings } from '../../src/layouts/told.ts';
import { POINTS_TEXT } from './interval-months.ts';

const ZONE = { time_zone: 'Europe/Berlin' };

/** What the page knows of a scratch log that is settled by the hour from October 2026 on. */
export function scratchData(open: Readonly<Record<string, string>> = {}): SubmitData {
	const { points } = readMeteringPoints('', encodeText(POINTS_TEXT), null);
	const settled = settledPoints(Object.values(open).map(encodeText), points);
	const told = Object.entries(open).map(([path, text]) => {
		return [path, withoutReadings(encodeText(text), settled)] as const;
	});
	return {
		locale: 'en-GB',
		forge: 'github',
		repository: 'https://forge.test/campus/energy',
		branch: 'main',
		entities: [
			['hall', 'Sports Hall', '2026-01', ''],
			['library', 'Library', '2026-01', ''],
			['office', 'Office', '2026-01', ''],
		],
		doubtful: [],
		first: '2026-01',
		finals: { '2026-09': 1 },
		earlier: [
			{
				period: '2026-09',
				final: true,
				figures: { hall: ['500.000', '400.000', '150.000'], library: ['0.000', '300.000'] },
			},
		],
		open: Object.fromEntries(told),
		bases: [
			['2026-10', { basis: 'interval', interval_minutes: 60, ...ZONE }],
			['2026-01', { basis: 'monthly', ...ZONE }],
		],
		points: POINTS_TEXT,
	};
}
