import { expect, inject, test } from 'vitest';
import { openQuick, shareQuickly } from '../../../src/core/settlement/interval-quick.ts';
import { openSide, split } from '../../../src/core/settlement/interval-sides.ts';
import { MICRO, openTally, type Tally } from '../../../src/core/settlement/interval-tally.ts';
import { sharePool, termsOf } from '../../../src/core/settlement/pool.ts';
import type { Allocation } from '../../../src/core/settlement/settle.ts';
import { chance } from '../../support/communities.ts';

const rounds = inject('full') ? 200_000 : 5000;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;
const RULES = ['proportional', 'equal', 'fixed'] as const;

const unitsOf = ({ wh, micro }: Tally) =>
	Array.from(wh, (whole, row) => BigInt(whole) * BigInt(MICRO) + BigInt(micro[row] ?? 0));

/** Rows that offer or need up to so many watt-hours, and a rule set of one stage. */
function interval(rule: (typeof RULES)[number], next: (range: number) => number) {
	const entities = Array.from(
		{ length: 1 + next(next(8) === 0 ? 400 : 12) },
		(_, at) => `e${1000 + at}`,
	);
	const highest = 10 ** (1 + next(9)) * (1 + next(4));
	const some = 1 + next(highest);
	// Little for many, or much for few.
	const scale = [1, 1, 1000, 1_000_000][next(4)] ?? 1;
	const side = next(2) === 0 ? 1 : -1;
	const net = Float64Array.from(entities, () => {
		const wh = next(4) === 0 ? some : next(highest);
		const sign = next(3) === 0 ? 1 : -1;
		return sign * (sign === side ? Math.ceil(wh / scale) : wh);
	});
	const keys = Object.fromEntries(entities.map((it) => [it, next(10 ** next(7))]));
	const sum = Object.values(keys).reduce((total, key) => total + key, 0);
	const limit = next(3) === 0 ? { limit: [1 + next(7), 8] as [number, number] } : {};
	const stage =
		rule === 'fixed'
			? { rule, keys, denominator: sum + 1 + next(3) * next(1000), ...limit }
			: { rule, ...limit };
	const rules: Allocation = { allocation: [stage] };
	return { net, terms: termsOf(rules, entities, BigInt(MICRO)) };
}

test.each(RULES)(
	`%s in numbers is exact to the millionth, or left alone, from seed ${seed}`,
	(rule) => {
		const next = chance(seed);
		let [done, left] = [0, 0];
		for (let index = 0; index < rounds; index++) {
			const { net, terms } = interval(rule, next);
			const sides = { net, givers: openSide(net.length), takers: openSide(net.length) };
			split(sides);
			if (sides.givers.count === 0 || sides.takers.count === 0) continue;
			const quick = openQuick(terms);
			if (quick === null) throw new Error('of one stage');
			const [delivered, received] = [openTally(net.length), openTally(net.length)];
			const shared = shareQuickly(quick, sides, delivered, received);
			if (shared < 0) {
				left++;
				expect(unitsOf(delivered).every((it) => it === 0n)).toBe(true);
				continue;
			}
			done++;
			const units = Array.from(net, (wh) => BigInt(wh) * BigInt(MICRO));
			const pool = {
				surplus: units.map((it) => (it > 0n ? it : 0n)),
				deficit: units.map((it) => (it < 0n ? -it : 0n)),
			};
			const shares = sharePool(terms, pool, []);
			const total = shares.received.reduce((sum, it) => sum + it, 0n);
			expect(unitsOf(received), `${index}`).toEqual(shares.received);
			expect(unitsOf(delivered), `${index}`).toEqual(shares.delivered);
			expect(BigInt(shared)).toBe(total / BigInt(MICRO));
		}
		// Both happen: sizes reach from watt-hours to gigawatt-hours.
		expect(done).toBeGreaterThan(left);
		expect(left).toBeGreaterThan(0);
	},
);

test.each([
	['an agreement', [{ rule: 'contract', agreements: [] }, { rule: 'proportional' }], 0],
	['two stages', [{ rule: 'equal' }, { rule: 'proportional' }], null],
	['ranks', [{ rule: 'priority', ranks: { a: 1 } }], null],
	['keys that water fills', [{ rule: 'fixed-redistribute', keys: { a: 1 } }], null],
] as const)(
	'%s is left to the definitions, where it changes anything',
	(_, allocation, expected) => {
		const terms = termsOf({ allocation } as unknown as Allocation, ['a'], 1n);
		const quick = openQuick(terms);
		expect(quick === null ? null : 0).toBe(expected);
	},
);

test('an interval is left alone where a remainder in millionths would reach 2^53', () => {
	const net = Float64Array.of(4, -4_294_967_291, -4_294_967_292, -4_294_967_293, -4_294_967_294);
	const sides = { net, givers: openSide(net.length), takers: openSide(net.length) };
	split(sides);
	const entities = ['a', 'b', 'c', 'd', 'e'];
	const terms = termsOf({ allocation: [{ rule: 'proportional' }] }, entities, BigInt(MICRO));
	const quick = openQuick(terms);
	if (quick === null) throw new Error('of one stage');
	const [delivered, received] = [openTally(net.length), openTally(net.length)];
	expect(shareQuickly(quick, sides, delivered, received)).toBe(-1);
});
