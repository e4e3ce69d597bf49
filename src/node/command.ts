import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { CheckId } from '../core/verification/report.ts';
import { checks, plain, stopText } from '../texts/en.ts';
import { errorCode, type StopCode, StopError, stop } from './stop.ts';

const USAGE = 64;
const BUG = 70;

/** Stops that say no more than that an argument is malformed. */
const MISUSES: ReadonlySet<StopCode> = new Set([
	'period-malformed',
	'pin-malformed',
	'log-name',
	'number-malformed',
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
	try {
		description.parse();
		const { repo = '.' } = description.opts<{ readonly repo?: string }>();
		if (!existsSync(repo)) stop({ code: 'no-such-folder', dir: repo });
		process.exitCode = await action(description.opts<Options>());
	} catch (error) {
		if (error instanceof CommanderError) {
			process.exitCode = error.exitCode === 0 ? 0 : USAGE;
		} else if (error instanceof StopError) {
			process.stderr.write(`${stopText(error.stop)}\n`);
			process.exitCode = MISUSES.has(error.stop.code) ? USAGE : stopped;
		} else {
			process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
			process.exitCode = BUG;
		}
	}
}

/** Output that cannot be written is no verdict: it must not end in the exit code of one. */
function answerForOutput(stopped: number): void {
	process.stdout.on('error', (error) => {
		// Who closes the pipe has read enough.
		if (errorCode(error) === 'EPIPE') return;
		process.stderr.write(
			`${stopText({ code: 'machine', path: 'stdout', reason: error.message })}\n`,
		);
		process.exit(stopped === 1 ? BUG : stopped);
	});
}

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
