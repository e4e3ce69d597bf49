import { encodeText, type Files } from '../core/format/bytes.ts';
import { formatTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import { formatJson } from '../core/format/json.ts';
import { type Period, shiftPeriod } from '../core/format/period.ts';
import { ABSENT, CORRECTION, inputFolder, REGISTER, rulesPath, WAIVERS } from '../core/paths.ts';
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
export const SAMPLE_START: Period = '2025-08';
export const SAMPLE_MONTHS = 14;
/** The month that is corrected by a second run, and the month after whose finalization that happens. */
const SAMPLE_CORRECTION = { period: '2026-03', after: '2026-04' } as const;

interface Department {
	readonly entity: string;
	readonly name: string;
	readonly cost_center: string;
	/** kW of installed photovoltaics. */
	readonly roof_kw: number;
	/** Wh in an average month. */
	readonly load_wh: number;
	/** Percent by which winter is above and summer below the average. */
	readonly swing: number;
	/** Who sends the figures: the name of the file. */
	readonly submitter: 'estates' | 'residences' | 'sports';
	readonly from?: Period;
}

const DEPARTMENTS: readonly Department[] = [
	{
		entity: 'administration',
		name: 'Administration',
		cost_center: '1000',
		roof_kw: 0,
		load_wh: 14_200_000,
		swing: 12,
		submitter: 'estates',
	},
	{
		entity: 'chemistry',
		name: 'Chemistry Building',
		cost_center: '2100',
		roof_kw: 0,
		load_wh: 61_500_000,
		swing: 6,
		submitter: 'estates',
	},
	{
		entity: 'computing-center',
		name: 'Computing Center',
		cost_center: '3000',
		roof_kw: 0,
		load_wh: 88_400_000,
		swing: -3,
		submitter: 'estates',
	},
	{
		entity: 'dining-hall',
		name: 'Dining Hall',
		cost_center: '4100',
		roof_kw: 0,
		load_wh: 21_300_000,
		swing: 4,
		submitter: 'residences',
	},
	{
		entity: 'dormitory-east',
		name: 'Dormitory East',
		cost_center: '4200',
		roof_kw: 0,
		load_wh: 33_800_000,
		swing: 18,
		submitter: 'residences',
	},
	{
		entity: 'engineering',
		name: 'Engineering Hall',
		cost_center: '2200',
		roof_kw: 420,
		load_wh: 36_900_000,
		swing: 8,
		submitter: 'estates',
	},
	{
		entity: 'greenhouse',
		name: 'Botanical Greenhouse',
		cost_center: '2300',
		roof_kw: 0,
		load_wh: 9_700_000,
		swing: 35,
		submitter: 'estates',
	},
	{
		entity: 'library',
		name: 'Main Library',
		cost_center: '1200',
		roof_kw: 45,
		load_wh: 18_600_000,
		swing: 10,
		submitter: 'estates',
	},
	{
		entity: 'research-annex',
		name: 'Research Annex',
		cost_center: '2400',
		roof_kw: 0,
		load_wh: 12_100_000,
		swing: 5,
		submitter: 'estates',
		from: '2026-01',
	},
	{
		entity: 'sports-hall',
		name: 'Sports Hall',
		cost_center: '5000',
		roof_kw: 380,
		load_wh: 13_400_000,
		swing: 20,
		submitter: 'sports',
	},
];

/** Wh per kW and month, January to December: a roof at about 50 degrees north. */
const YIELD_WH = [22, 42, 80, 115, 133, 139, 141, 121, 88, 52, 26, 17].map((kwh) => kwh * 1000);

/** A repeatable number below `range` from a text (32-bit FNV-1a): the sample's only "chance". */
function vary(text: string, range: number): number {
	let hash = 0x811c9dc5;
	for (const character of text) {
		hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
	}
	return hash % range;
}

/** Around an amount, by up to so many percent either way; whole Wh. */
function around(wh: number, percent: number, text: string): number {
	const thousandths = vary(text, 20 * percent + 1) - 10 * percent;
	return Math.trunc((wh * (1000 + thousandths)) / 1000);
}

function generated(department: Department, period: Period): number {
	const month = Number(period.slice(5)) - 1;
	const full = department.roof_kw * (YIELD_WH[month] ?? 0);
	return around(full, 9, `${department.entity} sun ${period}`);
}

function consumed(department: Department, period: Period): number {
	const month = Number(period.slice(5)) - 1;
	// A triangle over the year: 100 in January, -100 in July.
	const season = Math.abs(6 - month) * 33 - 100;
	const level = Math.trunc((department.load_wh * (10_000 + department.swing * season)) / 10_000);
	const usual = around(level, 5, `${department.entity} load ${period}`);
	// The Computing Center takes a new cluster into service.
	return department.entity === 'computing-center' && period === '2026-06' ? usual * 4 : usual;
}

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

/** The register, the rule set and all months of the sample. */
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
	const rules = {
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'Europe/Berlin',
		allocation: [{ rule: 'proportional' }],
		price: {
			currency: 'EUR',
			minor_digits: 2,
			per_kwh: '0.142',
			accounts: { debit: '6050', credit: '4050' },
		},
		plausibility: { waiver_required: ['spike', 'unit-slip'] },
	};
	const months = samplePeriods().flatMap((period) => [...sampleMonth(period)]);
	return new Map([
		[REGISTER, encodeText(formatTable(header, register))],
		[rulesPath(SAMPLE_START), formatJson(rules)],
		...months,
	]);
}

function samplePeriods(): readonly Period[] {
	return Array.from({ length: SAMPLE_MONTHS }, (_, index) => shiftPeriod(SAMPLE_START, index));
}

/** The runs of the sample in the order of the log, each with the moment at which it becomes final. */
export function sampleRuns(): readonly { readonly period: Period; readonly at: Date }[] {
	const day = (period: Period, date: string) =>
		new Date(`${shiftPeriod(period, 1)}-${date}T08:00:00Z`);
	return samplePeriods().flatMap((period) => {
		const run = { period, at: day(period, '06') };
		if (period !== SAMPLE_CORRECTION.after) return [run];
		return [run, { period: SAMPLE_CORRECTION.period, at: day(period, '19') }];
	});
}
