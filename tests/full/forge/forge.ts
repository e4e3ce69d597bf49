import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { run } from './actions.ts';
import { begin, type Occasion, type Run } from './runner.ts';

/** A bare repository where others have a forge, and its workflows run on this computer. */
export interface Forge {
	readonly dir: string;
	readonly origin: string;
	/** Where `publish` puts the site. */
	readonly site: string;
	readonly git: (...words: string[]) => string;
	/** Another clone, of somebody with that name. */
	readonly clone: (name: string) => string;
	/** Secrets of the environment `finalize`, and variables of the repository. */
	readonly secrets: Record<string, string>;
	readonly vars: Record<string, string>;
	/** A pull request of a branch: what GitHub would make of it and tell the workflow. */
	readonly propose: (branch: string, more?: object) => Partial<Occasion>;
	readonly start: (workflow: string, more?: Partial<Occasion>) => Run;
	/** What GitHub tells a workflow of a push to main. */
	readonly event: () => Occasion['github'];
	/** What `gh` was asked for since the last look. */
	readonly calls: () => readonly Call[];
	readonly close: () => void;
}

export interface Call {
	readonly words: readonly string[];
	readonly body: string | null;
	readonly token: boolean;
}

const REPOSITORY = 'north-estate/energy';

/** Packages are linked instead of installed; all else is npm itself. */
const npm = (packages: string) => `#!/bin/sh
if [ "$1" = ci ]; then
	[ "$2" = --ignore-scripts ] || exit 1
	exec ln -s ${packages} node_modules
fi
PATH=\${PATH#*:} exec npm "$@"
`;

/** With the history of another one where that is given. */
export function openForge(from?: Forge): Forge {
	const dir = mkdtempSync(join(tmpdir(), 'wp-'));
	const [origin, site, bin, home] = ['origin.git', 'site', 'bin', 'home'].map((it) =>
		join(dir, it),
	) as [string, string, string, string];
	for (const it of [bin, home]) mkdirSync(it);
	const gh = `#!/bin/sh\nexec ${process.execPath} ${resolve('tests/full/forge/gh.mjs')} "$@"\n`;
	for (const [name, text] of Object.entries({ gh, npm: npm(resolve('node_modules')) })) {
		writeFileSync(join(bin, name), text);
		chmodSync(join(bin, name), 0o755);
	}
	run('git', ['init', '-q', '--bare', '-b', 'main', origin]);
	if (from !== undefined) run('git', ['-C', origin, 'fetch', '-q', from.origin, '+refs/*:refs/*']);
	// As forges allow it: a workflow asks for commits by their ids.
	run('git', ['-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
	const record = join(dir, 'calls');
	const path = (process.env['PATH'] ?? '').split(delimiter).filter((it) => !it.includes('.bin'));
	const env = {
		PATH: [bin, ...path].join(delimiter),
		HOME: home,
		LANG: 'C.UTF-8',
		GH_RECORD: record,
		GITHUB_ACTIONS: 'true',
	};
	const git = (...words: string[]) => run('git', ['-C', origin, ...words]);
	const clone = (name: string) => {
		const place = join(mkdtempSync(join(dir, 'clone-')), 'energy');
		run('git', ['clone', '-q', origin, place]);
		run('git', ['-C', place, 'config', 'user.name', name]);
		run('git', ['-C', place, 'config', 'user.email', `${name.toLowerCase()}@example.org`]);
		return place;
	};
	const secrets: Record<string, string> = { ...from?.secrets };
	const vars: Record<string, string> = { ...from?.vars };
	const event = () => ({
		...github(),
		ref: 'refs/heads/main',
		sha: git('rev-parse', 'main'),
		event_name: 'push',
		event: {},
	});
	return {
		dir,
		origin,
		site,
		git,
		clone,
		event,
		secrets,
		vars,
		propose: (branch, more = {}) => {
			const place = clone('Forge');
			const within = (...words: string[]) => run('git', ['-C', place, ...words]);
			const base = within('rev-parse', 'HEAD');
			within('merge', '-q', '--no-ff', '-m', 'merge', `origin/${branch}`);
			within('push', '-q', '-f', 'origin', 'HEAD:refs/pull/1/merge');
			const head = {
				sha: within('rev-parse', 'HEAD^2'),
				ref: branch,
				repo: { full_name: REPOSITORY },
			};
			const pull_request = { number: 1, base: { sha: base, ref: 'main' }, head, ...more };
			return {
				github: {
					...github(),
					ref: 'refs/pull/1/merge',
					sha: within('rev-parse', 'HEAD'),
					event_name: 'pull_request',
					head_ref: branch,
					event: { pull_request },
				},
			};
		},
		start: (workflow, more = {}) =>
			begin(workflow, {
				origin,
				site,
				work: dir,
				env,
				vars,
				secrets: { finalize: secrets },
				github: event(),
				...more,
			}),
		calls: () => {
			const text = existsSync(record) ? readFileSync(record, 'utf8').trim() : '';
			rmSync(record, { force: true });
			return text.split('\n').flatMap((line): Call[] => (line === '' ? [] : [JSON.parse(line)]));
		},
		close: () => rmSync(dir, { recursive: true, force: true }),
	};
}

const github = () => ({
	repository: REPOSITORY,
	server_url: 'https://github.com',
	run_id: '1',
	token: 'a-token-of-this-run',
	actor: 'clerk',
});
