import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryMutation } from './mutation.ts';
import type { Site } from './site.ts';

export const FIRST = 'settlements/2026-01/r1';
export const NEWEST = 'settlements/2026-04/r1';
export const INPUT = 'data/2026-02/all.csv';

/** One digit of a final reading. */
export function edited(site: Site, path = INPUT): Record<string, string> {
	const text = site.read(path);
	const changed = text.replace('70.125', '71.125');
	if (changed === text) throw new Error(`${path} has no such digit`);
	return { [path]: changed };
}

export const undo = (site: Site, commit = 'HEAD') =>
	site.git('revert', '--no-edit', ...(commit === 'HEAD' ? [] : ['-m', '1']), commit);

const restored = {
	verdict: 'TAMPERED',
	check: 'history',
	codes: ['history-restored'],
} as const;

/** Final files edited in place, and most of them put back: the files alone show nothing of it. */
export const EDITS: readonly HistoryMutation[] = [
	{
		name: 'edit-and-revert',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			undo(site);
		},
		...restored,
		says: 'A digit of a final reading stood otherwise for one commit.',
	},
	{
		name: 'edit-and-leave',
		actor: 'outsider',
		change: (site) => void site.commit(edited(site)),
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-changed', 'record-differs', 'totals-differ', 'history-altered'],
		says: 'A digit of a final reading is another one, and the history says since when.',
	},
	{
		name: 'edit-twice-and-revert',
		actor: 'outsider',
		change: (site) => {
			const before = site.read(INPUT);
			site.commit(edited(site));
			site.commit({ [INPUT]: before.replace('70.125', '72.125') });
			site.commit({ [INPUT]: before });
		},
		...restored,
		says: 'Two edits in a row are one alteration, from the first to the restoration.',
	},
	{
		name: 'edit-of-a-replaced-input',
		actor: 'submitter',
		change: (site) => {
			site.commit(edited(site, 'data/2026-01/all.csv'));
			undo(site);
		},
		...restored,
		says: 'An input that a correction has replaced stays final all the same.',
	},
	{
		name: 'evil-merge',
		actor: 'outsider',
		change: (site) => {
			site.git('switch', '-qc', 'side');
			site.commit({ 'src/more.ts': '2;\n' });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '--no-commit', 'side');
			site.commit(edited(site), 'Merge side');
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-changed', 'record-differs', 'totals-differ', 'history-altered'],
		says: 'A merge commit changed what neither of its parents had changed.',
	},
	{
		name: 'evil-merge-reverted',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(INPUT);
			site.git('switch', '-qc', 'side');
			site.commit({ 'src/more.ts': '2;\n' });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '--no-commit', 'side');
			site.commit(edited(site), 'Merge side');
			site.commit({ [INPUT]: text });
		},
		...restored,
		says: 'The same, put back by the commit after it.',
	},
	{
		name: 'merge-of-an-edit-reverted',
		actor: 'submitter',
		change: (site) => {
			site.git('switch', '-qc', 'side');
			site.commit(edited(site));
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
			undo(site, site.tip());
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored', 'history-side-branch'],
		says: 'A proposal with an edit was merged, and the merge reverted.',
	},
	{
		name: 'mode-and-back',
		actor: 'outsider',
		change: (site) => {
			site.git('update-index', '--chmod=+x', `${FIRST}/statement.csv`);
			site.git('commit', '-qm', 'executable');
			site.git('update-index', '--chmod=-x', `${FIRST}/statement.csv`);
			site.git('commit', '-qm', 'plain');
		},
		...restored,
		says: 'A final file was executable for one commit.',
	},
	{
		name: 'link-and-back',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(INPUT);
			site.write({ [INPUT]: null });
			symlinkSync('../2026-01/all.csv', join(site.dir, INPUT));
			site.commit();
			site.write({ [INPUT]: null });
			site.commit({ [INPUT]: text });
		},
		...restored,
		says: 'A final file was a symbolic link for one commit.',
	},
	{
		name: 'link-of-the-same-bytes',
		actor: 'outsider',
		change: (site) => {
			const id = site.git('rev-parse', `HEAD:${INPUT}`);
			site.git('update-index', '--cacheinfo', `120000,${id},${INPUT}`);
			site.git('commit', '-qm', 'link');
			site.git('update-index', '--cacheinfo', `100644,${id},${INPUT}`);
			site.git('commit', '-qm', 'file');
		},
		...restored,
		says: 'The blob stayed the same, but a link to its text is not the file.',
	},
	{
		name: 'submodule-and-back',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(INPUT);
			site.git('update-index', '--force-remove', INPUT);
			site.git('update-index', '--add', '--cacheinfo', `160000,${site.tip()},${INPUT}`);
			site.git('commit', '-qm', 'submodule');
			site.git('rm', '-q', '--cached', INPUT);
			site.commit({ [INPUT]: text });
		},
		...restored,
		says: 'A final file was a commit of another repository for one commit.',
	},
	{
		name: 'file-to-folder-and-back',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(INPUT);
			site.write({ [INPUT]: null });
			site.commit({ [`${INPUT}/all.csv`]: text });
			site.write({ [INPUT]: null });
			site.commit({ [INPUT]: text });
		},
		...restored,
		says: 'A folder of its name stood in the place of a final file.',
	},
	{
		name: 'folder-renamed-and-back',
		actor: 'outsider',
		change: (site) => {
			site.git('mv', 'settlements/2026-02', 'settlements/2026-12');
			site.git('commit', '-qm', 'away');
			site.git('mv', 'settlements/2026-12', 'settlements/2026-02');
			site.git('commit', '-qm', 'back');
		},
		...restored,
		says: 'All files of a run were elsewhere for one commit.',
	},
	{
		name: 'file-removed-and-restored',
		actor: 'outsider',
		change: (site) => {
			const text = site.read(`${FIRST}/SHA256SUMS`);
			site.commit({ [`${FIRST}/SHA256SUMS`]: null });
			site.commit({ [`${FIRST}/SHA256SUMS`]: text });
		},
		...restored,
		says: 'The signed list of a run was not there for one commit.',
	},
	{
		name: 'all-removed-and-restored',
		actor: 'outsider',
		change: (site) => {
			site.git('rm', '-rq', 'settlements', 'trust', 'data');
			site.git('commit', '-qm', 'away');
			undo(site);
		},
		...restored,
		says: 'The log was emptied, and came back with the next commit.',
	},
	{
		name: 'line-ends-and-back',
		actor: 'submitter',
		change: (site) => {
			const text = site.read(INPUT);
			site.commit({ '.gitattributes': '* -text\n', [INPUT]: text.replaceAll('\n', '\r\n') });
			site.write({ '.gitattributes': '* text eol=lf\n' });
			site.git('add', '--renormalize', '.');
			site.commit({ [INPUT]: text });
		},
		...restored,
		says: 'A changed .gitattributes let CRLF in, and renormalizing took it out again.',
	},
	{
		name: 'addition-to-a-final-folder',
		actor: 'submitter',
		change: (site) => void site.commit({ 'data/2026-02/late.csv': 'entity\n' }),
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['file-unlisted', 'history-altered'],
		says: 'A file came into the data of a final period and lies there still.',
	},
	{
		name: 'addition-to-a-final-folder-removed',
		actor: 'submitter',
		change: (site) => {
			site.commit({ 'data/2026-02/late.csv': 'entity\n', [`${FIRST}/notes.txt`]: 'Note\n' });
			undo(site);
		},
		...restored,
		says: 'Files lay among final ones for one commit.',
	},
	{
		name: 'correction-ahead-of-its-turn',
		actor: 'submitter',
		change: async (site) => {
			const reason = site.read('data/2026-01/r2/correction.json');
			site.commit({ 'data/2026-02/r3/correction.json': reason });
			site.commit({ 'data/2026-02/r2/correction.json': reason });
			await site.run('2026-02');
			await site.approve('settlements/2026-02/r2');
		},
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['correction-open', 'history-restored'],
		says: 'Run 3 was prepared before run 2 was final: unlisted then, and in its turn now.',
	},
];
