import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { chance } from '../../support/communities.ts';
import { runMeasured } from '../../support/measured.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { HOSTILE_PACKS } from './hostile-packs.ts';
import { type Entry, packOf } from './pack-writer.ts';

/** What docs/spec/git.md says that reading takes at most, beside the evidence itself; in MiB. */
const MOST_MIB = 512;
const ORDINARY_MIB = 256;
const HEAP_MIB = 192;
const full = inject('full');

/** Packs read as a whole by a program of their own, whose script may hold little of it. */
function read(bytes: Uint8Array) {
	const path = join(scratchFolder(), 'pack');
	writeFileSync(path, bytes);
	const run = runMeasured([`--max-old-space-size=${HEAP_MIB}`, 'tests/core/git/read-all.ts', path]);
	expect(run.status, run.err).toBe(0);
	return { ...JSON.parse(run.out), peak_mib: run.peak_mib };
}

describe('within the stated memory:', () => {
	const heavy = Object.entries(HOSTILE_PACKS).filter(([, it]) => it.heavy);
	const rows = full ? heavy : heavy.slice(0, 1);
	test.each(rows)('%s', (name, { bytes, fault }) => {
		const pack = bytes();
		const { peak_mib, ...outcome } = read(pack);
		console.info(`memory: ${name}: ${Math.round(peak_mib)} MiB`);
		expect(outcome).toMatchObject({ fault });
		expect(peak_mib).toBeLessThan(MOST_MIB + pack.length / 2 ** 20);
	});
});

if (full) {
	test('a pack of ordinary objects takes what is kept of it, and little more', () => {
		const next = chance(1);
		const table = (size: number) => {
			let text = '';
			while (text.length < size) text += `meter-${next(500)},2026-05,${next(100_000) / 1000},0\n`;
			return encodeText(text);
		};
		const entries: Entry[] = [];
		for (let index = 0; index < 600; index++)
			entries.push({ type: 'blob', content: table(100_000) });
		for (let index = 0; index < 30_000; index++) {
			entries.push({ type: 'tree', content: table(4000), level: 1 });
		}
		const pack = packOf(entries);
		const { peak_mib, fault } = read(pack);
		const program = read(packOf([])).peak_mib;
		const size = pack.length / 2 ** 20;
		console.info(`memory: ${Math.round(size)} MiB of pack: ${Math.round(peak_mib - program)} MiB`);
		expect(fault).toBeNull();
		expect(peak_mib - program).toBeLessThan(size + ORDINARY_MIB);
	});
}
