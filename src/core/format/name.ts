import type { TextFault } from '../problem.ts';

const ENTITY = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DATE_LIKE =
	/^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)-?[0-9]*$/;
// C0, DEL, C1, line and paragraph separators, bidi marks, embeddings, overrides and isolates.
const CONTROL =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
	/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/** What is wrong with an entity id (docs/spec/layout.md), or null. */
export function entityFault(text: string): 'entity-malformed' | 'entity-date-like' | null {
	if (!ENTITY.test(text)) return 'entity-malformed';
	// Spreadsheets turn these into dates and booleans.
	return DATE_LIKE.test(text) || text === 'true' || text === 'false' ? 'entity-date-like' : null;
}

/** What is wrong with free text: NFC, 1-120 code points, nothing a terminal or spreadsheet obeys. */
export function textFault(text: string): TextFault | null {
	if (text.normalize('NFC') !== text || /\p{Surrogate}/u.test(text)) return 'not-nfc';
	if (text.length > 240 || [...text].length > 120) return 'too-long';
	if (CONTROL.test(text)) return 'control';
	return /^[=+\-@]/.test(text) ? 'formula' : null;
}

/** Control characters, separators of lines, and whatever has no width of its own. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of others for a terminal or a page: what one would not see as visible escapes. */
export function visible(text: string): string {
	return text.replaceAll(UNSEEN, (character) => {
		const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
		return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
	});
}

/** What a log may be called; it stands in every manifest and checkpoint. */
export const LOG_NAME = /^[a-z0-9][a-z0-9./-]{0,99}$/;

/** `UTC` or a name of the time-zone database. */
export const TIME_ZONE = /^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+){1,2})$/;
