import { deflateSync } from 'node:zlib';
import { encodeText } from '../../../src/core/format/bytes.ts';
import type { GitFaultCode } from '../../../src/core/git/object.ts';
import {
	base,
	blob,
	branches,
	chain,
	doubling,
	insert,
	MIB,
	manyIds,
	offset,
	onId,
	same,
	zeros,
} from './hostile-chains.ts';
import { deltaOf, type Entry, idOf, packOf } from './pack-writer.ts';

/** Packs that somebody has made to harm their reader, by name: their bytes and what is said of them. */

export interface HostilePack {
	readonly bytes: () => Uint8Array;
	/** Null where the pack is read, at whatever cost, and nothing in it is wrong. */
	readonly fault: GitFaultCode | null;
	/** Takes a second or more. */
	readonly heavy?: true;
}

const x = encodeText('x');
const y = encodeText('y');

const pack = (...entries: Entry[]) => ({ bytes: () => packOf(entries) });
export const HOSTILE_PACKS: Readonly<Record<string, HostilePack>> = {
	'a delta on its own result': {
		...pack(onId(idOf('blob', x), insert(x))),
		fault: 'delta-base-missing',
	},
	'a delta on itself by distance 0': {
		...pack(blob, { ...offset(insert(x)), distance: 0 }),
		fault: 'delta-base-missing',
	},
	'two deltas on each other': {
		...pack(onId(idOf('blob', x), insert(y, x)), onId(idOf('blob', y), insert(x, y))),
		fault: 'delta-base-missing',
	},
	'three deltas in a circle, one by distance': {
		...pack(onId(idOf('blob', y), insert(x, y)), offset(insert(y, x)), blob),
		fault: 'delta-base-missing',
	},
	'a distance before the pack': {
		...pack(blob, { ...offset(insert(x)), distance: 10_000 }),
		fault: 'delta-base-missing',
	},
	'a distance into the header': {
		...pack(blob, { ...offset(insert(x)), distance: 30 }),
		fault: 'delta-base-missing',
	},
	'a distance into the middle of an entry': {
		...pack(blob, { ...offset(insert(x)), distance: 5 }),
		fault: 'delta-base-missing',
	},
	'a distance without end': {
		bytes: () =>
			packOf([{ type: 6, distance: 0, content: x, stream: new Uint8Array(64).fill(255) }]),
		fault: 'delta-base-missing',
	},
	'a base that is not there': {
		...pack(blob, onId('12'.repeat(20), insert(x))),
		fault: 'delta-base-missing',
	},
	'a delta of another base size': {
		...pack(blob, offset(deltaOf(base.length + 1, 1, [x]))),
		fault: 'delta-malformed',
	},
	'a delta that gives less': {
		...pack(blob, offset(deltaOf(12, 2, [x]))),
		fault: 'delta-malformed',
	},
	'a delta that gives more': {
		...pack(blob, offset(deltaOf(12, 0, [x]))),
		fault: 'delta-malformed',
	},
	'a copy from beyond the base': {
		...pack(blob, offset(deltaOf(12, 10, [{ from: 8, size: 10 }]))),
		fault: 'delta-malformed',
	},
	'a copy from far beyond the base': {
		...pack(blob, offset(deltaOf(12, 10, [{ from: 2 ** 32 - 1, size: 10 }]))),
		fault: 'delta-malformed',
	},
	'a copy of 65,536 bytes that is said to be of none': {
		...pack(blob, offset(deltaOf(12, 10, [{ from: 0, size: 0 }]))),
		fault: 'delta-malformed',
	},
	'an insertion that the delta does not hold': {
		...pack(blob, offset(Uint8Array.of(12, 3, 3, 65))),
		fault: 'delta-malformed',
	},
	'a copy whose numbers the delta does not hold': {
		...pack(blob, offset(Uint8Array.of(12, 12, 0xff, 0))),
		fault: 'delta-malformed',
	},
	'the reserved instruction': {
		...pack(blob, offset(Uint8Array.of(12, 0, 0))),
		fault: 'delta-malformed',
	},
	'a delta of nothing': { ...pack(blob, offset(new Uint8Array())), fault: 'delta-malformed' },
	'a delta whose sizes do not end': {
		...pack(blob, offset(new Uint8Array(40).fill(255))),
		fault: 'delta-malformed',
	},
	'a delta that doubles, 25 times': {
		bytes: () =>
			packOf([
				zeros(1024),
				...Array.from({ length: 25 }, (_, index) => offset(doubling(1024 * 2 ** index))),
			]),
		fault: 'limit',
		heavy: true,
	},
	'many deltas of 60 MiB on one': {
		bytes: () =>
			packOf([
				zeros(60 * MIB),
				...Array.from({ length: 30 }, (_, index) => offset(same(60 * MIB), index + 1)),
			]),
		fault: 'limit',
		heavy: true,
	},
	'a chain of 60 MiB each': {
		bytes: () => packOf(chain(30, 60 * MIB)),
		fault: 'limit',
		heavy: true,
	},
	'a chain of 60 MiB each, within all limits': {
		bytes: () => packOf(chain(14, 60 * MIB)),
		fault: null,
		heavy: true,
	},
	'10 branches whose bases have to be made again': {
		bytes: () => packOf(branches(10)),
		fault: null,
		heavy: true,
	},
	'24 branches whose bases have to be made again': {
		bytes: () => packOf(branches(24)),
		fault: 'limit',
		heavy: true,
	},
	'101 deltas on each other': { bytes: () => packOf(chain(101, 100)), fault: 'limit' },
	'100 deltas on each other': { bytes: () => packOf(chain(100, 100)), fault: null },
	'a stream far longer than declared': {
		...pack({ ...zeros(30 * MIB), size: 10 }),
		fault: 'pack-malformed',
	},
	'a stream a byte longer than declared': {
		...pack({ ...blob, size: 11 }),
		fault: 'pack-malformed',
	},
	'a stream a byte shorter than declared': {
		...pack({ ...blob, size: 13 }),
		fault: 'pack-malformed',
	},
	'64 MiB declared, nothing there': {
		...pack({ ...blob, size: 64 * MIB }),
		fault: 'pack-truncated',
	},
	'64 MiB declared, little there': {
		bytes: () => packOf([{ ...blob, size: 64 * MIB }], { rest: new Uint8Array(70_000) }),
		fault: 'pack-malformed',
	},
	'more than 64 MiB declared': { ...pack({ ...blob, size: 64 * MIB + 1 }), fault: 'limit' },
	'a size of 2 to the 50': { ...pack({ ...blob, size: 2 ** 50 }), fault: 'limit' },
	'a size without end': {
		bytes: () => packOf([{ ...blob, type: 3 + 8, stream: new Uint8Array(60).fill(255) }]),
		fault: 'pack-malformed',
	},
	'64 MiB, 17 times': {
		bytes: () => packOf(Array.from({ length: 17 }, () => zeros(64 * MIB))),
		fault: 'limit',
		heavy: true,
	},
	'64 MiB, 15 times': {
		bytes: () => packOf(Array.from({ length: 15 }, () => zeros(64 * MIB))),
		fault: null,
		heavy: true,
	},
	'trees of 64 MiB, 15 times': {
		bytes: () =>
			packOf(Array.from({ length: 15 }, () => ({ ...zeros(64 * MIB), type: 'tree' as const }))),
		fault: null,
		heavy: true,
	},
	'200,001 objects declared': {
		bytes: () => packOf([blob], { count: 200_001 }),
		fault: 'limit',
	},
	'4,294,967,295 objects declared': {
		bytes: () => packOf([blob], { count: 2 ** 32 - 1 }),
		fault: 'limit',
	},
	'200,000 objects declared, one there': {
		bytes: () => packOf([blob], { count: 200_000 }),
		fault: 'pack-truncated',
	},
	'200,000 empty blobs': {
		bytes: () => packOf(Array.from({ length: 200_000 }, () => EMPTY)),
		fault: null,
		heavy: true,
	},
	'200,000 deltas on each other by id': { bytes: () => manyIds(200_000), fault: null, heavy: true },
	'200,000 deltas on bases that are not there': {
		bytes: () =>
			packOf(
				Array.from({ length: 200_000 }, (_, index) => ({
					...onId(index.toString(16).padStart(40, '0'), x),
					stream: EMPTY_STREAM,
					size: 0,
				})),
			),
		fault: 'delta-base-missing',
		heavy: true,
	},
	'fewer objects declared than there are': {
		bytes: () => packOf([blob, blob], { count: 1 }),
		fault: 'pack-trailing',
	},
	'no objects declared, and one there': {
		bytes: () => packOf([blob], { count: 0 }),
		fault: 'pack-trailing',
	},
	'no objects': { ...pack(), fault: null },
	'bytes before the checksum': {
		bytes: () => packOf([blob], { rest: Uint8Array.of(0) }),
		fault: 'pack-trailing',
	},
	'bytes after the checksum': {
		bytes: () => new Uint8Array([...packOf([blob]), 0]),
		fault: 'pack-trailing',
	},
	'another checksum': {
		bytes: () => packOf([blob], { trailer: new Uint8Array(20) }),
		fault: 'pack-checksum',
	},
	'another magic': { bytes: () => packOf([blob], { magic: 'PACX' }), fault: 'pack-malformed' },
	'version 3': { bytes: () => packOf([blob], { version: 3 }), fault: 'pack-malformed' },
	'type 0': { ...pack({ ...blob, type: 0 }), fault: 'pack-malformed' },
	'type 5': { ...pack({ ...blob, type: 5 }), fault: 'pack-malformed' },
	'a pack of SHA-256': {
		bytes: () => packOf([blob], { format: 'sha256' }),
		fault: 'pack-trailing',
	},
	'a stream with a preset dictionary': {
		...pack({ ...blob, stream: deflateSync(base, { dictionary: Buffer.from('base') }) }),
		fault: 'pack-malformed',
	},
	'a stream without its zlib header': {
		...pack({ ...blob, stream: deflateSync(base).subarray(2) }),
		fault: 'pack-malformed',
	},
	nothing: { bytes: () => new Uint8Array(), fault: 'pack-truncated' },
};

const EMPTY_STREAM = new Uint8Array(deflateSync(new Uint8Array()));
const EMPTY: Entry = { type: 'blob', content: new Uint8Array(), stream: EMPTY_STREAM };
