import { expect } from 'vitest';
import { encodeText } from '../../src/core/format/bytes.ts';
import {
	type ReadingsRequest,
	readBySpecification,
	readReadings,
} from '../../src/core/readings/read.ts';
import { placeOf } from '../../src/node/print.ts';
import { problemText } from '../../src/texts/en.ts';
import { fileOf, inParts, LONG_HEADER, longRows, pointOf, requestOf, timeOf } from './readings.ts';

/** March 2026 in Berlin by the hour: 743 intervals, 23 on the 29th. */
export const time = timeOf('2026-03', 'Europe/Berlin', 60);
const points = [
	pointOf('A1', 'hall', 'consumption', 2),
	pointOf('A2', 'hall', 'generation', 3),
	pointOf('B1', 'lab', 'consumption', 4),
];
const values = points.map(() => new Array<number>(time.intervals).fill(1500));
export const month = { time, points, values };
export const good = fileOf(LONG_HEADER, longRows(month));
const decoder = new TextDecoder();

type Others = Partial<ReadingsRequest>;

/** What is said of files of the month by both readers: places, codes and how each sentence begins. */
export function said(files: Readonly<Record<string, Uint8Array | string>>, others: Others = {}) {
	const bytes = Object.entries(files).map(([name, it]) => {
		return [name, typeof it === 'string' ? encodeText(it) : it] as const;
	});
	const request = requestOf(month, Object.fromEntries(bytes), others);
	const { problems } = readBySpecification(request);
	for (const size of [1, 7, 300, 1e6]) {
		expect(readReadings(request, inParts(request.files, size)).problems).toEqual(problems);
	}
	return problems.map((it) => `${placeOf(it)} ${it.code} ${problemText(it)}`.slice(0, 96));
}

/** The first words of each: place and code. */
export const places = (...from: Parameters<typeof said>) =>
	said(...from).map((line) => line.split(' ', 2).join(' '));

/** The good long file with one text in place of another, wherever it stands first. */
export const changed = (old: string, now: string) => {
	const text = decoder.decode(good);
	if (!text.includes(old)) throw new Error(`no ${old}`);
	return text.replace(old, now);
};
