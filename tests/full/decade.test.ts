import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { digest } from '../../src/core/format/bytes.ts';
import { repositoryOf, type Shape } from '../bench/repositories.ts';
import { runMeasured } from '../support/measured.ts';
import { copyPortal } from '../support/portal-copy.ts';
import { scratchFolder } from '../support/scratch.ts';

/** Ten years of a campus of fifty, as one site; what it takes is printed and never judged. */
const DECADE: Shape = { name: 'decade', submitters: 10, entities: 5, readings: 0, commits: 1 };
const RUNS = 120;
const ENTITIES = 50;

/** Builds the site of a log in a folder of its own; by path, the digest of each file. */
function build(bundle: string): ReadonlyMap<string, string> {
	const folder = join(scratchFolder(), 'log');
	execFileSync('git', ['clone', '-q', bundle, folder]);
	copyPortal(folder);
	const astro = resolve('node_modules/astro/bin/astro.mjs');
	const built = runMeasured([astro, 'build'], folder);
	expect(built.status, built.out + built.err).toBe(0);
	const dist = join(folder, 'dist');
	let size = 0;
	const paths = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
		statSync(join(dist, path)).isFile(),
	);
	const files = paths.map((path): [string, string] => {
		const bytes = readFileSync(join(dist, path));
		size += bytes.length;
		return [path, digest(bytes)];
	});
	const pages = files.filter(([path]) => path.endsWith('.html')).length;
	console.info(
		`${pages} pages of ${files.length} files, ${(size / 2 ** 20).toFixed(0)} MiB, in ` +
			`${built.seconds.toFixed(1)} s: ${(pages / built.seconds).toFixed(0)} pages/s, ` +
			`${(files.length / built.seconds).toFixed(0)} files/s, peak ${built.peak_mib.toFixed(0)} MiB`,
	);
	return new Map(files);
}

test('ten years of fifty entities build the same site in two folders', async () => {
	const { bundle } = await repositoryOf(DECADE);
	const [one, other] = [build(bundle), build(bundle)];
	expect(
		[...one.keys()].filter((path) => /^settlements\/[^/]+\/r1\/index\.html$/.test(path)),
	).toHaveLength(RUNS);
	expect(
		[...one.keys()].filter((path) => /^entities\/[^/]+\/index\.html$/.test(path)),
	).toHaveLength(ENTITIES);
	expect([...other].filter(([path, it]) => one.get(path) !== it)).toEqual([]);
	expect(other.size).toBe(one.size);
});
