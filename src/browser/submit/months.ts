import type { Reading } from '../../core/data/submission.ts';
import { parseUnits } from '../../core/format/energy.ts';
import { type Period, periodOf, shiftPeriod } from '../../core/format/period.ts';
import type { SubmitData } from './data.ts';

export type Figures = Pick<Reading, 'generated_wh' | 'consumed_wh' | 'self_consumed_wh'>;

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
	const found = data.earlier.flatMap(({ period: month, final, figures }): EarlierFigures[] => {
		const [generated_wh, consumed_wh, own] = (figures[entity] ?? []).map((it) => parseUnits(it, 3));
		if (month >= period || generated_wh == null || consumed_wh == null) return [];
		const smaller = generated_wh < consumed_wh ? generated_wh : consumed_wh;
		const self_consumed_wh = own ?? smaller;
		return [{ period: month, final, generated_wh, consumed_wh, self_consumed_wh }];
	});
	return found.toSorted((a, b) => (a.period < b.period ? 1 : -1))[0] ?? null;
}
