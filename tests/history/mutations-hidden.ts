import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryMutation } from './mutation.ts';
import { edited, undo } from './mutations-edits.ts';

/** An edit that Git itself would no longer show. */
export const HIDDEN: readonly HistoryMutation[] = [
	{
		name: 'edit-hidden-by-a-replacement',
		actor: 'outsider',
		change: (site) => {
			const before = site.tip();
			const edit = site.commit(edited(site));
			undo(site);
			site.git('replace', edit, before);
			site.git('bundle', 'create', '-q', `${site.dir}.bundle`, '--all');
			return { bundle: `${site.dir}.bundle` };
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'git log no longer shows the edit, because a replacement stands for it.',
	},
	{
		name: 'edit-hidden-by-a-graft',
		actor: 'outsider',
		change: (site) => {
			const before = site.tip();
			site.commit(edited(site));
			undo(site);
			mkdirSync(join(site.dir, '.git/info'), { recursive: true });
			writeFileSync(join(site.dir, '.git/info/grafts'), `${site.tip()} ${before}\n`);
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'A graft tells git that the edit has never been a parent.',
	},
	{
		name: 'edit-hidden-by-a-planted-shallow-file',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			undo(site);
			writeFileSync(join(site.dir, '.git/shallow'), `${site.tip()}\n`);
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'The file says that history begins here; the commits before it are there all the same.',
	},
	{
		name: 'planted-shallow-file',
		actor: 'nobody',
		change: (site) => writeFileSync(join(site.dir, '.git/shallow'), `${site.tip()}\n`),
		only: 'folder',
		verdict: 'VALID',
		codes: [],
		says: 'Nothing is missing, whatever the file says.',
	},
];
