import { readPrivateKey } from 'openpgp';
import { formatDigestList, parseDigestList } from '../core/evidence/digest-list.ts';
import { draftRun } from '../core/evidence/draft.ts';
import { readLog } from '../core/evidence/log.ts';
import { formatManifest, parseManifest } from '../core/evidence/manifest.ts';
import { generateKeyPair, signDetached } from '../core/evidence/signing.ts';
import { formatTrustRoot, parseTrustRoot } from '../core/evidence/trust-root.ts';
import { decodeText, digest, encodeText } from '../core/format/bytes.ts';
import {
	certificatePath,
	DIGEST_LIST,
	MANIFEST,
	METERING_POINTS,
	parseDataPath,
	parseRunPath,
	REGISTER,
	rootPath,
	rootSignaturePath,
	rulesPath,
	runFolder,
	SIGNATURE,
} from '../core/paths.ts';
import { compareText } from '../core/problem.ts';
import { computeNextRun } from '../core/record/next-run.ts';
import type { Tree } from '../core/verification/evidence.ts';
import { periodTimeOf } from '../zones/period-time.ts';
import type { Attempt, Sheet } from './messages.ts';

type MutableFiles = Map<string, Uint8Array>;

/** The readings and statements of final runs that a visitor may try to change, the newest first. */
export function sheetsOf({ files }: Tree): Sheet[] {
	const sheets = [...files].flatMap(([path, bytes]): Sheet[] => {
		const data = parseDataPath(path);
		const run = parseRunPath(path);
		const statement = run?.rest === 'statement.csv' ? run : null;
		const place = data?.kind === 'submission' ? data : statement;
		// What no run has taken in may change.
		if (!files.has(`${folderOf(path)}/${MANIFEST}`)) return [];
		if (place === null || !path.endsWith('.csv') || bytes.length > SHEET_LIMIT) return [];
		const text = decodeText(bytes);
		// Quoted cells are left out: an attempt writes one cell back as it stands.
		if (text === null || text.includes('"')) return [];
		const rows = text
			.trimEnd()
			.split('\n')
			.map((line) => line.split(','));
		return [{ path, period: place.period, rows }];
	});
	const order = (a: Sheet, b: Sheet) =>
		compareText(b.period, a.period) || compareText(a.path, b.path);
	return sheets.toSorted(order);
}

const SHEET_LIMIT = 65_536;

/** The tree as it is after what somebody tries: each step is open to whoever has a little more power. */
export async function attempted(tree: Tree, attempt: Attempt): Promise<Tree> {
	const files: MutableFiles = new Map(tree.files);
	switch (attempt.kind) {
		case 'drop-middle':
			dropRun(files, -2);
			break;
		case 'drop-newest':
			dropRun(files, -1);
			break;
		default: {
			changeCell(files, attempt);
			if (attempt.kind === 'change') break;
			const folder = folderOf(attempt.path);
			if (folder === null) break;
			correctList(files, folder);
			if (attempt.kind !== 'change-and-list') await signAgain(files, folder, attempt.kind);
		}
	}
	return { ...tree, files };
}

function changeCell(files: MutableFiles, { path, line, column, value }: Attempt): void {
	const lines = (decodeText(files.get(path) ?? new Uint8Array()) ?? '').split('\n');
	const cells = (lines[line - 1] ?? '').split(',');
	cells[column] = value;
	lines[line - 1] = cells.join(',');
	files.set(path, encodeText(lines.join('\n')));
}

/** The run that a path belongs to: as an input it is listed there first. */
function folderOf(path: string): string | null {
	const place = parseRunPath(path);
	if (place !== null) return runFolder(place.period, place.run);
	const data = parseDataPath(path);
	return data?.kind === 'submission' ? runFolder(data.period, data.run) : null;
}

/** Makes list and manifest of a run fit its files again, and every manifest after it as well. */
function correctList(files: MutableFiles, folder: string): void {
	const path = `${folder}/${DIGEST_LIST}`;
	const parsed = parseDigestList(files.get(path) ?? new Uint8Array());
	const manifest = parseManifest(files.get(`${folder}/${MANIFEST}`) ?? new Uint8Array());
	if (!parsed.ok || !manifest.ok) return;
	const bytesOf = (listed: string) => files.get(listed) ?? new Uint8Array();
	const list = new Map([...parsed.list.keys()].map((listed) => [listed, digest(bytesOf(listed))]));
	const text = formatDigestList(list);
	const bytes = [...list.keys()].reduce((sum, listed) => sum + bytesOf(listed).length, 0);
	files.set(path, text);
	const bound = { sha256: digest(text), count: list.size, bytes };
	files.set(`${folder}/${MANIFEST}`, formatManifest({ ...manifest.value, files: bound }));
}

