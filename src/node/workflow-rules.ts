import {
	type Document,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	parseDocument,
	type YAMLMap,
} from 'yaml';

/** What a workflow of this repository may not be: rules of zizmor, by its names where it has them. */
export interface Breach {
	readonly rule: string;
	readonly line: number;
}

/** Every action that is used, its commit and version. */
export const PINS: Readonly<Record<string, readonly [commit: string, version: string]>> = {
	'actions/checkout': ['3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7.0.1'],
	'actions/setup-node': ['820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
	'actions/upload-artifact': ['bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', 'v7.0.0'],
	'actions/download-artifact': ['3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', 'v8.0.1'],
	'actions/upload-pages-artifact': ['fc324d3547104276b827a68afc52ff2a11cc49c9', 'v5.0.0'],
	'actions/deploy-pages': ['cd2ce8fcbc39b97be8ca5fce6e763baed58fa128', 'v5.0.0'],
};

type Found = readonly (Node | null | undefined)[];
type Rule = (workflow: Workflow) => Found;

interface Workflow {
	readonly text: string;
	readonly top: YAMLMap;
	readonly jobs: readonly YAMLMap[];
	readonly steps: readonly YAMLMap[];
	readonly runs: readonly Node[];
	readonly uses: readonly { readonly node: Node; readonly step: YAMLMap; readonly name: string }[];
}

const at = (map: YAMLMap, ...path: readonly string[]): unknown => map.getIn(path);
const node = (map: YAMLMap, ...path: readonly string[]): Node | null =>
	(map.getIn(path, true) as Node | undefined) ?? null;
const source = (it: Node | null): string => (it === null ? '' : String(it));
const text = (it: Node): string => (isScalar(it) ? String(it.value) : String(it));
const maps = (it: unknown): YAMLMap[] =>
	isMap(it) ? it.items.map(({ value }) => value).filter(isMap) : [];

function read(document: Document): Workflow {
	const top = document.contents;
	if (!isMap(top)) throw new Error('A workflow is a map.');
	const jobs = maps(top.get('jobs'));
	const steps = jobs.flatMap((job) => {
		const list = job.get('steps');
		return isSeq(list) ? list.items.filter(isMap) : [];
	});
	const runs = steps.flatMap((step) => node(step, 'run') ?? []);
	const uses = steps.flatMap((step) => {
		const it = node(step, 'uses');
		return it === null ? [] : [{ node: it, step, name: text(it).split('@')[0] ?? '' }];
	});
	return { text: String(document), top: top as YAMLMap, jobs, steps, runs, uses };
}

const runsMatching =
	(pattern: RegExp): Rule =>
	({ runs }) =>
		runs.filter((it) => pattern.test(text(it)));

const triggers = ({ top }: Workflow): string[] => {
	const on = top.get('on');
	if (isMap(on)) return on.items.map(({ key }) => String(key));
	return isSeq(on) ? on.items.map(String) : [String(on)];
};

const holdsSecrets = (job: YAMLMap) => /\bsecrets\b/.test(String(job));

const commentOf = (it: unknown): string => (isScalar(it) ? (it.comment ?? '').trim() : '');

const RULES: Readonly<Record<string, Rule>> = {
	'anonymous-definition': ({ top, jobs, steps }) =>
		[top, ...jobs, ...steps].filter((it) => typeof it.get('name') !== 'string'),
	'dangerous-triggers': (it) =>
		triggers(it).some((name) => /^(pull_request_target|workflow_run|issue_comment)$/.test(name))
			? [it.top]
			: [],
	'paths-on-required': ({ top }) => [
		node(top, 'on', 'pull_request', 'paths'),
		node(top, 'on', 'pull_request', 'paths-ignore'),
	],
	'excessive-permissions': ({ top, jobs }) => [
		...(source(node(top, 'permissions')).trim() === '{}' ? [] : [top]),
		...jobs.filter((job) => !isMap(job.get('permissions'))),
	],
	'undocumented-permissions': ({ jobs }) =>
		jobs.flatMap((job) => {
			const granted = job.get('permissions');
			if (!isMap(granted)) return [];
			return granted.items.map(({ value }) => (commentOf(value) === '' ? (value as Node) : null));
		}),
	'unpinned-uses': ({ uses }) =>
		uses.filter((it) => !/@[0-9a-f]{40}$/.test(text(it.node))).map((it) => it.node),
	'ref-version-mismatch': ({ uses }) =>
		uses
			.filter(({ node: it, name }) => {
				const [commit, version] = PINS[name] ?? [];
				const pinned = text(it).endsWith(`@${commit}`) && commentOf(it) === version;
				return commit !== undefined && /@[0-9a-f]{40}$/.test(text(it)) && !pinned;
			})
			.map((it) => it.node),
	'superfluous-actions': ({ uses }) =>
		uses.filter(({ name }) => PINS[name] === undefined).map((it) => it.node),
	'template-injection': runsMatching(/\$\{\{/),
	artipacked: ({ uses }) =>
		uses
			.filter(({ name }) => name === 'actions/checkout')
			.filter(({ step }) => at(step, 'with', 'persist-credentials') !== false)
			.map((it) => it.node),
	'cache-poisoning': ({ uses }) =>
		uses
			.filter(({ name }) => name === 'actions/setup-node')
			.filter(
				({ step }) =>
					at(step, 'with', 'package-manager-cache') !== false ||
					at(step, 'with', 'cache') !== undefined,
			)
			.map((it) => it.node),
	'concurrency-limits': ({ top }) =>
		typeof at(top, 'concurrency', 'cancel-in-progress') === 'boolean' &&
		at(top, 'concurrency', 'group') !== undefined
			? []
			: [top],
	'missing-timeout': ({ jobs }) =>
		jobs.filter((job) => typeof job.get('timeout-minutes') !== 'number'),
	'unfixed-runner': ({ jobs }) => jobs.filter((job) => job.get('runs-on') !== 'ubuntu-24.04'),
	'shell-without-pipefail': ({ top, steps }) => [
		...(at(top, 'defaults', 'run', 'shell') === 'bash' ? [] : [top]),
		...steps.map((step) => node(step, 'shell')),
	],
	'secrets-outside-env': ({ jobs }) =>
		jobs.filter((job) => holdsSecrets(job) && job.get('environment') === undefined),
	'overprovisioned-secrets': ({ text: whole, top }) =>
		/secrets: inherit|toJSON\(secrets\)|secrets\[/.test(whole) ? [top] : [],
	// Where a key is, nothing that others have written runs.
	'secrets-beside-code': ({ jobs }) =>
		jobs.filter(
			(job) =>
				holdsSecrets(job) &&
				/\b(npm|npx|node|yarn|pnpm)\b|actions\/(checkout|setup-node)/.test(String(job)),
		),
	'adhoc-packages': runsMatching(
		/\bnpm (i|install|add|exec)\b|\bnpx\b|\b(pip|gem|cargo|apt|apt-get) install\b|\bcurl\b|\bwget\b/,
	),
	'install-scripts': runsMatching(/\bnpm ci\b(?! --ignore-scripts)/),
	'github-env': runsMatching(/GITHUB_ENV|GITHUB_PATH/),
	'insecure-commands': ({ text: whole, top }) =>
		/ACTIONS_ALLOW_UNSECURE_COMMANDS/.test(whole) ? [top] : [],
	'bot-conditions': ({ jobs, steps }) =>
		[...jobs, ...steps].filter((it) => /github\.(triggering_)?actor\b/.test(String(it.get('if')))),
};

export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** Every breach of a rule in a workflow, by line. */
export function breaches(content: string): readonly Breach[] {
	const lineCounter = new LineCounter();
	const document = parseDocument(content, { lineCounter });
	if (document.errors.length > 0) throw document.errors[0];
	const workflow = read(document);
	return Object.entries(RULES).flatMap(([rule, look]) =>
		look(workflow).flatMap((it) =>
			it == null ? [] : [{ rule, line: lineCounter.linePos(it.range?.[0] ?? 0).line }],
		),
	);
}

/** What the other files and the settings of the forge call by name. */
const NAMED: Readonly<Record<string, (workflow: Workflow) => boolean>> = {
	'check.yml': ({ jobs }) => jobs.some((job) => job.get('name') === 'Data check'),
	'finalize.yml': ({ top, jobs }) =>
		at(top, 'concurrency', 'group') === 'finalize' &&
		at(top, 'concurrency', 'cancel-in-progress') === false &&
		jobs.some((job) => holdsSecrets(job) && job.get('environment') === 'finalize'),
};

/** What is wrong with a workflow of an installation, as `file:line rule`; empty where nothing is. */
export function workflowFaults(name: string, content: string): string[] {
	try {
		const faults = breaches(content).map(({ rule, line }) => `${name}:${line} ${rule}`);
		const named = NAMED[name]?.(read(parseDocument(content))) ?? true;
		return named ? faults : [...faults, `${name} names-changed`];
	} catch {
		return [`${name} unreadable`];
	}
}
