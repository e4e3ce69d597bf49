import type { SubmitData } from '../browser/submit/data.ts';
import { pointsIn, readMeteringPoints } from '../core/data/metering-points.ts';
import { effectiveFiles } from '../core/data/period-files.ts';
import { readRegister } from '../core/data/register.ts';
import { readRules } from '../core/data/rules.ts';
import { readingFiles } from '../core/data/submission.ts';
import { readLog } from '../core/evidence/log.ts';
import { formatEnergy } from '../core/format/energy.ts';
import type { Period } from '../core/format/period.ts';
import { METERING_POINTS, parseDataPath, REGISTER } from '../core/paths.ts';
import { firstPeriod } from '../core/record/next-run.ts';
import type { OwnBalance } from '../node/open-period.ts';
import { board } from './periods.ts';
import { files, published, settings } from './site.ts';
import { settledPoints, toldOf, withoutReadings } from './told.ts';

/** All files of open months together; beyond it their names alone are told. */
const OPEN_LIMIT = 200_000;

/** What the page to submit readings has to know: as little as its answers need. */
export function submitData(): SubmitData {
	const register = readRegister(REGISTER, files.get(REGISTER) ?? new Uint8Array());
	const finals = published.current.map(({ period, run }) => [period, run] as const);
	const rules = bases();
	const asked = rules.some(([, { basis }]) => basis === 'interval');
	const points = asked ? files.get(METERING_POINTS) : undefined;
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
		bases: rules,
		points: points === undefined ? '' : toldOf(METERING_POINTS, points),
	};
}

/** Open months, the final ones that come right before them, and the newest of all. */
function earlierFigures(): SubmitData['earlier'] {
	const open = board.open.map(({ period, submitters }) => {
		const known = submitters.flatMap(({ entity, own }) => (own ? [[entity, own] as const] : []));
		return { period, final: false, figures: figuresOf(known) };
	});
	const before = (period: Period) => published.current.find((it) => it.period < period);
	const runs = new Set([published.current[0], ...open.map(({ period }) => before(period))]);
	const final = [...runs].flatMap((run) => {
		if (run === undefined) return [];
		const known = run.lines.flatMap(({ entity, row }) => (row ? [[entity, row] as const] : []));
		return [{ period: run.period, final: true, figures: figuresOf(known) }];
	});
	return [...open, ...final].filter(({ figures }) => Object.keys(figures).length > 0);
}

type Own = Pick<OwnBalance, 'generated_wh' | 'consumed_wh' | 'self_consumed_wh'>;

function figuresOf(known: readonly (readonly [string, Own])[]) {
	const figures = known.map(([entity, it]) => {
		const smaller = it.generated_wh < it.consumed_wh ? it.generated_wh : it.consumed_wh;
		const own = it.self_consumed_wh === smaller ? [] : [it.self_consumed_wh];
		return [entity, [it.generated_wh, it.consumed_wh, ...own].map(formatEnergy)] as const;
	});
	return Object.fromEntries(figures);
}

function openFiles(): SubmitData['open'] {
	const register = files.get(METERING_POINTS) ?? new Uint8Array();
	const { points } = readMeteringPoints(METERING_POINTS, register, null);
	const texts = board.open.flatMap(({ period, basis }) => {
		const effective = effectiveFiles(files, period, 1);
		const readings = basis?.kind === 'interval' ? readingFiles(effective) : [];
		const texts = readings.map((path) => files.get(path) ?? new Uint8Array());
		const settled = settledPoints(texts, pointsIn(points, period));
		return [...effective.values()].map((path) => {
			const bytes = files.get(path) ?? new Uint8Array();
			const told = readings.includes(path) ? withoutReadings(bytes, settled) : toldOf(path, bytes);
			return [path, told] as const;
		});
	});
	const size = texts.reduce((sum, [, text]) => sum + text.length, 0);
	return Object.fromEntries(texts.map(([path, text]) => [path, size > OPEN_LIMIT ? '' : text]));
}

function bases(): SubmitData['bases'] {
	const found = [...files.keys()].flatMap((path) => {
		const parsed = parseDataPath(path);
		if (parsed?.kind !== 'rules') return [];
		const rules = readRules(path, files.get(path) ?? new Uint8Array());
		if (!rules.ok) return [];
		const { basis, interval_minutes, time_zone } = rules.value;
		const minutes = interval_minutes === undefined ? {} : { interval_minutes };
		return [[parsed.period, { basis, time_zone, ...minutes }] as const];
	});
	return found.toSorted(([a], [b]) => (a < b ? 1 : -1));
}

/** Whether the newest rule set takes readings of intervals. */
export function takesReadings(): boolean {
	return bases()[0]?.[1].basis === 'interval';
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
