import { digest, type Files } from '../core/format/bytes.ts';
import type { Period } from '../core/format/period.ts';
import { partsOf } from '../core/format/sourced-files.ts';
import {
	ABSENT,
	CORRECTION,
	METERING_POINTS,
	parseDataPath,
	REGISTER,
	runFolder,
	SUBSTITUTES,
	WAIVERS,
} from '../core/paths.ts';
import type { PublishedRun } from './published.ts';
import type { SiteSettings } from './site-settings.ts';

export type InputKind =
	| 'submission'
	| 'absences'
	| 'substitutes'
	| 'waivers'
	| 'correction'
	| 'register'
	| 'metering-points'
	| 'rules';

/** What a row of an interval file holds: one reading, those of a day, or of all at one time. */
export type IntervalForm = 'long' | 'days' | 'wide';

/** A file that a run was computed from. */
export interface Input {
	readonly path: string;
	readonly kind: InputKind;
	readonly sha256: string;
	/** Lines below the header; null where it is no table. */
	readonly rows: number | null;
	/** Null where it holds no readings of intervals. */
	readonly form: IntervalForm | null;
	/** The run that brought the file, and the one of the list that replaced it; null where none did. */
	readonly run: number;
	readonly replacedBy: number | null;
	/** Its path at the source commit; null where that is not known. */
	readonly source: string | null;
}

/** What a run was computed from, as its list of digests names it: the data first, then the rest. */
export function inputsOf(files: Files, run: PublishedRun): readonly Input[] {
	const folder = runFolder(run.period, run.run);
	const submitted = run.files.flatMap(({ path }) => {
		const parsed = parseDataPath(path);
		return parsed?.kind === 'submission' ? [parsed] : [];
	});
	const inputs = run.files.flatMap(({ path, sha256 }): Input[] => {
		const rows = dataRows(files, path);
		const about = { path, sha256, rows, form: null, run: run.run, replacedBy: null };
		if (path === `${folder}/entities.csv`) {
			return [{ ...about, kind: 'register', source: REGISTER }];
		}
		if (path === `${folder}/metering-points.csv`) {
			return [{ ...about, kind: 'metering-points', source: METERING_POINTS }];
		}
		if (path === `${folder}/rules.json`) {
			return [{ ...about, kind: 'rules', source: rulesSource(files, run.period, sha256) }];
		}
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'submission') return [];
		const { name } = parsed;
		const later = submitted
			.filter((it) => it.name === name && it.run > parsed.run && name !== CORRECTION)
			.map((it) => it.run);
		const replacedBy = later.length === 0 ? null : Math.min(...later);
		const kind = kindOf(name);
		const form = kind === 'submission' ? formOf(files, path) : null;
		return [{ ...about, kind, form, run: parsed.run, replacedBy, source: path }];
	});
	const isData = ({ path }: Input) => !path.startsWith(folder);
	return [...inputs.filter(isData), ...inputs.filter((it) => !isData(it))];
}

function kindOf(name: string): InputKind {
	if (name === ABSENT) return 'absences';
	if (name === SUBSTITUTES) return 'substitutes';
	if (name === WAIVERS) return 'waivers';
	return name === CORRECTION ? 'correction' : 'submission';
}

/** Lines below the header of a table, blank ones not counted; null where it is none. */
export function dataRows(files: Files, path: string): number | null {
	if (!path.endsWith('.csv') || !files.has(path)) return null;
	let [lines, blank] = [0, true];
	for (const part of partsOf(files, path)) {
		for (const byte of part) {
			if (byte === 0x0a) blank = true;
			else if (blank && byte !== 0x0d && byte !== 0x20 && byte !== 0x09) {
				blank = false;
				lines++;
			}
		}
	}
	return Math.max(0, lines - 1);
}

/** As its header says, which is at most a few thousand ids long. */
function formOf(files: Files, path: string): IntervalForm | null {
	const [start = new Uint8Array()] = partsOf(files, path);
	const end = start.indexOf(0x0a);
	const header = new TextDecoder().decode(start.subarray(0, end < 0 ? undefined : end));
	const columns = new Set(header.trim().split(','));
	if (columns.has('kwh')) return 'long';
	if (columns.has('date')) return 'days';
	return columns.has('interval_start') ? 'wide' : null;
}

/** The rule set that a snapshot was taken from, if it still stands as it was. */
function rulesSource(files: Files, period: Period, sha256: string): string | null {
	const paths = [...files.keys()].filter((path) => {
		const parsed = parseDataPath(path);
		return parsed?.kind === 'rules' && parsed.period <= period;
	});
	const path = paths.toSorted().at(-1);
	return path !== undefined && digest(files.get(path) ?? new Uint8Array()) === sha256 ? path : null;
}

/** Where a forge shows a file as it was at a commit; null where no address is known. */
export function sourceAddress(
	{ forge, repository_url }: Pick<SiteSettings, 'forge' | 'repository_url'>,
	commit: string,
	path: string,
): string | null {
	if (repository_url === '') return null;
	const base = repository_url.replace(/(\.git)?\/*$/, '');
	switch (forge) {
		case 'github':
			return `${base}/blob/${commit}/${path}`;
		case 'gitlab':
			return `${base}/-/blob/${commit}/${path}`;
		case 'forgejo':
			return `${base}/src/commit/${commit}/${path}`;
		case 'none':
			return null;
	}
}
