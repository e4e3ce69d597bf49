import { decodeText, encodeText } from '../format/bytes.ts';
import { LOG_NAME } from '../format/name.ts';
import { merkleRoot } from './merkle.ts';

/**
 * What a person keeps outside the repository: how far the log went, a hash over all of it, and the
 * commit it was seen in (docs/spec/log.md). The form is that of C2SP's tlog-checkpoint, unsigned.
 */
export interface Checkpoint {
	readonly log: string;
	/** Number of manifests; the sequence number of the last. */
	readonly sequence: number;
	/** RFC 6962 root hash over the manifests' bytes, in base64. */
	readonly root: string;
	readonly commit: string;
}

/** The last digit of 32 bytes in base64 has two bits left over, which are zero. */
const ROOT = '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=';
const FORM = new RegExp(
	`^([^\\n]+)\\n([1-9][0-9]{0,8})\\n(${ROOT})\\ncommit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\\n$`,
);

/** Null where the bytes are not the four lines. */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint | null {
	const [, log = '', sequence = '', root = '', commit = ''] =
		FORM.exec(decodeText(bytes) ?? '') ?? [];
	return LOG_NAME.test(log) ? { log, sequence: Number(sequence), root, commit } : null;
}

export function formatCheckpoint({ log, sequence, root, commit }: Checkpoint): Uint8Array {
	return encodeText(`${log}\n${sequence}\n${root}\ncommit ${commit}\n`);
}

/** The root hash of a log's first manifests, as a checkpoint has it. */
export function logRoot(manifests: readonly Uint8Array[]): string {
	return btoa(String.fromCharCode(...merkleRoot(manifests)));
}
