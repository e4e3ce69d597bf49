import { encodeText } from '../../core/format/bytes.ts';
import type { SubmitData } from './data.ts';

/** Forges and what lies before them cut addresses off at about 8 kB. */
export const ADDRESS_BYTES = 6000;

/** Where a forge takes a file, and what the person still has to do there. */
export type Target =
	/** A new file with its text filled in. */
	| { readonly kind: 'filled'; readonly address: string }
	/** A new file to be pasted into; `long`: because its text does not fit into an address. */
	| { readonly kind: 'empty'; readonly address: string; readonly long: boolean }
	/** The file is there already. */
	| { readonly kind: 'edit'; readonly address: string }
	| { readonly kind: 'none' };

type Place = Pick<SubmitData, 'forge' | 'repository' | 'branch'>;

const FORMS = {
	github: { fresh: 'new/BRANCH?filename=PATH', value: '&value=', edit: 'edit/BRANCH/PATH' },
	forgejo: { fresh: '_new/BRANCH/?filename=PATH', value: '&value=', edit: '_edit/BRANCH/PATH' },
	gitlab: { fresh: '-/new/BRANCH?file_name=PATH', value: null, edit: '-/edit/BRANCH/PATH' },
} as const;

/** Where those who may write put a file of any size; GitLab takes it with the new file. */
const UPLOADS = { github: 'upload/BRANCH/PATH', forgejo: '_upload/BRANCH/PATH' } as const;

/** The page on which a forge takes files into the folder of one; null where it has none. */
export function uploadOf(place: Place, path: string): string | null {
	const { forge, repository, branch } = place;
	if ((forge !== 'github' && forge !== 'forgejo') || repository === '') return null;
	const folder = path.split('/').slice(0, -1).join('/');
	return addressIn({ repository, branch }, UPLOADS[forge], segments(folder));
}

/** The address at which a forge takes a text as a file of the repository. */
export function targetOf(place: Place, path: string, text: string, exists: boolean): Target {
	if (place.forge === 'none' || place.repository === '') return { kind: 'none' };
	const form = FORMS[place.forge];
	const at = (pattern: string, file: string) => addressIn(place, pattern, file);
	if (exists) return { kind: 'edit', address: at(form.edit, segments(path)) };
	const fresh = at(form.fresh, encodeURIComponent(path));
	if (form.value === null) return { kind: 'empty', address: fresh, long: false };
	const address = fresh + form.value + encodeURIComponent(text);
	if (encodeText(address).length > ADDRESS_BYTES) {
		return { kind: 'empty', address: fresh, long: true };
	}
	return { kind: 'filled', address };
}

function addressIn(
	{ repository, branch }: Pick<Place, 'repository' | 'branch'>,
	pattern: string,
	path: string,
): string {
	const filled = pattern.replace('BRANCH', () => segments(branch)).replace('PATH', () => path);
	return `${repository}/${filled}`;
}

function segments(path: string): string {
	return path.split('/').map(encodeURIComponent).join('/');
}
