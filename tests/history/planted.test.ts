import { execFileSync } from 'node:child_process';
import { expect, inject, test } from 'vitest';
import { auditFolder } from '../../src/node/audit.ts';
import { scratchLog } from '../support/scratch.ts';

/** What anybody who can write to the main line may put there, without any key. */

test('junk among the trust files that is taken away again can be acknowledged', async () => {
	const log = await scratchLog(['2026-01', '2026-02']);
	await log.finalize('2026-01');
	const junk = [`trust/keys/${'0'.repeat(40)}.asc`, 'trust/root-2.json'];
	for (const path of junk) {
		await log.commit({ [path]: 'junk' });
		await log.commit({ [path]: null });
	}
	const report = await auditFolder(log.dir, log.trust.root_sha256);
	expect(report.verdict).toBe('TAMPERED');
	expect(report.findings.map(({ code, path }) => [code, path])).toEqual(
		junk.map((path) => ['history-restored', path]),
	);
});

/** A commit whose `data/zzz` names 10 to the 10th files by a dozen objects, and one that removes it. */
function plantBomb(dir: string): void {
	const git = (words: readonly string[], input = '') =>
		execFileSync('git', ['-C', dir, ...words], { input, encoding: 'utf8' }).trim();
	let entry = `100644 blob ${git(['hash-object', '-w', '--stdin'], 'x')}`;
	for (let level = 0; level < 10; level++) {
		const lines = Array.from({ length: 10 }, (_, index) => `${entry}\tn${index}\n`);
		entry = `040000 tree ${git(['mktree'], lines.join(''))}`;
	}
	const data = git(['ls-tree', 'HEAD:data']);
	const bombed = git(['mktree'], `${data}\n${entry}\tzzz\n`);
	const others = git(['ls-tree', 'HEAD'])
		.split('\n')
		.filter((line) => !line.endsWith('\tdata'));
	const root = git(['mktree'], `${[...others, `040000 tree ${bombed}\tdata`].join('\n')}\n`);
	const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
	const commit = (tree: string, parent: string) =>
		git([...who, 'commit-tree', tree, '-p', parent, '-m', 'x']);
	const undone = commit(
		git(['rev-parse', 'HEAD^{tree}']),
		commit(root, git(['rev-parse', 'HEAD'])),
	);
	git(['update-ref', 'HEAD', undone]);
}

// Seconds of work until the limit: for mode full.
if (inject('full')) {
	test('a few objects that name billions of files end in INCOMPLETE', async () => {
		const log = await scratchLog(['2026-01']);
		await log.finalize('2026-01');
		plantBomb(log.dir);
		const report = await auditFolder(log.dir, log.trust.root_sha256);
		expect(report.verdict).toBe('INCOMPLETE');
		expect(new Set(report.findings.map(({ effect }) => effect))).toEqual(new Set(['unavailable']));
		expect(report.findings[0]).toMatchObject({ code: 'history-broken' });
	});
}
