import type { TimeOf } from '../data/basis.ts';
import { readRules } from '../data/rules.ts';
import type { Manifest } from '../evidence/manifest.ts';
import { shiftPeriod } from '../format/period.ts';
import { type PeriodTime, periodTimeFlaw } from '../readings/period-time.ts';
import { type Evidence, found } from './evidence.ts';
import type { Finding } from './report.ts';

type ChainRun = Evidence['chain'][number];

/** The intervals that a manifest records; null on monthly basis. */
export function recordedTime({ basis }: Manifest): PeriodTime | null {
	if (basis.kind === 'monthly') return null;
	const { kind: _, ...time } = basis;
	return time;
}

/**
 * A basis that its own rule set does not have, whose bounds are those of no calendar, or that does not
 * begin where the month before ended; else null.
 */
export function basisFinding(
	{ chain }: Evidence,
	run: ChainRun,
	rules: Uint8Array,
): Finding | null {
	const { manifest, folder: path, period, run: number } = run;
	const read = readRules('rules.json', rules);
	// Rules that cannot be read are refused with the inputs.
	if (!read.ok) return null;
	const time = recordedTime(manifest);
	const { basis, time_zone, interval_minutes } = read.value;
	const expected = basis === 'monthly' ? basis : `${basis} ${interval_minutes} ${time_zone}`;
	const stated = time === null ? 'monthly' : `interval ${time.interval_minutes} ${time.time_zone}`;
	const flaw = time === null ? null : periodTimeFlaw(time, period);
	const differs = (wanted: string, actual: string) => {
		const place = { path: `${path}/manifest.json`, period, run: number };
		const values = { ...place, expected: wanted, actual };
		return found('recomputation', 'tampered', 'basis-differs', values);
	};
	if (expected !== stated) return differs(expected, stated);
	if (flaw !== null) return differs(expected, `${stated} ${flaw}`);
	// The run of that month in force then: zone data may have been put right by a correction.
	const earlier = chain.filter((it) => it.manifest.sequence < manifest.sequence);
	const latest = earlier.findLast((it) => it.period === shiftPeriod(period, -1));
	const ended = latest === undefined ? null : recordedTime(latest.manifest);
	const before = ended?.time_zone === time_zone ? ended : null;
	if (time === null || !before || before.utc_end === time.utc_start) return null;
	return differs(before.utc_end, time.utc_start);
}

/** Runs whose recorded bounds are not those of the zone data at hand: theirs count, and that is told. */
export function zoneNotices({ chain }: Evidence, timeOf: TimeOf): readonly Finding[] {
	return chain.flatMap(({ manifest, folder: path, period, run }): Finding[] => {
		const time = recordedTime(manifest);
		if (time === null) return [];
		const own = timeOf(period, time.time_zone, time.interval_minutes);
		if (boundsOf(own) === boundsOf(time)) return [];
		const [expected, actual] = [boundsOf(time), boundsOf(own)];
		const values = { path: `${path}/manifest.json`, period, run, expected, actual };
		return [found('recomputation', 'notice', 'time-zone-differs', values)];
	});
}

function boundsOf(time: ReturnType<TimeOf>): string {
	if ('fault' in time) return time.fault;
	const offsets = time.offsets.map(({ from, minutes }) => `${from} ${minutes}`);
	return [time.utc_start, time.utc_end, ...offsets].join(' ');
}
