import { approvalPath, SIGNATURE } from '../../src/core/paths.ts';
import { remove, rename, resign, rewrite } from './forge.ts';
import { approve, MIDDLE, NEWEST } from './log.ts';
import { type Mutation, SPOIL } from './mutation.ts';

const approval = { log: 'approved', check: 'approvals', verdict: 'TAMPERED' } as const;
const finance = approvalPath(NEWEST, 'finance');
const audit = approvalPath(NEWEST, 'audit');
const earlier = approvalPath(MIDDLE, 'finance');

/** A log whose trust root asks for two approvals of every run. */
export const APPROVAL_MUTATIONS: readonly Mutation[] = [
	{
		...approval,
		name: 'approvals-complete',
		actor: 'nobody',
		change: () => {},
		verdict: 'VALID',
		check: undefined,
		says: 'Every run is approved by both roles.',
	},
	{
		...approval,
		name: 'approval-missing-on-newest',
		actor: 'outsider',
		change: (files) => remove(files, finance),
		verdict: 'PENDING',
		code: 'approval-missing',
		path: finance,
		says: 'Not yet given, or taken away: files alone cannot tell which.',
	},
	{
		...approval,
		name: 'all-approvals-missing-on-newest',
		actor: 'nobody',
		change: (files) => {
			remove(files, finance);
			remove(files, audit);
		},
		verdict: 'PENDING',
		code: 'approval-missing',
		path: audit,
		says: 'The newest run waits for its approvals.',
	},
	{
		...approval,
		name: 'approval-missing-on-older',
		actor: 'outsider',
		change: (files) => remove(files, earlier),
		code: 'approval-missing',
		path: earlier,
		says: 'The next manifest could only be signed when the approval was there.',
	},
	{
		...approval,
		name: 'approval-missing-on-older-and-signed-over',
		actor: 'operator',
		change: async (files, keys) => {
			remove(files, earlier);
			await resign(files, keys.finalizer, 5);
			await approve(files, NEWEST, 'finance', keys.finance);
			await approve(files, NEWEST, 'audit', keys.audit);
		},
		code: 'approval-missing',
		path: earlier,
		says: 'The operator went on without the approval of the month before.',
	},
	...Object.entries(SPOIL).map(([way, spoil]): Mutation => {
		return {
			...approval,
			name: `approval-${way}`,
			actor: 'outsider',
			change: (files) => rewrite(files, finance, spoil),
			code: 'approval-wrong',
			path: finance,
			says: 'An approval is a signature of the one form, or none.',
		};
	}),
	{
		...approval,
		name: 'approval-by-the-other-role',
		actor: 'other-key-holder',
		change: (files, keys) => approve(files, NEWEST, 'finance', keys.audit),
		verdict: 'UNTRUSTED',
		code: 'approval-not-in-force',
		path: finance,
		says: 'One person cannot approve for two roles.',
	},
	{
		...approval,
		name: 'approval-by-the-finalizer',
		actor: 'operator',
		change: (files, keys) => approve(files, NEWEST, 'finance', keys.finalizer),
		verdict: 'UNTRUSTED',
		code: 'approval-not-in-force',
		path: finance,
		says: 'The machine that finalizes cannot approve what it did.',
	},
	{
		...approval,
		name: 'approval-copied-from-the-finalizer',
		actor: 'outsider',
		change: (files) =>
			rewrite(files, finance, () => files.get(`${NEWEST}/${SIGNATURE}`) ?? new Uint8Array()),
		verdict: 'UNTRUSTED',
		code: 'approval-not-in-force',
		path: finance,
		says: 'The signature of the machine is there already; another name makes no approval of it.',
	},
	{
		...approval,
		name: 'approval-copied-from-the-other-role',
		actor: 'outsider',
		change: (files) => rewrite(files, finance, () => files.get(audit) ?? new Uint8Array()),
		verdict: 'UNTRUSTED',
		code: 'approval-not-in-force',
		path: finance,
		says: 'One person cannot approve for two roles.',
	},
	{
		...approval,
		name: 'approval-by-a-stranger',
		actor: 'other-key-holder',
		change: (files, keys) => approve(files, NEWEST, 'finance', keys.stranger),
		code: 'signature-unknown-key',
		path: finance,
		says: 'No trust root knows the key.',
	},
	{
		...approval,
		name: 'approval-of-another-month',
		actor: 'outsider',
		change: (files) => rewrite(files, finance, () => files.get(earlier) ?? new Uint8Array()),
		code: 'approval-wrong',
		path: finance,
		says: 'An approval belongs to the bytes it was given for.',
	},
	{
		...approval,
		name: 'approvals-exchanged',
		actor: 'outsider',
		change: (files) => {
			rename(files, finance, `${NEWEST}/x`);
			rename(files, audit, finance);
			rename(files, `${NEWEST}/x`, audit);
		},
		verdict: 'UNTRUSTED',
		code: 'approval-not-in-force',
		path: finance,
		says: 'Each file holds the signature of its role.',
	},
	{
		...approval,
		name: 'approval-given-anew-on-older',
		actor: 'other-key-holder',
		change: (files, keys) => approve(files, MIDDLE, 'finance', keys.stranger),
		check: 'chain',
		code: 'signatures-mismatch',
		path: `${NEWEST}/manifest.json`,
		says: 'The next manifest holds the digest of all signatures over this one.',
	},
	{
		...approval,
		name: 'approval-added-late',
		actor: 'other-key-holder',
		change: async (files, keys) => {
			remove(files, earlier);
			await resign(files, keys.finalizer, 5);
			await approve(files, NEWEST, 'finance', keys.finance);
			await approve(files, NEWEST, 'audit', keys.audit);
			await approve(files, MIDDLE, 'finance', keys.finance);
		},
		check: 'chain',
		code: 'signatures-mismatch',
		path: `${NEWEST}/manifest.json`,
		says: 'An approval counts only if it was given before the next run.',
	},
	{
		...approval,
		name: 'approval-of-no-role',
		actor: 'outsider',
		change: (files) =>
			void files.set(approvalPath(NEWEST, 'board'), files.get(finance) ?? new Uint8Array()),
		code: 'file-unlisted',
		path: approvalPath(NEWEST, 'board'),
		says: 'Only the roles of the trust root approve.',
	},
	{
		...approval,
		name: 'approval-unreadable',
		actor: 'nobody',
		change: (files) => {
			remove(files, earlier);
			return { unavailable: [{ path: earlier, reason: 'EIO' }] };
		},
		verdict: 'INCOMPLETE',
		check: 'hygiene',
		code: 'file-unavailable',
		path: earlier,
		says: 'A file that is there but cannot be read proves nothing, neither good nor bad.',
	},
];
