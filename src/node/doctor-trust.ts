import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { manifestsOf, readLog } from '../core/evidence/log.ts';
import {
	finalizersAt,
	pinnedKeys,
	requiredRoles,
	rootAt,
	type TrustRoot,
} from '../core/evidence/trust-root.ts';
import { gatherEvidence, type Tree } from '../core/verification/evidence.ts';
import { checkTrustRoots } from '../core/verification/trust.ts';
import { type Diagnosis, ok, problem, unknown } from './diagnosis.ts';
import { SAMPLE_LOG } from './sample.ts';
import { errorCode } from './stop.ts';

/** What else has to be known of a log to judge the settings of a forge. */
export interface KnownLog {
	/** Digests of every version of the trust root; empty where it does not hold. */
	readonly roots: readonly string[];
	readonly runs: number;
}

export interface Trusted {
	readonly diagnoses: readonly Diagnosis[];
	readonly log: KnownLog;
}

/** The trust root, and whether somebody can sign the next run under it. */
export async function examineTrust(
	tree: Tree,
	{ dir, key }: { readonly dir: string; readonly key?: string | undefined },
): Promise<Trusted> {
	const { roots, findings } = await checkTrustRoots(
		gatherEvidence(tree, null, async () => undefined),
	);
	const manifests = manifestsOf(readLog(tree.files));
	const sequence = (manifests.at(-1)?.manifest.sequence ?? 0) + 1;
	const newest = roots.at(-1);
	const finding = findings.find(({ effect }) => effect !== 'notice');
	if (newest === undefined || finding !== undefined) {
		const log = { roots: [], runs: manifests.length };
		const first = finding;
		const said =
			first === undefined || first.code === 'root-missing'
				? problem('trust', { code: 'trust-missing' })
				: first.effect === 'unavailable'
					? unknown('trust', { code: 'trust-unread', finding: first })
					: problem('trust', { code: 'trust-refused', finding: first });
		const others = (['finalizer', 'approvals', ...(key ? (['key'] as const) : [])] as const).map(
			(check) => unknown(check, { code: 'trust-unjudged' }),
		);
		return { diagnoses: [said, ...others], log };
	}
	const root = rootAt(
		roots.map((it) => it.root),
		sequence,
	);
	const log = { roots: roots.map((it) => it.sha256), runs: manifests.length };
	const [finalizer] = root === undefined ? [] : finalizersAt(root, sequence);
	const roles = root === undefined ? [] : requiredRoles(root);
	const diagnoses = [
		newest.root.log === SAMPLE_LOG
			? problem('trust', { code: 'trust-sample' })
			: ok('trust', {
					code: 'trust-intact',
					log: newest.root.log,
					version: String(newest.root.version),
					sha256: newest.sha256,
				}),
		finalizer === undefined
			? problem('finalizer', { code: 'finalizer-none', sequence: String(sequence) })
			: ok('finalizer', {
					code: 'finalizer-in-force',
					fingerprint: finalizer.fingerprint,
					sequence: String(sequence),
				}),
		roles.length > 0
			? ok('approvals', { code: 'approvals-required', roles })
			: ok('approvals', { code: 'approvals-none' }),
		...(key !== undefined && root !== undefined ? await examineKey(key, dir, root, sequence) : []),
	];
	return { diagnoses, log };
}

/** Whether a file holds a finalizer's key and lies where only its owner reads it. */
async function examineKey(
	path: string,
	dir: string,
	root: TrustRoot,
	sequence: number,
): Promise<Diagnosis[]> {
	try {
		const way = relative(realpathSync(dir), realpathSync(path));
		if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) {
			return [problem('key', { code: 'key-inside', path })];
		}
		// Windows has no such bits.
		if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
			return [problem('key', { code: 'key-open', path })];
		}
		const { readPrivateKey } = await import('openpgp');
		const armoredKey = readFileSync(path, 'utf8');
		if (armoredKey.includes('BEGIN PGP PUBLIC KEY')) {
			return [problem('key', { code: 'key-unusable', reason: 'public' })];
		}
		const key = await readPrivateKey({ armoredKey }).catch(() => null);
		if (key === null) return [problem('key', { code: 'key-unusable', reason: 'no-key' })];
		const fingerprint = key.getFingerprint();
		if (finalizersAt(root, sequence).some((it) => it.fingerprint === fingerprint)) {
			return [ok('key', { code: 'key-in-force', fingerprint })];
		}
		return [problem('key', { code: 'key-other', fingerprint, role: roleOf(root, fingerprint) })];
	} catch (error) {
		const reason = errorCode(error);
		if (reason === null) throw error;
		if (reason === 'ENOENT') return [problem('key', { code: 'key-unusable', reason: 'missing' })];
		return [unknown('key', { code: 'file-unreadable', paths: [path] })];
	}
}

/** What the root gives that key for; empty where it does not know it. */
function roleOf(root: TrustRoot, fingerprint: string): string {
	const approval = root.approvals.find((it) => it.fingerprint === fingerprint);
	if (approval !== undefined) return approval.role;
	if (root.root_keys.some((it) => it.fingerprint === fingerprint)) return 'root';
	return pinnedKeys(root).some((it) => it.fingerprint === fingerprint) ? 'retired' : '';
}
