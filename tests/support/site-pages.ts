import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the built site. */
export interface SitePage {
	/** Its address below the base path. */
	readonly path: string;
	readonly html: string;
}

/** Every page of a built site, by path. */
export function readPages(site: string): readonly SitePage[] {
	return readdirSync(site, { recursive: true, encoding: 'utf8' })
		.map((name) => name.replaceAll('\\', '/'))
		.filter((name) => name.endsWith('.html'))
		.toSorted()
		.map((name) => ({
			path: name.replace(/(^|\/)index\.html$/, '$1'),
			html: readFileSync(join(site, name), 'utf8'),
		}));
}

/** One page of each type, by what it is called in test names; fails where a type is missing. */
export function pageTypes(pages: readonly SitePage[]): readonly (readonly [string, SitePage])[] {
	const run = /^settlements\/[0-9-]+\/r[0-9]+\/$/;
	const month = /^settlements\/[0-9-]+\/$/;
	const types = {
		home: ({ path }: SitePage) => path === '',
		settlements: ({ path }: SitePage) => path === 'settlements/',
		'statement in force': ({ path, html }: SitePage) =>
			month.test(path) && !html.includes('class="statement preliminary"'),
		'open month': ({ path, html }: SitePage) =>
			month.test(path) && html.includes('class="statement preliminary"'),
		'runs of a month': ({ path, html }: SitePage) => month.test(path) && html.includes('id="runs"'),
		inputs: ({ path }: SitePage) => path.endsWith('/inputs/'),
		calendar: ({ path }: SitePage) => path === 'calendar/',
		entities: ({ path }: SitePage) => path === 'entities/',
		'account of an entity': ({ path }: SitePage) => /^entities\/./.test(path),
		'comparison of months': ({ path }: SitePage) => /^compare\/[0-9-]+\/[0-9-]+\/$/.test(path),
		'comparison of runs': ({ path }: SitePage) => /^compare\/.*-r[0-9]+\/$/.test(path),
		'permanent statement': ({ path, html }: SitePage) =>
			run.test(path) && !html.includes('class="banner"'),
		'superseded statement': ({ path, html }: SitePage) =>
			run.test(path) && html.includes('class="banner"'),
		'revised statement': ({ path, html }: SitePage) =>
			run.test(path) && html.includes('id="changes"'),
		submission: ({ path }: SitePage) => path === 'submit/',
		verifier: ({ path }: SitePage) => path === 'verify/',
		'saved verifier': ({ path }: SitePage) => path === 'verify/wattproof-verifier.html',
		'how it is calculated': ({ path }: SitePage) => path === 'learn/',
		'meaning of the verdicts': ({ path }: SitePage) => path === 'learn/valid/',
		threats: ({ path }: SitePage) => path === 'learn/threats/',
		glossary: ({ path }: SitePage) => path === 'glossary/',
		problems: ({ path }: SitePage) => path === 'problems/',
		keys: ({ path }: SitePage) => path === 'keys/',
		'page not found': ({ path }: SitePage) => path === '404.html',
	};
	return Object.entries(types).map(([name, matches]) => {
		const page = pages.findLast(matches);
		if (page === undefined) throw new Error(`the site has no page of the type "${name}"`);
		return [name, page] as const;
	});
}

/** The addresses that a page points to inside the site, with the fragment. */
export function internalLinks({ html }: SitePage): readonly string[] {
	return [...html.matchAll(/ (?:href|src)="([^"]*)"/g)]
		.map(([, address = '']) => address)
		.filter((address) => !/^(mailto:|data:|https?:)/.test(address));
}
