import { expect, inject, test } from 'vitest';
import type { GitEvidence, Read } from '../../src/core/git/repository.ts';
import { historyReader } from '../../src/core/history/reader.ts';
import { treeAt } from '../../src/core/history/tree-at.ts';
import type { Verdict } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { readTree } from '../../src/node/files.ts';
import { folderEvidence } from '../../src/node/git-evidence.ts';
import { chance } from '../support/communities.ts';
import { EDITS } from './mutations-edits.ts';
import { INCIDENTS } from './mutations-incidents.ts';
import type { Site } from './site.ts';
import type { HonestLogs } from './stage.ts';

/**
 * A repository that lacks any one object, or has other bytes for it. Whatever is lost, nobody is
 * accused who did nothing, and nothing that was seen whole before is VALID by its absence.
 */
const seed = Date.now() % 10_000;
const next = chance(seed);
const SAMPLE = 4;

async function open(dir: string): Promise<GitEvidence> {
	const git = await folderEvidence(dir);
	if (!git?.ok) throw new Error(`${dir} is no repository`);
	return git.value;
}

const without = (git: GitEvidence, lost: string, read: Read): GitEvidence => ({
	...git,
	read: async (id) => (id === lost ? read : git.read(id)),
});

const LOSSES: readonly Read[] = [
	{ state: 'absent' },
	{ state: 'broken', fault: { code: 'object-wrong', detail: 'x' } },
];

/** Loses objects one by one, all or some, for the folder and for its head; returns what is wrong. */
async function lose({ dir, log, git: run }: Site, allowed: readonly Verdict[]): Promise<string[]> {
	const git = await open(dir);
	const folder = readTree(dir);
	const all = run('rev-list', '--objects', '--all').split('\n');
	const lost = [...all];
	while (!inject('full') && lost.length > SAMPLE) lost.splice(next(lost.length), 1);
	const verdicts: Record<string, number> = {};
	const wrong: string[] = [];
	for (const [index, line] of lost.entries()) {
		const [id = '', path = ''] = line.split(' ');
		const damaged = without(git, id, LOSSES[index % 2] ?? { state: 'absent' });
		const value = { ok: true as const, value: damaged };
		const own = await treeAt(historyReader(damaged), damaged.head);
		for (const request of [{ tree: folder, worktree: true }, { tree: own }]) {
			const { verdict, findings } = await verify({ ...request, pin: log.pin, git: value });
			verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
			if (allowed.includes(verdict)) continue;
			const said = findings.map(({ code, effect }) => `${code} ${effect}`);
			wrong.push(`${path} ${id} ${'worktree' in request}: ${verdict} ${said.join(', ')}`);
		}
	}
	console.log(
		`${lost.length} of ${all.length} objects (seed ${seed}): ${JSON.stringify(verdicts)}`,
	);
	return wrong;
}

const rowOf = (name: string) => {
	const row = [...EDITS, ...INCIDENTS].find((it) => it.name === name);
	if (row === undefined) throw new Error(name);
	return row;
};

export function testMissingObjects(made: HonestLogs): void {
	test('an honest log is never TAMPERED for what it lacks', async () => {
		expect(await lose(made.open('approved', 'honest'), ['VALID', 'INCOMPLETE'])).toEqual([]);
	});

	test('an altered log is never VALID for what it lacks', async () => {
		const site = made.open('approved', 'altered');
		await rowOf('edit-and-revert').change(site);
		expect(await lose(site, ['TAMPERED', 'INCOMPLETE'])).toEqual([]);
	});

	test('an acknowledged alteration is nobody\u2019s fault for what is lacking', async () => {
		const site = made.open('approved', 'acknowledged');
		await rowOf('incident-acknowledged').change(site);
		expect(await lose(site, ['VALID', 'INCOMPLETE'])).toEqual([]);
	});
}
