import { signaturesDigestOf } from '../evidence/log.ts';
import { SPEC_VERSION } from '../evidence/manifest.ts';
import { digest } from '../format/bytes.ts';
import { periodOf, shiftPeriod } from '../format/period.ts';
import { MANIFEST } from '../paths.ts';
import { allManifestsRead, type Evidence, found, type RunEvidence } from './evidence.ts';
import type { Finding, FindingCode } from './report.ts';
import { type VerifiedRoot, verifiedRootAt } from './trust.ts';

/** Every run folder holds a manifest in canonical form that names this very place. */
export function checkManifests({ runs, isAway }: Evidence): readonly Finding[] {
	return runs.flatMap((run): Finding[] => {
		const path = `${run.folder}/${MANIFEST}`;
		const place = { path, period: run.period, run: run.run };
		if (run.bytes === null) {
			return isAway(path) ? [] : [found('manifests', 'tampered', 'manifest-missing', place)];
		}
		if (!run.document.ok) {
			const { fault } = run.document;
			return fault === 'unknown-format'
				? [found('manifests', 'unavailable', 'manifest-unknown-format', place)]
				: [found('manifests', 'tampered', 'manifest-malformed', { ...place, actual: fault })];
		}
		const { period, run: number } = run.document.value;
		if (period === run.period && number === run.run) return [];
		const expected = `${run.period} r${run.run}`;
		const actual = `${period} r${number}`;
		return [found('manifests', 'tampered', 'manifest-place', { ...place, expected, actual })];
	});
}

/** The manifests form one unbroken log: sequence, links, order of periods, runs and time. */
export function checkChain(evidence: Evidence, roots: readonly VerifiedRoot[]): readonly Finding[] {
	const { chain } = evidence;
	const findings: Finding[] = [];
	// Where a run cannot be read, a gap in the chain proves nothing.
	const effect = allManifestsRead(evidence) ? 'tampered' : 'unavailable';
	let nextPeriod: string | null = null;
	chain.forEach((run, index) => {
		const { manifest } = run;
		const require: Require = (code, expected, actual) => {
			if (expected === actual) return;
			const values = { ...placeOf(run), expected: String(expected), actual: String(actual) };
			findings.push(found('chain', effect, code, values));
		};
		const previous = chain[index - 1];
		const code = previous?.manifest.sequence === manifest.sequence ? 'duplicate' : 'gap';
		require(`sequence-${code}`, (previous?.manifest.sequence ?? 0) + 1, manifest.sequence);
		requirePrevious(evidence, run, previous, require);
		requireSuperseded(evidence, run, require);
		requireRoot(run, roots, require);
		if (manifest.run === 1) {
			if (nextPeriod !== null) require('period-gap', nextPeriod, manifest.period);
			nextPeriod = shiftPeriod(manifest.period, 1);
		}
		require('supersedes-mismatch', manifest.run === 1, manifest.kind === 'initial');
		require('supersedes-mismatch', manifest.run === 1, manifest.reason === null);
		const finalized = manifest.finalized_at;
		const earliest = previous?.manifest.finalized_at ?? finalized;
		if (finalized < earliest) require('time-order', earliest, finalized);
		if (manifest.period >= periodOf(finalized)) require('time-order', manifest.period, finalized);
		if (manifest.engine.spec !== SPEC_VERSION) {
			const actual = String(manifest.engine.spec);
			findings.push(
				found('chain', 'unavailable', 'engine-unknown', {
					...placeOf(run),
					expected: String(SPEC_VERSION),
					actual,
				}),
			);
		}
	});
	return findings;
}

type Fact = string | number | boolean | null;
type Require = (code: FindingCode, expected: Fact, actual: Fact) => void;
type ChainRun = Evidence['chain'][number];

function requirePrevious(
	{ tree, isAway }: Evidence,
	{ manifest }: ChainRun,
	previous: ChainRun | undefined,
	require: Require,
): void {
	const link = manifest.previous;
	require('previous-mismatch', previous?.manifest.sequence ?? null, link?.sequence ?? null);
	if (previous?.bytes == null || link === null) return;
	require('previous-mismatch', digest(previous.bytes), link.manifest_sha256);
	const { folder } = previous;
	const away = tree.unavailable.some(({ path }) => path.startsWith(`${folder}/`));
	if (away || isAway(folder)) return;
	const signatures = signaturesDigestOf(tree.files, folder);
	require('signatures-mismatch', signatures, link.signatures_sha256);
}

function requireSuperseded(evidence: Evidence, { manifest }: ChainRun, require: Require): void {
	const link = manifest.supersedes;
	if (manifest.run === 1) {
		require('supersedes-mismatch', null, link?.run ?? null);
		return;
	}
	const before = evidence.chain.find(
		(it) => it.manifest.period === manifest.period && it.manifest.run === manifest.run - 1,
	);
	require('run-gap', manifest.run - 1, before?.manifest.run ?? null);
	if (before?.bytes == null) return;
	require('supersedes-mismatch', before.manifest.run, link?.run ?? null);
	require('supersedes-mismatch', digest(before.bytes), link?.manifest_sha256 ?? null);
	const earlier = before.manifest.sequence < manifest.sequence;
	require('supersedes-mismatch', true, earlier);
}

function requireRoot(run: ChainRun, roots: readonly VerifiedRoot[], require: Require): void {
	const { manifest } = run;
	const inForce = verifiedRootAt(roots, manifest.sequence);
	if (inForce === undefined) return;
	require('log-mismatch', inForce.root.log, manifest.log);
	require('root-mismatch', inForce.root.version, manifest.trust_root.version);
	require('root-mismatch', inForce.sha256, manifest.trust_root.sha256);
}

function placeOf(run: RunEvidence) {
	return { path: `${run.folder}/${MANIFEST}`, period: run.period, run: run.run };
}
