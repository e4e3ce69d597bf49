import type { Period } from '../core/format/period.ts';

/** The departments of the sample and what each uses and generates in a month; nothing was measured. */
export const SAMPLE_START: Period = '2025-08';

export interface Department {
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

export const DEPARTMENTS: readonly Department[] = [
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
export function vary(text: string, range: number): number {
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

/** Wh that the roofs of a department give in a month. */
export function generated(department: Department, period: Period): number {
	const month = Number(period.slice(5)) - 1;
	const full = department.roof_kw * (YIELD_WH[month] ?? 0);
	return around(full, 9, `${department.entity} sun ${period}`);
}

/** Wh that a department uses in a month. */
export function consumed(department: Department, period: Period): number {
	const month = Number(period.slice(5)) - 1;
	// A triangle over the year: 100 in January, -100 in July.
	const season = Math.abs(6 - month) * 33 - 100;
	const level = Math.trunc((department.load_wh * (10_000 + department.swing * season)) / 10_000);
	const usual = around(level, 5, `${department.entity} load ${period}`);
	// The Computing Center takes a new cluster into service.
	return department.entity === 'computing-center' && period === '2026-06' ? usual * 4 : usual;
}
