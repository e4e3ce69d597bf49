import { type PrivateKey, readPrivateKey } from 'openpgp';
import { draftRun } from '../../src/core/evidence/draft.ts';
import { formatTrustRoot, type TrustRoot } from '../../src/core/evidence/trust-root.ts';
import { digest, encodeText } from '../../src/core/format/bytes.ts';
import {
	approvalPath,
	certificatePath,
	rootPath,
	rootSignaturePath,
	SIGNATURE,
} from '../../src/core/paths.ts';
import { computeNextRun } from '../../src/core/record/next-run.ts';
import { generateKeyPair, type KeyPair, signDetached } from '../../src/node/keys.ts';
import { presentAt } from '../../src/node/present.ts';
import { intervalRules, monthFiles, POINTS_TEXT } from '../support/interval-months.ts';
import { REGISTER_TEXT } from '../support/scratch.ts';

/** Files that a mutation may change in place. */
export type MutableFiles = Map<string, Uint8Array>;

/** Somebody who can sign. */
export interface Signer extends KeyPair {
	readonly key: PrivateKey;
}

/**
 * The people of the logs. `deputy` may finalize sequences 1 and 2 only, `chair` is the root key of
 * the second trust root, `relief` its finalizer; no root knows `stranger`.
 */
const ROLES = [
	'root',
	'chair',
	'finalizer',
	'deputy',
	'relief',
	'finance',
	'audit',
	'stranger',
] as const;
export type Keys = Readonly<Record<(typeof ROLES)[number], Signer>>;

/**
 * `plain`: signed by automation only. `approved`: two approval roles. `successor`: two roots.
 * `interval`: as plain, settled by interval.
 */
export type LogKind = 'plain' | 'approved' | 'successor' | 'interval';
export const LOG_KINDS = ['plain', 'approved', 'successor', 'interval'] as const;

/** Run folders of the logs, by the sequence number of their manifest. */
export const FOLDERS = [
	'settlements/2026-01/r1',
	'settlements/2026-02/r1',
	'settlements/2026-02/r2',
	'settlements/2026-03/r1',
	'settlements/2026-04/r1',
] as const;
export const [FIRST, SUPERSEDED, CORRECTED, MIDDLE, NEWEST] = FOLDERS;
const INSTANTS = [
	'2026-02-06T08:00:00Z',
	'2026-03-06T08:00:00Z',
	'2026-03-20T08:00:00Z',
	'2026-04-06T08:00:00Z',
	'2026-05-06T08:00:00Z',
];
/** The first sequence number that the second root of the log `successor` judges. */
export const SUCCESSION = 4;
const BEGINNING = new Date('2026-01-01T00:00:00Z');
const COMMIT = '5'.repeat(40);

export const RULES_TEXT = JSON.stringify({
	format: 'wattproof/rules/v1',
	basis: 'monthly',
	time_zone: 'Europe/Berlin',
	allocation: [{ rule: 'proportional' }],
	price: {
		currency: 'EUR',
		minor_digits: 2,
		per_kwh: '0.12',
		accounts: { debit: '6300', credit: '8300' },
	},
});

export async function makeKeys(): Promise<Keys> {
	const signers = ROLES.map(async (role) => [role, await makeSigner(role)] as const);
	return Object.fromEntries(await Promise.all(signers)) as unknown as Keys;
}

export async function makeSigner(name: string): Promise<Signer> {
	const pair = await generateKeyPair(`example.org/test ${name}`, BEGINNING, '');
	return { ...pair, key: await readPrivateKey({ armoredKey: pair.secret }) };
}

export async function signBytes(bytes: Uint8Array, signer: Signer, at: string | Date) {
	return encodeText(await signDetached(bytes, signer.key, new Date(at)));
}

/** What `finance`, `audit` or another approver adds to a run. */
export async function approve(
	files: MutableFiles,
	folder: string,
	role: string,
	signer: Signer,
): Promise<void> {
	const manifest = files.get(`${folder}/manifest.json`) ?? new Uint8Array();
	files.set(approvalPath(folder, role), await signBytes(manifest, signer, '2026-06-01T00:00:00Z'));
}

export function pinned({ fingerprint, certificate }: KeyPair) {
	return { fingerprint, certificate_sha256: digest(encodeText(certificate)) };
}

/** The first trust root of a log of the given kind. */
export function firstRoot(keys: Keys, kind: LogKind): Omit<TrustRoot, 'format'> {
	const approvals = [
		{ role: 'audit', ...pinned(keys.audit) },
		{ role: 'finance', ...pinned(keys.finance) },
	];
	return {
		log: 'example.org/test',
		version: 1,
		previous_sha256: null,
		effective_from_sequence: 1,
		root_threshold: 1,
		root_keys: [pinned(keys.root)],
		finalizer_keys: [
			{ ...pinned(keys.finalizer), from_sequence: 1, to_sequence: null },
			{ ...pinned(keys.deputy), from_sequence: 1, to_sequence: 2 },
		],
		approvals: kind === 'approved' ? approvals : [],
	};
}

