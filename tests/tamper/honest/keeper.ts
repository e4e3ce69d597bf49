import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateKey } from 'openpgp';
import type { Correction } from '../../../src/core/data/submission.ts';
import { draftRun } from '../../../src/core/evidence/draft.ts';
import { formatTrustRoot, type TrustRoot } from '../../../src/core/evidence/trust-root.ts';
import { digest, encodeText, type Files } from '../../../src/core/format/bytes.ts';
import type { Period } from '../../../src/core/format/period.ts';
import { approvalPath, runFolder, SIGNATURE } from '../../../src/core/paths.ts';
import { computeNextRun } from '../../../src/core/record/next-run.ts';
import { approve } from '../../../src/node/approve.ts';
import { prepareCorrection, requireUnlocked } from '../../../src/node/correct.ts';
import { readTree } from '../../../src/node/files.ts';
import { finalize } from '../../../src/node/finalize.ts';
import type { KeyPair } from '../../../src/node/keys.ts';
import { presentAt } from '../../../src/node/present.ts';
import { adoptRoot, draftRoot, readRootChange, signRoot } from '../../../src/node/rotate.ts';
import { StopError } from '../../../src/node/stop.ts';
import { scratchFolder, scratchLog } from '../../support/scratch.ts';
import { addRoot, type MutableFiles, pinned, type Signer, signBytes } from '../log.ts';

export type Root = Omit<TrustRoot, 'format'>;

/** A change of the trust root, in the words of the command. */
export interface Rotation {
	readonly from: number;
	readonly threshold: number;
	readonly addRoots: readonly Signer[];
	readonly removeRoots: readonly Signer[];
	readonly addFinalizers: readonly Signer[];
	readonly retireFinalizers: readonly Signer[];
	readonly addApprovers: readonly { readonly role: string; readonly who: Signer }[];
	readonly removeApprovers: readonly Signer[];
}

/** Whoever keeps a log: every act is one that docs/spec allows, or is refused with a code. */
export interface Keeper {
	readonly people: readonly Signer[];
	readonly root: Root;
	readonly files: () => Files;
	/** Text by path; null removes a file. */
	readonly write: (files: ReadonlyMap<string, string | null>) => Promise<void>;
	/** `correct`, before the files of the correction are edited; null, or the code of a refusal. */
	readonly prepare: (
		period: Period,
		names: readonly string[],
		correction: Correction,
		at: string,
	) => Promise<string | null>;
	/** Null, or the code of what stands in the way. */
	readonly finalize: (period: Period, at: string, signer: Signer) => Promise<string | null>;
	readonly approve: (
		place: { readonly period: Period; readonly run: number },
		role: string,
		who: Signer,
		at: string,
	) => Promise<void>;
	readonly rotate: (
		next: Root,
		change: Rotation,
		holders: readonly Signer[],
		at: string,
	) => Promise<void>;
}

/** A log as the core makes it, without any file or repository. */
export async function inMemory(people: readonly Signer[], root: Root): Promise<Keeper> {
	const files: MutableFiles = new Map();
	const byName = Object.fromEntries(people.map((it) => [it.fingerprint, it]));
	const holders = people.filter((it) =>
		root.root_keys.some(({ fingerprint }) => fingerprint === it.fingerprint),
	);
	await addRoot(files, root, byName, holders.slice(0, root.root_threshold));
	return {
		people,
		root,
		files: () => new Map(files),
		write: async (changes) => {
			for (const [path, text] of changes) {
				if (text === null) files.delete(path);
				else files.set(path, encodeText(text));
			}
		},
		prepare: async () => null,
		finalize: async (period, instant, signer) => {
			const next = computeNextRun(files, period, presentAt(instant));
			if (next.state !== 'computed') throw new Error(`${period}: ${JSON.stringify(next)}`);
			const occasion = { commit: '5'.repeat(40), instant, version: '0.1.0' };
			const drafted = draftRun(files, next.run, occasion);
			if (!drafted.ok) return drafted.obstacle.code;
			const { draft } = drafted;
			if (!draft.finalizers.includes(signer.fingerprint)) throw new Error('not a finalizer');
			for (const [path, bytes] of draft.files) files.set(path, bytes);
			files.set(`${draft.folder}/${SIGNATURE}`, await signBytes(draft.signable, signer, instant));
			return null;
		},
		approve: async ({ period, run }, role, who, at) => {
			const folder = runFolder(period, run);
			const manifest = files.get(`${folder}/manifest.json`) ?? new Uint8Array();
			files.set(approvalPath(folder, role), await signBytes(manifest, who, at));
		},
		rotate: async (next, _change, signers) => addRoot(files, next, byName, signers),
	};
}

