import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';

/** Commands that start often run as one file each: it has to mean what its sources mean. */

const LAUNCHED = [...readFileSync('package.json', 'utf8').matchAll(/launch\.cjs ([a-z]+)/g)].map(
	([, name = '']) => name,
);

function run(root: string, ...words: readonly string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, words, {
		cwd: root,
		encoding: 'utf8',
	});
	return { status, stdout, stderr };
}

/** The program in a folder of its own, with the packages of this one but for those left out. */
function copyProgram(without: readonly string[] = []): string {
	const root = mkdtempSync(join(tmpdir(), 'wattproof-program-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	for (const part of ['src', 'scripts', 'package.json', 'tsconfig.json'])
		cpSync(part, join(root, part), { recursive: true });
	mkdirSync(join(root, 'node_modules'));
	const packages = readdirSync('node_modules').filter((name) => name !== '.cache');
	for (const name of packages.filter((it) => !without.includes(it)))
		symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
	return root;
}

test('the commands that start often are launched', () => {
	expect(LAUNCHED.toSorted()).toEqual(['check', 'finalize', 'settle', 'validate', 'verify']);
});

const CALLS: readonly (readonly [string, readonly string[]])[] = [
	['validate', ['--format', 'json']],
	['validate', ['--period', 'never']],
	['settle', ['--period', '2026-01']],
	['settle', []],
	['verify', ['--json']],
	['verify', ['--bundle', 'package.json']],
	['check', ['--base', 'HEAD', '--json']],
	['finalize', ['--period', '2026-01', '--key', 'none']],
	...LAUNCHED.map((name) => [name, ['--help']] as const),
];
const full = inject('full');
const seed = full ? 0 : Date.now() % CALLS.length;
const chosen = CALLS.filter((_, index) => full || index % 4 === seed % 4);

describe(full ? 'all calls' : `a sample of calls from seed ${seed}`, () => {
	test.each(chosen)('%s %s says the same launched as from its sources', (name, words) => {
		const launched = run('.', 'scripts/launch.cjs', name, ...words);
		expect(launched).toEqual(run('.', `scripts/${name}.ts`, ...words));
		expect(launched.stdout + launched.stderr).not.toBe('');
	});
});

test('a changed source changes what is launched, whatever its size and time', () => {
	const root = copyProgram();
	const usage = () => run(root, 'scripts/launch.cjs', 'settle', '--help').stdout;
	expect(usage()).toContain('Previews the next run');
	const kept = () => readdirSync(join(root, 'node_modules/.cache/programs'));
	const before = kept();
	expect(usage()).toContain('Previews the next run');
	expect(kept()).toEqual(before);

	const path = join(root, 'scripts/settle.ts');
	const times = spawnSync('stat', ['-c', '%y', path], { encoding: 'utf8' }).stdout.trim();
	writeFileSync(path, readFileSync(path, 'utf8').replace('Previews', 'Displays'));
	spawnSync('touch', ['-d', times, path]);
	expect(usage()).toContain('Displays the next run');
});

// Each of these makes the program anew.
if (full) {
	test('without the build tool the sources run', () => {
		const root = copyProgram(['vite']);
		const launched = run(root, 'scripts/launch.cjs', 'settle', '--help');
		expect(launched).toEqual(run(root, 'scripts/settle.ts', '--help'));
		expect(readdirSync(join(root, 'node_modules')).includes('.cache')).toBe(false);
	});

	test('where the program cannot be kept the sources run', () => {
		const root = copyProgram();
		writeFileSync(join(root, 'node_modules/.cache'), '');
		const launched = run(root, 'scripts/launch.cjs', 'settle', '--help');
		expect(launched).toEqual(run(root, 'scripts/settle.ts', '--help'));
	});

	test('of many first starts at once each runs the program', async () => {
		const root = copyProgram();
		const starts = Array.from({ length: 4 }, async () => {
			const child = spawn(process.execPath, ['scripts/launch.cjs', 'settle', '--help'], {
				cwd: root,
			});
			const [status] = await once(child, 'exit');
			return status;
		});
		expect(await Promise.all(starts)).toEqual([0, 0, 0, 0]);
		const folders = readdirSync(join(root, 'node_modules/.cache/programs'));
		expect(folders.filter((it) => it.startsWith('settle-'))).toHaveLength(1);
	});
}
