import { spawn } from 'node:child_process';

/** A repository that `git fast-import` fills; commits have numbers there, and ids for who asks. */
export interface Import {
	readonly commit: (commit: {
		readonly branch: string;
		/** Seconds since 1970. */
		readonly at: number;
		readonly message: string;
		readonly parents: readonly number[];
		/** What the commit adds to its first parent. */
		readonly files: ReadonlyMap<string, Uint8Array>;
	}) => number;
	readonly idOf: (commit: number) => Promise<string>;
	readonly end: () => Promise<void>;
}

export function openImport(repository: string): Import {
	const git = spawn('git', ['fast-import', '--quiet'], { cwd: repository, stdio: 'pipe' });
	let answered: (id: string) => void = () => {};
	git.stdout.setEncoding('utf8').on('data', (text: string) => answered(text.trim()));
	git.stderr.pipe(process.stderr);
	const ended = new Promise<void>((done, fail) => {
		git.on('close', (code) => (code === 0 ? done() : fail(new Error(`fast-import: ${code}`))));
	});
	const write = (part: string | Uint8Array) => git.stdin.write(part);
	let mark = 0;
	const commit: Import['commit'] = ({ branch, at, message, parents, files }) => {
		mark++;
		const [first, ...others] = parents;
		write(`commit refs/heads/${branch}\nmark :${mark}\n`);
		write(`committer Bench <bench@example.org> ${at} +0000\n`);
		write(`data ${message.length}\n${message}\n`);
		if (first !== undefined) write(`from :${first}\n`);
		for (const other of others) write(`merge :${other}\n`);
		for (const [path, bytes] of files) {
			write(`M 100644 inline ${path}\ndata ${bytes.length}\n`);
			write(bytes);
			write('\n');
		}
		return mark;
	};
	const idOf: Import['idOf'] = (number) => {
		const id = new Promise<string>((resolve) => {
			answered = resolve;
		});
		write(`get-mark :${number}\n`);
		return Promise.race([id, ended.then(() => '')]);
	};
	const end = () => {
		git.stdin.end();
		return ended;
	};
	return { commit, idOf, end };
}
