import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runGit } from './honest-log.ts';
import type { HistoryMutation } from './mutation.ts';
import { NEWEST } from './mutations-edits.ts';
import { type Site, siteAt } from './site.ts';

const MAY = 'data/2026-05/all.csv';
const JUNE = 'data/2026-06/all.csv';
const silent = { actor: 'nobody', verdict: 'VALID', codes: [] } as const;

const readings = (site: Site, period: string) =>
	site.read('data/2026-02/all.csv').replaceAll('2026-02', period);

async function finalizedMay(site: Site): Promise<void> {
	await site.run('2026-05');
	await site.approve('settlements/2026-05/r1');
}

/** A commit on top of main that git itself would not write: its head is given as text. */
function rawCommit(site: Site, head: (tree: string, parent: string) => string): void {
	const file = `${site.dir}.commit`;
	writeFileSync(file, head(site.git('rev-parse', 'HEAD^{tree}'), site.tip()), 'latin1');
	const id = site.git('hash-object', '-t', 'commit', '-w', '--literally', file);
	site.git('update-ref', 'refs/heads/main', id);
}

/** A log in a repository whose objects are named by SHA-256. */
async function inSha256({ dir, log }: Site) {
	const folder = `${dir}-sha256`;
	mkdirSync(folder);
	runGit(folder, ['init', '-q', '-b', 'main', '--object-format=sha256']);
	const first = log.tips['begun'] ?? '';
	runGit(dir, ['switch', '-q', '--detach', first]);
	for (const name of ['data', 'trust']) {
		cpSync(join(dir, name), join(folder, name), { recursive: true });
	}
	const site = siteAt(log, folder);
	site.commit();
	await site.run('2026-01', {
		edit: (manifest) => ({
			...manifest,
			source: { object_format: 'sha256', commit: site.tip() },
		}),
	});
	const bundle = `${folder}.bundle`;
	site.git('bundle', 'create', '-q', bundle, 'main');
	return { dir: folder, bundle };
}

