import { describe, expect, test } from 'vitest';
import { audit } from '../../src/node/audit.ts';
import { testMissingObjects } from './missing-objects.ts';
import { HISTORY_MUTATIONS } from './mutations.ts';
import { testScale } from './scale.ts';
import { someRows, stage, useHonestLogs } from './stage.ts';

const made = useHonestLogs();
const { rows, extent } = someRows(8);

test('names are distinct, and the rows end in every verdict', () => {
	const names = HISTORY_MUTATIONS.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
	const verdicts = new Set(HISTORY_MUTATIONS.map(({ verdict }) => verdict));
	expect(verdicts.size).toBeGreaterThanOrEqual(5);
});

describe(`a folder and its bundle say what the table says (${extent})`, () => {
	test.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
		const { dir, bundle, pin, checkpoint, remove } = await stage(row, made);
		const common = { pin, ...(checkpoint !== undefined && { checkpoint }) };
		const reports = [
			...(dir === null ? [] : [await audit({ dir, ...common })]),
			...(bundle === null ? [] : [await audit({ dir: '.', bundle, ...common })]),
		];
		remove();
		for (const report of reports) {
			const codes = [...new Set(report.findings.map(({ code }) => code))];
			expect(codes.toSorted()).toEqual(row.codes.toSorted());
			expect(report.verdict).toBe(row.verdict);
			expect(report.scope).toBe('files and history');
			if (row.check === undefined) continue;
			const status = report.checks.find(({ id }) => id === row.check)?.status;
			const open = row.verdict === 'INCOMPLETE' || row.verdict === 'PENDING';
			expect(status).toBe(open ? 'unavailable' : 'failed');
		}
		const [first, second] = reports.map(({ findings }) => findings);
		if (second !== undefined) expect(second).toEqual(first);
	});
});

test('an alteration is reported with its commits and whose they claim to be', async () => {
	const row = HISTORY_MUTATIONS.find(({ name }) => name === 'edit-twice-and-revert');
	if (row === undefined) throw new Error('no such row');
	const { dir, pin, remove } = await stage({ ...row, name: 'reported' }, made);
	const { findings, history } = await audit({ dir: dir ?? '', pin });
	remove();
	expect(findings).toHaveLength(1);
	const [finding] = findings;
	const who = { author: 'Mallory <mallory@example.org>', date: '2026-06-20T12:00:00Z' };
	expect(finding).toMatchObject({
		...{ path: 'data/2026-02/all.csv', period: '2026-02', run: 1, actual: 'changed' },
		...{ altered_in: who, restored_in: { ...who, commit: history?.head } },
	});
	expect(finding?.altered_in?.commit).toMatch(/^[0-9a-f]{40}$/);
	expect(finding?.altered_in?.commit).not.toBe(finding?.restored_in?.commit);
});

test('every checkpoint that was ever kept still holds', async () => {
	const { log, tips } = { log: made.logOf('approved'), tips: made.logOf('approved').tips };
	const whole = await audit({ dir: log.dir, pin: log.pin });
	expect(whole.history?.beginning).toBe(tips['begun']);
	expect(whole.checkpoint).toMatchObject({ log: 'example.org/test', sequence: 5 });
	expect(whole.checkpoint?.commit).toBe(tips['open']);
	const earlier = await audit({
		...{ dir: log.dir, pin: log.pin, checkpoint: made.logOf('automated').checkpoint },
	});
	expect(earlier.verdict).toBe('VALID');
	expect(earlier.checks.find(({ id }) => id === 'checkpoint')?.status).toBe('passed');
});

describe('a repository that lacks an object', () => testMissingObjects(made));
describe('a long history', () => testScale(made));
