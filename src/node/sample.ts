import { encodeText, type Files } from '../core/format/bytes.ts';
import { formatTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import { formatJson } from '../core/format/json.ts';
import { type Period, shiftPeriod } from '../core/format/period.ts';
import { ABSENT, CORRECTION, inputFolder, REGISTER, rulesPath, WAIVERS } from '../core/paths.ts';
import {
	consumed,
	DEPARTMENTS,
	type Department,
	generated,
	SAMPLE_START,
} from './sample-campus.ts';
import {
	SAMPLE_INTERVALS,
	SAMPLE_MINUTES,
	SAMPLE_ZONE,
	sampleMeteringPoints,
	sampleReadings,
} from './sample-readings.ts';
import type { SiteSettings } from './site-settings.ts';

/** A made-up campus: every figure below is computed, none was measured. */
export const SAMPLE_LOG = 'example-campus.org/energy';
/** What `src/site.json` says of the sample. */
export const SAMPLE_SITE = {
	organization: 'Example Campus',
	contact: 'energy@example.org',
	locale: 'en-GB',
	fiscal_year_start: 1,
	logo: '',
	due_day: 5,
	site_url: 'https://example.org',
	base_path: '/',
	repository_url: '',
	branch: 'main',
	forge: 'none',
} as const satisfies SiteSettings;
export const SAMPLE_MONTHS = 15;
/** The month that is corrected by a second run, and the month after whose finalization that happens. */
const SAMPLE_CORRECTION = { period: '2026-03', after: '2026-04' } as const;

const HEADER = ['entity', 'period', 'generated_kwh', 'consumed_kwh', 'quality', 'note'];
const ESTIMATES: readonly { entity: string; period: Period; note: string }[] = [
	{
		entity: 'library',
		period: '2025-12',
		note: 'Meter exchanged on 9 December; first days estimated',
	},
	{ entity: 'dormitory-east', period: '2026-02', note: 'Reading missed; same weeks of last year' },
	{ entity: 'greenhouse', period: '2026-07', note: 'Gateway failed from 20 July; rest estimated' },
];
const ABSENCE = { entity: 'greenhouse', period: '2026-01' } as const;
const CORRECTED = { entity: 'library', less_wh: 2_310_000 } as const;

function row(department: Department, period: Period, less = 0): readonly string[] {
	const estimate = ESTIMATES.find((it) => it.entity === department.entity && it.period === period);
	return [
		department.entity,
		period,
		formatEnergy(BigInt(generated(department, period))),
		formatEnergy(BigInt(consumed(department, period) - less)),
		estimate ? 'E' : 'A',
		estimate?.note ?? '',
	];
}

/** The input files of one month of the sample, its correction included where it has one. */
export function sampleMonth(period: Period): Files {
	const files = new Map<string, Uint8Array>();
	const folder = inputFolder(period);
	if (period >= SAMPLE_INTERVALS) {
		return new Map([...sampleReadings(period)].map(([name, it]) => [`${folder}/${name}`, it]));
	}
	const put = (name: string, rows: readonly (readonly string[])[], header = HEADER) => {
		files.set(`${folder}/${name}`, encodeText(formatTable(header, rows)));
	};
	const present = DEPARTMENTS.filter(
		({ entity, from = SAMPLE_START }) =>
			from <= period && !(entity === ABSENCE.entity && period === ABSENCE.period),
	);
	for (const submitter of ['estates', 'residences', 'sports'] as const) {
		const own = present.filter((department) => department.submitter === submitter);
		put(
			`${submitter}.csv`,
			own.map((department) => row(department, period)),
		);
	}
	if (period === ABSENCE.period) {
		const reason = 'Closed for the renewal of the glazing';
		put(ABSENT, [[ABSENCE.entity, reason, 'M. Okafor']], ['entity', 'reason', 'approved_by']);
	}
	if (period === '2026-06') {
		const reason = 'New cluster in service since 2 June, reading checked on site';
		const waiver = ['spike', 'computing-center', reason, 'M. Okafor'];
		put(WAIVERS, [waiver], ['code', 'entity', 'reason', 'approved_by']);
	}
	if (period === SAMPLE_CORRECTION.period) {
		const own = present.filter(({ submitter }) => submitter === 'estates');
		const rows = own.map((it) =>
			row(it, period, it.entity === CORRECTED.entity ? CORRECTED.less_wh : 0),
		);
		put('r2/estates.csv', rows);
		files.set(
			`${folder}/r2/${CORRECTION}`,
			formatJson({
				reason_code: 'meter-reading',
				reason: 'The library meter was read on 2 April instead of 31 March',
				requested_by: 'A. Lindqvist',
				evidence: 'Estates ticket 2026-118',
			}),
		);
	}
	return files;
}

/** The registers, the rule sets and all months of the sample. */
export function sampleData(): Files {
	const register = DEPARTMENTS.map(({ entity, name, cost_center, roof_kw, from }) => [
		entity,
		name,
		cost_center,
		from ?? SAMPLE_START,
		'',
		roof_kw === 0 ? '' : String(roof_kw),
	]);
	const header = ['entity', 'name', 'cost_center', 'valid_from', 'valid_to', 'capacity_kw'];
	const format = 'wattproof/rules/v1';
	const rules = {
		time_zone: SAMPLE_ZONE,
		allocation: [{ rule: 'proportional' }],
		price: {
			currency: 'EUR',
			minor_digits: 2,
			per_kwh: '0.142',
			accounts: { debit: '6050', credit: '4050' },
		},
		plausibility: { waiver_required: ['spike', 'unit-slip'] },
	};
	const hourly = { format, basis: 'interval', interval_minutes: SAMPLE_MINUTES, ...rules };
	const months = samplePeriods().flatMap((period) => [...sampleMonth(period)]);
	return new Map([
		[REGISTER, encodeText(formatTable(header, register))],
		[rulesPath(SAMPLE_START), formatJson({ format, basis: 'monthly', ...rules })],
		[rulesPath(SAMPLE_INTERVALS), formatJson(hourly)],
		...sampleMeteringPoints(),
		...months,
	]);
}

function samplePeriods(): readonly Period[] {
	return Array.from({ length: SAMPLE_MONTHS }, (_, index) => shiftPeriod(SAMPLE_START, index));
}

/** A run of the sample and the moment at which it becomes final. */
export interface SampleRun {
	readonly period: Period;
	readonly at: Date;
}

/** The runs of the sample in the order of the log. */
export function sampleRuns(): readonly SampleRun[] {
	const day = (period: Period, date: string) =>
		new Date(`${shiftPeriod(period, 1)}-${date}T08:00:00Z`);
	return samplePeriods().flatMap((period) => {
		const run = { period, at: day(period, '06') };
		if (period !== SAMPLE_CORRECTION.after) return [run];
		return [run, { period: SAMPLE_CORRECTION.period, at: day(period, '19') }];
	});
}
