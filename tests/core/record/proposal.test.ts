import { expect, test } from 'vitest';
import { draftRun } from '../../../src/core/evidence/draft.ts';
import { encodeText, type Files, sameBytes } from '../../../src/core/format/bytes.ts';
import { computeNextRun } from '../../../src/core/record/next-run.ts';
import { judge } from '../../../src/core/record/proposal.ts';
import { readTree } from '../../../src/node/files.ts';
import { presentAt } from '../../../src/node/present.ts';

const NOW = '2026-07-15T00:00:00Z';
const HEADER = 'entity,period,generated_kwh,consumed_kwh';
const base = readTree('tests/problems/base').files;
const RULES = 'data/rules/2026-01.json';

type Edit = Readonly<Record<string, string | null>>;

function edited(files: Files, edit: Edit): Files {
	const made = new Map(files);
	for (const [path, text] of Object.entries(edit)) {
		if (text === null) made.delete(path);
		else made.set(path, encodeText(text));
	}
	return made;
}

/** The log with the next run of May 2026 in it, but for its signature. */
function final(files: Files): Files {
	const next = computeNextRun(files, '2026-05', presentAt(NOW));
	if (next.state !== 'computed') throw new Error(next.state);
	const occasion = { commit: '0'.repeat(40), instant: NOW, version: '0.0.0' };
	const drafted = draftRun(files, next.run, occasion);
	if (!drafted.ok) throw new Error(drafted.obstacle.code);
	return new Map([...files, ...drafted.draft.files]);
}

