import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { signatureFault } from '../core/evidence/certificate.ts';
import type { Draft } from '../core/evidence/draft.ts';
import { parseManifest } from '../core/evidence/manifest.ts';
import { readSignature } from '../core/evidence/signature.ts';
import { digest, sameBytes } from '../core/format/bytes.ts';
import type { Period } from '../core/format/period.ts';
import { certificatePath, GUARDED_FOLDERS, MANIFEST, SIGNATURE } from '../core/paths.ts';
import type { Result } from '../core/problem.ts';
import type { Run } from '../core/record/run.ts';
import type { Tree } from '../core/verification/evidence.ts';
import type { VerificationRequest } from '../core/verification/verify.ts';
import { isThere, writeWhole } from './files.ts';
import { commitRun, draftNow, draftOf, type Finalized, requireReady } from './finalize.ts';
import { instantOf } from './present.ts';
import { previewRun } from './preview.ts';
import { onMachine, stop } from './stop.ts';
import { openClean } from './transaction.ts';
import { VERSION } from './version.ts';

/** A run computed where no key is, for a computer that has nothing but the key. */
export interface Unsigned {
	readonly run: Run;
	readonly manifest: Draft['manifest'];
	readonly manifest_sha256: string;
	/** Path of exactly the bytes to sign. */
	readonly signable: string;
}

export interface UnsignedRequest {
	readonly dir: string;
	readonly period: Period;
	/** A new folder for the files of the run. */
	readonly folder: string;
	readonly now: Date;
	readonly acknowledge?: string;
}

/** Settles the next run of a period and writes its files into a folder; signs and commits nothing. */
export async function draftUnsigned(request: UnsignedRequest): Promise<Result<Unsigned>> {
	const { dir, period, folder, now, acknowledge } = request;
	const way = relative(resolve(dir), resolve(folder)).split(/[\\/]/)[0];
	if (GUARDED_FOLDERS.some((it) => it === way)) stop({ code: 'out-inside-record', dir: folder });
	if (isThere(folder) && onMachine(folder, () => readdirSync(folder)).length > 0) {
		stop({ code: 'draft-exists', folder });
	}
	const { repository, tree } = await openClean(dir);
	const result = previewRun(tree.files, period, now);
	if (!result.ok) return result;
	const run = result.value;
	const draft = await draftNow(repository, tree, run, now, acknowledge);
	// Nobody is asked to sign what could not be added afterwards.
	await requireReady(tree, dir, acknowledge !== undefined);
	for (const [path, bytes] of draft.files) writeWhole(join(folder, basename(path)), bytes);
	const manifest_sha256 = digest(draft.signable);
	const signable = join(folder, MANIFEST);
	return { ok: true, value: { run, manifest: draft.manifest, manifest_sha256, signable } };
}

export interface SignedRequest {
	readonly dir: string;
	/** The folder of the draft, with the signature in it. */
	readonly folder: string;
	readonly now: Date;
	readonly progress?: VerificationRequest['progress'];
}

/**
 * Computes the run of a draft again from the tip of the branch and commits it with its signature. Of
 * the folder only the signature is taken: all else has to be, byte for byte, what this computer makes.
 */
export async function commitSigned(request: SignedRequest): Promise<Result<Finalized>> {
	const { dir, folder, now } = request;
	const place = join(folder, MANIFEST);
	const document = isThere(place) ? parseManifest(bytesOf(place)) : null;
	if (!document?.ok) return stop({ code: 'no-run-draft', folder });
	const { period, finalized_at, source, incidents } = document.value;
	if (finalized_at > instantOf(now)) {
		stop({ code: 'draft-ahead', now: instantOf(now), drafted: finalized_at });
	}
	const { repository, tree } = await openClean(dir);
	const result = previewRun(tree.files, period, new Date(finalized_at));
	if (!result.ok) return result;
	const run = result.value;
	const { commit } = source;
	const occasion = { commit, instant: finalized_at, version: VERSION, incidents };
	const draft = draftOf(tree, run, occasion);
	for (const [path, bytes] of draft.files) {
		const file = join(folder, basename(path));
		if (!isThere(file) || !sameBytes(bytesOf(file), bytes)) stop({ code: 'draft-outdated', path });
	}
	const signature = await readSignatureOf(draft, tree, folder);
	const acknowledges = incidents.length > 0;
	const signed = { repository, tree, run, draft, signature, incidents: acknowledges };
	const { progress } = request;
	const value = await commitRun({ ...signed, ...(progress !== undefined && { progress }) });
	return { ok: true, value };
}

/** The signature of a draft folder, if a finalizer in force has made it over exactly the draft. */
async function readSignatureOf(draft: Draft, tree: Tree, folder: string): Promise<Uint8Array> {
	const path = join(folder, SIGNATURE);
	if (!isThere(path)) stop({ code: 'run-unsigned', path, manifest: join(folder, MANIFEST) });
	const signature = bytesOf(path);
	const profile = readSignature(signature);
	if (!profile.ok) return stop({ code: 'signature-refused', path, fault: profile.fault });
	const { fingerprint } = profile.facts;
	if (!draft.finalizers.includes(fingerprint)) {
		stop({ code: 'key-not-in-force', fingerprint, sequence: String(draft.manifest.sequence) });
	}
	const certificate = tree.files.get(certificatePath(fingerprint)) ?? new Uint8Array();
	const fault = await signatureFault(draft.signable, signature, certificate);
	if (fault !== null) stop({ code: 'signature-refused', path, fault });
	return signature;
}

function bytesOf(path: string): Uint8Array {
	return new Uint8Array(onMachine(path, () => readFileSync(path)));
}
