/** Reads the two sizes that open a delta; null where they are malformed. */
export function deltaSizes(
	delta: Uint8Array,
): { readonly base: number; readonly result: number; readonly end: number } | null {
	let at = 0;
	const size = () => {
		let value = 0;
		for (let scale = 1; scale < 2 ** 42; scale *= 128) {
			const byte = delta[at++];
			if (byte === undefined) return null;
			value += (byte & 127) * scale;
			if (byte < 128) return value;
		}
		return null;
	};
	const base = size();
	const result = size();
	return base === null || result === null ? null : { base, result, end: at };
}

/**
 * Fills `out` with what a delta makes of its base (Git's pack format): copies and insertions that
 * stay inside the base and give exactly the size of `out`. False where they do not.
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array, out: Uint8Array): boolean {
	const sizes = deltaSizes(delta);
	if (sizes === null || sizes.base !== base.length || sizes.result !== out.length) return false;
	let at = sizes.end;
	let written = 0;
	while (at < delta.length) {
		const code = delta[at++] ?? 0;
		let from = at;
		let size = code;
		if (code >= 128) {
			from = 0;
			size = 0;
			for (let bit = 0; bit < 4; bit++) {
				if ((code >> bit) & 1) from += (delta[at++] ?? 0) * 2 ** (8 * bit);
			}
			for (let bit = 0; bit < 3; bit++) {
				if ((code >> (bit + 4)) & 1) size += (delta[at++] ?? 0) * 2 ** (8 * bit);
			}
			if (size === 0) size = 0x10000;
		} else at += size;
		const source = code >= 128 ? base : delta;
		const end = written + size;
		if (size === 0 || from + size > source.length || end > out.length) return false;
		if (size < SHORT_COPY) while (written < end) out[written++] = source[from++] ?? 0;
		else out.set(source.subarray(from, from + size), written);
		written = end;
	}
	return at === delta.length && written === out.length;
}

/** Below this a loop is faster than a view. */
const SHORT_COPY = 32;
