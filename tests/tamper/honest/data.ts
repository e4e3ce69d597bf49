import type { Period } from '../../../src/core/format/period.ts';

/** What honest people send, as they mean it and as the text of their files (docs/spec/layout.md). */
export type Chance = (range: number) => number;

export interface Entry {
	readonly entity: string;
	readonly name: string;
	readonly center: string;
	readonly from: Period;
	readonly to: Period | '';
	readonly capacity: string;
}

interface Cells {
	readonly generated: string;
	readonly consumed: string;
	readonly quality: string;
	readonly note: string;
}

/** A totals file; `style` is the form that its sender's program gives it. */
export interface Sheet {
	readonly style: number;
	readonly rows: ReadonlyMap<string, Cells>;
}

/** What is to be said about a period, before it is divided into runs. */
export interface Month {
	readonly sheets: ReadonlyMap<string, Sheet>;
	/** Reasons by entity. */
	readonly absent: ReadonlyMap<string, string>;
	/** Warnings that somebody accepts: `code,entity`. */
	readonly waivers: ReadonlySet<string>;
}

export const IDS = ['annex', 'depot', 'hall', 'kiosk', 'lab', 'library', 'office', 'pool-2'];
const TEXTS = ['Z\u00e4hler defekt', 'said "no", twice', 'closed', '\u6c34\u9053', 'a'.repeat(120)];

export function pick<Item>(next: Chance, items: readonly Item[]): Item {
	const item = items[next(items.length)];
	if (item === undefined) throw new Error('nothing to pick from');
	return item;
}

export const some = <Item>(next: Chance, items: readonly Item[]) =>
	items.filter(() => next(3) === 0);
export const freeText = (next: Chance) => pick(next, TEXTS);

function energy(next: Chance): string {
	switch (next(6)) {
		case 0:
			return '0';
		case 1:
			return '0.001';
		case 2:
			return '999999999.999';
		case 3:
			return `${next(4)}.5`;
		default:
			return `${next(5000)}.${next(10)}${next(1000) % 10}`;
	}
}

export function cells(next: Chance): Cells {
	const quality = pick(next, ['', '', '', 'A', 'C', 'S', 'E']);
	const needed = quality === 'S' || quality === 'E' || next(8) === 0;
	const note = needed ? freeText(next) : '';
	return { generated: energy(next), consumed: energy(next), quality, note };
}

export function validIn(entries: readonly Entry[], period: Period): readonly string[] {
	const valid = entries.filter((it) => it.from <= period && (it.to === '' || period <= it.to));
	return valid.map((it) => it.entity);
}

/** The month with a row or a line of absence for each valid entity, and for no other. */
export function complete(next: Chance, month: Month, valid: readonly string[]): Month {
	const sheets = new Map<string, Sheet>();
	for (const [name, { style, rows }] of month.sheets) {
		const kept = new Map([...rows].filter(([entity]) => valid.includes(entity)));
		if (kept.size > 0) sheets.set(name, { style, rows: kept });
	}
	const absent = new Map([...month.absent].filter(([entity]) => valid.includes(entity)));
	const told = new Set([...sheets.values()].flatMap(({ rows }) => [...rows.keys()]));
	for (const entity of valid) {
		if (told.has(entity) || absent.has(entity)) continue;
		if (next(6) === 0) {
			absent.set(entity, freeText(next));
			continue;
		}
		const name = pick(next, ['all.csv', 'north.csv', 'South-2.csv', 'late.csv']);
		const sheet = sheets.get(name) ?? { style: next(64), rows: new Map() };
		sheets.set(name, { ...sheet, rows: new Map([...sheet.rows, [entity, cells(next)]]) });
	}
	return { sheets, absent, waivers: month.waivers };
}

/** The month as it is known better later: figures, files and absences change. */
export function revise(next: Chance, month: Month): Month {
	const sheets = new Map<string, Sheet>();
	const absent = new Map([...month.absent].filter(() => next(3) > 0));
	for (const [name, { style, rows }] of month.sheets) {
		const moved = next(5) === 0 ? `moved-${next(3)}.csv` : name;
		const kept = new Map<string, Cells>(sheets.get(moved)?.rows ?? []);
		for (const [entity, row] of rows) {
			if (next(8) === 0) absent.set(entity, freeText(next));
			else kept.set(entity, next(3) === 0 ? cells(next) : row);
		}
		if (kept.size > 0) sheets.set(moved, { style: next(8) === 0 ? next(64) : style, rows: kept });
	}
	return { sheets, absent, waivers: new Set() };
}

const HEADER = ['entity', 'period', 'generated_kwh', 'consumed_kwh'];
const ABSENT_HEADER = 'entity,reason,approved_by\n';
const WAIVERS_HEADER = 'code,entity,reason,approved_by\n';

