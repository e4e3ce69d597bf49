import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { initLog } from '../../src/node/new-log.ts';
import { runGit } from './honest-log.ts';
import type { HistoryMutation, Setting } from './mutation.ts';
import { edited, INPUT, undo } from './mutations-edits.ts';
import { madeAgain } from './mutations-signers.ts';
import type { Site } from './site.ts';

const invisible = { verdict: 'VALID', codes: [] } as const;

const kept = ({ log }: Site): Setting => ({ checkpoint: log.checkpoint });

/** Main back to an earlier tip, as a forced push leaves it: what came after is gone. */
const backTo = (site: Site, name: string) =>
	void site.git('reset', '-q', '--hard', site.log.tips[name] ?? '');

async function madeAgainInPlace(site: Site): Promise<void> {
	backTo(site, 'approved 2026-03');
	const text = site.read('data/2026-02/all.csv').replaceAll('2026-02', '2026-04');
	site.commit({ 'data/2026-04/all.csv': text.replace('70.125', '71.125') });
	await site.run('2026-04', { instant: '2026-05-06T09:00:00Z' });
	await site.approve('settlements/2026-04/r1', '2026-05-06T10:00:00Z');
}

const oneCommit = (site: Site) => {
	site.git('reset', '-q', '--soft', site.log.tips['begun'] ?? '');
	site.git('commit', '-q', '--amend', '-m', 'everything');
};

/** Every commit again, with another message and therefore another id. */
const filtered = (site: Site) =>
	site.git('filter-branch', '-f', '--msg-filter', 'sed s/finalize/settle/', 'main');

const offMain = {
	verdict: 'TAMPERED',
	check: 'source-commits',
	codes: ['source-off-main'],
} as const;

/** A new log in the same repository, begun after everything. */
async function begunAgain(site: Site): Promise<string> {
	site.git('rm', '-rq', 'data', 'settlements', 'trust');
	site.git('commit', '-qm', 'away');
	const { root_sha256 } = await initLog({
		...{ dir: site.dir, log: 'example.org/test', keys: `${site.dir}.keys` },
		...{ passphrase: async () => '', now: new Date('2026-01-01T00:00:00Z') },
	});
	return root_sha256;
}

