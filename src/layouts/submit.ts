import type { SubmitData } from '../browser/submit/data.ts';
import { effectiveFiles } from '../core/data/period-files.ts';
import { readRegister } from '../core/data/register.ts';
import { readRules } from '../core/data/rules.ts';
import { readLog } from '../core/evidence/log.ts';
import { formatTable, readTable } from '../core/format/csv.ts';
import { formatEnergy } from '../core/format/energy.ts';
import type { Period } from '../core/format/period.ts';
import { parseDataPath, REGISTER } from '../core/paths.ts';
import { firstPeriod } from '../core/record/next-run.ts';
import { board } from './periods.ts';
import { files, published, settings } from './site.ts';

/** All files of open months together; beyond it their names alone are told. */
const OPEN_LIMIT = 200_000;
const TOLD = {
	required: [],
	optional: [
		'entity',
		'period',
		'generated_kwh',
		'consumed_kwh',
		'quality',
		'note',
		'code',
		'reason',
		'approved_by',
	],
};

/** What the page to submit readings has to know: as little as its answers need. */
export function submitData(): SubmitData {
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const finals = published.current.map(({ period, run }) => [period, run] as const);
	return {
		locale: settings.locale,
		forge: settings.forge,
		repository: settings.repository_url.replace(/\/$/, ''),
		branch: settings.branch,
		entities: register.entries.map((it) => [it.entity, it.name, it.valid_from, it.valid_to]),
		doubtful: [...register.doubtful],
		first: firstPeriod(readLog(files)),
		finals: Object.fromEntries(finals),
		earlier: earlierFigures(),
		open: openFiles(),
		bases: bases(),
	};
}

/** The final months that come right before open ones, and the newest of all. */
function earlierFigures(): SubmitData['earlier'] {
	const open = board.open.map(({ period }) => period);
	const before = (period: Period) => published.current.find((it) => it.period < period);
	const runs = new Set([published.current[0], ...open.map(before)]);
	return [...runs].flatMap((run) => {
		if (run === undefined) return [];
		const figures = run.lines.flatMap(({ entity, row }) =>
			row === null
				? []
				: [[entity, [formatEnergy(row.generated_wh), formatEnergy(row.consumed_wh)]] as const],
		);
		return [{ period: run.period, figures: Object.fromEntries(figures) }];
	});
}

function openFiles(): SubmitData['open'] {
	const texts = board.open.flatMap(({ period, basis }) => {
		const paths = [...effectiveFiles(files, period, 1).values()];
		// Readings of intervals are checked by the pull request alone.
		const told = (path: string) => (basis?.kind === 'interval' ? '' : toldOf(path));
		return paths.map((path) => [path, told(path)] as const);
	});
	const size = texts.reduce((sum, [, text]) => sum + text.length, 0);
	return Object.fromEntries(texts.map(([path, text]) => [path, size > OPEN_LIMIT ? '' : text]));
}

/** The rows of a file at the lines where they stand, without columns that are nobody else's. */
function toldOf(path: string): string {
	const { header, rows } = readTable(path, files.get(path) ?? new Uint8Array(), TOLD);
	const names = header.filter((name) => TOLD.optional.includes(name));
	const lines: string[] = [names.join(',')];
	for (const row of rows) {
		while (lines.length < row.line - 1) lines.push('');
		lines.push(formatTable(names.map(row.cell), []).trimEnd());
	}
	return rows.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function bases(): SubmitData['bases'] {
	const found = [...files.keys()].flatMap((path) => {
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'rules') return [];
		const rules = readRules(path, files.get(path) ?? new Uint8Array());
		return rules.ok ? [[parsed.period, rules.value.basis as string] as const] : [];
	});
	return found.toSorted(([a], [b]) => (a < b ? 1 : -1));
}

const PAGES = {
	github: { fresh: 'new', read: 'blob' },
	gitlab: { fresh: '-/new', read: '-/blob' },
	forgejo: { fresh: '_new', read: 'src/branch' },
	none: null,
} as const;

function pageOf(kind: 'fresh' | 'read'): string | null {
	const pages = PAGES[settings.forge];
	if (pages === null || settings.repository_url === '') return null;
	return `${settings.repository_url.replace(/\/$/, '')}/${pages[kind]}/${settings.branch}`;
}

/** Where the forge takes a new file; null without one. */
export function newFilePage(): string | null {
	return pageOf('fresh');
}

/** The guide to corrections, as the forge shows it. */
export function correctionGuide(): string | null {
	const page = pageOf('read');
	return page === null ? null : `${page}/docs/correct.md`;
}
