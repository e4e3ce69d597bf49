import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initLog } from '../../src/node/new-log.ts';
import { type NewSite, webAddress } from '../../src/node/new-site.ts';
import { initRepository } from '../../src/node/repository.ts';
import { parseSiteSettings, SITE_SETTINGS } from '../../src/node/site-settings.ts';
import { StopError } from '../../src/node/stop.ts';
import { runGit } from '../history/honest-log.ts';
import { scratchFolder, writeFiles } from '../support/scratch.ts';

const SAMPLE = readFileSync(SITE_SETTINGS, 'utf8');
const OURS = { organization: 'North Estate', contact: 'energy@north.example' };

async function begin(site: NewSite, text: string | null = SAMPLE, origin = '') {
	const dir = scratchFolder();
	await initRepository(dir);
	if (text !== null) writeFiles(dir, { [SITE_SETTINGS]: text });
	if (origin !== '') runGit(dir, ['remote', 'add', 'origin', origin]);
	const request = { dir, log: 'north.example/energy', keys: join(scratchFolder(), 'keys') };
	const passphrase = async () => '';
	await initLog({ ...request, site, passphrase, now: new Date('2026-11-01T00:00:00Z') });
	expect(runGit(dir, ['status', '--porcelain'])).toBe('');
	const tracked = runGit(dir, ['ls-files', SITE_SETTINGS]).trim();
	return tracked === '' ? null : parseSiteSettings(readFileSync(join(dir, SITE_SETTINGS), 'utf8'));
}

test.each([
	['git@github.com:north/energy.git', 'https://github.com/north/energy', 'github'],
	['https://github.com/north/energy', 'https://github.com/north/energy', 'github'],
	['https://me:secret@github.com/north/energy.git', 'https://github.com/north/energy', 'github'],
	['ssh://git@gitlab.north.example:2222/a/b.git/', 'https://gitlab.north.example/a/b', 'gitlab'],
	['https://git.north.example:8443/a/b', 'https://git.north.example:8443/a/b', 'none'],
	['https://codeberg.org/north/energy.git', 'https://codeberg.org/north/energy', 'forgejo'],
])('the web address of %s is %s', (remote, repository_url, forge) => {
	expect(webAddress(remote)).toEqual({ repository_url, forge });
});

test.each(['/srv/git/energy.git', '../energy', 'file:///srv/energy', 'C:\\energy', undefined])(
	'%s is on no web server',
	(remote) => {
		expect(webAddress(remote)).toBeNull();
	},
);

test('the settings are those of the operator, and of the remote', async () => {
	const origin = 'git@github.com:North/energy.git';
	expect(await begin({ ...OURS, locale: 'de-AT' }, SAMPLE, origin)).toEqual({
		...JSON.parse(SAMPLE),
		...OURS,
		locale: 'de-AT',
		site_url: 'https://north.github.io',
		base_path: '/energy/',
		repository_url: 'https://github.com/North/energy',
		forge: 'github',
	});
});

test('an address that is given is split after its host; without any it is this computer', async () => {
	const siteUrl = 'https://north.example/energy';
	const place = { site_url: 'https://north.example', base_path: '/energy/' };
	expect(await begin({ ...OURS, siteUrl })).toMatchObject(place);
	const nowhere = { site_url: 'http://localhost:4321', base_path: '/' };
	expect(await begin(OURS)).toMatchObject(nowhere);
});

test('what was written by hand is kept', async () => {
	const own = { ...JSON.parse(SAMPLE), ...OURS, ...{ site_url: 'https://n.example', due_day: 9 } };
	expect(await begin({}, JSON.stringify(own))).toEqual(own);
});

test('a repository without a portal gets none', async () => {
	expect(await begin({}, null)).toBeNull();
	const refused = await begin(OURS, null).catch((error: unknown) => error);
	expect(refused).toMatchObject({ stop: { code: 'site-missing' } });
});

test.each([
	['nothing', {}, 'site-of-sample'],
	['no contact', { organization: 'North Estate' }, 'site-of-sample'],
	['a contact without @', { ...OURS, contact: 'the office' }, 'site-refused'],
	['a locale that is none', { ...OURS, locale: 'german' }, 'site-refused'],
	['an address without host', { ...OURS, siteUrl: 'north.example' }, 'site-refused'],
	['an address with a question', { ...OURS, siteUrl: 'https://n.example/?a' }, 'site-refused'],
])('%s is refused, and nothing is made', async (_, site, code) => {
	const error = await begin(site).catch((it: unknown) => it);
	expect(error).toBeInstanceOf(StopError);
	expect(error).toMatchObject({ stop: { code } });
});
