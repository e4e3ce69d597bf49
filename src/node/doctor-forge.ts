import * as z from 'zod/mini';
import { type Diagnosis, type Examination, ok, problem, unknown } from './diagnosis.ts';
import type { KnownLog } from './doctor-trust.ts';
import type { AskForge, ForgeAnswer } from './forge-answer.ts';
import type { SiteSettings } from './site-settings.ts';

/** What is examined on the forge. */
const THERE = [
	'repository',
	'environment',
	'secrets',
	'rules',
	'bypass',
	'pages',
	'variables',
] as const satisfies readonly Examination[];

/** GitHub's own app, whose token a workflow has: its number is the same everywhere. */
const GITHUB_ACTIONS = 15368;
const SECRETS = ['FINALIZER_KEY', 'FINALIZER_PASSPHRASE'];
/** What has to hold for main in any case, by the names of the API. */
const RULES = ['deletion', 'non_fast_forward'];
/** Rules that a push of one commit on top of main does not meet. */
const HARMLESS: ReadonlySet<string> = new Set([
	'creation',
	'deletion',
	'non_fast_forward',
	'required_linear_history',
]);
const REQUIRED_CHECK = 'Data check';

const named = z.object({ name: z.string() });
const SHAPES = {
	repository: z.object({
		full_name: z.string(),
		default_branch: z.string(),
		permissions: z.optional(z.object({ admin: z.boolean() })),
	}),
	environment: z.object({
		protection_rules: z.optional(z.array(z.object({ type: z.string() }))),
		deployment_branch_policy: z.nullable(
			z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }),
		),
	}),
	policies: z.object({ branch_policies: z.array(named) }),
	secrets: z.object({ secrets: z.array(named) }),
	rules: z.array(
		z.object({
			type: z.string(),
			ruleset_id: z.number(),
			parameters: z.optional(
				z.object({
					required_status_checks: z.optional(z.array(z.object({ context: z.string() }))),
					require_code_owner_review: z.optional(z.boolean()),
				}),
			),
		}),
	),
	ruleset: z.object({
		bypass_actors: z.optional(
			z.array(
				z.object({
					actor_id: z.nullish(z.number()),
					actor_type: z.string(),
					bypass_mode: z.optional(z.string()),
				}),
			),
		),
	}),
	pages: z.object({ build_type: z.nullable(z.string()) }),
	variable: z.object({ value: z.string() }),
	owners: z.object({ errors: z.array(z.object({ line: z.number(), kind: z.string() })) }),
};
type Shapes = typeof SHAPES;

/** A question below the address of one repository, and its answer in the shape that is expected. */
type Ask = <Name extends keyof Shapes>(
	shape: Name,
	path: string,
) => Exclude<ForgeAnswer, { state: 'there' }> | { state: 'there'; value: z.output<Shapes[Name]> };

/** The settings of the forge that an installation needs, as far as they may be read. */
export function examineForge(
	askForge: AskForge,
	settings: SiteSettings | null,
	log: KnownLog,
): Diagnosis[] {
	const [, host = '', name = ''] =
		/^https:\/\/([\w.-]+)\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
			settings?.repository_url ?? '',
		) ?? [];
	if (settings?.forge !== 'github' || name === '') {
		return THERE.map((check) => unknown(check, { code: 'not-on-github' }));
	}
	const ask: Ask = (shape, path) => {
		const answer = askForge(host, `repos/${name}${path}`);
		if (answer.state !== 'there') return answer;
		const read = SHAPES[shape].safeParse(answer.value);
		if (!read.success) return { state: 'silent', reason: 'the answer has another form' };
		return { state: 'there', value: read.data as z.output<Shapes[typeof shape]> };
	};
	const repository = ask('repository', '');
	if (repository.state !== 'there') {
		const reason = repository.state === 'silent' ? repository.reason : HIDDEN;
		return THERE.map((check) => unknown(check, { code: 'forge-silent', reason }));
	}
	const { full_name, default_branch, permissions } = repository.value;
	// To others GitHub says "not found" of what they may not see.
	const sure: Ask = (shape, path) => {
		const answer = ask(shape, path);
		if (answer.state !== 'absent' || permissions?.admin === true) return answer;
		return { state: 'silent', reason: HIDDEN };
	};
	return [
		default_branch === 'main'
			? ok('repository', { code: 'repository-read', name: full_name })
			: problem('repository', { code: 'repository-branch', branch: default_branch }),
		...examineEnvironment(sure),
		...examineRules(sure),
		...examinePages(sure),
		...examineVariables(sure, log),
		...examineOwnersThere(ask),
	];
}

