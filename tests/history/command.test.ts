import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../src/core/verification/report.ts';
import { HISTORY_MUTATIONS } from './mutations.ts';
import { someRows, stage, useHonestLogs } from './stage.ts';

/** The table once more, by the command, as an auditor meets it. */
const made = useHonestLogs();

interface Said {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

function verifyCommand(...args: string[]): Promise<Said> {
	const words = ['scripts/verify.ts', ...args];
	const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
	const said = { out: '', err: '' };
	child.stdout.on('data', (chunk) => {
		said.out += chunk;
	});
	child.stderr.on('data', (chunk) => {
		said.err += chunk;
	});
	return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

const { rows, extent } = someRows(1);

test(`the command says what the table says (${extent})`, async () => {
	for (const row of rows) {
		const { dir, bundle, pin, checkpoint, remove } = await stage(row, made);
		const common = [
			'--root',
			pin,
			...(checkpoint === undefined ? [] : ['--checkpoint', checkpoint]),
		];
		const said = await Promise.all([
			...(dir === null ? [] : [verifyCommand('--repo', dir, ...common)]),
			...(bundle === null ? [] : [verifyCommand('--bundle', bundle, ...common)]),
		]);
		remove();
		for (const { code, out } of said) {
			expect(out, row.name).toMatch(new RegExp(`^${row.verdict} `));
			expect(code, row.name).toBe(EXIT_CODES[row.verdict]);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
			expect(out.replaceAll('\n', ''), row.name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
		}
	}
});

test('names that a terminal would obey are shown, not obeyed', async () => {
	const site = made.open('automated', 'loud');
	const path = 'data/2026-02/all.csv';
	const text = site.read(path);
	site.write({ [path]: text.replace('70.125', '71.125') });
	site.git(
		'-c',
		'author.name=A\u001b[2J\u202eEvil\u009b1m',
		'commit',
		'-qam',
		'x',
		'--author=A\u001b[2J\u202eEvil\u009b1m <a@b>',
	);
	site.commit({ [path]: text });
	const { code, out } = await verifyCommand('--repo', site.dir, '--root', site.log.pin);
	expect(code).toBe(1);
	expect(out).toContain('A\\u001b[2J\\u202eEvil\\u009b1m <a@b> in ');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
	expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('a checkpoint is printed, saved, and held against the log at the next visit', async () => {
	const site = made.open('approved', 'visits');
	const kept = made.placeOf('kept.txt');
	const common = ['--repo', site.dir, '--root', site.log.pin];
	const first = await verifyCommand(...common, '--save-checkpoint', kept);
	expect(first.code).toBe(0);
	const saved = readFileSync(kept, 'utf8');
	expect(saved).toMatch(/^example\.org\/test\n5\n[A-Za-z0-9+/]{43}=\ncommit [0-9a-f]{40}\n$/);
	expect(first.out).toContain(saved.trimEnd().replaceAll('\n', '\n  '));
	expect(saved).toBe(readFileSync(site.log.checkpoint, 'utf8'));

	await site.run('2026-05');
	await site.approve('settlements/2026-05/r1');
	const second = await verifyCommand(...common, '--checkpoint', kept, '--save-checkpoint', kept);
	expect(second.code).toBe(0);
	expect(second.out).toMatch(/passed +Does the log continue the checkpoint/);
	const renewed = readFileSync(kept, 'utf8');
	expect(renewed.split('\n')[1]).toBe('6');

	site.git('reset', '-q', '--hard', site.log.tips['open'] ?? '');
	const third = await verifyCommand(...common, '--checkpoint', kept, '--save-checkpoint', kept);
	expect(third.code).toBe(1);
	expect(third.out).toContain('Your checkpoint has 6 manifests, this log only 5');
	expect(readFileSync(kept, 'utf8')).toBe(renewed);
});

test('what is no checkpoint is refused, and none is kept of what does not hold', async () => {
	const { dir, pin } = made.logOf('automated');
	const [kept, fresh] = [made.placeOf('malformed.txt'), made.placeOf('fresh.txt')];
	writeFileSync(kept, 'example.org/test\r\n');
	const [malformed, foreign] = await Promise.all([
		verifyCommand('--repo', dir, '--root', pin, '--checkpoint', kept),
		verifyCommand('--repo', dir, '--root', '0'.repeat(64), '--save-checkpoint', fresh),
	]);
	expect(malformed).toMatchObject({ code: 64, out: '' });
	expect(malformed.err).toContain('is no checkpoint');
	expect(foreign.code).toBe(2);
	expect(existsSync(fresh)).toBe(false);
});

test('the report has whose commits they were, and what an acknowledgment says', async () => {
	const row = HISTORY_MUTATIONS.find(({ name }) => name === 'incident-acknowledged');
	if (row === undefined) throw new Error('no such row');
	const { dir, pin, remove } = await stage(row, made);
	const args = ['--repo', dir ?? '', '--root', pin];
	const [text, json] = await Promise.all([
		verifyCommand(...args),
		verifyCommand(...args, '--json'),
	]);
	remove();
	expect(text.out).toContain('A later manifest acknowledges it, approved as finance.');
	const report: unknown = JSON.parse(json.out);
	expect(report).toMatchObject({
		...{ verdict: 'VALID', scope: 'files and history' },
		findings: [
			{
				...{ code: 'history-acknowledged', effect: 'notice', expected: 'finance' },
				altered_in: { author: 'Mallory <mallory@example.org>' },
				restored_in: { author: 'Mallory <mallory@example.org>' },
			},
		],
		not_checked: ['checkpoint'],
	});
});
