import { expect, test } from 'vitest';
import { encodeText, type Files } from '../../../src/core/format/bytes.ts';
import { computeNextRun } from '../../../src/core/record/next-run.ts';
import type { Run } from '../../../src/core/record/run.ts';
import { presentAt } from '../../../src/node/present.ts';
import { chance } from '../../support/communities.ts';
import {
	asDays,
	asLong,
	asWide,
	INTERVAL_CONFIGURATION,
	intervalMonth,
	onlyPoints,
} from '../../support/interval-months.ts';
import { REGISTER_TEXT } from '../../support/scratch.ts';

/** October has an hour twice. */
const PERIOD = '2026-10';
const month = intervalMonth(PERIOD);

function runOf(data: Readonly<Record<string, string>>): Run {
	const texts = {
		'data/entities.csv': REGISTER_TEXT,
		...INTERVAL_CONFIGURATION,
		...Object.fromEntries(
			Object.entries(data).map(([name, text]) => [`data/${PERIOD}/${name}`, text]),
		),
	};
	const files: Files = new Map(
		Object.entries(texts).map(([path, text]) => [path, encodeText(text)] as const),
	);
	const next = computeNextRun(files, PERIOD, presentAt('2026-11-06T08:00:00Z'));
	if (next.state !== 'computed') throw new Error(JSON.stringify(next));
	return next.run;
}

/** The rows of a file in another order. */
function shuffled(text: string, seed: number): string {
	const next = chance(seed);
	const [header = '', ...rows] = text.trimEnd().split('\n');
	for (let at = rows.length - 1; at > 0; at--) {
		const other = next(at + 1);
		[rows[at], rows[other]] = [rows[other] ?? '', rows[at] ?? ''];
	}
	return `${[header, ...rows].join('\n')}\n`;
}

/** Every other row of a file, from the first or from the second on. */
function half(text: string, which: 0 | 1): string {
	const [header = '', ...rows] = text.trimEnd().split('\n');
	return `${[header, ...rows.filter((_, index) => index % 2 === which)].join('\n')}\n`;
}

const whole = runOf({ 'all.csv': asDays(month) });

const WAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'a long file': { 'all.csv': asLong(month) },
	'a wide file': { 'all.csv': asWide(month) },
	'a file for each entity, each in another form': {
		'hall.csv': asWide(onlyPoints(month, ['h1', 'h2'])),
		'library.csv': asDays(onlyPoints(month, ['l1'])),
		'office.csv': asLong(onlyPoints(month, ['o1'])),
	},
	'day rows in any order': { 'all.csv': shuffled(asDays(month), 1) },
	'rows of readings in any order': { 'all.csv': shuffled(asLong(month), 2) },
	'rows of intervals in any order': { 'all.csv': shuffled(asWide(month), 3) },
	'two files with every other row': {
		'a.csv': half(asLong(month), 1),
		'b.csv': half(asLong(month), 0),
	},
};

test.each(Object.entries(WAYS))('%s settles to the same records', (_, data) => {
	const { records, totals } = runOf(data);
	expect(records).toEqual(whole.records);
	expect(totals).toEqual(whole.totals);
});

test('starts in another offset are the same intervals', () => {
	const utc = asLong(month).replaceAll(/,(2026-[^,]+),/g, (_, start: string) => {
		return `,${new Date(start).toISOString().slice(0, 19)}Z,`;
	});
	expect(utc).toContain(',2026-09-30T22:00:00Z,');
	expect(runOf({ 'all.csv': utc }).records).toEqual(whole.records);
});
