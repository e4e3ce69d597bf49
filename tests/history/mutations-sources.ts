import { asDays, intervalMonth, intervalRules, POINTS_TEXT } from '../support/interval-months.ts';
import type { HistoryMutation } from './mutation.ts';
import { edited } from './mutations-edits.ts';
import { LATER, type Site } from './site.ts';

const MAY = 'data/2026-05/all.csv';
const NEW = 'settlements/2026-05/r1';

const lacks = {
	verdict: 'TAMPERED',
	check: 'source-commits',
	codes: ['source-lacks'],
} as const;

async function approvedRun(site: Site, making: Parameters<Site['run']>[1] = {}): Promise<void> {
	await site.run('2026-05', making);
	await site.approve(NEW, LATER);
}

/** From May on the site settles by interval. */
function byInterval(site: Site): void {
	site.commit({
		'data/metering-points.csv': POINTS_TEXT,
		'data/rules/2026-05.json': intervalRules(),
		[MAY]: asDays(intervalMonth('2026-05')),
	});
}

/** Runs that were not made from what main held. */
export const SOURCES: readonly HistoryMutation[] = [
	{
		name: 'input-never-on-main',
		actor: 'operator',
		change: async (site) => {
			const { [MAY]: text = '' } = edited(site, MAY);
			await approvedRun(site, { own: { [MAY]: text } });
			site.commit({ [MAY]: text });
		},
		verdict: 'TAMPERED',
		check: 'source-commits',
		codes: ['source-lacks', 'history-restored'],
		says: 'The finalizer settled readings of their own working copy, and committed them afterwards.',
	},
	{
		name: 'input-committed-with-the-run',
		actor: 'operator',
		change: async (site) => {
			const source = site.tip();
			site.write(edited(site, MAY));
			await approvedRun(site, { source });
		},
		...lacks,
		says: 'Readings came to main with the run itself, so nobody could have seen them before.',
	},
	{
		name: 'register-never-on-main',
		actor: 'operator',
		change: async (site) => {
			const path = 'data/entities.csv';
			await approvedRun(site, { own: { [path]: site.read(path).replace('Office', 'Bureau') } });
		},
		...lacks,
		says: 'The snapshot is of a register that main has never held.',
	},
	{
		name: 'rules-never-on-main',
		actor: 'operator',
		change: async (site) => {
			const path = 'data/rules/2026-01.json';
			const text = site.read(path).replace('"proportional"', '"equal"');
			await approvedRun(site, { own: { [path]: text } });
		},
		...lacks,
		says: 'The run was settled by a rule set that main has never held.',
	},
	{
		name: 'rules-of-a-later-file-never-on-main',
		actor: 'operator',
		change: async (site) => {
			const text = site.read('data/rules/2026-01.json');
			await approvedRun(site, { own: { 'data/rules/2026-05.json': `${text}\n` } });
		},
		...lacks,
		says: 'The rule set that came into force for the period was in no commit.',
	},
	{
		name: 'metering-points-never-on-main',
		actor: 'operator',
		change: async (site) => {
			byInterval(site);
			const path = 'data/metering-points.csv';
			const text = site.read(path).replace('o1,office', 'o1,library');
			const moved = text.replace('l1,library', 'l1,office');
			await approvedRun(site, { own: { [path]: moved } });
		},
		...lacks,
		says: 'Two metering points are exchanged in the snapshot, as main has never held them.',
	},
	{
		name: 'metering-points-changed-after-the-run',
		actor: 'nobody',
		change: async (site) => {
			byInterval(site);
			await approvedRun(site);
			const path = 'data/metering-points.csv';
			site.commit({ [path]: site.read(path).replace('o1,office', 'o1,library') });
		},
		verdict: 'VALID',
		codes: [],
		says: 'A metering point changes hands later: the run has its own copy of the register.',
	},
	{
		name: 'source-on-a-proposal-branch',
		actor: 'operator',
		change: async (site) => {
			site.git('switch', '-qc', 'june');
			const source = site.commit({ 'src/june.ts': '6;\n' });
			site.git('switch', '-q', 'main');
			site.git('merge', '-q', '--no-ff', '-m', 'Merge june', 'june');
			await approvedRun(site, { source });
		},
		verdict: 'TAMPERED',
		check: 'source-commits',
		codes: ['source-off-main'],
		says: 'The named commit is a parent of main, but main never stood there.',
	},
	{
		name: 'source-of-no-commit',
		actor: 'operator',
		change: (site) => approvedRun(site, { source: '0'.repeat(40) }),
		verdict: 'TAMPERED',
		check: 'source-commits',
		codes: ['source-off-main'],
		says: 'The named commit is not there.',
	},
	{
		name: 'source-before-the-log-began',
		actor: 'operator',
		change: (site) => approvedRun(site, { source: site.log.tips['before'] ?? '' }),
		verdict: 'TAMPERED',
		check: 'source-commits',
		codes: ['source-off-main'],
		says: 'The named commit is older than the trust root.',
	},
	{
		name: 'source-before-the-previous-run',
		actor: 'operator',
		change: (site) => approvedRun(site, { source: site.log.tips['approved 2026-03'] ?? '' }),
		...lacks,
		says: 'The named commit has neither the readings nor the manifest that this one follows.',
	},
	{
		name: 'source-with-other-readings',
		actor: 'operator',
		change: async (site) => {
			const text = site.read(MAY);
			const source = site.commit(edited(site, MAY));
			site.commit({ [MAY]: text });
			await approvedRun(site, { source });
		},
		...lacks,
		says: 'The named commit is on main, but had other readings at the time.',
	},
	{
		name: 'source-of-the-other-object-format',
		actor: 'operator',
		change: (site) =>
			approvedRun(site, {
				edit: (manifest) => ({
					...manifest,
					source: { object_format: 'sha256', commit: '0'.repeat(64) },
				}),
			}),
		verdict: 'INCOMPLETE',
		check: 'source-commits',
		codes: ['source-format'],
		says: 'The run was made in a repository of another kind, whose commits this one cannot name.',
	},
];
