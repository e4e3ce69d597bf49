import { decodeText, digest, type Files } from '../core/format/bytes.ts';
import type { Period } from '../core/format/period.ts';
import { ABSENT, CORRECTION, parseDataPath, REGISTER, runFolder, WAIVERS } from '../core/paths.ts';
import type { PublishedRun } from './published.ts';
import type { SiteSettings } from './site-settings.ts';

export type InputKind = 'submission' | 'absences' | 'waivers' | 'correction' | 'register' | 'rules';

/** A file that a run was computed from. */
export interface Input {
	readonly path: string;
	readonly kind: InputKind;
	readonly sha256: string;
	/** Lines below the header; null where it is no table. */
	readonly rows: number | null;
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
		const about = { path, sha256, rows: rowsOf(files, path), run: run.run, replacedBy: null };
		if (path === `${folder}/entities.csv`) {
			return [{ ...about, kind: 'register', source: REGISTER }];
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
		return [{ ...about, kind: kindOf(name), run: parsed.run, replacedBy, source: path }];
	});
	const isData = ({ kind }: Input) => kind !== 'register' && kind !== 'rules';
	return [...inputs.filter(isData), ...inputs.filter((it) => !isData(it))];
}

function kindOf(name: string): InputKind {
	if (name === ABSENT) return 'absences';
	if (name === WAIVERS) return 'waivers';
	return name === CORRECTION ? 'correction' : 'submission';
}

function rowsOf(files: Files, path: string): number | null {
	const bytes = files.get(path);
	const text = bytes === undefined || !path.endsWith('.csv') ? null : decodeText(bytes);
	if (text === null) return null;
	return Math.max(0, text.split('\n').filter((line) => line.trim() !== '').length - 1);
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
