import { digest, encodeText } from '../../../src/core/format/bytes.ts';
import { relist, remove, replaceText, resign, rewrite, rewriteList } from '../../tamper/forge.ts';
import type { MutableFiles } from '../../tamper/log.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { CORRECTION, DECEMBER, north } from './logs.ts';

const NORTH = 'data/2025-12/north.csv';
const SOUTH = 'data/2025-12/south.csv';
const LIST = `${DECEMBER}/SHA256SUMS`;

const add = (path: string, text: string) => (files: MutableFiles) =>
	files.set(path, encodeText(text));
const UNLISTED = {
	verdict: 'TAMPERED',
	checks: { contents: 'failed' },
	findings: ['file-unlisted'],
} as const;
/** A list that cannot be had names nothing, and its run cannot be computed again. */
const WITHOUT_LIST = { contents: 'failed', recomputation: 'unavailable' } as const;

export const CONTENT_CASES: readonly ConformanceCase[] = [
	{
		name: 'reading-changed',
		title: 'One digit of a reading was changed after the month was final.',
		change: (files) => replaceText(files, NORTH, '120.5', '130.5'),
		verdict: 'TAMPERED',
		checks: { contents: 'failed', recomputation: 'failed' },
		findings: ['file-changed', 'record-differs', 'totals-differ'],
	},
	{
		name: 'reading-line-ends',
		title: 'The line ends of a reading were converted, as a careless checkout does.',
		change: (files) =>
			rewrite(files, SOUTH, (bytes) =>
				encodeText(new TextDecoder().decode(bytes).replaceAll('\n', '\r\n')),
			),
		verdict: 'TAMPERED',
		checks: { contents: 'failed', recomputation: 'failed' },
		findings: ['file-changed', 'record-differs'],
	},
	{
		name: 'statement-changed',
		title: 'One digit of the statement was changed.',
		change: (files) => replaceText(files, `${DECEMBER}/statement.csv`, '70.125', '71.125'),
		verdict: 'TAMPERED',
		checks: { contents: 'failed' },
		findings: ['file-changed'],
	},
	{
		name: 'record-removed',
		title: 'The exceptions of a run were removed.',
		change: (files) => remove(files, `${DECEMBER}/exceptions.csv`),
		verdict: 'TAMPERED',
		checks: { contents: 'failed' },
		findings: ['file-missing'],
	},
	{
		name: 'reading-sent-late',
		title: 'Another file for a month that is final: it belongs into a correction.',
		change: add('data/2025-12/late.csv', north('2025-12', '1')),
		...UNLISTED,
	},
	{
		name: 'correction-folder-skipped',
		title: 'Data for run 3, where run 2 would be next: only the next correction may be open.',
		change: add('data/2025-12/r3/north.csv', north('2025-12', '1')),
		...UNLISTED,
	},
	{
		name: 'file-in-a-run-folder',
		title: 'A file in a run folder that its list does not name.',
		change: add(`${DECEMBER}/notes.txt`, 'Please ignore.\n'),
		...UNLISTED,
	},
	{
		name: 'file-with-an-odd-name',
		title: 'A second download of a reading, under the name that a browser gave it.',
		change: add('data/2025-12/north (1).csv', north('2025-12', '120.5')),
		verdict: 'TAMPERED',
		checks: { hygiene: 'failed', contents: 'failed' },
		findings: ['path-malformed', 'file-unlisted'],
	},
	{
		name: 'list-missing',
		title: 'The list of digests is gone.',
		change: (files) => remove(files, LIST),
		verdict: 'TAMPERED',
		checks: WITHOUT_LIST,
		findings: ['list-missing', 'file-unlisted', 'recomputation-blocked'],
	},
	{
		name: 'list-in-capitals',
		title: 'A signed list with a digest in capitals: the same files make the same list everywhere.',
		change: async (files, keys) => {
			rewriteList(files, DECEMBER, ([first = '', ...rest]) => [
				first.slice(0, 64).toUpperCase() + first.slice(64),
				...rest,
			]);
			await resign(files, keys.finalizer, 1);
		},
		verdict: 'TAMPERED',
		checks: WITHOUT_LIST,
		findings: ['list-malformed', 'file-unlisted', 'recomputation-blocked'],
	},
	{
		name: 'reading-and-list-changed',
		title: 'A reading and its line of the list were changed: the manifest holds another digest.',
		change: (files) => {
			replaceText(files, NORTH, '120.5', '130.5');
			relist(files, DECEMBER);
		},
		verdict: 'TAMPERED',
		checks: { contents: 'failed', recomputation: 'failed' },
		findings: ['list-changed', 'record-differs', 'totals-differ'],
	},
	{
		name: 'list-size-wrong',
		title: 'A signed manifest states one byte more than the listed files have.',
		change: (files, keys) =>
			resign(files, keys.finalizer, 1, (it) => {
				return { ...it, files: { ...it.files, bytes: it.files.bytes + 1 } };
			}),
		verdict: 'TAMPERED',
		checks: { contents: 'failed' },
		findings: ['list-totals'],
	},
	{
		name: 'list-names-the-register',
		title: 'A signed list names the register, which is no file of a run: it evolves.',
		change: async (files, keys) => {
			const register = 'data/entities.csv';
			const line = `${digest(files.get(register) ?? new Uint8Array())}  ${register}`;
			rewriteList(files, DECEMBER, (lines) =>
				[...lines, line].toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)),
			);
			await resign(files, keys.finalizer, 1);
		},
		verdict: 'TAMPERED',
		checks: { contents: 'failed' },
		findings: ['list-foreign'],
	},
	{
		name: 'correction-changes-what-it-replaces',
		title: 'A correction was signed over a changed file of the first run, which has to stay.',
		plan: { runs: [DECEMBER, CORRECTION] },
		change: async (files, keys) => {
			replaceText(files, NORTH, '120.5', '110.5');
			relist(files, CORRECTION);
			await resign(files, keys.finalizer, 2);
		},
		verdict: 'TAMPERED',
		checks: { contents: 'failed', recomputation: 'failed' },
		findings: ['list-incomplete', 'file-changed', 'record-differs', 'totals-differ'],
	},
];
