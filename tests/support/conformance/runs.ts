import type { Manifest } from '../../../src/core/evidence/manifest.ts';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { armor, unarmor } from '../../core/evidence/packet.ts';
import {
	relist,
	remove,
	removeFolder,
	replaceText,
	resign,
	rewrite,
	rewriteManifest,
} from '../../tamper/forge.ts';
import type { Keys, MutableFiles } from '../../tamper/log.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { CORRECTION, DECEMBER, FEBRUARY, JANUARY, rulesText } from './logs.ts';

const MONTHS = { runs: [DECEMBER, JANUARY] } as const;
const CORRECTED = { runs: [DECEMBER, CORRECTION] } as const;

/** Whoever holds the finalizer's key states something else, in a manifest that is properly signed. */
const stated =
	(edit: (manifest: Manifest) => Partial<Manifest>, sequence = 1) =>
	(files: MutableFiles, keys: Keys) =>
		resign(files, keys.finalizer, sequence, (it) => ({ ...it, ...edit(it) }));

/** Or writes the same in other text. */
const written = (change: (text: string) => string) => (files: MutableFiles, keys: Keys) =>
	rewriteManifest(files, DECEMBER, keys.finalizer, change);

const MALFORMED = {
	verdict: 'TAMPERED',
	checks: { manifests: 'failed' },
	findings: ['manifest-malformed'],
} as const;

const MANIFESTS: readonly ConformanceCase[] = [
	{
		name: 'manifest-missing',
		title: 'A run folder without its manifest.',
		change: (files) => remove(files, `${DECEMBER}/manifest.json`),
		verdict: 'TAMPERED',
		checks: { manifests: 'failed' },
		findings: ['manifest-missing'],
	},
	{
		name: 'manifest-with-other-key-order',
		title: 'A signed manifest with two keys in the other order: one statement, one form.',
		change: written((text) => text.replace(/( {2}"log": .*\n)( {2}"sequence": .*\n)/, '$2$1')),
		...MALFORMED,
	},
	{
		name: 'manifest-with-a-key-twice',
		title: 'A signed manifest with a key twice: readers would disagree about its value.',
		change: written((text) => text.replace('  "run": 1,\n', '  "run": 2,\n  "run": 1,\n')),
		...MALFORMED,
	},
	{
		name: 'manifest-of-a-newer-format',
		title: 'A signed manifest of a newer format: a newer verifier may understand it.',
		change: written((text) => text.replace('manifest/v1', 'manifest/v2')),
		verdict: 'INCOMPLETE',
		checks: { manifests: 'unavailable' },
		findings: ['manifest-unknown-format'],
	},
	{
		name: 'manifest-of-another-place',
		title: 'A signed manifest names another month than the one of its folder.',
		change: stated(() => ({ period: '2025-11' })),
		verdict: 'TAMPERED',
		checks: { manifests: 'failed' },
		findings: ['manifest-place'],
	},
];

/** One finding of the chain alone. */
const broken = (code: NonNullable<ConformanceCase['findings']>[number]) =>
	({ verdict: 'TAMPERED', checks: { chain: 'failed' }, findings: [code] }) as const;

