import type { Period } from '../format/period.ts';
import { METERING_POINTS } from '../paths.ts';
import { type Location, type Problem, wholeFile } from '../problem.ts';
import type { PeriodTime } from '../readings/period-time.ts';
import { type MeteringPoints, readMeteringPoints } from './metering-points.ts';
import type { Register } from './register.ts';
import type { RuleSet } from './rules.ts';

/** What the files of a period hold: totals of the month, or readings of each of its intervals. */
export type Basis =
	| { readonly kind: 'monthly' }
	| { readonly kind: 'interval'; readonly time: PeriodTime; readonly points: MeteringPoints };

export const MONTHLY: Basis = { kind: 'monthly' };

/** The intervals of a period: who settles first asks the machine's zone data, others the manifest. */
export type TimeOf = (
	period: Period,
	time_zone: string,
	interval_minutes: PeriodTime['interval_minutes'],
) => PeriodTime | { readonly fault: TimeFault };

export type TimeFault = 'zone-unknown' | 'uneven-period' | 'offset-odd';

/** What a rule set says of the basis. */
export type BasisRules = Pick<RuleSet, 'basis' | 'interval_minutes' | 'time_zone'>;

export interface BasisRequest {
	readonly period: Period;
	readonly rules: BasisRules;
	/** Where the rule set stands. */
	readonly path: string;
	readonly register: Register;
	/** The bytes of `data/metering-points.csv`, if any. */
	readonly points: Uint8Array | undefined;
	readonly timeOf: TimeOf;
}

/** The basis of a period under its rule set, null where it cannot be had, and what is wrong with it. */
export function readBasis(request: BasisRequest): {
	readonly basis: Basis | null;
	readonly problems: readonly Problem[];
} {
	const { period, rules, path, register } = request;
	const { basis, interval_minutes, time_zone } = rules;
	if (basis === 'monthly' || interval_minutes === undefined) {
		return { basis: MONTHLY, problems: [] };
	}
	const problems: Problem[] = [];
	const time = request.timeOf(period, time_zone, interval_minutes);
	if ('fault' in time) {
		problems.push(timeProblem(time.fault, { ...rules, interval_minutes }, period, wholeFile(path)));
	}
	if (request.points === undefined) {
		problems.push({ code: 'metering-points-missing', location: wholeFile(METERING_POINTS) });
		return { basis: null, problems };
	}
	const ids = [...register.entries.map(({ entity }) => entity), ...register.doubtful];
	const registered = register.legible ? new Set(ids) : null;
	const points = readMeteringPoints(METERING_POINTS, request.points, registered);
	const known = points.legible && !('fault' in time);
	return {
		basis: known ? { kind: 'interval', time, points } : null,
		problems: [...problems, ...points.problems],
	};
}

function timeProblem(
	fault: TimeFault,
	{ time_zone: found, interval_minutes }: { time_zone: string; interval_minutes: number },
	period: Period,
	location: Location,
): Problem {
	switch (fault) {
		case 'zone-unknown':
			return { code: 'period-time-zone', location, found };
		case 'offset-odd':
			return { code: 'period-offset', location, found, period };
		case 'uneven-period': {
			const minutes = String(interval_minutes);
			return { code: 'period-uneven', location, found, period, minutes };
		}
	}
}
