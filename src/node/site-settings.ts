import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

export const SITE_SETTINGS = 'src/site.json';

const matching = (pattern: RegExp, accepted: string) =>
	z.string(accepted).check(z.regex(pattern, accepted));
const whole = (least: number, most: number) => {
	const accepted = `a whole number from ${least} to ${most}`;
	return z.int(accepted).check(z.minimum(least, accepted), z.maximum(most, accepted));
};

function isLocale(text: string): boolean {
	try {
		return Intl.DateTimeFormat.supportedLocalesOf(text)[0] === text;
	} catch {
		return false;
	}
}

const FORGES = ['github', 'gitlab', 'forgejo', 'none'] as const;
const locale = 'a language tag such as "en-GB"';
const logo = 'the path of a file below public/, such as "logo.svg", or empty';

const schema = z.strictObject({
	organization: matching(/^\S(.{0,118}\S)?$/u, 'a name of 1 to 120 characters'),
	contact: matching(/^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
	locale: z.string(locale).check(z.refine(isLocale, locale)),
	/** The month in which the operator's year begins. */
	fiscal_year_start: whole(1, 12),
	logo: matching(/^$|^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, logo),
	/** The day of the following month until which readings are to be sent. */
	due_day: whole(1, 28),
	site_url: matching(/^https?:\/\/[^\s/]+$/, 'an address without a path, "https://example.org"'),
	base_path: matching(/^\/(\S*\/)?$/, 'a path that begins and ends with "/"'),
	repository_url: matching(/^$|^https?:\/\/\S+$/, 'the address of the repository, or empty'),
	branch: matching(/^[A-Za-z0-9_][A-Za-z0-9._/-]*$/, 'the name of a branch'),
	forge: z.enum(FORGES, `one of ${FORGES.join(', ')}`),
});

/** What the site says of its operator and where it lives: `src/site.json`. */
export type SiteSettings = z.output<typeof schema>;

/** The settings in a text; throws with every key that is missing, unknown or not as accepted. */
export function parseSiteSettings(text: string): SiteSettings {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw new Error(`${SITE_SETTINGS} is not JSON: ${(error as Error).message}`);
	}
	const checked = z.safeParse(schema, json);
	if (checked.success) return checked.data;
	const faults = checked.error.issues.map((issue) =>
		issue.code === 'unrecognized_keys'
			? `unknown: ${issue.keys.join(', ')}`
			: `${issue.path.join('.') || 'the file'} has to be ${issue.message}`,
	);
	throw new Error(`${SITE_SETTINGS} cannot be used:\n  ${faults.join('\n  ')}`);
}

export function formatSiteSettings(settings: SiteSettings): string {
	return `${JSON.stringify(settings, null, '\t')}\n`;
}

export function readSiteSettings(dir: string): SiteSettings {
	return parseSiteSettings(readFileSync(join(dir, SITE_SETTINGS), 'utf8'));
}
