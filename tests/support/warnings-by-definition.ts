import type { Plausibility } from '../../src/core/data/rules.ts';
import { intervalStart, localDays, type PeriodTime } from '../../src/core/readings/period-time.ts';
import type { Series } from '../../src/core/readings/series.ts';

/**
 * The warnings of readings word by word as docs/spec/warnings.md has them, without regard to time:
 * every run is looked at, and every entity is compared with every other.
 */
export function warningsByDefinition(
	series: Series,
	time: PeriodTime,
	{
		night_generation_percent: night = 1,
		stuck_meter_hours: stuck = 24,
		common_zero_run_hours: zero = 24,
		common_zero_run_entities: many = 2,
		twin_series_percent: half = 50,
		lump_after_gap_intervals: gap = 4,
		lump_after_gap_percent: part = 50,
	}: Plausibility,
): { code: string; entity: string; detail: string }[] {
	const perHour = 60 / time.interval_minutes;
	const told = new Map<string, { weight: number; detail: string }>();
	for (const field of ['generated_wh', 'consumed_wh']) {
		const all = field === 'generated_wh' ? series.generated : series.consumed;
		const rows = series.entities.map((_, e) =>
			[...all].slice(e * series.intervals, (e + 1) * series.intervals),
		);
		const tell = (
			code: string,
			entity: number,
			weight: number,
			[from, to]: number[],
			rest: string,
		) => {
			const key = `${code} ${series.entities[entity]}`;
			const place = `from=${intervalStart(time, from ?? 0)};to=${intervalStart(time, to ?? 0)}`;
			if (weight <= (told.get(key)?.weight ?? 0)) return;
			told.set(key, { weight, detail: `field=${field};${place};${rest}` });
		};
		for (const [entity, row] of rows.entries()) {
			if (sum(row) === 0) continue;
			for (const [from, to] of runsOf(row, (value) => value)) {
				const length = to - from + 1;
				if (row[from] === 0) {
					const others = rows
						.flatMap((it, e) => (sum(it) > 0 && hasRun(it, from, to) ? [e] : []))
						.filter((e) => e !== entity);
					if (length < zero * perHour || others.length + 1 < many) continue;
					const name = series.entities[others[0] ?? 0];
					tell(
						'common-zero-run',
						entity,
						length,
						[from, to],
						`with=${name};entities=${others.length + 1}`,
					);
				} else if (length >= stuck * perHour) {
					tell('stuck-meter', entity, length, [from, to], `actual=${row[from]}`);
				}
			}
			const lump = lumpOf(row, gap, part);
			if (lump !== null) {
				const [from, to] = [lump.from, lump.to];
				tell(
					'lump-after-gap',
					entity,
					to - from + 1,
					[from, to],
					`expected=${lump.usual};actual=${row[to + 1]}`,
				);
			}
			const twin = twinOf(entity, rows, localDays(time), half);
			if (twin !== null) {
				const rest = `twin=${series.entities[twin.other]};days=${twin.equal}`;
				tell('twin-series', entity, twin.equal, twin.day, rest);
			}
			if (field === 'consumed_wh') continue;
			const dark = row.map((value, t) => (intervalStart(time, t).slice(11, 13) < '03' ? value : 0));
			const bound = Math.floor((sum(row) * night) / 100);
			if (sum(dark) <= bound) continue;
			const runs = runsOf(dark, (value) => value > 0).filter(([from]) => (dark[from] ?? 0) > 0);
			const longest = Math.max(...runs.map(([from, to]) => to - from));
			const run = runs.find(([from, to]) => to - from === longest) ?? [0, 0];
			tell('night-generation', entity, sum(dark), run, `expected=${bound};actual=${sum(dark)}`);
		}
	}
	return [...told]
		.map(([key, { detail }]) => ({
			code: key.split(' ')[0] ?? '',
			entity: key.split(' ')[1] ?? '',
			detail,
		}))
		.toSorted((a, b) => (`${a.code} ${a.entity}` < `${b.code} ${b.entity}` ? -1 : 1));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** First and last index of each run of values that are alike. */
function runsOf(row: readonly number[], kind: (value: number) => unknown): [number, number][] {
	const starts = row.flatMap((value, t) =>
		t === 0 || kind(value) !== kind(row[t - 1] ?? 0) ? [t] : [],
	);
	return starts.map((from, index) => [from, (starts[index + 1] ?? row.length) - 1]);
}

function hasRun(row: readonly number[], from: number, to: number): boolean {
	const inside = row.slice(from, to + 1).every((value) => value === 0);
	return inside && row[from - 1] !== 0 && row[to + 1] !== 0;
}

function lumpOf(row: readonly number[], least: number, percent: number) {
	const gaps = runsOf(row, (value) => value).filter(
		([from, to]) => row[from] === 0 && to - from + 1 >= least && to + 1 < row.length,
	);
	const rate = ([from, to]: number[]) => (row[(to ?? 0) + 1] ?? 0) / ((to ?? 0) - (from ?? 0) + 1);
	const best = gaps.find((it) => gaps.every((other) => rate(it) >= rate(other)));
	if (best === undefined) return null;
	const [from, to] = best;
	const value = row[to + 1] ?? 0;
	const lumps = gaps.map(([, end]) => end + 1);
	if (row.some((other, t) => other >= value && !lumps.includes(t))) return null;
	const sorted = row.filter((it) => it > 0).toSorted((a, b) => a - b);
	const usual = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
	return 100 * value >= percent * Math.max(to - from + 1, 8) * usual ? { from, to, usual } : null;
}

function twinOf(
	entity: number,
	rows: readonly (readonly number[])[],
	days: ReturnType<typeof localDays>,
	percent: number,
) {
	const texts = rows.map((row) =>
		days.map(({ first, intervals }) => {
			const values = row.slice(first, first + intervals);
			return new Set(values).size === 1 ? '' : values.join();
		}),
	);
	const own = texts[entity] ?? [];
	const partners = own.flatMap((text, day) => {
		const group = texts.flatMap((it, e) => (text !== '' && it[day] === text ? [e] : []));
		return group.filter((e) => e !== entity).slice(0, 1);
	});
	const counted = [...new Set(partners)].map((other) => {
		const its = texts[other] ?? [];
		const equal = own.flatMap((text, day) => (text !== '' && its[day] === text ? [day] : []));
		const either = own.filter((text, day) => text !== '' || its[day] !== '');
		return { other, equal, either: either.length };
	});
	const [best] = counted.toSorted((a, b) => b.equal.length - a.equal.length || a.other - b.other);
	if (best === undefined || best.equal.length < 3) return null;
	if (100 * best.equal.length < percent * best.either) return null;
	const day = days[best.equal[0] ?? 0] ?? { first: 0, intervals: 1 };
	return {
		other: best.other,
		equal: best.equal.length,
		day: [day.first, day.first + day.intervals - 1],
	};
}
