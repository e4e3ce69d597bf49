import { digest, type Files } from '../../src/core/format/bytes.ts';
import type { Verdict } from '../../src/core/verification/report.ts';
import { verify } from '../../src/core/verification/verify.ts';
import type { MutableFiles } from './log.ts';

const ACCEPTING: ReadonlySet<Verdict> = new Set<Verdict>(['VALID', 'UNCONFIRMED', 'PENDING']);
let count = 0;

/** How many changed logs have been verified here. */
export function trials(): number {
	return count;
}

/** Everything of a log but register, metering points and rule folder, which may evolve. */
export function guarded(files: Files): readonly string[] {
	return [...files.keys()].filter(
		(path) => !/^data\/(entities\.csv|metering-points\.csv|rules\/)/.test(path),
	);
}

/** Null where the verifier refuses the changed log, else what it wrongly says of it. */
export async function survivor(
	original: Files,
	change: (files: MutableFiles) => void,
): Promise<string | null> {
	count++;
	const pin = digest(original.get('trust/root-1.json') ?? new Uint8Array());
	const files = new Map(original);
	change(files);
	const report = await verify({ tree: { files, irregular: [], unavailable: [] }, pin });
	const crash = report.findings.find(({ code }) => code === 'check-crashed');
	if (crash !== undefined) return `crash ${crash.actual}`;
	return ACCEPTING.has(report.verdict) ? report.verdict : null;
}