/** A history made again, where one commit cannot be seen in the next. */
export const REWRITES: readonly HistoryMutation[] = [
	{
		name: 'newest-run-reset-away',
		actor: 'operator',
		change: (site) => backTo(site, 'approved 2026-03'),
		...invisible,
		says: 'Main was set back and pushed by force. Without a checkpoint nobody can know.',
	},
	{
		name: 'newest-run-reset-away-with-checkpoint',
		actor: 'operator',
		change: (site) => {
			backTo(site, 'approved 2026-03');
			return kept(site);
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-ahead', 'checkpoint-commit'],
		says: 'The same, for somebody who kept four lines.',
	},
	{
		name: 'newest-run-made-again-in-place',
		actor: 'operator',
		change: madeAgainInPlace,
		...invisible,
		says: 'All keys together made another newest run after setting main back: as sound as the first.',
	},
	{
		name: 'newest-run-made-again-in-place-with-checkpoint',
		actor: 'operator',
		change: async (site) => {
			await madeAgainInPlace(site);
			return kept(site);
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-root', 'checkpoint-commit'],
		says: 'The same, for somebody who kept four lines.',
	},
	{
		name: 'newest-run-made-again-on-top-with-checkpoint',
		actor: 'operator',
		change: async (site) => {
			await madeAgain(site);
			return kept(site);
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['history-altered', 'source-lacks', 'checkpoint-root'],
		says: 'The commit that was kept is still there, the manifests are not the same.',
	},
	{
		name: 'last-commit-amended',
		actor: 'operator',
		change: (site) => void site.git('commit', '-q', '--amend', '-m', 'other words'),
		...invisible,
		says: 'No run names the last commit yet, so nothing inside the repository holds it.',
	},
	{
		name: 'last-commit-amended-with-checkpoint',
		actor: 'operator',
		change: (site) => {
			site.git('commit', '-q', '--amend', '-m', 'other words');
			return kept(site);
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-commit'],
		says: 'The manifests are the same, the commit that was kept is not on main.',
	},
	{
		name: 'squash-of-everything',
		actor: 'operator',
		change: oneCommit,
		...offMain,
		says: 'All history became one commit; the commits that the runs name are gone.',
	},
	{
		name: 'edit-hidden-by-a-squash',
		actor: 'operator',
		change: (site) => {
			site.commit(edited(site));
			undo(site);
			oneCommit(site);
		},
		...offMain,
		says: 'The squash hides an edit and its restoration, but not itself.',
	},
	{
		name: 'filtered-history',
		actor: 'operator',
		change: (site) => void filtered(site),
		...offMain,
		says: 'Messages were rewritten, and with them every id.',
	},
	{
		name: 'rebased-main',
		actor: 'operator',
		change: (site) => {
			site.git('switch', '-qc', 'other', site.log.tips['begun'] ?? '');
			site.commit({ 'src/early.ts': '0;\n' });
			site.git('rebase', '-q', '--onto', 'other', site.log.tips['begun'] ?? '', 'main');
		},
		...offMain,
		says: 'A commit was put below the runs.',
	},
	{
		name: 'foxtrot-over-a-source',
		actor: 'operator',
		change: (site) => {
			site.git('switch', '-qc', 'mine', site.log.tips['final 2026-03'] ?? '');
			site.commit({ 'src/mine.ts': '3;\n' });
			site.git('merge', '-q', '--no-ff', '-m', 'Merge main into mine', 'main');
			site.git('branch', '-qf', 'main', 'mine');
			site.git('switch', '-q', 'main');
		},
		...offMain,
		says: 'A pull made the old main the second parent: the source of April is on a side branch now.',
	},
	{
		name: 'checkpoint-of-another-log',
		actor: 'nobody',
		change: (site) => {
			const checkpoint = `${site.dir}.other`;
			const text = ['example.com/other', '1', `${'A'.repeat(43)}=`, `commit ${'0'.repeat(40)}`];
			writeFileSync(checkpoint, `${text.join('\n')}\n`);
			return { checkpoint };
		},
		verdict: 'UNTRUSTED',
		check: 'checkpoint',
		codes: ['checkpoint-log'],
		says: 'The four lines were kept of a log of another name.',
	},
	{
		name: 'older-clone-with-a-newer-checkpoint',
		actor: 'nobody',
		change: (site) => {
			const older = `${site.dir}-older`;
			const tip = site.log.tips['approved 2026-03'] ?? '';
			runGit(dirname(site.dir), ['clone', '-q', site.dir, older]);
			runGit(older, ['reset', '-q', '--hard', tip]);
			runGit(older, ['bundle', 'create', '-q', `${older}.bundle`, 'main']);
			return { ...kept(site), dir: older, bundle: `${older}.bundle` };
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-ahead', 'checkpoint-commit'],
		says: 'An old copy looks like one whose newest run was removed; the sentence says both.',
	},
	{
		name: 'checkpoint-commit-on-a-side-branch',
		actor: 'operator',
		change: (site) => {
			const { log } = site;
			site.git('switch', '-qc', 'mine', log.tips['approved 2026-04'] ?? '');
			site.commit({ 'src/mine.ts': '3;\n' });
			site.git('merge', '-q', '--no-ff', '-m', 'Merge main into mine', 'main');
			site.git('branch', '-qf', 'main', 'mine');
			site.git('switch', '-q', 'main');
			return kept(site);
		},
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-commit'],
		says: 'The commit that was kept is an ancestor, but not on the main line.',
	},
	{
		name: 'begun-again',
		actor: 'operator',
		change: async (site) => void (await begunAgain(site)),
		verdict: 'UNTRUSTED',
		check: 'pin',
		codes: ['log-empty', 'root-not-pinned'],
		says: 'The repository holds a new log under another trust root; the old one is out of scope.',
	},
	{
		name: 'begun-again-under-the-new-pin',
		actor: 'operator',
		change: async (site) => ({ pin: await begunAgain(site) }),
		verdict: 'INCOMPLETE',
		check: 'chain',
		codes: ['log-empty'],
		says: 'Under its own pin the new log is empty, and what came before does not concern it.',
	},
	{
		name: 'begun-again-with-checkpoint',
		actor: 'operator',
		change: async (site) => ({ pin: await begunAgain(site), ...kept(site) }),
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['log-empty', 'checkpoint-ahead'],
		says: 'The four lines are of a log of this name with five runs, and this one has none.',
	},
	{
		name: 'edit-before-a-foreign-beginning',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			const text = site.read('trust/root-1.json');
			site.commit({ 'trust/root-1.json': null });
			const back = site.read(INPUT).replace('71.125', '70.125');
			site.commit({ 'trust/root-1.json': text, [INPUT]: back });
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'Taking the trust root away for a while does not let the log begin later.',
	},
];
