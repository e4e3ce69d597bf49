import { expect, test } from 'vitest';
import { decodeText, encodeText } from '../../src/core/format/bytes.ts';
import { readTable } from '../../src/core/format/csv.ts';
import { textFault } from '../../src/core/format/name.ts';
import { COLUMN_KINDS } from '../../src/core/record/columns.ts';
import { computeNextRun } from '../../src/core/record/next-run.ts';
import { presentAt } from '../../src/node/present.ts';
import { HOSTILE_NAMES } from '../support/hostile-run.ts';
import { RULES_TEXT } from '../support/scratch.ts';

const KNOWN = { required: [], optional: Object.keys(COLUMN_KINDS) };
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** January of as many entities as names; the last of them is absent, for a reason of that name. */
function january(names: readonly string[]) {
	const ids = names.map((_, index) => `e${index}`);
	const last = ids.at(-1) ?? '';
	const register = names.map((name, index) => `e${index},${quoted(name)},,2026-01,\n`);
	const totals = ids.slice(0, -1).map((id, index) => `${id},2026-01,${index},5\n`);
	const words = quoted(names.at(-1) ?? '');
	return new Map(
		Object.entries({
			'data/entities.csv': `entity,name,cost_center,valid_from,valid_to\n${register.join('')}`,
			'data/rules/2026-01.json': RULES_TEXT,
			'data/2026-01/all.csv': `entity,period,generated_kwh,consumed_kwh\n${totals.join('')}`,
			'data/2026-01/absent.csv': `entity,reason,approved_by\n${last},${words},${words}\n`,
		}).map(([path, text]) => [path, encodeText(text)]),
	);
}

const accepted = HOSTILE_NAMES.filter((name) => textFault(name) === null);
const refused = HOSTILE_NAMES.filter((name) => textFault(name) !== null);

test('no cell of a record is a formula, and names come out as they went in', () => {
	expect(accepted.length).toBeGreaterThan(4);
	for (const reason of accepted) {
		const next = computeNextRun(
			january([...accepted, reason]),
			'2026-01',
			presentAt('2026-02-01T00:00:00Z'),
		);
		if (next.state !== 'computed') throw new Error(JSON.stringify(next));
		for (const [path, bytes] of next.run.records) {
			if (!path.endsWith('.csv') || path === 'entities.csv') continue;
			const { header, rows, problems } = readTable(path, bytes, KNOWN);
			expect(problems, path).toEqual([]);
			for (const row of rows) {
				for (const column of header)
					expect(row.cell(column), path).not.toMatch(/^[=+@\t]|^-[^0-9]/);
			}
			if (path !== 'statement.csv') continue;
			expect(rows.map((row) => row.cell('name'))).toEqual(accepted);
		}
		const exceptions = decodeText(next.run.records.get('exceptions.csv') ?? new Uint8Array());
		expect(exceptions).toContain(reason.replaceAll('"', '""'));
	}
});

test.each(refused)('%j is no name, and nothing is computed with it', (name) => {
	const next = computeNextRun(
		january(['Hall', name, 'Office']),
		'2026-01',
		presentAt('2026-02-01T00:00:00Z'),
	);
	expect(next.state).toBe('refused');
	const codes = next.state === 'refused' ? next.problems.map(({ code }) => code) : [];
	expect(codes).toContain('text-malformed');
});
