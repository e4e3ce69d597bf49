import * as fs from 'node:fs';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { encodeText } from '../core/format/bytes.ts';
import type { Repository } from './repository.ts';
import { SAMPLE_SITE } from './sample.ts';
import {
	formatSiteSettings,
	parseSiteSettings,
	SITE_SETTINGS,
	type SiteSettings,
} from './site-settings.ts';
import { onMachine, stop } from './stop.ts';

/** What `init` is told about the portal; what is left out is kept, or found in the repository. */
export interface NewSite {
	readonly organization?: string | undefined;
	readonly contact?: string | undefined;
	readonly locale?: string | undefined;
	/** Where the portal will be published, with the path below its host. */
	readonly siteUrl?: string | undefined;
}

/** Nowhere yet: what `npm start` serves. */
export const UNPUBLISHED = { site_url: 'http://localhost:4321', base_path: '/' };

/**
 * `src/site.json` for a new log, with nothing of the sample in it; none where the repository has no
 * portal. Stops where the portal would go on speaking for the sample.
 */
export async function siteFor(
	{ dir, branch }: Repository,
	request: NewSite,
): Promise<[string, Uint8Array][]> {
	const path = join(dir, SITE_SETTINGS);
	const asked = Object.values(request).some((it) => it !== undefined);
	if (!existsSync(path)) return asked ? stop({ code: 'site-missing', path: SITE_SETTINGS }) : [];
	const now = settingsIn(onMachine(path, () => readFileSync(path, 'utf8')));
	const own = (key: 'organization' | 'contact') =>
		now[key] === SAMPLE_SITE[key] ? undefined : now[key];
	const organization = request.organization ?? own('organization');
	const contact = request.contact ?? own('contact');
	if (organization === undefined || contact === undefined) return stop({ code: 'site-of-sample' });

	const origin = webAddress(await git.getConfig({ fs, dir, path: 'remote.origin.url' }));
	const repository = origin ?? { repository_url: now.repository_url, forge: now.forge };
	const settings = {
		...now,
		organization,
		contact,
		locale: request.locale ?? now.locale,
		...placeOf(request.siteUrl, now, repository),
		...repository,
		branch: branch.replace(/^refs\/heads\//, ''),
	};
	const text = formatSiteSettings(settings);
	settingsIn(text);
	return [[SITE_SETTINGS, encodeText(text)]];
}

function settingsIn(text: string): SiteSettings {
	try {
		return parseSiteSettings(text);
	} catch (error) {
		return stop({ code: 'site-refused', reason: (error as Error).message });
	}
}

type Place = Pick<SiteSettings, 'site_url' | 'base_path'>;
type Origin = Pick<SiteSettings, 'repository_url' | 'forge'>;

/** Where the portal will live: as asked, as the settings say, as the forge does it, or nowhere yet. */
function placeOf(asked: string | undefined, now: Place, { repository_url, forge }: Origin): Place {
	if (asked !== undefined) {
		const url = URL.parse(asked);
		if (url === null || !/^https?:$/.test(url.protocol) || url.search + url.hash !== '') {
			return stop({ code: 'site-refused', reason: asked });
		}
		return { site_url: url.origin, base_path: url.pathname.replace(/\/?$/, '/') };
	}
	if (now.site_url !== SAMPLE_SITE.site_url) {
		return { site_url: now.site_url, base_path: now.base_path };
	}
	const [, host = '', owner = '', name = ''] =
		/^https:\/\/(github|gitlab)\.com\/([\w-]+)\/([\w.-]+)$/.exec(repository_url) ?? [];
	if (host !== forge) return UNPUBLISHED;
	const site = `${owner}.${host}.io`.toLowerCase();
	return {
		site_url: `https://${site}`,
		base_path: name.toLowerCase() === site ? '/' : `/${name}/`,
	};
}

const FORGES: readonly (readonly [RegExp, SiteSettings['forge']])[] = [
	[/^github\./, 'github'],
	[/^gitlab\./, 'gitlab'],
	[/^(codeberg\.org$|forgejo\.)/, 'forgejo'],
];

/** The web address of a remote, without names or passwords; null where it is not on a web server. */
export function webAddress(remote: unknown): Origin | null {
	if (typeof remote !== 'string') return null;
	// git@host:owner/name is how ssh writes it.
	const scp = /^(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!\/)(\S+)$/.exec(remote);
	const url = URL.parse(scp ? `ssh://${scp[1]}/${scp[2]}` : remote);
	if (url === null || !/^(https?|ssh|git):$/.test(url.protocol)) return null;
	const web = url.protocol === 'http:' || url.protocol === 'https:';
	const host = web ? url.host : url.hostname;
	const path = url.pathname.replace(/\/$/, '').replace(/\.git$/, '');
	const forge = FORGES.find(([pattern]) => pattern.test(url.hostname))?.[1] ?? 'none';
	return { repository_url: `${web ? url.protocol : 'https:'}//${host}${path}`, forge };
}
