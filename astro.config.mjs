// @ts-check
import { readFileSync } from 'node:fs';
import { defineConfig } from 'astro/config';

// Astro reads both after this file: no build, check or preview asks the network for anything.
process.env.ASTRO_TELEMETRY_DISABLED = '1';
process.env.ASTRO_DISABLE_UPDATE_CHECK = 'true';

/** @type {{ site_url: string, base_path: string }} */
const site = JSON.parse(readFileSync(new URL('src/site.json', import.meta.url), 'utf8'));

export default defineConfig({
	// The environment overrides, so that a fork or a preview can publish elsewhere without an edit.
	site: process.env.SITE_URL ?? site.site_url,
	base: process.env.BASE_PATH ?? site.base_path,
	trailingSlash: 'always',
	output: 'static',
	compressHTML: true,
	// The policy of the pages forbids inline styles; for the same reason no highlighter runs.
	build: { format: 'directory', inlineStylesheets: 'never' },
	markdown: { syntaxHighlight: false },
	devToolbar: { enabled: false },
	prefetch: false,
	vite: {
		worker: { format: 'es' },
		// Found only at the first click, these would reload the page of `astro dev` in mid-run.
		optimizeDeps: {
			include: [
				'@noble/hashes/sha2.js',
				'@noble/hashes/utils.js',
				'buffer',
				'csv-parse/sync',
				'isomorphic-git',
				'isomorphic-git/http/web',
				'openpgp',
				'zod',
			],
		},
	},
});
