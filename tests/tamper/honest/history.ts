import { type Correction, REASON_CODES } from '../../../src/core/data/submission.ts';
import { type Period, shiftPeriod } from '../../../src/core/format/period.ts';
import { computeNextRun } from '../../../src/core/record/next-run.ts';
import { presentAt } from '../../../src/node/present.ts';
import type { Signer } from '../log.ts';
import {
	type Chance,
	complete,
	type Entry,
	filesOf,
	freeText,
	IDS,
	type Month,
	makeRules,
	pick,
	registerText,
	replacing,
	revise,
	some,
	validIn,
} from './data.ts';
import type { Keeper, Root } from './keeper.ts';
import { rotate } from './rotation.ts';

const DAY = 86_400_000;
type Reason = Correction['reason_code'];

/** A period as its people know it. */
interface Account {
	readonly month: Month;
	/** The highest final run, and the text of its effective files by name. */
	readonly run: number;
	readonly filed: ReadonlyMap<string, string>;
	/** When run 1 became final, and after how many days its rules lock it; null for never. */
	readonly since: number;
	readonly lock: number | null;
	/** The reason of the correction that lies ready, null while there is none. */
	readonly reason: Reason | null;
	/** Paths of the next run that have been written. */
	readonly open: readonly string[];
}

/** A log from its first day on, and what a verifier has to say of it. */
export interface History {
	readonly next: Chance;
	readonly keeper: Keeper;
	readonly roots: Root[];
	readonly accounts: Map<Period, Account>;
	readonly rules: Map<Period, { readonly lock: number | null; readonly covers: Set<string> }>;
	readonly capacities: boolean;
	entries: readonly Entry[];
	priced: boolean;
	clock: number;
	sequence: number;
	first: Period;
	newest: { readonly period: Period; readonly run: number };
	missing: readonly string[];
	/** What was done, for whoever has to find out why. */
	readonly acts: string[];
	verifications: number;
}

export const instant = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

export function rootOf({ roots }: History, sequence: number): Root {
	const root = roots.findLast((it) => it.effective_from_sequence <= sequence);
	if (root === undefined) throw new Error('no root');
	return root;
}

const rolesOf = (root: Root) => [...new Set(root.approvals.map(({ role }) => role))].toSorted();
export const holder = ({ keeper }: History, fingerprint: string): Signer => {
	const found = keeper.people.find((it) => it.fingerprint === fingerprint);
	if (found === undefined) throw new Error('nobody has the key');
	return found;
};

export async function begin(keeper: Keeper, next: Chance): Promise<History> {
	const first = pick(next, ['2025-11', '2026-01', '2026-02']);
	const history: History = {
		...{ next, keeper, roots: [keeper.root], accounts: new Map(), rules: new Map() },
		...{ capacities: next(2) === 0, entries: [], priced: next(2) === 0, acts: [] },
		clock: Date.parse('2026-01-10T12:00:00Z'),
		...{ sequence: 0, first, newest: { period: first, run: 0 }, missing: [], verifications: 0 },
	};
	const ids = IDS.filter(() => next(2) === 0);
	history.entries = (ids.length > 0 ? ids : ['hall']).map((id) => entry(next, id, first));
	await writeRegister(history);
	await writeRules(history, first);
	return history;
}

function entry(next: Chance, entity: string, from: Period): Entry {
	const center = pick(next, ['', '100', 'A/7.x']);
	const capacity = pick(next, ['', '0', '45', '1000.5']);
	return { entity, name: freeText(next), center, from, to: '', capacity };
}

const writeRegister = ({ keeper, entries, capacities }: History) =>
	keeper.write(new Map([['data/entities.csv', registerText(entries, capacities)]]));

async function writeRules(history: History, period: Period): Promise<void> {
	const ids = [...new Set(history.entries.map((it) => it.entity))];
	const { text, lock, covers } = makeRules(history.next, ids, history.priced);
	history.rules.set(period, { lock, covers });
	await history.keeper.write(new Map([[`data/rules/${period}.json`, text]]));
}

function rulesIn({ rules }: History, period: Period) {
	const latest =
		[...rules.keys()]
			.filter((it) => it <= period)
			.toSorted()
			.at(-1) ?? '';
	return rules.get(latest) ?? { lock: null, covers: new Set<string>() };
}

