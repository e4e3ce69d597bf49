import { encodeText } from '../../src/core/format/bytes.ts';
import { relist, rename, replaceText, resign, rewrite } from './forge.ts';
import { CORRECTED, FIRST, MIDDLE, NEWEST, northText } from './log.ts';
import type { Mutation } from './mutation.ts';

const copy = (name: string, from: string, to: string) => {
	const change: Mutation['change'] = (files) =>
		rewrite(files.set(to, files.get(from) ?? new Uint8Array()), from, (bytes) => bytes);
	return { name, change, actor: 'outsider', verdict: 'TAMPERED' } as const;
};

const INPUT = 'data/2026-03/north.csv';
const NOTE = 'data/2026-02/r2/correction.json';

/** Names, places and additions. */
export const PATH_MUTATIONS: readonly Mutation[] = [
	{
		...copy('case-collision-of-input', INPUT, 'data/2026-03/North.csv'),
		check: 'hygiene',
		code: 'path-collision',
		says: 'On many systems the two names are one file, and which of them is read is chance.',
	},
	{
		...copy('case-collision-in-run', `${MIDDLE}/statement.csv`, `${MIDDLE}/STATEMENT.csv`),
		check: 'hygiene',
		code: 'path-collision',
		says: 'On many systems the two names are one file, and which of them is read is chance.',
	},
	{
		...copy('name-beyond-ascii', INPUT, 'data/2026-03/n\u00f6rth.csv'),
		check: 'hygiene',
		code: 'path-malformed',
		says: 'A name beyond ASCII is written in several ways and means several files.',
	},
	{
		...copy('name-with-space', INPUT, 'data/2026-03/north .csv'),
		check: 'hygiene',
		code: 'path-malformed',
		says: 'Some systems drop a space at the end of a name.',
	},
	{
		...copy('hidden-file-in-run', INPUT, `${MIDDLE}/.statement.csv`),
		check: 'hygiene',
		code: 'path-malformed',
		says: 'A hidden file is a file.',
	},
	{
		...copy('path-climbs-out', INPUT, 'data/2026-03/../2026-04/north.csv'),
		check: 'hygiene',
		code: 'path-malformed',
		says: 'A path that climbs means another file than it says.',
	},
	{
		...copy('file-beside-periods', INPUT, 'settlements/README.md'),
		check: 'contents',
		code: 'file-unlisted',
		says: 'Nothing lies under settlements/ that no list names.',
	},
	{
		...copy('file-beside-runs', INPUT, 'settlements/2026-03/statement.csv'),
		check: 'contents',
		code: 'file-unlisted',
		says: 'Nothing lies under settlements/ that no list names.',
	},
	{
		...copy('file-below-a-run', INPUT, `${MIDDLE}/old/statement.csv`),
		check: 'contents',
		code: 'file-unlisted',
		says: 'A run folder has no folders but approvals/.',
	},
	{
		...copy(
			'list-of-impossible-period',
			`${MIDDLE}/SHA256SUMS`,
			'settlements/2026-13/r1/SHA256SUMS',
		),
		check: 'contents',
		code: 'file-unlisted',
		says: 'There is no thirteenth month.',
	},
	{
		...copy(
			'run-with-leading-zero',
			`${MIDDLE}/manifest.json`,
			'settlements/2026-03/r01/manifest.json',
		),
		check: 'contents',
		code: 'file-unlisted',
		says: 'A run has one name.',
	},
	{
		...copy(
			'approval-nobody-asked-for',
			`${MIDDLE}/manifest.json.asc`,
			`${MIDDLE}/approvals/chair.asc`,
		),
		check: 'approvals',
		code: 'file-unlisted',
		says: 'Only the roles of the trust root approve; another name would only look like it.',
	},
	{
		...copy('file-beside-trust-roots', INPUT, 'trust/README.md'),
		check: 'trust-root',
		code: 'trust-unlisted',
		says: 'Nothing lies under trust/ that no trust root names.',
	},
	{
		...copy('trust-root-out-of-order', 'trust/root-1.json', 'trust/root-3.json'),
		check: 'trust-root',
		code: 'trust-unlisted',
		says: 'Trust roots follow each other without a gap.',
	},
	{
		name: 'submission-to-a-closed-month',
		actor: 'submitter',
		change: (files) => void files.set('data/2026-03/late.csv', encodeText(northText('2026-03'))),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-unlisted',
		says: 'Data that comes late belongs into a correction folder.',
	},
	{
		name: 'note-in-a-closed-month',
		actor: 'submitter',
		change: (files) => void files.set('data/2026-03/notes.txt', encodeText('please ignore\n')),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-unlisted',
		says: 'Nothing lies in the data of a finalized month that no list names.',
	},
	{
		name: 'submission-to-a-superseded-run',
		actor: 'submitter',
		change: (files) => void files.set('data/2026-02/r2/east.csv', encodeText(northText('2026-02'))),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-unlisted',
		says: 'A correction that is final takes no more files.',
	},
	{
		name: 'correction-folder-skipped',
		actor: 'submitter',
		change: (files) =>
			void files.set('data/2026-03/r3/north.csv', encodeText(northText('2026-03'))),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-unlisted',
		says: 'Only the next correction may be open.',
	},
	{
		name: 'correction-open',
		actor: 'submitter',
		change: (files) =>
			void files.set('data/2026-03/r2/north.csv', encodeText(northText('2026-03', '99'))),
		verdict: 'VALID',
		check: 'contents',
		code: 'correction-open',
		path: 'data/2026-03/r2',
		says: 'Data for the next run may lie ready; what is final stands until that run is signed.',
	},
	{
		name: 'next-month-open',
		actor: 'submitter',
		change: (files) => void files.set('data/2026-05/north.csv', encodeText('not even a table')),
		verdict: 'VALID',
		says: 'A month without a run is open, and nothing in it counts yet.',
	},
	{
		name: 'configuration-evolves',
		actor: 'operator',
		change: (files) => {
			replaceText(files, 'data/entities.csv', 'Sports Hall', 'Arena');
			rename(files, 'data/rules/2026-01.json', 'data/rules/2026-02.json');
		},
		verdict: 'VALID',
		says: 'Each run holds the configuration it used; later edits do not concern it.',
	},
	{
		name: 'unicode-form-of-a-name',
		actor: 'outsider',
		change: (files) => replaceText(files, NOTE, '\u00eb', 'e\u0308'),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-changed',
		path: NOTE,
		says: 'The two forms of a letter look the same and are other bytes.',
	},
	{
		name: 'signed-unicode-form-of-a-name',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, NOTE, '\u00eb', 'e\u0308');
			relist(files, CORRECTED);
			await resign(files, keys.finalizer, 3);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'inputs-refused',
		path: NOTE,
		says: 'Text has one Unicode form, whoever signs it.',
	},
	{
		name: 'inputs-exchanged',
		actor: 'outsider',
		change: (files) => {
			rename(files, INPUT, 'data/2026-03/x');
			rename(files, 'data/2026-04/north.csv', INPUT);
			rename(files, 'data/2026-03/x', 'data/2026-04/north.csv');
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-changed',
		path: INPUT,
		says: 'A digest belongs to a path.',
	},
	{
		name: 'correction-moved-over-original',
		actor: 'outsider',
		change: (files) => rename(files, 'data/2026-02/r2/north.csv', 'data/2026-02/north.csv'),
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-missing',
		path: 'data/2026-02/r2/north.csv',
		says: 'The settlement would come out the same, but what the first run had is gone.',
	},
	{
		name: 'records-of-two-runs-exchanged',
		actor: 'outsider',
		change: (files) => {
			const [a, b] = [`${FIRST}/statement.csv`, `${NEWEST}/statement.csv`];
			rename(files, a, `${CORRECTED}/x.csv`);
			rename(files, b, a);
			rename(files, `${CORRECTED}/x.csv`, b);
		},
		verdict: 'TAMPERED',
		check: 'contents',
		code: 'file-changed',
		path: `${FIRST}/statement.csv`,
		says: 'A digest belongs to a path.',
	},
];
