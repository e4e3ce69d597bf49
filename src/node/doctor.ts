import * as fs from 'node:fs';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { stopText } from '../texts/chosen.ts';
import { type Diagnosis, EXAMINATIONS, ok, problem, unknown } from './diagnosis.ts';
import { examineData, examineOwners, examineSite, examineWorkflows } from './doctor-files.ts';
import { examineForge } from './doctor-forge.ts';
import { examineAttributes, examinePrivateKeys } from './doctor-tree.ts';
import { examineTrust } from './doctor-trust.ts';
import { readTree } from './files.ts';
import type { AskForge } from './forge-answer.ts';
import { openRepository } from './repository.ts';
import { StopError } from './stop.ts';

/** The branch that the workflows are about. */
const MAIN = 'main';

export interface DoctorRequest {
	readonly dir: string;
	/** A private key file, of which the public part alone is read. */
	readonly key?: string | undefined;
	readonly now: Date;
	/** Asks the forge for its settings; without it nothing leaves this computer. */
	readonly ask?: AskForge | undefined;
}

/** Everything that an installation needs, looked at one by one; changes nothing. */
export async function examine(request: DoctorRequest): Promise<readonly Diagnosis[]> {
	const { dir, key, now, ask } = request;
	const tree = readTree(dir);
	const trust = await examineTrust(tree, { dir, key });
	const site = await examineSite(dir);
	const diagnoses = [
		...(await examineHistory(dir)),
		...trust.diagnoses,
		...examinePrivateKeys(dir),
		...examineAttributes(dir),
		...examineData(tree, now),
		...site.diagnoses,
		...examineWorkflows(dir, site.settings),
		...examineOwners(dir, site.settings),
		...(ask === undefined ? [] : examineForge(ask, site.settings, trust.log)),
	];
	const place = ({ check }: Diagnosis) => EXAMINATIONS.indexOf(check);
	return diagnoses.toSorted((a, b) => place(a) - place(b));
}

/** Whether what is checked out is main with all of its history. */
async function examineHistory(dir: string): Promise<Diagnosis[]> {
	try {
		const { branch, gitdir } = await openRepository(dir);
		const name = branch.replace(/^refs\/heads\//, '');
		const here =
			name === MAIN
				? ok('branch', { code: 'branch-main' })
				: problem('branch', { code: 'branch-other', branch: name });
		// Git removes the file when nothing is cut off any more.
		if (lstatSync(join(gitdir, 'shallow'), { throwIfNoEntry: false }) !== undefined) {
			return [problem('history', { code: 'history-shallow' }), here];
		}
		const partial = (await git.getConfig({ fs, dir, path: 'extensions.partialclone' })) as unknown;
		if (partial !== undefined) return [problem('history', { code: 'history-partial' }), here];
		return [ok('history', { code: 'history-whole' }), here];
	} catch (error) {
		if (!(error instanceof StopError)) throw error;
		const reason = stopText(error.stop);
		if (error.stop.code === 'machine') {
			return [unknown('history', { code: 'history-unread', reason })];
		}
		return [problem('history', { code: 'repository-refused', reason })];
	}
}