const none = async () => '';

/** Null where a command does its work, else what stood in its way. */
async function codeOf(command: () => Promise<void>): Promise<string | null> {
	try {
		await command();
		return null;
	} catch (error) {
		if (error instanceof StopError) return error.stop.code;
		throw error;
	}
}

/** The same by the functions of the commands, in a repository of its own. */
export async function byCommands(others: readonly Signer[]): Promise<Keeper> {
	const log = await scratchLog([]);
	// The history brings rule sets of its own.
	await log.commit({ 'data/rules/2026-01.json': null });
	const { dir, trust } = log;
	const signer = async (pair: KeyPair): Promise<Signer> => {
		return { ...pair, key: await readPrivateKey({ armoredKey: pair.secret }) };
	};
	const people = [await signer(trust.root), await signer(trust.finalizer), ...others];
	const folder = scratchFolder();
	const place = (it: Signer, kind: 'private' | 'public') =>
		join(folder, `${it.fingerprint}.${kind}.asc`);
	for (const it of people) {
		writeFileSync(place(it, 'private'), it.secret);
		writeFileSync(place(it, 'public'), it.certificate);
	}
	const publics = (them: readonly Signer[]) => them.map((it) => place(it, 'public'));
	const names = (them: readonly Signer[]) => them.map((it) => it.fingerprint);
	let drafts = 0;
	return {
		people,
		root: {
			log: 'example.org/test',
			version: 1,
			previous_sha256: null,
			effective_from_sequence: 1,
			root_threshold: 1,
			root_keys: [pinned(trust.root)],
			finalizer_keys: [{ ...pinned(trust.finalizer), from_sequence: 1, to_sequence: null }],
			approvals: [],
		},
		files: () => readTree(dir).files,
		write: async (changes) => {
			await log.commit(Object.fromEntries(changes));
		},
		prepare: (period, files, correction, at) =>
			codeOf(async () => {
				requireUnlocked(dir, period, correction.reason_code, new Date(at));
				const prepared = prepareCorrection({ dir, period, names: files, correction });
				if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
			}),
		finalize: (period, at, who) =>
			codeOf(async () => {
				const request = { dir, period, key: place(who, 'private'), passphrase: none };
				const made = await finalize({ ...request, now: new Date(at) });
				if (!made.ok) throw new Error(JSON.stringify(made.problems));
			}),
		approve: async ({ period }, role, who, at) => {
			const request = { dir, period, role, key: place(who, 'private'), passphrase: none };
			await approve({ ...request, now: new Date(at), show: () => {} });
		},
		rotate: async (next, change, holders, at) => {
			const draft = join(folder, `draft-${++drafts}`);
			const words = {
				from: String(change.from),
				threshold: String(change.threshold),
				addRoot: publics(change.addRoots),
				removeRoot: names(change.removeRoots),
				addFinalizer: publics(change.addFinalizers),
				retireFinalizer: names(change.retireFinalizers),
				addApprover: change.addApprovers.map(({ role, who }) => `${role}=${place(who, 'public')}`),
				removeApprover: names(change.removeApprovers),
			};
			const { sha256 } = await draftRoot(dir, draft, readRootChange(words));
			const common = { folder: draft, passphrase: none, now: new Date(at), show: () => {} };
			for (const it of holders) await signRoot({ ...common, key: place(it, 'private') });
			if (sha256 !== digest(formatTrustRoot(next))) throw new Error('another root was drafted');
			await adoptRoot(dir, draft);
		},
	};
}
