import * as z from 'zod/mini';
import type { $ZodType, output } from 'zod/v4/core';
import { decodeText, sameBytes } from '../format/bytes.ts';
import { formatJson } from '../format/json.ts';

const DOCUMENT_LIMIT = 65_535;

/** Why a signed document is none: what it says it is, or that its bytes are not the canonical ones. */
export type DocumentFault = 'too-large' | 'malformed' | 'not-canonical' | 'unknown-format';

export type Document<Value> =
	| { readonly ok: true; readonly value: Value }
	| { readonly ok: false; readonly fault: DocumentFault };

/**
 * A document in the one form that its bytes may have (docs/spec/log.md): it is parsed, written again in
 * `order` and compared byte by byte, so that duplicate keys, `1.0` or white space cannot hide.
 */
export function readDocument<Schema extends $ZodType>(
	bytes: Uint8Array,
	format: string,
	schema: Schema,
	order: (value: output<Schema>) => unknown,
): Document<output<Schema>> {
	if (bytes.length > DOCUMENT_LIMIT) return { ok: false, fault: 'too-large' };
	const text = decodeText(bytes);
	let json: unknown;
	try {
		json = JSON.parse(text ?? '');
	} catch {
		return { ok: false, fault: 'malformed' };
	}
	const family = format.replace(/[0-9]+$/, '');
	const claimed =
		json !== null && typeof json === 'object' && 'format' in json ? json.format : null;
	const newer = typeof claimed === 'string' && claimed.startsWith(family) && claimed !== format;
	if (newer) return { ok: false, fault: 'unknown-format' };
	const checked = z.safeParse(schema, json);
	if (!checked.success) return { ok: false, fault: 'malformed' };
	const same = sameBytes(formatJson(order(checked.data)), bytes);
	return same ? { ok: true, value: checked.data } : { ok: false, fault: 'not-canonical' };
}
