import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** The rules of the house that a machine can hold. */

const SOURCES = ['src', 'scripts', 'tests'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(ts|cjs|mjs|astro|css)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
		.filter((path) => !path.includes('/node_modules/')),
);
const text = (path: string) => readFileSync(path, 'utf8');
const lines = (path: string) => text(path).trimEnd().split('\n');
const programs = SOURCES.filter((path) => !path.startsWith('tests/'));

function imports(path: string): string[] {
	const found = text(path).matchAll(/(?:from|import) '([^']+)'/g);
	return [...found].map(([, name = '']) =>
		name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : name,
	);
}

/** Which rooms a room may use. Pages and components may also use node, at build time. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
	'src/core': ['src/core'],
	// Sentences say what the shells hold: of those they know the types alone.
	'src/texts': [
		'src/texts',
		'src/core',
		'src/node/diagnosis.ts',
		'src/node/published.ts',
		'src/node/stop.ts',
	],
	// What only the time-zone data of the runtime can say.
	'src/zones': ['src/zones', 'src/core'],
	'src/node': ['src/node', 'src/core', 'src/zones', 'src/texts', 'package.json', 'src/site.json'],
	// Of what is drawn they know the types alone.
	'src/charts': ['src/charts', 'src/core', 'src/texts', 'src/node/published.ts'],
	'src/browser': ['src/browser', 'src/core', 'src/zones', 'src/texts', 'package.json'],
	scripts: ['src/node', 'src/core', 'src/texts', 'src/site.json'],
};

test.each(Object.entries(ARROWS))('%s imports along the arrows', (room, allowed) => {
	for (const path of SOURCES.filter((it) => it.startsWith(`${room}/`))) {
		for (const name of imports(path).filter((it) => /^(src|scripts|tests|package)/.test(it))) {
			expect(
				allowed.some((it) => name === it || name.startsWith(`${it}/`)),
				`${path}: ${name}`,
			).toBe(true);
		}
	}
});

test('the core imports neither Node nor a clock nor chance', () => {
	for (const path of SOURCES.filter((it) => it.startsWith('src/core/'))) {
		expect(
			imports(path).filter((name) => name.startsWith('node:')),
			path,
		).toEqual([]);
		expect(text(path), path).not.toMatch(/Date\.now|new Date\(\)|Math\.random|Intl\.|toLocale/);
	}
});

test('no float touches energy or money', () => {
	for (const path of SOURCES.filter((it) => /^src\/core\/(settlement|record|format)\//.test(it))) {
		expect(text(path), path).not.toMatch(/parseFloat|toFixed|Math\.round/);
	}
});

test('files have at most 300 lines, lines 100 columns; texts are sentences', () => {
	for (const path of SOURCES.filter((it) => !it.startsWith('src/texts/'))) {
		expect(lines(path).length, path).toBeLessThanOrEqual(300);
		lines(path).forEach((line, index) => {
			const width = line.replaceAll('\t', '  ').length;
			expect(width, `${path}:${index + 1}`).toBeLessThanOrEqual(
				/https?:|test\(|\[/.test(line) ? 160 : 110,
			);
		});
	}
});

test('scripts have at most 60 lines', () => {
	for (const path of SOURCES.filter((it) => /^scripts\/.*\.ts$/.test(it))) {
		expect(lines(path).length, path).toBeLessThanOrEqual(60);
	}
});

test('names say what they are', () => {
	for (const path of programs) {
		expect(path).not.toMatch(/(utils|helpers|common|manager|handler|service|index)\.(ts|cjs)$/);
		const name = path.split('/').at(-1) ?? '';
		const good =
			/^(\[?[a-z0-9-]+\]?(\.(d|css|js|html|json|svg))?\.(ts|cjs|mjs|css)|\[?[A-Za-z0-9-]+\]?\.astro)$/;
		expect(name, path).toMatch(good);
	}
});

test('no enum, namespace, default export, any, or open end', () => {
	for (const path of programs.filter((it) => it.endsWith('.ts'))) {
		expect(text(path), path).not.toMatch(
			/^\s*(export )?(enum|namespace) |export default|: any\b|as any\b/m,
		);
	}
	for (const path of SOURCES) {
		const open = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX|\\.on', 'ly\\(|@ts-', 'ignore'].join(''));
		expect(text(path), path).not.toMatch(open);
	}
});

test('relative imports name their file', () => {
	for (const path of SOURCES) {
		for (const [, name = ''] of text(path).matchAll(/from '(\.[^']+)'/g)) {
			expect(name, path).toMatch(/\.(ts|astro|json|css|mjs)(\?inline)?$/);
		}
	}
});

test('texts are asked for by the file that chooses the language', () => {
	for (const path of programs) {
		expect(
			imports(path).filter((name) => name === 'src/texts/en.ts' && !path.startsWith('src/texts/')),
			path,
		).toEqual([]);
	}
});

test('the top level holds what was named and what is conventional', () => {
	const conventional = ['package-lock.json', 'biome.json', 'vitest.config.ts', 'public'];
	const named = ['data', 'settlements', 'src', 'scripts', 'astro.config.mjs', 'package.json'];
	const joined = ['tsconfig.json', 'README.md', 'trust', 'tests', 'docs', ...conventional];
	const prose = ['LICENSE', 'NOTICE', 'THIRD-PARTY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
	const made = ['node_modules', 'dist', 'coverage'];
	const here = readdirSync('.').filter((name) => !name.startsWith('.'));
	const accepted = [...named, ...joined, ...prose, ...made];
	expect(here.filter((name) => !accepted.includes(name))).toEqual([]);
});
