import type { Manifest } from '../../src/core/evidence/manifest.ts';
import { relist, remove, replaceText, resign, rewrite, textOf } from './forge.ts';
import { type Keys, MIDDLE, type MutableFiles, NEWEST } from './log.ts';
import type { Mutation } from './mutation.ts';

const NORTH = 'data/2026-04/north.csv';
const SUBSTITUTES = 'data/2026-04/substitutes.csv';
const POINTS = `${NEWEST}/metering-points.csv`;
const STATEMENT = `${NEWEST}/statement.csv`;

type IntervalBasis = Extract<Manifest['basis'], { kind: 'interval' }>;

/** The newest manifest, properly signed, with another statement of what was settled by interval. */
const onBasis = (
	name: string,
	change: (basis: IntervalBasis) => Manifest['basis'],
	folder: string = NEWEST,
) =>
	({
		name: `signed-${name}`,
		actor: 'operator',
		log: 'interval',
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'basis-differs',
		path: `${folder}/manifest.json`,
		change: (files: MutableFiles, keys: Keys) =>
			resign(files, keys.finalizer, folder === NEWEST ? 5 : 4, (it) => {
				if (it.basis.kind === 'monthly') throw new Error('monthly');
				return { ...it, basis: change(it.basis) };
			}),
	}) as const;

