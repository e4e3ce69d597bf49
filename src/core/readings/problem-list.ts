import { append, isInfo, type Problem, wholeFile } from '../problem.ts';

/** As many problems of one file as are listed; beyond these only their number is told. */
export const PROBLEM_LIMIT = 100;

/** Where lines, or whole files, could not be taken apart. */
const UNREAD = /^(csv-|reading-(header|columns)$)/;

/** The problems of one file in order of its lines, the first of them kept. */
export interface ProblemList {
	readonly path: string;
	readonly notices: Problem[];
	readonly kept: Problem[];
	count: number;
	/** False once something could not be taken apart, so that silence proves nothing. */
	legible: boolean;
}

export function emptyList(path: string): ProblemList {
	return { path, notices: [], kept: [], count: 0, legible: true };
}

/** Adds a problem; false where it is only counted. */
export function tell(list: ProblemList, problem: Problem): boolean {
	if (isInfo(problem)) {
		list.notices.push(problem);
		return true;
	}
	if (UNREAD.test(problem.code)) list.legible = false;
	list.count++;
	if (list.count > PROBLEM_LIMIT) return false;
	list.kept.push(problem);
	return true;
}

/** Whether further problems are only counted. */
export function isFull({ count }: ProblemList): boolean {
	return count >= PROBLEM_LIMIT;
}

/** What is told of a file: the notices, the problems kept, and how many there are if these are more. */
export function toldOf({ path, notices, kept, count }: ProblemList): readonly Problem[] {
	const problems = [...notices];
	append(problems, kept);
	if (count > PROBLEM_LIMIT) {
		const [found, limit] = [String(count), String(PROBLEM_LIMIT)];
		problems.push({ code: 'problems-more', location: wholeFile(path), found, limit });
	}
	return problems;
}
