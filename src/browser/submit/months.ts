import type { Reading } from '../../core/data/submission.ts';
import { parseUnits } from '../../core/format/energy.ts';
import { type Period, periodOf, shiftPeriod } from '../../core/format/period.ts';
import type { SubmitData } from './data.ts';
import { judge } from './judge.ts';

export type Figures = Pick<Reading, 'generated_wh' | 'consumed_wh'>;

/** What an entity had in the latest month before one. */
export interface EarlierFigures extends Figures {
	readonly period: Period;
	readonly final: boolean;
}

/** As many months as a list can hold that somebody has to choose from. */
const CHOICE = 36;

/** The months to choose from, the one that ended last first. */
export function monthsUntil(data: SubmitData, instant: string): readonly Period[] {
	const last = shiftPeriod(periodOf(instant), -1);
	const starts = data.entities.map(([, , from]) => from).toSorted();
	const first = data.first ?? starts[0] ?? last;
	const months = Array.from({ length: CHOICE }, (_, at) => shiftPeriod(last, -at));
	return months.filter((period) => period === last || period >= first);
}

/** The figures of an entity before a month, final or not; null where the page knows none. */
export function earlierOf(data: SubmitData, entity: string, period: Period): EarlierFigures | null {
	const found: EarlierFigures[] = [];
	for (const { period: month, figures } of data.earlier) {
		const [generated = '', consumed = ''] = figures[entity] ?? [];
		const generated_wh = parseUnits(generated, 3);
		const consumed_wh = parseUnits(consumed, 3);
		if (month >= period || generated_wh === null || consumed_wh === null) continue;
		found.push({ period: month, final: true, generated_wh, consumed_wh });
	}
	const open = new Set(Object.keys(data.open).map((path) => path.split('/')[1] ?? ''));
	for (const month of open) {
		if (month >= period) continue;
		const reading = readingsOf(data, month).find((it) => it.entity === entity);
		if (reading !== undefined) found.push({ ...reading, period: month, final: false });
	}
	return found.toSorted((a, b) => (a.period < b.period ? 1 : -1))[0] ?? null;
}

const known = new Map<Period, readonly Pick<Reading, 'entity' | keyof Figures>[]>();

/** The readings that an open month holds already; the page's data do not change. */
function readingsOf(data: SubmitData, period: Period) {
	const readings =
		known.get(period) ??
		Object.entries(data.open)
			.filter(([path]) => path.split('/')[1] === period)
			.flatMap(
				([path, text]) => judge(data, period, path, new TextEncoder().encode(text)).readings,
			);
	known.set(period, readings);
	return readings;
}
