import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { internalLinks, readPages, type SitePage } from './site-pages.ts';

/** Links of a built site that lead to no page, file or anchor of it. */
export function brokenLinks(folder: string, prefix: string): readonly string[] {
	const all = readPages(folder);
	const byPath = new Map(all.map((page) => [page.path, page]));
	return all.flatMap((page) =>
		internalLinks(page).flatMap((link) => {
			const address = new URL(link, `http://site${prefix}${page.path}`);
			const inside = address.pathname.startsWith(prefix);
			const path = address.pathname.slice(prefix.length);
			const target = byPath.get(path);
			const found = target !== undefined || (!path.endsWith('/') && existsSync(join(folder, path)));
			const id = address.hash.slice(1);
			const anchored = id === '' || target?.html.includes(` id="${id}"`);
			return inside && found && anchored ? [] : [`${page.path}: ${link}`];
		}),
	);
}

/** What html-validate says of pages, each fault once. */
export async function htmlFaults(all: readonly SitePage[]): Promise<readonly string[]> {
	const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });
	const faults: string[] = [];
	for (const { path, html } of all) {
		const { results } = await validator.validateString(html, path);
		for (const { messages } of results) {
			for (const { ruleId, message, line, column } of messages) {
				faults.push(`${path}:${line}:${column} ${ruleId}: ${message}`);
			}
		}
	}
	return [...new Set(faults)];
}
