import { webcrypto } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { encodeText } from '../../../src/core/format/bytes.ts';
import { type Hash, LIMITS, pureHash } from '../../../src/core/git/object.ts';
import { openPack, type PackRequest } from '../../../src/core/git/pack.ts';
import { HOSTILE_PACKS } from './hostile-packs.ts';
import { deltaOf, type Entry, idOf, packOf } from './pack-writer.ts';

const full = inject('full');
const later: Hash = async (_, bytes) =>
	new Uint8Array(await webcrypto.subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>));

function open(bytes: Uint8Array, more: Partial<PackRequest> = {}) {
	return openPack({ bytes, format: 'sha1', hash: pureHash, limits: LIMITS, thin: false, ...more });
}

const LIGHT = Object.entries(HOSTILE_PACKS).filter(([, { heavy }]) => !heavy);

describe.each(Object.entries({ 'at once': pureHash, later }))('hashed %s:', (_, hash) => {
	test.each(LIGHT)('%s', async (_, { bytes, fault }) => {
		const opened = await open(bytes(), { hash });
		expect(opened.ok ? null : opened.fault.code).toBe(fault);
	});
});

describe('a sound pack', () => {
	const base = encodeText('a base of some length, '.repeat(20));
	const tail = encodeText('tail');
	const result = new Uint8Array([...base, ...tail]);
	const delta = deltaOf(base.length, result.length, [{ from: 0, size: base.length }, tail]);
	const again = deltaOf(result.length, base.length, [{ from: 0, size: base.length }]);
	const entries: Entry[] = [
		{ type: 'id', base: idOf('tree', base), content: delta },
		{ type: 'tree', content: base },
		{ type: 'offset', back: 1, content: delta },
		{ type: 'commit', content: new Uint8Array() },
		{ type: 'id', base: idOf('tree', result), content: again },
	];
	const pack = packOf(entries);

	test('has every object once, under the id of its bytes; a delta may come before its base', async () => {
		const opened = await open(pack);
		if (!opened.ok) throw new Error(opened.fault.code);
		const { ids, read, used } = opened.value;
		const expected = new Map([
			[idOf('tree', base), { type: 'tree', content: base }],
			[idOf('tree', result), { type: 'tree', content: result }],
			[idOf('commit', ''), { type: 'commit', content: new Uint8Array() }],
		]);
		expect([...ids.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
		for (const [id, object] of expected) expect(read(id)).toEqual(object);
		expect(read('0'.repeat(40))).toBeUndefined();
		const streams = entries.reduce((sum, { content }) => sum + content.length, 0);
		const made = result.length * 2 + base.length;
		expect(used).toEqual({ objects: 5, total: streams + made });
	});

	test('cut off anywhere is cut off', async () => {
		for (let length = 0; length < pack.length; length++) {
			const opened = await open(pack.subarray(0, length));
			expect(opened.ok ? null : opened.fault.code, String(length)).toBe('pack-truncated');
		}
	});

	test('with a byte more or less anywhere is refused', async () => {
		for (let at = 0; at <= pack.length; at += full ? 1 : 7) {
			const more = [...pack.subarray(0, at), at % 256, ...pack.subarray(at)];
			const less = [...pack.subarray(0, at), ...pack.subarray(at + 1)];
			expect((await open(Uint8Array.from(more))).ok, `${at} more`).toBe(false);
			if (at < pack.length)
				expect((await open(Uint8Array.from(less))).ok, `${at} less`).toBe(false);
		}
	});

	test('may be thin: deltas on what is elsewhere are absent, with all that builds on them', async () => {
		const bytes = packOf([
			{ type: 'blob', content: base },
			{ type: 'id', base: idOf('blob', result), content: again },
			{ type: 'offset', back: 1, content: delta },
		]);
		expect(await open(bytes)).toMatchObject({
			fault: { code: 'delta-base-missing', detail: idOf('blob', result) },
		});
		const opened = await open(bytes, { thin: true });
		expect(opened.ok && [...opened.value.ids.keys()]).toEqual([idOf('blob', base)]);
	});

	test('tells how far its reader is, from nothing to all', async () => {
		const told: number[] = [];
		await open(pack, {
			progress: (done, total) => {
				expect(total).toBe(pack.length);
				told.push(done);
			},
		});
		expect(told.length).toBeGreaterThan(0);
		expect(told).toEqual(told.toSorted((a, b) => a - b));
		expect(told.at(-1)).toBeLessThanOrEqual(pack.length);
	});

	test.each([
		['objects', { objects: 4 }],
		['bytes of one', { object: result.length - 1 }],
		['bytes of all', { total: 1000 }],
		['depth', { depth: 1 }],
	])('beyond a limit of %s is refused', async (_, limit) => {
		const within = { objects: 5, object: result.length, total: 2000, depth: 2 };
		expect((await open(pack, { limits: within })).ok).toBe(true);
		const opened = await open(pack, { limits: { ...within, ...limit } });
		expect(opened.ok ? null : opened.fault.code).toBe('limit');
	});
});

test('contents of many large deltas are the same however often they are made again', async () => {
	const size = 300_000;
	const count = full ? 400 : 120;
	const contentOf = (index: number) => new Uint8Array(size).fill(index % 251);
	const entries: Entry[] = [{ type: 'blob', content: contentOf(0), level: 1 }];
	for (let index = 1; index < count; index++) {
		const back = index % 3 === 0 ? Math.min(index, 40) : 1;
		entries.push({
			type: 'offset',
			back,
			content: deltaOf(size, size, [contentOf(index).subarray(0, size)]),
			level: 1,
		});
	}
	const opened = await open(packOf(entries));
	if (!opened.ok) throw new Error(JSON.stringify(opened.fault));
	for (let step = 0; step < count; step++) {
		const index = (step * 89) % count;
		const content = opened.value.read(idOf('blob', contentOf(index)))?.content;
		expect(content && Buffer.compare(content, contentOf(index))).toBe(0);
	}
});
