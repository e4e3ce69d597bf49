import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { submittedPeriods, submittedRuns } from '../src/core/data/period-files.ts';
import { decodeText, type Files } from '../src/core/format/bytes.ts';
import { computeRun, readPosted } from '../src/core/record/run.ts';
import { presentAt } from '../src/node/present.ts';

const CASES = resolve('tests/cases');

function readFolder(dir: string): Files {
	const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	return new Map(
		paths.map((path) => [
			relative(dir, path).replaceAll('\\', '/'),
			new Uint8Array(readFileSync(path)),
		]),
	);
}

/** Every record of every run of a case, by `<period>/r<run>/<name>`. */
function settleCase(files: Files): Record<string, string | null> {
	const records: Record<string, string | null> = {};
	for (const period of submittedPeriods(files)) {
		let superseded: ReturnType<typeof readPosted> = null;
		for (const run of submittedRuns(files, period)) {
			const result = computeRun({
				files,
				period,
				run,
				register: files.get('data/entities.csv') ?? new Uint8Array(),
				rules: {
					path: 'data/rules/2026-01.json',
					bytes: files.get('data/rules/2026-01.json') ?? new Uint8Array(),
				},
				points: files.get('data/metering-points.csv'),
				history: new Map(),
				superseded,
				...presentAt('2026-12-31T00:00:00Z'),
			});
			if (!result.ok) throw new Error(JSON.stringify(result.problems));
			for (const [name, bytes] of result.value.records) {
				// Snapshots are copies of what lies beside them.
				if (/^(entities\.csv|metering-points\.csv|rules\.json)$/.test(name)) continue;
				records[`${period}/r${run}/${name}`] = decodeText(bytes);
			}
			const { records: written } = result.value;
			superseded = readPosted(written.get('statement.csv'), written.get('rules.json'));
		}
	}
	return records;
}

test.each(readdirSync(CASES))('%s settles to exactly the bytes beside it', (name) => {
	const dir = join(CASES, name);
	const expected = existsSync(join(dir, 'expected'))
		? readFolder(join(dir, 'expected'))
		: new Map();
	const texts = [...expected].map(([path, bytes]) => [path, decodeText(bytes)] as const);
	expect(settleCase(readFolder(dir))).toEqual(Object.fromEntries(texts));
});
