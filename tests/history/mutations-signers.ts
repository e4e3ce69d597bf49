import type { HistoryMutation } from './mutation.ts';
import { edited, FIRST, INPUT, NEWEST, undo } from './mutations-edits.ts';
import { LATER, type Site } from './site.ts';

const restored = {
	verdict: 'TAMPERED',
	check: 'history',
	codes: ['history-restored'],
} as const;
const altered = {
	verdict: 'TAMPERED',
	check: 'history',
	codes: ['history-altered'],
} as const;

const APPROVAL = `${NEWEST}/approvals/finance.asc`;

/** Paths that git tracks below a folder of `trust/`. */
const below = (site: Site, pattern: string) => site.git('ls-files', pattern).split('\n');

/** The newest run made again from other readings, and approved again. */
export async function madeAgain(site: Site): Promise<void> {
	site.git('rm', '-rq', NEWEST);
	site.write(edited(site, 'data/2026-04/all.csv'));
	const source = site.log.tips['approved 2026-03'] ?? '';
	const [data] = site.git('rev-list', '--ancestry-path', `${source}..HEAD`).split('\n').slice(-1);
	await site.run('2026-04', { source: data ?? source, instant: '2026-05-06T09:00:00Z' });
	await site.approve(NEWEST, '2026-05-06T10:00:00Z');
}

/** What those can do who hold keys, or touch what keys have signed. */
export const SIGNERS: readonly HistoryMutation[] = [
	{
		name: 'trust-root-altered-and-restored',
		actor: 'other-key-holder',
		change: (site) => {
			const path = 'trust/root-1.json';
			const text = site.read(path);
			site.commit({ [path]: text.replace('example.org', 'example.com') });
			site.commit({ [path]: text });
		},
		...restored,
		says: 'The first trust root named another log for one commit.',
	},
	{
		name: 'certificate-removed-and-restored',
		actor: 'outsider',
		change: (site) => {
			site.git('rm', '-rq', 'trust/keys');
			site.git('commit', '-qm', 'away');
			undo(site);
		},
		...restored,
		says: 'For one commit nobody could have verified anything.',
	},
	{
		name: 'rotation-undone',
		actor: 'operator',
		change: (site) => {
			site.git('reset', '-q', '--hard', site.log.tips['rotated'] ?? '');
			const added = `trust/keys/${site.log.finance.fingerprint}.asc`;
			site.git('rm', '-q', ...below(site, 'trust/root-2*'), added);
			site.git('commit', '-qm', 'no approvals after all');
		},
		...altered,
		says: 'The newest trust root was taken away: the files alone are a sound log under the old one.',
	},
	{
		name: 'rotation-undone-and-acknowledged',
		actor: 'operator',
		change: async (site) => {
			const altered_in = site.log.tips['rotated'] ?? '';
			site.git('reset', '-q', '--hard', altered_in);
			const added = `trust/keys/${site.log.finance.fingerprint}.asc`;
			const paths = [...below(site, 'trust/root-2*'), added];
			site.git('rm', '-q', ...paths);
			site.git('commit', '-qm', 'no approvals after all');
			const restored_in = site.tip();
			site.commit({ 'data/2026-03/all.csv': site.read(INPUT).replaceAll('2026-02', '2026-03') });
			const incidents = paths.map((path) => ({ path, altered_in, restored_in, reason: 'Mistake' }));
			await site.run('2026-03', { incidents });
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-altered', 'incident-unmatched'],
		says: 'A trust root that was adopted is no addition that its removal could restore.',
	},
	{
		name: 'stray-file-in-trust-removed',
		actor: 'outsider',
		change: (site) => {
			site.commit({ 'trust/notes.txt': 'Note\n' });
			undo(site);
		},
		...restored,
		says: 'A file that no trust root names lay in trust/ for one commit.',
	},
	{
		name: 'approval-removed-and-added-again',
		actor: 'outsider',
		change: (site) => {
			site.commit({ [APPROVAL]: null });
			undo(site);
		},
		...restored,
		says: 'The approval of the newest run was away for one commit, as if it had never been given.',
	},
	{
		name: 'approval-removed',
		actor: 'outsider',
		change: (site) => void site.commit({ [APPROVAL]: null }),
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['approval-missing', 'history-altered'],
		says: 'The files alone are PENDING, as if nobody had approved yet.',
	},
	{
		name: 'approval-replaced',
		actor: 'other-key-holder',
		change: async (site) => void (await site.approve(NEWEST)),
		...altered,
		says: 'The approver signed the newest run a second time; the first signature is gone.',
	},
	{
		name: 'approval-replaced-and-put-back',
		actor: 'other-key-holder',
		change: async (site) => {
			await site.approve(NEWEST);
			undo(site);
		},
		...restored,
		says: 'The same, undone.',
	},
	{
		name: 'late-approval-removed',
		actor: 'other-key-holder',
		change: async (site) => {
			await site.approve(FIRST);
			undo(site);
		},
		...restored,
		says: 'An approval was added when the next manifest was there already, and taken away.',
	},
	{
		name: 'approval-of-no-role-removed',
		actor: 'outsider',
		change: (site) => {
			site.commit({ [`${NEWEST}/approvals/board.asc`]: 'yes\n' });
			undo(site);
		},
		...restored,
		says: 'What no trust root asks for is no approval, but an addition.',
	},
	{
		name: 'signature-replaced',
		actor: 'operator',
		change: async (site) => {
			const text = await site.sign(`${NEWEST}/manifest.json`, site.log.finalizer, LATER);
			site.commit({ [`${NEWEST}/manifest.json.asc`]: text });
		},
		...altered,
		says: 'Another valid signature of the same key: no later manifest binds it, the history does.',
	},
	{
		name: 'signature-replaced-and-put-back',
		actor: 'operator',
		change: async (site) => {
			const text = await site.sign(`${NEWEST}/manifest.json`, site.log.finalizer, LATER);
			site.commit({ [`${NEWEST}/manifest.json.asc`]: text });
			undo(site);
		},
		...restored,
		says: 'The same, undone.',
	},
	{
		name: 'newest-run-made-again',
		actor: 'operator',
		change: (site) => madeAgain(site),
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-altered', 'source-lacks'],
		says: 'Finalizer and approver signed other figures; the commit they name has the old ones.',
	},
	{
		name: 'newest-run-made-again-and-put-back',
		actor: 'operator',
		change: async (site) => {
			const before = site.tip();
			await madeAgain(site);
			site.git('read-tree', '-u', '--reset', before);
			site.commit();
		},
		...restored,
		says: 'Other figures were final for two commits.',
	},
	{
		name: 'newest-run-made-again-from-a-later-commit',
		actor: 'operator',
		change: async (site) => {
			site.git('rm', '-rq', NEWEST);
			const source = site.commit(edited(site, 'data/2026-04/all.csv'));
			await site.run('2026-04', { source });
			await site.approve(NEWEST);
		},
		verdict: 'TAMPERED',
		check: 'source-commits',
		codes: ['history-altered', 'history-restored', 'source-late'],
		says: 'The run names a commit as its source in which it was final already.',
	},
	{
		name: 'newest-run-removed-by-a-commit',
		actor: 'operator',
		change: (site) => {
			site.git('rm', '-rq', NEWEST);
			site.git('commit', '-qm', 'away');
		},
		...altered,
		says: 'What is left is a sound, shorter log; the history holds the run that is gone.',
	},
];
