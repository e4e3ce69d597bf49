import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What an action of a workflow finds around it. */
export interface Surroundings {
	readonly origin: string;
	readonly workspace: string;
	readonly ref: string;
	readonly sha: string;
	/** The folder of an artifact of this run. */
	readonly artifact: (name: string) => string;
	/** Where the site goes. */
	readonly site: string;
}

export interface Answer {
	readonly status: number;
	readonly log: string;
	readonly outputs: Readonly<Record<string, string>>;
}

type Inputs = Readonly<Record<string, string>>;
type Action = (inputs: Inputs, around: Surroundings) => void;

const OID = /^[0-9a-f]{40}$/;

/** The state of a working folder after `actions/checkout`, as far as a workflow can tell. */
function checkOut(inputs: Inputs, { origin, workspace, ref, sha }: Surroundings): void {
	const dir = join(workspace, inputs['path'] ?? '.');
	mkdirSync(dir, { recursive: true });
	const git = (...words: string[]) => run('git', ['-C', dir, ...words]);
	git('init', '-q', '-b', 'main');
	git('remote', 'add', 'origin', pathToFileURL(origin).href);
	// Packages are a link here, which the pattern of a folder does not meet.
	appendFileSync(join(dir, '.git/info/exclude'), 'node_modules\n');
	const whole = inputs['fetch-depth'] === '0';
	const wanted = inputs['ref'] ?? (ref.startsWith('refs/heads/') ? ref.slice(11) : ref);
	const branch = !wanted.startsWith('refs/') && !OID.test(wanted);
	const here = wanted.startsWith('refs/pull/') ? wanted.replace('refs/', 'refs/remotes/') : wanted;
	const from = inputs['ref'] === undefined ? sha : wanted;
	const specification = branch
		? `+${inputs['ref'] ?? sha}:refs/remotes/origin/${wanted}`
		: OID.test(here)
			? from
			: `+${from}:${here}`;
	const depth = whole ? [] : ['--depth=1'];
	const all = whole && inputs['ref'] !== undefined ? ['+refs/heads/*:refs/remotes/origin/*'] : [];
	git('fetch', '-q', '--no-tags', ...depth, 'origin', ...all, specification);
	if (branch) git('checkout', '-q', '-f', '-B', wanted, `refs/remotes/origin/${wanted}`);
	else git('checkout', '-q', '-f', '--detach', here);
}

function upload(inputs: Inputs, { artifact }: Surroundings): void {
	const [place, path] = [artifact(inputs['name'] ?? ''), inputs['path'] ?? ''];
	if (!existsSync(path)) {
		if (inputs['if-no-files-found'] === 'error') throw new Error(`${path}: no files`);
		return;
	}
	rmSync(place, { recursive: true, force: true });
	const inside = statSync(path).isFile() ? join(place, basename(path)) : place;
	cpSync(path, inside, { recursive: true });
}

function download(inputs: Inputs, { artifact, workspace }: Surroundings): void {
	const place = artifact(inputs['name'] ?? '');
	if (!existsSync(place)) throw new Error(`There is no artifact ${inputs['name']}.`);
	cpSync(place, resolve(workspace, inputs['path'] ?? '.'), { recursive: true });
}

const ACTIONS: Readonly<Record<string, Action>> = {
	'actions/checkout': checkOut,
	'actions/setup-node': () => {},
	'actions/upload-artifact': (inputs, around) =>
		upload({ ...inputs, path: resolve(around.workspace, inputs['path'] ?? '') }, around),
	'actions/download-artifact': download,
	'actions/upload-pages-artifact': ({ path = '' }, around) =>
		cpSync(join(around.workspace, path), around.artifact('github-pages'), { recursive: true }),
	'actions/deploy-pages': (_, { artifact, site }) => {
		rmSync(site, { recursive: true, force: true });
		cpSync(artifact('github-pages'), site, { recursive: true });
	},
};

/** Does what an action of GitHub would do, here. */
export function act(name: string, inputs: Inputs, around: Surroundings): Answer {
	const action = ACTIONS[name];
	if (action === undefined) throw new Error(`There is no stand-in for ${name}.`);
	try {
		action(inputs, around);
		return { status: 0, log: '', outputs: { page_url: 'https://example.org/' } };
	} catch (error) {
		return { status: 1, log: `${name}: ${error}\n`, outputs: {} };
	}
}

/** Runs a program that has to succeed; returns what it prints. */
export function run(program: string, words: readonly string[]): string {
	const done = spawnSync(program, words, { encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`${program} ${words.join(' ')}:\n${done.stderr}`);
	return done.stdout.trim();
}