const NOTHING: Account = {
	month: { sheets: new Map(), absent: new Map(), waivers: new Set() },
	...{ run: 0, filed: new Map(), since: 0, lock: null, reason: null, open: [] },
};
const accountOf = ({ accounts }: History, period: Period) => accounts.get(period) ?? NOTHING;
const nextPeriod = ({ accounts, first }: History) => {
	let period = first;
	while ((accounts.get(period)?.run ?? 0) > 0) period = shiftPeriod(period, 1);
	return period;
};

function correctionFor(reason_code: Reason): Correction {
	return { reason_code, reason: 'As found', requested_by: 'Me', evidence: '' };
}

/** Writes what is known of a period as the files of its next run. */
async function file(history: History, period: Period, month: Month): Promise<void> {
	const { keeper, accounts } = history;
	const account = accountOf(history, period);
	const { run, filed, reason, open } = account;
	const folder = run === 0 ? `data/${period}` : `data/${period}/r${run + 1}`;
	const now = run === 0 ? filesOf(period, month) : replacing(filed, filesOf(period, month));
	const correction = reason === null ? null : correctionFor(reason);
	if (correction !== null && open.length === 0) {
		const replaced = [...now.keys()].filter((it) => filed.has(it));
		const refused = await keeper.prepare(period, replaced, correction, instant(history.clock));
		if (refused !== null) throw new Error(`correct: ${refused}`);
	}
	const texts = new Map([...now].map(([name, text]) => [`${folder}/${name}`, text]));
	if (correction !== null) {
		texts.set(`${folder}/correction.json`, `${JSON.stringify(correction, null, 2)}\n`);
	}
	const gone = open.filter((path) => !texts.has(path)).map((path) => [path, null] as const);
	await keeper.write(new Map<string, string | null>([...texts, ...gone]));
	accounts.set(period, { ...account, month, open: [...texts.keys()] });
}

/** Files of the next run that the present register, rules and warnings ask for. */
async function settle(history: History, period: Period, at: string): Promise<void> {
	const { next, keeper } = history;
	const valid = validIn(history.entries, period);
	if (valid.some((it) => !rulesIn(history, period).covers.has(it))) {
		await writeRules(history, period);
	}
	const known = complete(next, accountOf(history, period).month, valid);
	await file(history, period, { ...known, waivers: new Set() });
	const preview = computeNextRun(keeper.files(), period, presentAt(at));
	if (preview.state === 'computed') {
		const warned = preview.run.exceptions.filter((it) => it.severity === 'warning');
		const seen = some(next, warned).map((it) => `${it.code},${it.entity}`);
		if (seen.length > 0) await file(history, period, { ...known, waivers: new Set(seen) });
		return;
	}
	const unwaived = preview.state === 'refused' ? preview.problems : [];
	const waivers = unwaived.flatMap((it) => {
		return it.code === 'warning-unwaived' ? [`${it.warning},${it.entity}`] : [];
	});
	if (waivers.length === 0) throw new Error(`refused: ${JSON.stringify(preview)}`);
	await file(history, period, { ...known, waivers: new Set(waivers) });
}

/** Makes the next run of a period final, where the rules of docs/spec allow it. */
async function finalize(history: History, period: Period): Promise<void> {
	const { next, keeper, accounts } = history;
	const sequence = history.sequence + 1;
	const root = rootOf(history, sequence);
	const ended = Date.parse(`${shiftPeriod(period, 1)}-01T00:00:00Z`);
	const wait = pick(next, [0, 0, 1000, DAY / 2, 9 * DAY]);
	const due = history.clock >= ended ? history.clock + wait : ended + wait;
	const before = accountOf(history, period);
	const lockAt = before.since + (before.lock ?? 0) * DAY;
	const locks = before.run > 0 && before.lock !== null;
	const time = locks && next(3) === 0 ? Math.max(lockAt, due) : due;
	const disputable = rolesOf(root).length >= 2;
	const late = locks && time > lockAt;
	if (late && disputable) accounts.set(period, { ...before, reason: 'dispute' });
	await settle(history, period, instant(time));
	const inForce = root.finalizer_keys.filter(
		(it) => it.from_sequence <= sequence && sequence <= (it.to_sequence ?? sequence),
	);
	const signer = holder(history, pick(next, inForce).fingerprint);
	const refused = await keeper.finalize(period, instant(time), signer);
	const unapproved = history.missing.length > 0 ? 'approval-missing' : null;
	const expected = late && !disputable ? 'locked' : unapproved;
	history.acts.push(`finalize ${period} r${before.run + 1} at ${instant(time)}: ${refused}`);
	if (refused !== expected) throw new Error(`${refused} instead of ${expected}`);
	if (refused !== null) return;

	const account = accountOf(history, period);
	const run = account.run + 1;
	const filed = filesOf(period, account.month);
	for (const [name, text] of replacing(account.filed, filed)) filed.set(name, text);
	for (const [name, text] of account.filed) if (!filed.has(name)) filed.set(name, text);
	const [since, lock] =
		run === 1 ? [time, rulesIn(history, period).lock] : [account.since, account.lock];
	accounts.set(period, { ...account, run, filed, since, lock, reason: null, open: [] });
	history.clock = time;
	history.sequence = sequence;
	history.newest = { period, run };
	history.missing = rolesOf(root);
}

