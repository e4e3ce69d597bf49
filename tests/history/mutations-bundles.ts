import { runGit } from './honest-log.ts';
import type { HistoryMutation } from './mutation.ts';
import { clone, respoil } from './mutations-copies.ts';
import { INPUT } from './mutations-edits.ts';

/** Bundles that lack something, or hold more than main. */
export const BUNDLES: readonly HistoryMutation[] = [
	{
		name: 'bundle-of-a-shallow-clone',
		actor: 'nobody',
		change: (site) => {
			const { dir = '' } = clone(site, '--depth', '2');
			const bundle = `${dir}.bundle`;
			runGit(dir, ['bundle', 'create', '-q', bundle, 'main']);
			return { bundle };
		},
		only: 'bundle',
		verdict: 'INCOMPLETE',
		check: 'history',
		codes: ['history-absent', 'source-off-main'],
		says: 'A bundle has no more than the clone that it was made of.',
	},
	{
		name: 'bundle-cut-short',
		actor: 'nobody',
		change: (site) => {
			const bundle = `${site.dir}-cut.bundle`;
			site.git('bundle', 'create', '-q', bundle, 'main');
			respoil(bundle, (bytes) => bytes.subarray(0, bytes.length >> 1));
			return { bundle };
		},
		only: 'bundle',
		verdict: 'INCOMPLETE',
		check: 'history',
		codes: ['history-broken', 'log-empty', 'root-missing'],
		says: 'The bundle ends in the middle, so it has no files either.',
	},
	{
		name: 'bundle-that-builds-on-another',
		actor: 'nobody',
		change: (site) => {
			const bundle = `${site.dir}-thin.bundle`;
			site.git('bundle', 'create', '-q', bundle, `${site.log.tips['third']}..main`);
			return { bundle };
		},
		only: 'bundle',
		verdict: 'INCOMPLETE',
		check: 'history',
		codes: ['file-unavailable', 'previous-mismatch', 'recomputation-blocked', 'sequence-gap'],
		says: 'The bundle holds the newest commits alone.',
	},
	{
		name: 'bundle-of-master',
		actor: 'nobody',
		change: (site) => {
			const bundle = `${site.dir}-master.bundle`;
			site.git('branch', '-m', 'main', 'master');
			site.git('bundle', 'create', '-q', bundle, 'master');
			return { bundle };
		},
		verdict: 'VALID',
		codes: [],
		says: 'Where there is one branch only, its name does not matter.',
	},
	{
		name: 'bundle-of-two-branches-and-no-main',
		actor: 'nobody',
		change: (site) => {
			const bundle = `${site.dir}-two.bundle`;
			site.git('branch', '-m', 'main', 'one');
			site.git('branch', 'two');
			site.git('bundle', 'create', '-q', bundle, 'one', 'two');
			return { bundle };
		},
		only: 'bundle',
		verdict: 'INCOMPLETE',
		check: 'history',
		codes: ['history-broken', 'log-empty', 'root-missing'],
		says: 'Nobody can say which of them is meant.',
	},
	{
		name: 'bundle-with-a-loud-side-branch',
		actor: 'submitter',
		change: (site) => {
			site.git('switch', '-qc', 'side');
			site.commit({ [INPUT]: 'entity\n' });
			site.git('switch', '-q', 'main');
			site.git('tag', 'spoiled', 'side');
			const bundle = `${site.dir}-all.bundle`;
			site.git('bundle', 'create', '-q', bundle, '--all');
			return { bundle };
		},
		verdict: 'VALID',
		codes: [],
		says: 'Branches and tags that main never took over concern nobody.',
	},
];
