import { readdirSync, rmSync } from 'node:fs';
import { writeFiles } from '../scratch.ts';
import { CASES, makeSuite } from './suite.ts';

/** Writes the cases of tests/conformance/ anew: `npx node tests/support/conformance/generate.ts`. */
const FOLDER = 'tests/conformance';

const suite = await makeSuite();
for (const entry of readdirSync(FOLDER, { withFileTypes: true })) {
	if (entry.isDirectory()) rmSync(`${FOLDER}/${entry.name}`, { recursive: true });
}
writeFiles(FOLDER, suite);
const bytes = [...suite.values()].reduce((sum, it) => sum + it.length, 0);
console.log(`${CASES.length} cases, ${suite.size} files, ${bytes} bytes`);
