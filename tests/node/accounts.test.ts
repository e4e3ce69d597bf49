import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readRegister } from '../../src/core/data/register.ts';
import { encodeText } from '../../src/core/format/bytes.ts';
import { quantityOf } from '../../src/core/record/statement.ts';
import { readAccounts, yearStart } from '../../src/node/accounts.ts';
import { readTree } from '../../src/node/files.ts';
import { readPublished } from '../../src/node/published.ts';

test.each([
	['2026-09', 1, '2026-01'],
	['2026-09', 10, '2025-10'],
	['2026-09', 9, '2026-09'],
	['2026-01', 2, '2025-02'],
	['2026-12', 1, '2026-01'],
])('the year of %s that begins in month %i began in %s', (period, month, start) => {
	expect(yearStart(period, month)).toBe(start);
});

const { files } = readTree(resolve('.'));
const published = readPublished(files);
const register = (text: string) => readRegister('data/entities.csv', encodeText(text));
const own = readRegister('data/entities.csv', files.get('data/entities.csv') ?? new Uint8Array());

test('an account sums the last twelve months and the year to date', () => {
	const accounts = readAccounts(published, own, 4);
	expect(accounts).toHaveLength(10);
	for (const { entity, months, total, yearToDate } of accounts) {
		expect(months.map(({ run }) => run.period)).toEqual(
			published.current
				.slice(0, 12)
				.map(({ period }) => period)
				.toReversed(),
		);
		expect(yearToDate.from).toBe('2026-04');
		const sum = (from: string) =>
			published.current
				.slice(0, 12)
				.filter(({ period }) => period >= from)
				.flatMap(({ lines }) => lines.find((line) => line.entity === entity)?.row ?? [])
				.reduce((all, row) => all + quantityOf(row, 'consumed'), 0n);
		expect(total.sums.consumed).toBe(sum(''));
		expect(yearToDate.sums.consumed).toBe(sum('2026-04'));
		expect(total.money?.currency).toBe('EUR');
	}
});

test('who joined, left, or is to come has an account too', () => {
	const text = [
		'entity,name,cost_center,valid_from,valid_to',
		'library,Old Library,9,2025-08,2026-02',
		'library,New Library,10,2026-03,2026-12',
		'research-annex,Research Annex,1,2026-01,',
		'tower,Tower,7,2027-01,',
		'',
	].join('\n');
	const accounts = readAccounts(published, register(text), 1);
	const about = (id: string) => {
		const found = accounts.find(({ entity }) => entity === id);
		return found && [found.name, found.cost_center, found.joined, found.left];
	};
	expect(about('library')).toEqual(['New Library', '10', null, '2026-12']);
	expect(about('research-annex')).toEqual(['Research Annex', '1', '2026-01', null]);
	expect(about('tower')).toEqual(['Tower', '7', '2027-01', null]);
	// The register has forgotten it; the statements have not.
	expect(about('chemistry')).toEqual(['Chemistry Building', '2100', null, '2026-10']);
	const tower = accounts.find(({ entity }) => entity === 'tower');
	expect(tower?.months.every(({ settled }) => !settled)).toBe(true);
	expect(tower?.total.money).toBeNull();
});

test('without a statement there are entities and no months', () => {
	const empty = { runs: [], current: [], root: null };
	expect(readAccounts(empty, own, 1).map(({ months }) => months.length)).toEqual(Array(10).fill(0));
});
