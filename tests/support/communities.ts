import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Stage } from '../../src/core/data/rules.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { computeRun, type RunRequest } from '../../src/core/record/run.ts';
import type { Balance } from '../../src/core/settlement/settle.ts';
import { presentAt } from '../../src/node/present.ts';

/** Repeatable whole numbers: mulberry32, the same in every engine. */
export function chance(seed: number): (range: number) => number {
	let state = seed >>> 0;
	return (range) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % range;
	};
}

export const RULES = [
	'proportional',
	'equal',
	'fixed',
	'fixed-redistribute',
	'priority',
	'contract',
] as const;
export type RuleName = (typeof RULES)[number];

/** Some entities with what they generated and consumed, and a rule set of the named kind. */
export interface Community {
	readonly balances: readonly Balance[];
	readonly rules: {
		readonly allocation: Stage[];
		readonly excluded?: string[];
		readonly matrix?: 'exact' | 'chain';
		readonly delivery?: { rule: 'priority'; ranks: Record<string, number> };
		readonly price?: object;
	};
}

/** Small and huge figures, zeros and equal ones: where ties and remainders are. */
function energy(next: (range: number) => number): bigint {
	switch (next(5)) {
		case 0:
			return 0n;
		case 1:
			return BigInt(next(10));
		case 2:
			return BigInt(next(4)) * 1000n;
		case 3:
			return BigInt(next(1_000_000_000)) * 1000n + 999n - BigInt(next(1000));
		default:
			return BigInt(next(100_000_000));
	}
}

export function community(rule: RuleName, seed: number): Community {
	const next = chance(seed);
	const size = 1 + next(12);
	const balances = Array.from({ length: size }, (_, index) => ({
		entity: `e${(index * 7) % 13}-${index}`,
		generated_wh: energy(next),
		consumed_wh: energy(next),
	}));
	const entities = balances.map(({ entity }) => entity);
	const whole = (range: number, least: number) =>
		Object.fromEntries(entities.map((entity) => [entity, least + next(range)]));
	const limit = next(3) === 0 ? { limit: [1 + next(3), 4] as [number, number] } : {};
	const keys = whole(50, 0);
	const sum = Object.values(keys).reduce((total, key) => total + key, 0);
	const stages: Record<RuleName, () => Stage> = {
		proportional: () => ({ rule: 'proportional', ...limit }),
		equal: () => ({ rule: 'equal', ...limit }),
		fixed: () => ({ rule: 'fixed', keys, denominator: sum + 1 + next(20), ...limit }),
		'fixed-redistribute': () => ({ rule: 'fixed-redistribute', keys, ...limit }),
		priority: () => ({ rule: 'priority', ranks: whole(4, 1), ...limit }),
		contract: () => ({
			rule: 'contract',
			agreements: entities.slice(1).map((to, index) => ({
				id: `c${index}`,
				from: entities[next(size)] === to ? (entities[0] ?? to) : (entities[next(index + 1)] ?? to),
				to,
				share: [next(4), 4] as [number, number],
				...(next(2) === 0 ? { cap_kwh: `${next(5000)}.${100 + next(900)}` } : {}),
			})),
		}),
	};
	const first = rule === 'contract' && size === 1 ? stages.proportional() : stages[rule]();
	const more = rule === 'contract' || next(2) === 0 ? [stages.proportional()] : [];
	return {
		balances,
		rules: {
			allocation: [first, ...more],
			...(next(4) === 0 ? { excluded: [entities[next(size)] ?? ''] } : {}),
			...(next(4) === 0 ? { matrix: 'chain' as const } : {}),
			...(next(4) === 0 ? { delivery: { rule: 'priority' as const, ranks: whole(3, 1) } } : {}),
		},
	};
}

const kwh = (wh: bigint) => `${wh / 1000n}.${String(wh % 1000n).padStart(3, '0')}`;

/** The community as the files that people submit, with a price now and then, rows in a given order. */
export function requestOf(
	{ balances, rules }: Community,
	seed: number,
	order: (rows: string[]) => string[] = (rows) => rows,
): RunRequest {
	const next = chance(seed ^ 0x5eed);
	const price = {
		currency: 'EUR',
		minor_digits: next(4),
		per_kwh: `0.${100000 + next(800000)}`,
		accounts: { debit: '6050', credit: '4050' },
	};
	const register = balances.map(({ entity }) => `${entity},Name of ${entity},,2026-01,`);
	const totals = balances.map(
		(it) => `${it.entity},2026-01,${kwh(it.generated_wh)},${kwh(it.consumed_wh)}`,
	);
	const rows = order(totals);
	const half = Math.ceil(rows.length / 2);
	const file = (part: string[]) =>
		encodeText(`${['entity,period,generated_kwh,consumed_kwh', ...part].join('\n')}\n`);
	const files = new Map([['data/2026-01/a.csv', file(rows.slice(0, half))]]);
	if (rows.length > half) files.set('data/2026-01/b.csv', file(rows.slice(half)));
	const ruleSet = {
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'Europe/Berlin',
		...rules,
		...(next(2) === 0 ? { price } : {}),
	};
	return {
		files,
		period: '2026-01',
		run: 1,
		register: encodeText(
			`${['entity,name,cost_center,valid_from,valid_to', ...order(register)].join('\n')}\n`,
		),
		rules: { path: 'data/rules/2026-01.json', bytes: encodeText(JSON.stringify(ruleSet)) },
		history: new Map(),
		superseded: null,
		points: undefined,
		...presentAt('2026-02-06T08:00:00Z'),
	};
}

/** One SHA-256 over the record files of so many seeded settlements, all rules in turn. */
export function settlementsDigest(count: number, seed: number): string {
	const hash = sha256.create();
	for (let index = 0; index < count; index++) {
		const rule = RULES[index % RULES.length] ?? 'proportional';
		const result = computeRun(requestOf(community(rule, seed + index), seed + index));
		if (!result.ok) throw new Error(JSON.stringify(result.problems[0]));
		for (const [name, bytes] of result.value.records) hash.update(encodeText(name)).update(bytes);
	}
	return bytesToHex(hash.digest());
}