async function approve(history: History): Promise<void> {
	const { next, keeper, newest, sequence } = history;
	const role = pick(next, history.missing);
	history.clock += next(3) * DAY;
	const holders = rootOf(history, sequence).approvals.filter((it) => it.role === role);
	const who = holder(history, pick(next, holders).fingerprint);
	await keeper.approve(newest, role, who, instant(history.clock));
	history.missing = history.missing.filter((it) => it !== role);
	history.acts.push(`approve ${newest.period} as ${role}`);
}

async function changeRegister(history: History): Promise<void> {
	const { next, accounts } = history;
	const around = shiftPeriod(nextPeriod(history), next(4) - 2);
	const free = IDS.filter((id) => !history.entries.some((it) => it.entity === id));
	const one = pick(next, history.entries);
	if (next(2) === 0 && free.length > 0) {
		const late = entry(next, pick(next, free), around < history.first ? history.first : around);
		history.entries = [...history.entries, late];
	} else {
		const ends = one.to === '' && around >= one.from && next(2) === 0;
		const changed = ends ? { ...one, to: around } : { ...one, name: freeText(next), center: '9' };
		history.entries = history.entries.map((it) => (it === one ? changed : it));
	}
	await writeRegister(history);
	history.acts.push(`register changed, ${accounts.size} periods known`);
}

async function openCorrection(history: History): Promise<void> {
	const { next, accounts } = history;
	const final = [...accounts].filter(([, it]) => it.run > 0 && it.reason === null);
	const [period, account] = pick(next, final);
	const { since, lock } = account;
	const late = lock !== null && history.clock > since + lock * DAY;
	const disputable = rolesOf(rootOf(history, history.sequence + 1)).length >= 2;
	if (late && !disputable) {
		const dispute = correctionFor('dispute');
		const refused = await history.keeper.prepare(period, [], dispute, instant(history.clock));
		history.acts.push(`correction of ${period}: ${refused}`);
		if (refused !== null && refused !== 'locked') throw new Error(`correct: ${refused}`);
		return;
	}
	accounts.set(period, { ...account, reason: late ? 'dispute' : pick(next, REASON_CODES) });
	await file(history, period, next(4) === 0 ? account.month : revise(next, account.month));
	history.acts.push(`correction of ${period} lies ready`);
}

/** One act that nobody could object to. */
export async function act(history: History): Promise<void> {
	const { next, accounts, missing } = history;
	const ready = [...accounts].filter(([, it]) => it.reason !== null).map(([period]) => period);
	const final = [...accounts.values()].some((it) => it.run > 0 && it.reason === null);
	switch (next(12)) {
		case 0:
			return changeRegister(history);
		case 1: {
			history.priced ||= next(3) === 0;
			return writeRules(history, shiftPeriod(nextPeriod(history), next(6) - 3));
		}
		case 2:
			return rotate(history);
		case 3: {
			const period = shiftPeriod(nextPeriod(history), next(2));
			const valid = validIn(history.entries, period);
			return file(history, period, complete(next, accountOf(history, period).month, valid));
		}
		case 4:
		case 5:
			if (final) return openCorrection(history);
			break;
		case 6:
		case 7:
			if (ready.length > 0) return finalize(history, pick(next, ready));
			break;
		default:
	}
	if (missing.length > 0 && next(8) > 0) return approve(history);
	return finalize(history, nextPeriod(history));
}
