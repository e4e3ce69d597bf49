import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SAMPLE_SITE } from '../../src/node/sample.ts';
import { formatSiteSettings, parseSiteSettings } from '../../src/node/site-settings.ts';

const text = readFileSync('src/site.json', 'utf8');
const settings = JSON.parse(text);

test("the repository's own settings are accepted", () => {
	expect(parseSiteSettings(text)).toEqual(settings);
	// What "sample" writes, so that tests find the sample wherever they run.
	expect(formatSiteSettings(SAMPLE_SITE)).toBe(text);
});

test.each([
	[{ fiscal_year_start: 13 }, 'fiscal_year_start has to be a whole number from 1 to 12'],
	[{ locale: 'english' }, 'locale has to be a language tag such as "en-GB"'],
	[{ contact: 'the office' }, 'contact has to be an e-mail address'],
	[{ base_path: '/energy' }, 'base_path has to be a path that begins and ends with "/"'],
	[{ logo: '../logo.svg' }, 'logo has to be the path of a file below public/'],
	[{ forge: 'gitea' }, 'forge has to be one of github, gitlab, forgejo, none'],
	[{ organization: undefined }, 'organization has to be a name of 1 to 120 characters'],
	[{ color: 'green' }, 'unknown: color'],
])('%j is refused', (change, message) => {
	expect(() => parseSiteSettings(JSON.stringify({ ...settings, ...change }))).toThrow(message);
});

test('every fault is named, and what is no JSON is called so', () => {
	const faults = JSON.stringify({ ...settings, due_day: 0, branch: '' });
	expect(() => parseSiteSettings(faults)).toThrow(/due_day.*\n.*branch/);
	expect(() => parseSiteSettings('{')).toThrow('src/site.json is not JSON');
});
