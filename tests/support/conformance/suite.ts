import { digest, type Files } from '../../../src/core/format/bytes.ts';
import { formatJson } from '../../../src/core/format/json.ts';
import { rootPath } from '../../../src/core/paths.ts';
import type { Verdict } from '../../../src/core/verification/report.ts';
import type { Keys } from '../../tamper/log.ts';
import { ACCEPTED } from './accepted.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { CONTENT_CASES } from './contents.ts';
import { INTERVAL_CASES } from './intervals.ts';
import { conformanceKeys } from './keys.ts';
import { makePlanned } from './logs.ts';
import { RULE_CASES } from './rules.ts';
import { RUN_CASES } from './runs.ts';
import { SIGNATURE_CASES } from './signatures.ts';
import { TRUST_CASES } from './trust.ts';

export const CASES: readonly ConformanceCase[] = [
	...ACCEPTED,
	...RULE_CASES,
	...SIGNATURE_CASES,
	...TRUST_CASES,
	...RUN_CASES,
	...CONTENT_CASES,
	...INTERVAL_CASES,
];

/** The exit codes of docs/spec/verification.md, once more: a suite does not ask what it tests. */
const EXITS: Readonly<Record<Verdict, number>> = {
	VALID: 0,
	TAMPERED: 1,
	UNTRUSTED: 2,
	INCOMPLETE: 3,
	PENDING: 4,
	UNCONFIRMED: 5,
};

/** A case as bytes: what a verifier finds, and what it is told beside it. */
export interface MadeCase {
	readonly row: ConformanceCase;
	readonly files: Files;
	readonly pin: string | null;
}

export async function makeCase(row: ConformanceCase, keys: Keys): Promise<MadeCase> {
	const files = await makePlanned(keys, row.plan ?? {});
	// People note the digest when the log begins, before anybody touches it.
	const { pinned = 1 } = row;
	const pin = pinned === null ? null : digest(files.get(rootPath(pinned)) ?? new Uint8Array());
	await row.change?.(files, keys);
	return { row, files, pin };
}

/** All files of the suite, by their path below `tests/conformance/`. */
export async function makeSuite(): Promise<Files> {
	const keys = await conformanceKeys();
	const suite = new Map<string, Uint8Array>();
	for (const row of CASES) {
		const { files, pin } = await makeCase(row, keys);
		suite.set(`${row.name}/expected.json`, expectation(row, pin));
		for (const [path, bytes] of files) suite.set(`${row.name}/repo/${path}`, bytes);
	}
	return suite;
}

function expectation(row: ConformanceCase, pin: string | null): Uint8Array {
	const { title, verdict, checks = {}, findings = [] } = row;
	return formatJson({ title, pin, verdict, exit: EXITS[verdict], checks, findings });
}
