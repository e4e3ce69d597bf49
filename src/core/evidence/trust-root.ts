import * as z from 'zod/mini';
import { formatJson } from '../format/json.ts';
import { LOG_NAME } from '../format/name.ts';
import { type Document, readDocument } from './canonical.ts';

const FORMAT = 'wattproof/trust-root/v1';

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const fingerprint = z.string().check(z.regex(/^[0-9a-f]{40}$/));
const count = z.int().check(z.minimum(1));
const key = { fingerprint, certificate_sha256: sha256 };
const role = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}$/));

const schema = z.strictObject({
	format: z.literal(FORMAT),
	log: z.string().check(z.regex(LOG_NAME)),
	version: count,
	previous_sha256: z.nullable(sha256),
	effective_from_sequence: count,
	root_threshold: count,
	root_keys: z.array(z.strictObject(key)).check(z.minLength(1)),
	finalizer_keys: z.array(
		z.strictObject({ ...key, from_sequence: count, to_sequence: z.nullable(count) }),
	),
	approvals: z.array(z.strictObject({ role, ...key })),
});

/** Who may sign what, from which sequence number on (docs/spec/log.md). */
export type TrustRoot = z.output<typeof schema>;

/** A key that a trust root pins byte for byte. */
export interface PinnedKey {
	readonly fingerprint: string;
	readonly certificate_sha256: string;
}

function ordered(it: TrustRoot): TrustRoot {
	const pinned = ({ fingerprint, certificate_sha256 }: PinnedKey) => ({
		fingerprint,
		certificate_sha256,
	});
	return {
		format: it.format,
		log: it.log,
		version: it.version,
		previous_sha256: it.previous_sha256,
		effective_from_sequence: it.effective_from_sequence,
		root_threshold: it.root_threshold,
		root_keys: it.root_keys.map(pinned),
		finalizer_keys: it.finalizer_keys.map((key) => ({
			...pinned(key),
			from_sequence: key.from_sequence,
			to_sequence: key.to_sequence,
		})),
		approvals: it.approvals.map((key) => ({ role: key.role, ...pinned(key) })),
	};
}

/** A trust root whose keys are distinct and whose threshold its root keys can meet. */
export function parseTrustRoot(bytes: Uint8Array): Document<TrustRoot> {
	const document = readDocument(bytes, FORMAT, schema, ordered);
	if (!document.ok) return document;
	const { root_keys, root_threshold } = document.value;
	const fingerprints = pinnedKeys(document.value).map((it) => it.fingerprint);
	// One key has one role, so that no person counts twice.
	const distinct = new Set(fingerprints).size === fingerprints.length;
	if (!distinct || root_threshold > root_keys.length) return { ok: false, fault: 'malformed' };
	return document;
}

export function formatTrustRoot(root: Omit<TrustRoot, 'format'>): Uint8Array {
	return formatJson(ordered({ ...root, format: FORMAT }));
}

export function pinnedKeys(root: TrustRoot): readonly PinnedKey[] {
	return [...root.root_keys, ...root.finalizer_keys, ...root.approvals];
}

/** The finalizer keys in force at a sequence number. */
export function finalizersAt(root: TrustRoot, sequence: number): readonly PinnedKey[] {
	return root.finalizer_keys.filter(
		({ from_sequence, to_sequence }) =>
			from_sequence <= sequence && (to_sequence === null || sequence <= to_sequence),
	);
}

/** The roles whose approval a run needs, each once. */
export function requiredRoles(root: TrustRoot): readonly string[] {
	return [...new Set(root.approvals.map((approval) => approval.role))].toSorted();
}

/** The root in force at a sequence number: the latest that is effective by then. */
export function rootAt<Root extends { readonly effective_from_sequence: number }>(
	roots: readonly Root[],
	sequence: number,
): Root | undefined {
	return roots.findLast((root) => root.effective_from_sequence <= sequence);
}