const HIDDEN = 'it is not there, or not for this login to see; log in as an administrator';

function silent(check: Examination, { reason }: { readonly reason: string }): Diagnosis {
	return unknown(check, { code: 'forge-silent', reason });
}

function examineEnvironment(ask: Ask): Diagnosis[] {
	const path = '/environments/finalize';
	const environment = ask('environment', path);
	if (environment.state === 'silent') {
		return [silent('environment', environment), silent('secrets', environment)];
	}
	if (environment.state === 'absent') {
		return [
			problem('environment', { code: 'environment-missing' }),
			problem('secrets', { code: 'secrets-missing', names: SECRETS }),
		];
	}
	const { protection_rules = [], deployment_branch_policy } = environment.value;
	const diagnoses: Diagnosis[] = [];
	if (deployment_branch_policy?.custom_branch_policies === true) {
		const policies = ask('policies', `${path}/deployment-branch-policies?per_page=100`);
		if (policies.state === 'silent') diagnoses.push(silent('environment', policies));
		const names = policies.state === 'there' ? policies.value.branch_policies : [];
		const onlyMain = names.length === 1 && names[0]?.name === 'main';
		if (policies.state !== 'silent' && !onlyMain) {
			diagnoses.push(problem('environment', { code: 'environment-branches' }));
		}
	} else {
		// "Protected branches" may be more than main, and without a policy it is every branch.
		diagnoses.push(problem('environment', { code: 'environment-branches' }));
	}
	if (!protection_rules.some(({ type }) => type === 'required_reviewers')) {
		diagnoses.push(problem('environment', { code: 'environment-reviewers' }));
	}
	if (diagnoses.length === 0) diagnoses.push(ok('environment', { code: 'environment-guarded' }));
	return [...diagnoses, ...examineSecrets(ask, path)];
}

/** The names alone: nobody can read the values. */
function examineSecrets(ask: Ask, environment: string): Diagnosis[] {
	const here = ask('secrets', `${environment}/secrets?per_page=100`);
	const everywhere = ask('secrets', '/actions/secrets?per_page=100');
	if (here.state === 'silent') return [silent('secrets', here)];
	const names = here.state === 'there' ? here.value.secrets.map(({ name }) => name) : [];
	const missing = SECRETS.filter((name) => !names.includes(name));
	if (missing.length > 0) {
		return [problem('secrets', { code: 'secrets-missing', names: missing })];
	}
	if (everywhere.state !== 'there') {
		return [silent('secrets', everywhere.state === 'silent' ? everywhere : { reason: HIDDEN })];
	}
	const open = everywhere.value.secrets.filter(({ name }) => SECRETS.includes(name));
	if (open.length > 0) {
		const exposed = open.map(({ name }) => name);
		return [problem('secrets', { code: 'secrets-everywhere', names: exposed })];
	}
	return [ok('secrets', { code: 'secrets-there' })];
}