/** What honest people do all year: VALID, and not a word about it. */
export const CONTROLS: readonly HistoryMutation[] = [
	{
		name: 'nothing-done',
		change: ({ log }) => ({ checkpoint: log.checkpoint }),
		...silent,
		says: 'The log as it was made, with the checkpoint that was kept.',
	},
	{
		name: 'pull-request-merged',
		change: async (site) => {
			site.git('switch', '-qc', 'june');
			site.commit({ [JUNE]: 'entity\n' });
			site.commit({ [JUNE]: readings(site, '2026-06') });
			site.git('switch', '-q', 'main');
			site.commit({ 'src/code.ts': '9;\n' });
			site.git('merge', '-q', '--no-ff', '-m', 'Merge june', 'june');
			await finalizedMay(site);
			await site.run('2026-06', { instant: '2026-07-06T08:00:00Z' });
			await site.approve('settlements/2026-06/r1');
			return { checkpoint: site.log.checkpoint };
		},
		...silent,
		says: 'A proposal was edited twice, merged, and settled later.',
	},
	{
		name: 'fast-forward',
		change: async (site) => {
			site.git('switch', '-qc', 'june');
			site.commit({ [JUNE]: readings(site, '2026-06') });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--ff-only', 'june');
			await finalizedMay(site);
		},
		...silent,
		says: 'Main took a proposal over without a merge commit.',
	},
	{
		name: 'squash-of-a-proposal',
		change: async (site) => {
			site.git('switch', '-qc', 'may');
			site.commit({ [MAY]: 'entity\n' });
			site.commit({ [MAY]: readings(site, '2026-05') });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--squash', 'may');
			site.commit({ 'src/code.ts': '9;\n' });
			await finalizedMay(site);
		},
		...silent,
		says: 'A forge squashed a proposal of readings that were not final yet.',
	},
	{
		name: 'rebase-of-a-proposal',
		change: async (site) => {
			site.git('switch', '-qc', 'may', site.log.tips['third'] ?? '');
			site.commit({ 'data/2026-06/all.csv': readings(site, '2026-06') });
			site.git('rebase', '-q', 'main');
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', 'may');
			await finalizedMay(site);
		},
		...silent,
		says: 'A proposal was rebased onto main before it was merged.',
	},
	{
		name: 'run-finalized-on-a-branch',
		change: async (site) => {
			site.git('switch', '-qc', 'finalize');
			await site.run('2026-05');
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '-m', 'Merge finalize', 'finalize');
			site.git('switch', '-qc', 'approve');
			await site.approve('settlements/2026-05/r1');
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '-m', 'Merge approve', 'approve');
		},
		...silent,
		says: 'Run and approval came by pull requests; the source was the tip of main.',
	},
	{
		name: 'readings-of-an-open-period-changed',
		change: async (site) => {
			site.commit({ [MAY]: 'entity\n' });
			site.commit({ [MAY]: null });
			site.commit({ [MAY]: readings(site, '2026-05') });
			await finalizedMay(site);
		},
		...silent,
		says: 'Until a period is final, its readings come and go.',
	},
	{
		name: 'correction-prepared-dropped-and-made',
		change: async (site) => {
			const reason = site.read('data/2026-01/r2/correction.json');
			site.commit({ 'data/2026-02/r2/correction.json': reason, 'data/2026-02/r2/all.csv': 'x\n' });
			site.commit({ 'data/2026-02/r2': null });
			site.commit({ 'data/2026-02/r2/correction.json': reason.replace('too low', 'too high') });
			site.commit({ 'data/2026-02/r2/correction.json': reason });
			await site.run('2026-02');
			await site.approve('settlements/2026-02/r2');
		},
		...silent,
		says: 'A correction was prepared, dropped, prepared anew and made final.',
	},
	{
		name: 'register-and-rules-changed',
		change: async (site) => {
			const register = site.read('data/entities.csv');
			const rules = site.read('data/rules/2026-01.json');
			site.commit({ 'data/entities.csv': register.replace('Office', 'Bureau') });
			site.commit({ 'data/rules/2026-05.json': rules.replace('"proportional"', '"equal"') });
			await finalizedMay(site);
			site.commit({ 'data/entities.csv': register, 'data/rules/2026-05.json': null });
		},
		...silent,
		says: 'Register and rules change at any time; every run has its own copy.',
	},
	{
		name: 'other-files-of-any-kind',
		change: async (site) => {
			site.write({ 'bin/tool': '#!/bin/sh\n', 'docs/a b.txt': 'ä\n' });
			chmodSync(join(site.dir, 'bin/tool'), 0o755);
			symlinkSync('tool', join(site.dir, 'bin/link'));
			site.commit();
			site.git('update-index', '--add', '--cacheinfo', `160000,${site.tip()},vendor/other`);
			site.git('commit', '-qm', 'submodule');
			site.git('commit', '-q', '--allow-empty', '-m', 'empty');
			site.git('tag', '-a', '-m', 'tag', 'v9');
			site.git('notes', 'add', '-m', 'note');
			site.git('rm', '-q', '--cached', 'vendor/other');
			site.git('commit', '-qm', 'no submodule');
			await finalizedMay(site);
		},
		...silent,
		says: 'Programs, links, submodules, tags and notes elsewhere concern nobody.',
	},
	{
		name: 'packed-and-pruned',
		change: (site) => {
			site.commit({ 'src/more.ts': '2;\n' });
			site.git('gc', '-q', '--aggressive', '--prune=now');
			site.git('pack-refs', '--all');
			rmSync(join(site.dir, '.git/refs/heads/main'), { force: true });
			return { checkpoint: site.log.checkpoint };
		},
		...silent,
		says: 'Git packed its objects and its branches.',
	},
	{
		name: 'odd-people',
		change: (site) => {
			rawCommit(site, (tree, parent) => {
				const who = 'M\x1b[2J\x07\xff\xfe <a@b> 99999999999999 +0000';
				return `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nx\n`;
			});
			rawCommit(site, (tree, parent) => {
				const who = 'A <a@b> 1780000000 +0200';
				const more = 'encoding latin1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n';
				return `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n${more}\nx\n`;
			});
		},
		...silent,
		says: 'Names that a terminal would obey, a year beyond all calendars, a signature.',
	},
	{
		name: 'sha256-repository',
		change: inSha256,
		...silent,
		says: 'The same, where Git names its objects by SHA-256.',
	},
	{
		name: 'clone-of-a-clone',
		change: (site) => {
			const dir = `${site.dir}-second`;
			runGit(dirname(dir), ['clone', '-q', '--no-local', site.dir, dir]);
			return { dir, checkpoint: site.log.checkpoint };
		},
		...silent,
		says: 'A full copy is as good as what it was made of.',
	},
	{
		name: 'approval-to-come',
		change: async (site) => void (await site.run('2026-05')),
		actor: 'nobody',
		verdict: 'PENDING',
		check: 'approvals',
		codes: ['approval-missing'],
		says: `The newest run waits for its approval, as ${NEWEST} did.`,
	},
];
