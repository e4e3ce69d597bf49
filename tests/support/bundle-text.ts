import { resolve } from 'node:path';
import { build } from 'vite';

/** A module of the tests, with what it imports, as one script for a page. */
export async function bundleText(entry: string): Promise<string> {
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			lib: { entry: resolve(entry), formats: ['iife'], name: 'bundled' },
		},
	});
	const [output] = Array.isArray(built) ? built : [built];
	const chunk = output && 'output' in output ? output.output[0] : undefined;
	if (chunk === undefined) throw new Error('nothing was built');
	return chunk.code;
}
