import { formatTrustRoot, type TrustRoot } from '../../../src/core/evidence/trust-root.ts';
import { digest, encodeText } from '../../../src/core/format/bytes.ts';
import {
	addRoot,
	approve,
	finalizeRun,
	type Keys,
	type MutableFiles,
	pinned,
} from '../../tamper/log.ts';

/** Small logs, finalized as the product does it; every instant in them is fixed. */

export const DECEMBER = 'settlements/2025-12/r1';
export const CORRECTION = 'settlements/2025-12/r2';
export const JANUARY = 'settlements/2026-01/r1';
export const FEBRUARY = 'settlements/2026-02/r1';

const LOG_NAME = 'example.org/conformance';
const INSTANTS: Readonly<Record<string, string>> = {
	[DECEMBER]: '2026-01-06T08:00:00Z',
	[CORRECTION]: '2026-01-16T07:00:00Z',
	[JANUARY]: '2026-02-06T08:00:00Z',
	[FEBRUARY]: '2026-03-06T08:00:00Z',
};

const REGISTER = [
	'entity,name,cost_center,valid_from,valid_to',
	'hall,Sports Hall,100,2025-12,',
	'library,Library,200,2025-12,',
	'office,Office,300,2025-12,',
	'',
].join('\n');

type RuleSet = Readonly<Record<string, unknown>>;

export function rulesText(more: RuleSet = {}): string {
	const rules = {
		format: 'wattproof/rules/v1',
		basis: 'monthly',
		time_zone: 'Europe/Berlin',
		allocation: [{ rule: 'proportional' }],
		...more,
	};
	return `${JSON.stringify(rules)}\n`;
}

export function table(...rows: readonly string[]): string {
	return [...rows, ''].join('\n');
}

const TOTALS = 'entity,period,generated_kwh,consumed_kwh';

/** What North sends for a month: the hall generates more than it consumes. */
export function north(period: string, generated: string, office = '42'): string {
	return table(TOTALS, `hall,${period},${generated},20.25`, `office,${period},5,${office}`);
}

export function correction(reason_code: string): string {
	const reason = 'The meter of the hall was read one digit too low.';
	return `${JSON.stringify({ reason_code, reason, requested_by: 'North', evidence: '' })}\n`;
}

const CONFIGURATION = { 'data/entities.csv': REGISTER, 'data/rules/2025-12.json': rulesText() };

/** The data of three months, and of a correction of the first. */
const DATA: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	[DECEMBER]: {
		'data/2025-12/north.csv': north('2025-12', '120.5'),
		'data/2025-12/south.csv': table(TOTALS, 'library,2025-12,0,70.125'),
	},
	[CORRECTION]: {
		'data/2025-12/r2/north.csv': north('2025-12', '130.5'),
		'data/2025-12/r2/correction.json': correction('meter-reading'),
	},
	[JANUARY]: {
		'data/2026-01/north.csv': north('2026-01', '99.001', '41.5'),
		'data/2026-01/south.csv': table(TOTALS, 'library,2026-01,0,61.5'),
	},
	[FEBRUARY]: {
		'data/2026-02/north.csv': north('2026-02', '140', '40'),
		'data/2026-02/south.csv': table(TOTALS, 'library,2026-02,0,66'),
	},
};

type Root = Omit<TrustRoot, 'format'>;

/** A log to be made: a run of December alone unless told otherwise. */
export interface Plan {
	readonly runs?: readonly string[];
	/** Added to the data, or in place of it; null leaves a file out. */
	readonly data?: Readonly<Record<string, string | null>>;
	readonly root?: (root: Root, keys: Keys) => Root;
	/** Who signs the first root, where not the root key alone. */
	readonly holders?: readonly (keyof Keys)[];
	/** A second root, in force from sequence 2, of another root key and another finalizer. */
	readonly successor?: (root: Root) => Root;
	/** Who finalizes a run, where not the finalizer. */
	readonly signers?: Readonly<Record<string, keyof Keys>>;
	/** Other instants of finalization. */
	readonly instants?: Readonly<Record<string, string>>;
}

export async function makePlanned(keys: Keys, plan: Plan): Promise<MutableFiles> {
	const files: MutableFiles = new Map();
	const { runs = [DECEMBER] } = plan;
	const first = (plan.root ?? ((it) => it))(firstRoot(keys), keys);
	const holders = (plan.holders ?? ['root']).map((it) => keys[it]);
	await addRoot(files, first, keys, holders);
	if (plan.successor) {
		const second = plan.successor(secondRoot(keys, first));
		await addRoot(files, second, keys, [keys.root, keys.chair]);
	}
	const all = Object.assign({}, CONFIGURATION, ...runs.map((it) => DATA[it]), plan.data);
	for (const [path, text] of Object.entries<string | null>(all)) {
		if (text !== null) files.set(path, encodeText(text));
	}
	for (const folder of runs) {
		const signer = keys[plan.signers?.[folder] ?? 'finalizer'];
		await finalizeRun(files, folder, plan.instants?.[folder] ?? INSTANTS[folder] ?? '', signer);
		const roles = new Set(first.approvals.map(({ role }) => role));
		if (roles.has('audit')) await approve(files, folder, 'audit', keys.audit);
		if (roles.has('finance')) await approve(files, folder, 'finance', keys.finance);
	}
	return files;
}

function firstRoot(keys: Keys): Root {
	return {
		log: LOG_NAME,
		version: 1,
		previous_sha256: null,
		effective_from_sequence: 1,
		root_threshold: 1,
		root_keys: [pinned(keys.root)],
		finalizer_keys: [{ ...pinned(keys.finalizer), from_sequence: 1, to_sequence: null }],
		approvals: [],
	};
}

function secondRoot(keys: Keys, first: Root): Root {
	return {
		...firstRoot(keys),
		version: 2,
		previous_sha256: digest(formatTrustRoot(first)),
		effective_from_sequence: 2,
		root_keys: [pinned(keys.chair)],
		finalizer_keys: [{ ...pinned(keys.relief), from_sequence: 2, to_sequence: null }],
	};
}

/** Two roles approve every run. */
export function withApprovals(root: Root, keys: Keys): Root {
	const finance = { role: 'finance', ...pinned(keys.finance) };
	return { ...root, approvals: [{ role: 'audit', ...pinned(keys.audit) }, finance] };
}

/** The deputy finalized sequence 1 and was then replaced. */
export function withRetired(root: Root, keys: Keys): Root {
	const [finalizer] = root.finalizer_keys;
	if (finalizer === undefined) throw new Error('no finalizer');
	const deputy = { ...pinned(keys.deputy), from_sequence: 1, to_sequence: 1 };
	return { ...root, finalizer_keys: [deputy, { ...finalizer, from_sequence: 2 }] };
}