function judged(before: Files, edit: Edit, now = NOW) {
	const merged = edited(before, edit);
	const changes = [...new Set([...before.keys(), ...merged.keys()])].toSorted().flatMap((path) => {
		const [old, made] = [before.get(path), merged.get(path)];
		if (old !== undefined && made !== undefined && sameBytes(old, made)) return [];
		const kind = old === undefined ? 'added' : made === undefined ? 'removed' : 'changed';
		return [{ path, kind, plain: true } as const];
	});
	const all = Object.keys(edit).filter((path) => !/^(data|settlements|trust)\//.test(path));
	const others = all.map((path) => ({ path, kind: 'added', plain: true }) as const);
	const guarded = changes.filter(({ path }) => !all.includes(path));
	return judge({ base: before, merged, changes: [...guarded, ...others] }, presentAt(now));
}

/** `path code`, each problem of a pull request. */
function said(before: Files, edit: Edit, now = NOW): readonly string[] {
	return judged(before, edit, now).problems.map(({ code, location }) => `${location.path} ${code}`);
}

const row = (entity: string, period: string, generated = '0', consumed = '5') =>
	`${HEADER}\n${entity},${period},${generated},${consumed}\n`;
const june = { 'data/2026-06/library.csv': row('library', '2026-06') };
const reason = (code: string) =>
	JSON.stringify({ reason_code: code, reason: 'Read again', requested_by: 'A', evidence: '' });

test('the first file of a month is accepted, although the others are silent', () => {
	const { about, subject, problems } = judged(base, june);
	expect(problems).toEqual([]);
	expect({ about, subject }).toEqual({
		about: 'submission',
		subject: { period: '2026-06', run: 1 },
	});
});

test('whoever makes an entity silent that had spoken is told', () => {
	const without = { 'data/2026-05/south.csv': null };
	expect(said(base, without)).toEqual(['data/2026-05 entity-silent']);
	const lost = { 'data/2026-05/north.csv': row('hall', '2026-05') };
	expect(said(base, lost)).toEqual(['data/2026-05 entity-silent']);
});

test('faults of others count for nothing and are counted', () => {
	const faulty = edited(base, { 'data/2026-06/hall.csv': row('hall', '2026-06', '1,5') });
	const { problems, before } = judged(faulty, june);
	expect(problems).toEqual([]);
	expect(before).toBe(1);
	const twice = edited(base, { 'data/2026-06/estates.csv': row('library', '2026-06') });
	expect(said(twice, june)).toEqual(['data/2026-06/library.csv entity-duplicate']);
});

test('a problem in an untouched file counts where the pull request makes it one', () => {
	const register = new TextDecoder().decode(base.get('data/entities.csv'));
	const without = register.replace(/^office,.*\n/m, '');
	expect(said(base, { 'data/entities.csv': without })).toEqual([
		'data/2026-05/south.csv entity-unknown',
	]);
});

test('a warning that has to be waived concerns whoever sends the figures, at once', () => {
	const rules = new TextDecoder().decode(base.get(RULES));
	const strict = rules.replace(
		'"allocation"',
		'"plausibility": { "waiver_required": ["estimates"] }, "allocation"',
	);
	const before = edited(base, { [RULES]: strict });
	const estimate = `${HEADER},quality,note\nlibrary,2026-06,0,5,E,guess\n`;
	const sent = { 'data/2026-06/library.csv': estimate };
	expect(said(before, sent)).toEqual(['data/2026-06/library.csv warning-unwaived']);
	const waived = `code,entity,reason,approved_by\nestimates,library,seen,A\n`;
	expect(said(before, { ...sent, 'data/2026-06/waivers.csv': waived })).toEqual([]);
	const others = `${HEADER}\nhall,2026-06,9,1\noffice,2026-06,0,3\n`;
	const merged = edited(before, sent);
	expect(said(merged, { 'data/2026-06/others.csv': others })).toEqual([]);
	expect(judged(merged, { 'data/2026-06/others.csv': others }).before).toBe(1);
	const accepted = edited(merged, { 'data/2026-06/waivers.csv': waived });
	expect(said(accepted, { 'data/2026-06/waivers.csv': null })).toEqual([
		'data/2026-06/library.csv warning-unwaived',
	]);
});

test('absences and waivers go with a file, and a file may be renamed', () => {
	const absent = 'entity,reason,approved_by\noffice,closed,A\n';
	expect(said(base, { ...june, 'data/2026-06/absent.csv': absent })).toEqual([]);
	const before = edited(base, june);
	const renamed = {
		'data/2026-06/library.csv': null,
		'data/2026-06/books.csv': row('library', '2026-06'),
	};
	expect(said(before, renamed)).toEqual([]);
});

test('a correction is accepted as the command prepares it, of several files too', () => {
	const log = final(base);
	const folder = 'data/2026-05/r2';
	const correction = { [`${folder}/correction.json`]: reason('meter-reading') };
	const south = { [`${folder}/south.csv`]: row('office', '2026-05', '5', '41') };
	const north = {
		[`${folder}/north.csv`]: `${HEADER}\nhall,2026-05,120.5,20\nlibrary,2026-05,0,70\n`,
	};
	expect(said(log, { ...correction, ...south, ...north })).toEqual([]);
	expect(judged(log, { ...correction, ...south }).subject).toEqual({ period: '2026-05', run: 2 });
	expect(said(log, south)).toEqual([`${folder}/correction.json correction-missing`]);
	const early = { 'data/2026-05/r3/correction.json': reason('other') };
	expect(said(log, { ...correction, ...south, ...early })).toEqual([
		'data/2026-05/r3/correction.json correction-early',
	]);
});

test('only a correction of the configuration changes it together with data', () => {
	const log = final(base);
	const register = new TextDecoder().decode(base.get('data/entities.csv'));
	const renamed = { 'data/entities.csv': register.replace('Office,', 'Main Office,') };
	const correction = (code: string) => ({ 'data/2026-05/r2/correction.json': reason(code) });
	expect(said(log, { ...renamed, ...correction('configuration') })).toEqual([]);
	expect(said(log, { ...renamed, ...correction('other') })).toEqual([
		'data/entities.csv proposal-configuration',
	]);
	expect(judged(log, renamed)).toMatchObject({ about: 'configuration', problems: [] });
});

test('nothing final can be changed, whatever the pull request does to the log besides', () => {
	const log = final(base);
	const edit = { 'data/2026-05/south.csv': row('office', '2026-05', '5', '41') };
	expect(said(log, edit)).toEqual(['data/2026-05/south.csv final-changed']);
	expect(said(log, { 'data/2026-05/south.csv': null })).toEqual([
		'data/2026-05/south.csv final-removed',
	]);
	expect(said(log, { 'data/2026-05/west.csv': row('hall', '2026-05') })).toEqual([
		'data/2026-05/west.csv final-added',
	]);
	const runs = [...log.keys()].filter((path) => path.startsWith('settlements/'));
	const gone = Object.fromEntries(runs.map((path) => [path, null]));
	const lines = said(log, { ...edit, ...gone });
	expect(lines).toContain('data/2026-05/south.csv final-changed');
	expect(lines.filter((line) => line.endsWith(' proposal-record')).length).toBe(runs.length);
	const list = { 'settlements/2026-05/r1/SHA256SUMS': '' };
	expect(said(log, { ...edit, ...list })).toContain('data/2026-05/south.csv final-changed');
});

test('code alone is none of its business, and with data it is refused', () => {
	expect(judged(base, { 'src/a.ts': '' })).toMatchObject({ about: 'code', problems: [] });
	expect(judged(base, {})).toMatchObject({ about: 'nothing', problems: [] });
	expect(said(base, { ...june, 'src/a.ts': '', '.github/workflows/x.yml': '' })).toEqual([
		'.github/workflows/x.yml proposal-code',
		'src/a.ts proposal-code',
	]);
});

test('a month that has not ended is refused', () => {
	expect(said(base, june, '2026-06-15T00:00:00Z')).toEqual(['data/2026-06 period-future']);
});
