import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from '../core/paths.ts';
import { RECORDS } from '../core/record/columns.ts';
import { formatEvidencePack } from '../node/downloads/evidence-pack.ts';
import { formatLedger } from '../node/downloads/ledger.ts';
import { formatStatementJson } from '../node/downloads/statement-json.ts';
import { formatStatementWorkbook } from '../node/downloads/statement-workbook.ts';
import type { PublishedRun } from '../node/published.ts';
import { intervalsOf, profileCsv } from './intervals.ts';
import { files, published, settings, statementPath } from './site.ts';

export type DownloadKind =
	| 'record'
	| 'profile'
	| 'workbook'
	| 'json'
	| 'ledger'
	| 'pack'
	| 'signature';

/** A file beside a statement, by its name in the folder of the run. */
export interface Download {
	readonly kind: DownloadKind;
	readonly name: string;
	readonly type: string;
	bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

const SHEETS = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'text/csv; charset=utf-8';
const PROFILE = 'profile.csv';
const TEXT = 'text/plain; charset=utf-8';

/** Where the load profile of a run lies beside its statement. */
export function profileTable(run: PublishedRun): string {
	return `${statementPath(run.period, run.run)}${run.id}.${PROFILE}`;
}

const offered = new WeakMap<PublishedRun, readonly Download[]>();

/** Every file that a statement offers. None is made before somebody asks for its bytes. */
export function downloadsOf(run: PublishedRun): readonly Download[] {
	const list = offered.get(run) ?? listDownloads(run);
	offered.set(run, list);
	return list;
}

function listDownloads(run: PublishedRun): readonly Download[] {
	const folder = runFolder(run.period, run.run);
	const plain = (kind: DownloadKind, name: string, type: string): readonly Download[] => {
		const bytes = files.get(`${folder}/${name}`);
		return bytes === undefined ? [] : [{ kind, name, type, bytes: async () => copy(bytes) }];
	};
	const made = (
		kind: DownloadKind,
		suffix: string,
		type: string,
		make: () => Uint8Array | Promise<Uint8Array>,
	): Download => {
		let kept: Promise<Uint8Array<ArrayBuffer>> | null = null;
		const bytes = () => {
			if (kept !== null) return kept;
			const fresh = Promise.resolve(make()).then(copy);
			// Asked for twice or thrice. Packs are quickly made again, and all of them would fill memory.
			if (kind !== 'pack') kept = fresh;
			return fresh;
		};
		return { kind, name: `${run.id}.${suffix}`, type, bytes };
	};
	const { organization } = settings;
	const ledger = formatLedger(files, run);
	const intervals = intervalsOf(run);
	return [
		...RECORDS.flatMap((it) => plain('record', `${it}.csv`, CSV)),
		...(intervals === null ? [] : [made('profile', PROFILE, CSV, () => profileCsv(intervals))]),
		made('workbook', 'xlsx', SHEETS, () => formatStatementWorkbook(files, run, organization)),
		made('json', 'json', 'application/json', () => formatStatementJson(files, run)),
		...(ledger === null ? [] : [made('ledger', 'journal', TEXT, () => ledger)]),
		made('pack', 'zip', 'application/zip', () => {
			// Not at the top: a site without a run needs no script.
			const script = readFileSync(join(process.cwd(), 'scripts/verify.sh'));
			return formatEvidencePack(files, published, run, { organization, script });
		}),
		...plain('signature', 'manifest.json', 'application/json'),
		...plain('signature', 'manifest.json.asc', TEXT),
		...plain('signature', 'SHA256SUMS', TEXT),
	];
}

/** A response takes no view of memory that others might share. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(bytes);
}

const sizes = new Map<string, number>();

/** The size of a file in bytes; kept, because a statement stands on two pages. */
export async function sizeOf(run: PublishedRun, download: Download): Promise<number> {
	const key = `${run.id}/${download.name}`;
	const size = sizes.get(key) ?? (await download.bytes()).length;
	sizes.set(key, size);
	return size;
}
