import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeText, type Files } from '../../src/core/format/bytes.ts';
import { parseEnergy } from '../../src/core/format/energy.ts';
import { intervalStart } from '../../src/core/readings/period-time.ts';
import { computeNextRun } from '../../src/core/record/next-run.ts';
import type { Run } from '../../src/core/record/run.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { presentAt } from '../../src/node/present.ts';
import { scratchLog } from '../support/scratch.ts';
import { SHARED, sharedIsHere, sharedRows } from '../support/shared.ts';
import {
	type CampusMonth,
	campusMonth,
	daysOf,
	filled,
	gapsOf,
	longOf,
	renamed,
	withoutPoints,
} from '../support/shared-intervals.ts';

const MONTHS = [
	['cambridge-campus', '2017-03', 'Europe/London', 60, 743],
	['cambridge-campus', '2017-10', 'Europe/London', 60, 745],
	// These files keep the offset -08:00 all year.
	['sierra-crest-homes', '2016-11', 'Etc/GMT+8', 60, 720],
	['sierra-crest-homes', '2017-03', 'Etc/GMT+8', 60, 744],
	['monash-campus', '2020-04', 'Australia/Melbourne', 15, 2884],
	['monash-campus', '2020-10', 'Australia/Melbourne', 15, 2972],
] as const;
/** The next run of a month whose data are these files besides the configuration. */
function nextOf(month: CampusMonth, data: Readonly<Record<string, string>>) {
	const folder = `data/${month.period}`;
	const texts = [
		...Object.entries(month.configuration),
		...Object.entries(data).map(([name, text]) => [`${folder}/${name}`, text] as const),
	];
	const files: Files = new Map(texts.map(([path, text]) => [path, encodeText(text)]));
	return computeNextRun(files, month.period, presentAt('2022-01-01T00:00:00Z'));
}

function runOf(month: CampusMonth, data: Readonly<Record<string, string>>): Run {
	const next = nextOf(month, data);
	if (next.state === 'computed') return next.run;
	throw new Error(JSON.stringify(next));
}

function problemsOf(month: CampusMonth, data: Readonly<Record<string, string>>) {
	const next = nextOf(month, data);
	return next.state === 'refused' ? next.problems : [];
}

function wh(kwh = ''): bigint {
	const energy = parseEnergy(kwh);
	if (!('wh' in energy)) throw new Error(`no energy: ${kwh}`);
	return energy.wh;
}

/** Surplus and deficit of every entity, the sums of what each interval has. */
const netsOf = (run: Run) =>
	run.rows.map(({ entity, surplus_wh, deficit_wh }) => ({ entity, surplus_wh, deficit_wh }));

function expectedNets({ name, period }: CampusMonth) {
	return sharedRows(`data/${name}/expected/interval-net.csv`)
		.filter((it) => it['period'] === period)
		.map((it) => ({
			entity: it['entity'] ?? '',
			surplus_wh: wh(it['interval_surplus_kwh']),
			deficit_wh: wh(it['interval_deficit_kwh']),
		}))
		.toSorted((a, b) => (a.entity < b.entity ? -1 : 1));
}

/** The month as it came, or, where readings are missing, with zeros that are declared as estimates. */
function completed(month: CampusMonth): Readonly<Record<string, string>> {
	if (gapsOf(month.wide).length === 0) return { 'all.csv': month.wide };
	const { wide, substitutes } = filled(month.wide, month.time, '0');
	return { 'all.csv': wide, 'substitutes.csv': substitutes };
}

const total = (run: Run, field: 'surplus_wh' | 'deficit_wh') =>
	run.rows.reduce((sum, row) => sum + row[field], 0n);

