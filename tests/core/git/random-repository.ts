import { chance } from '../../support/communities.ts';
import { git, gitText } from './native.ts';

/** Seeded repositories with everything that a tree and a commit may hold. */

export interface RepositoryOptions {
	readonly seed: number;
	readonly commits: number;
	readonly format?: 'sha1' | 'sha256';
	/** Bytes of a new file, at most. */
	readonly largest?: number;
}

/** Makes one at `dir` with a branch `main`; its objects are loose. */
export function makeRepository(
	dir: string,
	{ seed, commits, format = 'sha1', largest = 70_000 }: RepositoryOptions,
) {
	git('.', ['init', '-q', `--object-format=${format}`, '-b', 'main', dir]);
	const next = chance(seed);
	const parts: (string | Uint8Array)[] = [];
	const versions = new Map<string, Buffer>();
	let mark = 0;
	for (let index = 0; index < commits; index++) {
		const side = index > 2 && next(4) === 0;
		if (side) {
			const from = mark;
			parts.push(`reset refs/heads/side\nfrom :${from}\n\n`);
			parts.push(
				...commit(next, 'side', ++mark, index),
				...changes(next, { format, largest, versions }),
			);
			parts.push(...commit(next, 'main', ++mark, index), `merge :${mark - 1}\n`);
		} else parts.push(...commit(next, 'main', ++mark, index));
		parts.push(...changes(next, { format, largest, versions }));
	}
	parts.push(`tag v1\nfrom :${mark}\ntagger A <a@example.org> 1767225600 +0000\ndata 3\none\n`);
	const stream = Buffer.concat(parts.map((it) => Buffer.from(it)));
	git(dir, ['-c', 'fastimport.unpackLimit=1000000', 'fast-import', '--quiet'], stream);
	addOddCommits(dir);
}

type Next = (range: number) => number;

function commit(next: Next, branch: string, mark: number, index: number): (string | Uint8Array)[] {
	const message = ['', 'change', 'change\n', 'change: readings\n\nBody, ñ.\n'][next(4)] ?? '';
	const name = ['A. Lindqvist', '', 'Ñandú 水', 'b'.repeat(300)][next(4)] ?? '';
	const zone = ['+0000', '-0730', '+1400'][next(3)];
	return [
		`commit refs/heads/${branch}\nmark :${mark}\n`,
		`author ${name} <a@example.org> ${1_600_000_000 + index * 1000} ${zone}\n`,
		`committer C <c@example.org> ${1_600_000_100 + index * 1000} ${zone}\n`,
		`data ${Buffer.byteLength(message)}\n`,
		message,
		'\n',
	];
}

/** Files are mostly changed a little, so that packs have deltas to make. */
function changes(
	next: Next,
	{
		format,
		largest,
		versions,
	}: Required<Pick<RepositoryOptions, 'format' | 'largest'>> & {
		versions: Map<string, Buffer>;
	},
): (string | Uint8Array)[] {
	const parts: (string | Uint8Array)[] = [];
	const width = format === 'sha1' ? 40 : 64;
	for (let count = 1 + next(4); count > 0; count--) {
		const folder = ['', 'data/2026-01/', 'data/2026-02/', 'deep/er/and/', 'a-b/'][next(5)] ?? '';
		const name = ['a', 'a.csv', 'a0', 'ä', 'with space', 'Z', `f${next(30)}`][next(7)] ?? '';
		const path = `${folder}${name}`;
		switch (next(12)) {
			case 0:
				parts.push(`D ${folder}${name}\n`);
				break;
			case 1:
				parts.push(`M 160000 ${'12ab'.repeat(width / 4)} ${folder}module\n`);
				break;
			case 2:
				parts.push(`M 120000 inline ${folder}link\ndata 4\n../a\n`);
				break;
			case 3:
				parts.push(`D ${folder === '' ? 'a' : folder.slice(0, -1)}\n`);
				break;
			default: {
				const content = edited(next, versions.get(path) ?? fresh(next, largest), largest);
				versions.set(path, content);
				const mode = next(9) === 0 ? '100755' : '100644';
				parts.push(`M ${mode} inline ${path}\ndata ${content.length}\n`, content, '\n');
			}
		}
	}
	return parts;
}

function fresh(next: Next, largest: number): Buffer {
	const size = Math.min(largest, [0, 1, 80, 5000, largest][next(5)] ?? 0);
	if (next(3) === 0) return Buffer.from(Uint8Array.from({ length: size }, () => next(256)));
	let text = 'entity,period,generated_kwh,consumed_kwh\n';
	while (text.length < size) text += `meter-${next(500)},2026-05,${next(100_000) / 1000},0\n`;
	return Buffer.from(text.slice(0, size));
}

function edited(next: Next, content: Buffer, largest: number): Buffer {
	if (next(15) === 0) return fresh(next, largest);
	const at = next(content.length + 1);
	const part = Buffer.from(String(next(1_000_000)));
	return Buffer.concat([content.subarray(0, at), part, content.subarray(at + next(9))]);
}

/** Commits of forms that fast-import does not make, at the tip of `main`. */
function addOddCommits(dir: string): void {
	const write = (type: string, content: string | Uint8Array) =>
		gitText(dir, ['hash-object', '-t', type, '-w', '--stdin'], content);
	const empty = write('tree', '');
	const tag = gitText(dir, ['cat-file', 'tag', 'v1']).replaceAll('\n', '\n ');
	let parent = gitText(dir, ['rev-parse', 'main']);
	const other = gitText(dir, ['rev-parse', 'main~1']);
	const person = 'Ñ <a@example.org> 1767225600 +0000';
	const people = `author ${person}\ncommitter ${person}\n`;
	const odd: readonly (readonly [string, string])[] = [
		['', 'no newline at the end'],
		['gpgsig -----BEGIN PGP SIGNATURE-----\n \n wsB=\n -----END PGP SIGNATURE-----\n', 'signed\n'],
		['encoding ISO-8859-1\n', 'latin\n'],
		[`mergetag ${tag}\n`, 'merged\n'],
		['', ''],
	];
	for (const [headers, message] of odd) {
		const head = `tree ${empty}\nparent ${parent}\nparent ${other}\n`;
		parent = write('commit', Buffer.from(`${head}${people}${headers}\n${message}`, 'latin1'));
	}
	git(dir, ['update-ref', 'refs/heads/main', parent]);
}
