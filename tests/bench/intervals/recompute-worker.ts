import '../../../src/browser/globals.ts';
import { type Recomputed, recompute } from './recompute.ts';

export interface Asked {
	/** Where each file is served, and its path. */
	readonly base: string;
	readonly paths: readonly string[];
}

export type Answered = Recomputed | { readonly error: string };

addEventListener('message', async ({ data }: MessageEvent<Asked>) => {
	try {
		const files = new Map<string, Uint8Array>();
		for (const path of data.paths) {
			const response = await fetch(`${data.base}${path}`);
			files.set(path, new Uint8Array(await response.arrayBuffer()));
		}
		postMessage((await recompute(files)) satisfies Answered);
	} catch (error) {
		postMessage({ error: String(error) } satisfies Answered);
	}
});
