import { kindOf } from '../evidence/draft.ts';
import { lockOf } from '../evidence/lock.ts';
import { earlierRuns, type Figures, figuresOf, readHistory } from '../evidence/log.ts';
import { SPEC_VERSION } from '../evidence/manifest.ts';
import { digest, type Files, sameBytes } from '../format/bytes.ts';
import { onlyFiles } from '../format/sourced-files.ts';
import { mayHoldManifest, runFolder } from '../paths.ts';
import { append } from '../problem.ts';
import { changesBetween } from '../record/delta.ts';
import { computeRun, type Run, readPosted } from '../record/run.ts';
import { parseStatement, QUANTITIES, type StatementRow } from '../record/statement.ts';
import { basisFinding, recordedTime } from './basis.ts';
import { firstDifference } from './difference.ts';
import { type Evidence, found, type RunEvidence } from './evidence.ts';
import type { Finding, Worth } from './report.ts';
import { type VerifiedRoot, verifiedRootAt } from './trust.ts';

type ChainRun = Evidence['chain'][number];

export interface Recomputed {
	readonly findings: readonly Finding[];
	readonly worth: readonly Worth[];
	/** What the inputs give for records that were altered, by path. */
	readonly records: Files;
}

/**
 * Every run is computed again from its inputs and snapshots as they are now, and each record compared
 * with its signed digest. Where something differs, also what that is worth to each entity.
 */
export async function checkRecomputation(
	evidence: Evidence,
	roots: readonly VerifiedRoot[],
	altered: ReadonlySet<string>,
	progress: (done: number, total: number) => void,
): Promise<Recomputed> {
	const records = new Map<string, Uint8Array>();
	const findings: Finding[] = [];
	const worth: Worth[] = [];
	const known = new Map<string, Figures>();
	for (const [index, run] of evidence.chain.entries()) {
		progress(index, evidence.chain.length);
		const { list } = run;
		if (list === null) {
			findings.push(blocked(run, 'list'));
			continue;
		}
		const computed = await recompute(evidence, run, list, known);
		if (!('records' in computed)) {
			findings.push(computed);
		} else {
			append(findings, await recordFindings(evidence, run, list, computed));
			append(findings, lockFindings(evidence, run, computed, roots));
			noteFigures(evidence, run, computed, known);
		}
		const touched = [...list.keys()].filter((path) => altered.has(path));
		if (touched.length === 0) continue;
		for (const path of touched) {
			const bytes =
				'records' in computed && computed.records.get(path.slice(run.folder.length + 1));
			if (bytes) records.set(path, bytes);
		}
		const value = await worthOf(evidence, run, list, 'records' in computed ? computed : null);
		if (value !== null) worth.push(value);
	}
	return { findings, worth, records };
}

/** Whether bytes are those of a file that has the signed digest; comparing is faster than hashing. */
function isSigned({ tree, digestOf }: Evidence, path: string, sha256: string, bytes: Uint8Array) {
	const file = tree.files.get(path);
	return file !== undefined && digestOf(path) === sha256 && sameBytes(file, bytes);
}

/** A statement that was computed exactly as it is signed need not be read for the runs after it. */
function noteFigures(
	evidence: Evidence,
	{ folder, list }: ChainRun,
	{ records, rows }: Run,
	known: Map<string, Figures>,
): void {
	const path = `${folder}/statement.csv`;
	const [statement, sha256] = [records.get('statement.csv'), list?.get(path)];
	if (statement === undefined || sha256 === undefined) return;
	if (isSigned(evidence, path, sha256, statement)) known.set(folder, figuresOf(rows));
}

function blocked(run: RunEvidence, actual: string): Finding {
	const { period, run: number, folder: path } = run;
	const values = { path, period, run: number, actual };
	return found('recomputation', 'unavailable', 'recomputation-blocked', values);
}

async function recompute(
	evidence: Evidence,
	run: ChainRun,
	list: ReadonlyMap<string, string>,
	known: Map<string, Figures>,
): Promise<Run | Finding> {
	// Only what the run lists is its input: an addition is a finding of its own.
	const files = onlyFiles(evidence.tree.files, (path) => list.has(path));
	const missing = [...list.keys()].find((path) => evidence.isAway(path));
	const register = files.get(`${run.folder}/entities.csv`);
	const rules = files.get(`${run.folder}/rules.json`);
	if (missing !== undefined) return blocked(run, missing);
	if (run.manifest.engine.spec !== SPEC_VERSION) return blocked(run, 'engine');
	if (register === undefined || rules === undefined) return blocked(run, 'configuration');
	const foreign = basisFinding(evidence, run, rules);
	if (foreign !== null) return foreign;

	// Earlier figures count as they were signed: an altered one is the finding of its own run.
	const unread =
		evidence.runs.some((it) => it.manifest === null && it.period <= run.period) ||
		evidence.tree.unavailable.some(
			({ path }) => mayHoldManifest(path) && (path.split('/')[1] ?? '') <= run.period,
		);
	if (unread) return blocked(run, 'history');
	const earlier = earlierRuns(evidence.runs, run.period, run.manifest.sequence);
	const needed = [...earlier.values(), runFolder(run.period, run.run - 1)];
	const statements = new Map<string, Uint8Array | undefined>();
	for (const folder of needed) {
		const other = evidence.byFolder.get(folder);
		if (other !== undefined) statements.set(folder, await signedStatement(evidence, other));
	}
	const history = readHistory(earlier, (folder) => statements.get(folder), known);
	if (history === null) return blocked(run, 'history');
	const previous = runFolder(run.period, run.run - 1);
	const rulesBefore = evidence.tree.files.get(`${previous}/rules.json`);
	const superseded = run.run === 1 ? null : readPosted(statements.get(previous), rulesBefore);
	if (run.run > 1 && superseded === null) return blocked(run, previous);

	const computed = computeRun({
		files,
		period: run.period,
		run: run.run,
		register,
		rules: { path: `${run.folder}/rules.json`, bytes: rules },
		points: files.get(`${run.folder}/metering-points.csv`),
		timeOf: () => recordedTime(run.manifest) ?? { fault: 'zone-unknown' },
		history,
		superseded,
		instant: run.manifest.finalized_at,
	});
	if (computed.ok) return computed.value;
	const [problem] = computed.problems;
	const { path, line } = problem?.location ?? { path: run.folder, line: 0 };
	return found('recomputation', 'tampered', 'inputs-refused', {
		path,
		period: run.period,
		run: run.run,
		expected: String(line),
		actual: problem?.code ?? '',
	});
}

