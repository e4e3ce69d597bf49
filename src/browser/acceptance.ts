import { parseCheckpoint } from '../core/evidence/checkpoint.ts';
import { digest } from '../core/format/bytes.ts';

/** What the visitor accepts: a digest or fingerprint, and the checkpoint of an earlier visit. */
export interface Acceptance {
	readonly pin: string;
	readonly checkpoint: Uint8Array | null;
}

/** A pasted digest or fingerprint, without the spaces it was printed with; null for other text. */
export function readPin(text: string): string | null {
	const pin = text.replaceAll(/[\s:]/g, '').toLowerCase();
	return pin === '' || /^([0-9a-f]{64}|[0-9a-f]{40})$/.test(pin) ? pin : null;
}

/** A trust root, by its digest, or a checkpoint; null for any other file. */
export async function readKept(file: File): Promise<Partial<Acceptance> | null> {
	if (file.size > 65_535) return null;
	const bytes = new Uint8Array(await file.arrayBuffer());
	if (parseCheckpoint(bytes) !== null) return { checkpoint: bytes };
	const text = new TextDecoder().decode(bytes);
	return text.includes('"wattproof/trust-root/') ? { pin: digest(bytes) } : null;
}

const STORED = 'wattproof-accepted';

/** What this browser remembers of the last visit that ended in VALID. */
export interface Remembered {
	readonly pin: string;
	readonly checkpoint: string;
	readonly date: string;
}

export function remembered(): Remembered | null {
	try {
		const { pin, checkpoint, date } = JSON.parse(localStorage.getItem(STORED) ?? '') as Remembered;
		const sound = [pin, checkpoint, date].every((it) => typeof it === 'string');
		return sound && readPin(pin) !== null ? { pin, checkpoint, date } : null;
	} catch {
		// Nothing stored, or a browser that stores nothing.
		return null;
	}
}

export function remember(it: Remembered | null): void {
	try {
		if (it === null) localStorage.removeItem(STORED);
		else localStorage.setItem(STORED, JSON.stringify(it));
	} catch {
		// A browser that stores nothing: then nothing is remembered.
	}
}
