import type { Report } from '../core/verification/report.ts';
import { type VerificationRequest, verify } from '../core/verification/verify.ts';
import { readTree } from './files.ts';
import { originalsIn } from './repository.ts';
import { stop } from './stop.ts';

/** Verifies the log in a folder at scope `files`, under the pinned digest of a trust root if any. */
export function auditFolder(
	dir: string,
	pin: string | null,
	progress?: VerificationRequest['progress'],
): Promise<Report> {
	if (pin !== null && !/^[0-9a-f]{64}$/.test(pin)) stop({ code: 'pin-malformed', found: pin });
	const request = { tree: readTree(dir), pin, original: originalsIn(dir) };
	return verify(progress === undefined ? request : { ...request, progress });
}
