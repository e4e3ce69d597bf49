import type { Direction } from '../core/data/metering-points.ts';
import { DAY_SECONDS, dayOf, secondsOf } from '../core/format/civil.ts';
import type { Period } from '../core/format/period.ts';
import { intervalStart, type PeriodTime, startClocks } from '../core/readings/period-time.ts';
import { consumed, DEPARTMENTS, type Department, generated, vary } from './sample-campus.ts';

/** The meters of the sample and what they read in each hour; nothing was measured. */
export interface Meter {
	readonly id: string;
	readonly entity: string;
	readonly direction: Direction;
	/** Who sends its readings. */
	readonly submitter: Department['submitter'];
	readonly profile: keyof typeof PROFILES | 'sun';
	/** Percent of what the entity uses or generates. */
	readonly percent: number;
	/** The meter counts in steps of so many Wh. */
	readonly step_wh: number;
}

/** How much a day takes from hour to hour, midnight first: on working days and at weekends. */
const PROFILES = {
	office: ['222223468998899876543322', '222222222333333322222222'],
	laboratory: ['555555678999999987666555', '555555555556666555555555'],
	machines: ['888888888889999988888888', '888888888888888888888888'],
	kitchen: ['111113685479972235874211', '111112463369961124652111'],
	rooms: ['432222346654445568999875', '543322224567776667888876'],
	lamps: ['667788765433334568888777', '667788765433334568888777'],
	hall: ['111111236444345678999842', '111111124677777777765421'],
} as const;

const estates = { submitter: 'estates', percent: 100, step_wh: 100 } as const;
const roof = { ...estates, direction: 'generation', profile: 'sun' } as const;
const load = { ...estates, direction: 'consumption' } as const;

/** Estates read all roofs, also that of the sports hall. */
const METERS: readonly Meter[] = [
	{ ...load, id: 'ADM-01', entity: 'administration', profile: 'office' },
	{ ...load, id: 'CHEM-01', entity: 'chemistry', profile: 'laboratory' },
	{ ...load, id: 'cc.feeder-a', entity: 'computing-center', profile: 'machines', percent: 58 },
	{ ...load, id: 'cc.feeder-b', entity: 'computing-center', profile: 'machines', percent: 42 },
	{ ...load, id: '4100.main', entity: 'dining-hall', profile: 'kitchen', submitter: 'residences' },
	{ ...load, id: '4200.main', entity: 'dormitory-east', profile: 'rooms', submitter: 'residences' },
	{ ...load, id: 'ENG-01', entity: 'engineering', profile: 'laboratory' },
	{ ...roof, id: 'DE0009990099900000000000000000042', entity: 'engineering' },
	{ ...load, id: 'GH_1', entity: 'greenhouse', profile: 'lamps' },
	{ ...load, id: 'LIB-01', entity: 'library', profile: 'office' },
	{ ...roof, id: 'LIB-PV', entity: 'library' },
	{ ...load, id: 'annex-1', entity: 'research-annex', profile: 'laboratory' },
	{
		...load,
		id: 'hall-1',
		entity: 'sports-hall',
		profile: 'hall',
		submitter: 'sports',
		step_wh: 1,
	},
	{ ...roof, id: 'hall-PV', entity: 'sports-hall' },
];

/** By id in byte order. */
export const SAMPLE_METERS = METERS.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Half hours from the middle of a day to the end of its sunshine, January to December. */
const HALF_DAYS = [8, 10, 12, 14, 15, 16, 16, 14, 12, 10, 9, 8];
/** The middle of a day at 13 degrees east, in half hours of UTC. */
const NOON = 22;

/** What a meter reads in each hour of a month, in Wh: together what the month has in all. */
export function meterReadings(meter: Meter, period: Period, time: PeriodTime): readonly number[] {
	const { entity, direction, percent, step_wh } = meter;
	const department = DEPARTMENTS.find((it) => it.entity === entity);
	if (department === undefined) throw new Error(`${entity} is no department of the sample`);
	const month = direction === 'generation' ? generated : consumed;
	const steps = Math.trunc((month(department, period) * percent) / (100 * step_wh));
	const clocks = startClocks(time);
	const weights = clocks.map((clock, index) => {
		const start = intervalStart(time, index);
		if (meter.profile === 'sun') return sunshine(meter.id, start, time, index);
		const [working, weekend] = PROFILES[meter.profile];
		const level = Number((isWeekend(start) ? weekend : working)[Math.trunc(clock / 3600)]);
		return level * (920 + vary(`${meter.id} ${start}`, 161));
	});
	return divide(steps, weights).map((it) => it * step_wh);
}

function isWeekend(start: string): boolean {
	// The first day of all, 1 January 1970, was a Thursday.
	return ((dayOf(start.slice(0, 10)) ?? 0) + 3) % 7 >= 5;
}

/** The sky is the same over all roofs. */
function sunshine(roof: string, start: string, time: PeriodTime, index: number): number {
	const seconds = secondsOf(time.utc_start) + index * time.interval_minutes * 60;
	const middle = Math.trunc((seconds % DAY_SECONDS) / 1800) + 1;
	const half = HALF_DAYS[Number(start.slice(5, 7)) - 1] ?? 0;
	const height = Math.max(0, half ** 2 - (middle - NOON) ** 2);
	const day = 30 + vary(`sky ${start.slice(0, 10)}`, 91);
	const hour = 75 + vary(`clouds ${start}`, 51);
	return height * day * hour * (97 + vary(`${roof} ${start}`, 7));
}

/** An amount in parts by weight, each rounded so that all before it are right. */
function divide(amount: number, weights: readonly number[]): readonly number[] {
	const all = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
	let [weight, given] = [0n, 0];
	return weights.map((own) => {
		weight += BigInt(own);
		const part = Number((BigInt(amount) * weight) / all) - given;
		given += part;
		return part;
	});
}
