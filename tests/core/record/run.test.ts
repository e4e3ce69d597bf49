import { describe, expect, inject, test } from 'vitest';
import { decodeText } from '../../../src/core/format/bytes.ts';
import { parseUnits } from '../../../src/core/format/energy.ts';
import { changesBetween } from '../../../src/core/record/delta.ts';
import { computeRun, type Run, type RunRequest } from '../../../src/core/record/run.ts';
import { formatStatement, parseStatement, QUANTITIES } from '../../../src/core/record/statement.ts';
import { chance, community, RULES, requestOf } from '../../support/communities.ts';

const rounds = inject('full') ? 10_000 : 300;
const seed = inject('full') ? 1 : Date.now() % 1_000_000;

function run(request: RunRequest): Run {
	const result = computeRun(request);
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	return result.value;
}

const texts = ({ records }: Run) =>
	Object.fromEntries([...records].map(([name, bytes]) => [name, decodeText(bytes)]));

function each(
	check: (request: (order?: (rows: string[]) => string[]) => RunRequest, index: number) => void,
) {
	for (let index = 0; index < rounds; index++) {
		const rule = RULES[index % RULES.length] ?? 'equal';
		const it = community(rule, seed + index);
		check((order) => requestOf(it, seed + index, order), index);
	}
}

describe(`records of ${rounds} random communities from seed ${seed}`, () => {
	test('rows in any order, split over files anyhow, give the same bytes (I16)', () => {
		each((request, index) => {
			const next = chance(index);
			const shuffle = (rows: string[]) =>
				rows
					.map((row) => ({ row, at: next(1000) }))
					.toSorted((a, b) => a.at - b.at)
					.map(({ row }) => row);
			const [one, other] = [texts(run(request())), texts(run(request(shuffle)))];
			// The register is recorded as it is: only its order differs.
			delete one['entities.csv'];
			delete other['entities.csv'];
			expect(other, `seed ${seed + index}`).toEqual(one);
		});
	});

	test('a statement that is parsed and written again has the same bytes', () => {
		each((request) => {
			const { records, period, run: number } = run(request());
			const bytes = records.get('statement.csv') ?? new Uint8Array();
			const rows = parseStatement(bytes);
			expect(
				formatStatement(
					period,
					number,
					rows ?? [],
					rows?.some((row) => row.money !== null) ?? false,
				),
			).toBe(decodeText(bytes));
		});
	});

	test('debits, credits and amounts add up to one value (I23)', () => {
		each((request) => {
			const { rows, records } = run(request());
			const digits = rows[0]?.money?.minor_digits ?? 0;
			const sum = (side: 'debit' | 'credit') =>
				rows.reduce((total, { money }) => total + (money?.[side] ?? 0n), 0n);
			expect(sum('debit')).toBe(sum('credit'));
			const [header = '', ...lines] = (
				decodeText(records.get('allocations.csv') ?? new Uint8Array()) ?? ''
			)
				.trimEnd()
				.split('\n');
			if (!header.endsWith(',amount')) return;
			const amounts = lines.map((line) => parseUnits(line.split(',').at(-1) ?? '', digits) ?? 0n);
			expect(amounts.reduce((total, units) => total + units, 0n)).toBe(sum('debit'));
		});
	});

	test('a run and its delta add up to the run that follows (I24)', () => {
		each((request, index) => {
			const before = run(request());
			const after = run(requestOf(community('equal', seed + index + 1), seed + index));
			for (const { entity, energy_wh } of changesBetween(before.rows, after.rows)) {
				const old = before.rows.find((row) => row.entity === entity);
				const now = after.rows.find((row) => row.entity === entity);
				for (const quantity of QUANTITIES) {
					const sum = (old?.[`${quantity}_wh`] ?? 0n) + energy_wh[quantity];
					expect(sum).toBe(now?.[`${quantity}_wh`] ?? 0n);
				}
			}
		});
	});
});
