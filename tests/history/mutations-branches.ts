import type { HistoryMutation } from './mutation.ts';
import { edited, INPUT } from './mutations-edits.ts';
import type { Site } from './site.ts';

const noticed = { verdict: 'VALID', codes: ['history-side-branch'] } as const;
const silent = { verdict: 'VALID', codes: [] } as const;

/** Works on a branch that begins at a commit, and comes back to main. */
function beside(site: Site, from: string, name: string, work: () => void): void {
	site.git('switch', '-qc', name, from);
	work();
	site.git('switch', '-q', 'main');
}

const merge = (site: Site, ...words: string[]) =>
	void site.git('merge', '-q', '--no-ff', '-m', 'Merge', ...words);

/** What happened beside the main line and never came into force. */
export const BRANCHES: readonly HistoryMutation[] = [
	{
		name: 'side-branch-edited-and-reverted',
		actor: 'submitter',
		change: (site) => {
			beside(site, 'main', 'side', () => {
				const text = site.read(INPUT);
				site.commit(edited(site));
				site.commit({ [INPUT]: text, 'src/side.ts': '4;\n' });
			});
			merge(site, 'side');
		},
		...noticed,
		says: 'A proposal edited a final file and put it back before it was merged.',
	},
	{
		name: 'side-branch-edited-and-dropped-by-the-merge',
		actor: 'submitter',
		change: (site) => {
			beside(site, 'main', 'side', () => void site.commit(edited(site)));
			merge(site, '-s', 'ours', 'side');
		},
		...noticed,
		says: 'The merge took nothing of a proposal that edited a final file.',
	},
	{
		name: 'side-branch-with-an-evil-merge',
		actor: 'submitter',
		change: (site) => {
			const text = site.read(INPUT);
			beside(site, site.log.tips['third'] ?? '', 'side', () => {
				site.commit({ 'src/side.ts': '4;\n' });
				site.git('merge', '-q', '--no-ff', '--no-commit', 'main');
				site.commit(edited(site), 'Merge main');
				site.commit({ [INPUT]: text });
			});
			merge(site, 'side');
		},
		...noticed,
		says: 'A merge beside the main line changed a final file, and the next commit put it back.',
	},
	{
		name: 'side-branch-that-finalized-and-edited',
		actor: 'operator',
		change: async (site) => {
			site.git('switch', '-qc', 'side');
			await site.run('2026-05');
			await site.approve('settlements/2026-05/r1');
			const path = 'settlements/2026-05/r1/statement.csv';
			const text = site.read(path);
			site.commit({ [path]: text.replace('office', 'bureau') });
			site.commit({ [path]: text });
			site.git('switch', '-q', 'main');
			merge(site, 'side');
		},
		...noticed,
		says: 'A run was final on a branch, edited there and put back before main ever had it.',
	},
	{
		name: 'side-branch-begun-before-finalization',
		actor: 'nobody',
		change: (site) => {
			beside(site, site.log.tips['begun'] ?? '', 'side', () => {
				site.commit({ 'data/2026-01/all.csv': 'entity\n', 'data/2026-02/all.csv': 'entity\n' });
			});
			merge(site, '-s', 'ours', 'side');
		},
		...silent,
		says: 'When that branch began nothing was final, so it altered nothing.',
	},
	{
		name: 'side-branch-that-kept-its-own-readings',
		actor: 'submitter',
		change: (site) => {
			beside(site, site.log.tips['begun'] ?? '', 'side', () => {
				site.commit({ [INPUT]: 'entity\n' });
				merge(site, '-X', 'ours', 'main');
			});
			merge(site, '-s', 'ours', 'side');
		},
		...noticed,
		says: 'A proposal merged main and kept its own readings of a period that was final by then.',
	},
	{
		name: 'octopus',
		actor: 'nobody',
		change: (site) => {
			for (const name of ['a', 'b', 'c']) {
				beside(site, 'main', name, () => void site.commit({ [`src/${name}.ts`]: '5;\n' }));
			}
			merge(site, 'a', 'b', 'c');
		},
		...silent,
		says: 'A merge of three branches at once.',
	},
	{
		name: 'octopus-with-an-edit',
		actor: 'submitter',
		change: (site) => {
			for (const name of ['a', 'b', 'c']) {
				beside(site, 'main', name, () => void site.commit({ [`src/${name}.ts`]: '5;\n' }));
			}
			beside(site, 'c', 'd', () => {
				const text = site.read(INPUT);
				site.commit(edited(site));
				site.commit({ [INPUT]: text, 'src/d.ts': '5;\n' });
			});
			merge(site, 'a', 'b', 'd');
		},
		...noticed,
		says: 'One of three branches edited a final file and put it back.',
	},
	{
		name: 'unrelated-history',
		actor: 'nobody',
		change: (site) => {
			site.git('switch', '-q', '--orphan', 'other');
			site.commit({ 'other/readme.txt': 'Other\n', 'data/2026-02/all.csv': 'entity\n' });
			site.git('switch', '-q', 'main');
			merge(site, '--allow-unrelated-histories', '-s', 'ours', 'other');
		},
		...silent,
		says: 'Another repository was merged in; its files of the same names were never of this log.',
	},
	{
		name: 'foxtrot-between-two-runs',
		actor: 'nobody',
		change: (site) => {
			site.git('switch', '-qc', 'mine', site.log.tips['approved 2026-04'] ?? '');
			site.commit({ 'src/mine.ts': '3;\n' });
			merge(site, 'main');
			site.git('branch', '-qf', 'main', 'mine');
			site.git('switch', '-q', 'main');
		},
		...silent,
		says: 'A pull made main the second parent, but no run was made there.',
	},
];
