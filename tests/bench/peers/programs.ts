import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'vite';

/** Where bundles lie: below the packages that they name and do not hold. */
export const PROGRAMS = resolve('tests/bench/node_modules/.cache/programs');
const NATIVE = ['@duckdb/node-api', 'nodejs-polars'];

/** Makes one script of each of these modules of the benchmark, as fast to start as ours. */
export async function makePrograms(entries: readonly string[]): Promise<void> {
	mkdirSync(PROGRAMS, { recursive: true });
	for (const entry of entries) {
		const name = basename(entry, '.ts');
		const built = await build({
			configFile: false,
			logLevel: 'error',
			ssr: { noExternal: true, external: NATIVE, target: 'node' },
			build: { ssr: `tests/bench/${entry}`, write: false, minify: false, target: 'node22' },
		});
		const chunks = [built].flat().flatMap((it) => ('output' in it ? it.output : []));
		const [chunk, ...others] = chunks.filter((it) => it.type === 'chunk');
		if (chunk === undefined || others.length > 0) throw new Error(`${name} is not one script`);
		writeFileSync(join(PROGRAMS, `${name}.mjs`), chunk.code);
	}
}
