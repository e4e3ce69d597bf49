import { crc32 } from 'node:zlib';
import { deflateSync, Zip, type ZipInputFile } from 'fflate';
import type { Files } from '../../core/format/bytes.ts';
import { compareText } from '../../core/problem.ts';

/** Deflated by fflate: Node's own deflate gives other bytes on other processors. */
const deflated = new WeakMap<
	Uint8Array,
	{ readonly data: Uint8Array<ArrayBuffer>; readonly crc: number }
>();

/** Each file once, although the packs of all later runs hold it too. */
function deflate(bytes: Uint8Array) {
	const known = deflated.get(bytes);
	if (known !== undefined) return known;
	const made = { data: deflateSync(bytes, { level: 9 }), crc: crc32(bytes) };
	deflated.set(bytes, made);
	return made;
}

/** A ZIP archive of the files: the same bytes for the same files, whenever and wherever made. */
export function zipFiles(files: Files): Uint8Array {
	const chunks: Uint8Array[] = [];
	const zip = new Zip((error, chunk) => {
		if (error) throw error;
		chunks.push(chunk);
	});
	// The first day that the format knows; noon, because midnight is missing on some days of some zones.
	const mtime = new Date(1980, 0, 1, 12);
	for (const [filename, bytes] of [...files].toSorted(([a], [b]) => compareText(a, b))) {
		const { data, crc } = deflate(bytes);
		const entry: ZipInputFile = { filename, size: bytes.length, crc, compression: 8, mtime };
		zip.add(entry);
		entry.ondata?.(null, data, true);
	}
	zip.end();
	return join(chunks);
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
	let at = 0;
	for (const chunk of chunks) {
		whole.set(chunk, at);
		at += chunk.length;
	}
	return whole;
}
