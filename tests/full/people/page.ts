import type { Desk, Typed } from './desk.ts';

/** A page of docs/ with commands: blocks ```console of `$ command` and what it prints, in order. */

interface Step {
	readonly command: string;
	/**
	 * Lines on the page; `...` stands for any lines, `(exit 4)` at the end for the exit code. Null where
	 * nothing is shown and the command has to succeed.
	 */
	readonly expected: readonly string[] | null;
	readonly line: number;
}

/** Comments `<!-- run: command -->` are run too: what a person does by hand between the commands. */
export function readSteps(page: string): readonly Step[] {
	const steps: Step[] = [];
	let block: 'console' | 'other' | null = null;
	let open: Open = null;
	const close = () => {
		if (open !== null) {
			const { command, expected, line: at } = open;
			steps.push({ command, expected: withoutEnd(expected), line: at });
		}
		open = null;
	};
	for (const [index, text] of page.split('\n').entries()) {
		const line = index + 1;
		const [, hidden] = /^<!-- run: (.+) -->$/.exec(text) ?? [];
		if (/^ *```/.test(text)) {
			close();
			block = block !== null ? null : /^ *```console$/.test(text) ? 'console' : 'other';
		} else if (block === null && hidden !== undefined) {
			steps.push({ command: hidden, expected: null, line });
		} else if (block === 'console') {
			open = readLine(text.trimEnd(), line, open, close);
		}
	}
	return steps;
}

/** Without the blank lines that only part the end of a block. */
function withoutEnd(lines: readonly string[]): readonly string[] {
	return lines.slice(0, lines.findLastIndex((it) => it !== '') + 1);
}

/** `until`: the line that ends the text which the command takes from the page (`<< 'END'`). */
type Open = { command: string; expected: string[]; line: number; until: string | null } | null;

function readLine(text: string, line: number, open: Open, close: () => void): Open {
	if (text.startsWith('$ ')) {
		close();
		const [, until = null] = /<< '([A-Z]+)'$/.exec(text) ?? [];
		return { command: text.slice(2), expected: [], line, until };
	}
	if (open === null) throw new Error(`line ${line}: a block begins with a command`);
	if (open.until !== null) {
		open.command += `\n${text}`;
		if (text === open.until) open.until = null;
	} else if (open.expected.length === 0 && open.command.endsWith('\\')) {
		open.command += `\n${text}`;
	} else {
		open.expected.push(text);
	}
	return open;
}

/** Digests, fingerprints, commits, instants: other ones on every run, but the same where equal. */
const TOKEN = /\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{12}|[0-9-]{10}T[0-9:]{8}Z)\b/g;

type Tokens = ReadonlyMap<string, string>;

/** What the page says and what was printed, where they differ; empty where the page holds. */
export function followPage(page: string, { type }: Desk): string[] {
	let tokens: Tokens = new Map();
	let env: Record<string, string> = {};
	const faults: string[] = [];
	for (const { command, expected, line } of readSteps(page)) {
		const [, days] = /^sleep ([0-9]+)d$/.exec(command) ?? [];
		if (days !== undefined) {
			env = { DAYS_AHEAD: days };
			continue;
		}
		const typed = type(
			command.replace(TOKEN, (it) => tokens.get(it) ?? it),
			env,
		);
		const printed = linesOf(typed);
		const held =
			expected === null ? typed.status === 0 && tokens : match(expected, printed, tokens);
		if (held) tokens = held;
		else faults.push([`line ${line}: ${command}`, ...printed].join('\n'));
	}
	return faults;
}

function linesOf({ out, status }: Typed): readonly string[] {
	const lines = out === '' ? [] : out.trimEnd().split('\n');
	return (status === 0 ? lines : [...lines, `(exit ${status})`]).map((it) => it.trimEnd());
}

/** The tokens with those that these lines bring; null where the lines are not those of the page. */
function match(
	pattern: readonly string[],
	lines: readonly string[],
	tokens: Tokens,
): Tokens | null {
	const [first, ...others] = pattern;
	if (first === undefined) return lines.length === 0 ? tokens : null;
	if (first === '...') {
		for (let skipped = 0; skipped <= lines.length; skipped++) {
			const rest = match(others, lines.slice(skipped), tokens);
			if (rest !== null) return rest;
		}
		return null;
	}
	const [line, ...following] = lines;
	const more = line === undefined ? null : matchLine(first, line, tokens);
	return more === null ? null : match(others, following, more);
}

function matchLine(pattern: string, line: string, tokens: Tokens): Tokens | null {
	if (pattern.replace(TOKEN, '#') !== line.replace(TOKEN, '#')) return null;
	const actual = line.match(TOKEN) ?? [];
	const more = new Map(tokens);
	for (const [index, token] of (pattern.match(TOKEN) ?? []).entries()) {
		const known = more.get(token);
		if (known !== undefined && known !== actual[index]) return null;
		more.set(token, actual[index] ?? '');
	}
	return more;
}