/** Something changed by whoever can sign it, with list and manifest made anew. */
const signed = (name: string, change: (files: MutableFiles) => void) =>
	({
		name,
		actor: 'operator',
		log: 'interval',
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: STATEMENT,
		change: async (files: MutableFiles, keys: Keys) => {
			change(files);
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
	}) as const;

/** Exchanges two cells of a row: the month's totals stay as they were. */
function exchange(files: MutableFiles, path: string, row: string, a: number, b: number): void {
	const line = textOf(files, path)
		.split('\n')
		.find((it) => it.startsWith(row));
	const cells = line?.split(',') ?? [];
	[cells[a], cells[b]] = [cells[b] ?? '', cells[a] ?? ''];
	replaceText(files, path, line ?? row, cells.join(','));
}

/** Runs on interval basis: readings, metering points, and the bounds that are signed with them. */
export const INTERVAL_MUTATIONS: readonly Mutation[] = [
	{
		name: 'interval-nothing-changed',
		actor: 'nobody',
		log: 'interval',
		change: () => {},
		verdict: 'VALID',
		says: 'The log as it was finalized.',
	},
	{
		name: 'interval-reading-changed',
		actor: 'submitter',
		log: 'interval',
		change: (files) => replaceText(files, NORTH, ',2.', ',3.'),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-changed',
		path: NORTH,
		says: 'One digit of one hour of one meter.',
	},
	{
		...signed('signed-readings-exchanged-between-hours', (files) =>
			exchange(files, NORTH, 'h1,2026-04-10,', 2 + 12, 2 + 2),
		),
		says: 'The month has the same sum, but the sun shone at night: less is shared.',
	},
	{
		...signed('signed-reading-and-statement-changed', (files) => {
			replaceText(files, NORTH, ',2.', ',3.');
			const before = /^hall,[0-9]+\.[0-9]+/m.exec(textOf(files, STATEMENT))?.[0] ?? '';
			const more = (Number(before.slice(5)) + 1).toFixed(3);
			replaceText(files, STATEMENT, before, `hall,${more}`);
		}),
		says: 'The reading and its sum in the statement agree; what was shared in that hour does not.',
	},
	{
		...signed('signed-metering-point-of-another-entity', (files) =>
			replaceText(files, POINTS, 'o1,office', 'o1,library'),
		),
		code: 'inputs-refused',
		path: 'data/2026-04',
		says: 'Whose energy a meter measures is part of what was settled.',
	},
	{
		...signed('signed-metering-points-exchanged', (files) => {
			replaceText(files, POINTS, 'o1,office', 'o1,library');
			replaceText(files, POINTS, 'l1,library', 'l1,office');
		}),
		says: 'Whose energy a meter measures is part of what was settled.',
	},
	{
		...signed('signed-direction-turned', (files) =>
			replaceText(files, POINTS, 'o1,office,consumption', 'o1,office,generation'),
		),
		says: 'What a meter measures is part of what was settled.',
	},
	{
		...signed('signed-run-without-its-metering-points', (files) => remove(files, POINTS)),
		code: 'inputs-refused',
		path: 'data/metering-points.csv',
		says: 'Without them nobody could say whose readings these are.',
	},
	{
		...signed('signed-substitutes-left-out', (files) => remove(files, SUBSTITUTES)),
		says: 'Values that were made up would pass as measured.',
	},
	{
		name: 'metering-points-changed',
		actor: 'outsider',
		log: 'interval',
		change: (files) => replaceText(files, POINTS, 'o1,office', 'o1,library'),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-changed',
		path: POINTS,
		says: 'The copy of the register of metering points is listed like every record.',
	},
	{
		name: 'metering-points-removed',
		actor: 'outsider',
		log: 'interval',
		change: (files) => remove(files, POINTS),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-missing',
		path: POINTS,
		says: 'The copy of the register of metering points is listed like every record.',
	},
	{
		name: 'metering-points-beside-a-monthly-run',
		actor: 'operator',
		change: async (files, keys) => {
			files.set(POINTS, new TextEncoder().encode('metering_point,entity\n'));
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: POINTS,
		says: 'A monthly run has no such record: nothing could hold it to the inputs.',
	},
	{
		name: 'metering-points-evolve',
		actor: 'operator',
		log: 'interval',
		change: (files) =>
			rewrite(files, 'data/metering-points.csv', () => new TextEncoder().encode('anything')),
		verdict: 'VALID',
		says: 'Every run has its own copy; the register itself may change with every month.',
	},
	{
		...onBasis('basis-monthly', () => ({ kind: 'monthly' })),
		says: 'The rule set settles by interval, so a run by month is none of it.',
	},
	{
		...onBasis('basis-of-longer-intervals', (it) => ({
			...it,
			interval_minutes: 30,
			intervals: 1440,
		})),
		says: 'The rule set says how long an interval is.',
	},
	{
		...onBasis('basis-of-another-zone', (it) => ({ ...it, time_zone: 'Europe/Vienna' })),
		says: 'The rule set says whose months these are, even where clocks agree.',
	},
	{
		...onBasis('basis-that-begins-later', (it) => ({
			...it,
			utc_start: '2026-04-01T00:00:00Z',
			intervals: it.intervals - 2,
			offsets: [{ from: '2026-04-01T00:00:00Z', minutes: 120 }],
		})),
		says: 'The first two hours of the month would be settled by nobody.',
	},
	{
		...onBasis('basis-that-ends-earlier', (it) => ({
			...it,
			utc_end: '2026-04-30T20:00:00Z',
			intervals: it.intervals - 2,
		})),
		says: 'The last two hours of the month would be settled by nobody.',
	},
	{
		...onBasis('basis-of-another-count', (it) => ({ ...it, intervals: it.intervals + 1 })),
		says: 'So many intervals do not fit between the bounds.',
	},
	{
		...onBasis(
			'basis-without-the-clock-change',
			(it) => ({ ...it, offsets: it.offsets.slice(0, 1) }),
			MIDDLE,
		),
		says: 'In March clocks went forward: with one offset the month does not end at midnight.',
	},
	{
		...onBasis(
			'basis-with-a-later-clock-change',
			(it) => ({
				...it,
				offsets: it.offsets.map((of, index) =>
					index ? { ...of, from: '2026-03-30T01:00:00Z' } : of,
				),
			}),
			MIDDLE,
		),
		code: 'inputs-refused',
		path: 'data/2026-03',
		says: 'Clocks that change a day later make other days of the same rows.',
	},
	{
		...onBasis('basis-by-interval-of-a-monthly-run', (it) => it),
		log: 'plain',
		change: (files, keys) =>
			resign(files, keys.finalizer, 5, (it) => ({
				...it,
				basis: {
					kind: 'interval',
					time_zone: 'Europe/Berlin',
					interval_minutes: 60,
					utc_start: '2026-03-31T22:00:00Z',
					utc_end: '2026-04-30T22:00:00Z',
					intervals: 720,
					offsets: [{ from: '2026-03-31T22:00:00Z', minutes: 120 }],
				},
			})),
		says: 'The rule set settles by month: nothing was netted hour by hour.',
	},
];
