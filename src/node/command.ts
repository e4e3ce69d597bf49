import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { CheckId } from '../core/verification/report.ts';
import { checks, plain, stopText } from '../texts/chosen.ts';
import { isThere } from './files.ts';
import { errorCode, type StopCode, stop, stopOf } from './stop.ts';

const USAGE = 64;
const BUG = 70;

/** Stops that say no more than that an argument is malformed. */
const MISUSES: ReadonlySet<StopCode> = new Set([
	'period-malformed',
	'pin-malformed',
	'checkpoint-malformed',
	'reason-malformed',
	'log-name',
	'number-malformed',
	'approver-malformed',
	'site-of-sample',
	'site-refused',
]);

/** A command `npm run -s <name>` with the options that every command has. */
export function command(name: string, summary: string): Command {
	return new Command(`npm run -s ${name} --`)
		.description(summary)
		.option('--repo <dir>', "the operator's repository", '.')
		.showHelpAfterError(plain.usage(name))
		.exitOverride();
}

/**
 * Reads the arguments, runs the action and sets the exit code: what the action returns; 64 for wrong
 * usage; `stopped` with one sentence for what the machine, a key or the log refuses; 70 for a bug.
 */
export async function runCommand<Options extends object>(
	description: Command,
	action: (options: Options) => Promise<number>,
	stopped = 1,
): Promise<void> {
	answerForOutput(stopped);
	// Node itself would end with 1, which is a verdict of verify.
	process.once('uncaughtException', (error) => process.exit(answer(error, stopped)));
	try {
		description.parse();
		requireFolder(description.opts<{ readonly repo?: string }>().repo ?? '.');
		process.exitCode = await action(description.opts<Options>());
	} catch (error) {
		process.exitCode = answer(error, stopped);
	}
}

/** Says why a command ends early; returns its exit code. */
function answer(error: unknown, stopped: number): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
	const reason = stopOf(error);
	if (reason === null) {
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
		return BUG;
	}
	process.stderr.write(`${stopText(reason)}\n`);
	return MISUSES.has(reason.code) ? USAGE : stopped;
}

function requireFolder(dir: string): void {
	const missing = { code: 'no-such-folder', dir } as const;
	try {
		// The current folder may have been removed: then nothing can be found from it.
		if (!isThere(resolve(dir)) || !statSync(dir).isDirectory()) stop(missing);
	} catch (error) {
		if (errorCode(error) === 'ENOENT') stop(missing);
		throw error;
	}
}

/**
 * Output that cannot be written is no verdict: it must not end in the exit code of one. The command
 * goes on to its end, so that it leaves nothing behind that it would have removed.
 */
function answerForOutput(stopped: number): void {
	// Nobody can be told what stderr does not take, and the exit code says enough.
	process.stderr.on('error', () => {});
	process.stdout.on('error', (error) => {
		const reason = errorCode(error) ?? error.message;
		// Who closes the pipe has read enough.
		if (reason === 'EPIPE' || unwritten) return;
		unwritten = true;
		process.stderr.write(`${stopText({ code: 'machine', path: 'stdout', reason })}\n`);
		process.once('exit', () => {
			process.exitCode = stopped;
		});
	});
}

let unwritten = false;

/** Shows which check of a verification is at work, and ends the line at the end. */
export function checkProgress(): {
	show: (check: CheckId, done: number, total: number) => void;
	end: () => void;
} {
	const show = progressLine();
	return {
		show: (check, done, total) => show(`${checks[check]} ${total > 1 ? `${done}/${total}` : ''}`),
		end: () => show(''),
	};
}

/**
 * Resolves on Ctrl-C or when the process is asked to end. On a terminal the key itself is read: a
 * signal would also end npm and its shell, which then report a failure.
 */
export function interruption(): Promise<void> {
	const { stdin } = process;
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
		if (!stdin.isTTY) return;
		stdin.setRawMode(true);
		stdin.on('data', (keys: Buffer) => {
			if (!keys.includes(0x03)) return;
			stdin.setRawMode(false);
			resolve();
		});
	});
}

export function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** A line on the terminal that shows how far a longer task is; silent where nobody watches. */
export function progressLine(): (text: string) => void {
	const started = Date.now();
	const { stderr } = process;
	return (text) => {
		// Nobody needs to see the progress of what takes less than a second.
		if (!stderr.isTTY || (text !== '' && Date.now() - started < 1000)) return;
		stderr.write(`\r\u001b[K${text}`);
	};
}
