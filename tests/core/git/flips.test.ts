import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { sameBytes } from '../../../src/core/format/bytes.ts';
import type { ObjectFormat } from '../../../src/core/git/object.ts';
import { type GitEvidence, openBundle, openFolder } from '../../../src/core/git/repository.ts';
import { chance } from '../../support/communities.ts';
import { git, objectsOf, reachable } from './native.ts';
import { idOf, withTrailer } from './pack-writer.ts';
import { makeRepository } from './random-repository.ts';

/** Bundles, packs and loose objects changed at random: refused, absent or the same, and never else. */
const full = inject('full');
const seed = Number(process.env['WATTPROOF_SEED'] ?? Date.now() % 2 ** 31);
const next = chance(seed);
const TRIALS = full ? 4000 : 40;
const folder = mkdtempSync(join(tmpdir(), 'wattproof-test-'));
const counts = { refused: 0, opened: 0, absent: 0 };
afterAll(() => {
	rmSync(folder, { recursive: true });
	const { maxRSS } = process.resourceUsage();
	const peak = `peak ${Math.round(maxRSS / 1024)} MiB of the whole process`;
	console.info(`flips: WATTPROOF_SEED=${seed}, ${JSON.stringify(counts)}, ${peak}`);
});

interface Sample {
	readonly bytes: Uint8Array;
	readonly format: ObjectFormat;
	readonly ids: readonly string[];
	/** Where the pack begins. */
	readonly pack: number;
}
const samples: Record<string, Sample> = {};

beforeAll(() => {
	for (const format of ['sha1', 'sha256'] as const) {
		const dir = join(folder, format);
		makeRepository(dir, { seed: seed + 1, commits: 12, format, largest: 1000 });
		const ids = reachable(dir, ['main']);
		for (const offsets of [true, false]) {
			const name = `${format}, bases by ${offsets ? 'distance' : 'id'}`;
			git(dir, ['-c', `repack.useDeltaBaseOffset=${offsets}`, 'repack', '-adfq']);
			git(dir, [
				'-c',
				`repack.useDeltaBaseOffset=${offsets}`,
				'bundle',
				'create',
				'-q',
				'b',
				'main',
			]);
			const bytes = new Uint8Array(readFileSync(join(dir, 'b')));
			samples[name] = { bytes, format, ids, pack: Buffer.from(bytes).indexOf('\n\nPACK') + 2 };
		}
	}
});

type Change = (bytes: Uint8Array, at: number) => Uint8Array;
const CHANGES: Readonly<Record<string, Change>> = {
	'a bit flipped': (bytes, at) => {
		const changed = bytes.slice();
		changed[at] = (changed[at] ?? 0) ^ (1 << next(8));
		return changed;
	},
	'bytes replaced': (bytes, at) => {
		const changed = bytes.slice();
		for (let count = 1 + next(8); count > 0; count--) changed[at + count - 1] = next(256);
		return changed;
	},
	'bytes removed': (bytes, at) =>
		Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(40))]),
	'a byte inserted': (bytes, at) =>
		Buffer.concat([bytes.subarray(0, at), Uint8Array.of(next(256)), bytes.subarray(at)]),
	'a part from elsewhere': (bytes, at) => {
		const changed = bytes.slice();
		const from = next(bytes.length);
		changed.set(bytes.subarray(from, Math.min(from + 1 + next(60), bytes.length - at + from)), at);
		return changed;
	},
};

/** What is read under an id is what the id names. */
async function expectHonest(evidence: GitEvidence, ids: readonly string[], label: string) {
	for (const id of ids) {
		const read = await evidence.read(id);
		if (read.state === 'here') {
			const { type, content } = read.object;
			expect(idOf(type, content, evidence.format), label).toBe(id);
		} else counts.absent++;
	}
}

describe.each(Object.keys(CHANGES))('%s', (kind) => {
	test.each([
		['checksum left', false],
		['checksum renewed', true],
	])('%s', async (_, renewed) => {
		const all = Object.entries(samples);
		for (let trial = 0; trial < TRIALS; trial++) {
			const [name, { bytes, format, ids, pack }] = all[trial % all.length] ?? fail();
			// Half of them in header and first objects, where most is said of the rest.
			const at = next(trial % 2 === 0 ? bytes.length : Math.min(bytes.length, 1000));
			const label = `WATTPROOF_SEED=${seed}, ${name}, trial ${trial}, byte ${at}`;
			const changed = CHANGES[kind]?.(bytes, at) ?? bytes;
			if (sameBytes(changed, bytes)) continue;
			const trailer = format === 'sha1' ? 20 : 32;
			const body = changed.subarray(Math.min(pack, changed.length), changed.length - trailer);
			const whole = renewed
				? Buffer.concat([changed.subarray(0, pack), withTrailer(body, format)])
				: changed;
			const opened = await openBundle(new Uint8Array(whole));
			if (!opened.ok) {
				expect(opened.fault.detail, label).toBeTypeOf('string');
				counts.refused++;
				continue;
			}
			counts.opened++;
			await expectHonest(opened.value, opened.value.format === format ? ids : [], label);
			// Who leaves the checksum can only have changed the header before the pack.
			if (!renewed) expect(at, label).toBeLessThan(pack + 8);
		}
	});
});

test('loose objects', async () => {
	const dir = join(folder, 'loose');
	makeRepository(dir, { seed: seed + 2, commits: 8, largest: 5000 });
	const ids = [...objectsOf(dir).keys()];
	for (let trial = 0; trial < TRIALS; trial++) {
		const id = ids[trial % ids.length] ?? '';
		const path = `objects/${id.slice(0, 2)}/${id.slice(2)}`;
		const bytes = new Uint8Array(readFileSync(join(dir, '.git', path)));
		const kind = Object.keys(CHANGES)[next(5)] ?? '';
		const changed = CHANGES[kind]?.(bytes, next(bytes.length)) ?? bytes;
		const read = async (asked: string) => (asked === path ? changed : Buffer.from(id));
		const opened = await openFolder({ paths: ['HEAD', path], read });
		if (!opened.ok) throw new Error(opened.fault.code);
		const label = `WATTPROOF_SEED=${seed}, ${kind}, trial ${trial}, ${id}`;
		await expectHonest(opened.value, [id], label);
	}
});

function fail(): never {
	throw new Error('no samples');
}
