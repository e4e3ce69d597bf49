import type { ObjectId } from './object.ts';

/** A branch and the commit at its tip. */
export interface Tip {
	readonly branch: string;
	readonly head: ObjectId;
}

/** Git's own rules for names (`git check-ref-format`): nothing that a path or a terminal obeys. */
export function isRefName(name: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
	if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name)) return false;
	return name.split('/').every((part) => /^[^.].*(?<!\.|\.lock)$/s.test(part));
}

const MAIN = 'refs/heads/main';
const BRANCHES = 'refs/heads/';

/** `main` where there is one, else the one branch there is, else a detached head. */
export function mainBranch(refs: ReadonlyMap<string, ObjectId>): Tip | null {
	const main = refs.get(MAIN);
	if (main !== undefined) return { branch: MAIN, head: main };
	const branches = [...refs].filter(([name]) => name.startsWith(BRANCHES));
	const candidates = branches.length > 0 ? branches : [...refs].filter(([name]) => name === 'HEAD');
	const [[branch, head] = []] = candidates;
	if (candidates.length !== 1 || branch === undefined || head === undefined) return null;
	return { branch, head };
}

/** The branch that a `HEAD` names; undefined where it names none. */
export function branchOfHead(head: string): string | undefined {
	const name = /^ref: (.*)$/s.exec(head)?.[1];
	return name?.startsWith(BRANCHES) && isRefName(name) ? name : undefined;
}

/** What `packed-refs` has for a name: once, or it is not to be relied on. */
export function packedRefs(text: string, name: string): readonly string[] {
	return text.split('\n').flatMap((line) => {
		const space = line.indexOf(' ');
		return line.slice(space + 1) === name ? [line.slice(0, space)] : [];
	});
}
