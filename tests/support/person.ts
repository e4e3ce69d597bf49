import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export interface Outcome {
	readonly status: number | null;
	readonly out: string;
	readonly err: string;
}

export interface Circumstances {
	readonly cwd?: string;
	/** Instead of the environment of the tests, without a passphrase of its own. */
	readonly env?: Readonly<Record<string, string>>;
	/** Descriptors that stand for stdout and stderr. */
	readonly stdout?: number;
	readonly stderr?: number;
}

// Root reads and writes whatever it likes, unless it gives up what sets it apart.
const HELD = process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all'] : [];

/** Runs a program as somebody whom permissions hold. */
export function runHeld(words: readonly string[], circumstances: Circumstances = {}): Outcome {
	const { cwd, env = process.env, stdout = 'pipe', stderr = 'pipe' } = circumstances;
	const [program = '', ...args] = [...HELD, ...words];
	const run = spawnSync(program, args, {
		encoding: 'utf8',
		env: { WATTPROOF_PASSPHRASE: '', ...env },
		stdio: ['ignore', stdout, stderr],
		...(cwd === undefined ? {} : { cwd }),
	});
	if (run.error) throw run.error;
	// What goes elsewhere is not read here.
	return { status: run.status, out: run.stdout ?? '', err: run.stderr ?? '' };
}

/** The words that start a command of the product. */
export function commandWords(name: string, args: readonly string[]): string[] {
	return [process.execPath, resolve(`scripts/${name}.ts`), ...args];
}
