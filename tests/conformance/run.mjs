// Runs a verifier on the cases beside this file and compares its exit codes: see README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const split = process.argv.indexOf('--');
const words = split < 0 ? [] : process.argv.slice(split + 1);
const named = process.argv.slice(2, Math.max(split, 2)).filter((it) => it !== '--yes-no');
const yesNo = process.argv.slice(2, split).includes('--yes-no');
const all = readdirSync(here).filter((it) => existsSync(join(here, it, 'expected.json')));
const unknown = named.filter((it) => !all.includes(it));
if (words.length === 0 || unknown.length > 0) {
	for (const name of unknown) console.error(`there is no case ${name}`);
	console.error('usage: node run.mjs [--yes-no] [CASE...] -- COMMAND... [{repo}] [{root}]');
	process.exit(64);
}
const placed = words.some((it) => it.includes('{repo}'));
let failed = 0;
const cases = named.length > 0 ? named : all.sort();
for (const name of cases) {
	const { pin, verdict, exit } = JSON.parse(
		readFileSync(join(here, name, 'expected.json'), 'utf8'),
	);
	const ends = placed ? [] : ['--repo', '{repo}', ...(pin ? ['--root', '{root}'] : [])];
	const place = (word) => (word === '{repo}' ? join(here, name, 'repo') : pin);
	const [program, ...args] = [...words, ...ends]
		.filter((it) => pin !== null || !it.includes('{root}'))
		.map((it) => it.replace(/\{(repo|root)\}/g, place));
	const { status, signal, error } = spawnSync(program, args, { stdio: 'ignore' });
	const agrees = yesNo ? status !== null && (status === 0) === (exit === 0) : status === exit;
	if (!agrees) failed++;
	const said = error?.message ?? signal ?? `exit ${status}`;
	console.log(
		agrees ? `ok      ${name}` : `FAILED  ${name}: ${said}, expected ${verdict} (${exit})`,
	);
}
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
