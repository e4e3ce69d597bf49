import { spawnSync } from 'node:child_process';
import { expect, inject, test } from 'vitest';
import type { GitEvidence } from '../../src/core/git/repository.ts';
import { verify } from '../../src/core/verification/verify.ts';
import { readTree } from '../../src/node/files.ts';
import { folderEvidence } from '../../src/node/git-evidence.ts';
import type { Site } from './site.ts';
import type { HonestLogs } from './stage.ts';

/** Commits on top of main as years of work bring them: every third a merge of a short branch. */
function grow({ dir, tip }: Site, count: number): void {
	const lines: string[] = [];
	const commit = (ref: string, from: string, path: string, text: string, merged = '') => {
		const mark = lines.filter((it) => it.startsWith('mark ')).length + 1;
		const content = `${text}\n`;
		lines.push(`commit ${ref}`, `mark :${mark}`, 'committer A <a@b> 1780000000 +0000');
		lines.push('data 1', 'x', `from ${from}`);
		if (merged !== '') lines.push(`merge ${merged}`);
		lines.push(`M 100644 inline ${path}`, `data ${content.length}`, content);
		return mark;
	};
	let last = tip();
	for (let index = 0; index < count; index += 3) {
		const side = commit('refs/heads/side', last, `data/2026-06/side.csv`, `side ${index}`);
		const own = commit('refs/heads/main', last, `src/${index % 50}.ts`, `own ${index}`);
		const merge = ['refs/heads/main', `:${own}`, 'data/2026-06/side.csv', `side ${index}`] as const;
		last = `:${commit(...merge, `:${side}`)}`;
	}
	const input = lines.join('\n');
	const done = spawnSync('git', ['fast-import', '--quiet', '--force'], { cwd: dir, input });
	if (done.status !== 0) throw new Error(String(done.stderr));
}

export function testScale(made: HonestLogs): void {
	test('what a commit costs does not grow with their number', async () => {
		const costs: number[] = [];
		for (const count of inject('full') ? [3000, 12_000] : [600, 2400]) {
			const site = made.open('automated', `grown-${count}`);
			grow(site, count);
			site.git('reset', '-q', '--hard', 'main');
			const git = await folderEvidence(site.dir);
			if (!git?.ok) throw new Error('no repository');
			let reads = 0;
			const counted: GitEvidence = {
				...git.value,
				read: (id) => {
					reads++;
					return git.value.read(id);
				},
			};
			const tree = readTree(site.dir);
			const value = { ok: true as const, value: counted };
			const begun = performance.now();
			const report = await verify({ tree, pin: site.log.pin, git: value, worktree: true });
			const took = Math.round(performance.now() - begun);
			console.log(`${count} commits: ${reads} reads, ${took} ms`);
			expect(report.verdict).toBe('VALID');
			expect(report.findings).toEqual([]);
			expect(report.history?.commits).toBeGreaterThan((count * 2) / 3);
			costs.push(reads / count);
		}
		const [few = 0, many = 0] = costs;
		expect(many).toBeLessThan(few * 1.25);
	});
}
