import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isThere } from './files.ts';

/** What the launcher reads: the program of a command, and the state of all that it was made of. */
export interface Program {
	/** Relative to the folder of all programs. */
	readonly file: string;
	/** By path from the root, as `stateOf` tells it. */
	readonly inputs: Readonly<Record<string, string>>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes one script of a command and all that it imports: a start neither strips types nor looks for
 * two hundred files. `stateOf` tells a file from any other version of it.
 */
export async function makeProgram(
	root: string,
	folder: string,
	name: string,
	stateOf: (path: string) => string,
): Promise<Program> {
	// Before anything is read: what changes while the script is made has another state afterwards.
	const states = new Map(sourcesOf(root).map((path) => [path, stateOf(path)]));
	// By a name that no bundler follows: the site's own build must not take in the build tool.
	const tool = 'vite';
	const { build }: typeof import('vite') = await import(/* @vite-ignore */ tool);
	const built = await build({
		configFile: false,
		root,
		logLevel: 'error',
		plugins: [withoutSubcommands],
		ssr: { noExternal: true, target: 'node' },
		build: {
			ssr: `scripts/${name}.ts`,
			write: false,
			minify: false,
			target: 'node22',
			rolldownOptions: { output: { format: 'es', entryFileNames: '[name].mjs' } },
		},
	});
	const chunks = [built]
		.flat()
		.flatMap((it) => ('output' in it ? it.output : []))
		.filter((it) => it.type === 'chunk');
	const digest = createHash('sha256');
	for (const { code } of chunks) digest.update(code);
	const home = `${name}-${digest.digest('hex').slice(0, 16)}`;
	const aside = join(folder, `${home}.${process.pid}`);
	for (const { fileName, code } of chunks) {
		const path = join(aside, fileName);
		mkdirSync(join(path, '..'), { recursive: true });
		writeFileSync(path, code);
	}
	try {
		renameSync(aside, join(folder, home));
	} catch (error) {
		// Another start was faster, now or before; it made the same.
		if (!isThere(join(folder, home))) throw error;
		rmSync(aside, { recursive: true });
	}

	const used = chunks
		.flatMap(({ moduleIds }) => moduleIds)
		.map((id) => relative(root, id).replaceAll('\\', '/'));
	const inputs = [...states].filter(([path]) => used.includes(path) || SETTINGS.includes(path));
	const program = { file: `${home}/${name}.mjs`, inputs: Object.fromEntries(inputs) };
	const note = join(folder, `${name}.json`);
	writeFileSync(`${note}.${process.pid}`, JSON.stringify(program));
	renameSync(`${note}.${process.pid}`, note);
	forget(folder, name, home);
	return program;
}

/** What the packages are (npm writes the first at each installation), and how types are taken. */
const SETTINGS = ['node_modules/.package-lock.json', 'package.json', 'tsconfig.json'];

function sourcesOf(root: string): readonly string[] {
	const below = ['src', 'scripts'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
	);
	return [...below, ...SETTINGS];
}

/** No command starts another program by commander, whose import alone takes as long as all parsing. */
const withoutSubcommands = {
	name: 'without-subcommands',
	enforce: 'pre' as const,
	resolveId: (id: string, importer: string | undefined) =>
		id === 'node:child_process' && importer?.includes('/commander/') ? '\0none' : null,
	load: (id: string) => (id === '\0none' ? 'const none = {}; export { none as default };' : null),
};

/** Removes earlier forms of a program; one that a running process may still read from stays a day. */
function forget(folder: string, name: string, home: string): void {
	for (const other of readdirSync(folder)) {
		if (!other.startsWith(`${name}-`) || other === home) continue;
		const path = join(folder, other);
		// Another start may be moving it away.
		const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
		if (Date.now() - made > DAY_MS) rmSync(path, { recursive: true, force: true });
	}
}
