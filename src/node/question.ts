import { explain } from '../texts/chosen.ts';
import type { SiteSettings } from './site-settings.ts';

/** What a question is about: a statement, or the account of an entity. */
export interface Questioned {
	/** `S-2026-05-r1`, or the id of an entity. */
	readonly about: string;
	readonly period: string;
	/** Empty where the question is about any of them. */
	readonly entity: string;
}

/** Where a forge takes a new issue, from the address of the repository; null where it is not known. */
const FORMS = {
	// The names of the fields are the ids of the form in .github/ISSUE_TEMPLATE.
	github: ({ period, entity }: Questioned) => {
		const fields = Object.entries({ period, entity }).filter(([, value]) => value !== '');
		const filled = fields.map(([id, value]) => `&${id}=${encodeURIComponent(value)}`);
		return `issues/new?template=question.yml${filled.join('')}&title=`;
	},
	gitlab: () => '-/issues/new?issue[title]=',
	forgejo: () => 'issues/new?title=',
	none: null,
} as const;

/** Where to ask about a figure: the form of the forge with what is known filled in, else a message. */
export function questionAddress(
	{ forge, repository_url, contact }: SiteSettings,
	asked: Questioned,
): string {
	const subject = encodeURIComponent(explain.calculation.subject(asked.about));
	const form = FORMS[forge];
	if (form === null || repository_url === '') return `mailto:${contact}?subject=${subject}`;
	return `${repository_url.replace(/\/$/, '')}/${form(asked)}${subject}`;
}
