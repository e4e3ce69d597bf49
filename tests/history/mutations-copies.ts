import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runGit } from './honest-log.ts';
import type { HistoryMutation, Setting } from './mutation.ts';
import { edited, undo } from './mutations-edits.ts';
import type { Site } from './site.ts';

const absent = { verdict: 'INCOMPLETE', check: 'history', codes: ['history-absent'] } as const;
const broken = { verdict: 'INCOMPLETE', check: 'history', codes: ['history-broken'] } as const;

/** A clone over git's own protocol, so that depth and filter count. */
export function clone(site: Site, ...words: string[]): Setting {
	const dir = `${site.dir}-clone`;
	site.git('config', 'uploadpack.allowFilter', 'true');
	runGit(dirname(dir), ['clone', '-q', ...words, `file://${site.dir}`, dir]);
	return { dir };
}

const objectPath = ({ dir }: Site, id: string) =>
	join(dir, '.git/objects', id.slice(0, 2), id.slice(2));

function drop(site: Site, ...objects: string[]): void {
	for (const it of objects) rmSync(objectPath(site, site.git('rev-parse', it)));
}

function packed(site: Site): string {
	site.git('repack', '-adq');
	const packs = join(site.dir, '.git/objects/pack');
	const name = readdirSync(packs).find((it) => it.endsWith('.pack'));
	if (name === undefined) throw new Error('no pack');
	return join(packs, name);
}

export function respoil(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
	const bytes = new Uint8Array(readFileSync(path));
	rmSync(path);
	writeFileSync(path, change(bytes));
}

/** Copies that lack something. What is missing accuses nobody, and what is there still does. */
export const COPIES: readonly HistoryMutation[] = [
	{
		name: 'shallow-clone',
		actor: 'nobody',
		change: (site) => clone(site, '--depth', '2'),
		only: 'folder',
		...absent,
		codes: ['history-absent', 'source-off-main'],
		says: 'The commits before the last two are not here.',
	},
	{
		name: 'shallow-clone-with-a-restored-edit',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			undo(site);
			return clone(site, '--depth', '3');
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-absent', 'history-restored', 'source-off-main'],
		says: 'Not all commits are here, but the edit is.',
	},
	{
		name: 'shallow-clone-with-checkpoint',
		actor: 'nobody',
		change: (site) => {
			site.commit({ 'src/more.ts': '2;\n' });
			return { ...clone(site, '--depth', '1'), checkpoint: site.log.checkpoint };
		},
		only: 'folder',
		...absent,
		codes: ['history-absent', 'source-off-main', 'checkpoint-commit'],
		says: 'Whether the kept commit is an ancestor cannot be known.',
	},
	{
		name: 'clone-without-old-blobs',
		actor: 'nobody',
		change: (site) => clone(site, '--filter=blob:none'),
		only: 'folder',
		verdict: 'VALID',
		codes: [],
		says: 'Trees and commits are whole, and every blob that a check asks for is at the head.',
	},
	{
		name: 'clone-without-old-blobs-of-a-restored-edit',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			undo(site);
			return clone(site, '--filter=blob:none');
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-restored'],
		says: 'The edited blob is not here; that it was another one is.',
	},
	{
		name: 'clone-without-old-blobs-that-are-needed',
		actor: 'nobody',
		change: (site) => {
			site.commit({ 'trust/notes.txt': 'Note\n', 'trust/root-9.json': '{}\n' });
			undo(site);
			return clone(site, '--filter=blob:none');
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-absent', 'history-restored'],
		says: 'A blob that was in force once is needed and not here; the stray file is seen all the same.',
	},
	{
		name: 'clone-without-old-trees',
		actor: 'nobody',
		change: (site) => clone(site, '--filter=tree:0'),
		only: 'folder',
		...absent,
		codes: ['history-absent', 'source-off-main'],
		says: 'What the older commits held is not here.',
	},
	{
		name: 'clone-that-shares-objects',
		actor: 'nobody',
		change: (site) => {
			const dir = `${site.dir}-shared`;
			runGit(dirname(dir), ['clone', '-q', '--shared', site.dir, dir]);
			return { dir };
		},
		only: 'folder',
		...absent,
		codes: ['history-absent', 'source-off-main'],
		says: 'The objects lie in another folder, which nobody has handed over.',
	},
	{
		name: 'tree-missing',
		actor: 'nobody',
		change: (site) => drop(site, `${site.log.tips['second']}:data`),
		only: 'folder',
		...absent,
		codes: ['history-absent', 'source-lacks'],
		says: 'A tree that several old commits share is not here.',
	},
	{
		name: 'tree-missing-in-the-middle-of-an-edit',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			site.commit({ 'data/2026-06/all.csv': 'entity\n' });
			const middle = site.tip();
			site.commit({ 'data/2026-06/all.csv': 'entities\n' });
			site.git('revert', '--no-edit', 'HEAD~2');
			drop(site, `${middle}:data`);
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-absent', 'history-restored'],
		says: 'A tree is missing, but the commits beside it show the edit.',
	},
	{
		name: 'edit-behind-a-missing-tree',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			const edit = site.tip();
			site.commit({ 'data/2026-06/all.csv': 'entity\n' });
			site.git('revert', '--no-edit', edit);
			drop(site, `${edit}:data`);
		},
		only: 'folder',
		verdict: 'TAMPERED',
		check: 'history',
		codes: ['history-absent', 'history-restored'],
		says: 'The tree of the edit itself is missing; the next commit still has the other digit.',
	},
	{
		name: 'edit-hidden-by-a-missing-tree',
		actor: 'outsider',
		change: (site) => {
			site.commit(edited(site));
			const edit = site.tip();
			undo(site);
			drop(site, `${edit}:data`);
		},
		only: 'folder',
		...absent,
		says: 'Only the commit whose tree is missing had the other digit: nobody can know, nobody is told VALID.',
	},
	{
		name: 'commit-of-a-side-branch-missing',
		actor: 'nobody',
		change: (site) => {
			site.git('switch', '-qc', 'side');
			site.commit({ 'src/a.ts': '8;\n' });
			const gone = site.commit({ 'src/b.ts': '8;\n' });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '-m', 'Merge', 'side');
			drop(site, gone);
		},
		only: 'folder',
		...absent,
		says: 'What was tried on a side branch cannot be told.',
	},
	{
		name: 'object-with-other-bytes',
		actor: 'outsider',
		change: (site) => {
			const [own, other] = [`${site.log.tips['first']}:data`, `${site.log.tips['second']}:data`];
			const bytes = readFileSync(objectPath(site, site.git('rev-parse', own)));
			respoil(objectPath(site, site.git('rev-parse', other)), () => bytes);
		},
		only: 'folder',
		...broken,
		codes: ['history-broken', 'source-lacks'],
		says: 'An old tree was given the bytes of another; its name gives it away.',
	},
	{
		name: 'pack-cut-short',
		actor: 'nobody',
		change: (site) => respoil(packed(site), (bytes) => bytes.subarray(0, bytes.length >> 1)),
		only: 'folder',
		...broken,
		says: 'The pack ends in the middle.',
	},
];
