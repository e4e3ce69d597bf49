import { fingerprintOf, signatureFault } from '../evidence/certificate.ts';
import {
	type PinnedKey,
	parseTrustRoot,
	pinnedKeys,
	rootAt,
	type TrustRoot,
} from '../evidence/trust-root.ts';
import { digest } from '../format/bytes.ts';
import { certificatePath, pathsBelow, rootPath, rootSignaturePath } from '../paths.ts';
import { append } from '../problem.ts';
import { type Evidence, found } from './evidence.ts';
import type { Finding } from './report.ts';

/** A version of the trust root with the digest by which people pin it. */
export interface VerifiedRoot {
	readonly root: TrustRoot;
	readonly sha256: string;
	/** Fingerprints of its own root keys that have signed it. */
	readonly signers: readonly string[];
}

/** The verified root in force at a sequence number. */
export function verifiedRootAt(
	roots: readonly VerifiedRoot[],
	sequence: number,
): VerifiedRoot | undefined {
	const root = rootAt(
		roots.map((it) => it.root),
		sequence,
	);
	return roots.find((it) => it.root === root);
}

export interface TrustChain {
	readonly roots: readonly VerifiedRoot[];
	/** False where something of `trust/` is there that cannot be read: whom it names is not known. */
	readonly whole: boolean;
	readonly findings: readonly Finding[];
}

/**
 * The versions of the trust root as far as each follows from the one before, and everything that is
 * wrong below `trust/` (docs/spec/log.md and verification.md).
 */
export async function checkTrustRoots(evidence: Evidence): Promise<TrustChain> {
	const { files } = evidence.tree;
	const findings: Finding[] = [];
	const roots: VerifiedRoot[] = [];
	const named = new Set<string>();
	const checked = new Set<string>();
	for (let version = 1; ; version++) {
		const path = rootPath(version);
		const bytes = files.get(path);
		if (bytes === undefined && evidence.isAway(path)) {
			return { roots, whole: false, findings: findings.map(withoutAccusation) };
		}
		if (bytes === undefined) break;
		named.add(path);
		const document = parseTrustRoot(bytes);
		if (!document.ok) {
			const previous = roots.at(-1)?.root;
			// A newer format is credible only from those who may appoint a successor.
			const credible =
				document.fault === 'unknown-format' &&
				previous !== undefined &&
				(await signersOf(evidence, bytes, version, previous, new Set())).signers.size >=
					previous.root_threshold;
			if (credible) {
				const newer = found('trust-root', 'unavailable', 'root-unknown-format', { path });
				return { roots, whole: false, findings: [...findings, newer] };
			}
			const values = { path, actual: document.fault };
			findings.push(found('trust-root', 'tampered', 'root-malformed', values));
			break;
		}
		const root = document.value;
		const previous = roots.at(-1);
		append(findings, linkFindings(path, root, version, previous));
		append(findings, await certificateFindings(evidence, root, named, checked));
		const signed = await thresholdFindings(evidence, bytes, root, previous?.root, named);
		append(findings, signed.findings);
		roots.push({ root, sha256: digest(bytes), signers: signed.signers });
	}
	if (roots.length === 0 && findings.length === 0) {
		// Without any run or root there is nothing that could have been altered.
		findings.push(found('trust-root', 'unavailable', 'root-missing', { path: rootPath(1) }));
	}
	for (const path of pathsBelow(files.keys(), 'trust')) {
		if (named.has(path)) continue;
		findings.push(found('trust-root', 'tampered', 'trust-unlisted', { path }));
	}
	const hidden = evidence.tree.unavailable.filter(({ path }) => path.startsWith('trust'));
	const next = rootPath(roots.length + 1);
	const expected = new Set([...named, next, ...signaturePaths(roots)]);
	for (const { path } of hidden) {
		// A folder may hold what is named; any other path is an addition, whatever its bytes are.
		if ([...expected].some((it) => it === path || it.startsWith(`${path}/`))) continue;
		findings.push(found('trust-root', 'tampered', 'trust-unlisted', { path }));
	}
	const whole = hidden.length === 0;
	return { roots, whole, findings: whole ? findings : findings.map(withoutAccusation) };
}

/** Where signatures of the roots' key holders may lie. */
function signaturePaths(roots: readonly VerifiedRoot[]): string[] {
	const holders = roots.flatMap(({ root }) => root.root_keys.map((key) => key.fingerprint));
	return roots.flatMap(({ root }) => holders.map((it) => rootSignaturePath(root.version, it)));
}

function linkFindings(
	path: string,
	root: TrustRoot,
	version: number,
	previous: VerifiedRoot | undefined,
): Finding[] {
	const findings: Finding[] = [];
	const require = (expected: string | number | null, actual: string | number | null) => {
		if (expected === actual) return;
		const values = { path, expected: String(expected), actual: String(actual) };
		findings.push(found('trust-root', 'tampered', 'root-chain', values));
	};
	require(version, root.version);
	require(previous?.sha256 ?? null, root.previous_sha256);
	if (previous === undefined) {
		require(1, root.effective_from_sequence);
	} else {
		require(previous.root.log, root.log);
		const last = previous.root.effective_from_sequence;
		if (root.effective_from_sequence <= last) require(last + 1, root.effective_from_sequence);
	}
	return findings;
}

