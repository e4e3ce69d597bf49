import type { Tree } from '../../src/core/verification/evidence.ts';
import type { CheckId, FindingCode, Verdict } from '../../src/core/verification/report.ts';
import type { Keys, LogKind, MutableFiles } from './log.ts';

/** `outsider` writes files, `submitter` sends data, `operator` holds the finalizer's key. */
export type Actor = 'outsider' | 'submitter' | 'operator' | 'other-key-holder' | 'nobody';

type Observation = Partial<Pick<Tree, 'irregular' | 'unavailable'>>;

/** One change to a finalized log, and what a verifier who has pinned its trust root must say. */
export interface Mutation {
	/** Kebab-case. */
	readonly name: string;
	readonly actor: Actor;
	/** `plain` unless stated. */
	readonly log?: LogKind;
	/** Changes the files in place; what is returned could not be read, or is no plain file. */
	readonly change: (
		files: MutableFiles,
		keys: Keys,
		// biome-ignore lint/suspicious/noConfusingVoidType: most changes return nothing
	) => void | Observation | Promise<void | Observation>;
	readonly verdict: Verdict;
	/** The check that sees it, and as what; absent where nothing in the files can tell. */
	readonly check?: CheckId | undefined;
	readonly code?: FindingCode | undefined;
	/** The path that the finding names, where it is not evident. */
	readonly path?: string;
	/** The last sequence number that the report names, where it is not 5. */
	readonly last?: number;
	/** For people: what was done and why it shows, or why it cannot. */
	readonly says: string;
}

const TEXT = new TextEncoder();

/** The ways to spoil any file without knowing what it holds. */
export const SPOIL = {
	edit: (bytes: Uint8Array) =>
		bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
	truncate: (bytes: Uint8Array) => bytes.slice(0, -1),
	append: (bytes: Uint8Array) => Uint8Array.from([...bytes, 0x0a]),
	crlf: (bytes: Uint8Array) =>
		TEXT.encode(new TextDecoder().decode(bytes).replaceAll('\n', '\r\n')),
	bom: (bytes: Uint8Array) => Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]),
	empty: () => new Uint8Array(),
} as const;
