import { describe, expect, test } from 'vitest';
import { parseEnergy, parseUnits } from '../../src/core/format/energy.ts';
import type { Run } from '../../src/core/record/run.ts';
import { auditFolder } from '../../src/node/audit.ts';
import { scratchLog } from '../support/scratch.ts';
import { campusData, sharedIsHere, sharedRows } from '../support/shared.ts';

const CAMPUSES = ['cambridge-campus', 'sierra-crest-homes', 'monash-campus'];

function wh(kwh = ''): bigint {
	const energy = parseEnergy(kwh);
	if (!('wh' in energy)) throw new Error(`no energy: ${kwh}`);
	return energy.wh;
}

function expectedMonth(campus: string, period: string, run: Run): void {
	const pool = sharedRows(`data/${campus}/expected/period-pools.csv`).find(
		(it) => it['period'] === period,
	);
	const nets = sharedRows(`data/${campus}/expected/entity-net.csv`).filter(
		(it) => it['period'] === period,
	);
	const [surplus, deficit] = [wh(pool?.['surplus_pool_kwh']), wh(pool?.['deficit_pool_kwh'])];
	expect(run.rows.length).toBe(Number(pool?.['entities']));
	expect(run.totals).toMatchObject({
		generated_wh: Number(wh(pool?.['generated_kwh'])),
		consumed_wh: Number(wh(pool?.['consumed_kwh'])),
		surplus_wh: Number(surplus),
		deficit_wh: Number(deficit),
		shared_wh: Number(surplus < deficit ? surplus : deficit),
	});
	expect(nets.length).toBe(run.rows.length);
	for (const net of nets) {
		const row = run.rows.find(({ entity }) => entity === net['entity']);
		expect(row?.surplus_wh).toBe(wh(net['surplus_kwh']));
		expect(row?.deficit_wh).toBe(wh(net['deficit_kwh']));
		const [whole = '', decimals = ''] = (net['net_kwh'] ?? '').split('.');
		const exact = parseUnits(`${whole}.${decimals.padEnd(3, '0')}`, 3);
		expect((row?.generated_wh ?? 0n) - (row?.consumed_wh ?? 0n)).toBe(exact);
	}
}

describe.skipIf(!sharedIsHere)('real campuses (need ../shared beside the checkout)', () => {
	test.each(CAMPUSES)(
		'%s: every month settles as expected, finalizes and is VALID',
		async (name) => {
			const { periods, files } = campusData(name);
			const log = await scratchLog([], { 'data/rules/2026-01.json': '', ...files });
			await log.commit({ 'data/rules/2026-01.json': null });
			for (const period of periods) {
				const result = await log.finalize(period);
				if (!result.ok) throw new Error(JSON.stringify(result.problems));
				expectedMonth(name, period, result.value.run);
			}
			const report = await auditFolder(log.dir, log.trust.root_sha256);
			expect(report.findings).toEqual([]);
			expect(report.verdict).toBe('VALID');
			expect(report.runs.map((run) => run.period)).toEqual(periods);
		},
	);

	test('a month without any surplus, and one with more surplus than deficit, settle', () => {
		const pools = sharedRows('data/sierra-crest-homes/expected/period-pools.csv');
		const shared = (period: string) => pools.find((it) => it['period'] === period);
		expect(wh(shared('2016-08')?.['surplus_pool_kwh'])).toBe(0n);
		const april = shared('2017-04');
		expect(wh(april?.['surplus_pool_kwh'])).toBeGreaterThan(wh(april?.['deficit_pool_kwh']));
	});
});
