const POINT = 46;
const ZERO = 48;
/** The largest reading that a scanner takes: 2^27 - 1 Wh, so that it fits a word with its length. */
const WH_LIMIT = 0x7ff_ffff;

/**
 * The energy at a place as 16 times its Wh plus its length; -1 where none in the form of
 * docs/spec/layout.md begins, or one so large that the specification has to look. The byte behind it
 * is the caller's to judge: it may be a digit after a leading zero, or after three decimals.
 */
export function matchNumber(bytes: Uint8Array, from: number): number {
	let at = from;
	let wh = (bytes[at++] ?? 0) - ZERO;
	if (wh >>> 0 > 9) return -1;
	let byte = bytes[at] ?? 0;
	if (wh !== 0) {
		while ((byte - ZERO) >>> 0 <= 9) {
			wh = wh * 10 + byte - ZERO;
			if (at - from > 5) return -1;
			byte = bytes[++at] ?? 0;
		}
	}
	if (byte !== POINT) {
		wh *= 1000;
	} else {
		const tenths = (bytes[at + 1] ?? 0) - ZERO;
		const hundredths = (bytes[at + 2] ?? 0) - ZERO;
		const thousandths = (bytes[at + 3] ?? 0) - ZERO;
		if (tenths >>> 0 > 9) return -1;
		if (hundredths >>> 0 > 9) {
			wh = wh * 1000 + tenths * 100;
			at += 2;
		} else if (thousandths >>> 0 > 9) {
			wh = wh * 1000 + tenths * 100 + hundredths * 10;
			at += 3;
		} else {
			wh = wh * 1000 + tenths * 100 + hundredths * 10 + thousandths;
			at += 4;
		}
	}
	return wh > WH_LIMIT ? -1 : (wh << 4) | (at - from);
}