/** A second root, which follows `first`: another root key and another finalizer. */
export function secondRoot(keys: Keys, first: Uint8Array): Omit<TrustRoot, 'format'> {
	return {
		...firstRoot(keys, 'plain'),
		version: 2,
		previous_sha256: digest(first),
		effective_from_sequence: SUCCESSION,
		root_keys: [pinned(keys.chair)],
		finalizer_keys: [{ ...pinned(keys.relief), from_sequence: SUCCESSION, to_sequence: null }],
	};
}

/** Adds a root with the certificates it names, signed by the given holders of root keys. */
export async function addRoot(
	files: MutableFiles,
	root: Omit<TrustRoot, 'format'>,
	keys: Readonly<Record<string, Signer>>,
	holders: readonly Signer[],
): Promise<void> {
	const bytes = formatTrustRoot(root);
	files.set(rootPath(root.version), bytes);
	for (const holder of holders) {
		const path = rootSignaturePath(root.version, holder.fingerprint);
		files.set(path, await signBytes(bytes, holder, BEGINNING));
	}
	const named = [...root.root_keys, ...root.finalizer_keys, ...root.approvals];
	for (const { fingerprint } of named) {
		const signer = Object.values(keys).find((it) => it.fingerprint === fingerprint);
		if (signer) files.set(certificatePath(fingerprint), encodeText(signer.certificate));
	}
}

/** What the two submitters send for a month; the hall generates. */
export function northText(period: string, generated = '120.500'): string {
	const rows = [`hall,${period},${generated},20.25`, `office,${period},5,42`];
	return ['entity,period,generated_kwh,consumed_kwh', ...rows, ''].join('\n');
}

export function southText(period: string): string {
	return ['entity,period,generated_kwh,consumed_kwh', `library,${period},0,70.125`, ''].join('\n');
}

/** The office's meter stood still for a day of April. */
export const SUBSTITUTES = [
	'metering_point,first_interval,last_interval,quality,note',
	'o1,2026-04-14T00:00:00+02:00,2026-04-14T23:00:00+02:00,S,mean of two weeks',
	'',
].join('\n');

export const CORRECTION = {
	reason_code: 'meter-reading',
	reason: 'The meter of the hall was read one digit too low.',
	requested_by: 'No\u00ebl North',
	evidence: '',
};

/**
 * A finalized log in memory: January, February, February corrected, March, April. Every signature
 * is made by whom the trust root in force asks for.
 */
export async function makeLog(
	keys: Keys,
	kind: LogKind,
	rules = RULES_TEXT,
): Promise<MutableFiles> {
	const files: MutableFiles = new Map();
	const write = (path: string, text: string) => files.set(path, encodeText(text));
	write('data/entities.csv', REGISTER_TEXT);
	write('data/rules/2026-01.json', kind === 'interval' ? intervalRules() : rules);
	if (kind === 'interval') write('data/metering-points.csv', POINTS_TEXT);
	const textOf = (month: string): Readonly<Record<string, string>> =>
		kind === 'interval'
			? monthFiles(month)
			: {
					[`data/${month}/north.csv`]: northText(month),
					[`data/${month}/south.csv`]: southText(month),
				};
	for (const month of ['2026-01', '2026-02', '2026-03', '2026-04']) {
		for (const [path, text] of Object.entries(textOf(month))) write(path, text);
	}
	if (kind === 'interval') write('data/2026-04/substitutes.csv', SUBSTITUTES);
	const first = firstRoot(keys, kind);
	await addRoot(files, first, keys, [keys.root]);
	if (kind === 'successor') {
		const second = secondRoot(keys, formatTrustRoot(first));
		await addRoot(files, second, keys, [keys.root, keys.chair]);
	}
	for (const [index, folder] of FOLDERS.entries()) {
		if (folder === CORRECTED) {
			const before = textOf('2026-02')['data/2026-02/north.csv'] ?? '';
			const after = northText('2026-02', '130.500');
			// Every noon the hall generated 1 kWh more.
			const more = before.replaceAll(/^(h1,(?:[^,]*,){13})2\./gm, '$13.');
			write('data/2026-02/r2/north.csv', kind === 'interval' ? more : after);
			write('data/2026-02/r2/correction.json', `${JSON.stringify(CORRECTION, null, 2)}\n`);
		}
		const late = kind === 'successor' && index + 1 >= SUCCESSION;
		await finalizeRun(files, folder, INSTANTS[index] ?? '', late ? keys.relief : keys.finalizer);
		if (kind !== 'approved') continue;
		await approve(files, folder, 'audit', keys.audit);
		await approve(files, folder, 'finance', keys.finance);
	}
	return files;
}

/** Settles and signs the next run of a folder's period, as `finalize` does. */
export async function finalizeRun(
	files: MutableFiles,
	folder: string,
	instant: string,
	signer: Signer,
): Promise<void> {
	const next = computeNextRun(files, folder.split('/')[1] ?? '', presentAt(instant));
	if (next.state !== 'computed') throw new Error(`${folder}: ${JSON.stringify(next)}`);
	const drafted = draftRun(files, next.run, { commit: COMMIT, instant, version: '0.1.0' });
	if (!drafted.ok) throw new Error(`${folder}: ${drafted.obstacle.code}`);
	for (const [path, bytes] of drafted.draft.files) files.set(path, bytes);
	const signature = await signBytes(drafted.draft.signable, signer, instant);
	files.set(`${folder}/${SIGNATURE}`, signature);
}
