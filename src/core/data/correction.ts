import * as z from 'zod/mini';
import { readJson } from '../format/json.ts';
import { textFault } from '../format/name.ts';
import type { Result } from '../problem.ts';

export const REASON_CODES = [
	'meter-reading',
	'late-data',
	'configuration',
	'dispute',
	'other',
] as const;
const text = z.string('text').check(z.refine((it) => textFault(it) === null, 'text'));
const correctionSchema = z.strictObject(
	{
		reason_code: z.enum(REASON_CODES, 'reason-code'),
		reason: text.check(z.minLength(1, 'text')),
		requested_by: text.check(z.minLength(1, 'text')),
		evidence: text,
	},
	'object',
);

/** Why a run replaces the one before it: `correction.json`. */
export type Correction = z.output<typeof correctionSchema>;

/** The correction that `correction.json` describes, or every problem in it. */
export function readCorrection(path: string, bytes: Uint8Array): Result<Correction> {
	return readJson(path, bytes, correctionSchema);
}
