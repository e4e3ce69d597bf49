import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../history/honest-log.ts';
import { type Scratch, scratchLog, writeFiles } from './scratch.ts';

/** A log with everything around it that `doctor` asks for, all of it in order. */
export async function installedLog(): Promise<Scratch> {
	const log = await scratchLog(['2026-01']);
	const { dir } = log;
	cpSync('.github', join(dir, '.github'), { recursive: true });
	cpSync('.gitattributes', join(dir, '.gitattributes'));
	const sample = JSON.parse(readFileSync('src/site.json', 'utf8'));
	const own = {
		organization: 'North Estate',
		contact: 'energy@north.example',
		site_url: 'https://north.example',
		repository_url: 'https://github.com/north/energy',
		forge: 'github',
	};
	writeFiles(dir, {
		'src/site.json': JSON.stringify({ ...sample, ...own }),
		'.github/CODEOWNERS': '* @north/energy # not @your-organization/energy\n',
	});
	runGit(dir, ['remote', 'add', 'origin', 'git@github.com:north/energy.git']);
	runGit(dir, ['add', '-A']);
	runGit(dir, ['commit', '-q', '-m', 'begin']);
	return log;
}

/** What the API of GitHub says of a repository that is set up as docs/setup.md says, by path. */
export function forgeAnswers(root_sha256: string): Record<string, unknown> {
	const at = (path: string) => `repos/north/energy${path}`;
	const environment = at('/environments/finalize');
	return {
		[at('')]: {
			full_name: 'north/energy',
			default_branch: 'main',
			permissions: { admin: true, push: true },
		},
		[environment]: {
			name: 'finalize',
			protection_rules: [
				{ id: 1, type: 'required_reviewers', prevent_self_review: true, reviewers: [{}] },
				{ id: 2, type: 'branch_policy' },
			],
			deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
		},
		[`${environment}/deployment-branch-policies?per_page=100`]: {
			total_count: 1,
			branch_policies: [{ id: 3, name: 'main', type: 'branch' }],
		},
		[`${environment}/secrets?per_page=100`]: {
			total_count: 2,
			secrets: [{ name: 'FINALIZER_KEY' }, { name: 'FINALIZER_PASSPHRASE' }],
		},
		[at('/actions/secrets?per_page=100')]: { total_count: 0, secrets: [] },
		[at('/rules/branches/main?per_page=100')]: [
			{ type: 'deletion', ruleset_id: 4 },
			{ type: 'non_fast_forward', ruleset_id: 4 },
			{ type: 'pull_request', ruleset_id: 5, parameters: { require_code_owner_review: true } },
			{
				type: 'required_status_checks',
				ruleset_id: 5,
				parameters: { required_status_checks: [{ context: 'Data check', integration_id: 15368 }] },
			},
		],
		[at('/rulesets/5')]: {
			id: 5,
			bypass_actors: [{ actor_id: 15368, actor_type: 'Integration', bypass_mode: 'always' }],
		},
		[at('/pages')]: { build_type: 'workflow' },
		[at('/actions/variables/WATTPROOF_ROOT')]: { name: 'WATTPROOF_ROOT', value: root_sha256 },
		[at('/codeowners/errors')]: { errors: [] },
	};
}
