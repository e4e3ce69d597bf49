import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recompute } from './recompute.ts';

/** In Node: the repository and the paths of its files as arguments, the outcome on the last line. */
const [dir = '', ...paths] = process.argv.slice(2);
const files = new Map(
	paths.map((path) => [path, new Uint8Array(readFileSync(join(dir, path)))] as const),
);
console.log(JSON.stringify(await recompute(files)));
