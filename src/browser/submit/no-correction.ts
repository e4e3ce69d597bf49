import { impossible } from '../../core/problem.ts';

/** In the place of the reader of corrections, which the page to submit readings never calls. */
export function readCorrection(): never {
	impossible('a correction is read in the browser');
}

export const REASON_CODES: readonly string[] = [];
