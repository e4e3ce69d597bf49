import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { decodeText, encodeText } from '../../src/core/format/bytes.ts';
import { withFiles } from '../../src/core/format/sourced-files.ts';
import { sumUnits } from '../../src/core/settlement/apportion.ts';
import { readTree } from '../../src/node/files.ts';
import { netByMonth, readIntervalMonth } from '../../src/node/interval-month.ts';
import { type PublishedRun, readPublished } from '../../src/node/published.ts';

const { files } = readTree(resolve('.'));
const { runs } = readPublished(files);
const hourly = runs.filter(({ manifest }) => manifest.basis.kind === 'interval');
const newest = (): PublishedRun =>
	hourly.at(-1) ?? (Promise.reject(new Error('no readings')) as never);

test('the intervals of a run come to its signed totals', () => {
	expect(hourly.length).toBeGreaterThan(0);
	for (const run of hourly) {
		const month = readIntervalMonth(files, run);
		for (const it of ['consumed_wh', 'generated_wh', 'shared_wh'] as const) {
			const values = month?.profile.days.flatMap((day) => day[it]) ?? [];
			const { basis } = run.manifest;
			expect(values.length).toBe(basis.kind === 'interval' && basis.intervals);
			expect(sumUnits(values), `${run.id} ${it}`).toBe(run.totals[it]);
		}
	}
});

test('a month that is netted as a whole has none', () => {
	for (const run of runs.filter((it) => !hourly.includes(it))) {
		expect(readIntervalMonth(files, run), run.id).toBeNull();
		const { self_consumed_wh, shared_wh, imported_wh, exported_wh } = run.totals;
		expect(netByMonth(run), run.id).toMatchObject({
			self_consumed: self_consumed_wh,
			shared: shared_wh,
			imported: imported_wh,
			exported: exported_wh,
		});
	}
});

test('netted by the month, no less is used at home than by the hour', () => {
	for (const run of hourly) {
		const month = netByMonth(run);
		const { totals } = run;
		expect(month.self_consumed).toBeGreaterThanOrEqual(totals.self_consumed_wh);
		const [whole, hours] = [month.self_consumed + month.shared, totals.self_consumed_wh];
		expect(whole).toBeGreaterThanOrEqual(hours + totals.shared_wh);
		expect(month.imported - month.exported).toBe(totals.imported_wh - totals.exported_wh);
	}
});

test('readings that were altered since, or that cannot be read, are not shown', () => {
	const run = newest();
	const path = `data/${run.period}/sports.csv`;
	const text = decodeText(files.get(path) ?? new Uint8Array()) ?? '';
	for (const altered of [text.replace(/,[0-9]\./, ',7.'), text.replace(/,[0-9]\./, ',x.')]) {
		expect(altered).not.toBe(text);
		const forged = withFiles(files, new Map([[path, encodeText(altered)]]));
		expect(readIntervalMonth(forged, run)).toBeNull();
	}
});

test('a signed total that the readings do not come to is not explained', () => {
	const run = newest();
	const totals = { ...run.totals, shared_wh: run.totals.shared_wh - 1n };
	expect(readIntervalMonth(files, { ...run, totals })).toBeNull();
});
