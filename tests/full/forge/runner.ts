import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Answer, act, type Surroundings } from './actions.ts';
import { type Before, type Contexts, fill, holds } from './expressions.ts';

/** Runs the jobs of a workflow as they stand in its file, each in folders of its own. */
export interface Run {
	/** Runs one job; `before` is called with the name of each step and may end the job there. */
	readonly job: (name: string, before?: (step: string) => void) => Job;
	/** Runs all of them in their order. */
	readonly all: () => Readonly<Record<string, Job>>;
	/** The folder of an artifact. */
	readonly artifact: (name: string) => string;
}

export interface Job {
	readonly result: 'success' | 'failure' | 'skipped';
	/** Names of the steps that ran. */
	readonly ran: readonly string[];
	/** What the steps printed, and what GitHub would take of it for commands. */
	readonly log: string;
	readonly said: readonly Said[];
	readonly summary: string;
	readonly outputs: Readonly<Record<string, string>>;
}

export interface Said {
	readonly level: string;
	readonly text: string;
}

/** Where, for whom and on what occasion workflows run. */
export interface Occasion {
	readonly origin: string;
	readonly site: string;
	/** Folder for all that the run makes. */
	readonly work: string;
	/** Variables of every step: the stand-ins on the PATH, an empty home. */
	readonly env: Readonly<Record<string, string>>;
	readonly github: Readonly<Record<string, unknown>> & {
		readonly ref: string;
		readonly sha: string;
	};
	readonly inputs?: Readonly<Record<string, string>>;
	/** Changes the text of the workflow, to see what another one would do. */
	readonly edit?: (workflow: string) => string;
	readonly vars: Readonly<Record<string, string>>;
	/** By environment: no other job sees any. */
	readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Values = Readonly<Record<string, unknown>>;
interface Step extends Values {
	readonly name: string;
	readonly id?: string;
	readonly if?: string;
	readonly uses?: string;
	readonly with?: Values;
	readonly env?: Values;
	readonly run?: string;
	readonly 'working-directory'?: string;
}
interface JobFile extends Values {
	readonly needs?: string | readonly string[];
	readonly if?: string;
	readonly environment?: string | { readonly name: string };
	readonly outputs?: Values;
	readonly steps: readonly Step[];
}

/** A workflow begun on an occasion. */
export function begin(workflow: string, occasion: Occasion): Run {
	const { edit = (text: string) => text } = occasion;
	const file: { readonly jobs: Readonly<Record<string, JobFile>> } = parse(
		edit(readFileSync(`.github/workflows/${workflow}.yml`, 'utf8')),
	);
	const folder = mkdtempSync(join(occasion.work, `${workflow}-`));
	const artifact = (name: string) => join(folder, 'artifacts', name);
	const done = new Map<string, Job>();
	const job: Run['job'] = (name, before = () => {}) => {
		const it = file.jobs[name];
		if (it === undefined) throw new Error(`${workflow} has no job ${name}.`);
		const needed = [it.needs ?? []].flat().map((need) => [need, done.get(need)] as const);
		const needs = Object.fromEntries(needed);
		const sound = needed.every(([, other]) => other?.result === 'success');
		const environment = typeof it.environment === 'object' ? it.environment.name : it.environment;
		const contexts = {
			github: occasion.github,
			inputs: occasion.inputs ?? {},
			vars: occasion.vars,
			secrets: occasion.secrets[environment ?? ''] ?? {},
			needs,
		};
		const nothing = {
			result: 'skipped',
			ran: [],
			log: '',
			said: [],
			summary: '',
			outputs: {},
		} as const;
		const ended = holds(it.if, contexts, sound ? 'success' : 'failure')
			? runJob(
					it,
					contexts,
					{ ...occasion, artifact, place: mkdtempSync(join(folder, `${name}-`)) },
					before,
				)
			: nothing;
		done.set(name, ended);
		return ended;
	};
	const all = () => Object.fromEntries(Object.keys(file.jobs).map((name) => [name, job(name)]));
	return { job, all, artifact };
}

interface Place extends Occasion {
	readonly artifact: (name: string) => string;
	readonly place: string;
}

function runJob(job: JobFile, known: Contexts, at: Place, beforeStep: (step: string) => void): Job {
	const [workspace, temp] = ['work', 'temp'].map((it) => join(at.place, it));
	if (workspace === undefined || temp === undefined) throw new Error('no folders');
	for (const it of [workspace, temp]) mkdirSync(it, { recursive: true });
	const summary = join(at.place, 'summary.md');
	writeFileSync(summary, '');
	const steps: Record<string, { readonly outputs: Answer['outputs'] }> = {};
	const contexts = () => ({ ...known, steps, runner: { temp } });
	let before: Before = 'success';
	let log = '';
	const ran: string[] = [];
	for (const step of job.steps) {
		beforeStep(step.name);
		if (!holds(step.if, contexts(), before)) continue;
		ran.push(step.name);
		const values = (it: Values = {}) =>
			Object.fromEntries(Object.entries(it).map(([key, value]) => [key, fill(value, contexts())]));
		const around: Surroundings = { ...at, ...at.github, workspace };
		const env = {
			...at.env,
			...values(step.env),
			GITHUB_WORKSPACE: workspace,
			GITHUB_STEP_SUMMARY: summary,
			RUNNER_TEMP: temp,
		};
		const answer =
			step.uses === undefined
				? runStep(step, env, workspace, at.place)
				: act(step.uses.split('@')[0] ?? '', values(step.with), around);
		log += answer.log;
		if (step.id !== undefined) steps[step.id] = { outputs: answer.outputs };
		if (answer.status !== 0) before = 'failure';
	}
	const outputs = Object.fromEntries(
		Object.entries(job.outputs ?? {}).map(([key, value]) => [key, fill(value, contexts())]),
	);
	return {
		result: before,
		ran,
		log,
		said: commandsIn(log),
		summary: readFileSync(summary, 'utf8'),
		outputs,
	};
}

/** One script, exactly as GitHub starts it where `shell: bash` is set. */
function runStep(
	step: Step,
	env: Readonly<Record<string, string>>,
	workspace: string,
	place: string,
): Answer {
	const [script, output] = [join(place, 'step.sh'), join(place, 'output')];
	mkdirSync(dirname(script), { recursive: true });
	writeFileSync(script, step.run ?? '');
	writeFileSync(output, '');
	const done = spawnSync(
		'bash',
		[
			'--noprofile',
			'--norc',
			'-c',
			`exec 2>&1; exec bash --noprofile --norc -eo pipefail ${script}`,
		],
		{
			encoding: 'utf8',
			cwd: resolve(workspace, step['working-directory'] ?? '.'),
			env: { ...env, GITHUB_OUTPUT: output },
			stdio: ['ignore', 'pipe', 'pipe'],
		},
	);
	if (done.error) throw done.error;
	const lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
	const outputs = Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
	);
	return { status: done.status ?? 1, log: done.stdout, outputs };
}

/** What GitHub's runner takes for commands: any line that begins so, unless that was stopped. */
function commandsIn(log: string): Said[] {
	const said: Said[] = [];
	let stopped: string | null = null;
	for (const line of log.split('\n')) {
		const [, level = '', text = ''] = /^\s*::([a-z-]+)(?: .*?)?::(.*)$/.exec(line) ?? [];
		const end = /^::([0-9a-f]+)::$/.exec(line)?.[1];
		if (stopped !== null) stopped = end === stopped ? null : stopped;
		else if (level === 'stop-commands') stopped = text;
		else if (level !== '') said.push({ level, text });
	}
	return said;
}
