import { encodeText } from '../../src/core/format/bytes.ts';
import { relist, remove, removeFolder, replaceText, resign, rewrite } from './forge.ts';
import {
	CORRECTED,
	FIRST,
	finalizeRun,
	type Keys,
	MIDDLE,
	type MutableFiles,
	NEWEST,
	northText,
	SUPERSEDED,
} from './log.ts';
import type { Mutation } from './mutation.ts';

/** Settles and signs the newest month again under the present data and configuration. */
async function settleAgain(files: MutableFiles, keys: Keys): Promise<void> {
	removeFolder(files, NEWEST);
	await finalizeRun(files, NEWEST, '2026-05-06T08:00:00Z', keys.finalizer);
}

const REMOVED: readonly Mutation[] = [
	{
		name: 'first-month-removed',
		actor: 'outsider',
		change: (files) => removeFolder(files, FIRST),
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'sequence-gap',
		says: 'A log begins with sequence 1.',
	},
	{
		name: 'middle-month-removed',
		actor: 'outsider',
		change: (files) => {
			removeFolder(files, MIDDLE);
			removeFolder(files, 'data/2026-03');
		},
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'sequence-gap',
		says: 'Sequence numbers have no gap.',
	},
	{
		name: 'middle-month-removed-by-operator',
		actor: 'operator',
		change: async (files, keys) => {
			removeFolder(files, MIDDLE);
			await resign(files, keys.finalizer, 5, (it) => ({ ...it, sequence: 4 }));
		},
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'period-gap',
		last: 4,
		says: 'First runs cover consecutive months.',
	},
	{
		name: 'newest-month-removed',
		actor: 'outsider',
		change: (files) => removeFolder(files, NEWEST),
		verdict: 'VALID',
		last: 4,
		says: 'Files alone cannot show it, history can. The report names sequence 4 as its last.',
	},
	{
		name: 'correction-removed',
		actor: 'outsider',
		change: (files) => {
			removeFolder(files, CORRECTED);
			removeFolder(files, 'data/2026-02/r2');
		},
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'sequence-gap',
		says: 'Sequence numbers have no gap.',
	},
	{
		name: 'superseded-run-removed',
		actor: 'outsider',
		change: (files) => removeFolder(files, SUPERSEDED),
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'run-gap',
		says: 'What a correction replaces stays.',
	},
	{
		name: 'all-runs-removed',
		actor: 'outsider',
		change: (files) => removeFolder(files, 'settlements'),
		verdict: 'INCOMPLETE',
		check: 'chain',
		code: 'log-empty',
		last: 0,
		says: 'Without any run there is nothing to verify.',
	},
	{
		name: 'run-copied-as-another',
		actor: 'outsider',
		change: (files) => {
			for (const [path, bytes] of [...files]) {
				if (path.startsWith(`${MIDDLE}/`)) files.set(path.replace('/r1/', '/r2/'), bytes);
			}
		},
		verdict: 'TAMPERED',
		check: 'manifests',
		code: 'manifest-place',
		says: 'A manifest names its own folder.',
	},
	{
		name: 'run-copied-as-another-month',
		actor: 'outsider',
		change: (files) => {
			for (const [path, bytes] of [...files]) {
				if (path.startsWith(`${NEWEST}/`)) files.set(path.replace('2026-04', '2026-05'), bytes);
			}
		},
		verdict: 'TAMPERED',
		check: 'chain',
		code: 'sequence-duplicate',
		says: 'Two manifests of one sequence number are two versions of the truth.',
	},
];

const MISCOMPUTED: readonly Mutation[] = [
	{
		name: 'statement-wrong-and-signed',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, `${NEWEST}/statement.csv`, '70.125', '71.125');
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${NEWEST}/statement.csv`,
		says: 'A signature does not make a wrong number right: anybody can compute it again.',
	},
	{
		name: 'allocation-wrong-and-signed',
		actor: 'operator',
		change: async (files, keys) => {
			rewrite(files, `${MIDDLE}/allocations.csv`, (bytes) => {
				const text = new TextDecoder().decode(bytes);
				return encodeText(text.replace(/,office,([0-9]+)\./, ',office,1$1.'));
			});
			relist(files, MIDDLE);
			await resign(files, keys.finalizer, 4);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${MIDDLE}/allocations.csv`,
		says: 'Every flow can be computed again.',
	},
	{
		name: 'delta-wrong-and-signed',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, `${CORRECTED}/delta.csv`, '+10.000', '+11.000');
			relist(files, CORRECTED);
			await resign(files, keys.finalizer, 3);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${CORRECTED}/delta.csv`,
		says: 'A correction is the difference of two runs, and nothing else.',
	},
	{
		name: 'submitter-left-out',
		actor: 'operator',
		change: async (files, keys) => {
			remove(files, 'data/2026-04/south.csv');
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'inputs-refused',
		path: 'data/2026-04',
		says: 'An entity of the register without data is an error, never a zero.',
	},
	{
		name: 'reading-wrong-and-signed',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, 'data/2026-04/north.csv', '120.500', '220.500');
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${NEWEST}/statement.csv`,
		says: 'Whoever signs other inputs has to sign another statement.',
	},
	{
		name: 'rules-wrong-and-signed',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, `${NEWEST}/rules.json`, '"per_kwh":"0.12"', '"per_kwh":"0.21"');
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'record-differs',
		path: `${NEWEST}/journal.csv`,
		says: 'A run follows from the rules filed with it.',
	},
	{
		name: 'rules-that-are-none',
		actor: 'operator',
		change: async (files, keys) => {
			replaceText(files, `${NEWEST}/rules.json`, 'proportional', 'whatever');
			relist(files, NEWEST);
			await resign(files, keys.finalizer, 5);
		},
		verdict: 'TAMPERED',
		check: 'recomputation',
		code: 'inputs-refused',
		path: `${NEWEST}/rules.json`,
		says: 'Rules that cannot be read settle nothing.',
	},
	{
		name: 'newest-month-settled-anew-by-operator',
		actor: 'operator',
		change: async (files, keys) => {
			files.set('data/2026-04/north.csv', encodeText(northText('2026-04', '99.5')));
			await settleAgain(files, keys);
		},
		verdict: 'VALID',
		says: 'Whoever holds the key can file another month: only history and a checkpoint show it.',
	},
	{
		name: 'configuration-settled-anew-by-operator',
		actor: 'operator',
		change: async (files, keys) => {
			const rules = 'data/rules/2026-01.json';
			replaceText(files, rules, '"per_kwh":"0.12"', '"per_kwh":"0.21"');
			await settleAgain(files, keys);
			replaceText(files, rules, '"per_kwh":"0.21"', '"per_kwh":"0.12"');
		},
		verdict: 'VALID',
		says: 'A snapshot that never was in force shows in the source commit only.',
	},
];

export const RUN_MUTATIONS: readonly Mutation[] = [...REMOVED, ...MISCOMPUTED];
