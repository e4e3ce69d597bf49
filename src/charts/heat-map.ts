import { scaleQuantize } from 'd3-scale';
import { charts } from '../texts/chosen.ts';
import type { Formats } from '../texts/format.ts';
import { type Drawing, element, type Markup, widthOf } from './svg.ts';

/** A month of intervals: a row a day, with as many cells as the day has intervals. */
export interface LoadProfile {
	/** Intervals in a day of 24 hours: 24, 48, 96 or 288. */
	readonly slots: number;
	/** Wh of each interval, null without data; a day of 23 or 25 hours has fewer or more. */
	readonly days: readonly {
		readonly label: string;
		readonly values: readonly (bigint | null)[];
	}[];
}

/** Cells of one step that lie side by side in one row; `step` is null without data. */
export interface Stretch {
	readonly step: number | null;
	readonly day: number;
	readonly start: number;
	readonly end: number;
}

export interface ProfileLayout {
	readonly stretches: readonly Stretch[];
	/** The most that a cell of each step holds, in Wh. */
	readonly bounds: readonly bigint[];
	readonly columns: number;
}

const STEPS = 6;

/** The cells of a month, by six equal steps from zero to the highest. */
export function layOutProfile({ slots, days }: LoadProfile): ProfileLayout {
	const all = days.flatMap(({ values }) => values).filter((it) => it !== null);
	const highest = all.reduce((most, wh) => (wh > most ? wh : most), 0n);
	const steps = Array.from({ length: STEPS }, (_, step) => step);
	const scale = scaleQuantize(steps).domain([0, highest === 0n ? 1 : Number(highest)]);
	const stepOf = (wh: bigint | null) => (wh === null ? null : scale(Number(wh)));
	const stretches = days.flatMap(({ values }, day) => {
		const row: Stretch[] = [];
		for (const [start, wh] of values.entries()) {
			const step = stepOf(wh);
			const before = row.at(-1);
			if (before?.step === step) row[row.length - 1] = { ...before, end: start + 1 };
			else row.push({ step, day, start, end: start + 1 });
		}
		return row;
	});
	return {
		stretches,
		bounds: steps.map((step) => (highest * BigInt(step + 1)) / BigInt(STEPS)),
		columns: Math.max(slots, ...days.map(({ values }) => values.length)),
	};
}

const WIDTH = 680;
const ROW = 11;
const TOP = 22;

/** The load profile of a month; `title` says of whom. */
export function drawProfile(
	profile: LoadProfile,
	format: Pick<Formats, 'energy'>,
	title: string,
): Drawing {
	const { stretches, bounds, columns } = layOutProfile(profile);
	const left = Math.ceil(Math.max(...profile.days.map(({ label }) => widthOf(label, 12)), 0)) + 8;
	// Whole pixels: thousands of cells are named shortly.
	const cell = Math.floor((WIDTH - left) / columns);
	const bottom = TOP + profile.days.length * ROW;
	const steps = [...bounds.keys(), null];
	const shown = steps.filter((step) => stretches.some((it) => it.step === step));
	const hours = [0, 6, 12, 18, 24].map((hour) => {
		const anchor = hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle';
		const x = left + (hour / 24) * profile.slots * cell;
		return element('text', { class: 'quiet', x, y: 13, 'text-anchor': anchor }, `${hour}:00`);
	});
	const days = profile.days.flatMap(({ label }, index) => {
		// Every fifth, so that the labels do not touch.
		if (index !== 0 && (index + 1) % 5 !== 0) return [];
		const at = { x: left - 8, y: TOP + index * ROW + 10, 'text-anchor': 'end' };
		return [element('text', { class: 'quiet', ...at }, label)];
	});
	return {
		width: WIDTH,
		height: bottom + 64,
		title,
		description: charts.profile.description(
			profile.days.length,
			profile.slots,
			format.energy(bounds.at(-1) ?? 0n),
		),
		content: [
			...hours,
			...days,
			...shown.map((step) => {
				const own = stretches.filter((it) => it.step === step);
				const d = own.map(({ day, start, end }) => {
					const width = (end - start) * cell;
					const [x, y] = [left + start * cell, TOP + day * ROW];
					return `M${x} ${y}h${width}v${ROW - 1}h${-width}z`;
				});
				return element('path', { class: stepClass(step), d: d.join('') });
			}),
			...drawSteps(bounds, shown.includes(null), bottom, format),
		],
	};
}

const stepClass = (step: number | null) => (step === null ? 'gap' : `h${step}`);

function drawSteps(
	bounds: readonly bigint[],
	gaps: boolean,
	bottom: number,
	format: Pick<Formats, 'energy'>,
): Markup[] {
	const keys = [
		...bounds.map((wh, step) => ({ step, text: charts.profile.upTo(format.energy(wh)) })),
		...(gaps ? [{ step: null, text: charts.profile.gap }] : []),
	];
	const width = WIDTH / (STEPS + 1);
	const unit = { class: 'quiet', x: 0, y: bottom + 22 };
	const parts = keys.flatMap(({ step, text }, index) => {
		const at = { x: index * width, y: bottom + 30 };
		return [
			element('rect', { class: stepClass(step), ...at, width: width - 6, height: 10 }),
			element('text', { class: 'quiet', x: at.x, y: bottom + 56 }, text),
		];
	});
	return [element('text', unit, charts.profile.unit), ...parts];
}
