import { encodeText } from '../../../src/core/format/bytes.ts';
import { removeFolder, rename, replaceText } from '../../tamper/forge.ts';
import { type MutableFiles, pinned } from '../../tamper/log.ts';
import type { ConformanceCase } from './conformance-case.ts';
import {
	CORRECTION,
	correction,
	DECEMBER,
	JANUARY,
	north,
	rulesText,
	table,
	withApprovals,
	withRetired,
} from './logs.ts';

const add = (path: string, text: string) => (files: MutableFiles) =>
	files.set(path, encodeText(text));
const NORTH = 'data/2025-12/north.csv';
const SOUTH = 'data/2025-12/south.csv';
const RULES = 'data/rules/2025-12.json';
const TOTALS = 'entity,period,generated_kwh,consumed_kwh';

/** What people send, and what may happen beside a finalized log. */
const SENT: readonly ConformanceCase[] = [
	{
		name: 'two-months',
		title: 'December and January as they were finalized, over the turn of the year.',
		plan: { runs: [DECEMBER, JANUARY] },
		verdict: 'VALID',
	},
	{
		name: 'nothing-noted',
		title: 'A sound log, but the person has noted no digest of a trust root yet.',
		pinned: null,
		verdict: 'UNCONFIRMED',
	},
	{
		name: 'correction',
		title: 'December was corrected: a second run, its delta, and the first run as it was.',
		plan: { runs: [DECEMBER, CORRECTION] },
		verdict: 'VALID',
	},
	{
		name: 'correction-withdraws-a-file',
		title:
			'A correction moves a row to another file and withdraws the old one by its header alone.',
		plan: {
			runs: [DECEMBER, CORRECTION],
			data: {
				'data/2025-12/r2/north.csv': `${north('2025-12', '130.5')}library,2025-12,0,70.125\n`,
				'data/2025-12/r2/south.csv': table(TOTALS),
			},
		},
		verdict: 'VALID',
	},
	{
		name: 'correction-open',
		title: 'Data for the next run of December lies ready; what is final stands until it is signed.',
		change: add('data/2025-12/r2/north.csv', north('2025-12', '99')),
		verdict: 'VALID',
		findings: ['correction-open'],
	},
	{
		name: 'next-month-open',
		title: 'January has no run yet, so that nothing in it counts, not even what is no table.',
		change: add('data/2026-01/north.csv', 'not even a table'),
		verdict: 'VALID',
	},
	{
		name: 'configuration-evolves',
		title: 'The register and the rule set were edited after the run, which holds its own copies.',
		change: (files) => {
			replaceText(files, 'data/entities.csv', 'Sports Hall', 'Arena');
			rename(files, RULES, 'data/rules/2026-02.json');
		},
		verdict: 'VALID',
	},
	{
		name: 'newest-month-removed',
		title: 'The newest run was removed: files alone do not show it, the last sequence number does.',
		plan: { runs: [DECEMBER, JANUARY] },
		change: (files) => removeFolder(files, JANUARY),
		verdict: 'VALID',
	},
	{
		name: 'absent-entity',
		title: 'The library reports nothing and is listed as absent: no row, and one exception.',
		plan: {
			data: {
				[SOUTH]: null,
				'data/2025-12/absent.csv': table(
					'entity,reason,approved_by',
					'library,"Closed, no meter",M. Okafor',
				),
			},
		},
		verdict: 'VALID',
	},
	{
		name: 'input-with-bom-and-crlf',
		title:
			'A spreadsheet wrote a byte order mark and CRLF: accepted, noted, and hashed as they are.',
		plan: { data: { [NORTH]: `\ufeff${north('2025-12', '120.5').replaceAll('\n', '\r\n')}` } },
		verdict: 'VALID',
	},
	{
		name: 'input-in-another-form',
		title: 'Columns in another order, a private column, quoted cells, and no final newline.',
		plan: {
			data: {
				[SOUTH]: [
					'consumed_kwh,x_meter,entity,note,generated_kwh,period,quality',
					'"70.125","A ""7"", east",library,,0,2025-12,A',
				].join('\n'),
			},
		},
		verdict: 'VALID',
	},
	{
		name: 'estimate-with-waiver',
		title: 'An estimate, for which the rule set asks for a waiver, and the waiver.',
		plan: {
			data: {
				[RULES]: rulesText({ plausibility: { waiver_required: ['estimates'] } }),
				[SOUTH]: table(`${TOTALS},quality,note`, 'library,2025-12,0,70.125,E,Meter replaced'),
				'data/2025-12/waivers.csv': table(
					'code,entity,reason,approved_by',
					'estimates,library,Average of three months,M. Okafor',
				),
			},
		},
		verdict: 'VALID',
	},
	{
		name: 'warning-from-history',
		title: 'The library has the figures of the month before: a warning that needs the earlier run.',
		plan: {
			runs: [DECEMBER, JANUARY],
			data: { 'data/2026-01/south.csv': table(TOTALS, 'library,2026-01,0,70.125') },
		},
		verdict: 'VALID',
	},
	{
		name: 'price-and-journal',
		title:
			'A price: debits, credits and a journal, and the journal of the correction posts the delta.',
		plan: {
			runs: [DECEMBER, CORRECTION],
			data: {
				[RULES]: rulesText({
					price: {
						currency: 'EUR',
						minor_digits: 2,
						per_kwh: '0.1237',
						accounts: { debit: '6050', credit: '4050' },
					},
				}),
			},
		},
		verdict: 'VALID',
	},
];

