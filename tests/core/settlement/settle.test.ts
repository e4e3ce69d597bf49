import { describe, expect, inject, test } from 'vitest';
import { breaches } from '../../../src/core/settlement/invariants.ts';
import { type Allocation, type Balance, settle } from '../../../src/core/settlement/settle.ts';
import { chance, community, RULES } from '../../support/communities.ts';
import { matrixByHand, settleByHand } from '../../support/oracle.ts';

const rounds = inject('full') ? 10_000 : 300;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;

function balance(entity: string, generated: number, consumed: number): Balance {
	return { entity, generated_wh: BigInt(generated), consumed_wh: BigInt(consumed) };
}

function received(balances: readonly Balance[], rules: Allocation) {
	const { positions } = settle(balances, rules);
	return Object.fromEntries(
		positions.filter((it) => it.received_wh > 0n).map((it) => [it.entity, Number(it.received_wh)]),
	);
}

const clinic = [balance('roof', 90, 0), balance('clinic', 0, 80), balance('shop', 0, 40)];
const proportional = { allocation: [{ rule: 'proportional' as const }] };

test('equal needs get the odd watt-hours by id', () => {
	const three = ['c', 'a', 'b'].map((entity) => balance(entity, 0, 7));
	expect(received([balance('roof', 11, 0), ...three], proportional)).toEqual({ a: 4, b: 4, c: 3 });
});

test.each([
	['proportional', { rule: 'proportional' }, { clinic: 60, shop: 30 }],
	['equal', { rule: 'equal' }, { clinic: 50, shop: 40 }],
	[
		'fixed',
		{ rule: 'fixed', keys: { clinic: 1, shop: 2 }, denominator: 3 },
		{ clinic: 30, shop: 40 },
	],
	[
		'fixed with slack',
		{ rule: 'fixed', keys: { clinic: 1, shop: 1 }, denominator: 3 },
		{ clinic: 30, shop: 30 },
	],
	[
		'fixed-redistribute',
		{ rule: 'fixed-redistribute', keys: { clinic: 1, shop: 2 } },
		{ clinic: 50, shop: 40 },
	],
	['priority', { rule: 'priority', ranks: { shop: 1, clinic: 2 } }, { clinic: 50, shop: 40 }],
	['limited', { rule: 'proportional', limit: [1, 3] }, { clinic: 20, shop: 10 }],
] as const)('%s gives what it is defined to give', (_, stage, expected) => {
	const rules = { allocation: [stage] } as unknown as Allocation;
	expect(received(clinic, rules)).toEqual(expected);
});

test('a contract is served before the pool, by cap, share and what is left', () => {
	const agreements = [
		{ id: 'first', from: 'roof', to: 'shop', share: [1, 3] as [number, number], cap_kwh: '0.025' },
	];
	const rules: Allocation = {
		allocation: [{ rule: 'contract', agreements }, { rule: 'proportional' }],
	};
	const { flows } = settle(clinic, rules);
	// 25 by the cap; then 65 over 80 and 15.
	expect(flows.map(({ to, units }) => [to, Number(units)])).toEqual([
		['clinic', 55],
		['shop', 35],
	]);
});

test('an excluded entity exports and imports by itself', () => {
	const { positions, shared_wh } = settle(clinic, { ...proportional, excluded: ['roof'] });
	expect(shared_wh).toBe(0n);
	expect(positions.find(({ entity }) => entity === 'roof')?.exported_wh).toBe(90n);
});

describe(`random communities, ${rounds} of each rule from seed ${seed}`, () => {
	test.each(RULES)('%s agrees with the definitions and keeps the invariants', (rule) => {
		for (let index = 0; index < rounds; index++) {
			const { balances, rules } = community(rule, seed + index);
			const settlement = settle(balances, rules);
			expect(breaches(settlement, rules), `seed ${seed + index}`).toEqual([]);
			const byHand = settleByHand(balances, rules);
			const flows = { ...byHand.flows };
			const rows = matrixByHand(byHand.delivered, byHand.received);
			for (const [from, row] of Object.entries(rules.matrix === 'chain' ? {} : rows)) {
				for (const [to, wh] of Object.entries(row)) {
					flows[`${from}>${to}`] = (flows[`${from}>${to}`] ?? 0n) + wh;
				}
			}
			if (rules.matrix !== 'chain') {
				const engine = settlement.flows.map(({ from, to, units }) => [`${from}>${to}`, units]);
				expect(Object.fromEntries(engine), `seed ${seed + index}`).toEqual(flows);
			}
			const pool = Object.values(byHand.received).reduce((sum, wh) => sum + wh, 0n);
			const contracts = Object.values(byHand.flows).reduce((sum, wh) => sum + wh, 0n);
			expect(settlement.shared_wh).toBe(pool + contracts);
		}
	});

	test('the order of the entities does not matter', () => {
		for (let index = 0; index < rounds; index++) {
			const rule = RULES[index % RULES.length] ?? 'equal';
			const { balances, rules } = community(rule, seed + index);
			const next = chance(index);
			const shuffled = balances
				.map((it) => ({ it, at: next(1000) }))
				.toSorted((a, b) => a.at - b.at)
				.map(({ it }) => it);
			expect(settle(shuffled, rules)).toEqual(settle(balances, rules));
		}
	});

	test('an entity without energy and key changes nothing for the others (I18)', () => {
		for (let index = 0; index < rounds; index++) {
			const { balances, rules } = community('fixed', seed + index);
			const more = [...balances, balance('zz-idle', 0, 0)];
			const without = settle(balances, rules);
			const { positions, flows } = settle(more, rules);
			expect(flows).toEqual(without.flows);
			expect(positions.filter(({ entity }) => entity !== 'zz-idle')).toEqual(without.positions);
		}
	});
});
