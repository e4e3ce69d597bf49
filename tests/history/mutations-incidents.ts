import type { Incident } from '../../src/core/evidence/draft.ts';
import type { LogKind } from './honest-log.ts';
import type { HistoryMutation } from './mutation.ts';
import { edited, INPUT, undo } from './mutations-edits.ts';
import type { Site } from './site.ts';

const MAY = 'data/2026-05/all.csv';
const NEW = 'settlements/2026-05/r1';
const REASON = 'A slip of the keyboard, seen in review the same day.';

/** An edit of a final file and its restoration, as a manifest would acknowledge them. */
function slip(site: Site, path = INPUT): Incident {
	const altered_in = site.commit(edited(site, path));
	undo(site);
	return { path, altered_in, restored_in: site.tip(), reason: REASON };
}

async function acknowledge(site: Site, ...incidents: readonly Incident[]): Promise<void> {
	await site.run('2026-05', { incidents });
	await site.approve(NEW);
}

const acknowledged = { verdict: 'VALID', codes: ['history-acknowledged'] } as const;
const unmatched = {
	verdict: 'TAMPERED',
	check: 'history',
	codes: ['history-restored', 'incident-unmatched'],
} as const;

/** What a later manifest says of an alteration that was restored. */
export const INCIDENTS: readonly HistoryMutation[] = [
	{
		name: 'incident-acknowledged',
		actor: 'operator',
		change: (site) => acknowledge(site, slip(site)),
		...acknowledged,
		says: 'A later run lists the slip with its reason, and the approver has signed that run.',
	},
	{
		name: 'incident-acknowledged-by-automation',
		actor: 'operator',
		log: 'automated' satisfies LogKind,
		change: async (site) => {
			const text = site.read(INPUT).replaceAll('2026-02', '2026-03');
			site.commit({ 'data/2026-03/all.csv': text });
			await site.run('2026-03', { incidents: [slip(site)] });
		},
		...acknowledged,
		says: 'No trust root asks for approvals: the finalizer alone acknowledges, and the report says so.',
	},
	{
		name: 'incident-not-approved-yet',
		actor: 'operator',
		change: async (site) => void (await site.run('2026-05', { incidents: [slip(site)] })),
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['approval-missing', 'history-restored'],
		says: 'The finalizer acknowledges it; until the approver does too, that does not count.',
	},
	{
		name: 'incident-of-several-files',
		actor: 'operator',
		change: (site) => {
			const own = slip(site);
			const more = slip(site, 'data/2026-01/all.csv');
			return acknowledge(site, more, own);
		},
		...acknowledged,
		says: 'Two slips, both acknowledged by one run.',
	},
	{
		name: 'incident-of-one-of-two-files',
		actor: 'operator',
		change: (site) => {
			slip(site, 'data/2026-01/all.csv');
			return acknowledge(site, slip(site));
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-acknowledged', 'history-restored'],
		says: 'Two slips, one acknowledged: the other still counts.',
	},
	{
		name: 'incident-and-the-same-again',
		actor: 'operator',
		change: async (site) => {
			await acknowledge(site, slip(site));
			slip(site);
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-acknowledged', 'history-restored'],
		says: 'An acknowledgment is of one event, not of the file for ever.',
	},
	{
		name: 'incident-with-another-alteration',
		actor: 'operator',
		change: (site) => {
			const incident = slip(site);
			return acknowledge(site, { ...incident, altered_in: site.log.tips['second'] ?? '' });
		},
		...unmatched,
		says: 'The manifest names another commit as the one that altered the file.',
	},
	{
		name: 'incident-with-another-restoration',
		actor: 'operator',
		change: (site) => {
			const incident = slip(site);
			return acknowledge(site, { ...incident, restored_in: site.commit({ 'src/x.ts': '7;\n' }) });
		},
		...unmatched,
		says: 'The manifest names another commit as the one that restored the file.',
	},
	{
		name: 'incident-of-another-path',
		actor: 'operator',
		change: (site) => acknowledge(site, { ...slip(site), path: 'data/2026-03/all.csv' }),
		...unmatched,
		says: 'The manifest names another file.',
	},
	{
		name: 'incident-of-nothing',
		actor: 'operator',
		change: (site) => {
			const [altered_in, restored_in] = [site.log.tips['second'], site.log.tips['third']];
			const commits = { altered_in: altered_in ?? '', restored_in: restored_in ?? '' };
			return acknowledge(site, { path: INPUT, ...commits, reason: REASON });
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['incident-unmatched'],
		says: 'The manifest acknowledges what never happened.',
	},
	{
		name: 'incident-that-stands',
		actor: 'operator',
		change: async (site) => {
			const incident = slip(site);
			await acknowledge(site, incident);
			site.commit(edited(site));
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: [
			...(['file-changed', 'record-differs', 'totals-differ'] as const),
			...(['history-acknowledged', 'history-altered'] as const),
		],
		says: 'After the acknowledgment the same edit was made again, and stands.',
	},
	{
		name: 'incident-of-an-addition',
		actor: 'operator',
		change: async (site) => {
			const path = 'data/2026-02/late.csv';
			const altered_in = site.commit({ [path]: 'entity\n' });
			undo(site);
			await acknowledge(site, { path, altered_in, restored_in: site.tip(), reason: REASON });
		},
		...acknowledged,
		says: 'A file that lay among final ones for one commit, acknowledged.',
	},
	{
		name: 'incident-rewritten-away',
		actor: 'operator',
		change: async (site) => {
			await acknowledge(site, slip(site));
			const before = site.log.tips['open'] ?? '';
			site.git('rebase', '-q', '--onto', before, 'HEAD~2');
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['incident-unmatched', 'source-off-main'],
		says: `The edit was taken out of the history; the run of ${MAY} still speaks of it.`,
	},
];
