import { digest, encodeText } from '../../src/core/format/bytes.ts';
import { rootPath } from '../../src/core/paths.ts';
import { resign } from './forge.ts';
import {
	addRoot,
	approve,
	CORRECTION,
	finalizeRun,
	firstRoot,
	type Keys,
	type LogKind,
	type MutableFiles,
	makeLog,
	NEWEST,
	northText,
	pinned,
	RULES_TEXT,
} from './log.ts';
import type { Mutation } from './mutation.ts';

const REOPENED = 'settlements/2026-04/r2';
const LOCKED = JSON.stringify({ ...JSON.parse(RULES_TEXT), lock_after_days: 30 });
/** Thirty days after April was finalized, to the second. */
const LAST_SECOND = '2026-06-05T08:00:00Z';
const TOO_LATE = '2026-06-05T08:00:01Z';

/** A log whose rule set locks each month after 30 days, April corrected at the given moment. */
const correctedAt =
	(at: string, reason_code: string, kind: LogKind, before: Before = () => {}) =>
	async (files: MutableFiles, keys: Keys) => {
		files.clear();
		for (const [path, bytes] of await makeLog(keys, kind, LOCKED)) files.set(path, bytes);
		await before(files, keys);
		const note = JSON.stringify({ ...CORRECTION, reason_code });
		files.set('data/2026-04/r2/correction.json', encodeText(note));
		files.set('data/2026-04/r2/north.csv', encodeText(northText('2026-04', '99.5')));
		await finalizeRun(files, REOPENED, '2026-05-06T08:00:00Z', keys.finalizer);
		await resign(files, keys.finalizer, 6, (it) => ({ ...it, finalized_at: at }));
		if (kind !== 'approved') return;
		await approve(files, REOPENED, 'audit', keys.audit);
		await approve(files, REOPENED, 'finance', keys.finance);
	};
type Before = (files: MutableFiles, keys: Keys) => void | Promise<void>;

/** From the next run on one role approves. */
const oneRole: Before = (files, keys) => {
	const root = {
		...firstRoot(keys, 'plain'),
		version: 2,
		previous_sha256: digest(files.get(rootPath(1)) ?? new Uint8Array()),
		effective_from_sequence: 6,
		approvals: [{ role: 'audit', ...pinned(keys.audit) }],
	};
	return addRoot(files, root, keys, [keys.root]);
};

const broken = {
	actor: 'operator',
	verdict: 'TAMPERED',
	check: 'recomputation',
	code: 'lock-broken',
	path: `${REOPENED}/rules.json`,
	last: 6,
} as const;

/** Corrections of a month that its rule set has locked (docs/spec/rules.md). */
export const LOCK_MUTATIONS: readonly Mutation[] = [
	{
		...broken,
		name: 'correction-on-the-last-second',
		actor: 'nobody',
		change: correctedAt(LAST_SECOND, 'late-data', 'plain'),
		verdict: 'VALID',
		check: undefined,
		says: 'The month is open for 30 days, and the last second of them counts.',
	},
	{
		...broken,
		name: 'correction-after-the-lock',
		change: correctedAt(TOO_LATE, 'late-data', 'plain'),
		says: 'The rule set says how long a month can be corrected.',
	},
	{
		...broken,
		name: 'correction-after-the-lock-with-approvals',
		log: 'approved',
		change: correctedAt(TOO_LATE, 'late-data', 'approved'),
		says: 'Approvals reopen a month for a dispute alone.',
	},
	{
		...broken,
		name: 'dispute-after-the-lock-without-roles',
		change: correctedAt(TOO_LATE, 'dispute', 'plain'),
		says: 'A machine alone cannot reopen a month by calling it a dispute.',
	},
	{
		...broken,
		name: 'dispute-after-the-lock-with-one-role',
		change: async (files, keys) => {
			await correctedAt(TOO_LATE, 'dispute', 'plain', oneRole)(files, keys);
			await approve(files, REOPENED, 'audit', keys.audit);
		},
		says: 'A dispute reopens a month where two roles have to approve it, not one.',
	},
	{
		...broken,
		name: 'dispute-after-the-lock-with-two-roles',
		log: 'approved',
		actor: 'nobody',
		change: correctedAt(TOO_LATE, 'dispute', 'approved'),
		verdict: 'VALID',
		check: undefined,
		says: 'Two roles have approved it: that is what a dispute takes.',
	},
	{
		...broken,
		name: 'lock-lifted-by-later-rules',
		change: correctedAt(TOO_LATE, 'late-data', 'plain', (files) => {
			files.set('data/rules/2026-01.json', encodeText(RULES_TEXT));
		}),
		says: 'The rule set of the first run decides, and no later one unlocks the month.',
	},
	{
		...broken,
		name: 'lock-read-from-a-first-run-dated-ahead',
		change: async (files, keys) => {
			await correctedAt(TOO_LATE, 'late-data', 'plain')(files, keys);
			await resign(files, keys.finalizer, 5, (it) => ({ ...it, finalized_at: TOO_LATE }));
		},
		actor: 'operator',
		verdict: 'VALID',
		check: undefined,
		path: `${NEWEST}/manifest.json`,
		says: 'Whoever holds the key can sign all of it anew: only history and a checkpoint show it.',
	},
];