/** Every certificate that a root names lies in `trust/keys/` with exactly the pinned bytes. */
async function certificateFindings(
	{ tree, digestOf, isAway }: Evidence,
	root: TrustRoot,
	named: Set<string>,
	checked: Set<string>,
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const { fingerprint, certificate_sha256: expected } of pinnedKeys(root)) {
		const path = certificatePath(fingerprint);
		named.add(path);
		// Every root is held to its own pin; what holds for an earlier one is not said twice.
		if (checked.has(`${path} ${expected}`)) continue;
		checked.add(`${path} ${expected}`);
		const bytes = tree.files.get(path);
		const actual = digestOf(path) ?? '';
		if (bytes === undefined) {
			if (isAway(path)) continue;
			findings.push(found('trust-root', 'tampered', 'certificate-missing', { path, expected }));
		} else if (actual !== expected) {
			findings.push(
				found('trust-root', 'tampered', 'certificate-changed', { path, expected, actual }),
			);
		} else if ((await fingerprintOf(bytes)) !== fingerprint) {
			findings.push(found('trust-root', 'tampered', 'certificate-malformed', { path }));
		}
	}
	return findings;
}

/** Where a certificate or signature cannot be read, nobody has signed too little. */
function withoutAccusation(finding: Finding): Finding {
	const missing = finding.code === 'root-threshold' || finding.actual === 'certificate';
	return missing ? { ...finding, effect: 'unavailable' } : finding;
}

/** Each root is signed by the threshold of its own keys and of those before it. */
async function thresholdFindings(
	evidence: Evidence,
	bytes: Uint8Array,
	root: TrustRoot,
	previous: TrustRoot | undefined,
	named: Set<string>,
): Promise<{ readonly signers: readonly string[]; readonly findings: readonly Finding[] }> {
	const { version } = root;
	const own = await signersOf(evidence, bytes, version, root, named);
	const before = previous && (await signersOf(evidence, bytes, version, previous, named));
	const findings = [...own.findings, ...(before?.findings ?? [])];
	const judges = [
		{ signers: own.signers, threshold: root.root_threshold },
		...(before ? [{ signers: before.signers, threshold: previous.root_threshold }] : []),
	];
	for (const { signers, threshold } of judges) {
		if (signers.size >= threshold) continue;
		const values = { expected: String(threshold), actual: String(signers.size) };
		const path = rootPath(version);
		findings.push(found('trust-root', 'untrusted', 'root-threshold', { path, ...values }));
	}
	return { signers: [...own.signers], findings };
}

/** Which root keys of `judge` have signed a version of the trust root; each key counts once. */
async function signersOf(
	evidence: Evidence,
	bytes: Uint8Array,
	version: number,
	judge: TrustRoot,
	named: Set<string>,
): Promise<{ readonly signers: ReadonlySet<string>; readonly findings: readonly Finding[] }> {
	const signers = new Set<string>();
	const findings: Finding[] = [];
	for (const key of judge.root_keys) {
		const path = rootSignaturePath(version, key.fingerprint);
		const signature = evidence.tree.files.get(path);
		if (signature === undefined) continue;
		const certificate = certificateOf(evidence, key);
		const fault = certificate
			? await signatureFault(bytes, signature, certificate)
			: ('certificate' as const);
		if (fault === null) signers.add(key.fingerprint);
		else if (!named.has(path)) {
			findings.push(found('trust-root', 'tampered', 'root-signature', { path, actual: fault }));
		}
		named.add(path);
	}
	return { signers, findings };
}

/** The pinned certificate of a key, if its bytes are the pinned ones. */
export function certificateOf(
	{ tree, digestOf }: Evidence,
	{ fingerprint, certificate_sha256 }: PinnedKey,
): Uint8Array | undefined {
	const path = certificatePath(fingerprint);
	return digestOf(path) === certificate_sha256 ? tree.files.get(path) : undefined;
}

/** A version of the chain that the pin names: by its digest, or as signed by a root key's holder. */
export function pinnedRoot(pin: string, roots: readonly VerifiedRoot[]): VerifiedRoot | undefined {
	return roots.find(({ sha256, signers }) => sha256 === pin || signers.includes(pin));
}

/** Whether the user's pin is one version of the chain. */
export function checkPin(
	{ pin }: Evidence,
	{ roots, whole }: Pick<TrustChain, 'roots' | 'whole'>,
): readonly Finding[] {
	if (pin === null || roots.length === 0) return [];
	if (pinnedRoot(pin, roots) !== undefined) return [];
	const actual = roots.at(0)?.sha256 ?? '';
	const path = rootPath(1);
	const effect = whole ? 'untrusted' : 'unavailable';
	return [found('pin', effect, 'root-not-pinned', { path, expected: pin, actual })];
}
