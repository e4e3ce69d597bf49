import type { Mutation } from './mutation.ts';
import { APPROVAL_MUTATIONS } from './mutations-approvals.ts';
import { FILE_MUTATIONS } from './mutations-files.ts';
import { INTERVAL_MUTATIONS } from './mutations-intervals.ts';
import { KEY_MUTATIONS } from './mutations-keys.ts';
import { LIST_MUTATIONS } from './mutations-list.ts';
import { LOCK_MUTATIONS } from './mutations-lock.ts';
import { FORM_MUTATIONS } from './mutations-manifest.ts';
import { PATH_MUTATIONS } from './mutations-paths.ts';
import { RUN_MUTATIONS } from './mutations-runs.ts';
import { SIGNATURE_MUTATIONS } from './mutations-signatures.ts';
import { STATEMENT_MUTATIONS } from './mutations-statements.ts';
import { TRUST_MUTATIONS } from './mutations-trust.ts';

const UNCHANGED: Mutation = {
	name: 'nothing-changed',
	actor: 'nobody',
	change: () => {},
	verdict: 'VALID',
	says: 'The log as it was finalized.',
};

/** Everything that is tried against the verifier, one change each. */
export const MUTATIONS: readonly Mutation[] = [
	UNCHANGED,
	...FILE_MUTATIONS,
	...PATH_MUTATIONS,
	...LIST_MUTATIONS,
	...FORM_MUTATIONS,
	...STATEMENT_MUTATIONS,
	...RUN_MUTATIONS,
	...SIGNATURE_MUTATIONS,
	...TRUST_MUTATIONS,
	...KEY_MUTATIONS,
	...APPROVAL_MUTATIONS,
	...LOCK_MUTATIONS,
	...INTERVAL_MUTATIONS,
];
