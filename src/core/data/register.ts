import { type Row, readTable } from '../format/csv.ts';
import { parseEnergy } from '../format/energy.ts';
import { isPeriod, type Period } from '../format/period.ts';
import { append, compareText, isInfo, type Problem } from '../problem.ts';
import { readEntity, readPeriod, readText } from './cells.ts';

/** One row of the register: an entity and the periods, both ends included, in which it is settled. */
export interface RegisterEntry {
	readonly entity: string;
	readonly name: string;
	readonly cost_center: string;
	readonly valid_from: Period;
	/** Empty while no end is known. */
	readonly valid_to: Period | '';
	/** Watts of installed generation; null where the register does not say. */
	readonly capacity_w: bigint | null;
	readonly line: number;
}

/** Every sum stays below 2^53 Wh up to this many entities of at most 10^12 Wh. */
export const ENTITY_LIMIT = 9_000;

const REGISTER_COLUMNS = {
	required: ['entity', 'name', 'cost_center', 'valid_from', 'valid_to'],
	optional: ['capacity_kw'],
} as const;

/** What a register says, as far as it can be read. */
export interface Register {
	/** In file order. */
	readonly entries: readonly RegisterEntry[];
	/** Ids of rows with problems: nobody can say whether these are strangers. */
	readonly doubtful: ReadonlySet<string>;
	/** False where the file could not be taken apart at all. */
	readonly legible: boolean;
	readonly problems: readonly Problem[];
}

/** The register of `data/entities.csv` (docs/spec/layout.md), and every problem in it. */
export function readRegister(path: string, bytes: Uint8Array): Register {
	const table = readTable(path, bytes, REGISTER_COLUMNS);
	const problems = [...table.problems];
	const rows = table.rows.map((row) => ({ row, entry: readEntry(row, table.header, problems) }));
	const good = rows.flatMap(({ row, entry }) => (entry ? [{ row, entry }] : []));
	append(problems, overlapProblems(good));
	const legible = table.problems.every(isInfo);
	const doubtful = new Set(rows.flatMap(({ row, entry }) => (entry ? [] : [row.cell('entity')])));
	const entries = good.map(({ entry }) => entry);
	return { entries, doubtful, legible, problems };
}

/** Every row that overlaps another of its entity, at the later of the two lines. */
function overlapProblems(
	rows: readonly { readonly row: Row; readonly entry: RegisterEntry }[],
): Problem[] {
	const sorted = rows.toSorted(
		({ entry: a }, { entry: b }) =>
			compareText(a.entity, b.entity) || compareText(a.valid_from, b.valid_from),
	);
	const problems: Problem[] = [];
	let longest: (typeof sorted)[number] | undefined;
	for (const one of sorted) {
		const same = longest?.entry.entity === one.entry.entity ? longest : undefined;
		if (same !== undefined && overlaps(one.entry, same.entry)) {
			const [first, later] = same.entry.line < one.entry.line ? [same, one] : [one, same];
			problems.push({
				code: 'register-overlap',
				location: later.row.at('entity'),
				entity: one.entry.entity,
				first: String(first.entry.line),
			});
		}
		if (same === undefined || endOf(one.entry) > endOf(same.entry)) longest = one;
	}
	return problems;
}

/** A text that sorts behind every period where no end is known. */
function endOf({ valid_to }: RegisterEntry): string {
	return valid_to === '' ? '~' : valid_to;
}

function overlaps(a: RegisterEntry, b: RegisterEntry): boolean {
	const startsBeforeEnd = (from: Period, to: Period | '') => to === '' || from <= to;
	return startsBeforeEnd(a.valid_from, b.valid_to) && startsBeforeEnd(b.valid_from, a.valid_to);
}

function readEntry(row: Row, header: readonly string[], problems: Problem[]): RegisterEntry | null {
	const entity = readEntity(row, 'entity', problems);
	const name = readText(row, 'name', problems);
	const cost_center = row.cell('cost_center');
	const goodCenter = /^([A-Za-z0-9][A-Za-z0-9._/-]{0,31})?$/.test(cost_center);
	if (!goodCenter) {
		problems.push({
			code: 'cost-center-malformed',
			location: row.at('cost_center'),
			found: cost_center,
		});
	}
	const valid_from = readPeriod(row, 'valid_from', problems);
	const valid_to = row.cell('valid_to') === '' ? '' : readPeriod(row, 'valid_to', problems);
	const capacity = readCapacity(row, header, problems);
	if (entity === null || name === null || valid_from === null || valid_to === null) return null;
	if (!goodCenter || capacity === undefined) return null;
	if (valid_to !== '' && valid_to < valid_from) {
		const location = row.at('valid_to');
		problems.push({ code: 'register-validity', location, from: valid_from, to: valid_to });
		return null;
	}
	return { entity, name, cost_center, valid_from, valid_to, capacity_w: capacity, line: row.line };
}

/** Watts; null without the column; empty means no generator. Undefined after a problem. */
function readCapacity(row: Row, header: readonly string[], problems: Problem[]) {
	if (!header.includes('capacity_kw')) return null;
	const found = row.cell('capacity_kw');
	if (found === '') return 0n;
	const capacity = parseEnergy(found);
	if ('wh' in capacity) return capacity.wh;
	problems.push({ code: 'capacity-malformed', location: row.at('capacity_kw'), found });
	return undefined;
}

/** The entries valid in a period, by entity id. */
export function entriesIn(
	entries: readonly RegisterEntry[],
	period: Period,
): ReadonlyMap<string, RegisterEntry> {
	if (!isPeriod(period)) return new Map();
	const valid = entries.filter(
		(entry) => entry.valid_from <= period && (entry.valid_to === '' || period <= entry.valid_to),
	);
	return new Map(valid.map((entry) => [entry.entity, entry]));
}