describe.skipIf(!sharedIsHere)('real interval months (need ../shared beside the checkout)', () => {
	test.each(MONTHS)('%s %s is netted to the watt-hour in %s', async (...row) => {
		const [name, period, zone, minutes, intervals] = row;
		const month = campusMonth(name, period, zone, minutes);
		expect(month.time.intervals).toBe(intervals);
		const data = completed(month);
		const run = runOf(month, data);
		expect(netsOf(run)).toEqual(expectedNets(month));

		const { 'all.csv': wide = '', ...others } = data;
		const long = wide === month.wide ? month.long : longOf(wide);
		for (const text of [long, daysOf(wide, month.time)]) {
			expect(runOf(month, { ...others, 'all.csv': text }).records).toEqual(run.records);
		}

		const files = Object.entries(data).map(([it, text]) => [`data/${period}/${it}`, text]);
		const log = await scratchLog([], {
			'data/rules/2026-01.json': '',
			...month.configuration,
			...Object.fromEntries(files),
		});
		await log.commit({ 'data/rules/2026-01.json': null });
		const final = await log.finalize(period);
		if (!final.ok) throw new Error(JSON.stringify(final.problems.slice(0, 3)));
		expect(final.value.run.records).toEqual(run.records);
		const report = await auditFolder(log.dir, log.trust.root_sha256);
		expect([report.verdict, ...report.findings]).toEqual(['VALID']);
	});

	test('a month has 18.574 kWh of surplus as a whole, and 3,095 kWh hour by hour', () => {
		const month = campusMonth('sierra-crest-homes', '2016-11', 'Etc/GMT+8', 60);
		const byHour = runOf(month, { 'all.csv': month.wide });
		const monthly = month.configuration['data/rules/2010-01.json'] ?? '';
		const rules = { ...JSON.parse(monthly), basis: 'monthly' };
		delete rules.interval_minutes;
		const totals = readFileSync(
			join(SHARED, 'data/sierra-crest-homes/period-totals/2016-11.csv'),
			'utf8',
		);
		const configuration = {
			...month.configuration,
			'data/rules/2010-01.json': JSON.stringify(rules),
		};
		const byMonth = runOf({ ...month, configuration }, { 'all.csv': totals });
		expect(total(byMonth, 'surplus_wh')).toBe(18_574n);
		expect((total(byHour, 'surplus_wh') + 500n) / 1000n).toBe(3_095n);
		const net = (run: Run) => total(run, 'surplus_wh') - total(run, 'deficit_wh');
		expect(net(byHour)).toBe(net(byMonth));
	});

	test.each(['2016-11', '2017-03'])('%s in local time without offset is refused', (period) => {
		const month = campusMonth('sierra-crest-homes', period, 'America/Los_Angeles', 60);
		const path = `data/sierra-crest-homes/interval/${period}.naive-local.long.csv`;
		const naive = renamed(readFileSync(join(SHARED, path), 'utf8'));
		const problems = problemsOf(month, { 'all.csv': naive });
		expect(new Set(problems.map(({ code }) => code))).toEqual(
			new Set(['interval-no-offset', 'problems-more']),
		);
		const rows = naive.trimEnd().split('\n').length - 1;
		expect(problems).toContainEqual({
			code: 'problems-more',
			location: { path: `data/${period}/all.csv`, line: 0, column: 0 },
			found: `${rows}`,
			limit: '100',
		});
	});

	test.each(['2020-04', '2020-10'])('the gaps of %s are refused with their ranges', (period) => {
		const month = campusMonth('monash-campus', period, 'Australia/Melbourne', 15);
		const gaps = gapsOf(month.wide);
		const coverage = sharedRows('data/monash-campus/coverage.csv').filter(
			(it) => it['period'] === period && it['missing'] !== '0',
		);
		for (const text of [month.wide, month.long, daysOf(month.wide, month.time)]) {
			const problems = problemsOf(month, { 'all.csv': text });
			expect(problems).toEqual(
				coverage
					.map(({ meter = '', missing = '' }) => {
						const own = gaps.filter(({ id }) => id === meter);
						const ranges = own.slice(0, 5).map(({ first, last }) => {
							const start = intervalStart(month.time, first);
							return first === last ? start : `${start} to ${intervalStart(month.time, last)}`;
						});
						return {
							code: 'readings-missing',
							location: { path: `data/${period}`, line: 0, column: 0 },
							metering_point: meter,
							missing,
							intervals: `${month.time.intervals}`,
							ranges: ranges.join(', '),
							more: `${own.length - ranges.length}`,
						};
					})
					.toSorted((a, b) => (a.metering_point < b.metering_point ? -1 : 1)),
			);
		}
	});

	test('who has gaps can be declared absent, and the others settle as they are', () => {
		const month = campusMonth('monash-campus', '2020-10', 'Australia/Melbourne', 15);
		const ids = new Set(gapsOf(month.wide).map(({ id }) => id));
		const owners = new Set([...ids].map((id) => id.replace('-load', '')));
		const lines = [...owners].map((entity) => `${entity},meter out of order,Estates\n`);
		const absent = `entity,reason,approved_by\n${lines.join('')}`;
		const wide = withoutPoints(month.wide, ids);
		const run = runOf(month, { 'all.csv': wide, 'absent.csv': absent });
		const expected = expectedNets(month).filter(({ entity }) => !owners.has(entity));
		expect(expected).toHaveLength(8);
		expect(netsOf(run)).toEqual(expected);
		// Readings of an absent entity contradict its absence.
		const both = problemsOf(month, { 'all.csv': month.wide, 'absent.csv': absent });
		expect(new Set(both.map(({ code }) => code))).toEqual(new Set(['metering-point-absent']));
	});

	test('values put into gaps are shown as estimates', () => {
		const month = campusMonth('monash-campus', '2020-10', 'Australia/Melbourne', 15);
		const { wide, substitutes } = filled(month.wide, month.time, '0.25');
		const run = runOf(month, { 'all.csv': wide, 'substitutes.csv': substitutes });
		const counts = new Map<string, bigint>();
		for (const { id, first, last } of gapsOf(month.wide)) {
			const entity = id.replace('-load', '');
			counts.set(entity, (counts.get(entity) ?? 0n) + BigInt(last - first + 1));
		}
		for (const { entity, estimated_wh } of run.rows) {
			expect([entity, estimated_wh]).toEqual([entity, 250n * (counts.get(entity) ?? 0n)]);
		}
		const estimates = run.exceptions.filter(({ code }) => code === 'estimates');
		expect(estimates.map(({ entity, detail }) => [entity, detail])).toEqual(
			[...counts].map(([it, count]) => [it, `quality=E;estimated_wh=${250n * count}`]),
		);
	});
});