/** The rules that are in force for main, and whether the workflow may pass those that stop it. */
function examineRules(ask: Ask): Diagnosis[] {
	const answer = ask('rules', '/rules/branches/main?per_page=100');
	if (answer.state !== 'there') {
		const why = answer.state === 'silent' ? answer : { reason: HIDDEN };
		return [silent('rules', why), silent('bypass', why)];
	}
	const rules = answer.value;
	const has = (type: string) => rules.some((it) => it.type === type);
	const checks = rules.flatMap((it) => it.parameters?.required_status_checks ?? []);
	const checked = checks.some(({ context }) => context === REQUIRED_CHECK);
	const missing: string[] = RULES.filter((type) => !has(type));
	// Who asks for pull requests wants them checked; who asks for none lets the workflow push.
	const asks = has('pull_request') || has('required_status_checks');
	if (asks && !has('pull_request')) missing.push('pull_request');
	if (asks && !checked) missing.push('required_status_checks');
	// A pull request brings its own workflows: it could change the check that judges it.
	const owned = rules.some((it) => it.parameters?.require_code_owner_review === true);
	if (asks && !owned) missing.push('code_owners');
	const said =
		missing.length > 0
			? problem('rules', { code: 'rules-missing', names: missing })
			: ok('rules', { code: asks ? 'rules-complete' : 'rules-open' });
	const stopping = rules.filter((it) => !HARMLESS.has(it.type));
	const ids = [...new Set(stopping.map((it) => it.ruleset_id))];
	return [said, examineBypass(ask, ids)];
}

function examineBypass(ask: Ask, rulesets: readonly number[]): Diagnosis {
	if (rulesets.length === 0) return ok('bypass', { code: 'bypass-unneeded' });
	for (const id of rulesets) {
		const ruleset = ask('ruleset', `/rulesets/${id}`);
		if (ruleset.state === 'silent') return silent('bypass', ruleset);
		const actors = ruleset.state === 'there' ? ruleset.value.bypass_actors : undefined;
		if (actors === undefined) return silent('bypass', { reason: HIDDEN });
		const passes = actors.some(
			(it) =>
				it.actor_type === 'Integration' &&
				it.actor_id === GITHUB_ACTIONS &&
				it.bypass_mode !== 'pull_request',
		);
		if (!passes) return problem('bypass', { code: 'bypass-missing' });
	}
	return ok('bypass', { code: 'bypass-there', who: 'GitHub Actions' });
}

function examinePages(ask: Ask): Diagnosis[] {
	const pages = ask('pages', '/pages');
	if (pages.state === 'silent') return [silent('pages', pages)];
	if (pages.state === 'absent') return [problem('pages', { code: 'pages-missing' })];
	if (pages.value.build_type !== 'workflow') {
		return [problem('pages', { code: 'pages-from-branch' })];
	}
	return [ok('pages', { code: 'pages-from-workflow' })];
}

/** What the daily verification compares with; it is no secret, so its value can be read. */
function examineVariables(ask: Ask, { roots, runs }: KnownLog): Diagnosis[] {
	const diagnoses: Diagnosis[] = [];
	const root = ask('variable', '/actions/variables/WATTPROOF_ROOT');
	if (root.state === 'silent') return [silent('variables', root)];
	if (root.state === 'absent') {
		diagnoses.push(problem('variables', { code: 'variable-missing', name: 'WATTPROOF_ROOT' }));
	} else if (roots.length === 0) {
		diagnoses.push(unknown('variables', { code: 'trust-unjudged' }));
	} else if (!roots.includes(root.value.value.replaceAll(/\s/g, '').toLowerCase())) {
		diagnoses.push(problem('variables', { code: 'variable-other', found: root.value.value }));
	}
	// Before the first run there is no checkpoint to note.
	const name = 'WATTPROOF_CHECKPOINT';
	const checkpoint = runs === 0 ? null : ask('variable', `/actions/variables/${name}`);
	if (checkpoint?.state === 'silent') diagnoses.push(silent('variables', checkpoint));
	if (checkpoint?.state === 'absent') {
		diagnoses.push(problem('variables', { code: 'variable-missing', name }));
	}
	return diagnoses.length > 0 ? diagnoses : [ok('variables', { code: 'variables-right' })];
}

/** Owners that the forge does not know count for nothing; it says so to whoever asks. */
function examineOwnersThere(ask: Ask): Diagnosis[] {
	const owners = ask('owners', '/codeowners/errors');
	if (owners.state !== 'there' || owners.value.errors.length === 0) return [];
	const lines = owners.value.errors.map(({ line, kind }) => `${line} (${kind})`);
	return [problem('owners', { code: 'owners-unknown', lines })];
}
