import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, truncateSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Files } from '../../../src/core/format/bytes.ts';
import type { Tree } from '../../../src/core/verification/evidence.ts';
import { writeFiles } from '../../support/scratch.ts';

const SCRIPT = resolve('scripts/verify.sh');

/** Where a program lies; null where it does not. */
export function find(program: string): string | null {
	for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
		try {
			return realpathSync(join(folder, program));
		} catch {
			// Not in this folder.
		}
	}
	return null;
}

/** `sh`, and `dash` where that is another shell. */
export const SHELLS = ['sh', 'dash'].filter(
	(it, index) => index === 0 || ![null, find('sh')].includes(find(it)),
);

export interface Outcome {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Circumstances {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
	/** Sent as soon as something was printed. */
	readonly signal?: NodeJS.Signals;
}

/** What verify.sh says and how it ends; each character of its output is one byte. */
export function verifyBy(
	shell: string,
	args: readonly string[],
	{ cwd, env = {}, signal }: Circumstances = {},
): Promise<Outcome> {
	return new Promise((done, fail) => {
		const options = { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) };
		const child = spawn(shell, [SCRIPT, ...args], options);
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('latin1').on('data', (text) => {
			stdout += text;
			if (signal !== undefined) child.kill(signal);
		});
		child.stderr.setEncoding('latin1').on('data', (text) => {
			stderr += text;
		});
		child.on('error', fail).on('close', (status) => done({ status, stdout, stderr }));
	});
}

/**
 * Writes a tree with what is no plain file (links lead to the original bytes, elsewhere) and what
 * cannot be read: those become too large to be read, which holds for root as well.
 */
export function writeTree(dir: string, tree: Tree, original: Files, elsewhere: string): void {
	writeFiles(dir, tree.files);
	const bytesOf = (path: string) => original.get(path) ?? new Uint8Array();
	for (const { path, kind } of tree.irregular) {
		if (kind === 'executable') {
			chmodSync(join(dir, path), 0o755);
			continue;
		}
		writeFiles(elsewhere, new Map([[path, bytesOf(path)]]));
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		symlinkSync(join(elsewhere, path), join(dir, path));
	}
	for (const { path } of tree.unavailable) {
		writeFiles(dir, new Map([[path, bytesOf(path)]]));
		truncateSync(join(dir, path), 64 * 1024 * 1024 + 1);
	}
}