/** The bytes of a run's statement that its list names: from the tree, or found by their digest. */
async function signedStatement(
	evidence: Evidence,
	run: RunEvidence,
): Promise<Uint8Array | undefined> {
	const path = `${run.folder}/statement.csv`;
	const sha256 = run.list?.get(path);
	if (sha256 === undefined) return undefined;
	if (evidence.digestOf(path) === sha256) return evidence.tree.files.get(path);
	return evidence.original(path, sha256);
}

/** A correction after the lock of its own rule set is no settlement, whoever signed it. */
function lockFindings(
	evidence: Evidence,
	run: ChainRun,
	computed: Run,
	roots: readonly VerifiedRoot[],
): Finding[] {
	const { sequence, finalized_at } = run.manifest;
	const first = evidence.byFolder.get(runFolder(run.period, 1))?.manifest;
	const root = verifiedRootAt(roots, sequence)?.root;
	if (!first || root === undefined) return [];
	const rules = evidence.tree.files.get(`${runFolder(run.period, 1)}/rules.json`);
	const lock = lockOf(computed, { finalized_at: first.finalized_at, rules }, finalized_at, root);
	if (lock === null) return [];
	const { period, run: number, folder } = run;
	const values = { path: `${folder}/rules.json`, period, run: number, actual: finalized_at };
	return [found('recomputation', 'tampered', 'lock-broken', values)];
}

async function recordFindings(
	evidence: Evidence,
	run: ChainRun,
	list: ReadonlyMap<string, string>,
	computed: Run,
): Promise<Finding[]> {
	const findings: Finding[] = [];
	const place = { period: run.period, run: run.run };
	const prefix = `${run.folder}/`;
	const listed = [...list.keys()].filter((path) => path.startsWith(prefix));
	const names = new Set([
		...computed.records.keys(),
		...listed.map((it) => it.slice(prefix.length)),
	]);
	for (const name of names) {
		const path = prefix + name;
		const bytes = computed.records.get(name);
		const expected = list.get(path) ?? '';
		if (bytes !== undefined && isSigned(evidence, path, expected, bytes)) continue;
		const actual = bytes === undefined ? '' : digest(bytes);
		if (expected === actual) continue;
		const signed =
			evidence.digestOf(path) === expected
				? evidence.tree.files.get(path)
				: await evidence.original(path, expected);
		const difference = signed && bytes ? firstDifference(path, signed, bytes) : null;
		const values = { ...place, path, expected, actual, difference };
		findings.push(found('recomputation', 'tampered', 'record-differs', values));
	}
	for (const [field, actual] of Object.entries(computed.totals)) {
		const expected = new Map(Object.entries(run.manifest.totals)).get(field);
		if (expected === actual) continue;
		findings.push(
			found('recomputation', 'tampered', 'totals-differ', {
				...place,
				path: `${prefix}manifest.json`,
				expected: `${field}=${expected}`,
				actual: `${field}=${actual}`,
			}),
		);
	}
	const { kind, reason } = run.manifest;
	const expectedKind = kindOf(computed);
	if (kind !== expectedKind.kind || reason !== expectedKind.reason) {
		findings.push(
			found('recomputation', 'tampered', 'totals-differ', {
				...place,
				path: `${prefix}manifest.json`,
				expected: `kind=${kind};reason=${reason}`,
				actual: `kind=${expectedKind.kind};reason=${expectedKind.reason}`,
			}),
		);
	}
	return findings;
}

/** The change of each entity's figures: an altered statement as it reads, else altered inputs settled. */
async function worthOf(
	evidence: Evidence,
	run: ChainRun,
	list: ReadonlyMap<string, string>,
	computed: Run | null,
): Promise<Worth | null> {
	const path = `${run.folder}/statement.csv`;
	const bytes = computed?.records.get('statement.csv');
	const followed = bytes !== undefined && digest(bytes) === list.get(path) ? bytes : undefined;
	const signed = (await signedStatement(evidence, run)) ?? followed;
	const before = signed === undefined ? null : parseStatement(signed);
	const file = evidence.tree.files.get(path);
	const restated = file !== undefined && evidence.digestOf(path) !== list.get(path);
	const stated = restated ? parseStatement(file) : null;
	const after = stated ?? computed?.rows ?? null;
	if (before === null || after === null) return null;
	const entities = compare(before, after);
	if (entities.length === 0) return null;
	const basis = stated === null ? 'settled' : 'stated';
	return { period: run.period, run: run.run, basis, entities };
}

function compare(
	before: readonly StatementRow[],
	after: readonly StatementRow[],
): Worth['entities'] {
	return changesBetween(before, after).flatMap(({ entity, energy_wh }) => {
		const changed = QUANTITIES.filter((quantity) => energy_wh[quantity] !== 0n);
		if (changed.length === 0) return [];
		return [{ entity, energy_wh: Object.fromEntries(changed.map((it) => [it, energy_wh[it]])) }];
	});
}
