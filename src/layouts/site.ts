import { readWholeTree } from '../node/files.ts';
import { readKeyLists } from '../node/key-list.ts';
import { readPublished } from '../node/published.ts';
import { readSiteSettings } from '../node/site-settings.ts';
import { formatsFor } from '../texts/format.ts';

// Read once for all pages of a build. Not from import.meta.url: that is the built chunk.
export const settings = readSiteSettings(process.cwd());
export const { files } = readWholeTree(process.cwd());
export const published = readPublished(files);
export const keys = await readKeyLists(files);
export const format = formatsFor(settings.locale);

/** The address of a page or file of this site, from its path without a slash in front. */
export function href(path: string): string {
	return `${import.meta.env.BASE_URL.replace(/\/$/, '')}/${path}`;
}

export function statementPath(period: string, run?: number): string {
	return run === undefined ? `settlements/${period}/` : `settlements/${period}/r${run}/`;
}
