import { CONTROLS } from './controls.ts';
import type { HistoryMutation } from './mutation.ts';
import { BRANCHES } from './mutations-branches.ts';
import { BUNDLES } from './mutations-bundles.ts';
import { COPIES } from './mutations-copies.ts';
import { EDITS } from './mutations-edits.ts';
import { HIDDEN } from './mutations-hidden.ts';
import { INCIDENTS } from './mutations-incidents.ts';
import { REWRITES } from './mutations-rewrites.ts';
import { SIGNERS } from './mutations-signers.ts';
import { SOURCES } from './mutations-sources.ts';
import { WORKTREE } from './mutations-worktree.ts';

/** Everything that the history shows, and what it cannot. */
export const HISTORY_MUTATIONS: readonly HistoryMutation[] = [
	...CONTROLS,
	...EDITS,
	...SIGNERS,
	...REWRITES,
	...HIDDEN,
	...SOURCES,
	...BRANCHES,
	...INCIDENTS,
	...WORKTREE,
	...COPIES,
	...BUNDLES,
];
