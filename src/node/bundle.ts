import { resolve } from 'node:path';

/** One program of the browser, whole: what a page may fetch or hold, and its digest for the policy. */
export interface Bundle {
	readonly code: string;
	/** `sha256-<base64>`, as a Content Security Policy and `integrity` take it. */
	readonly hash: string;
}

/**
 * Of openpgp.js the form without what ed25519 signatures never need: with the rest the verifier would
 * be half as large again. What is left out does not run; who asked for it would get an exception.
 */
const LIGHT = [
	{ find: /^openpgp$/, replacement: 'openpgp/lightweight' },
	{
		find: /^\.\/(argon2id|legacy_ciphers|noble_curves|unbzip2-stream)\.min\.mjs$/,
		replacement: resolve('src/browser/left-out.ts'),
	},
];

/**
 * What else a program never needs: readings are submitted for a first run, which has no correction.
 * With its schema the page would be half as large again.
 */
const LEFT_OUT: Readonly<Record<string, typeof LIGHT>> = {
	'submit/page.ts': [
		{ find: /^\.\/correction\.ts$/, replacement: resolve('src/browser/submit/no-correction.ts') },
	],
};

const made = new Map<string, Promise<Bundle>>();

/** Bundles a program below `src/browser/` into one script without imports; the same bytes each time. */
export function bundleOf(entry: string): Promise<Bundle> {
	const known = made.get(entry) ?? makeBundle(entry);
	made.set(entry, known);
	return known;
}

async function makeBundle(entry: string): Promise<Bundle> {
	// By a name that no bundler follows: the site's own build must not take in the build tool.
	const tool = 'vite';
	const { build }: typeof import('vite') = await import(/* @vite-ignore */ tool);
	const output = await build({
		configFile: false,
		root: process.cwd(),
		logLevel: 'error',
		resolve: { alias: [...LIGHT, ...(LEFT_OUT[entry] ?? [])] },
		define: { 'process.env.NODE_ENV': '"production"' },
		build: {
			write: false,
			minify: true,
			target: 'es2023',
			modulePreload: false,
			lib: { entry: `src/browser/${entry}`, formats: ['iife'], name: 'wattproof' },
		},
	});
	const chunks = [output].flat().flatMap((it) => ('output' in it ? it.output : []));
	const [chunk, ...others] = chunks.filter((it) => it.type === 'chunk');
	if (chunk?.type !== 'chunk' || others.length > 0) throw new Error(`${entry} is not one script`);
	// Inside HTML a script must not end itself.
	const code = chunk.code.replaceAll('</script', '<\\/script');
	return { code, hash: await hashOf(code) };
}

/** `sha256-<base64>` of a text. */
export async function hashOf(text: string): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return `sha256-${Buffer.from(digest).toString('base64')}`;
}
