import { explain } from '../texts/chosen.ts';
import { settings } from './site.ts';

/** Where a forge takes a new issue with a title, from the address of the repository. */
const FORMS = {
	github: 'issues/new?title=',
	gitlab: '-/issues/new?issue[title]=',
	forgejo: 'issues/new?title=',
	none: null,
} as const;

/** Where to ask about a figure of a statement: an issue where the forge is known, else a message. */
export function questionAddress(id: string): string {
	const subject = encodeURIComponent(explain.calculation.subject(id));
	const form = FORMS[settings.forge];
	if (form === null || settings.repository_url === '') {
		return `mailto:${settings.contact}?subject=${subject}`;
	}
	return `${settings.repository_url.replace(/\/$/, '')}/${form}${subject}`;
}
