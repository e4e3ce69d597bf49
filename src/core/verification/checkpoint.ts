import { type Checkpoint, logRoot } from '../evidence/checkpoint.ts';
import type { MainLine } from '../history/main-line.ts';
import { allManifestsRead, type Evidence, found } from './evidence.ts';
import type { Finding } from './report.ts';

/**
 * Compares the log with what somebody noted of it earlier: the noted manifests are its first ones,
 * and the noted commit lies on its main line. `line` is null where no history is at hand.
 */
export function checkCheckpoint(
	noted: Checkpoint,
	evidence: Evidence,
	log: string,
	line: MainLine | null,
): readonly Finding[] {
	const fail = (code: Finding['code'], expected: string, actual: string, known = true) =>
		found('checkpoint', known ? 'tampered' : 'unavailable', code, { expected, actual });
	if (noted.log !== log) {
		const values = { expected: noted.log, actual: log };
		return [found('checkpoint', 'untrusted', 'checkpoint-log', values)];
	}
	const findings: Finding[] = [];
	// A manifest that cannot be read is none that was removed.
	const whole = allManifestsRead(evidence);
	const manifests = evidence.chain.map(({ bytes }) => bytes ?? new Uint8Array());
	if (noted.sequence > manifests.length) {
		findings.push(
			fail('checkpoint-ahead', String(noted.sequence), String(manifests.length), whole),
		);
	} else {
		const actual = logRoot(manifests.slice(0, noted.sequence));
		if (actual !== noted.root) findings.push(fail('checkpoint-root', noted.root, actual, whole));
	}
	if (line !== null && !line.indexOf.has(noted.commit) && !line.earlier.has(noted.commit)) {
		const actual = line.commits.at(-1)?.id ?? '';
		findings.push(fail('checkpoint-commit', noted.commit, actual, line.complete));
	}
	return findings;
}

/** What to keep of a log whose manifests are whole; null where there is nothing to keep. */
export function checkpointOf(
	evidence: Evidence,
	log: string,
	line: MainLine | null,
): Checkpoint | null {
	const commit = line?.commits.at(-1)?.id;
	const manifests = evidence.chain.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
	const whole = evidence.chain.every(({ manifest }, index) => manifest.sequence === index + 1);
	if (commit === undefined || manifests.length === 0 || !whole) return null;
	return { log, sequence: manifests.length, root: logRoot(manifests), commit };
}
