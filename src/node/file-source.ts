import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { FileSource } from '../core/format/sourced-files.ts';
import { onMachine, stop } from './stop.ts';

const PART_BYTES = 256 * 1024;
/** Buffers that no reading holds: a new one for each of many files costs more than all parsing. */
const idle: Uint8Array[] = [];

/**
 * A file on disk that is read anew each time, in parts that are hashed by the same read. Stops where it
 * is no longer the file that was read before: what is hashed, settled and signed is one thing.
 */
export function fileSource(place: string, path: string, size: number): FileSource {
	let known: string | null = null;
	function* parts(): Generator<Uint8Array> {
		const hash = createHash('sha256');
		const file = onMachine(path, () => openSync(place, 'r'));
		const buffer = idle.pop() ?? new Uint8Array(PART_BYTES);
		let total = 0;
		try {
			for (;;) {
				const read = onMachine(path, () => readSync(file, buffer));
				if (read === 0) break;
				const part = buffer.subarray(0, read);
				hash.update(part);
				total += read;
				if (total > size) break;
				yield part;
			}
		} finally {
			closeSync(file);
			idle.push(buffer);
		}
		const sha256 = hash.digest('hex');
		if (total !== size || (known ?? sha256) !== sha256) stop({ code: 'file-moving', path });
		known = sha256;
	}
	const digest = () => {
		if (known === null) for (const _ of parts());
		return known ?? '';
	};
	return { size, parts, digest };
}