/** A forger's own key over the manifest; or over a whole log that names it in its trust root. */
async function signAgain(
	files: MutableFiles,
	folder: string,
	kind: 'sign-again' | 'new-root',
): Promise<void> {
	const forger = await newSigner();
	if (kind === 'sign-again') {
		const bytes = files.get(`${folder}/${MANIFEST}`) ?? new Uint8Array();
		const manifest = parseManifest(bytes);
		const at = manifest.ok ? manifest.value.finalized_at : LATER;
		files.set(`${folder}/${SIGNATURE}`, await forger.sign(bytes, at));
		return;
	}
	const first = parseTrustRoot(files.get(rootPath(1)) ?? new Uint8Array());
	if (!first.ok) return;
	for (const path of [...files.keys()]) if (path.startsWith('trust/')) files.delete(path);
	const holder = await newSigner();
	const root = formatTrustRoot({
		...first.value,
		root_threshold: 1,
		root_keys: [holder.pinned],
		finalizer_keys: [{ ...forger.pinned, from_sequence: 1, to_sequence: null }],
		approvals: [],
	});
	files.set(rootPath(1), root);
	for (const { pinned, certificate } of [forger, holder]) {
		files.set(certificatePath(pinned.fingerprint), certificate);
	}
	const { fingerprint } = holder.pinned;
	files.set(rootSignaturePath(1, fingerprint), await holder.sign(root, LATER));
	await forgeLog(files, forger.sign);
}

const [MADE, LATER] = ['2000-01-01T00:00:00Z', '2000-01-02T00:00:00Z'];

/** Somebody with a key that no trust root of the log names. */
async function newSigner() {
	const pair = await generateKeyPair('Somebody else', new Date(MADE), '');
	const key = await readPrivateKey({ armoredKey: pair.secret });
	const certificate = encodeText(pair.certificate);
	const { fingerprint } = pair;
	const sign = async (bytes: Uint8Array, at: string) =>
		encodeText(await signDetached(bytes, key, new Date(at)));
	return {
		certificate,
		pinned: { fingerprint, certificate_sha256: digest(certificate) },
		sign,
	};
}

/**
 * Every run settled, linked and signed anew from the inputs as they are now, as whoever has all keys
 * of a log can do it.
 */
async function forgeLog(
	files: MutableFiles,
	sign: (bytes: Uint8Array, at: string) => Promise<Uint8Array>,
): Promise<void> {
	const entries = readLog(files).flatMap(({ folder, document }) =>
		document.ok ? [{ folder, manifest: document.value }] : [],
	);
	const original = new Map(files);
	for (const path of [...files.keys()]) {
		if (path.startsWith('settlements/') || path.startsWith('data/')) files.delete(path);
	}
	for (const { folder, manifest } of entries.toSorted(
		(a, b) => a.manifest.sequence - b.manifest.sequence,
	)) {
		const { period, finalized_at } = manifest;
		for (const [path, bytes] of original) {
			const data = parseDataPath(path);
			if (data?.kind !== 'submission' || data.period !== period) continue;
			if (data.run <= manifest.run) files.set(path, bytes);
		}
		const snapshot = (name: string) => original.get(`${folder}/${name}`) ?? new Uint8Array();
		files.set(REGISTER, snapshot('entities.csv'));
		files.set(rulesPath(period), snapshot('rules.json'));
		const points = original.get(`${folder}/metering-points.csv`);
		if (points !== undefined) files.set(METERING_POINTS, points);
		const next = computeNextRun(files, period, { instant: finalized_at, timeOf: periodTimeOf });
		if (next.state !== 'computed') return;
		const occasion = {
			commit: manifest.source.commit,
			instant: finalized_at,
			version: manifest.engine.version,
		};
		const drafted = draftRun(files, next.run, occasion);
		if (!drafted.ok) return;
		for (const [path, bytes] of drafted.draft.files) files.set(path, bytes);
		files.set(`${folder}/${SIGNATURE}`, await sign(drafted.draft.signable, finalized_at));
	}
}

/** Removes a run, counted from the end of the log, with what was sent for it alone. */
function dropRun(files: MutableFiles, index: number): void {
	const log = readLog(files)
		.flatMap(({ folder, period, run, document }) =>
			document.ok ? [{ folder, period, run, sequence: document.value.sequence }] : [],
		)
		.toSorted((a, b) => a.sequence - b.sequence);
	const run = log.at(index);
	if (run === undefined) return;
	const data = run.run === 1 ? `data/${run.period}/` : `data/${run.period}/r${run.run}/`;
	for (const path of [...files.keys()]) {
		if (path.startsWith(`${run.folder}/`) || path.startsWith(data)) files.delete(path);
	}
}