const CHAIN: readonly ConformanceCase[] = [
	{
		name: 'all-runs-removed',
		title: 'No run is left: there is nothing to verify.',
		change: (files) => removeFolder(files, 'settlements'),
		verdict: 'INCOMPLETE',
		checks: { chain: 'unavailable' },
		findings: ['log-empty'],
	},
	{
		name: 'older-month-removed',
		title: 'The first month was removed: a log begins with sequence 1.',
		plan: MONTHS,
		change: (files) => {
			removeFolder(files, DECEMBER);
			removeFolder(files, 'data/2025-12');
		},
		verdict: 'TAMPERED',
		checks: { chain: 'failed' },
		findings: ['sequence-gap', 'previous-mismatch'],
	},
	{
		name: 'sequence-number-twice',
		title: 'Two signed manifests of one sequence number are two versions of the truth.',
		plan: MONTHS,
		change: stated(() => ({ sequence: 1 }), 2),
		...broken('sequence-duplicate'),
	},
	{
		name: 'linked-to-another-manifest',
		title: 'A signed manifest holds another digest of the one before it.',
		plan: MONTHS,
		change: stated(
			({ previous }) => ({
				previous: previous && { ...previous, manifest_sha256: '0'.repeat(64) },
			}),
			2,
		),
		...broken('previous-mismatch'),
	},
	{
		name: 'older-signature-in-other-form',
		title: 'The signature of December was wrapped anew: January holds the digest of its bytes.',
		plan: MONTHS,
		change: (files) =>
			rewrite(files, `${DECEMBER}/manifest.json.asc`, (it) => encodeText(armor(unarmor(it), 64))),
		...broken('signatures-mismatch'),
	},
	{
		name: 'correction-of-other-bytes',
		title: 'A signed correction holds another digest of the run that it corrects.',
		plan: CORRECTED,
		change: stated(() => ({ supersedes: { run: 1, manifest_sha256: '0'.repeat(64) } }), 2),
		...broken('supersedes-mismatch'),
	},
	{
		name: 'corrected-run-removed',
		title: 'The run that a correction replaces was removed.',
		plan: CORRECTED,
		change: (files) => removeFolder(files, DECEMBER),
		verdict: 'TAMPERED',
		checks: { chain: 'failed', recomputation: 'unavailable' },
		findings: ['sequence-gap', 'previous-mismatch', 'run-gap', 'recomputation-blocked'],
	},
	{
		name: 'month-left-out',
		title: 'Between two first runs a month is missing, and the sequence was signed over it.',
		plan: { runs: [DECEMBER, JANUARY, FEBRUARY] },
		change: async (files, keys) => {
			removeFolder(files, JANUARY);
			removeFolder(files, 'data/2026-01');
			await resign(files, keys.finalizer, 3, (it) => ({ ...it, sequence: 2 }));
		},
		...broken('period-gap'),
	},
	{
		name: 'time-runs-backwards',
		title: 'A signed manifest is older than the one before it.',
		plan: CORRECTED,
		change: stated(() => ({ finalized_at: '2026-01-06T07:59:59Z' }), 2),
		...broken('time-order'),
	},
	{
		name: 'month-not-over',
		title: 'December was finalized in December: a month is settled when it has ended.',
		change: stated(() => ({ finalized_at: '2025-12-31T23:59:59Z' })),
		verdict: 'TAMPERED',
		checks: { chain: 'failed', recomputation: 'failed' },
		findings: ['time-order', 'inputs-refused'],
	},
	{
		name: 'run-of-another-log',
		title: 'A signed manifest names another log than the trust root.',
		change: stated(() => ({ log: 'example.org/other' })),
		...broken('log-mismatch'),
	},
	{
		name: 'run-under-another-root',
		title: 'A signed manifest names another trust root than the one in force.',
		change: stated(() => ({ trust_root: { version: 1, sha256: '0'.repeat(64) } })),
		...broken('root-mismatch'),
	},
	{
		name: 'engine-of-a-newer-specification',
		title: 'A run computed by a later version of the specification cannot be computed again here.',
		change: stated(({ engine }) => ({ engine: { ...engine, spec: 2 } })),
		verdict: 'INCOMPLETE',
		checks: { chain: 'unavailable', recomputation: 'unavailable' },
		findings: ['engine-unknown', 'recomputation-blocked'],
	},
];

/** Signed, listed and wrong: only computing it again shows it. */
const RECOMPUTATION: readonly ConformanceCase[] = [
	{
		name: 'statement-wrong-and-signed',
		title: 'A figure of the statement was changed, listed and signed: it does not follow.',
		change: async (files, keys) => {
			replaceText(files, `${DECEMBER}/statement.csv`, '70.125', '71.125');
			relist(files, DECEMBER);
			await resign(files, keys.finalizer, 1);
		},
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['record-differs'],
	},
	{
		name: 'submitter-left-out',
		title: 'What South sent was taken out of the signed list: silence is never zero.',
		change: async (files, keys) => {
			remove(files, 'data/2025-12/south.csv');
			relist(files, DECEMBER);
			await resign(files, keys.finalizer, 1);
		},
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['inputs-refused'],
	},
	{
		name: 'totals-wrong',
		title: 'A signed manifest states one watt-hour more than was shared.',
		change: stated(({ totals }) => ({ totals: { ...totals, shared_wh: totals.shared_wh + 1 } })),
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['totals-differ'],
	},
	{
		name: 'correction-after-the-lock',
		title: 'A correction one second after the ten days that the rule set leaves for one.',
		plan: { ...CORRECTED, data: { 'data/rules/2025-12.json': rulesText({ lock_after_days: 10 }) } },
		change: stated(() => ({ finalized_at: '2026-01-16T08:00:01Z' }), 2),
		verdict: 'TAMPERED',
		checks: { recomputation: 'failed' },
		findings: ['lock-broken'],
	},
];

export const RUN_CASES: readonly ConformanceCase[] = [...MANIFESTS, ...CHAIN, ...RECOMPUTATION];
