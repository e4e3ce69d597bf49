import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Allocation, settle } from '../../src/core/settlement/settle.ts';
import { SHARED, sharedIsHere } from '../support/shared.ts';

interface Golden {
	readonly name: string;
	readonly rows: readonly [string, number, number][];
	readonly stages: Allocation['allocation'];
	readonly T: number;
	readonly delivered: Readonly<Record<string, number>>;
	readonly received: Readonly<Record<string, number>>;
	readonly matrix: readonly [string, Readonly<Record<string, number>>][];
}

function goldenCases(): Golden[] {
	const lines = readFileSync(join(SHARED, 'golden/settlements.jsonl'), 'utf8')
		.trimEnd()
		.split('\n');
	return lines.map((line) => JSON.parse(line));
}

describe.skipIf(!sharedIsHere)('golden settlements (need ../shared beside the checkout)', () => {
	test.each(sharedIsHere ? goldenCases() : [])('$name', (golden) => {
		const balances = golden.rows.map(([entity, generated, consumed]) => ({
			entity,
			generated_wh: BigInt(generated),
			consumed_wh: BigInt(consumed),
		}));
		const { positions, flows, shared_wh } = settle(balances, { allocation: golden.stages });
		const by = (field: 'delivered_wh' | 'received_wh') =>
			Object.fromEntries(positions.map((it) => [it.entity, Number(it[field])]));
		const matrix = new Map<string, Record<string, number>>();
		for (const { from, to, units } of flows) {
			matrix.set(from, { ...matrix.get(from), [to]: Number(units) });
		}
		expect(Number(shared_wh)).toBe(golden.T);
		expect(by('delivered_wh')).toEqual(golden.delivered);
		expect(by('received_wh')).toEqual(golden.received);
		expect([...matrix]).toEqual(golden.matrix);
	});
});
