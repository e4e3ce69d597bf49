import type { Manifest } from '../../src/core/evidence/manifest.ts';
import type { CheckId, FindingCode } from '../../src/core/verification/report.ts';
import { resign } from './forge.ts';
import { CORRECTED, type Keys, MIDDLE, type MutableFiles, NEWEST } from './log.ts';
import type { Mutation } from './mutation.ts';

const path = `${NEWEST}/manifest.json`;

/** A manifest with another statement in it, properly signed, and all later ones bound to it. */
const stated = (
	name: string,
	check: CheckId,
	code: FindingCode,
	edit: (manifest: Manifest) => Manifest,
	sequence = 5,
) =>
	({
		name,
		actor: 'operator',
		verdict: 'TAMPERED',
		check,
		code,
		path: sequence === 5 ? path : `${CORRECTED}/manifest.json`,
		change: (files: MutableFiles, keys: Keys) => resign(files, keys.finalizer, sequence, edit),
	}) as const;

/** What manifests say of the log and of their run. */
export const STATEMENT_MUTATIONS: readonly Mutation[] = [
	{
		...stated('place-other-period', 'manifests', 'manifest-place', (it) => ({
			...it,
			period: '2026-03',
		})),
		says: 'A manifest names its own folder.',
	},
	{
		...stated('place-other-run', 'manifests', 'manifest-place', (it) => ({ ...it, run: 2 })),
		says: 'A manifest names its own folder.',
	},
	{
		...stated('previous-wrong-digest', 'chain', 'previous-mismatch', (it) => ({
			...it,
			previous: it.previous && { ...it.previous, manifest_sha256: '0'.repeat(64) },
		})),
		says: 'Each manifest holds the digest of the one before it.',
	},
	{
		...stated('previous-wrong-sequence', 'chain', 'previous-mismatch', (it) => ({
			...it,
			previous: it.previous && { ...it.previous, sequence: 3 },
		})),
		says: 'Each manifest names the one before it.',
	},
	{
		...stated('previous-none', 'chain', 'previous-mismatch', (it) => ({ ...it, previous: null })),
		says: 'Only the first manifest follows nothing.',
	},
	{
		...stated('previous-wrong-signatures', 'chain', 'signatures-mismatch', (it) => ({
			...it,
			previous: it.previous && { ...it.previous, signatures_sha256: '0'.repeat(64) },
		})),
		says: 'Each manifest holds the digest of the signatures over the one before it.',
	},
	{
		...stated('sequence-skipped', 'chain', 'sequence-gap', (it) => ({ ...it, sequence: 6 })),
		last: 6,
		says: 'Sequence numbers have no gap, so that nothing can be taken out.',
	},
	{
		...stated('sequence-twice', 'chain', 'sequence-duplicate', (it) => ({ ...it, sequence: 4 })),
		last: 4,
		says: 'Two manifests of one sequence number are two versions of the truth.',
	},
	{
		...stated('totals-wrong', 'recomputation', 'totals-differ', (it) => ({
			...it,
			totals: { ...it.totals, shared_wh: it.totals.shared_wh + 1 },
		})),
		says: 'Totals follow from the inputs, to the watt-hour.',
	},
	{
		...stated('kind-wrong', 'chain', 'supersedes-mismatch', (it) => ({
			...it,
			kind: 'correction',
		})),
		says: 'A first run corrects nothing.',
	},
	{
		...stated('reason-on-first-run', 'chain', 'supersedes-mismatch', (it) => ({
			...it,
			reason: 'other',
		})),
		says: 'A first run needs no reason.',
	},
	{
		...stated(
			'reason-not-the-filed-one',
			'recomputation',
			'totals-differ',
			(it) => ({ ...it, reason: 'late-data' }),
			3,
		),
		says: 'The reason of a correction is the one in its correction.json.',
	},
	{
		...stated(
			'dispute-called-correction',
			'recomputation',
			'totals-differ',
			(it) => ({ ...it, kind: 'dispute' }),
			3,
		),
		says: 'The kind of a run follows from the reason that was filed.',
	},
	{
		...stated(
			'correction-without-supersedes',
			'chain',
			'supersedes-mismatch',
			(it) => ({ ...it, supersedes: null }),
			3,
		),
		says: 'A correction names the run it replaces.',
	},
	{
		...stated(
			'correction-supersedes-other',
			'chain',
			'supersedes-mismatch',
			(it) => ({ ...it, supersedes: { run: 1, manifest_sha256: '0'.repeat(64) } }),
			3,
		),
		says: 'A correction binds the run it replaces by its digest.',
	},
	{
		...stated('time-before-previous', 'chain', 'time-order', (it) => ({
			...it,
			finalized_at: '2026-04-06T07:59:59Z',
		})),
		says: 'Time does not run backwards in a log.',
	},
	{
		...stated('time-before-month-end', 'chain', 'time-order', (it) => ({
			...it,
			finalized_at: '2026-04-30T23:59:59Z',
		})),
		says: 'A month is settled when it is over.',
	},
	{
		...stated('time-in-the-future', 'chain', 'time-order', (it) => ({
			...it,
			finalized_at: '2099-01-01T00:00:00Z',
		})),
		verdict: 'VALID',
		check: undefined,
		code: undefined,
		says: 'No clock is asked; but whoever dates a run ahead can make no other before that day.',
	},
	{
		...stated(
			'older-time-in-the-future',
			'chain',
			'time-order',
			(it) => ({ ...it, finalized_at: '2099-01-01T00:00:00Z' }),
			3,
		),
		path: `${MIDDLE}/manifest.json`,
		says: 'Time does not run backwards in a log.',
	},
	{
		...stated('log-of-another-name', 'chain', 'log-mismatch', (it) => ({
			...it,
			log: 'example.org/other',
		})),
		says: 'A run of one log is none of another.',
	},
	{
		...stated('other-trust-root-named', 'chain', 'root-mismatch', (it) => ({
			...it,
			trust_root: { ...it.trust_root, sha256: '0'.repeat(64) },
		})),
		says: 'Each manifest names the trust root in force.',
	},
	{
		...stated('list-count-wrong', 'contents', 'list-totals', (it) => ({
			...it,
			files: { ...it.files, count: it.files.count + 1 },
		})),
		path: `${NEWEST}/SHA256SUMS`,
		says: 'The manifest says how many files there are.',
	},
	{
		...stated('list-bytes-wrong', 'contents', 'list-totals', (it) => ({
			...it,
			files: { ...it.files, bytes: it.files.bytes + 1 },
		})),
		path: `${NEWEST}/SHA256SUMS`,
		says: 'The manifest says how large they are.',
	},
];
