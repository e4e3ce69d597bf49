import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryMutation } from './mutation.ts';
import { edited, FIRST, INPUT, NEWEST } from './mutations-edits.ts';

const folder = { only: 'folder' } as const;
const silent = { ...folder, verdict: 'VALID', codes: [] } as const;

/** What is not committed: a bundle has none of it. */
export const WORKTREE: readonly HistoryMutation[] = [
	{
		name: 'edit-not-committed',
		actor: 'outsider',
		change: (site) => site.write(edited(site)),
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-changed', 'record-differs', 'totals-differ', 'file-differs'],
		says: 'The folder has another digit than its last commit.',
	},
	{
		name: 'edit-committed-and-undone-in-the-folder',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(INPUT);
			site.commit(edited(site));
			site.write({ [INPUT]: text });
		},
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-altered', 'file-differs'],
		says: 'The files are sound; what everybody else would get from the repository is not.',
	},
	{
		name: 'edit-of-a-correction-undone-in-the-folder',
		actor: 'outsider',
		change: (site) => {
			const path = 'data/2026-01/r2/all.csv';
			const text = site.read(path);
			site.commit(edited(site, path));
			site.write({ [path]: text });
		},
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-altered', 'file-differs'],
		says: 'The same with a reading of a correction that is final.',
	},
	{
		name: 'removal-not-committed',
		actor: 'outsider',
		change: (site) => site.write({ [`${FIRST}/statement.csv`]: null }),
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-missing', 'file-differs'],
		says: 'The folder lacks a file that its last commit has.',
	},
	{
		name: 'newest-run-removed-and-not-committed',
		actor: 'outsider',
		change: (site) => site.write({ [NEWEST]: null }),
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-differs'],
		says: 'The files are a sound, shorter log; the last commit has the run that is gone.',
	},
	{
		name: 'addition-not-committed',
		actor: 'outsider',
		change: (site) => site.write({ 'data/2026-02/late.csv': 'entity\n' }),
		...folder,
		verdict: 'TAMPERED',
		check: 'contents',
		codes: ['file-unlisted', 'file-uncommitted'],
		says: 'The folder has a file among final ones that no list names.',
	},
	{
		name: 'mode-not-committed',
		actor: 'outsider',
		change: (site) => chmodSync(join(site.dir, INPUT), 0o755),
		...folder,
		verdict: 'TAMPERED',
		check: 'hygiene',
		codes: ['file-irregular'],
		says: 'A final file is executable in the folder.',
	},
	{
		name: 'trust-root-edited-and-not-committed',
		actor: 'outsider',
		change: (site) => {
			const path = 'trust/root-1.json';
			site.write({ [path]: site.read(path).replace('"root_threshold": 1', '"root_threshold": 2') });
		},
		...folder,
		verdict: 'TAMPERED',
		check: 'trust-root',
		codes: ['root-malformed', 'trust-unlisted'],
		says: 'No trust root is left to judge anything by.',
	},
	{
		name: 'run-not-committed',
		actor: 'operator',
		change: async (site) => {
			await site.run('2026-05');
			await site.approve('settlements/2026-05/r1');
			site.git('reset', '-q', '--soft', site.log.tips['open'] ?? '');
			site.git('reset', '-q');
		},
		...folder,
		verdict: 'INCOMPLETE',
		check: 'history',
		codes: ['file-uncommitted'],
		says: 'The run is sound, but no commit has it yet: the history says nothing about it.',
	},
	{
		name: 'edit-staged-only',
		actor: 'nobody',
		change: (site) => {
			const text = site.read(INPUT);
			site.write(edited(site));
			site.git('add', '-A');
			site.write({ [INPUT]: text });
		},
		...silent,
		says: 'The index is no evidence: files and last commit agree.',
	},
	{
		name: 'correction-not-committed',
		actor: 'submitter',
		change: (site) => {
			const text = site.read('data/2026-01/r2/correction.json');
			site.write({ 'data/2026-02/r2/correction.json': text });
		},
		...folder,
		verdict: 'VALID',
		codes: ['correction-open'],
		says: 'A correction that is not final may lie there, committed or not.',
	},
	{
		name: 'open-period-not-committed',
		actor: 'submitter',
		change: (site) => site.write(edited(site, 'data/2026-05/all.csv')),
		...silent,
		says: 'A period without a run is open.',
	},
	{
		name: 'detached-head',
		actor: 'nobody',
		change: (site) => void site.git('switch', '-q', '--detach'),
		...silent,
		says: 'The commit that is checked out is the head, whatever branch has it.',
	},
	{
		name: 'older-commit-checked-out',
		actor: 'nobody',
		change: (site) => {
			site.git('switch', '-q', '--detach', site.log.tips['approved 2026-03'] ?? '');
			return { checkpoint: site.log.checkpoint };
		},
		...folder,
		verdict: 'TAMPERED',
		check: 'checkpoint',
		codes: ['checkpoint-ahead', 'checkpoint-commit'],
		says: 'The verdict is of what is checked out, and that is older than the checkpoint.',
	},
	{
		name: 'another-branch-checked-out',
		actor: 'nobody',
		change: (site) => {
			site.git('switch', '-qc', 'june');
			site.commit({ 'data/2026-06/all.csv': 'entity\n' });
			return { checkpoint: site.log.checkpoint };
		},
		...silent,
		says: 'A proposal on top of main has the whole log.',
	},
	{
		name: 'another-branch-with-an-edit-checked-out',
		actor: 'submitter',
		change: (site) => {
			site.git('switch', '-qc', 'june');
			site.commit(edited(site));
			site.git('revert', '--no-edit', 'HEAD');
		},
		...folder,
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'What is checked out is judged as main would be, if it were merged like this.',
	},
	{
		name: 'linked-worktree',
		actor: 'nobody',
		change: (site) => {
			site.git('worktree', 'add', '-q', `${site.dir}-linked`, '-b', 'linked');
			return { dir: `${site.dir}-linked` };
		},
		...silent,
		says: 'A second folder of one repository has its history.',
	},
];