/** Trust that is handed on, shared, or limited. */
const TRUSTED: readonly ConformanceCase[] = [
	{
		name: 'root-handed-on',
		title:
			'A second trust root with another root key and another finalizer, signed by both root keys.',
		plan: {
			runs: [DECEMBER, JANUARY],
			successor: (root) => root,
			signers: { [JANUARY]: 'relief' },
		},
		verdict: 'VALID',
	},
	{
		name: 'root-handed-on-and-noted-later',
		title: 'The same, but the person noted the second version: it holds the first as well.',
		plan: {
			runs: [DECEMBER, JANUARY],
			successor: (root) => root,
			signers: { [JANUARY]: 'relief' },
		},
		pinned: 2,
		verdict: 'VALID',
	},
	{
		name: 'two-of-three-root-keys',
		title: 'A trust root of threshold two, signed by two of its three root keys.',
		plan: {
			root: (root, keys) => ({
				...root,
				root_keys: [keys.root, keys.chair, keys.relief].map(pinned),
				root_threshold: 2,
			}),
			holders: ['chair', 'relief'],
		},
		verdict: 'VALID',
	},
	{
		name: 'finalizer-retired',
		title:
			'The deputy signed sequence 1 and has since been retired: what it signed then stays good.',
		plan: {
			runs: [DECEMBER, JANUARY],
			root: withRetired,
			signers: { [DECEMBER]: 'deputy' },
		},
		verdict: 'VALID',
	},
	{
		name: 'approvals-complete',
		title: 'Two roles have to approve every run, and both did.',
		plan: { runs: [DECEMBER, JANUARY], root: withApprovals },
		verdict: 'VALID',
	},
	{
		name: 'correction-at-the-lock',
		title: 'A correction in the last second of the ten days that the rule set leaves for one.',
		plan: {
			runs: [DECEMBER, CORRECTION],
			data: { [RULES]: rulesText({ lock_after_days: 10 }) },
			instants: { [CORRECTION]: '2026-01-16T08:00:00Z' },
		},
		verdict: 'VALID',
	},
	{
		name: 'dispute-after-the-lock',
		title: 'A dispute settled long after the lock, under two roles that approved it.',
		plan: {
			runs: [DECEMBER, CORRECTION],
			root: withApprovals,
			data: {
				[RULES]: rulesText({ lock_after_days: 10 }),
				'data/2025-12/r2/correction.json': correction('dispute'),
			},
			instants: { [CORRECTION]: '2026-03-20T08:00:00Z' },
		},
		verdict: 'VALID',
	},
];

export const ACCEPTED: readonly ConformanceCase[] = [...SENT, ...TRUSTED];