function line(values: readonly string[]): string {
	const quoted = values.map((it) => (/[",]/.test(it) ? `"${it.replaceAll('"', '""')}"` : it));
	return `${quoted.join(',')}\n`;
}

function sheetText(period: Period, { style, rows }: Sheet): string {
	const noted = (style & 2) > 0 || [...rows.values()].some((it) => it.quality + it.note !== '');
	const columns = [
		...HEADER,
		...(noted ? ['quality', 'note'] : []),
		...(style & 16 ? ['x_id'] : []),
	];
	const order = (values: readonly string[]) => line(style & 1 ? values.toReversed() : values);
	const lines = [...rows].map(([entity, { generated, consumed, quality, note }], index) => {
		const more = [...(noted ? [quality, note] : []), ...(style & 16 ? [`m${index}`] : [])];
		return order([entity, period, generated, consumed, ...more]);
	});
	const text = (style & 4 ? '\ufeff' : '') + [order(columns), ...lines].join('');
	const ended = style & 32 ? text.slice(0, -1) : text;
	return style & 8 ? ended.replaceAll('\n', '\r\n') : ended;
}

/** Files of a period by name; a month of which there is nothing to say has an empty list of absences. */
export function filesOf(period: Period, { sheets, absent, waivers }: Month): Map<string, string> {
	const files = new Map([...sheets].map(([name, sheet]) => [name, sheetText(period, sheet)]));
	const absences = [...absent].map(([entity, reason]) => line([entity, reason, 'A. Lind\u00e9n']));
	if (absent.size > 0 || sheets.size === 0) {
		files.set('absent.csv', ABSENT_HEADER + absences.join(''));
	}
	const accepted = [...waivers].map((it) => line([...it.split(','), 'seen', 'B. Okafor']));
	if (waivers.size > 0) files.set('waivers.csv', WAIVERS_HEADER + accepted.join(''));
	return files;
}

/** What a correction files to come from the one to the other: a header alone withdraws a file. */
export function replacing(
	before: ReadonlyMap<string, string>,
	after: ReadonlyMap<string, string>,
): Map<string, string> {
	const headers: Record<string, string> = {
		'absent.csv': ABSENT_HEADER,
		'waivers.csv': WAIVERS_HEADER,
	};
	const all = new Map(after);
	for (const name of before.keys()) {
		if (!after.has(name)) all.set(name, headers[name] ?? line(HEADER));
	}
	// Where nothing was withdrawn or filed before, a header alone says nothing.
	return new Map(
		[...all].filter(([name, text]) => {
			const said = before.has(name) || text !== (headers[name] ?? line(HEADER));
			return said && before.get(name) !== text;
		}),
	);
}

export function registerText(entries: readonly Entry[], capacities: boolean): string {
	const columns = ['entity', 'name', 'cost_center', 'valid_from', 'valid_to'];
	return [
		line([...columns, ...(capacities ? ['capacity_kw'] : [])]),
		...entries.map((it) => {
			const values = [it.entity, it.name, it.center, it.from, it.to];
			return line([...values, ...(capacities ? [it.capacity] : [])]);
		}),
	].join('');
}

const WARNINGS = ['above-capacity', 'estimates', 'same-as-last-month', 'spike', 'unit-slip'];

/** A rule set over the registered entities; `locks` says after how many days, null for never. */
export function makeRules(next: Chance, ids: readonly string[], priced: boolean) {
	const whole = (least: number) =>
		Object.fromEntries(ids.map((entity) => [entity, least + next(40)]));
	const keys = whole(0);
	const denominator = Object.values(keys).reduce((sum, key) => sum + key, 0) + 1 + next(9);
	const limit = next(4) === 0 ? { limit: [next(4), 3 + next(2)] } : {};
	const stages = [
		{ rule: 'proportional', ...limit },
		{ rule: 'equal', ...limit },
		{ rule: 'fixed', keys, denominator, ...limit },
		{ rule: 'fixed-redistribute', keys, ...limit },
		{ rule: 'priority', ranks: whole(1), ...limit },
	];
	const [from = '', to = ''] = [pick(next, ids), pick(next, ids)];
	const agreements = [{ id: 'c1', from, to, cap_kwh: `${next(900)}.5`, share: [1, 2] }];
	const contract = from !== to && next(4) === 0 ? [{ rule: 'contract', agreements }] : [];
	const lock = next(3) === 0 ? 1 + next(60) : null;
	const price = {
		currency: 'EUR',
		minor_digits: 2,
		per_kwh: `0.${1 + next(900_000)}`,
		accounts: { debit: pick(next, ['6050', '6300']), credit: '4050' },
	};
	const text = JSON.stringify({
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: pick(next, ['UTC', 'Europe/Berlin']),
		allocation: [
			...contract,
			...[pick(next, stages)],
			...(next(3) === 0 ? [pick(next, stages)] : []),
		],
		...(next(4) === 0 ? { delivery: { rule: 'priority', ranks: whole(1) } } : {}),
		...(next(4) === 0 ? { excluded: [pick(next, ids)] } : {}),
		...(next(4) === 0 ? { matrix: 'chain' } : {}),
		...(priced ? { price } : {}),
		...(lock === null ? {} : { lock_after_days: lock }),
		...(next(3) === 0
			? { plausibility: { spike_factor: 1 + next(3), waiver_required: some(next, WARNINGS) } }
			: {}),
	});
	return { text, lock, covers: new Set(ids) };
}
