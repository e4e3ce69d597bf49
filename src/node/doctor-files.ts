import * as fs from 'node:fs';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { readRegister } from '../core/data/register.ts';
import { REGISTER } from '../core/paths.ts';
import { isInfo } from '../core/problem.ts';
import { validate } from '../core/record/validate.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { problemText } from '../texts/chosen.ts';
import { type Diagnosis, ok, problem, unknown } from './diagnosis.ts';
import { UNPUBLISHED, webAddress } from './new-site.ts';
import { instantOf, presentAt } from './present.ts';
import { placeOf } from './print.ts';
import { SAMPLE_SITE } from './sample.ts';
import { readSiteSettings, SITE_SETTINGS, type SiteSettings } from './site-settings.ts';
import { errorCode } from './stop.ts';
import { workflowFaults } from './workflow-rules.ts';

/** Whether register and rule sets can be read; what was sent is the matter of `validate`. */
export function examineData(tree: Tree, now: Date): Diagnosis[] {
	const [away] = tree.unavailable;
	if (away !== undefined) {
		const paths = tree.unavailable.map(({ path }) => path);
		return [unknown('data', { code: 'file-unreadable', paths })];
	}
	const faults = validate(tree.files, presentAt(instantOf(now)), null).problems.filter(
		(it) =>
			!isInfo(it) && /^data\/(entities\.csv|metering-points\.csv|rules\/)/.test(it.location.path),
	);
	const [first] = faults;
	if (first !== undefined) {
		const said = `${placeOf(first)}: ${problemText(first)}`;
		return [problem('data', { code: 'data-refused', count: String(faults.length), first: said })];
	}
	const { entries } = readRegister(REGISTER, tree.files.get(REGISTER) ?? new Uint8Array());
	const entities = new Set(entries.map(({ entity }) => entity)).size;
	if (entities === 0) return [problem('data', { code: 'register-empty' })];
	return [ok('data', { code: 'data-readable', entities: String(entities) })];
}

/** What the portal says of its operator; null where that cannot be read. */
export async function examineSite(dir: string): Promise<{
	readonly settings: SiteSettings | null;
	readonly diagnoses: readonly Diagnosis[];
}> {
	if (!existsSync(join(dir, SITE_SETTINGS))) {
		return { settings: null, diagnoses: [unknown('site', { code: 'site-absent' })] };
	}
	let settings: SiteSettings;
	try {
		settings = readSiteSettings(dir);
	} catch (error) {
		const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
		return { settings: null, diagnoses: [problem('site', { code: 'site-refused', reason })] };
	}
	const remote: unknown = existsSync(join(dir, '.git/config'))
		? await git.getConfig({ fs, dir, path: 'remote.origin.url' })
		: undefined;
	const faults = siteFaults(settings, webAddress(remote)?.repository_url ?? null);
	const { organization } = settings;
	return {
		settings,
		diagnoses: faults.length > 0 ? faults : [ok('site', { code: 'site-filled', organization })],
	};
}

function siteFaults(settings: SiteSettings, origin: string | null): Diagnosis[] {
	const { repository_url, site_url, forge, branch } = settings;
	const faults: Diagnosis[] = [];
	const keys = (['organization', 'contact'] as const).filter(
		(key) => settings[key] === SAMPLE_SITE[key],
	);
	if (keys.length > 0) faults.push(problem('site', { code: 'site-of-sample', keys }));
	const plain = repository_url.replace(/\/$/, '');
	if (origin !== null && plain !== origin) {
		faults.push(problem('site', { code: 'site-repository', expected: origin }));
	} else if (plain === '' && forge !== 'none') {
		faults.push(problem('site', { code: 'site-repository', expected: '' }));
	}
	const nowhere = site_url === UNPUBLISHED.site_url || site_url === SAMPLE_SITE.site_url;
	if (nowhere && forge !== 'none') {
		faults.push(problem('site', { code: 'site-nowhere', address: site_url }));
	}
	if (branch !== 'main') faults.push(problem('site', { code: 'site-branch', branch }));
	return faults;
}

const WORKFLOWS = '.github/workflows';
/** What the forge has to run for a log; tests of the program are its authors' business. */
const NEEDED = ['check.yml', 'finalize.yml', 'publish.yml', 'verify.yml'];

/** Where there is or should be a forge that runs workflows: whether they are whole and safe. */
export function examineWorkflows(dir: string, settings: SiteSettings | null): Diagnosis[] {
	const folder = join(dir, WORKFLOWS);
	if (settings !== null && settings.forge !== 'github' && !existsSync(folder)) return [];
	try {
		const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
		const files = names.filter((name) => /\.ya?ml$/.test(name));
		const missing = NEEDED.filter((name) => !files.includes(name));
		if (missing.length > 0) {
			return [problem('workflows', { code: 'workflows-missing', names: missing })];
		}
		const faults = files.flatMap((name) =>
			workflowFaults(name, readFileSync(join(folder, name), 'utf8')),
		);
		if (faults.length > 0) return [problem('workflows', { code: 'workflows-unsound', faults })];
		return [ok('workflows', { code: 'workflows-sound', names: files })];
	} catch (error) {
		if (errorCode(error) === null) throw error;
		return [unknown('workflows', { code: 'file-unreadable', paths: [WORKFLOWS] })];
	}
}

/** Where GitHub looks for it, the first that is there. */
const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
/** Stands for the operator's own teams until somebody has named them. */
const PLACEHOLDER = /@your-organization\/[\w.-]+/g;

/** Whether the people who have to look at a change are named. */
export function examineOwners(dir: string, settings: SiteSettings | null): Diagnosis[] {
	const path = OWNERS.find((it) => existsSync(join(dir, it)));
	if (settings !== null && settings.forge !== 'github' && path === undefined) return [];
	if (path === undefined) return [problem('owners', { code: 'owners-missing' })];
	const lines = readFileSync(join(dir, path), 'utf8').replaceAll(/#.*$/gm, '');
	const names = [...new Set(lines.match(PLACEHOLDER) ?? [])];
	if (names.length > 0) return [problem('owners', { code: 'owners-placeholder', path, names })];
	// A pattern without an owner is one of which nobody is asked.
	if (!/^[ \t]*\S+[ \t][^\n]*@/m.test(lines)) {
		return [problem('owners', { code: 'owners-missing' })];
	}
	return [ok('owners', { code: 'owners-named', path })];
}
